"""Entering a line of money, and which programmes it serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from programmes.models import BudgetLine, BudgetTag
from programmes.rules.budget import CARRIED_OVER
from programmes.services.budget.entries import add_entries
from programmes.services.budget.ground import (
    Ground,
    NewLine,
    ground_of,
    others_of,
    same_line,
    shared_key,
    term_faults,
)
from programmes.services.budget.guard import Seen, label_of, line_for, may, take, tell
from programmes.services.budget.moves import Move, prepared


def enter_line(*, by: Any, line: NewLine, move: Move) -> BudgetLine:
    """Enter a line with what is planned of it (or what was carried over into its year).

    Raises:
        Forbidden; Invalid: every fault. `/programme`, `/unit`, `/source` required or unknown; `/component` required
        where the programme has components, unknown; `/year` required, beyond_limits, outside_term (of the programme);
        `/unit` not_in_year; `/source` not_in_year; `/shared_with` unknown, own; `/line` exists; and those of the entry
        (see `moves.prepared`).
    """
    may(by)
    ground, faults = ground_of(by, line)
    made = None
    if ground is not None:
        faults += term_faults(ground.programme, ground.year, carried=move.kind == CARRIED_OVER)
        made = unsaved(ground, by)
        if same := same_line(made):
            message = _("Đã có dòng vốn này: ghi thêm vào dòng đó (%(label)s).") % {"label": label_of(same)}
            faults.append(Fault("/line", "exists", message))
    entry, wrong = prepared(made, move, by=by, year=line.year)
    faults += wrong
    if faults or made is None or ground is None or entry is None:
        raise Invalid(faults)
    try:
        with transaction.atomic():
            made.save()
            BudgetTag.objects.bulk_create(BudgetTag(line=made, programme=one) for one in ground.others)
            entry.line = made
            add_entries(made, [entry])
            tell(
                made, kind=Kind.BUDGET_LINE_ENTERED, by=by, what=entry.kind, amount=entry.amount, on=entry.on,
                document=entry.document, shared_with=made.shared_with,
            )  # fmt: skip
    except IntegrityError:
        raise Invalid([Fault("/line", "exists", _("Dòng vốn này vừa được ghi ở cửa sổ khác."))]) from None
    return made


def retag(
    *, by: Any, line_id: int, shared_with: Sequence[str], lock: int | None = None, seen: Seen | None = None
) -> BudgetLine:
    """Say which other programmes a line serves; its money stays and still counts once. The same again: nothing.

    Raises:
        BudgetLine.DoesNotExist, Forbidden, Stale, Outdated; Invalid: `/shared_with` unknown, own; `/line` exists.
    """
    line = line_for(by=by, line_id=line_id)
    others, faults = others_of(shared_with, line.programme)
    key = shared_key(one.code for one in others)
    before = line.shared_with
    if faults:
        raise Invalid(faults)
    if key == before:
        return line
    line.shared_with = key
    if same_line(line):
        raise Invalid([Fault("/line", "exists", _("Đã có dòng vốn như vậy với các chương trình này."))])
    try:
        with transaction.atomic():
            take(line, lock=lock, seen=seen)
            BudgetLine.objects.filter(pk=line.pk).update(shared_with=key)
            BudgetTag.objects.filter(line=line).exclude(programme__in=others).delete()
            kept = set(BudgetTag.objects.filter(line=line).values_list("programme_id", flat=True))
            BudgetTag.objects.bulk_create(BudgetTag(line=line, programme=one) for one in others if one.pk not in kept)
            tell(line, kind=Kind.BUDGET_TAGGED, by=by, before=before, after=key)
    except IntegrityError:
        raise Invalid([Fault("/line", "exists", _("Đã có dòng vốn như vậy với các chương trình này."))]) from None
    line.refresh_from_db()
    return line


def unsaved(ground: Ground, by: Any) -> BudgetLine:
    """Return a new line that stands on these rows."""
    return BudgetLine(
        programme=ground.programme, component=ground.component, unit=ground.unit, year=ground.year,
        source=ground.source, shared_with=ground.shared_with, mobilised=not ground.source.by_decision,
        made_by=str(by) if by is not None else "", made_at=timezone.now(),
    )  # fmt: skip
