"""Three levels from one report: typed once, judged side by side, stored together, at the cost of one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Attainment, CriteriaSet, IndicatorResult, Period, ReportedValue
from indicators.selectors.attainment import explain
from indicators.selectors.definitions import definitions_for
from indicators.selectors.entry import report_state
from indicators.services.evaluation import evaluate, run_requests
from indicators.services.recheck import recheck
from indicators.services.reports import approve, submit
from indicators.services.values import CellInput, save_values
from indicators.services.verification import verify
from mongcai_portal.common.errors import Invalid
from tests.factories.levels import BETTER, add_levels, amend
from tests.factories.world import World, bring_to, cells, fresh, make_report, make_world

pytestmark = pytest.mark.django_db

END = date(2023, 12, 31)


@pytest.fixture
def world() -> World:
    world = make_world()
    add_levels(world)
    return world


def approved(world: World, changes: dict[tuple[str, str], object] | None = None, **judgements: Any) -> Any:
    """Take the first commune's report to approval; roads are judged at the standard, which has no norm for them."""
    report = make_report(world)
    save_values(
        by=world.people["officer"], report_id=report.pk, cells=cells({**BETTER, **(changes or {})}), all_or_none=True
    )
    submit(by=world.people["officer"], report_id=report.pk)
    verify(by=world.people["verifier_all"], report_id=report.pk, judgements=judgements or {"roads": {"SMALL": "met"}})
    report = approve(by=world.people["coordinator"], report_id=report.pk)
    run_requests()
    return report


def outcomes() -> dict[str, str]:
    return dict(Attainment.objects.values_list("criteria_set__level__code", "outcome"))


@pytest.mark.parametrize(
    ("changes", "standard", "advanced", "model"),
    [
        ({}, "met", "met", "met"),
        ({("roads", ""): "94.4999"}, "met", "met", "not_met"),  # 1.05 times 90
        ({("roads", ""): "94.5"}, "met", "met", "met"),
        ({("roads", ""): "89.9"}, "met", "not_met", "not_met"),
        ({("insured", "female"): "94.9"}, "met", "not_met", "not_met"),
        ({("insured", "female"): "89.9"}, "not_met", "not_met", "not_met"),
        ({("houses", ""): "1"}, "not_met", "not_met", "not_met"),
        ({("signs", ""): "0"}, "met", "not_met", "not_met"),
    ],
)
def test_one_report_is_judged_at_three_levels(
    world: World, changes: dict[tuple[str, str], object], standard: str, advanced: str, model: str
) -> None:
    approved(world, changes)
    assert outcomes() == {"standard": standard, "advanced": advanced, "model": model}


def test_what_two_levels_read_is_one_value_and_meets_the_advanced_set_is_not_asked(world: World) -> None:
    report = bring_to(world, "draft")
    asked = [e.code for e in definitions_for(world.period).elements]
    assert len(asked) == len(set(asked)) and asked.count("roads") == 1
    assert "signs" in asked and "meets_advanced" not in asked
    with pytest.raises(Invalid) as caught:
        save_values(
            by=world.people["officer"],
            report_id=report.pk,
            cells=[CellInput("meets_advanced", raw=True, language="plain")],
            all_or_none=True,
        )
    assert [fault.code for fault in caught.value.faults] == ["not_asked"]
    assert ReportedValue.objects.filter(element__code="roads").count() == 1


def test_the_form_shows_one_value_with_norm_and_outcome_at_every_level_that_reads_it(world: World) -> None:
    report = bring_to(world, "draft", changes={("roads", ""): "92"})
    roads = next(row for row in report_state(report).rows if row.row.element.code == "roads")
    shown = {reader.criteria_set.level: (found.outcome, found.parts[0].norm_value) for reader, found in roads.outcomes}
    assert shown == {
        "standard": ("undetermined", None),
        "advanced": ("met", Decimal(90)),
        "model": ("not_met", Decimal("94.50")),
    }


def test_an_office_judges_at_the_level_that_has_no_norm_only(world: World) -> None:
    with pytest.raises(Invalid):
        approved(world, roads={"SMALL": "met", "SMALL_ADVANCED": "not_met"})


def test_a_judgement_at_the_standard_marks_what_is_built_on_it(world: World) -> None:
    approved(world)
    marks = Attainment.objects.values_list("criteria_set__level__code", "rests_on_judgement", "rests_on_unverified")
    assert set(marks) == {("standard", True, True), ("advanced", True, True), ("model", True, True)}


