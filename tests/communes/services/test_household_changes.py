"""Members come, go and are related anew; households move, split, merge and end: dated, audited, safe to repeat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from communes.models import Household, HouseholdMember, HouseholdStay, HouseholdSuccession, Person
from communes.services.households import (
    MemberEntry,
    NewHousehold,
    add_member,
    change_head,
    end_household,
    merge_households,
    move_household,
    register_household,
    remove_member,
    split_household,
    transfer_member,
)
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Stale
from tests.factories.registers import NUMBER, START, Registry, entry, faults_of, someone

pytestmark = pytest.mark.django_db

DAY = date(2023, 5, 10)
EVE = DAY - timedelta(days=1)
TOMORROW = timezone.localdate() + timedelta(days=1)


@pytest.fixture
def household(registry: Registry) -> Household:
    """A head of 42, a spouse, a child of 11, the head's mother."""
    members = (
        *entry().members,
        MemberEntry(relation="spouse", person=someone("Vợ Thử", date(1982, 1, 1))),
        MemberEntry(relation="parent", person=someone("Mẹ Thử", date(1955, 1, 1))),
    )
    return register_household(by=registry.officer, entry=entry(members=members))


@pytest.fixture
def other(registry: Registry) -> Household:
    head = MemberEntry(relation="head", person=someone("Anh Thử", date(1978, 1, 1)))
    return register_household(by=registry.officer, entry=entry(code="H2", village="thon-2", members=(head,)))


def who(household: Household, relation: str) -> int:
    number: int = household.members.get(relation=relation, valid_to=None).person_id
    return number


def on_day(household: Household, day: date) -> dict[str, str]:
    rows = HouseholdMember.objects.in_force(day).filter(household=household)
    return dict(rows.values_list("person__name", "relation"))


def shown(household: Household) -> tuple[str, int]:
    household.refresh_from_db()
    return household.head_name, household.size


# --- Coming and going ---


def test_a_child_is_born_into_a_household(registry: Registry, household: Household) -> None:
    baby = someone("Bé Thử", DAY)
    asked: dict[str, Any] = {
        "by": registry.officer, "household_id": household.pk, "on": DAY, "relation": "child", "person": baby,
        "because": "born",
    }  # fmt: skip
    row = add_member(**asked, lock=0)
    assert (row.valid_from, row.began_as, shown(household)) == (DAY, "born", ("Chủ Hộ Thử", 5))
    assert add_member(**asked) == row
    assert (Person.objects.count(), household.lock) == (5, 1)
    event = AuditEvent.objects.get(kind="member.added")
    assert event.details == {"person": row.person_id, "relation": "child", "on": "2023-05-10", "because": "born"}


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"on": TOMORROW}, ("/on", "in_future")),
        ({"on": START - timedelta(days=1)}, ("/on", "before_start")),
        ({"relation": "head"}, ("/relation", "two_heads")),
        ({"relation": "friend"}, ("/relation", "unknown")),
        ({"person": someone("", DAY)}, ("/name", "required")),
        ({"person": someone("Con", date(1981, 1, 1))}, ("/birth_date", "child_too_old")),
        ({"person": someone("Con", DAY + timedelta(days=1))}, ("/birth_date", "born_later")),
        ({"person": someone("Con", DAY, identity_number=NUMBER)}, ("/identity_number", "used")),
        ({"person": None}, ("/person", "required")),
        ({"because": "found"}, ("/because", "unknown")),
    ],
)
def test_what_stands_against_a_new_member_is_named(
    registry: Registry, household: Household, over: dict[str, Any], fault: tuple[str, str]
) -> None:
    asked = {"on": DAY, "relation": "child", "person": someone("Con Mới", date(2015, 1, 1)), **over}
    assert fault in faults_of(lambda: add_member(by=registry.officer, household_id=household.pk, **asked))
    assert HouseholdMember.objects.count() == 4


def test_someone_leaves_and_comes_back(registry: Registry, household: Household) -> None:
    child = who(household, "child")
    asked: dict[str, Any] = {"by": registry.officer, "household_id": household.pk, "person_id": child}
    for _again in range(2):
        remove_member(**asked, on=DAY, because="moved_out")
    assert ("Con Thử" in on_day(household, EVE), "Con Thử" in on_day(household, DAY)) == (True, False)
    assert (shown(household), AuditEvent.objects.filter(kind="member.removed").count()) == (("Chủ Hộ Thử", 3), 1)
    back: dict[str, Any] = {**asked, "relation": "child"}
    assert faults_of(lambda: add_member(**back, on=EVE)) == {("/person", "busy")}
    add_member(**back, on=DAY)
    assert on_day(household, DAY)["Con Thử"] == "child"


