"""Measures over time, with plans and projections."""

from datetime import date
from decimal import Decimal

import pytest

from programmes.measures.series import points_of
from programmes.rules.projection import FEW_POINTS
from programmes.selectors.measures import explanation_of
from tests.factories.board import board

pytestmark = pytest.mark.django_db
END = date(2023, 12, 31)


def trend(code, day=END, **more):
    return explanation_of(code, day, **more).trend


def test_two_figures_are_no_trend_and_three_are():
    town = board(2)
    for year, value in ((2021, "60"), (2022, "68")):
        town.observe("income.rural.per_capita", date(year, 12, 31), value)
    assert trend("income.rural.per_capita").projection.reason == FEW_POINTS
    town.observe("income.rural.per_capita", END, "76")
    line = trend("income.rural.per_capita").projection
    assert (line.reason, line.ends.day, line.points) == ("", date(2025, 12, 31), 3)
    assert round(line.ends.value, 1) == Decimal("92.0")


def test_a_projected_percentage_does_not_pass_a_hundred():
    town = board(4)
    for at, year in enumerate((2020, 2021, 2022, 2023)):
        town.recognise(town.communes[at], "standard", date(year, 6, 1))
    found = trend("ntm.recognised.standard")
    assert [(p.as_of.year, p.value) for p in found.points] == [(2020, 25), (2021, 50), (2022, 75), (2023, 100)]
    assert found.projection.ends.value == 100


def test_plans_stand_beside_the_points_and_never_among_them():
    town = board(2)
    town.observe("poverty.near_poor.count", END, "57")
    town.aim("poverty.near_poor.count", 2024, "0")
    found = trend("poverty.near_poor.count")
    assert [(one.kind, one.as_of.year, one.value) for one in points_of(found)] == [
        ("known", 2023, 57), ("planned", 2024, 0),
    ]  # fmt: skip
    assert found.drawn


def test_a_plan_over_a_group_belongs_to_the_group():
    town = board(2)
    town.recognise(town.communes[0], "standard", date(2021, 1, 1))
    town.aim("ntm.recognised.standard", 2025, "100", start="50", group=town.groups["ntm_upgrade"])
    assert trend("ntm.recognised.standard").plans == ()
    found = explanation_of("ntm.recognised.standard", END, group="ntm_upgrade")
    assert [plan.value for plan in found.trend.plans] == [100]
    assert (found.value.target.value, found.value.status) == (100, "on_track")


def test_a_measure_without_anything_has_an_empty_trend():
    board(1)
    found = trend("value_chains.count")
    assert (found.points, found.plans, found.drawn) == ((), (), False)
