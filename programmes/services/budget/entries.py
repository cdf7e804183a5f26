"""The one place where a line's amounts change: entries are added, and the line is what they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Sum

from mongcai_portal.common.errors import Fault, Invalid
from programmes.models import BudgetEntry, BudgetLine
from programmes.rules.budget import CARRIED_OVER, KINDS, Movement, breach_of
from programmes.services.budget.guard import breach_fault, hold


def movements_of(line_id: int) -> list[Movement]:
    rows = BudgetEntry.objects.filter(line=line_id).values_list("kind", "amount", "on")
    return [Movement(*row) for row in rows]


def neighbour(line: BudgetLine, years: int) -> BudgetLine | None:
    """Return the line of the same money so many years later (or earlier); None when there is none."""
    return BudgetLine.objects.filter(
        programme=line.programme_id,
        component=line.component_id,
        unit=line.unit_id,
        source=line.source_id,
        shared_with=line.shared_with,
        year=line.year + years,
    ).first()


def add_entries(line: BudgetLine, entries: Sequence[BudgetEntry], *, pointer: str = "/amount") -> None:
    """Add entries to a line that the caller's transaction holds, and bring its amounts up to date.

    Raises:
        Invalid: what the line, or the line of the year before that is carried over, may not be.
    """
    own = [*movements_of(line.pk), *(Movement(e.kind, e.amount, e.on) for e in entries)]
    faults = faults_of(line, own, pointer)
    if faults:
        raise Invalid(faults)
    BudgetEntry.objects.bulk_create(entries)
    refresh([line])


def faults_of(line: BudgetLine, own: Iterable[Movement], pointer: str = "/amount") -> list[Fault]:
    """Return what stands against a line being these movements; holds the lines of the years beside it."""
    own = list(own)
    before, after = neighbour(line, -1), neighbour(line, 1)
    hold(*(one.pk for one in (before, after) if one is not None))
    faults = []
    carried_on = after.carried_over if after is not None else 0
    if breach := breach_of(own, mobilised=line.mobilised, carried_on=carried_on):
        faults.append(breach_fault(breach, pointer))
    carried = sum(one.amount for one in own if one.kind == CARRIED_OVER)
    if before is not None and carried > line.carried_over:
        wrong = breach_of(movements_of(before.pk), mobilised=before.mobilised, carried_on=carried)
        if wrong is not None:
            faults.append(breach_fault(wrong, pointer))
    return faults


def refresh(lines: Iterable[BudgetLine]) -> None:
    """Make the amounts of lines the sums of their entries: two queries for any number of them."""
    rows = {line.pk: line for line in lines}
    for line in rows.values():
        for kind in KINDS:
            setattr(line, kind, 0)
    for pk, kind, amount in (
        BudgetEntry.objects.filter(line__in=list(rows))
        .order_by()
        .values("line", "kind")
        .annotate(amount=Sum("amount"))
        .values_list("line", "kind", "amount")
    ):
        setattr(rows[pk], kind, amount)
    BudgetLine.objects.bulk_update(rows.values(), [*KINDS], batch_size=200)


def entry(line: BudgetLine, kind: str, amount: int, **fields: Any) -> BudgetEntry:
    """Return an entry that is still unsaved."""
    return BudgetEntry(line=line, kind=kind, amount=amount, **fields)
