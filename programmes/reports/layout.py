"""The built-in Word template, laid out by Nghị định 30/2020/NĐ-CP, phụ lục I; `make_report_template` writes it once.

A4, margins 20/20/30/15 mm, Times New Roman 14 (tables 11), the national name and motto, number, place and date, trích
yếu, recipients, signature. What is used is the committed file, which an office may edit in Word; this says how it was
made.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT = "Times New Roman"
BODY, SMALL = 14, 11
CENTRE, LEFT, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)
_SOURCE = (
    "[{{ row.note }}]{% if row.standard %} {{ row.standard }}{% endif %}"
    "{% if row.standard and row.mark %}; {% else %} {% endif %}{{ row.mark }}"
)


def write_template(path: Path) -> None:
    """Write the built-in template."""
    document = Document()
    _page(document)
    _head(document)
    _text(document)
    _foot(document)
    document.core_properties.title = "{{ report.title }}"
    document.core_properties.author = "{{ report.agency }}"
    document.core_properties.language = "vi-VN"
    document.core_properties.comments = ""
    document.save(str(path))


# --- The page -------------------------------------------------------------------------------------------------------


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_after = Pt(0)
    # Page numbers stand at the top, centred, from the second page on.
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), " PAGE ")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "2"
    run.append(text)
    field.append(run)
    number._p.append(field)


def _write(
    paragraph: Any, text: str, *, bold: bool = False, italic: bool = False, size: float = BODY, align: Any = None
) -> Any:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    run.font.size = Pt(size)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _line(cell: Any, share: str) -> None:
    """The rule below a name: a paragraph with a border, as wide as a part of the cell."""
    paragraph = cell.add_paragraph()
    paragraph.alignment = CENTRE
    form = paragraph.paragraph_format
    form.space_after = Pt(0)
    # Below the agency a third to a half of its line; below the motto as long as the motto itself.
    width = {"third": Mm(20), "motto": Mm(20)}[share]
    form.left_indent = form.right_indent = width
    form.line_spacing = Pt(4)
    _border(paragraph)


def _border(paragraph: Any) -> None:
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
        "w:rPr",
    )  # fmt: skip


def _columns(table: Any, widths: Sequence[float]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for at, width in enumerate(widths):
        table.columns[at].width = Mm(width)
        for cell in table.columns[at].cells:
            cell.width = Mm(width)


def _no_margins(table: Any) -> None:
    """The national name stands on one line only when the cell has no margins of its own."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.append(margins)


