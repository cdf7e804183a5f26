"""Money as it stood on a day: lines with their amounts, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from communes.models import UnitVersion
from communes.scope import Scope
from mongcai_portal.common.models import Provenance
from programmes.models import BudgetEntry, BudgetLine, BudgetTag, FundingSource
from programmes.querysets import with_predecessors
from programmes.rules.budget import KINDS, LineSum


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines: of a programme also those that serve it from another one. Empty and None: all."""

    programme: str = ""
    component: int | None = None
    unit: str = ""
    year: int | None = None
    source: str = ""


def lines_seen(scope: Scope, asked: Asked = Asked()) -> QuerySet[BudgetLine]:  # noqa: B008 (frozen)
    """Return the lines of these that the scope sees."""
    rows: QuerySet[BudgetLine] = BudgetLine.objects.visible_to(scope)
    if asked.programme:
        rows = rows.serving(asked.programme)  # type: ignore[attr-defined]
    if asked.component is not None:
        rows = rows.filter(component__number=asked.component, programme__code=asked.programme)
    if asked.unit:
        rows = rows.filter(unit__uid=asked.unit)
    if asked.year is not None:
        rows = rows.filter(year=asked.year)
    if asked.source:
        rows = rows.filter(source__code=asked.source)
    return rows


def lines_of_years(unit_ids: Iterable[int] | None, first: int, last: int) -> QuerySet[BudgetLine]:
    """Return the lines of some years (both inclusive), of units with what passed wholly into them, or of all (None)."""
    rows: QuerySet[BudgetLine] = BudgetLine.objects.filter(year__gte=first, year__lte=last)
    return rows if unit_ids is None else rows.filter(unit__in=with_predecessors(unit_ids))


def line_sums(rows: QuerySet[BudgetLine], day: date) -> list[LineSum]:
    """Return lines with what was entered of them by a day: three queries. Lines without an entry by then fall out."""
    serves = _serves(rows)
    amounts = amounts_by(rows, day)
    found = []
    for pk, code, component, unit, year, source, mobilised in rows.order_by("pk").values_list(
        "pk", "programme__code", "component_id", "unit_id", "year", "source_id", "mobilised"
    ):
        if pk in amounts:
            own = (code, *serves.get(pk, ()))
            found.append(LineSum(pk, own, component, unit, year, source, mobilised, **amounts[pk]))
    return found


def amounts_by(rows: QuerySet[BudgetLine], day: date) -> dict[int, dict[str, Any]]:
    """Return the amounts of lines by a day, and the weakest mark of their entries: one query."""
    sums = {kind: Sum("amount", filter=Q(kind=kind), default=0) for kind in KINDS}
    marks = {mark: Count("pk", filter=Q(provenance=mark)) for mark in (Provenance.ILLUSTRATIVE, Provenance.UNVERIFIED)}
    entries = BudgetEntry.objects.filter(line__in=rows.order_by().values("pk"), on__lte=day).order_by()
    found: dict[int, dict[str, Any]] = {}
    for row in entries.values("line").annotate(**sums, **{f"n_{mark}": count for mark, count in marks.items()}):
        worst = next((mark for mark in marks if row[f"n_{mark}"]), Provenance.SOURCED)
        found[row["line"]] = {kind: row[kind] for kind in KINDS} | {"provenance": str(worst.value)}
    return found


def _serves(rows: QuerySet[BudgetLine]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    tags = BudgetTag.objects.filter(line__in=rows.order_by().values("pk")).order_by("programme__position")
    for line, code in tags.values_list("line_id", "programme__code"):
        found[line] = (*found.get(line, ()), code)
    return found


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit as it was called at the end of a year, or last before."""

    id: int
    uid: str
    name_vi: str
    name_en: str
    kind: str
    sort_key: str


def unit_names(unit_ids: Iterable[int], day: date) -> dict[int, UnitName]:
    """Return how units were called on a day, or last before it (or first after): one query."""
    found: dict[int, UnitName] = {}
    versions = UnitVersion.objects.filter(unit__in=set(unit_ids)).select_related("unit")
    for v in versions.order_by(F("valid_from").asc(nulls_first=True)):
        if v.unit_id not in found or v.valid_from is None or v.valid_from <= day:
            found[v.unit_id] = UnitName(v.unit_id, v.unit.uid, v.name_vi, v.name_en, v.kind, v.sort_key)
    return found


def years_with_money(scope: Scope, asked: Asked = Asked()) -> tuple[int, ...]:  # noqa: B008 (frozen)
    """Return the years of which someone entered money, newest first: one query."""
    return tuple(lines_seen(scope, asked).order_by("-year").values_list("year", flat=True).distinct())


def sources() -> list[FundingSource]:
    return list(FundingSource.objects.order_by("position"))
