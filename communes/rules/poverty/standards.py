"""Which standards count for a year or are applied by a round, and what contradicts itself in a standard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from communes.rules.poverty.types import (
    AREA_TYPES,
    AVERAGE_LINE,
    LINE_AND_DEPRIVATIONS,
    POOR_LINE,
    TWO_LINES,
    UPPER_LINE,
    LineSpec,
    StandardSpec,
)


@dataclass(frozen=True, slots=True)
class StandardFault:
    """What contradicts itself: where in the standard (`lines/rural/upper`), and a stable code."""

    place: str
    code: str


def counting_in(standards: Iterable[StandardSpec], year: int, areas: Collection[str] = ()) -> tuple[StandardSpec, ...]:
    """Return the standards that counts of a year stand under.

    `areas`: the unit and all that it lies in, for the standards that are not the whole country's. A decision that a
    monthly review takes within the year stands under these, too.
    """
    return tuple(s for s in standards if _is_for(s, areas) and any(one.effective_year == year for one in s.years))


def applied_by(
    standards: Iterable[StandardSpec], held_in: int, areas: Collection[str] = ()
) -> tuple[tuple[StandardSpec, int], ...]:
    """Return the standards by which the yearly round held in a year classifies, each with the year it classifies for.

    The round of autumn classifies for the year after (DOMAIN: NĐ 07/2021 counts from 2022). A year whose round is not
    known is nobody's.
    """
    return tuple(
        (s, one.effective_year) for s in standards if _is_for(s, areas) for one in s.years if one.round_held == held_in
    )


def _is_for(standard: StandardSpec, areas: Collection[str]) -> bool:
    return not standard.area or standard.area in areas


def clashes(standards: Iterable[StandardSpec]) -> list[tuple[str, int]]:
    """Return (code, year) of standards for a year that an earlier one of the same area counts for already."""
    taken: dict[tuple[str, int], str] = {}
    found = []
    for standard in standards:
        for one in standard.years:
            if taken.setdefault((standard.area, one.effective_year), standard.code) != standard.code:
                found.append((standard.code, one.effective_year))
    return found


def standard_faults(standard: StandardSpec) -> list[StandardFault]:
    """Return everything in a standard that its own rule contradicts."""
    faults = []
    if standard.least > standard.declared:
        faults.append(StandardFault("least", "more_than_declared"))
    if standard.form is not None and not standard.list_entered:
        faults.append(StandardFault("form", "not_as_declared"))
    for area_type in AREA_TYPES:
        faults += _line_faults(standard, area_type)
    limits = [line.a_most for line in standard.lines.values()]
    if any(limit is not None for limit in limits) and (standard.form is None or standard.b_least is None):
        faults.append(StandardFault("b_least", "b_limit_needed"))
    elif standard.b_least is not None and standard.form is None:
        faults.append(StandardFault("form", "form_needed"))
    each = standard.form.points_each if standard.form else None
    if standard.b_least is not None and each and standard.b_least != standard.least * each:
        faults.append(StandardFault("b_least", "not_the_number"))
    return faults + _year_faults(standard)


def _line_faults(standard: StandardSpec, area_type: str) -> list[StandardFault]:
    place = f"lines/{area_type}"
    poor, upper, average = (standard.line(area_type, kind) for kind in (POOR_LINE, UPPER_LINE, AVERAGE_LINE))
    faults = []
    if poor is None:
        faults.append(StandardFault(f"{place}/{POOR_LINE}", "line_needed"))
    if standard.shape == TWO_LINES and upper is None:
        faults.append(StandardFault(f"{place}/{UPPER_LINE}", "line_needed"))
    if standard.shape == LINE_AND_DEPRIVATIONS and upper is not None:
        faults.append(StandardFault(f"{place}/{UPPER_LINE}", "one_line_only"))
    for kind, line in ((UPPER_LINE, upper), (AVERAGE_LINE, average)):
        if poor is not None and line is not None and _not_above(line, poor):
            faults.append(StandardFault(f"{place}/{kind}", "not_above_the_poor_line"))
    return faults


def _not_above(line: LineSpec, poor: LineSpec) -> bool:
    scored = line.a_most is not None and poor.a_most is not None and line.a_most <= poor.a_most
    return line.amount <= poor.amount or scored


def _year_faults(standard: StandardSpec) -> list[StandardFault]:
    number = Counter(one.effective_year for one in standard.years)
    faults = [StandardFault(f"years/{year}", "year_twice") for year, times in number.items() if times > 1]
    faults += [
        StandardFault(f"years/{one.effective_year}", "round_of_another_year")
        for one in standard.years
        # In the year itself only where a standard began late; never years before or after.
        if one.round_held is not None and one.round_held not in (one.effective_year - 1, one.effective_year)
    ]
    return faults
