"""The pieces that the built-in Word template is put together from: paragraphs, headings, tables, charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

BODY, SMALL = 14, 11
CENTRE, LEFT, RIGHT, BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


def write(
    paragraph: Any, text: str, *, bold: bool = False, italic: bool = False, size: float = BODY, align: Any = None
) -> Any:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    run.font.size = Pt(size)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def draw_rule(paragraph: Any) -> None:
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc",
        "w:rPr",
    )  # fmt: skip


def set_widths(table: Any, widths: Sequence[float]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for at, width in enumerate(widths):
        table.columns[at].width = Mm(width)
        for cell in table.columns[at].cells:
            cell.width = Mm(width)


def add_paragraph(document: Any, text: str, *, bold: bool = False, italic: bool = False, indent: float = 10) -> Any:
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.first_line_indent, form.space_after, form.line_spacing = Mm(indent), Pt(6), 1.15
    form.keep_with_next = bold  # a heading does not end a page
    return write(paragraph, text, bold=bold, italic=italic, align=BOTH)


def add_command(document: Any, text: str) -> None:
    write(document.add_paragraph(), text)


def add_heading(document: Any, text: str) -> None:
    paragraph = add_paragraph(document, text, bold=True)
    paragraph.paragraph_format.space_before = Pt(6)


def add_caption(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(6), Pt(3)
    paragraph.paragraph_format.keep_with_next = True
    write(paragraph, text, bold=True, size=12, align=CENTRE)


def add_picture(document: Any, code: str) -> None:
    add_command(document, f"{{%p if charts.{code} %}}")
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(6)
    write(paragraph, f"{{{{ charts.{code} }}}}", align=CENTRE)
    add_command(document, "{%p endif %}")


def add_table(document: Any, rows: str, columns: Sequence[tuple[str, str, float, Any]]) -> None:
    """A table that repeats its head on every page; `columns`: heading, field of a row, width in mm, alignment."""
    table = document.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    set_widths(table, [width for _heading, _field, width, _align in columns])
    head, begin, line, end = table.rows
    mark = OxmlElement("w:tblHeader")
    head._tr.get_or_add_trPr().append(mark)
    for row in (head, line):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, (heading, _field, _width, _align) in zip(head.cells, columns, strict=True):
        write(cell.paragraphs[0], heading, bold=True, size=SMALL, align=CENTRE)
    write(begin.cells[0].paragraphs[0], f"{{%tr for row in {rows} %}}", size=SMALL)
    write(end.cells[0].paragraphs[0], "{%tr endfor %}", size=SMALL)
    for cell, (_heading, field, _width, align) in zip(line.cells, columns, strict=True):
        write(cell.paragraphs[0], field, size=SMALL, align=align)
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(2)
