"""The database keeps the promise: every constraint of figures and plans refuses what it is for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from communes.models import UnitGroup
from programmes.models import ObservedStatistic, Target
from tests.factories.world import World, make_world
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def figure(world: World, **over: Any) -> ObservedStatistic:
    fields: dict[str, Any] = {
        "measure": "m", "area": world.town, "as_of": date(2023, 12, 31), "provenance": "sourced", "source": "s",
        "recorded_at": timezone.now(), "value": 1, **over,
    }  # fmt: skip
    return ObservedStatistic.records.create(**fields)


def plan(world: World, **over: Any) -> Target:
    fields: dict[str, Any] = {
        "measure": "m", "area": world.town, "year": 2024, "value": 0, "provenance": "sourced", "baseline_value": 57,
        "baseline_on": date(2023, 12, 31), "baseline_source": "s", "recorded_at": timezone.now(), **over,
    }  # fmt: skip
    return Target.records.create(**fields)


ENDED = {"ended_at": timezone.now(), "ended_by": "x", "end_reason": "y"}


def test_a_source_says_one_thing_of_a_day_while_it_stands(world: World) -> None:
    figure(world, **ENDED)
    figure(world)
    assert refused(lambda: figure(world), "programmes_observed_once")
    figure(world, source="other")


def test_a_ratio_is_a_part_of_the_whole(world: World) -> None:
    figure(world, value=None, numerator=3, denominator=3)
    for above, below in ((4, 3), (-1, 3)):
        assert refused(
            lambda above=above, below=below: figure(
                world, source="other", value=None, numerator=above, denominator=below
            ),
            "programmes_observed_part_of_the_whole",
        )


@pytest.mark.parametrize("make", [figure, plan])
def test_what_ended_says_why(world: World, make: Any) -> None:
    name = "programmes_observedstatistic_ended_with_reason" if make is figure else "programmes_target_ended_with_reason"
    make(world, **ENDED)
    assert refused(lambda: make(world, ended_at=timezone.now()), name)
    assert refused(lambda: make(world, end_reason="without an end"), name)
    assert refused(lambda: make(world, ended_by="without an end"), name)


def test_a_measure_has_one_plan_a_year_for_a_unit_and_one_for_each_group(world: World) -> None:
    plan(world, **ENDED)
    plan(world)
    assert refused(lambda: plan(world), "programmes_target_one_per_year")
    plan(world, year=2025)
    plan(world, area=world.commune)
    group = UnitGroup.objects.create(code="g", name_vi="g", name_en="g", provenance="sourced")
    plan(world, group=group)
    assert refused(lambda: plan(world, group=group), "programmes_target_one_per_year_of_a_group")


@pytest.mark.parametrize("name", ["baseline_value", "baseline_on"])
def test_a_plan_starts_from_somewhere(world: World, name: str) -> None:
    assert refused(lambda: plan(world, **{name: None}), name)


def test_where_a_plan_starts_from_has_its_source_and_is_not_after_its_year(world: World) -> None:
    assert refused(lambda: plan(world, baseline_source=""), "programmes_target_baseline_has_its_source")
    plan(world, baseline_on=date(2024, 1, 1))
    late = {"year": 2023, "baseline_on": date(2024, 1, 1)}
    assert refused(lambda: plan(world, **late), "programmes_target_baseline_by_its_year")


def test_what_is_succeeded_is_not_deleted_and_is_succeeded_once(world: World) -> None:
    old = plan(world, **ENDED)
    plan(world, replaces=old)
    with pytest.raises(ProtectedError):
        old.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        plan(world, year=2030, replaces=old)


def test_what_ended_is_no_longer_among_what_stands(world: World) -> None:
    old, new = figure(world, **ENDED), figure(world)
    assert list(ObservedStatistic.objects.all()) == [new]
    assert set(ObservedStatistic.records.all()) == {old, new}
