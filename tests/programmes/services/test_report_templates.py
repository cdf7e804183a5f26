"""A new version of the Word template is checked whole; what is refused leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid
from programmes.models import ReportTemplate
from programmes.reports.word import BUILT_IN
from programmes.services.report_templates import add_template
from tests.factories.board import board, person
from tests.factories.documents import rewritten, upload, word_bytes
from tests.factories.files import pdf_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Any:
    board()
    return person("dieuphoi", "coordinator")


def refused(coordinator: Any, file: Any, note: str = "") -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as error:
        add_template(by=coordinator, file=file, note=note)
    assert not ReportTemplate.objects.exists()
    return [(fault.pointer, fault.code) for fault in error.value.faults]


def test_the_built_in_template_itself_is_taken(coordinator: Any) -> None:
    row = add_template(by=coordinator, file=upload(BUILT_IN.read_bytes()), note="Bản gốc")
    assert (row.number, row.note, row.stored_by) == (1, "Bản gốc", str(coordinator))
    assert AuditEvent.objects.get(kind="template.added").details["sha256"] == row.sha256


def test_versions_count_up_and_the_same_file_is_the_version_it_is_already(coordinator: Any) -> None:
    first = add_template(by=coordinator, file=upload(word_bytes("{{ report.title }}")))
    content = first.file.read()
    second = add_template(by=coordinator, file=upload(word_bytes("{{ report.title }}", "Hai")))
    again = add_template(by=coordinator, file=upload(content))
    assert (first.number, second.number, again.pk) == (1, 2, first.pk)
    assert AuditEvent.objects.filter(kind="template.added").count() == 2


def test_every_fault_of_a_template_is_named_at_once(coordinator: Any) -> None:
    file = upload(word_bytes("{{ report.wrong }}", "{{ figures.one.nothing.text }}", "{{ ''.__class__.__mro__ }}"))
    assert refused(coordinator, file, "x" * 201) == [
        ("/note", "too_long"),
        ("/file", "unknown_field"),
        ("/file", "unknown_field"),
        ("/file", "not_allowed"),
    ]


def test_what_is_no_word_file_or_holds_macros_is_refused(coordinator: Any) -> None:
    assert refused(coordinator, None) == [("/file", "missing")]
    assert refused(coordinator, upload(b"")) == [("/file", "empty")]
    assert refused(coordinator, SimpleUploadedFile("mau.pdf", pdf_bytes())) == [("/file", "type_not_allowed")]
    assert refused(coordinator, upload(pdf_bytes())) == [("/file", "type_mismatch")]
    assert refused(coordinator, upload(word_bytes("x")[:2000])) == [("/file", "type_mismatch")]
    macros = rewritten(word_bytes("x"), lambda _name, part: part, **{"word/vbaProject.bin": b"x"})
    assert refused(coordinator, upload(macros)) == [("/file", "type_mismatch")]
    assert refused(coordinator, upload(word_bytes("x"), "mau.docm")) == [("/file", "type_not_allowed")]


def test_a_template_that_reaches_beyond_itself_is_refused(coordinator: Any) -> None:
    content = rewritten(word_bytes("x"), lambda _name, part: part, **{"word/embeddings/a.bin": b"x"})
    assert refused(coordinator, upload(content)) == [("/file", "embedded")]


def test_a_template_that_filled_in_is_no_word_file_is_refused(coordinator: Any) -> None:
    cut = word_bytes("{% if report.title %}", rows=("{{ report.title }}{% endif %}",))
    assert refused(coordinator, upload(cut)) == [("/file", "broken")]


def test_a_file_that_no_reader_can_read_to_its_end_is_refused_and_breaks_nothing(coordinator: Any) -> None:
    def cut(name: str, part: bytes) -> bytes:
        return part[: len(part) // 2] if name == "word/document.xml" else part

    assert refused(coordinator, upload(rewritten(word_bytes("x" * 500), cut))) == [("/file", "broken")]
    nested = "{% if " + "(" * 5000 + "report.title" + ")" * 5000 + " %}{% endif %}"
    assert refused(coordinator, upload(word_bytes(nested))) == [("/file", "broken")]


def test_who_does_not_write_reports_brings_no_template(coordinator: Any) -> None:
    with pytest.raises(Forbidden):
        add_template(by=person("lanhdao", "leader"), file=upload(word_bytes("x")))
