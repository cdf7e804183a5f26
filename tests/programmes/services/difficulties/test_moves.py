"""What is done with a difficulty: settled, withdrawn, opened again, and a task given of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from mongcai_portal.common.models import AppendOnly
from programmes.models import Difficulty, Task
from programmes.services.difficulties import (
    change_difficulty,
    reopen_difficulty,
    resolve_difficulty,
    withdraw_difficulty,
)
from tests.factories.difficulties import make_difficulty, typed_difficulty
from tests.factories.tasks import make_task
from tests.factories.world import World, fresh

pytestmark = pytest.mark.django_db
DAY = date(2023, 10, 31)


@pytest.fixture
def made(world: World) -> Difficulty:
    return make_difficulty(fresh(world.people["coordinator"]), unit="commune-1")


def resolve(world: World, person: str, made: Difficulty, **changes: Any) -> Difficulty:
    given = {"text": "Đã bố trí vốn.", "resolved_on": DAY, **changes}
    return resolve_difficulty(by=fresh(world.people[person]), difficulty_id=made.pk, **given)


@pytest.mark.parametrize("person", ["officer", "verifier_a", "coordinator"])
def test_an_entry_is_settled_with_how_and_when(world: World, made: Difficulty, person: str) -> None:
    found = resolve(world, person, made, lock=1)
    assert (found.status, found.resolved_on, found.resolution) == ("resolved", DAY, "Đã bố trí vốn.")
    assert found.closed_at is not None and found.lock == 2
    line = found.entries.get(kind="resolved")
    assert (line.text, line.by) == ("Đã bố trí vốn.", person)
    event = AuditEvent.objects.get(kind="difficulty.resolved")
    assert event.unit_uid == "commune-1" and event.details["reason"] == "Đã bố trí vốn."


@pytest.mark.parametrize("person", ["verifier_b", "leader", "administrator"])
def test_who_does_not_write_it_does_not_settle_it(world: World, made: Difficulty, person: str) -> None:
    with pytest.raises(Forbidden):
        resolve(world, person, made)
    made.refresh_from_db()
    assert made.status == "open"


def test_another_commune_does_not_find_it(world: World, made: Difficulty) -> None:
    with pytest.raises(Difficulty.DoesNotExist):
        resolve(world, "other_officer", made)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"text": " ", "resolved_on": None}, {("/text", "required"), ("/resolved_on", "required")}),
        ({"text": "x" * 4001}, {("/text", "too_long")}),
        ({"resolved_on": date(2022, 12, 31)}, {("/resolved_on", "before_period")}),
    ],
)
def test_what_is_wrong_with_a_settlement_is_named(
    world: World, made: Difficulty, changes: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        resolve(world, "officer", made, **changes)
    assert {(one.pointer, one.code) for one in refused.value.faults} == faults
    with pytest.raises(Invalid):
        resolve(world, "officer", made, resolved_on=timezone.localdate() + timedelta(days=1))
    made.refresh_from_db()
    assert made.status == "open" and made.entries.count() == 1


def test_the_second_of_two_windows_settles_nothing(world: World, made: Difficulty) -> None:
    resolve(world, "officer", made, lock=1)
    with pytest.raises(Stale):
        resolve(world, "coordinator", made, lock=1)
    reopen_difficulty(by=fresh(world.people["officer"]), difficulty_id=made.pk, text="Chưa xong")
    with pytest.raises(Stale):
        resolve(world, "coordinator", made, lock=1)


def test_an_entry_that_is_open_again_keeps_how_it_was_settled_in_its_history(world: World, made: Difficulty) -> None:
    resolve(world, "officer", made)
    found = reopen_difficulty(by=fresh(world.people["officer"]), difficulty_id=made.pk, text="Lại vướng")
    assert (found.status, found.resolution, found.resolved_on, found.closed_at) == ("open", "", None, None)
    assert [line.kind for line in found.entries.all()] == ["written", "resolved", "reopened"]


def test_a_withdrawn_entry_says_why_and_can_come_back(world: World, made: Difficulty) -> None:
    by = fresh(world.people["officer"])
    with pytest.raises(Invalid):
        withdraw_difficulty(by=by, difficulty_id=made.pk, text=" ")
    assert withdraw_difficulty(by=by, difficulty_id=made.pk, text="Ghi nhầm xã").status == "withdrawn"
    with pytest.raises(Stale):
        withdraw_difficulty(by=by, difficulty_id=made.pk, text="Ghi nhầm xã")
    assert reopen_difficulty(by=by, difficulty_id=made.pk, text="Không nhầm").status == "open"


def test_a_line_of_the_history_is_never_changed(made: Difficulty) -> None:
    line = made.entries.get()
    line.text = "khác"
    with pytest.raises(AppendOnly):
        line.save()
    with pytest.raises(AppendOnly):
        line.delete()


# --- Tasks ----------------------------------------------------------------------------------------------------------


def of(made: Difficulty, **changes: Any) -> dict[str, Any]:
    return {"difficulty": made.pk, "origin": "difficulty", "unit": "commune-1", **changes}


def test_a_task_is_given_of_a_difficulty_which_remembers_it(world: World, made: Difficulty) -> None:
    task = make_task(fresh(world.people["coordinator"]), **of(made))
    assert (task.difficulty, task.origin) == (made, "difficulty")
    assert made.entries.get(kind="tasked").text == task.title_vi
    assert task.programme == made.programme


def test_a_task_of_a_difficulty_follows_it_to_another_programme(world: World, made: Difficulty) -> None:
    by = fresh(world.people["coordinator"])
    task, other = make_task(by, **of(made)), make_task(by, programme="NTM")
    change_difficulty(by=by, difficulty_id=made.pk, typed=typed_difficulty(unit="commune-1", programme="GNBV"))
    for one in (task, other):
        one.refresh_from_db()
    assert [one.programme.code for one in (task, other) if one.programme] == ["GNBV", "NTM"]


def test_a_task_of_what_hinders_the_whole_town_may_be_a_communes(world: World) -> None:
    town = make_difficulty(fresh(world.people["coordinator"]))
    for unit in ("", "commune-1"):
        assert make_task(fresh(world.people["coordinator"]), **of(town, unit=unit)).difficulty == town


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"unit": "commune-2"}, ("/unit", "other_place")),
        ({"unit": ""}, ("/unit", "other_place")),
        ({"difficulty": 404404}, ("/difficulty", "unknown")),
        ({"origin": "conclusion"}, ("/difficulty", "not_both")),
        ({"measure": "poverty.poor.count"}, ("/difficulty", "not_both")),
        ({"difficulty": None}, ("/origin", "other_origin")),
        ({"programme": "GNBV"}, ("/programme", "other_programme")),
    ],
)
def test_a_task_of_a_difficulty_is_of_it_alone_and_where_it_is(
    world: World, made: Difficulty, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        make_task(fresh(world.people["coordinator"]), **of(made, **changes))
    assert [(one.pointer, one.code) for one in refused.value.faults] == [fault]
    assert not Task.objects.exists() and not made.entries.filter(kind="tasked").exists()


def test_no_task_is_given_of_what_was_withdrawn(world: World, made: Difficulty) -> None:
    withdraw_difficulty(by=fresh(world.people["officer"]), difficulty_id=made.pk, text="Ghi nhầm")
    with pytest.raises(Invalid):
        make_task(fresh(world.people["coordinator"]), **of(made))