def test_who_died_comes_to_no_household_any_more(registry: Registry, household: Household, other: Household) -> None:
    mother = who(household, "parent")
    remove_member(by=registry.officer, household_id=household.pk, person_id=mother, on=DAY, because="died")
    assert Person.objects.get(pk=mother).died_on == DAY
    asked: dict[str, Any] = {
        "by": registry.officer,
        "household_id": other.pk,
        "person_id": mother,
        "relation": "parent",
    }
    assert faults_of(lambda: add_member(**asked, on=DAY + timedelta(days=30))) == {("/person", "died")}


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"on": START}, ("/on", "before_joining")),
        ({"on": TOMORROW}, ("/on", "in_future")),
        ({"because": "lost"}, ("/because", "unknown")),
        ({"person_id": 0}, ("/person", "unknown")),
    ],
)
def test_what_stands_against_leaving_is_named(
    registry: Registry, household: Household, over: dict[str, Any], fault: tuple[str, str]
) -> None:
    asked = {"person_id": who(household, "child"), "on": DAY, "because": "moved_out", **over}
    assert fault in faults_of(lambda: remove_member(by=registry.officer, household_id=household.pk, **asked))


def test_the_head_is_succeeded_before_they_leave(registry: Registry, household: Household) -> None:
    head = who(household, "head")
    asked: dict[str, Any] = {"by": registry.officer, "household_id": household.pk, "person_id": head, "on": DAY}
    assert faults_of(lambda: remove_member(**asked, because="died")) == {("/person", "is_head")}


def test_a_member_goes_to_another_household(registry: Registry, household: Household, other: Household) -> None:
    mother = who(household, "parent")
    asked: dict[str, Any] = {
        "by": registry.officer, "household_id": household.pk, "person_id": mother, "to_id": other.pk, "on": DAY,
        "relation": "parent",
    }  # fmt: skip
    row = transfer_member(**asked)
    assert transfer_member(**asked) == row
    assert (on_day(household, EVE)["Mẹ Thử"], on_day(other, DAY)["Mẹ Thử"]) == ("parent", "parent")
    assert "Mẹ Thử" not in on_day(household, DAY) | on_day(other, EVE)
    assert (shown(household)[1], shown(other)[1]) == (3, 2)
    events = AuditEvent.objects.filter(kind="member.transferred").order_by("pk")
    assert [(e.object_label, e.details.get("to"), e.details.get("from")) for e in events] == [
        ("H1", "H2", None),
        ("H2", "H2", "H1"),
    ]


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"relation": "head"}, ("/relation", "two_heads")),
        ({"relation": "child"}, ("/birth_date", "child_too_old")),
        ({"on": START}, ("/on", "before_joining")),
        ({"to_id": "same"}, ("/to", "same")),
    ],
)
def test_what_stands_against_going_to_another_household_is_named(
    registry: Registry, household: Household, other: Household, over: dict[str, Any], fault: tuple[str, str]
) -> None:
    asked = {"person_id": who(household, "parent"), "to_id": other.pk, "on": DAY, "relation": "parent", **over}
    if asked["to_id"] == "same":
        asked["to_id"] = household.pk
    assert fault in faults_of(lambda: transfer_member(by=registry.officer, household_id=household.pk, **asked))


# --- The head ---


def test_a_new_head_relates_everyone_anew_from_the_day_on(registry: Registry, household: Household) -> None:
    asked: dict[str, Any] = {
        "by": registry.officer, "household_id": household.pk, "person_id": who(household, "spouse"), "on": DAY,
        "relations": {who(household, "child"): "child"},
    }  # fmt: skip
    for _again in range(2):
        change_head(**asked)
    assert on_day(household, EVE) == {
        "Chủ Hộ Thử": "head", "Vợ Thử": "spouse", "Con Thử": "child", "Mẹ Thử": "parent",
    }  # fmt: skip
    assert on_day(household, DAY) == {
        "Chủ Hộ Thử": "spouse", "Vợ Thử": "head", "Con Thử": "child", "Mẹ Thử": "parent_in_law",
    }  # fmt: skip
    assert (shown(household), household.lock) == (("Vợ Thử", 4), 1)
    # The child's membership went on as it was.
    assert HouseholdMember.objects.filter(person__name="Con Thử").count() == 1


