"""Lists of lines, and one line with everything that moved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from communes.models import Unit
from communes.scope import Scope
from programmes.models import (
    BudgetEntry,
    BudgetLine,
    BudgetTag,
    ConversionRule,
    FundingSource,
    Programme,
)
from programmes.selectors.budget import Asked, UnitName, amounts_by, lines_seen, unit_names

ORDER = ("programme__position", "component__number", "unit__uid", "source__position", "pk")
NOTHING: dict[str, Any] = {"planned": 0, "carried_over": 0, "allocated": 0, "disbursed": 0, "provenance": "sourced"}


@dataclass(frozen=True, slots=True)
class LineCard:
    """A line with its amounts of a day; `serves` are the other programmes."""

    line: BudgetLine
    unit: UnitName
    serves: tuple[Programme, ...]
    planned: int
    carried_over: int
    allocated: int
    disbursed: int
    provenance: str


def ordered_lines(scope: Scope, asked: Asked) -> QuerySet[BudgetLine]:
    """Return lines in the order of the capital tables, of which a page or all can be read."""
    return lines_seen(scope, asked).order_by(*ORDER)


def line_cards(lines: list[BudgetLine], day: date) -> list[LineCard]:
    """Return lines with their amounts of a day and names of their units: four queries for any number of them."""
    rows = BudgetLine.objects.filter(pk__in=[line.pk for line in lines])
    amounts = amounts_by(rows, day)
    full = {
        one.pk: one
        for one in rows.select_related("programme", "component", "unit", "source").prefetch_related(
            Prefetch("tags", BudgetTag.objects.select_related("programme").order_by("programme__position"))
        )
    }
    last = max((line.year for line in lines), default=day.year)
    names = unit_names({line.unit_id for line in lines}, date(last, 12, 31))
    return [
        LineCard(
            full[line.pk],
            names[line.unit_id],
            tuple(tag.programme for tag in full[line.pk].tags.all()),
            **amounts.get(line.pk, NOTHING),
        )
        for line in lines
    ]


@dataclass(frozen=True, slots=True)
class LinePage:
    """One line: its amounts of today, its entries, the lines of the years beside it, and who may write it."""

    card: LineCard
    entries: tuple[BudgetEntry, ...]
    before: BudgetLine | None
    after: BudgetLine | None
    programmes: tuple[Programme, ...]
    edits: bool


def line_page(scope: Scope, line_id: int, today: date) -> LinePage:
    """Return a line: a fixed number of queries.

    Raises:
        BudgetLine.DoesNotExist: no such line in the scope.
    """
    line: BudgetLine = lines_seen(scope).get(pk=line_id)
    (card,) = line_cards([line], max(today, date(line.year + 1, 12, 31)))
    near = {
        one.year: one
        for one in BudgetLine.objects.filter(
            programme=line.programme_id, component=line.component_id, unit=line.unit_id, source=line.source_id,
            shared_with=line.shared_with, year__in=(line.year - 1, line.year + 1),
        )
    }  # fmt: skip
    entries = line.entries.select_related("rule", "imported_from").order_by("-on", "-pk")
    return LinePage(
        card=card,
        entries=tuple(entries),
        before=near.get(line.year - 1),
        after=near.get(line.year + 1),
        programmes=tuple(Programme.objects.exclude(pk=line.programme_id).order_by("position")),
        edits="budget.edit" in scope.permissions,
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What a line can be entered or looked for by."""

    programmes: tuple[Programme, ...]
    units: tuple[UnitName, ...]
    sources: tuple[FundingSource, ...]


def choices(scope: Scope, *, year: int) -> Choices:
    """Return programmes with components, the units of a year that the scope sees, and the sources: five queries."""
    end = date(year, 12, 31)
    ids = set(Unit.objects.visible_to(scope).values_list("pk", flat=True))
    names = [one for one in unit_names(ids, end).values() if one.kind != "province"]
    return Choices(
        tuple(Programme.objects.prefetch_related("components").order_by("position")),
        tuple(sorted(names, key=lambda one: (one.kind not in ("commune", "ward"), one.sort_key, one.uid))),
        tuple(FundingSource.objects.order_by("position")),
    )


def conversion_rules() -> list[ConversionRule]:
    """Return the rules, the newest first of each measure: one query."""
    return list(ConversionRule.objects.order_by("measure", "-valid_from"))
