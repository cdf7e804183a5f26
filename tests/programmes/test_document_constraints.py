"""What the database itself refuses of period reports, their templates and their files."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from communes.models import Unit
from programmes.models import PeriodReport, PublishedDocument
from tests.factories.documents import make_document, make_period_report, make_template, stored, word_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def area() -> Unit:
    return Unit.objects.create(uid="mong-cai")


def test_a_report_that_keeps_every_promise_is_stored(area: Unit) -> None:
    for status in ("draft", "published", "withdrawn"):
        assert make_period_report(area, status).status == status


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("programmes_periodreport_days_in_order", {"since": date(2024, 1, 1)}),
        ("programmes_periodreport_status_known", {"status": "lost"}),
        ("programmes_periodreport_titled", {"title": ""}),
        ("programmes_periodreport_published_by_someone", {"status": "published", "published_by": ""}),
        ("programmes_periodreport_published_by_someone", {"status": "published", "published_at": None}),
        ("programmes_periodreport_published_by_someone", {"published_at": timezone.now()}),
        ("programmes_periodreport_withdrawn_with_reason", {"status": "withdrawn", "withdrawal_reason": ""}),
        ("programmes_periodreport_withdrawn_with_reason", {"status": "withdrawn", "withdrawn_at": None}),
        ("programmes_periodreport_withdrawn_with_reason", {"status": "published", "withdrawn_at": timezone.now()}),
    ],
)
def test_the_database_refuses_a_report_without_its_promises(area: Unit, name: str, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_period_report(area, **{"status": "draft"} | fields)


def test_an_area_and_period_has_one_draft_and_any_number_of_published_reports(area: Unit) -> None:
    make_period_report(area, "published")
    make_period_report(area, "published")
    make_period_report(area)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_period_report(area)
    make_period_report(area, since=date(2022, 1, 1))
    assert PeriodReport.objects.count() == 4


def test_a_version_of_the_template_has_its_own_number_and_file(area: Unit) -> None:
    first = make_template(1)
    for again in ({"number": 1}, {"number": 2, "content": first.file.read()}):
        first.file.seek(0)
        with pytest.raises(IntegrityError), transaction.atomic():
            make_template(**again)
    with pytest.raises(IntegrityError, match="programmes_template_from_one"), transaction.atomic():
        make_template(0)


def test_a_report_has_one_published_file_that_is_named_and_not_empty(area: Unit) -> None:
    report = make_period_report(area, "published")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_document(report, word_bytes("lần nữa"))
    for name, more in (("_named", {"sha256": ""}), ("_not_empty", {"size": 0})):
        other = make_period_report(area, since=date(2022, 1, 1) if name == "_named" else date(2023, 1, 1))
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PublishedDocument.objects.create(report=other, **stored(word_bytes(name), "a.docx") | more)


def test_a_template_and_a_published_report_are_not_deleted_from_under_each_other(area: Unit) -> None:
    template = make_template()
    report = make_period_report(area, "published", template=template)
    for row in (template, report):
        with pytest.raises(ProtectedError):
            row.delete()