def _head(document: Any) -> None:
    table = document.add_table(rows=2, cols=2)
    _columns(table, (65, 100))
    _no_margins(table)
    left, right = table.rows[0].cells
    _write(left.paragraphs[0], "{%p if report.superior %}", size=13)
    _write(left.add_paragraph(), "{{ report.superior }}", size=12, align=CENTRE)
    _write(left.add_paragraph(), "{%p endif %}", size=13)
    _write(left.add_paragraph(), "{{ report.agency }}", bold=True, size=12, align=CENTRE)
    _line(left, "third")
    _write(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12, align=CENTRE)
    _write(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", bold=True, size=13, align=CENTRE)
    _line(right, "motto")
    left, right = table.rows[1].cells
    _write(left.paragraphs[0], "Số: {{ report.number }}", size=13, align=CENTRE)
    _write(right.paragraphs[0], "{{ report.place_and_date }}", italic=True, size=13, align=CENTRE)
    title = document.add_paragraph()
    title.paragraph_format.space_before = Pt(18)
    _write(title, "BÁO CÁO", bold=True, align=CENTRE)
    _write(document.add_paragraph(), "{{ report.title }}", bold=True, align=CENTRE)
    rule = document.add_paragraph()
    rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = Mm(60)
    rule.paragraph_format.space_after = Pt(6)
    _border(rule)


# --- The text -------------------------------------------------------------------------------------------------------


def _paragraph(document: Any, text: str, *, bold: bool = False, italic: bool = False, indent: float = 10) -> Any:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.first_line_indent, form.space_after, form.line_spacing = Mm(indent), Pt(6), 1.15
    form.keep_with_next = bold  # a heading does not end a page
    return _write(paragraph, text, bold=bold, italic=italic, align=BOTH)


def _command(document: Any, text: str) -> None:
    _write(document.add_paragraph(), text)


def _title(document: Any, text: str) -> None:
    paragraph = _paragraph(document, text, bold=True)
    paragraph.paragraph_format.space_before = Pt(6)


def _caption(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(6), Pt(3)
    paragraph.paragraph_format.keep_with_next = True
    _write(paragraph, text, bold=True, size=12, align=CENTRE)


def _picture(document: Any, code: str) -> None:
    _command(document, f"{{%p if charts.{code} %}}")
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(6)
    _write(paragraph, f"{{{{ charts.{code} }}}}", align=CENTRE)
    _command(document, "{%p endif %}")


def _table(document: Any, rows: str, columns: Sequence[tuple[str, str, float, Any]]) -> None:
    """A table that repeats its head on every page; `columns`: heading, field of a row, width in mm, alignment."""
    table = document.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    _columns(table, [width for _heading, _field, width, _align in columns])
    head, begin, line, end = table.rows
    mark = OxmlElement("w:tblHeader")
    head._tr.get_or_add_trPr().append(mark)
    for row in (head, line):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, (heading, _field, _width, _align) in zip(head.cells, columns, strict=True):
        _write(cell.paragraphs[0], heading, bold=True, size=SMALL, align=CENTRE)
    _write(begin.cells[0].paragraphs[0], f"{{%tr for row in {rows} %}}", size=SMALL)
    _write(end.cells[0].paragraphs[0], "{%tr endfor %}", size=SMALL)
    for cell, (_heading, field, _width, align) in zip(line.cells, columns, strict=True):
        _write(cell.paragraphs[0], field, size=SMALL, align=align)
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(2)


def _text(document: Any) -> None:
    _paragraph(
        document,
        "Báo cáo này nêu kết quả thực hiện các chương trình mục tiêu quốc gia trên địa bàn {{ report.area }} "
        "từ ngày {{ report.since }} đến ngày {{ report.until }}, theo số liệu trên cổng tiến độ lấy ngày "
        "{{ report.written_on }}.",
    )
    _title(document, "I. CÁC CON SỐ CHỦ YẾU")
    _command(document, "{%p for row in figures.rows %}")
    _paragraph(document, "- {{ row.sentence }}")
    _command(document, "{%p endfor %}")
    _caption(document, "Bảng 1. Các con số chủ yếu đến ngày {{ report.until }}")
    _table(
        document,
        "figures.rows",
        (
            ("Con số", "{{ row.label }}", 42, LEFT),
            ("Kết quả", "{{ row.text }}", 40, RIGHT),
            ("So với đầu kỳ", "{{ row.change }}", 17, RIGHT),
            ("Chỉ tiêu (năm)", "{{ row.target }}", 18, RIGHT),
            ("Nguồn, ghi chú", _SOURCE, 48, LEFT),
        ),
    )
    _command(document, "{%p for row in figures.sources %}")
    _write(document.add_paragraph(), "[{{ row.note }}] {{ row.title }}.", size=SMALL)
    _command(document, "{%p endfor %}")
    _title(document, "II. XÂY DỰNG NÔNG THÔN MỚI")
    _paragraph(document, "1. Xã theo mức đạt chuẩn", bold=True)
    _paragraph(
        document,
        "Công nhận là quyết định của cấp có thẩm quyền; đạt theo số liệu là kết quả tính từ báo cáo đã phê duyệt. "
        "{% if levels.group %}Tỷ lệ tính trên nhóm: {{ levels.group }}.{% endif %}",
    )
    _command(document, "{%p for row in levels.levels %}")
    _paragraph(
        document, "- {{ row.label }}: được công nhận {{ row.recognised }} xã; đạt theo số liệu {{ row.attained }} xã."
    )
    _command(document, "{%p endfor %}")
    _picture(document, "levels")
    _caption(document, "Bảng 2. Mức được công nhận và mức đạt theo số liệu của từng xã")
    _table(
        document,
        "levels.communes",
        (
            ("Xã", "{{ row.name }}", 26, LEFT),
            ("Được công nhận", "{{ row.recognised }}", 36, LEFT),
            ("Quyết định", "{{ row.decision }}", 38, LEFT),
            ("Đạt theo số liệu", "{{ row.attained }}", 34, LEFT),
            ("Ghi chú", "{{ row.differs }}", 31, LEFT),
        ),
    )
    _paragraph(document, "2. Tiêu chí còn thiếu", bold=True)
    _picture(document, "criteria")
    _paragraph(document, "Xã không nêu trong bảng ở một mức là xã đã đạt mọi tiêu chí áp dụng của mức đó.")
    _caption(document, "Bảng 3. Tiêu chí còn thiếu của từng xã")
    _table(
        document,
        "criteria.lacking",
        (
            ("Xã", "{{ row.commune }}", 26, LEFT),
            ("Mức", "{{ row.level }}", 40, LEFT),
            ("Tiêu chí đạt", "{{ row.met }}", 18, RIGHT),
            ("Còn thiếu", "{{ row.missing }}", 81, LEFT),
        ),
    )
    _title(document, "III. GIẢM NGHÈO")
    _command(document, "{%p if households.cohort %}")
    _paragraph(document, "{{ households.cohort }}")
    _command(document, "{%p endif %}")
    _picture(document, "households")
    _command(document, "{%p if households.years %}")
    _caption(document, "Bảng 4. Hộ nghèo, hộ cận nghèo cuối mỗi năm")
    _table(
        document,
        "households.years",
        (
            ("Ngày", "{{ row.day }}", 24, LEFT),
            ("Hộ nghèo", "{{ row.poor }}", 22, RIGHT),
            ("Tỷ lệ", "{{ row.poor_rate }}", 18, RIGHT),
            ("Hộ cận nghèo", "{{ row.near_poor }}", 24, RIGHT),
            ("Tỷ lệ", "{{ row.near_poor_rate }}", 18, RIGHT),
            ("Chuẩn nghèo", "{{ row.standard }}", 59, LEFT),
        ),
    )
    _command(document, "{%p endif %}")
    _command(document, "{%p if households.flows %}")
    _caption(document, "Bảng 5. Biến động hộ nghèo, hộ cận nghèo trong từng năm")
    _table(
        document,
        "households.flows",
        (
            ("Năm", "{{ row.year }}", 14, LEFT),
            ("Loại hộ", "{{ row.kind }}", 28, LEFT),
            ("Đầu năm", "{{ row.opening }}", 18, RIGHT),
            ("Tăng", "{{ row.came }}", 21, RIGHT),
            ("Giảm", "{{ row.left }}", 21, RIGHT),
            ("Cuối năm", "{{ row.closing }}", 18, RIGHT),
            ("Chuẩn nghèo", "{{ row.standard }}", 45, LEFT),
        ),
    )
    _command(document, "{%p endif %}")
    _command(document, "{%p if households.note %}")
    _paragraph(document, "{{ households.note }}", italic=True)
    _command(document, "{%p endif %}")
    _title(document, "IV. CHỈ TIÊU KẾ HOẠCH")
    _command(document, "{%p if targets.rows %}")
    _caption(document, "Bảng 6. Chỉ tiêu kế hoạch và kết quả")
    _table(
        document,
        "targets.rows",
        (
            ("Con số", "{{ row.label }}", 63, LEFT),
            ("Năm", "{{ row.year }}", 16, LEFT),
            ("Kế hoạch", "{{ row.planned }}", 28, RIGHT),
            ("Thực hiện", "{{ row.reached }}", 28, RIGHT),
            ("Đánh giá", "{{ row.status }}", 30, LEFT),
        ),
    )
    _command(document, "{%p else %}")
    _paragraph(document, "Không có chỉ tiêu kế hoạch nào của kỳ này trên cổng.")
    _command(document, "{%p endif %}")
    _title(document, "V. VIỆC CẦN CHÚ Ý")
    _command(document, "{%p if attention.rows %}")
    _command(document, "{%p for row in attention.rows %}")
    _paragraph(document, "- {{ row.title }}{% if row.detail %} ({{ row.detail }}){% endif %}.")
    _command(document, "{%p endfor %}")
    _command(document, "{%p if attention.more %}")
    _paragraph(document, "{{ attention.more }}")
    _command(document, "{%p endif %}")
    _command(document, "{%p else %}")
    _paragraph(document, "Không có việc nào cần chú ý.")
    _command(document, "{%p endif %}")
    _command(document, "{%p if report.remarks %}")
    _title(document, "VI. NHẬN XÉT, KIẾN NGHỊ")
    _command(document, "{%p for line in report.remarks %}")
    _paragraph(document, "{{ line }}")
    _command(document, "{%p endfor %}")
    _command(document, "{%p endif %}")
    closing = _paragraph(
        document,
        "Trên đây là báo cáo kết quả từ ngày {{ report.since }} đến ngày {{ report.until }} của địa bàn "
        "{{ report.area }}./.",
    )
    closing.paragraph_format.keep_with_next = True  # nobody signs an empty page


def _foot(document: Any) -> None:
    table = document.add_table(rows=1, cols=2)
    _columns(table, (75, 90))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    left, right = table.rows[0].cells
    _write(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12)
    _write(left.add_paragraph(), "{%p for line in report.recipients %}", size=SMALL)
    _write(left.add_paragraph(), "- {{ line }};", size=SMALL)
    _write(left.add_paragraph(), "{%p endfor %}", size=SMALL)
    _write(left.add_paragraph(), "- Lưu: VT.", size=SMALL)
    _write(right.paragraphs[0], "{{ report.signer_title }}", bold=True, align=CENTRE)
    for _gap in range(4):
        right.add_paragraph().alignment = CENTRE
    _write(right.add_paragraph(), "{{ report.signer }}", bold=True, align=CENTRE)