def test_a_head_who_died_is_succeeded_in_one_step(registry: Registry, household: Household) -> None:
    head, spouse, child = (who(household, relation) for relation in ("head", "spouse", "child"))
    change_head(
        by=registry.officer, household_id=household.pk, person_id=spouse, on=DAY, relations={child: "child"},
        old_head_leaves="died",
    )  # fmt: skip
    assert on_day(household, DAY) == {"Vợ Thử": "head", "Con Thử": "child", "Mẹ Thử": "parent_in_law"}
    assert Person.objects.get(pk=head).died_on == DAY
    assert shown(household) == ("Vợ Thử", 3)


def test_the_head_of_a_days_standing_is_put_right_in_place(registry: Registry, household: Household) -> None:
    spouse, child = who(household, "spouse"), who(household, "child")
    change_head(by=registry.officer, household_id=household.pk, person_id=spouse, on=START, relations={child: "child"})
    assert on_day(household, START)["Vợ Thử"] == "head"
    assert HouseholdMember.objects.count() == 4


def test_what_does_not_follow_is_asked_and_what_cannot_be_is_refused(registry: Registry, household: Household) -> None:
    spouse, child, mother = (who(household, relation) for relation in ("spouse", "child", "parent"))
    asked: dict[str, Any] = {"by": registry.officer, "household_id": household.pk, "on": DAY}
    assert faults_of(lambda: change_head(**asked, person_id=spouse)) == {(f"/relations/{child}", "required")}
    wrong = {child: "child", mother: "child", 0: "child"}
    assert faults_of(lambda: change_head(**asked, person_id=spouse, relations=wrong)) == {
        (f"/relations/{mother}", "child_too_old"),
        ("/relations/0", "unknown_person"),
    }
    assert faults_of(lambda: change_head(**asked, person_id=0)) == {("/person", "unknown")}
    assert faults_of(lambda: change_head(**asked, person_id=who(household, "head"))) == {("/person", "is_head")}
    two = {child: "head"}
    assert [code for _pointer, code in faults_of(lambda: change_head(**asked, person_id=spouse, relations=two))] == [
        "two_heads"
    ]


def test_no_head_is_changed_behind_the_back_of_who_came_later(registry: Registry, household: Household) -> None:
    remove_member(
        by=registry.officer, household_id=household.pk, person_id=who(household, "child"), on=DAY, because="moved_out"
    )
    asked: dict[str, Any] = {
        "by": registry.officer,
        "household_id": household.pk,
        "person_id": who(household, "spouse"),
    }
    assert faults_of(lambda: change_head(**asked, on=EVE)) == {("/on", "before_last_change")}
    change_head(**asked, on=DAY)
    assert faults_of(
        lambda: add_member(
            by=registry.officer, household_id=household.pk, on=EVE, relation="child", person=someone("Con", EVE)
        )
    ) == {("/on", "before_head")}


# --- Splitting and merging ---


def test_a_grown_family_splits_off_with_its_head(registry: Registry, household: Household) -> None:
    head, spouse, child, mother = (who(household, r) for r in ("head", "spouse", "child", "parent"))
    new = NewHousehold(
        code="H9", village="thon-2", address="Tổ 4", relations={head: "head", spouse: "spouse", child: "child"}
    )
    asked: dict[str, Any] = {"by": registry.officer, "household_id": household.pk, "on": DAY, "new": new}
    made = split_household(**asked, head_id=mother)
    assert split_household(**asked, head_id=mother) == made
    assert on_day(household, DAY) == {"Mẹ Thử": "head"}
    assert on_day(made, DAY) == {"Chủ Hộ Thử": "head", "Vợ Thử": "spouse", "Con Thử": "child"}
    assert on_day(made, EVE) == {}
    assert (made.began_as, made.valid_from, made.village.code, made.size) == ("split", DAY, "thon-2", 3)
    assert HouseholdStay.objects.get(household=made).address == "Tổ 4"
    step = HouseholdSuccession.objects.get()
    assert (step.predecessor, step.successor, step.effective_on, step.kind) == (household, made, DAY, "split")
    assert shown(household) == ("Mẹ Thử", 1)
    events = AuditEvent.objects.filter(kind="household.split").values_list("object_label", flat=True)
    assert sorted(events) == ["H1", "H9"]


