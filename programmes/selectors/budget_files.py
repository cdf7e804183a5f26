"""What workbooks of money are checked against, and the files themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from communes.models import Unit, UnitVersion
from communes.scope import Scope
from mongcai_portal.common.text import bare_unit_name, search_key
from programmes.models import BudgetEntry, BudgetImport, BudgetLine, FundingSource, Programme
from programmes.rules.budget import Movement
from programmes.rules.budget_files.layout import FIRST_YEAR, LAST_YEAR
from programmes.rules.budget_files.reading import Key, Known, ProgrammeFact, SourceFact, UnitFact


def known_for(scope: Scope | None) -> Known:
    """Return what rows may name: programmes, the units that the scope sees (None: all), sources. Five queries."""
    units = Unit.objects.all() if scope is None else Unit.objects.visible_to(scope)
    return Known(_programmes(), _units(units), _sources())


def _programmes() -> list[ProgrammeFact]:
    return [
        ProgrammeFact(
            one.code,
            _keys(one.code, one.short_vi, one.short_en, one.name_vi, one.name_en),
            _year(one.valid_from, FIRST_YEAR),
            _year(one.valid_to, LAST_YEAR),
            {part.number: search_key(part.name_vi) for part in one.components.all()},
        )
        for one in Programme.objects.prefetch_related("components")
    ]


def _units(units: QuerySet[Unit]) -> list[UnitFact]:
    versions: dict[str, list[UnitVersion]] = {}
    for version in UnitVersion.objects.filter(unit__in=units).exclude(kind="province").select_related("unit"):
        versions.setdefault(version.unit.uid, []).append(version)
    found = []
    for uid, rows in versions.items():
        names = [name for row in rows for name in (row.name_vi, bare_unit_name(row.name_vi), row.name_en)]
        names += [f"{row.get_kind_display()} {bare_unit_name(row.name_vi)}" for row in rows]
        found.append(
            UnitFact(
                uid,
                _keys(uid, *names),
                min(_year(row.valid_from, FIRST_YEAR) for row in rows),
                max(_year(row.valid_to, LAST_YEAR) for row in rows),
            )
        )
    return found


def _sources() -> list[SourceFact]:
    return [
        SourceFact(
            one.code,
            _keys(one.code, one.name_vi, one.name_en),
            _year(one.valid_from, FIRST_YEAR),
            _year(one.valid_to, LAST_YEAR),
            one.measure != "dong",
            not one.by_decision,
        )
        for one in FundingSource.objects.all()
    ]


def _keys(*texts: str) -> frozenset[str]:
    return frozenset(search_key(text) for text in texts if text)


def _year(day: date | None, otherwise: int) -> int:
    return day.year if day else otherwise


def key_of(line: BudgetLine) -> Key:
    """Return by what a line of a file is the same as a stored one."""
    number = line.component.number if line.component else None
    shared = tuple(line.shared_with.split("+")) if line.shared_with else ()
    return (line.programme.code, number, line.unit.uid, line.year, line.source.code, shared)


def lines_around(keys: Iterable[Key]) -> dict[Key, BudgetLine]:
    """Return the stored lines of the units and years that keys name, and of the years beside: one query."""
    wanted = set(keys)
    years = {key[3] + n for key in wanted for n in (-1, 0, 1)}
    rows = BudgetLine.objects.filter(unit__uid__in={key[2] for key in wanted}, year__in=years)
    return {key_of(one): one for one in rows.select_related("programme", "component", "unit", "source")}


def movements_of_lines(lines: Iterable[BudgetLine]) -> dict[int, list[Movement]]:
    """Return all movements of lines: one query."""
    found: dict[int, list[Movement]] = {}
    rows = BudgetEntry.objects.filter(line__in=[line.pk for line in lines])
    for line, kind, amount, on in rows.values_list("line_id", "kind", "amount", "on"):
        found.setdefault(line, []).append(Movement(kind, amount, on))
    return found


def imports() -> QuerySet[BudgetImport]:
    """The files that were sent, the last one first."""
    return BudgetImport.objects.order_by("-pk")
