"""Whatever happens to households, in whatever order: a person is in one household a day, a household has one head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

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
from mongcai_portal.common.errors import Invalid
from tests.factories.registers import START, Registry, entry, someone

pytestmark = pytest.mark.django_db

STEPS = ("add", "remove", "transfer", "head", "head_died", "split", "merge", "move", "end", "return")
# What is done, to which households, by which people, and how many days after the step before.
PLAN = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 9), st.integers(0, 9), st.integers(0, 30), st.integers(-20, 40)),
    min_size=1,
    max_size=14,
)


def pick(rows: Any, number: int) -> Any:
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


def act(step: str, a: int, b: int, many: int, day: date, at: int) -> Callable[[], Any] | None:
    """The deed, with everything it needs chosen among what stands; None where there is nobody to do it to."""
    household, other = pick(Household.objects, a), pick(Household.objects, b)
    members = list(household.members.filter(valid_to=None).order_by("pk"))
    one = members[many % len(members)].person_id if members else 0
    this: dict[str, Any] = {"by": None, "household_id": household.pk, "on": day}
    related = {row.person_id: "other_relative" for row in members}
    match step:
        case "add":
            return lambda: add_member(**this, relation="other_relative", person=someone(f"Người {at}", None))
        case "return":
            gone = pick(Person.objects.exclude(memberships__valid_to=None), many)
            return (lambda: add_member(**this, relation="unrelated", person_id=gone.pk)) if gone else None
        case "remove":
            return lambda: remove_member(**this, person_id=one, because=("moved_out", "died")[many % 2])
        case "transfer":
            return lambda: transfer_member(**this, person_id=one, to_id=other.pk, relation="unrelated")
        case "head" | "head_died":
            leaves = "died" if step == "head_died" else ""
            left = {row.person_id for row in members if row.relation == "head"} if leaves else set()
            others = {pk: word for pk, word in related.items() if pk != one and pk not in left}
            return lambda: change_head(**this, person_id=one, relations=others, old_head_leaves=leaves)
        case "split":
            going = members[: 1 + many % 4] if b % 2 else members[many % 3 :]
            relations = {row.person_id: "other_relative" for row in going}
            if going:
                relations[going[-1].person_id] = "head"
            stay = [row.person_id for row in members if row not in going]
            new = NewHousehold(code=f"S{at}", village=("thon-1", "thon-2")[many % 2], relations=relations)
            rest = dict.fromkeys(stay[1:], "other_relative")
            return lambda: split_household(**this, new=new, head_id=stay[0] if stay else None, relations=rest)
        case "merge":
            return lambda: merge_households(**this, into_id=other.pk, relations=related)
        case "move":
            return lambda: move_household(**this, village=("thon-1", "thon-2", "thon-tra-co")[many % 3])
    return lambda: end_household(**this, because=("moved_out", "dissolved", "died")[many % 3])


def faults() -> list[str]:
    """What does not hold, on every day on which something begins or ends, and on the days around it."""
    households = list(Household.objects.all())
    members = list(HouseholdMember.objects.select_related("person"))
    stays = list(HouseholdStay.objects.all())
    edges = {row.valid_from for row in [*members, *stays, *households]}
    edges |= {row.valid_to for row in [*members, *stays, *households] if row.valid_to}
    found = []
    for day in {edge + timedelta(days=n) for edge in edges for n in (-1, 0, 1)}:
        there = [row for row in members if row.holds_on(day)]
        twice = [pk for pk, count in Counter(row.person_id for row in there).items() if count > 1]
        found += [f"{day}: person {pk} in several households" for pk in twice]
        heads = Counter(row.household_id for row in there if row.relation == "head")
        sizes = Counter(row.household_id for row in there)
        places = Counter(row.household_id for row in stays if row.holds_on(day))
        for household in households:
            stands = household.holds_on(day)
            if (heads[household.pk], places[household.pk], bool(sizes[household.pk])) != (stands, stands, stands):
                found.append(f"{day}: {household} heads {heads[household.pk]}, places {places[household.pk]}")
        found += [
            f"{day}: person {row.person_id} after death"
            for row in there
            if row.person.died_on is not None and row.person.died_on <= day
        ]
    for household in households:
        last = [row for row in members if row.household_id == household.pk and row.valid_to == household.valid_to]
        head = next(row.person.name for row in last if row.relation == "head")
        place = max((row for row in stays if row.household_id == household.pk), key=lambda row: row.valid_from)
        if (household.head_name, household.size, household.village_id) != (head, len(last), place.village_id):
            found.append(f"{household}: the list shows another head, number or village")
    return found + lineage_faults(households)


def lineage_faults(households: list[Household]) -> list[str]:
    steps = list(HouseholdSuccession.objects.all())
    found = []
    for household in households:
        came = [step.effective_on for step in steps if step.successor_id == household.pk and step.kind == "split"]
        went = [step.effective_on for step in steps if step.predecessor_id == household.pk and step.kind == "merge"]
        if came != ([household.valid_from] if household.began_as == "split" else []):
            found.append(f"{household}: split off {came}")
        if went != ([household.valid_to + timedelta(days=1)] if household.ended_as == "merged" else []):
            found.append(f"{household}: merged {went}")
    return found


# Who leaves on the very day on which the household ends was there on its last one.
@example(plan=[("remove", 2, 0, 1, 1), ("merge", 2, 0, 0, 0)])
@example(plan=[("remove", 2, 0, 1, 1), ("end", 2, 0, 0, 0)])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(plan=PLAN)
def test_a_person_is_in_one_household_a_day_and_a_household_has_one_head(registry: Registry, plan: Any) -> None:
    with transaction.atomic():
        for code, people in (("A", 4), ("B", 1), ("C", 3)):
            others = (
                MemberEntry(relation="other_relative", person=someone(f"{code}{n}", None)) for n in range(1, people)
            )
            head = MemberEntry(relation="head", person=someone(f"{code}0", None))
            register_household(by=None, entry=entry(code=code, members=(head, *others)))
        day = START
        for at, (step, a, b, many, later) in enumerate(plan):
            day = max(day + timedelta(days=later), START)
            deed = act(step, a, b, many, day, at)
            if deed is None:
                continue
            try:
                deed()
            except Invalid:
                continue
            # Sent twice, it is done once.
            events = AuditEvent.objects.count()
            deed()
            assert AuditEvent.objects.count() == events, step
        assert faults() == []
        transaction.set_rollback(True)


def test_the_check_of_these_histories_sees_what_it_is_for(registry: Registry) -> None:
    register_household(by=None, entry=entry())
    second = register_household(by=None, entry=entry(code="H2", members=entry().members[:0] + (
        MemberEntry(relation="head", person=someone("Người Khác", None)),
    )))  # fmt: skip
    assert faults() == []
    HouseholdMember.objects.filter(household=second).update(valid_from=START - timedelta(days=1))
    assert any("heads 1" in fault for fault in faults())
    HouseholdMember.objects.filter(household=second).update(valid_from=START)
    child = Person.objects.get(name="Con Thử")
    HouseholdMember.objects.create(
        household=second, person=child, relation="child", valid_from=START + timedelta(days=5),
        valid_to=START + timedelta(days=9), began_as="entered", ended_as="moved_out",
    )  # fmt: skip
    assert any("several households" in fault for fault in faults())
