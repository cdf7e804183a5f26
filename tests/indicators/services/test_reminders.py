"""Reminders: to the right people, once a day, and the letters go out, or say why not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import Period, Reminder, Report
from indicators.services import reminders
from indicators.services.opening import open_reports
from indicators.services.reminders import dismiss, remind, remind_due, send_waiting
from mongcai_portal.accounts.models import User
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid
from mongcai_portal.common.mail import is_reserved, why_not
from tests.factories.world import World, bring_to, make_communes, make_person, make_report, make_world

pytestmark = pytest.mark.django_db
DAY = date(2024, 1, 14)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "wake", lambda: None)


@pytest.fixture
def world() -> World:
    world = make_world()
    for name in ("officer", "other_officer"):
        User.objects.filter(username=name).update(email=f"{name}@mongcai.gov.vn")
    for unit in world.communes:
        make_report(world, unit=unit)
    return world


def ask(world: World, *units: str, day: date = DAY) -> Any:
    return remind(by=world.people["coordinator"], period=world.period, units=units or ["commune-1"], day=day)


def refuse(*args: Any, **kwargs: Any) -> None:
    raise ConnectionRefusedError("máy chủ thư không trả lời")


def test_the_officer_of_the_unit_is_reminded_and_nobody_else(world: World) -> None:
    make_person("reader", "leader")
    done = ask(world)
    row = Reminder.objects.get()
    assert [name.name_vi for name in done.reminded] == ["Xã Thử 1"]
    assert (row.recipient.username, row.unit.uid, row.kind, row.day) == ("officer", "commune-1", "due_soon", DAY)
    assert (row.asked_by, row.address, row.mail) == ("coordinator", "officer@mongcai.gov.vn", "waiting")
    event = AuditEvent.objects.get(kind="period.reminded")
    assert event.details == {"reminder": "due_soon", "units": ["commune-1"]}


def test_the_same_day_reminds_once_and_the_next_day_again(world: World) -> None:
    ask(world)
    again = ask(world, "commune-1", "commune-2")
    assert [n.name_vi for n in again.already] == ["Xã Thử 1"] and [n.name_vi for n in again.reminded] == ["Xã Thử 2"]
    assert Reminder.objects.count() == 2
    ask(world, day=date(2024, 1, 16))
    assert set(Reminder.objects.filter(unit__uid="commune-1").values_list("kind", flat=True)) == {"due_soon", "overdue"}


def test_a_second_worker_at_the_same_moment_makes_no_second_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(world)
    monkeypatch.setattr(Reminder.objects.__class__, "values_list", lambda *a, **k: [])
    ask(world)
    monkeypatch.undo()
    assert Reminder.objects.count() == 1


def test_units_that_have_nothing_to_submit_are_named_and_nobody_is_reminded(world: World) -> None:
    bring_to(world, "submitted", report=Report.objects.get(unit=world.commune))
    with pytest.raises(Invalid) as caught:
        ask(world, "commune-1", "commune-2", "khong-co")
    assert {f.pointer: f.code for f in caught.value.faults} == {
        "/units/commune-1": "not_waiting",
        "/units/khong-co": "unknown",
    }
    with pytest.raises(Invalid):
        remind(by=world.people["coordinator"], period=world.period, units=[])
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("name", ["officer", "verifier_a", "leader", "administrator"])
def test_only_the_coordinator_reminds(world: World, name: str) -> None:
    with pytest.raises(Forbidden):
        remind(by=world.people[name], period=world.period, units=["commune-1"])


def test_a_commune_without_an_officer_is_told_apart(world: World) -> None:
    User.objects.filter(username="officer").update(is_active=False)
    done = ask(world, "commune-1", "commune-2")
    assert [n.name_vi for n in done.without_officer] == ["Xã Thử 1"] and len(done.reminded) == 1


@pytest.mark.parametrize(("day", "made"), [(DAY, 2), (date(2024, 1, 13), 0), (date(2024, 1, 22), 2)])
def test_the_daily_run_reminds_on_the_days_of_the_plan(world: World, day: date, made: int) -> None:
    assert remind_due(day=day) == made == Reminder.objects.count()
    assert remind_due(day=day) == 0 and Reminder.objects.count() == made


def test_the_daily_run_leaves_out_what_is_submitted_reopened_or_made_up(world: World) -> None:
    bring_to(world, "submitted", report=Report.objects.get(unit=world.commune))
    Report.objects.filter(unit=world.communes[1]).update(illustrative=True)
    assert remind_due(day=DAY) == 0
    Report.objects.filter(unit=world.communes[1]).update(illustrative=False, approved_revision=1, revision=2)
    assert remind_due(day=DAY) == 0


# --- Letters -----------------------------------------------------------------------------------------------------


def test_a_letter_says_what_is_due_in_the_persons_language_with_a_whole_link(world: World, settings: Any) -> None:
    settings.PORTAL_URL = "https://tiendo.mongcai.gov.vn/"
    User.objects.filter(username="officer").update(language="en")
    ask(world, "commune-1", "commune-2")
    assert send_waiting() == 2
    english, vietnamese = sorted(mail.outbox, key=lambda letter: letter.to)
    assert english.to == ["officer@mongcai.gov.vn"] and english.subject == "Reminder of a report: Test 1, 2023"
    assert "due 24:00 on 15 Jan 2024" in english.body
    assert "Nhắc nộp báo cáo: Xã Thử 2, Năm 2023" in vietnamese.subject
    assert "hạn nộp 24:00 ngày 15/01/2024" in vietnamese.body and "Kính gửi other_officer," in vietnamese.body
    assert re.search(r"^\s+https://tiendo\.mongcai\.gov\.vn/reports/$", vietnamese.body, re.M)
    assert set(Reminder.objects.values_list("mail", "error")) == {("sent", "")}
    assert send_waiting() == 0 and len(mail.outbox) == 2


def test_a_person_gets_one_letter_about_all_reports(world: World) -> None:
    other = Period.objects.create(
        code="2022", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31), due_on=date(2024, 1, 13)
    )
    make_report(world, period=other)
    assert remind_due(day=DAY) == 3
    assert send_waiting() == 2
    letter = next(one for one in mail.outbox if one.to == ["officer@mongcai.gov.vn"])
    assert letter.subject == "Nhắc nộp 2 báo cáo" and "đã quá hạn nộp" in letter.body and "Năm 2023" in letter.body


def test_a_letter_that_two_workers_see_goes_out_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(world)
    sent: list[str] = []

    def send_and_look_again(*, to: str, **letter: str) -> None:
        sent.append(to)
        assert send_waiting() == 0  # another worker, while this letter is in the hand of the first

    monkeypatch.setattr(reminders, "send_letter", send_and_look_again)
    assert send_waiting() == 1 and sent == ["officer@mongcai.gov.vn"]


def test_a_slow_letter_does_not_let_the_ones_after_it_go_out_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(world, "commune-1", "commune-2")
    sent: list[str] = []

    def outlive_the_lease(*, to: str, **letter: str) -> None:
        sent.append(to)
        if len(sent) == 1:
            late = Reminder.objects.exclude(address=to)
            late.update(taken_at=timezone.now() - reminders.LEASE - timedelta(seconds=1))
            assert send_waiting() == 1  # another worker takes what waited too long

    monkeypatch.setattr(reminders, "send_letter", outlive_the_lease)
    assert send_waiting() == 1
    assert sorted(sent) == ["officer@mongcai.gov.vn", "other_officer@mongcai.gov.vn"]
    assert set(Reminder.objects.values_list("mail", flat=True)) == {"sent"}


def test_each_letter_begins_its_lease_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(world, "commune-1", "commune-2")
    long_ago = timezone.now() - reminders.LEASE - timedelta(seconds=1)
    others: list[int] = []

    def slow(*, to: str, **letter: str) -> None:
        # All the time before this letter is gone by; its own row was leased at its turn.
        held = Reminder.objects.get(address=to)
        assert held.taken_at is not None and held.taken_at > long_ago
        others.append(send_waiting())
        Reminder.objects.filter(mail="waiting").update(taken_at=long_ago)

    monkeypatch.setattr(reminders, "send_letter", slow)
    assert send_waiting() == 2 and others == [0, 0]


def test_a_worker_that_lost_a_letter_writes_nothing_about_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(world, "commune-1")

    def lose(*, to: str, **letter: str) -> None:
        Reminder.objects.update(taken_by="another")
        refuse()

    monkeypatch.setattr(reminders, "send_letter", lose)
    assert send_waiting() == 0
    assert Reminder.objects.values_list("taken_by", "error", "mail").get() == ("another", "", "waiting")


def test_the_log_does_not_name_whom_a_letter_did_not_reach(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*, to: str, **letter: str) -> None:
        raise SMTPRecipientsRefused({to: (550, b"no such user")})

    ask(world)
    monkeypatch.setattr(reminders, "send_letter", refused)
    assert send_waiting() == 0
    assert "SMTPRecipientsRefused" in caplog.text and "officer@" not in caplog.text


def test_a_failure_is_kept_and_tried_again_later_until_it_works(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(world)
    with monkeypatch.context() as broken:
        broken.setattr(reminders, "send_letter", refuse)
        assert send_waiting() == 0
    row = Reminder.objects.get()
    assert (row.mail, row.attempts) == ("waiting", 1) and "không trả lời" in row.error
    assert row.next_try_at is not None and row.next_try_at > timezone.now()
    assert send_waiting() == 0 and not mail.outbox
    Reminder.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert send_waiting() == 1
    row.refresh_from_db()
    assert (row.mail, row.error, row.attempts) == ("sent", "", 2)


def test_a_letter_is_given_up_after_the_last_try_and_says_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(world)
    Reminder.objects.update(attempts=reminders.TRIES - 1)
    monkeypatch.setattr(reminders, "send_letter", refuse)
    assert send_waiting() == 0
    assert Reminder.objects.get().mail == "failed"


def test_a_worker_that_died_with_a_letter_loses_it_to_the_next(world: World) -> None:
    ask(world)
    Reminder.objects.update(taken_at=timezone.now(), taken_by="gone")
    assert send_waiting() == 0
    Reminder.objects.update(taken_at=timezone.now() - reminders.LEASE - timedelta(seconds=1))
    assert send_waiting() == 1


def test_a_report_submitted_meanwhile_makes_the_letter_needless(world: World) -> None:
    ask(world)
    bring_to(world, "submitted", report=Report.objects.get(unit=world.commune))
    assert send_waiting() == 0 and not mail.outbox
    assert Reminder.objects.values_list("mail", "error").get() == ("skipped", "not_needed")


@pytest.mark.parametrize(("address", "reason"), [("", "no_address"), ("officer@demo.invalid", "reserved_domain")])
def test_no_letter_leaves_for_nowhere(world: World, settings: Any, address: str, reason: str) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "khong-co.invalid"
    User.objects.filter(username="officer").update(email=address)
    ask(world)
    assert send_waiting() == 0
    assert Reminder.objects.values_list("mail", "error", "attempts").get() == ("skipped", reason, 1)


@pytest.mark.parametrize(
    ("address", "reserved"),
    [
        ("a@demo.invalid", True),
        ("a@x.TEST", True),
        ("a@example.com", True),
        ("a@mail.example.org.", True),
        ("a@quangninh.gov.vn", False),
        ("a@invalid.vn", False),
        ("a@notexample.com", False),
    ],
)
def test_reserved_domains_are_known(address: str, reserved: bool, settings: Any) -> None:
    assert is_reserved(address) is reserved
    assert why_not(address) == ""  # files and the terminal give a letter to nobody
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert why_not(address) == ("reserved_domain" if reserved else "")


def test_the_clock_knows_the_daily_run_and_the_sending(settings: Any) -> None:
    from mongcai_portal.celery import app

    app.loader.import_default_modules()
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"indicators.tasks.remind_due", "indicators.tasks.send_reminders"} <= tasks <= set(app.tasks)


# --- On the page -------------------------------------------------------------------------------------------------


def test_a_reminder_is_put_aside_by_its_recipient_alone(world: World) -> None:
    ask(world)
    ask(world, day=date(2024, 1, 16))
    older, newer = Reminder.objects.order_by("day")
    with pytest.raises(Reminder.DoesNotExist):
        dismiss(by=world.people["other_officer"], reminder_id=newer.pk)
    for _ in range(2):
        dismiss(by=world.people["officer"], reminder_id=newer.pk)
    assert not Reminder.objects.filter(dismissed_at__isnull=True).exists()
    assert AuditEvent.objects.filter(kind="reminder.dismissed").count() == 1
    assert older.pk != newer.pk


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"day": DAY}, "indicators_reminder_once_a_day"),
        ({"mail": "sent"}, "indicators_reminder_sent_has_its_time"),
        ({"sent_at": timezone.now()}, "indicators_reminder_sent_has_its_time"),
        ({"mail": "failed"}, "indicators_reminder_unsent_says_why"),
    ],
)
def test_the_database_keeps_the_promise(world: World, changes: dict[str, Any], constraint: str) -> None:
    ask(world)
    row = Reminder.objects.get()
    row.pk, row.day = None, date(2024, 2, 1)
    for name, value in changes.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        row.save(force_insert=True)
    assert constraint in str(caught.value) or "unique" in str(caught.value).lower()
    assert Reminder.objects.count() == 1


def test_twenty_communes_cost_as_many_queries_as_two(world: World) -> None:
    by = world.people["coordinator"]

    def queries(day: date, units: list[str]) -> int:
        with CaptureQueriesContext(connection) as found:
            remind(by=by, period=world.period, units=units, day=day)
        return len(found)

    queries(date(2024, 1, 1), ["commune-1"])  # the scope is read once
    few = queries(date(2024, 1, 2), ["commune-1", "commune-2"])
    units = make_communes(world.town, 20, start=10)
    for unit in units:
        make_person(f"officer_{unit.uid}", "commune_officer", unit=unit)
    open_reports(by=by, period=world.period, units=[unit.uid for unit in units])
    assert queries(date(2024, 1, 3), [unit.uid for unit in units]) == few <= 9
    assert Reminder.objects.filter(day=date(2024, 1, 3)).count() == 20
