"""Recognitions are recorded by the coordinator, once, and withdrawn after they were given."""

from __future__ import annotations

from datetime import date

import pytest

from indicators.models import Recognition
from indicators.services.recognition import recognise, withdraw
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid
from tests.factories.world import World, make_world

pytestmark = pytest.mark.django_db
DAY = date(2022, 7, 22)


@pytest.fixture
def world() -> World:
    return make_world()


def give(world: World, who: str = "coordinator", **over: object) -> Recognition:
    fields: dict[str, object] = {"unit": world.commune, "level": "standard", "decided_on": DAY}
    return recognise(by=world.people[who], **{**fields, **over})  # type: ignore[arg-type]


def test_a_recognition_holds_from_its_day_until_expiry(world: World) -> None:
    give(world, expires_on=date(2025, 7, 22), decision_number="12/QĐ-UBND")
    assert not Recognition.objects.in_force(date(2022, 7, 21)).exists()
    assert Recognition.objects.in_force(DAY).exists()
    assert not Recognition.objects.in_force(date(2025, 7, 22)).exists()
    assert AuditEvent.objects.filter(kind="recognition.issued").count() == 1


def test_a_withdrawn_recognition_no_longer_holds(world: World) -> None:
    row = give(world)
    withdraw(by=world.people["coordinator"], recognition_id=row.pk, withdrawn_on=date(2023, 5, 1), decision_number="9")
    assert Recognition.objects.in_force(date(2023, 4, 30)).exists()
    assert not Recognition.objects.in_force(date(2023, 5, 1)).exists()


def test_every_fault_of_a_recognition_is_named(world: World) -> None:
    with pytest.raises(Invalid) as error:
        give(world, level="gold", expires_on=DAY)
    assert {(f.pointer, f.code) for f in error.value.faults} == {
        ("/level", "unknown"),
        ("/expires_on", "before_decision"),
    }


def test_the_same_act_is_recorded_once(world: World) -> None:
    give(world)
    with pytest.raises(Invalid):
        give(world)
    assert Recognition.objects.count() == 1


def test_a_withdrawal_before_its_recognition_or_without_a_number_is_refused(world: World) -> None:
    row = give(world)
    with pytest.raises(Invalid) as error:
        withdraw(
            by=world.people["coordinator"], recognition_id=row.pk, withdrawn_on=date(2021, 1, 1), decision_number=""
        )
    assert {f.code for f in error.value.faults} == {"before_decision", "required"}


@pytest.mark.parametrize("who", ["officer", "leader", "verifier_a", "administrator"])
def test_only_the_coordinator_records_recognitions(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        give(world, who=who)
