"""Demonstration figures and plans: typed with their sources by the people of the demonstration, marked illustrative."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from mongcai_portal.accounts.models import User
from mongcai_portal.common.models import Provenance
from programmes.measures.gathered import POPULATION
from programmes.models import ObservedStatistic, Target
from programmes.services.demo.people import officer_name
from programmes.services.statistic_reading import StatisticTyped
from programmes.services.statistics import enter_statistic
from programmes.services.target_reading import TargetTyped
from programmes.services.targets import revise_target, set_target
from programmes.services.typed import PLAIN

MARKS = frozenset({Provenance.ILLUSTRATIVE, Provenance.UNVERIFIED})
PLAN = "Kế hoạch minh họa"


def enter_figures(raw: Mapping[str, Any], users: Mapping[str, User]) -> int:
    """Let officers enter the figures of their communes that are not there yet; return how many they entered."""
    # What was entered and then corrected or withdrawn by somebody stays as they left it.
    known = set(ObservedStatistic.records.values_list("measure", "area__uid", "as_of", "source"))
    made = 0
    for typed in _figures(raw):
        if (typed.measure, typed.unit, typed.as_of, typed.source) not in known:
            made += enter_statistic(by=users[officer_name(typed.unit)], typed=typed, marks=MARKS)[1]
    return made


def _figures(raw: Mapping[str, Any]) -> Iterator[StatisticTyped]:
    people = raw["population"]
    rows = [{"measure": POPULATION, **people, "values": people["people"]}, *raw["figures"]]
    for row in rows:
        for unit, value in row["values"].items():
            parts = [str(one) for one in value] if isinstance(value, list) else ["", ""]
            yield StatisticTyped(
                measure=row["measure"],
                unit=unit,
                as_of=date.fromisoformat(row["as_of"]),
                value="" if isinstance(value, list) else str(value),
                numerator=parts[0],
                denominator=parts[1],
                printed=row.get("printed", ""),
                source=row["source"],
                provenance=row.get("provenance", Provenance.ILLUSTRATIVE),
                note=row.get("note", ""),
                language=PLAIN,
            )


def make_plans(raw: Mapping[str, Any], coordinator: User) -> int:
    """Let the coordination office plan what is not planned yet; return how many plans it made."""
    known = set(Target.records.values_list("measure", "area__uid", "year"))
    revised = {(row["measure"], row["unit"], row["year"]): row for row in raw["revised"]}
    made = 0
    for row in raw["targets"]:
        key = (row["measure"], row["unit"], row["year"])
        if key in known:
            continue
        typed = _plan(row)
        before = revised.get(key)
        first = replace(typed, value=before["first"]) if before else typed
        target, new = set_target(by=coordinator, typed=first, marks=MARKS)
        made += new
        if before:
            revise_target(by=coordinator, target_id=target.pk, typed=typed, reason=before["reason"], marks=MARKS)
    return made


def _plan(row: Mapping[str, Any]) -> TargetTyped:
    day, value, source = row["baseline"]
    return TargetTyped(
        measure=row["measure"],
        unit=row["unit"],
        year=str(row["year"]),
        value=row["value"],
        baseline_on=date.fromisoformat(day),
        baseline_value=value,
        baseline_source=source,
        source=PLAN,
        provenance=Provenance.ILLUSTRATIVE,
        language=PLAIN,
    )
