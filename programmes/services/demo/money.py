"""Money of the demonstration: amounts made up in sets, marked illustrative, and held against the rules of money."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from communes.models import Unit
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import About, record_many
from mongcai_portal.common.models import Provenance
from programmes.models import BudgetEntry, BudgetLine, BudgetTag, ConversionRule, FundingSource, Programme
from programmes.rules.budget import (
    ALLOCATED,
    CARRIED_OVER,
    DISBURSED,
    PLANNED,
    Movement,
    breach_of,
    converted,
)
from programmes.services.budget import set_conversion
from programmes.services.budget.entries import refresh
from programmes.services.budget.ground import shared_key

MILLION = 1_000_000
# When the money of a year is planned and allocated, and what share of it is disbursed by when.
PLAN, ALLOCATION = (1, 15), (3, 20)
QUARTERS = (((6, 30), 35), ((9, 30), 65), ((12, 31), 100))
FIRST_HALF = (((6, 30), 100),)


@dataclass(slots=True)
class _Ground:
    programmes: dict[str, Programme]
    sources: dict[str, FundingSource]
    units: dict[str, int]
    rules: list[ConversionRule]
    by: Any
    entries: list[BudgetEntry] = field(default_factory=list)
    moment: Any = field(default_factory=timezone.now)


def spend_money(raw: Mapping[str, Any], *, by: Any) -> int:
    """Enter the money of the demonstration once; return how many lines were made (0 when it is there).

    Raises:
        ValueError: what the file makes up breaks the rules of money.
    """
    if BudgetEntry.objects.filter(provenance=Provenance.ILLUSTRATIVE).exists():
        return 0
    with transaction.atomic():
        for rule in raw["conversions"]:
            if not ConversionRule.objects.filter(measure=rule["measure"], valid_from=rule["valid_from"]).exists():
                set_conversion(by=by, **rule, provenance=Provenance.ILLUSTRATIVE)
        ground = _Ground(
            {one.code: one for one in Programme.objects.prefetch_related("components")},
            {one.code: one for one in FundingSource.objects.all()},
            dict(Unit.objects.filter(uid__in=[*raw["communes"], raw["area"]]).values_list("uid", "pk")),
            list(ConversionRule.objects.all()),
            by,
        )
        lines = [line for row in raw["lines"] for line in _lines(row, raw, ground)]
        BudgetLine.objects.bulk_create([line for line, _others in lines], batch_size=500)
        BudgetTag.objects.bulk_create(
            [BudgetTag(line=line, programme=one) for line, others in lines for one in others], batch_size=500
        )
        for entry in ground.entries:
            entry.line_id = entry.line.pk
        _prove(ground.entries)
        BudgetEntry.objects.bulk_create(ground.entries, batch_size=500)
        refresh(line for line, _others in lines)
        record_many(kind=Kind.BUDGET_LINE_ENTERED, by=by, about=[_told(line) for line, _others in lines])
    return len(lines)


def _lines(row: Mapping[str, Any], raw: Mapping[str, Any], ground: _Ground) -> Iterator[tuple[BudgetLine, list[Any]]]:
    """Yield a row's lines of every commune and year, each year with what the one before left."""
    programme = ground.programmes[row["programme"]]
    component = next((one for one in programme.components.all() if one.number == row.get("component")), None)
    source = ground.sources[row["source"]]
    others = [ground.programmes[code] for code in row.get("shared_with", ())]
    for uid in row.get("only", raw["communes"]):
        left = 0
        for year in raw["years"]:
            line = BudgetLine(
                programme=programme, component=component, unit_id=ground.units[uid], year=year, source=source,
                shared_with=shared_key(one.code for one in others), mobilised=not source.by_decision,
                made_by=str(ground.by), made_at=ground.moment,
            )  # fmt: skip
            share = 100 + _moved(
                f"{uid}:{row['programme']}:{row.get('component')}:{row['source']}:{year}", row["spread"]
            )
            pace = _paced(raw["pace"][year], f"{uid}:{row['source']}:{row.get('component')}:{year}")
            if source.by_decision:
                carried = left * raw["carried_over"] // 100 if year > raw["years"][0] else 0
                left = _decided(ground, line, _rounded(row["amount"] * MILLION * share // 100), carried, pace)
            else:
                _mobilised(ground, line, row, share, pace)
            yield line, others


def _decided(ground: _Ground, line: BudgetLine, planned: int, carried: int, pace: Mapping[str, int]) -> int:
    """Plan, carry over, allocate and disburse a line; return what is left of it."""
    available = planned + carried
    allocated = _rounded(available * pace["allocated"] // 100)
    spent = _rounded(available * pace["disbursed"] // 100)
    _enter(ground, line, PLANNED, planned, PLAN)
    if carried:
        _enter(ground, line, CARRIED_OVER, carried, (1, 31))
    _enter(ground, line, ALLOCATED, allocated, ALLOCATION)
    before = 0
    for day, share in _quarters(line.year):
        until = spent if share == 100 else _rounded(spent * share // 100)
        _enter(ground, line, DISBURSED, until - before, day)
        before = until
    return available - spent


def _mobilised(ground: _Ground, line: BudgetLine, row: Mapping[str, Any], share: int, pace: Mapping[str, int]) -> None:
    """Plan and raise money that nobody allocates; people often give more than was planned."""
    for kind, day, part in (
        (PLANNED, PLAN, 100),
        *((DISBURSED, day, pace["disbursed"] + 12) for day, _share in _quarters(line.year)[-1:]),
    ):
        if "quantity" in row:
            on = date(line.year, *day)
            rule = next(
                one for one in reversed(ground.rules) if one.measure == line.source.measure and one.holds_on(on)
            )
            quantity = Decimal(row["quantity"] * share * part // 10_000)
            _enter(ground, line, kind, converted(quantity, rule.dong), day, quantity=quantity, rule=rule)
        else:
            _enter(ground, line, kind, _rounded(row["amount"] * MILLION * share * part // 10_000), day)


def _quarters(year: int) -> tuple[tuple[tuple[int, int], int], ...]:
    return FIRST_HALF if year == 2025 else QUARTERS


def _enter(ground: _Ground, line: BudgetLine, kind: str, amount: int, day: tuple[int, int], **fields: Any) -> None:
    if amount:
        ground.entries.append(
            BudgetEntry(
                line=line, kind=kind, amount=amount, on=date(line.year, *day), provenance=Provenance.ILLUSTRATIVE,
                by=str(ground.by), at=ground.moment, **fields,
            )
        )  # fmt: skip


def _prove(entries: list[BudgetEntry]) -> None:
    held: dict[int, list[Movement]] = {}
    lines: dict[int, BudgetLine] = {}
    for entry in entries:
        held.setdefault(entry.line_id, []).append(Movement(entry.kind, entry.amount, entry.on))
        lines[entry.line_id] = entry.line
    for pk, movements in held.items():
        breach = breach_of(movements, mobilised=lines[pk].mobilised)
        if breach is not None:
            raise ValueError(f"demo_budget.yaml: {breach}")


def _told(line: BudgetLine) -> About:
    part = f"{line.programme.code}.{line.component.number}" if line.component else line.programme.code
    return About("budget_line", line.pk, f"{part} · {line.year} · {line.source.name_vi}", "", {"planned": line.planned})


def _moved(key: str, spread: int) -> int:
    """Return per cent between -spread and +spread that depend on the key only."""
    return (zlib.crc32(key.encode()) % 201 - 100) * spread // 100


def _paced(pace: Mapping[str, int], key: str) -> dict[str, int]:
    """Return what a line allocates and disburses of its money: no two communes go at one pace."""
    allocated = min(pace["allocated"] - _moved(f"a:{key}", 4) * (pace["allocated"] < 100), 100)
    return {"allocated": allocated, "disbursed": min(max(pace["disbursed"] + _moved(f"d:{key}", 9), 5), allocated)}


def _rounded(amount: int) -> int:
    """To 100,000 đồng, as plans are written."""
    return amount // 100_000 * 100_000
