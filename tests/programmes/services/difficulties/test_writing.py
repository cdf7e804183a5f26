"""Writing a difficulty: by whom, once, every fault named, and what a change leaves in the history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from programmes.models import Difficulty, DifficultyEntry
from programmes.services.difficulties import Proposed, change_difficulty, resolve_difficulty
from tests.factories.difficulties import make_difficulty, typed_difficulty
from tests.factories.world import World, fresh

pytestmark = pytest.mark.django_db
OWN = {"officer": {"unit": "commune-1"}, "verifier_a": {"office": "a"}, "coordinator": {}}


def faults(world: World, person: str = "coordinator", **changes: Any) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        make_difficulty(fresh(world.people[person]), **changes)
    assert not Difficulty.objects.exists() and not AuditEvent.objects.filter(object_type="difficulty").exists()
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


def test_an_entry_is_written_with_its_proposals_its_history_and_an_event(world: World) -> None:
    made = make_difficulty(
        fresh(world.people["coordinator"]), unit="commune-1", period="2023-H2", text=" Vướng mặt bằng \r\n ở 12 hộ. ",
        proposals=[Proposed("", " "), Proposed("province", "Ban hành đơn giá."), Proposed("town", "Bố trí vốn.")],
    )  # fmt: skip
    assert (made.status, made.unit, made.lock, made.text) == ("open", world.commune, 1, "Vướng mặt bằng \n ở 12 hộ.")
    assert (made.starts_on.isoformat(), made.ends_on.isoformat()) == ("2023-07-01", "2023-12-31")
    assert [(one.number, one.addressee, one.text) for one in made.proposals.all()] == [
        (1, "province", "Ban hành đơn giá."), (2, "town", "Bố trí vốn."),
    ]  # fmt: skip
    assert [entry.kind for entry in made.entries.all()] == ["written"]
    event = AuditEvent.objects.get(object_type="difficulty")
    assert (event.kind, event.object_id, event.unit_uid) == ("difficulty.written", str(made.pk), "commune-1")
    assert event.details["programme"] == "NTM" and event.details["office"] == "a"


def test_the_same_form_sent_twice_is_one_entry(world: World) -> None:
    by = fresh(world.people["coordinator"])
    assert make_difficulty(by, token="a" * 32) == make_difficulty(by, token="a" * 32)
    assert Difficulty.objects.count() == DifficultyEntry.objects.count() == 1


def test_the_same_form_is_the_same_entry_also_when_that_was_changed_since(world: World) -> None:
    by = fresh(world.people["coordinator"])
    made = make_difficulty(by, token="a" * 32, text="Một")
    for text in ("Hai", "Ba"):
        change(world, "coordinator", made, text=text, proposals=[])
    assert make_difficulty(by, token="a" * 32, text=" Một ").pk == made.pk
    assert Difficulty.objects.get().text == "Ba"


@pytest.mark.parametrize(
    "changes",
    [{"text": "Khác."}, {"unit": "commune-1"}, {"period": "2022"}, {"kind": "limitation"}, {"proposals": []}],
)
def test_another_entry_with_the_token_of_one_that_was_written_is_refused(world: World, changes: dict[str, Any]) -> None:
    by = fresh(world.people["coordinator"])
    make_difficulty(by, token="a" * 32)
    with pytest.raises(Invalid) as refused:
        make_difficulty(by, token="a" * 32, **changes)
    assert [(one.pointer, one.code) for one in refused.value.faults] == [("/token", "used")]
    assert Difficulty.objects.count() == DifficultyEntry.objects.count() == 1


@pytest.mark.parametrize("person", OWN)
def test_everybody_writes_of_what_is_theirs(world: World, person: str) -> None:
    made = make_difficulty(fresh(world.people[person]), **OWN[person])
    assert made.written_by == person


@pytest.mark.parametrize("person", ["leader", "administrator"])
def test_who_only_reads_writes_nothing(world: World, person: str) -> None:
    with pytest.raises(Forbidden):
        make_difficulty(fresh(world.people[person]))
    assert not Difficulty.objects.exists()


@pytest.mark.parametrize(
    ("person", "changes", "fault"),
    [
        ("officer", {"unit": "commune-2"}, ("/unit", "not_yours")),
        ("officer", {}, ("/unit", "not_yours")),  # of the whole town
        ("verifier_a", {"office": "b"}, ("/office", "not_yours")),
        ("verifier_a", {"office": "b", "unit": "commune-1"}, ("/office", "not_yours")),
    ],
)
def test_nobody_writes_of_what_is_not_theirs(
    world: World, person: str, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert faults(world, person, **changes) == {fault}


def test_every_fault_is_named_at_once(world: World) -> None:
    found = faults(
        world, programme="", kind="", period="", office="", text=" ", unit="nowhere",
        proposals=[Proposed("", ""), Proposed("town", "")],
    )  # fmt: skip
    assert found == {
        ("/programme", "required"), ("/kind", "required"), ("/period", "required"), ("/office", "required"),
        ("/text", "required"), ("/unit", "unknown"), ("/proposals/1/text", "required"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"programme": "NOPE"}, ("/programme", "required")),
        ({"kind": "joy"}, ("/kind", "required")),
        ({"period": "2023-H3"}, ("/period", "required")),
        ({"period": "2015"}, ("/period", "out_of_range")),
        ({"period": "2199"}, ("/period", "out_of_range")),
        ({"office": "nobody"}, ("/office", "required")),
        ({"unit": "pho"}, ("/unit", "unknown")),
        ({"text": "x" * 2001}, ("/text", "too_long")),
        ({"cause_objective": "x" * 2001}, ("/cause_objective", "too_long")),
        ({"cause_subjective": "x" * 2001}, ("/cause_subjective", "too_long")),
        ({"proposals": [Proposed("king", "x")]}, ("/proposals/0/addressee", "required")),
        ({"proposals": [Proposed("town", "x" * 1001)]}, ("/proposals/0/text", "too_long")),
        ({"proposals": [Proposed("town", "x")] * 7}, ("/proposals", "too_many")),
    ],
)
def test_a_fault_is_named_at_its_field(world: World, changes: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(world, **changes) == {fault}


def change(world: World, person: str, made: Difficulty, lock: int | None = None, **changes: Any) -> Difficulty:
    return change_difficulty(
        by=fresh(world.people[person]), difficulty_id=made.pk, typed=typed_difficulty(**changes), lock=lock
    )


def test_a_change_keeps_what_was_said_before(world: World) -> None:
    made = make_difficulty(fresh(world.people["officer"]), unit="commune-1")
    changed = change(
        world, "officer", made, lock=1, unit="commune-1", text="Đã khác.", period="2023-Q4",
        proposals=[Proposed("central", "Sửa thông tư.")],
    )  # fmt: skip
    assert (changed.text, changed.period, changed.lock) == ("Đã khác.", "2023-Q4", 2)
    assert [(one.addressee, one.number) for one in changed.proposals.all()] == [("central", 1)]
    line = changed.entries.get(kind="changed")
    assert line.before == {
        "text": "Mặt bằng làm đường thôn còn vướng.", "period": "2023",
        "proposals": [["town", "Bố trí vốn bồi thường."]],
    }  # fmt: skip
    event = AuditEvent.objects.get(kind="difficulty.changed")
    assert event.details["fields"] == ["period", "proposals", "text"]
    assert "da khac" in changed.search_key and "thong tu" in changed.search_key


def test_the_same_again_changes_nothing(world: World) -> None:
    made = make_difficulty(fresh(world.people["coordinator"]))
    assert change(world, "coordinator", made).lock == 1
    assert not DifficultyEntry.objects.filter(kind="changed").exists()


def test_the_second_of_two_windows_is_told(world: World) -> None:
    made = make_difficulty(fresh(world.people["coordinator"]))
    change(world, "coordinator", made, lock=1, text="Của cửa sổ một.")
    with pytest.raises(Stale):
        change(world, "coordinator", made, lock=1, text="Của cửa sổ hai.")
    made.refresh_from_db()
    assert made.text == "Của cửa sổ một." and made.entries.count() == 2


def test_another_place_sees_neither_entry_nor_whether_it_could_be_changed(world: World) -> None:
    made = make_difficulty(fresh(world.people["officer"]), unit="commune-1")
    with pytest.raises(Difficulty.DoesNotExist):
        change(world, "other_officer", made, unit="commune-2")
    for person in ("verifier_b", "leader"):
        with pytest.raises(Forbidden):
            change(world, person, made, unit="commune-1", text="x")
    assert change(world, "verifier_a", made, unit="commune-1", text="Của phòng ban").text == "Của phòng ban"


def test_an_entry_is_not_moved_into_what_is_not_the_writers(world: World) -> None:
    made = make_difficulty(fresh(world.people["officer"]), unit="commune-1")
    with pytest.raises(Invalid) as refused:
        change(world, "officer", made, unit="commune-2")
    assert [one.code for one in refused.value.faults] == ["not_yours"]
    made.refresh_from_db()
    assert made.unit == world.commune


def test_what_is_settled_is_not_changed(world: World) -> None:
    made = make_difficulty(fresh(world.people["coordinator"]))
    yesterday = timezone.localdate() - timedelta(days=1)
    resolve_difficulty(by=fresh(world.people["coordinator"]), difficulty_id=made.pk, text="Xong", resolved_on=yesterday)
    with pytest.raises(Stale):
        change(world, "coordinator", made, text="Khác")
