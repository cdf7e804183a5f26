"""Filling in: what the sandbox refuses by itself, texts that stay texts, charts that are pictures."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.shared import Pt

from mongcai_portal.common.errors import Invalid
from programmes.reports import word
from programmes.reports.shapes import Picture, Rows, Text, complete
from programmes.reports.word import BUILT_IN, fill_in, tried
from tests.factories.documents import text_of, word_bytes

SHAPE = {
    "report": {"title": Text("Trích yếu")},
    "figures": {"rows": Rows("Con số", {"label": Text("Tên")})},
    "charts": {"levels": Picture("Biểu đồ")},
}
VIEW: dict[str, Any] = {"report": {"title": "Đường <b>&"}, "figures": {"rows": [{"label": "Một"}, {"label": "Hai"}]}}
PNG = word.blank_picture()


@pytest.fixture(autouse=True)
def _shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "shape", lambda: SHAPE)


def filled(*paragraphs: str, **more: Any) -> bytes:
    return fill_in(BytesIO(word_bytes(*paragraphs, **more)), VIEW, {"levels": PNG})


def test_texts_are_written_as_they_are_whatever_signs_they_hold() -> None:
    assert "Đường <b>&" in text_of(filled("{{ report.title }}"))


def test_rows_are_written_one_after_the_other_in_paragraphs_and_tables() -> None:
    made = filled(
        "{%p for row in figures.rows %}", "- {{ row.label }}", "{%p endfor %}",
        rows=("{%tr for row in figures.rows %}", "{{ loop.index }}. {{ row.label }}", "{%tr endfor %}"),
    )  # fmt: skip
    assert text_of(made).split() == ["-", "Một", "-", "Hai", "1.", "Một", "2.", "Hai"]


def test_a_chart_is_a_picture_in_the_file() -> None:
    with zipfile.ZipFile(BytesIO(filled("{{ charts.levels }}"))) as archive:
        assert [name for name in archive.namelist() if name.startswith("word/media/")] == ["word/media/image1.png"]


def test_a_chart_that_has_nothing_to_show_leaves_nothing() -> None:
    made = fill_in(BytesIO(word_bytes("{% if charts.levels %}x{% endif %}{{ charts.levels }}")), VIEW, {})
    assert text_of(made).strip() == ""


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        ("{{ ''.__class__.__mro__ }}", "not_allowed"),
        ("{{ ''['__class__'] }}", "not_allowed"),
        ("{{ report.__class__ }}", "unknown_field"),
        ("{{ report.items() }}", "not_allowed"),
        ("{{ report.title.upper() }}", "not_allowed"),
        ("{{ figures.rows.append }}", "not_allowed"),
        ("{{ figures.rows[0] }}", "not_allowed"),
        ("{{ cycler }}", "unknown_field"),
        ("{{ range(10) }}", "not_allowed"),
        ("{{ 'x' * 1000000000 }}", "not_allowed"),
        ("{{ 9 ** 9 ** 9 }}", "not_allowed"),
        ("{{ -report.title }}", "not_allowed"),
        ("{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}", "not_allowed"),
        ("{% for x in range(1000000000) %}x{% endfor %}", "not_allowed"),
        ("{{ report.title|attr('__class__') }}", "broken"),
        ("{{ report.title|safe }}", "broken"),
        ("{% include 'secret' %}", "broken"),
        ("{{ report.nothing }}", "unknown_field"),
        ("{{ loop.__init__ }}", "unknown_field"),
    ],
)
def test_the_sandbox_refuses_by_itself_what_the_check_before_it_refuses(attack: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        filled(attack)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/template", code)]


def test_an_operator_on_constants_is_not_computed_when_the_template_is_read() -> None:
    """Jinja's optimizer folds constants before anything runs: a text of a gigabyte would be made by parsing alone."""
    with pytest.raises(Invalid):
        filled("{{ 'x' * 10000000000000 }}")


def test_a_condition_that_begins_in_a_paragraph_and_ends_in_a_cell_is_no_word_file() -> None:
    cut = BytesIO(word_bytes("{% if report.title %}", rows=("{{ report.title }}{% endif %}",)))
    assert [fault.code for fault in tried(cut)] == ["broken"]


def test_what_a_report_does_not_know_is_told_as_missing() -> None:
    assert complete({"report": {}}, {"report": SHAPE["report"], "figures": SHAPE["figures"]}) == {
        "report": {"title": "…"},
        "figures": {"rows": []},
    }
    assert complete({"report": {"title": ""}}, {"report": SHAPE["report"]}) == {"report": {"title": ""}}


# --- The built-in template ------------------------------------------------------------------------------------------


def test_the_built_in_template_is_laid_out_as_the_decree_says() -> None:
    document = Document(str(BUILT_IN))
    section, normal = document.sections[0], document.styles["Normal"]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert (normal.font.name, normal.font.size) == ("Times New Roman", Pt(14))
    text = text_of(BUILT_IN.read_bytes())
    for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO", "Số: ", "Nơi nhận:"):
        assert part in text
    sizes = {run.font.size for paragraph in document.paragraphs for run in paragraph.runs if run.font.size}
    assert {size.pt for size in sizes} <= {11, 12, 13, 14}
    assert section.different_first_page_header_footer