def test_what_stands_against_splitting_is_named_all_at_once(registry: Registry, household: Household) -> None:
    head, spouse, child, mother = (who(household, r) for r in ("head", "spouse", "child", "parent"))

    def split(over: dict[str, Any] | None = None, **new: Any) -> set[tuple[str, str]]:
        given = NewHousehold(**{"code": "H9", "village": "thon-2", "relations": {mother: "head"}, **new})
        return faults_of(
            lambda: split_household(
                by=registry.officer, household_id=household.pk, new=given, **{"on": DAY, **(over or {})}
            )
        )

    assert split(code="H1", village="x", relations={child: "child", 0: "child"}) == {
        ("/new/code", "used"),
        ("/new/village", "unknown"),
        ("/new/members", "no_head"),
        ("/new/members/0", "unknown"),
    }
    assert split(code=NUMBER, address=f"Tổ 5, {NUMBER}") == {("/new/code", "identity"), ("/new/address", "identity")}
    assert split(code=NUMBER[1:]) == {("/new/code", "identity")}, "somebody has that number"
    assert split(relations={}) == {("/new/members", "nobody")}
    assert split(relations={mother: "head", child: "parent"}) == {(f"/new/members/{child}", "parent_too_young")}
    everyone = {head: "head", spouse: "spouse", child: "child", mother: "parent"}
    assert split(relations=everyone) == {("/new/members", "all")}
    assert split(relations={head: "head"}) == {("/head", "required")}
    assert split({"head_id": head}, relations={head: "head"}) == {("/head", "unknown")}
    assert split({"on": START}) == {("/on", "before_last_change")}
    assert split({"on": TOMORROW}) == {("/on", "in_future")}
    assert Household.objects.count() == 1 and household.members.filter(valid_to=None).count() == 4


def test_two_households_become_one(registry: Registry, household: Household, other: Household) -> None:
    brother = who(other, "head")
    asked: dict[str, Any] = {
        "by": registry.officer, "household_id": other.pk, "into_id": household.pk, "on": DAY,
        "relations": {brother: "sibling"},
    }  # fmt: skip
    assert merge_households(**asked) == household
    assert merge_households(**asked) == household
    other.refresh_from_db()
    assert (other.valid_to, other.ended_as, shown(other)) == (EVE, "merged", ("Anh Thử", 1))
    assert on_day(household, DAY)["Anh Thử"] == "sibling" and on_day(other, EVE) == {"Anh Thử": "head"}
    assert shown(household) == ("Chủ Hộ Thử", 5)
    assert HouseholdStay.objects.get(household=other).valid_to == EVE
    assert HouseholdSuccession.objects.get().kind == "merge"
    # What is over does not change any more.
    assert faults_of(lambda: end_household(by=registry.officer, household_id=other.pk, on=DAY, because="died")) == {
        ("/household", "ended")
    }


def test_what_stands_against_merging_is_named(registry: Registry, household: Household, other: Household) -> None:
    brother = who(other, "head")

    def merge(relations: dict[int, str], **over: Any) -> set[tuple[str, str]]:
        asked = {"household_id": other.pk, "into_id": household.pk, "on": DAY, **over}
        return faults_of(lambda: merge_households(by=registry.officer, relations=relations, **asked))

    assert merge({}) == {(f"/relations/{brother}", "required")}
    assert merge({brother: "head"}) == {(f"/relations/{brother}", "two_heads")}
    assert merge({brother: "child"}) == {(f"/relations/{brother}", "child_too_old")}
    assert merge({brother: "sibling", 0: "child"}) == {("/relations/0", "unknown_person")}
    assert ("/into", "same") in merge({brother: "sibling"}, into_id=other.pk)
    assert ("/on", "before_last_change") in merge({brother: "sibling"}, on=START)
    end_household(by=registry.officer, household_id=household.pk, on=DAY, because="dissolved")
    assert merge({brother: "sibling"}) == {("/into", "ended")}


# --- Moving and ending ---