def test_the_explanation_of_each_level_agrees_with_what_is_stored(world: World) -> None:
    approved(world, {("roads", ""): "92"})
    found = {code: explain(world.commune.pk, code, END) for code in ("SMALL", "SMALL_ADVANCED", "SMALL_MODEL")}
    assert all(one is not None and one.agrees for one in found.values())
    model = found["SMALL_MODEL"]
    assert model is not None and model.standing.prerequisite_outcome == "met"
    taken, derived = (c.indicators[0] for c in model.standing.criteria)
    assert (taken.outcome, taken.parts) == ("met", ())
    assert derived.deciding is not None and derived.deciding.gap == Decimal("-2.5")


def test_a_gap_to_a_derived_norm_is_stored_as_it_is_computed(world: World) -> None:
    """A factor of four places times a norm of four places has eight; the column keeps four, and nothing differs."""
    from indicators.models import Norm

    Norm.objects.filter(derived_set="SMALL_ADVANCED").update(derived_factor=Decimal("1.0333"))
    Norm.objects.filter(version__indicator__criterion__criteria_set__code="SMALL_ADVANCED", number=90).update(
        number=Decimal("90.0001")
    )
    CriteriaSet.objects.update(changed_at="2024-01-01T00:00:00Z")
    approved(world)
    assert IndicatorResult.objects.get(version__indicator__code="2").gap == Decimal("2.0029")
    assert evaluate().written == 0 and recheck() == []


def test_one_by_one_and_all_together_give_the_same_rows(world: World) -> None:
    approved(world)
    second = make_report(world, unit=world.communes[1])
    save_values(
        by=world.people["other_officer"], report_id=second.pk, cells=cells({**BETTER, ("roads", ""): "91"}),
        all_or_none=True,
    )  # fmt: skip
    submit(by=world.people["other_officer"], report_id=second.pk)
    verify(by=world.people["verifier_all"], report_id=second.pk)
    approve(by=world.people["coordinator"], report_id=second.pk)
    run_requests()
    assert Attainment.objects.count() == 6
    assert evaluate().written == 0
    Attainment.objects.all().delete()
    IndicatorResult.objects.all().delete()
    evaluate()
    assert recheck() == []


def test_three_levels_cost_the_queries_of_one(world: World) -> None:
    """19 for one report, as with a single set (`test_evaluation`), and 14 to approve it."""
    report = make_report(world)
    save_values(by=world.people["officer"], report_id=report.pk, cells=cells(BETTER), all_or_none=True)
    submit(by=world.people["officer"], report_id=report.pk)
    verify(by=world.people["verifier_all"], report_id=report.pk)
    coordinator = fresh(world.people["coordinator"])
    with CaptureQueriesContext(connection) as approving:
        approve(by=coordinator, report_id=report.pk)
    with CaptureQueriesContext(connection) as evaluating:
        assert run_requests() == 1
    assert Attainment.objects.count() == 3
    assert (len(approving), len(evaluating)) == (14, 19)


def test_an_indicator_amended_in_mid_year_is_asked_as_it_stands_on_the_last_day_of_the_period(world: World) -> None:
    amend(world)

    def asked(code: str, start: date, end: date) -> set[str]:
        period = Period.objects.create(code=code, starts_on=start, ends_on=end, due_on=end)
        return {e.code for e in definitions_for(period).elements} & {"signs", "has_signs"}

    assert asked("2024-02", date(2024, 2, 1), date(2024, 2, 29)) == {"signs"}
    assert asked("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)) == {"has_signs"}
    assert asked("2024", date(2024, 1, 1), date(2024, 12, 31)) == {"has_signs"}


def test_results_of_the_old_wording_stay_with_their_periods(world: World) -> None:
    approved(world)
    amend(world)
    later = Period.objects.create(
        code="2024", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), due_on=date(2025, 1, 15)
    )
    report = make_report(world, period=later)
    changed = {**BETTER, ("signs", ""): None, ("has_signs", ""): False}
    save_values(by=world.people["officer"], report_id=report.pk, cells=cells(changed), all_or_none=True)
    submit(by=world.people["officer"], report_id=report.pk)
    verify(by=world.people["verifier_all"], report_id=report.pk)
    approve(by=world.people["coordinator"], report_id=report.pk)
    run_requests()
    found = IndicatorResult.objects.filter(version__indicator__code="2.1", version__indicator__criterion__number=2)
    told = found.filter(version__indicator__criterion__criteria_set__code="SMALL_ADVANCED").values_list(
        "period__code", "version__element__code", "outcome"
    )
    assert set(told) == {("2023", "signs", "met"), ("2024", "has_signs", "not_met")}
    assert recheck() == []
