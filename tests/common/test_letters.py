"""Letters of every kind: what waits, what was given up, and sending again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from indicators.models import Reminder
from mongcai_portal.common import letters
from programmes.models import OcopNotice
from tests.factories.ocop import make_certificate, make_notice, make_product
from tests.factories.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def put_reminder(world: World, kind: str, **more: object) -> Reminder:
    return Reminder.objects.create(
        period=world.period, unit=world.commune, recipient=world.people["officer"], kind=kind,
        day=timezone.localdate(), created_at=timezone.now(), **more,
    )  # fmt: skip


def put_notice(world: World, turn: int, **more: object) -> OcopNotice:
    there = OcopNotice.objects.first()
    recognition = there.recognition if there else make_certificate(make_product(world.commune), timezone.localdate())
    return make_notice(recognition, world.people["officer"], turn, **more)


def told() -> dict[str, tuple[int, int, int, str]]:
    return {one.kind.code: (one.waiting, one.failed, one.attempts, one.fault) for one in letters.counts()}


def test_each_kind_is_counted_with_its_tries_and_the_name_of_the_last_fault(world: World) -> None:
    assert told() == {"report_reminder": (0, 0, 0, ""), "ocop_notice": (0, 0, 0, "")}
    put_reminder(world, "overdue")
    put_notice(world, 180, mail="failed", attempts=6, error="OSError: no server")
    put_notice(world, 90, mail="failed", attempts=2, error="SMTPRecipientsRefused: {'a@b.vn': 550}")
    put_notice(world, 30, mail="skipped", error="no_address")
    put_notice(world, 0, mail="sent", sent_at=timezone.now())
    assert told() == {"report_reminder": (1, 0, 0, ""), "ocop_notice": (0, 2, 6, "SMTPRecipientsRefused")}


def test_only_what_was_given_up_waits_again_with_all_its_tries(world: World) -> None:
    moment = timezone.now()
    held = put_reminder(world, "overdue", mail="failed", attempts=6, error="x", taken_at=moment, taken_by="w")
    tried = put_reminder(world, "due_soon", attempts=3, next_try_at=moment)
    skipped = put_notice(world, 30, mail="skipped", error="no_address")
    assert {kind.code: letters.send_again(kind) for kind in letters.kinds()} == {"report_reminder": 1, "ocop_notice": 0}
    for row in (held, tried, skipped):
        row.refresh_from_db()
    assert (held.mail, held.attempts, held.taken_at, held.taken_by) == ("waiting", 0, None, "")
    assert (tried.attempts, tried.next_try_at, skipped.mail) == (3, moment, "skipped")


def test_a_silent_broker_loses_no_letter(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def deaf(*_args: object, **_more: object) -> None:
        raise OSError("no broker")

    monkeypatch.setattr(letters.current_app, "send_task", deaf)
    letters.wake("programmes.tasks.send_ocop_letters")
    assert "the next run will" in caplog.text