def test_a_household_that_moves_to_a_ward_is_that_wards_from_the_day_on(
    registry: Registry, household: Household
) -> None:
    asked: dict[str, Any] = {"household_id": household.pk, "on": DAY, "village": "thon-tra-co", "address": "Số 7"}
    move_household(by=registry.officer, **asked)
    stays = HouseholdStay.objects.order_by("valid_from").values_list("village__code", "valid_from", "valid_to")
    assert list(stays) == [("thon-1", START, EVE), ("thon-tra-co", DAY, None)]
    household.refresh_from_db()
    assert (household.village.code, household.search_key) == ("thon-tra-co", "chu ho thu h1 so 7")
    with pytest.raises(Household.DoesNotExist):
        move_household(by=registry.officer, **asked)
    move_household(by=registry.stranger, **asked)
    events = AuditEvent.objects.filter(kind="household.moved").values_list("unit_uid", flat=True)
    assert sorted(events) == ["hai-son", "tra-co"]


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"village": "x"}, ("/village", "unknown")),
        ({"on": START}, ("/on", "before_move")),
        ({"on": TOMORROW}, ("/on", "in_future")),
        ({"address": "x" * 301}, ("/address", "too_long")),
        ({"address": f"Số 7, {NUMBER}"}, ("/address", "identity")),
    ],
)
def test_what_stands_against_moving_is_named(
    registry: Registry, household: Household, over: dict[str, Any], fault: tuple[str, str]
) -> None:
    asked = {"on": DAY, "village": "thon-2", **over}
    assert faults_of(lambda: move_household(by=registry.officer, household_id=household.pk, **asked)) == {fault}


@pytest.mark.parametrize(
    ("because", "left"), [("moved_out", "moved_out"), ("dissolved", "dissolved"), ("died", "died")]
)
def test_a_household_leaves_the_register(registry: Registry, household: Household, because: str, left: str) -> None:
    asked: dict[str, Any] = {"by": registry.officer, "household_id": household.pk, "on": DAY, "because": because}
    assert faults_of(lambda: end_household(**asked, note=f"Về ở với {NUMBER}")) == {("/note", "identity")}
    for _again in range(2):
        end_household(**asked, note="Về quê")
    household.refresh_from_db()
    assert (household.valid_to, household.ended_as, household.note, household.size) == (EVE, because, "Về quê", 4)
    assert set(household.members.values_list("valid_to", "ended_as")) == {(EVE, because)}
    assert set(Person.objects.values_list("died_on", flat=True)) == {DAY if because == "died" else None}
    assert AuditEvent.objects.filter(kind="household.ended").count() == 1
    assert faults_of(lambda: end_household(**{**asked, "because": "merged"})) >= {("/because", "unknown")}


# --- Who, and who first ---


def test_only_officers_of_the_commune_change_a_household(registry: Registry, household: Household) -> None:
    asked: dict[str, Any] = {"household_id": household.pk, "on": DAY, "because": "moved_out"}
    with pytest.raises(Household.DoesNotExist):
        end_household(by=registry.stranger, **asked)
    with pytest.raises(Household.DoesNotExist):
        end_household(by=registry.leader, **asked)
    with pytest.raises(Forbidden):
        end_household(by=registry.coordinator, **asked)


def test_the_second_of_two_windows_is_told_so(registry: Registry, household: Household, other: Household) -> None:
    move_household(by=registry.officer, household_id=household.pk, on=DAY, village="thon-2", lock=0)
    later = DAY + timedelta(days=9)
    child, mother = who(household, "child"), who(household, "parent")
    asked: dict[str, Any] = {"by": registry.officer, "household_id": household.pk, "on": later, "lock": 0}
    stale: list[Callable[[], Any]] = [
        lambda: move_household(**asked, village="thon-1"),
        lambda: end_household(**asked, because="moved_out"),
        lambda: remove_member(**asked, person_id=child, because="moved_out"),
        lambda: add_member(**asked, relation="child", person=someone("Con Mới", DAY)),
        lambda: change_head(**asked, person_id=mother),
        lambda: split_household(**asked, new=NewHousehold(code="H9", village="thon-1", relations={mother: "head"})),
        lambda: transfer_member(**asked, person_id=mother, to_id=other.pk, relation="parent"),
        lambda: merge_households(
            by=registry.officer, household_id=other.pk, into_id=household.pk, on=later,
            relations={who(other, "head"): "sibling"}, into_lock=0,
        ),
    ]  # fmt: skip
    for act in stale:
        with pytest.raises(Stale):
            act()
    assert HouseholdMember.objects.filter(valid_to=None).count() == 5
