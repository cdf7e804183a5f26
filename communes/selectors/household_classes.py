"""What a household is under every standard that counts on a day, with what each answer rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from communes.models import Classification, Deprivation, Household, PovertyStandard, StandardYear
from communes.rules.poverty.standards import counting_in
from communes.rules.poverty.types import StandardSpec
from communes.selectors.poverty import areas_on, poverty_standards


@dataclass(frozen=True, slots=True)
class StandardClass:
    """A standard, the answer of the day (None: none was given yet), and all answers, the latest first.

    `deprivations` are the names of the form's deprivations by code; `counts` whether counts of the day's year stand
    under this standard: an answer may outlast it.
    """

    standard: PovertyStandard
    spec: StandardSpec
    answer: Classification | None
    history: tuple[Classification, ...]
    deprivations: Mapping[str, Deprivation]
    counts: bool


def classes_of(household: Household, unit_id: int | None, day: date) -> tuple[StandardClass, ...]:
    """Return the standards that count for the household's place in the day's year, and those that answered by then.

    The whole country's come first. A constant number of queries.
    """
    specs = poverty_standards()
    areas = areas_on(day).get(unit_id, frozenset()) if unit_id is not None else frozenset()
    counting = {spec.code for spec in counting_in(specs, day.year, areas)}
    given: dict[str, list[Classification]] = {}
    rows = Classification.objects.filter(household=household, valid_from__lte=day).select_related("standard")
    for row in rows.order_by("-valid_from"):
        given.setdefault(row.standard.code, []).append(row)
    standards = {row.code: row for row in PovertyStandard.objects.all()}
    names = _deprivations({row.form for rows in given.values() for row in rows if row.form})
    return tuple(
        StandardClass(
            standards[spec.code],
            spec,
            given[spec.code][0] if spec.code in given else None,
            tuple(given.get(spec.code, ())),
            names.get(given[spec.code][0].form, {}) if spec.code in given else {},
            spec.code in counting,
        )
        for spec in specs
        if spec.code in counting or spec.code in given
    )


def _deprivations(forms: Iterable[str]) -> dict[str, dict[str, Deprivation]]:
    found: dict[str, dict[str, Deprivation]] = {}
    for row in Deprivation.objects.filter(form__code__in=set(forms)).select_related("form"):
        found.setdefault(row.form.code, {})[row.code] = row
    return found


def classes_on(day: date, household_ids: Iterable[int]) -> dict[int, list[Classification]]:
    """Return the answers of a day of some households under the standards that count in its year, by household.

    One query.
    """
    found: dict[int, list[Classification]] = {}
    counting = StandardYear.objects.filter(effective_year=day.year).values("standard")
    rows = Classification.objects.filter(household__in=list(household_ids), standard__in=counting)
    rows = rows.on(day).select_related("standard")
    for row in rows.order_by("standard_id"):
        found.setdefault(row.household_id, []).append(row)
    return found
