"""Reminders that certificates end: whose turn it is, who is told, once, and what comes of the letters."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from communes.models import Unit, UnitSuccession, UnitVersion
from mongcai_portal.audit.models import AuditEvent
from programmes.models import OcopNotice
from programmes.rules.ocop import add_months
from programmes.selectors.ocop_notices import own_notices
from programmes.services.ocop import dismiss, remind_expiring, send_letters, withdraw
from tests.factories.board import Board, board, person
from tests.factories.ocop import make_certificate, make_notice, make_product
from tests.factories.windows import BACKEND

pytestmark = pytest.mark.django_db

DECIDED = date(2021, 6, 3)  # holds until 03/06/2024
END = date(2024, 6, 4)


@pytest.fixture
def town() -> Board:
    return board(2)


@pytest.fixture
def officer(town: Board) -> Any:
    user = person("can-bo", "commune_officer", unit=town.communes[0])
    user.email = "can-bo@example.vn"
    user.save()
    return user


def turns() -> list[int]:
    return list(OcopNotice.objects.order_by("pk").values_list("turn", flat=True))


def test_each_turn_reminds_once(town: Board, officer: Any) -> None:
    make_certificate(make_product(town.communes[0]), DECIDED)
    assert remind_expiring(day=END - timedelta(days=181)) == 0
    for left in (180, 179, 90, 60, 30, 1, 0, -1):
        remind_expiring(day=END - timedelta(days=left))
        remind_expiring(day=END - timedelta(days=left))
    assert turns() == [180, 90, 30, 0]
    assert AuditEvent.objects.filter(kind="ocop.reminded").count() == 4


def test_a_portal_that_was_off_reminds_of_the_nearest_turn_only(town: Board, officer: Any) -> None:
    make_certificate(make_product(town.communes[0]), DECIDED)
    remind_expiring(day=END - timedelta(days=12))
    assert turns() == [30]


@pytest.mark.parametrize("how", ["renewed", "withdrawn", "annulled"])
def test_what_was_renewed_or_ended_otherwise_reminds_nobody(town: Board, officer: Any, how: str) -> None:
    product = make_product(town.communes[0])
    old = make_certificate(product, DECIDED)
    notice = make_notice(old, officer)
    assert [row.pk for row in own_notices(officer, END - timedelta(days=20))] == [notice.pk]
    if how == "renewed":
        make_certificate(product, END - timedelta(days=40))
    elif how == "withdrawn":
        withdraw(by=None, recognition_id=old.pk, withdrawn_on=date(2024, 1, 1), decision_number="1", reason="x")
    else:
        type(old).records.filter(pk=old.pk).update(annulled_at=timezone.now(), annulment_reason="x")
    assert remind_expiring(day=END - timedelta(days=20)) == 0
    assert own_notices(officer, END - timedelta(days=20)) == []


def test_where_a_commune_has_no_officer_who_records_recognitions_is_told(town: Board) -> None:
    coordinator = person("dieu-phoi", "coordinator")
    make_certificate(make_product(town.communes[1]), DECIDED)
    remind_expiring(day=END - timedelta(days=80))
    assert OcopNotice.objects.get().recipient == coordinator


def test_the_officer_of_the_unit_that_took_a_commune_in_is_told(town: Board) -> None:
    heir = Unit.objects.create(uid="xa-moi")
    UnitVersion.objects.create(
        unit=heir, name_vi="Xã Mới", name_en="New", kind="commune", parent=town.town, search_key="moi", sort_key="moi",
        valid_from=date(2024, 1, 1),
    )  # fmt: skip
    UnitVersion.objects.filter(unit=town.communes[0]).update(valid_to=date(2023, 12, 31))
    UnitSuccession.objects.create(
        predecessor=town.communes[0], successor=heir, effective_on=date(2024, 1, 1), kind="merge", provenance="sourced"
    )
    later = person("can-bo-moi", "commune_officer", unit=heir)
    make_certificate(make_product(town.communes[0]), DECIDED)
    remind_expiring(day=END - timedelta(days=80))
    assert OcopNotice.objects.get().recipient == later


def test_a_notice_is_put_aside_by_its_own_person_with_the_earlier_ones(town: Board, officer: Any) -> None:
    row = make_certificate(make_product(town.communes[0]), DECIDED)
    make_notice(row, officer, 180)
    later = make_notice(row, officer, 90)
    with pytest.raises(OcopNotice.DoesNotExist):
        dismiss(by=person("khac", "commune_officer", unit=town.communes[1]), notice_id=later.pk)
    dismiss(by=officer, notice_id=later.pk)
    dismiss(by=officer, notice_id=later.pk)
    assert own_notices(officer, END) == []
    assert AuditEvent.objects.filter(kind="ocop_notice.dismissed").count() == 1


# --- Letters ---


def soon(town: Board, name: str = "Ghẹ lột", *, days: int = 20) -> Any:
    """A certificate that ends so many days from today."""
    decided = add_months(timezone.localdate() + timedelta(days=days), -36)
    return make_certificate(make_product(town.communes[0], name), decided)


def test_a_person_gets_one_letter_about_all_of_theirs(town: Board, officer: Any) -> None:
    soon(town)
    soon(town, "Ruốc ghẹ", days=40)
    remind_expiring()
    assert send_letters() == 1
    [letter] = mail.outbox
    assert letter.to == ["can-bo@example.vn"] and "2 sản phẩm OCOP" in letter.subject
    assert "Ghẹ lột (3 sao): hiệu lực đến hết ngày" in letter.body and "Ruốc ghẹ" in letter.body
    assert "/ocop/" in letter.body
    assert set(OcopNotice.objects.values_list("mail", flat=True)) == {"sent"}
    assert send_letters() == 0 and len(mail.outbox) == 1


def test_a_letter_that_is_no_longer_needed_is_not_sent(town: Board, officer: Any) -> None:
    row = soon(town)
    remind_expiring()
    make_certificate(row.product, timezone.localdate())
    assert send_letters() == 0
    assert (OcopNotice.objects.get().mail, OcopNotice.objects.get().error) == ("skipped", "not_needed")


def test_without_an_address_the_reminder_stands_on_the_page_alone(town: Board, officer: Any) -> None:
    officer.email = ""
    officer.save()
    soon(town)
    remind_expiring()
    assert send_letters() == 0
    assert (OcopNotice.objects.get().mail, OcopNotice.objects.get().error) == ("skipped", "no_address")


def test_a_letter_that_fails_is_tried_again_later_and_given_up_in_the_end(
    town: Board, officer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_letter: str) -> None:
        raise OSError("no server")

    monkeypatch.setattr("programmes.services.ocop.reminders.send_letter", broken)
    soon(town)
    remind_expiring()
    assert send_letters() == 0
    row = OcopNotice.objects.get()
    assert (row.mail, row.attempts, row.error) == ("waiting", 1, "OSError: no server")
    assert row.next_try_at > timezone.now()
    send_letters()  # not its turn yet
    assert OcopNotice.objects.get().attempts == 1
    for _again in range(5):
        OcopNotice.objects.update(next_try_at=timezone.now())
        send_letters()
    assert (OcopNotice.objects.get().mail, OcopNotice.objects.get().attempts) == ("failed", 6)


def test_letters_that_were_given_up_stand_on_the_page_of_background_work_and_are_sent_again_from_there(
    town: Board, officer: Any, client: Client
) -> None:
    row = soon(town)
    make_notice(row, officer, 90, mail="failed", attempts=6, error="SMTPServerDisconnected: mail.example")
    client.force_login(person("quan-tri", "administrator"), backend=BACKEND)
    page = client.get("/jobs/").content.decode()
    assert "1 thư không gửi được" in page and 'id="retry-letters"' in page
    assert "Nhắc giấy chứng nhận OCOP sắp hết hiệu lực: 1 thư, gửi nhiều nhất 6 lần" in page
    assert "không kết nối được máy chủ thư (SMTPServerDisconnected)" in page and "mail.example" not in page
    assert "Gửi lại 1 thư." in client.post("/jobs/letters/retry/", follow=True).content.decode()
    event = AuditEvent.objects.get(kind="job.retried")
    assert (event.object_type, event.object_id, event.details["rows"]) == ("letter", "ocop_notice", 1)
    assert "không gửi được" not in client.get("/jobs/").content.decode()
    assert "1 lời nhắc chờ gửi thư" in client.get("/jobs/").content.decode()
    assert send_letters() == 1 and len(mail.outbox) == 1
    notice = OcopNotice.objects.get()
    assert (notice.mail, notice.attempts) == ("sent", 1)
    assert "Không còn thư nào" in client.post("/jobs/letters/retry/", follow=True).content.decode()


def test_who_only_sees_background_work_sends_no_letter_again(town: Board, officer: Any, client: Client) -> None:
    make_notice(soon(town), officer, 90, mail="failed", attempts=6, error="OSError: x")
    client.force_login(person("dieu-phoi", "coordinator"), backend=BACKEND)
    page = client.get("/jobs/").content.decode()
    assert "1 thư không gửi được" in page and 'id="retry-letters"' not in page
    assert client.post("/jobs/letters/retry/").status_code == 403
    assert OcopNotice.objects.get().mail == "failed"
