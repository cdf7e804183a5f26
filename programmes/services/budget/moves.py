"""What happens to a line: planned, allocated, disbursed, carried over into the next year. Each is a dated entry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.models import Provenance
from programmes.models import BudgetEntry, BudgetLine, BudgetTag
from programmes.rules.budget import ALLOCATED, CARRIED_OVER, DISBURSED, PLANNED, Breach
from programmes.services.budget.conversion import worth
from programmes.services.budget.entries import add_entries, neighbour
from programmes.services.budget.ground import year_faults
from programmes.services.budget.guard import (
    Seen,
    amount_of,
    breach_fault,
    day_faults,
    line_for,
    take,
    tell,
    text_of,
)

Kinds = BudgetEntry.Kind


@dataclass(frozen=True, slots=True)
class Move:
    """What is typed of an entry.

    `amount`: whole đồng as a number or as typed; of labour and land so many working days or square metres. With a
    minus it takes back, and needs a `reason`. `document`: the decision or voucher; with one the entry is sourced.
    """

    kind: str
    amount: str | int | Decimal | None
    on: date | None
    document: str = ""
    reason: str = ""
    provenance: str | None = None


def plan(*, by: Any, line_id: int, move: Move, lock: int | None = None, seen: Seen | None = None) -> BudgetLine:
    """Plan more for a line, or less with a minus and a reason. See `enter_move`."""
    return enter_move(by=by, line_id=line_id, move=replace(move, kind=PLANNED), lock=lock, seen=seen)


def allocate(*, by: Any, line_id: int, move: Move, lock: int | None = None, seen: Seen | None = None) -> BudgetLine:
    """Allocate within plan and what was carried over. See `enter_move`."""
    return enter_move(by=by, line_id=line_id, move=replace(move, kind=ALLOCATED), lock=lock, seen=seen)


def disburse(*, by: Any, line_id: int, move: Move, lock: int | None = None, seen: Seen | None = None) -> BudgetLine:
    """Disburse within what was allocated by that day; of mobilised money: what came in. See `enter_move`."""
    return enter_move(by=by, line_id=line_id, move=replace(move, kind=DISBURSED), lock=lock, seen=seen)


def enter_move(*, by: Any, line_id: int, move: Move, lock: int | None = None, seen: Seen | None = None) -> BudgetLine:
    """Add one entry to a line.

    Args:
        lock: the line's lock as the window saw it; another one means that someone was first.

    Raises:
        BudgetLine.DoesNotExist, Forbidden, Stale, Outdated; Invalid: those of `prepared`; `/amount` beyond_plan,
        before_allocation, overspent, not_allocated, carried_on, negative_<kind>.
    """
    line = line_for(by=by, line_id=line_id)
    entry, faults = prepared(line, move, by=by, year=line.year)
    if faults or entry is None:
        raise Invalid(faults)
    with transaction.atomic():
        take(line, lock=lock, seen=seen)
        line.refresh_from_db(fields=[PLANNED, CARRIED_OVER, ALLOCATED, DISBURSED])
        add_entries(line, [entry])
        _tell_entry(line, entry, by)
    line.refresh_from_db()
    return line


def carry_over(*, by: Any, line_id: int, move: Move, lock: int | None = None, seen: Seen | None = None) -> BudgetLine:
    """Carry what a line has left into the next year; return that year's line, which is made when there is none.

    Raises:
        BudgetLine.DoesNotExist, Forbidden, Stale, Outdated; Invalid: those of `prepared`; `/amount` carried_on (more
        than is left), not_allocated; `/unit`, `/source` not_in_year: they end before the next year.
    """
    line = line_for(by=by, line_id=line_id)
    entry, faults = prepared(line, replace(move, kind=CARRIED_OVER), by=by, year=line.year + 1)
    faults += year_faults(line.unit, line.source, line.year + 1)
    left = line.planned + line.carried_over - line.disbursed
    if entry is not None and not line.mobilised and entry.amount > left:
        faults.append(breach_fault(Breach("carried_on", entry.on, entry.amount - left)))
    if line.mobilised:
        faults.append(breach_fault(Breach("not_allocated", timezone.localdate(), 0)))
    if faults or entry is None:
        raise Invalid(faults)
    try:
        with transaction.atomic():
            take(line, lock=lock, seen=seen)
            after = neighbour(line, 1) or _next_year(line, by)
            take(after, lock=None, seen=None)
            after.refresh_from_db()
            entry.line = after
            add_entries(after, [entry])
            _tell_entry(after, entry, by, carried_from=line.pk)
    except IntegrityError:
        raise Stale(_("Dòng vốn của năm sau vừa được ghi ở cửa sổ khác.")) from None
    return after


def _next_year(line: BudgetLine, by: Any) -> BudgetLine:
    made: BudgetLine = BudgetLine.objects.create(
        programme=line.programme, component=line.component, unit=line.unit, year=line.year + 1, source=line.source,
        shared_with=line.shared_with, mobilised=line.mobilised, made_by=str(by) if by is not None else "",
        made_at=timezone.now(),
    )  # fmt: skip
    tags = BudgetTag.objects.filter(line=line).values_list("programme_id", flat=True)
    BudgetTag.objects.bulk_create(BudgetTag(line=made, programme_id=one) for one in tags)
    return made


def prepared(
    line: BudgetLine | None, move: Move, *, by: Any, year: int | None
) -> tuple[BudgetEntry | None, list[Fault]]:
    """Return the entry that was typed, unsaved, or None and everything that is wrong with it.

    Faults: `/kind` unknown; `/amount` required, not_a_number, wrong_format, not_whole, too_long, nothing, no_rule;
    `/on` required, in_future, other_year; `/document`, `/reason` too_long; `/reason` required for less.
    """
    faults: list[Fault] = []
    if move.kind not in Kinds.values:
        faults.append(Fault("/kind", "unknown", _("Chọn việc: kế hoạch, kéo dài, phân bổ hoặc giải ngân.")))
    faults += day_faults(move.on, year) if year is not None else []
    document, wrong = text_of(move.document, "/document", 200)
    faults += wrong
    reason, wrong = text_of(move.reason, "/reason", 500)
    faults += wrong
    quantity, rule = None, None
    if line is not None and line.source.measure != "dong":
        typed = str(move.amount) if isinstance(move.amount, int) else move.amount
        on = move.on if not any(fault.pointer == "/on" for fault in faults) else None
        amount, quantity, rule, wrong = worth(typed, line.source, on)
    else:
        amount, wrong = amount_of(move.amount)
    faults += wrong
    if amount == 0:
        faults.append(Fault("/amount", "nothing", _("Số 0 không thay đổi gì.")))
    if amount is not None and amount < 0 and not reason:
        faults.append(Fault("/reason", "required", _("Ghi giảm thì nêu lý do.")))
    if faults or line is None or amount is None or move.on is None:
        return None, faults
    mark = move.provenance or (Provenance.SOURCED if document else Provenance.UNVERIFIED)
    return (
        BudgetEntry(
            line=line, kind=move.kind, amount=amount, quantity=quantity, rule=rule, on=move.on, document=document,
            reason=reason, provenance=mark, by=str(by) if by is not None else "", at=timezone.now(),
        ),
        [],
    )  # fmt: skip


def _tell_entry(line: BudgetLine, entry: BudgetEntry, by: Any, **more: Any) -> None:
    tell(
        line, kind=Kind.BUDGET_MOVED, by=by, what=entry.kind, amount=entry.amount, on=entry.on,
        document=entry.document, reason=entry.reason, **more,
    )  # fmt: skip
