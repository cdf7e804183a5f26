"""The built-in Word template, laid out by Nghị định 30/2020/NĐ-CP, phụ lục I; `make_report_template` writes it once.

A4, margins 20/20/30/15 mm, Times New Roman 14 (tables 11), the national name and motto, number, place and date, trích
yếu, recipients, signature. What is used is the committed file, which an office may edit in Word; this says how it was
made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from programmes.reports.layout_parts import BODY, CENTRE, SMALL, draw_rule, set_widths, write
from programmes.reports.layout_text import write_text

FONT = "Times New Roman"


def write_template(path: Path) -> None:
    """Write the built-in template."""
    document = Document()
    _page(document)
    _head(document)
    write_text(document)
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
    draw_rule(paragraph)


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
    set_widths(table, (65, 100))
    _no_margins(table)
    left, right = table.rows[0].cells
    write(left.paragraphs[0], "{%p if report.superior %}", size=13)
    write(left.add_paragraph(), "{{ report.superior }}", size=12, align=CENTRE)
    write(left.add_paragraph(), "{%p endif %}", size=13)
    write(left.add_paragraph(), "{{ report.agency }}", bold=True, size=12, align=CENTRE)
    _line(left, "third")
    write(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12, align=CENTRE)
    write(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", bold=True, size=13, align=CENTRE)
    _line(right, "motto")
    left, right = table.rows[1].cells
    write(left.paragraphs[0], "Số: {{ report.number }}", size=13, align=CENTRE)
    write(right.paragraphs[0], "{{ report.place_and_date }}", italic=True, size=13, align=CENTRE)
    title = document.add_paragraph()
    title.paragraph_format.space_before = Pt(18)
    write(title, "BÁO CÁO", bold=True, align=CENTRE)
    write(document.add_paragraph(), "{{ report.title }}", bold=True, align=CENTRE)
    rule = document.add_paragraph()
    rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = Mm(60)
    rule.paragraph_format.space_after = Pt(6)
    draw_rule(rule)


def _foot(document: Any) -> None:
    table = document.add_table(rows=1, cols=2)
    set_widths(table, (75, 90))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    left, right = table.rows[0].cells
    write(left.paragraphs[0], "Nơi nhận:", bold=True, italic=True, size=12)
    write(left.add_paragraph(), "{%p for line in report.recipients %}", size=SMALL)
    write(left.add_paragraph(), "- {{ line }};", size=SMALL)
    write(left.add_paragraph(), "{%p endfor %}", size=SMALL)
    write(left.add_paragraph(), "- Lưu: VT.", size=SMALL)
    write(right.paragraphs[0], "{{ report.signer_title }}", bold=True, align=CENTRE)
    for _gap in range(4):
        right.add_paragraph().alignment = CENTRE
    write(right.add_paragraph(), "{{ report.signer }}", bold=True, align=CENTRE)
