"""Money moves by dated entries: what may be, what is refused by name, and what a second window meets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Outdated, Stale
from programmes.models import BudgetEntry, BudgetLine
from programmes.services.budget import (
    NewLine,
    allocate,
    carry_over,
    disburse,
    enter_line,
    enter_move,
    plan,
    retag,
    set_conversion,
)
from tests.factories.budget import ON, conversion_rule, labour_rule, make_line, make_programmes, money
from tests.factories.world import World, make_world

pytestmark = pytest.mark.django_db
BILLION = 1_000_000_000
# What is given in kind: the source, what it is counted in, and what the other one is.
CONVERTED = [("people_labour", "workday", "m2"), ("people_land", "m2", "workday")]


@pytest.fixture
def world() -> World:
    make_programmes()
    return make_world()


def new(world: World, **over: Any) -> NewLine:
    fields = {"programme": "NTM", "component": 1, "unit": world.commune.uid, "year": 2023, "source": "province"}
    return NewLine(**{**fields, **over})


def codes(error: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in error.value.faults]


def test_a_line_is_planned_allocated_and_disbursed(world):
    coordinator = world.people["coordinator"]
    line = enter_line(by=coordinator, line=new(world), move=money("1.500.000.000"))
    allocate(by=coordinator, line_id=line.pk, move=money("1.200.000.000"))
    line = disburse(by=coordinator, line_id=line.pk, move=money("900.000.000", on=date(2023, 9, 30)))
    assert (line.planned, line.allocated, line.disbursed) == (1_500_000_000, 1_200_000_000, 900_000_000)
    assert [entry.provenance for entry in line.entries.all()] == ["sourced"] * 3
    told = AuditEvent.objects.filter(object_type="budget_line").values_list("kind", flat=True)
    assert sorted(told) == ["budget.line_entered", "budget.moved", "budget.moved"]


def test_an_entry_without_a_document_is_unverified(world):
    line = enter_line(by=None, line=new(world), move=money(BILLION, document=""))
    assert line.entries.get().provenance == "unverified"


def test_disbursement_before_allocation_is_refused(world):
    line = make_line(world.commune)
    with pytest.raises(Invalid) as error:
        disburse(by=None, line_id=line.pk, move=money(1_000))
    assert codes(error) == [("/amount", "before_allocation")]


def test_a_disbursement_dated_before_the_allocation_is_refused_though_the_sums_would_do(world):
    line = make_line(world.commune, allocated=BILLION, on=date(2023, 4, 15))
    with pytest.raises(Invalid) as error:
        disburse(by=None, line_id=line.pk, move=money(1_000, on=date(2023, 4, 14)))
    assert codes(error) == [("/amount", "before_allocation")]
    assert disburse(by=None, line_id=line.pk, move=money(1_000, on=date(2023, 4, 15))).disbursed == 1_000


def test_overspending_is_refused_to_the_dong(world):
    line = make_line(world.commune, allocated=700)
    with pytest.raises(Invalid) as error:
        disburse(by=None, line_id=line.pk, move=money(701))
    assert codes(error) == [("/amount", "overspent")] and "1 đồng" in str(error.value)
    assert disburse(by=None, line_id=line.pk, move=money(700)).disbursed == 700


def test_allocation_beyond_plan_and_carried_over_money_is_refused(world):
    line = make_line(world.commune, planned=500)
    enter_move(by=None, line_id=line.pk, move=money(200, kind="carried_over"))
    with pytest.raises(Invalid) as error:
        allocate(by=None, line_id=line.pk, move=money(701))
    assert codes(error) == [("/amount", "beyond_plan")]
    assert allocate(by=None, line_id=line.pk, move=money(700)).allocated == 700


def test_less_needs_a_reason_and_may_not_leave_what_was_spent_without_cover(world):
    line = make_line(world.commune, planned=1_000, allocated=1_000, disbursed=800)
    with pytest.raises(Invalid) as error:
        plan(by=None, line_id=line.pk, move=money("-100"))
    assert codes(error) == [("/reason", "required")]
    with pytest.raises(Invalid) as error:
        plan(by=None, line_id=line.pk, move=money("-100", reason="Cắt giảm"))
    assert codes(error) == [("/amount", "beyond_plan")]
    line = disburse(by=None, line_id=line.pk, move=money(-300, reason="Thu hồi tạm ứng"))
    assert line.disbursed == 500


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"), ("một tỷ", "not_a_number"), ("1,500,000", "wrong_format"), ("500,000", "wrong_format"),
        ("1.500,5", "not_whole"), ("0", "nothing"), ("9.999.999.999.999.999", "too_long"), ("1.50.000", "wrong_format"),
    ],
)  # fmt: skip
def test_an_amount_that_cannot_be_read_is_named(world, typed, code):
    line = make_line(world.commune)
    with pytest.raises(Invalid) as error:
        plan(by=None, line_id=line.pk, move=money(typed))
    assert codes(error) == [("/amount", code)]


def test_a_comma_that_stands_for_a_point_is_told_with_what_was_probably_meant(world):
    line = make_line(world.commune)
    with pytest.raises(Invalid) as error:
        plan(by=None, line_id=line.pk, move=money("1,500,000"))
    assert "1.500.000" in str(error.value)
    with translation.override("en"):
        assert plan(by=None, line_id=line.pk, move=money("1,500,000")).planned == 1_001_500_000


def test_every_fault_of_a_line_is_named_at_once(world):
    with pytest.raises(Invalid) as error:
        enter_line(
            by=None,
            line=NewLine("", None, "nowhere", None, "casino", ("NTX",)),
            move=money("x", kind="wish", on=date(2999, 1, 1)),
        )
    assert codes(error) == [
        ("/programme", "required"), ("/unit", "unknown"), ("/source", "unknown"), ("/shared_with", "unknown"),
        ("/year", "required"), ("/kind", "unknown"), ("/amount", "not_a_number"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"component": None}, ("/component", "required")),
        ({"component": 9}, ("/component", "unknown")),
        ({"year": 2020}, ("/year", "outside_term")),
        ({"year": 1999}, ("/year", "beyond_limits")),
        ({"shared_with": ("NTM",)}, ("/shared_with", "own")),
        ({"source": "city", "year": 2026, "programme": "NEXT", "component": None}, ("/source", "not_in_year")),
    ],
)
def test_what_does_not_go_together_is_refused(world, over, fault):
    with pytest.raises(Invalid) as error:
        enter_line(by=None, line=new(world, **over), move=money(BILLION, on=date(over.get("year", 2023), 2, 1)))
    assert fault in codes(error)


def test_the_same_line_twice_is_named_and_one_that_serves_others_is_another(world):
    make_line(world.commune)
    with pytest.raises(Invalid) as error:
        make_line(world.commune)
    assert codes(error) == [("/line", "exists")]
    assert make_line(world.commune, shared_with=("NQ06",)).pk


def test_a_programme_without_components_has_one_line_of_its_own(world):
    line = make_line(world.commune, programme="NQ06", component=None)
    assert line.component is None
    with pytest.raises(Invalid) as error:
        make_line(world.commune, programme="NQ06", component=None)
    assert codes(error) == [("/line", "exists")]


@pytest.mark.parametrize(
    ("on", "code"), [(None, "required"), (date(2999, 1, 1), "in_future"), (date(2021, 12, 31), "other_year")]
)
def test_a_day_that_cannot_be_is_named(world, on, code):
    with pytest.raises(Invalid) as error:
        make_line(world.commune, on=on)
    assert codes(error) == [("/on", code)]


def test_the_rest_of_a_year_is_carried_over_once_and_no_more_than_is_left(world):
    line = make_line(world.commune, planned=1_000, allocated=800, disbursed=600)
    move = money(400, on=date(2024, 1, 31))
    after = carry_over(by=None, line_id=line.pk, move=move)
    assert (after.year, after.carried_over, after.planned) == (2024, 400, 0)
    with pytest.raises(Invalid) as error:
        carry_over(by=None, line_id=line.pk, move=money(1, on=date(2024, 2, 1)))
    assert codes(error) == [("/amount", "carried_on")]


def test_what_was_carried_over_cannot_be_spent_in_the_year_it_left(world):
    line = make_line(world.commune, planned=1_000, allocated=1_000, disbursed=600)
    carry_over(by=None, line_id=line.pk, move=money(300, on=date(2024, 1, 31)))
    with pytest.raises(Invalid) as error:
        disburse(by=None, line_id=line.pk, move=money(101, on=date(2024, 1, 31)))
    assert codes(error) == [("/amount", "carried_on")]
    assert disburse(by=None, line_id=line.pk, move=money(100, on=date(2024, 1, 31))).disbursed == 700


def test_a_source_that_ends_is_not_carried_over(world):
    line = make_line(world.commune, year=2025, source="city", on=date(2025, 2, 1))
    with pytest.raises(Invalid) as error:
        carry_over(by=None, line_id=line.pk, move=money(1, on=date(2026, 1, 31)))
    assert codes(error) == [("/source", "not_in_year")]


def test_a_term_that_ended_lets_money_be_carried_over_but_not_planned(world):
    line = make_line(world.commune, year=2025, on=date(2025, 2, 1))
    after = carry_over(by=None, line_id=line.pk, move=money(1_000, on=date(2026, 1, 31)))
    assert (after.year, after.carried_over) == (2026, 1_000)
    with pytest.raises(Invalid) as error:
        make_line(world.commune, component=2, year=2026, on=date(2026, 2, 1))
    assert codes(error) == [("/year", "outside_term")]


def test_mobilised_money_comes_in_without_allocation_and_beyond_its_plan(world):
    line = make_line(world.commune, source="people_cash", planned=1_000)
    assert disburse(by=None, line_id=line.pk, move=money(2_500)).disbursed == 2_500
    with pytest.raises(Invalid) as error:
        allocate(by=None, line_id=line.pk, move=money(1))
    assert codes(error) == [("/amount", "not_allocated")]
    with pytest.raises(Invalid) as error:
        carry_over(by=None, line_id=line.pk, move=money(1, on=date(2024, 1, 31)))
    assert ("/amount", "not_allocated") in codes(error)


@pytest.mark.parametrize(("source", "measure", "other"), CONVERTED)
def test_working_days_and_land_are_converted_by_the_rule_of_their_day_and_keep_it(world, source, measure, other):
    conversion_rule(measure, 300_000, date(2021, 1, 1))
    conversion_rule(measure, 350_000, date(2023, 7, 1))
    conversion_rule(other, 7, date(2022, 1, 1))
    line = make_line(world.commune, source=source, planned=100)
    line = disburse(by=None, line_id=line.pk, move=money("40,5", on=date(2023, 6, 30)))
    line = disburse(by=None, line_id=line.pk, move=money("40,5", on=date(2023, 7, 1)))
    first, second = line.entries.filter(kind="disbursed")
    assert (first.amount, second.amount) == (12_150_000, 14_175_000)
    assert (first.quantity, first.rule.dong, second.rule.dong) == (Decimal("40.5"), 300_000, 350_000)
    assert line.disbursed == 26_325_000


@pytest.mark.parametrize(("source", "measure", "other"), CONVERTED)
def test_labour_and_land_without_a_rule_of_their_own_for_the_day_are_refused(world, source, measure, other):
    conversion_rule(measure, 300_000, date(2023, 6, 1))
    conversion_rule(other, 300_000)
    with pytest.raises(Invalid) as error:
        make_line(world.commune, source=source, planned=100)
    assert codes(error) == [("/amount", "no_rule")]
    assert make_line(world.commune, source=source, planned=100, on=date(2023, 6, 1)).planned == 30_000_000


def test_a_rule_is_succeeded_and_never_overlaps(world):
    first, second = labour_rule(), labour_rule(350_000, date(2023, 7, 1))
    first.refresh_from_db()
    assert (first.valid_to, second.valid_to) == (date(2023, 6, 30), None)
    with pytest.raises(Invalid) as error:
        set_conversion(by=None, measure="gold", dong="0", valid_from=None)
    assert codes(error) == [("/dong", "too_small"), ("/measure", "unknown"), ("/valid_from", "required")]
    with pytest.raises(Invalid) as error:
        labour_rule(1, date(2023, 7, 1))
    assert codes(error) == [("/valid_from", "not_after")]


def test_a_second_window_is_told_and_nothing_is_written_twice(world):
    line = make_line(world.commune, allocated=BILLION)
    seen = line.lock
    disburse(by=None, line_id=line.pk, move=money(100), lock=seen)
    with pytest.raises(Stale):
        disburse(by=None, line_id=line.pk, move=money(100), lock=seen)
    line.refresh_from_db()
    assert line.disbursed == 100


def test_another_system_must_have_seen_the_line_as_it_is(world):
    line = make_line(world.commune)
    with pytest.raises(Outdated):
        plan(by=None, line_id=line.pk, move=money(1), seen=lambda version: False)
    assert plan(by=None, line_id=line.pk, move=money(1), seen=lambda version: True).planned == BILLION + 1


@pytest.mark.parametrize("name", ["officer", "verifier_a", "leader", "administrator"])
def test_only_the_coordination_office_writes_money(world, name):
    line = make_line(world.commune)
    with pytest.raises(Forbidden):
        plan(by=world.people[name], line_id=line.pk, move=money(1))
    with pytest.raises(Forbidden):
        enter_line(by=world.people[name], line=new(world, component=2), move=money(1))
    with pytest.raises(Forbidden):
        set_conversion(by=world.people[name], measure="workday", dong=1, valid_from=ON)


def test_the_line_of_another_commune_is_none_to_an_officer(world):
    line = make_line(world.communes[1])
    with pytest.raises(BudgetLine.DoesNotExist):
        plan(by=world.people["officer"], line_id=line.pk, move=money(1))


def test_which_programmes_a_line_serves_can_be_said_anew(world):
    line = make_line(world.commune)
    line = retag(by=None, line_id=line.pk, shared_with=["NQ06", "GNBV"])
    assert line.shared_with == "GNBV+NQ06" and line.tags.count() == 2
    lock = line.lock
    assert retag(by=None, line_id=line.pk, shared_with=["GNBV", "NQ06"]).lock == lock
    assert retag(by=None, line_id=line.pk, shared_with=["GNBV"]).tags.get().programme.code == "GNBV"
    make_line(world.commune)
    with pytest.raises(Invalid) as error:
        retag(by=None, line_id=line.pk, shared_with=[])
    assert codes(error) == [("/line", "exists")]


def test_the_amounts_of_a_line_are_the_sums_of_its_entries(world):
    line = make_line(world.commune, allocated=500, disbursed=300)
    plan(by=None, line_id=line.pk, move=money(-200, reason="Điều chỉnh"))
    line.refresh_from_db()
    for kind in BudgetEntry.Kind.values:
        assert getattr(line, kind) == sum(e.amount for e in line.entries.all() if e.kind == kind)
