"""Drafting, refreshing, publishing and withdrawing a period report."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from communes.scope import scope_of
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from programmes.models import PeriodReport, PublishedDocument
from programmes.reports.letterhead import Letterhead
from programmes.reports.snapshot import figures_of
from programmes.services.document_files import document_of
from programmes.services.document_letterheads import letterhead_of
from programmes.services.documents import Asked, discard, draft, publish, refresh, save_letterhead, withdraw
from tests.factories.board import Board, person
from tests.factories.documents import SINCE, UNTIL, make_period_report, make_template, text_of, word_bytes
from tests.programmes.conftest import WHOLE

pytestmark = pytest.mark.django_db
HEAD = Letterhead(title="Sơ kết ba năm", agency="Ủy ban nhân dân thành phố", number="45/BC-UBND", signer="Người ký")


def codes(error: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(fault.pointer, fault.code) for fault in error.value.faults}


def kinds() -> list[str]:
    return list(AuditEvent.objects.filter(object_type="period_report").order_by("id").values_list("kind", flat=True))


# --- Drafting -------------------------------------------------------------------------------------------------------


def test_a_draft_holds_the_figures_of_now_and_a_title_of_its_own(document_writer: Any) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    assert report.status == "draft" and report.title.endswith("thành phố Móng Cái, giai đoạn 2021 - 2023")
    found = figures_of(report.figures)
    assert found["ntm.recognised.standard"].text == "03/05 xã (đạt 60,0%)"
    assert found["income.rural.per_capita"].text == "76,611 triệu đồng/người/năm"
    assert kinds() == ["document.drafted"]


def test_drafting_again_opens_the_draft_that_stands(document_writer: Any) -> None:
    first = draft(by=document_writer, asked=WHOLE)
    assert draft(by=document_writer, asked=WHOLE).pk == first.pk
    assert PeriodReport.objects.count() == 1 and kinds() == ["document.drafted"]


def test_every_fault_of_the_period_is_named_at_its_field(document_writer: Any) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Invalid) as missing:
        draft(by=document_writer, asked=Asked("mong-cai", None, None))
    assert codes(missing) == {("/since", "required"), ("/until", "required")}
    with pytest.raises(Invalid) as early:
        draft(by=document_writer, asked=Asked("mong-cai", date(1999, 1, 1), tomorrow))
    assert codes(early) == {("/since", "beyond_limits"), ("/until", "not_over")}
    with pytest.raises(Invalid) as turned:
        draft(by=document_writer, asked=Asked("mong-cai", UNTIL, SINCE))
    assert codes(turned) == {("/until", "days_in_order")}
    with pytest.raises(Invalid) as nowhere:
        draft(by=document_writer, asked=Asked("atlantis", SINCE, UNTIL))
    assert codes(nowhere) == {("/area", "unknown_unit")}
    assert not PeriodReport.objects.exists()


def test_a_period_of_one_day_is_a_period(document_writer: Any) -> None:
    assert draft(by=document_writer, asked=Asked("mong-cai", UNTIL, UNTIL)).since == UNTIL


@pytest.mark.parametrize("role", ["leader", "administrator"])
def test_who_does_not_write_reports_drafts_none(document_town: Board, role: str) -> None:
    with pytest.raises(Forbidden):
        draft(by=person("nguoi-doc", role), asked=WHOLE)


# --- The letterhead -------------------------------------------------------------------------------------------------


def test_the_letterhead_is_kept_and_the_same_again_changes_nothing(document_writer: Any) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    saved = save_letterhead(by=document_writer, report_id=report.pk, lock=1, head=HEAD, template=0)
    assert letterhead_of(PeriodReport.objects.get()) == HEAD and saved.lock == 2
    save_letterhead(by=document_writer, report_id=report.pk, lock=2, head=HEAD, template=0)
    assert PeriodReport.objects.get().lock == 2 and kinds() == ["document.drafted", "document.changed"]


def test_every_fault_of_the_letterhead_is_named(document_writer: Any) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    head = Letterhead(title=" ", agency="", number="x" * 61)
    with pytest.raises(Invalid) as refused:
        save_letterhead(by=document_writer, report_id=report.pk, lock=1, head=head, template=7)
    assert codes(refused) == {
        ("/title", "required"), ("/agency", "required"), ("/number", "too_long"), ("/template", "invalid_choice"),
    }  # fmt: skip


def test_a_second_window_is_told_and_writes_nothing(document_writer: Any) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    save_letterhead(by=document_writer, report_id=report.pk, lock=1, head=HEAD, template=0)
    other = Letterhead(title="Khác", agency="Khác")
    with pytest.raises(Stale):
        save_letterhead(by=document_writer, report_id=report.pk, lock=1, head=other, template=0)
    with pytest.raises(Stale):
        refresh(by=document_writer, report_id=report.pk, lock=1)
    with pytest.raises(Stale):
        discard(by=document_writer, report_id=report.pk, lock=1)
    with pytest.raises(Stale):
        publish(by=document_writer, report_id=report.pk, lock=1)
    assert letterhead_of(PeriodReport.objects.get()) == HEAD and not PublishedDocument.objects.exists()


# --- Publishing -----------------------------------------------------------------------------------------------------


def test_a_published_report_keeps_its_figures_and_its_file(document_writer: Any, document_town: Board) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    published = publish(by=document_writer, report_id=report.pk, lock=1)
    content = published.document.file.read()
    assert hashlib.sha256(content).hexdigest() == published.document.sha256
    assert "03/05 xã (đạt 60,0%)" in text_of(content)
    document_town.recognise(document_town.communes[3], "standard", date(2023, 6, 1))
    again = PeriodReport.objects.get()
    assert figures_of(again.figures)["ntm.recognised.standard"].text == "03/05 xã (đạt 60,0%)"
    event = AuditEvent.objects.get(kind="document.published")
    assert event.details["sha256"] == published.document.sha256 and event.actor_name == str(document_writer)


def test_publishing_again_changes_nothing(document_writer: Any) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    first = publish(by=document_writer, report_id=report.pk, lock=1)
    again = publish(by=document_writer, report_id=report.pk, lock=1)
    assert (again.published_at, again.lock) == (first.published_at, first.lock)
    assert PublishedDocument.objects.count() == 1 and kinds().count("document.published") == 1


def test_figures_that_nobody_has_seen_are_not_published(document_writer: Any, document_town: Board) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    document_town.recognise(document_town.communes[3], "standard", date(2023, 6, 1))
    with pytest.raises(Stale):
        publish(by=document_writer, report_id=report.pk, lock=1)
    refreshed = refresh(by=document_writer, report_id=report.pk, lock=1)
    published = publish(by=document_writer, report_id=report.pk, lock=refreshed.lock)
    assert figures_of(published.figures)["ntm.recognised.standard"].text == "04/05 xã (đạt 80,0%)"
    assert AuditEvent.objects.get(kind="document.refreshed").details["moved"] == 2


def test_a_published_report_is_not_written_into_any_more(document_writer: Any) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    lock = publish(by=document_writer, report_id=report.pk, lock=1).lock
    given = {"by": document_writer, "report_id": report.pk, "lock": lock}
    for act in (refresh, discard):
        with pytest.raises(Stale):
            act(**given)
    with pytest.raises(Stale):
        save_letterhead(**given, head=HEAD, template=0)


def test_a_template_that_the_sandbox_refuses_publishes_nothing(document_writer: Any) -> None:
    make_template(content=word_bytes("{{ ''.__class__.__mro__ }}"))
    report = draft(by=document_writer, asked=WHOLE)
    with pytest.raises(Invalid) as refused:
        publish(by=document_writer, report_id=report.pk, lock=1)
    assert codes(refused) == {("/template", "not_allowed")}
    assert PeriodReport.objects.get().status == "draft" and not PublishedDocument.objects.exists()


def test_a_report_is_laid_out_by_the_version_that_was_chosen(document_writer: Any) -> None:
    make_template(1, word_bytes("Mẫu một {{ report.number }}"))
    make_template(2, word_bytes("Mẫu hai {{ report.number }}"))
    report = draft(by=document_writer, asked=WHOLE)
    assert text_of(document_of(report)).startswith("Mẫu hai")
    saved = save_letterhead(by=document_writer, report_id=report.pk, lock=1, head=HEAD, template=1)
    assert text_of(document_of(saved)).strip() == "Mẫu một 45/BC-UBND"
    saved = save_letterhead(by=document_writer, report_id=report.pk, lock=2, head=HEAD, template=0)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text_of(document_of(saved))


# --- Withdrawing and discarding -------------------------------------------------------------------------------------


def test_a_withdrawn_report_says_why_and_keeps_its_file(document_writer: Any) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    lock = publish(by=document_writer, report_id=report.pk, lock=1).lock
    with pytest.raises(Invalid) as refused:
        withdraw(by=document_writer, report_id=report.pk, lock=lock, reason="  ")
    assert codes(refused) == {("/reason", "required")}
    withdrawn = withdraw(by=document_writer, report_id=report.pk, lock=lock, reason="Sai kỳ")
    assert (withdrawn.status, withdrawn.withdrawal_reason) == ("withdrawn", "Sai kỳ")
    again = withdraw(by=document_writer, report_id=report.pk, lock=lock, reason="Lý do khác")
    assert again.withdrawal_reason == "Sai kỳ" and kinds().count("document.withdrawn") == 1
    assert PublishedDocument.objects.count() == 1


def test_a_draft_is_discarded_and_not_withdrawn(document_writer: Any) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    with pytest.raises(Stale):
        withdraw(by=document_writer, report_id=report.pk, lock=1, reason="Sai kỳ")
    discard(by=document_writer, report_id=report.pk, lock=1)
    discard(by=document_writer, report_id=report.pk, lock=1)
    assert not PeriodReport.objects.exists() and kinds() == ["document.drafted", "document.discarded"]


def test_after_a_withdrawal_the_period_can_be_reported_on_anew(document_writer: Any) -> None:
    report = draft(by=document_writer, asked=WHOLE)
    lock = publish(by=document_writer, report_id=report.pk, lock=1).lock
    withdraw(by=document_writer, report_id=report.pk, lock=lock, reason="Sai kỳ")
    assert draft(by=document_writer, asked=WHOLE).pk != report.pk


# --- Who reads ------------------------------------------------------------------------------------------------------


def test_drafts_are_for_writers_and_reports_of_an_area_for_who_sees_all_of_it(
    document_writer: Any, document_town: Board
) -> None:
    own = make_period_report(document_town.communes[0], "published")
    make_period_report(document_town.communes[0], "withdrawn")
    make_period_report(document_town.communes[1], "published")
    whole = make_period_report(document_town.town, "published")
    make_period_report(document_town.town)
    seen = {
        name: set(PeriodReport.objects.visible_to(scope_of(someone)))
        for name, someone in {
            "officer": person("canbo", "commune_officer", unit=document_town.communes[0]),
            "leader": person("lanhdao", "leader"),
            "coordinator": document_writer,
        }.items()
    }
    assert seen["officer"] == {own}
    assert {own, whole} < seen["leader"] and len(seen["leader"]) == 3
    assert len(seen["coordinator"]) == 5
