"""What the pages of the import of past years read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from communes.models import Unit, UnitVersion
from communes.scope import Scope
from communes.selectors.directory import names_on
from indicators.models import HistoryImport, Period
from indicators.selectors.archive import asked_in, catalogue
from indicators.selectors.definitions import ElementDef
from mongcai_portal.common.periods import PeriodSpan, parse_period

PAST_YEARS = 10


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import: the reports it makes with their number of cells, the periods it opens, names of its communes."""

    row: HistoryImport
    reports: dict[tuple[int, str], int]
    new_periods: tuple[str, ...]
    names: dict[int, UnitVersion]


@dataclass(frozen=True, slots=True)
class YearAsked:
    """A past year: its communes on its last day and what is asked; `judged` when a criteria set applies."""

    span: PeriodSpan
    units: tuple[UnitVersion, ...]
    elements: tuple[ElementDef, ...]
    judged: bool


def past_years(today: date) -> list[int]:
    """Return the years that can be brought, newest first."""
    return [today.year - n for n in range(1, PAST_YEARS + 1)]


def import_page(import_id: int) -> ImportPage:
    """Return one import with what its page shows: three queries.

    Raises:
        HistoryImport.DoesNotExist: there is none.
    """
    row = HistoryImport.objects.get(pk=import_id)
    # As `StagedValue` is stored: its unit and period stand second and third.
    cells = Counter((value[1], value[2]) for value in row.plan.get("values", ()))
    taken = {(one["unit"], one["period"]) for one in row.conflicts if one["code"] != "act_differs"}
    reports = {pair: n for pair, n in cells.items() if pair not in taken}
    units = {unit for unit, _period in cells} | {one["unit"] for one in row.conflicts}
    units |= {act["unit_id"] for act in row.plan.get("acts", ())}
    codes = {period for _unit, period in cells}
    known = set(Period.objects.filter(code__in=codes).values_list("code", flat=True))
    return ImportPage(
        row=row,
        reports=reports,
        new_periods=tuple(sorted(codes - known)),
        names=names_on(row.checked_at.date(), units),
    )


def years_asked(years: Iterable[int], scope: Scope) -> list[YearAsked]:
    """Return what each year asks of which communes: a fixed number of queries a year."""
    found = []
    everything: tuple[ElementDef, ...] | None = None
    for year in sorted(years):
        span = parse_period(str(year))
        units = Unit.objects.on(span.ends_on).visible_to(scope).filter(kind="commune")
        names = names_on(span.ends_on, list(units.values_list("pk", flat=True)))
        asked = asked_in(span)
        if not asked.sets and everything is None:
            everything = catalogue().elements
        elements = asked.elements if asked.sets else (everything or ())
        ordered = sorted(names.values(), key=lambda v: v.sort_key)
        found.append(YearAsked(span, tuple(ordered), elements, bool(asked.sets)))
    return found
