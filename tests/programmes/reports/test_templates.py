"""A template says fields of the report and does nothing else; whatever it is not allowed is named with its place."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from programmes.reports.shapes import Picture, Rows, Text
from programmes.reports.templates import MAX_MARKS, package_faults, template_faults
from tests.factories.documents import rewritten, word_bytes

SHAPE: dict[str, Any] = {
    "report": {"title": Text("Trích yếu"), "lines": Rows("Các đoạn")},
    "figures": {"rows": Rows("Con số", {"label": Text("Tên"), "parts": Rows("Phần", {"name": Text("Tên")})})},
    "charts": {"levels": Picture("Biểu đồ")},
}


def faults(*paragraphs: str, **more: Any) -> list[tuple[str, str]]:
    found = template_faults(BytesIO(word_bytes(*paragraphs, **more)), SHAPE)
    assert {fault.pointer for fault in found} <= {"/file"}
    return [(fault.code, fault.message) for fault in found]


def codes(*paragraphs: str, **more: Any) -> list[str]:
    return [code for code, _message in faults(*paragraphs, **more)]


def test_fields_loops_conditions_and_filters_on_texts_are_taken() -> None:
    assert (
        faults(
            "{{ report.title|upper }} {{ report['title'] }} {{ report.lines|join('; ') }}",
            "{% if figures.rows and not report.title == 'x' %}{{ charts.levels }}{% else %}–{% endif %}",
            "{%p for row in figures.rows %}",
            "{{ loop.index }}. {{ row.label }}",
            "{%p for part in row.parts %}",
            "{{ part.name }}",
            "{%p endfor %}",
            "{%p endfor %}",
            rows=("{%tr for line in report.lines %}", "{{ line }}", "{%tr endfor %}"),
            head="{{ report.title }}",
            title="{{ report.title }}",
        )
        == []
    )


def test_every_unknown_field_is_named_with_its_place() -> None:
    found = faults(
        "Đầu văn bản",
        "Kính gửi {{ report.tittle }}",
        "{%p for row in figures.rows %}",
        "{{ row.lable }}",
        "{%p endfor %}",
        "{{ nothing.at.all }}",
        head="{{ report.heading }}",
        title="{{ report.name }}",
    )
    assert [code for code, _message in found] == ["unknown_field"] * 5
    messages = [message for _code, message in found]
    assert messages[0] == "thân văn bản, đoạn 2 “Kính gửi {{ report.tittle }}”: không có trường “report.tittle”."
    assert messages[1] == "thân văn bản, đoạn 4 “{{ row.lable }}”: không có trường “row.lable”."
    assert "“nothing.at.all”" in messages[2]
    assert messages[3].startswith("đầu trang, đoạn 1") and "“report.heading”" in messages[3]
    assert messages[4].startswith("thuộc tính của tệp") and "“report.name”" in messages[4]


def test_a_field_that_word_has_cut_into_runs_is_read_as_one() -> None:
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ report.", "wrong", " }", "}"):
        paragraph.add_run(piece)
    document.core_properties.comments = ""
    out = BytesIO()
    document.save(out)
    assert [fault.code for fault in template_faults(out, SHAPE)] == ["unknown_field"]


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ''['__class__'] }}",
        "{{ report.__class__ }}",
        "{{ report['__init__'] }}",
        "{{ report.title.__class__.__mro__[1].__subclasses__() }}",
        "{{ report.title.upper() }}",
        "{{ report.title|attr('__class__') }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ range(10) }}",
        "{{ lipsum(n=100000) }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ report.title ~ report.title }}",
        "{{ '%999999999d'|format(1) }}",
        "{{ report.title|center(1000000000) }}",
        "{{ report.title|safe }}",
        "{{ [1, 2, 3] }}",
        "{{ report.title[0] }}",
        "{{ namespace() }}",
        "{% set x = report.title %}",
        "{% macro m() %}x{% endmacro %}",
        "{% include 'secret' %}",
        "{% import 'os' as os %}",
        "{% extends 'base' %}",
        "{% filter upper %}x{% endfilter %}",
        "{% with a = 1 %}x{% endwith %}",
        "{% if report.title.__class__ %}x{% endif %}",
        "{% if range(5) %}x{% endif %}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
        "{% for x in range(1000000000) %}x{% endfor %}",
        "{% for x in report.title|list %}x{% endfor %}",
        "{% for x in figures.rows recursive %}{{ loop(x) }}{% endfor %}",
        "{% for a, b in figures.rows %}x{% endfor %}",
        "{% for x in figures.rows if x.label.__class__ %}x{% endfor %}",
        "{{ report.title|default(cycler) }}",
        "{{ report.title if ''.__class__ else '' }}",
    ],
)
def test_a_template_that_tries_to_run_code_is_refused(attack: str) -> None:
    found = faults("Văn bản", attack)
    assert found and {code for code, _message in found} <= {"not_allowed", "unknown_field", "syntax", "not_rows"}
    assert any("đoạn 2" in message for _code, message in found)


def test_loops_over_the_whole_report_do_not_multiply() -> None:
    nested = ("{%p for a in figures.rows %}", "{%p for b in figures.rows %}", "x", "{%p endfor %}", "{%p endfor %}")
    assert codes(*nested) == ["nested"]
    inner = ("{%p for a in figures.rows %}", "{%p for b in a.parts %}", "x", "{%p endfor %}", "{%p endfor %}")
    assert codes(*inner) == []


def test_what_is_no_text_is_not_written_and_what_has_no_rows_is_not_looped_over() -> None:
    assert codes("{{ figures }}") == ["not_a_text"]
    assert codes("{{ figures.rows }}") == ["not_a_text"]
    assert codes("{% for x in report.title %}x{% endfor %}") == ["not_rows"]
    assert codes("{{ figures.rows|join(', ') }}") == ["not_rows"]


@pytest.mark.parametrize(
    "text",
    ["{{ report.title", "{% if report.title %", "report.title }}", "{{ report.title %}", "{{ {{ report.title }}"],
)
def test_a_bracket_that_does_not_close_in_its_paragraph_is_named(text: str) -> None:
    found = faults("Một đoạn", text)
    assert [code for code, _message in found] == ["syntax"]
    assert "đoạn 2" in found[0][1]


@pytest.mark.parametrize("text", ["{% if report.title %}", "{% endfor %}", "{% nonsense %}", "{{ report. }}"])
def test_a_command_that_is_written_wrongly_is_named(text: str) -> None:
    assert codes("Một đoạn", text) == ["syntax"]


def test_a_part_with_too_many_commands_is_refused_before_it_is_read() -> None:
    assert codes("{{ report.title }}" * (MAX_MARKS // 2 + 1)) == ["too_large"]


# --- The package ----------------------------------------------------------------------------------------------------


def package(content: bytes) -> list[str]:
    return [fault.code for fault in package_faults(BytesIO(content))]


def test_a_plain_file_reaches_nowhere() -> None:
    assert package(word_bytes("Văn bản")) == []


def test_a_link_to_the_outside_is_named() -> None:
    document = Document()
    document.part.relate_to("https://example.org/x", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    out = BytesIO()
    document.save(out)
    found = package_faults(out)
    assert [fault.code for fault in found] == ["external"]
    assert "https://example.org/x" in found[0].message


def test_an_embedded_program_is_named() -> None:
    content = rewritten(word_bytes("x"), lambda _name, part: part, **{"word/embeddings/oleObject1.bin": b"MZ"})
    assert package(content) == ["embedded"]


@pytest.mark.parametrize("code", ["DDEAUTO c:\\\\x", "INCLUDETEXT c:\\\\secret.txt", "INCLUDEPICTURE http://x/y.png"])
def test_a_field_code_that_fetches_something_is_named(code: str) -> None:
    half = len(code) // 2
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in (code[:half], code[half:]))

    def add(name: str, part: bytes) -> bytes:
        return (
            part.replace(b"<w:body>", f"<w:body><w:p>{runs}</w:p>".encode()) if name.endswith("document.xml") else part
        )

    assert package(rewritten(word_bytes("x"), add)) == ["external"]


def test_a_page_number_is_no_fetching() -> None:
    def add(name: str, part: bytes) -> bytes:
        field = b'<w:body><w:p><w:fldSimple w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple></w:p>'
        return part.replace(b"<w:body>", field) if name.endswith("document.xml") else part

    assert package(rewritten(word_bytes("x"), add)) == []
