"""Taking a checked workbook over, whole or not at all, and taking it back as a whole."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.models import Unit
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.grids import Unreadable
from mongcai_portal.common.models import Provenance
from programmes.models import BudgetEntry, BudgetImport, BudgetLine, BudgetTag, FundingSource, Programme
from programmes.rules.budget import CARRIED_OVER, Movement, breach_of
from programmes.rules.budget_files.layout import Layout
from programmes.selectors.budget_files import key_of, lines_around
from programmes.services.budget.entries import refresh
from programmes.services.budget.guard import breach_fault, label_of, may
from programmes.services.budget_imports.checking import Change, Checked, check
from programmes.services.budget_imports.staging import Status, as_json, stale, tell

NAMED = 20


def accept_budget(*, by: Any, import_id: int, doubts_right: bool = False) -> BudgetImport:
    """Store what a checked workbook changes; `doubts_right`: someone has looked at every doubt, and it is so.

    Once more it changes nothing.

    Raises:
        BudgetImport.DoesNotExist, Forbidden; Invalid: `/doubts_right` required; Stale: it has faults, stands elsewhere,
        or the portal has changed since the dry run (then the import holds the new one).
    """
    may(by)
    row = BudgetImport.objects.get(pk=import_id)
    if row.status == Status.APPLIED:
        return row
    if row.status != Status.READY:
        raise stale(row.pk)
    if row.doubts and not doubts_right:
        message = _("Xem các chỗ cần xác minh, rồi đánh dấu rằng chúng đúng như vậy.")
        raise Invalid([Fault("/doubts_right", "required", message)])
    try:
        found = check(row, Layout.of_json(row.layout), by=by)
    except Unreadable:
        raise Stale(_("Không mở được tệp đã lưu: hãy gửi lại tệp.")) from None
    if found.faults or [as_json(one) for one in found.doubts] != row.doubts:
        _keep(row, found)
        raise Stale(_("Dữ liệu trên cổng đã thay đổi sau khi kiểm tra tệp: xem lại kết quả kiểm tra."))
    moment = timezone.now()
    try:
        with transaction.atomic():
            if not BudgetImport.objects.filter(pk=row.pk, status=Status.READY).update(
                status=Status.APPLIED, decided_by=str(by)[:200], decided_at=moment, counts=found.counts
            ):
                raise stale(row.pk)
            _store(row, found, by=by, moment=moment)
            tell(row, kind=Kind.BUDGET_IMPORTED, by=by, counts=found.counts)
    except IntegrityError:
        raise Stale(_("Dữ liệu trên cổng đã thay đổi sau khi kiểm tra tệp: hãy kiểm tra lại.")) from None
    row.refresh_from_db()
    return row


def _keep(row: BudgetImport, found: Checked) -> None:
    BudgetImport.objects.filter(pk=row.pk, status=Status.READY).update(
        status=Status.FAULTY if found.faults else Status.READY,
        faults=[as_json(one) for one in found.faults],
        doubts=[as_json(one) for one in found.doubts],
        counts=found.counts,
        checked_at=timezone.now(),
    )


def _store(row: BudgetImport, found: Checked, *, by: Any, moment: Any) -> None:
    """Hold the lines that the dry run rests on, then write in sets."""
    BudgetLine.objects.filter(pk__in=list(found.locks)).update(lock=F("lock") + 1)
    held = dict(BudgetLine.objects.filter(pk__in=list(found.locks)).values_list("pk", "lock"))
    if held != {pk: lock + 1 for pk, lock in found.locks.items()}:
        raise IntegrityError("changed meanwhile")
    lines = _lines(found.changes, by=by, moment=moment)
    BudgetEntry.objects.bulk_create(
        [
            BudgetEntry(
                line=lines[change.stated.key], kind=one.kind, amount=one.amount, on=one.on, document=row.name[:200],
                reason=_("Theo tệp") if one.amount < 0 else "", provenance=Provenance.SOURCED, imported_from=row,
                by=str(by)[:200] if by is not None else "", at=moment,
            )
            for change in found.changes
            for one in change.added
        ],
        batch_size=500,
    )  # fmt: skip
    refresh(lines[change.stated.key] for change in found.changes)


def _lines(changes: list[Change], *, by: Any, moment: Any) -> dict[Any, BudgetLine]:
    """Return the lines of changes by key; those that do not exist yet are made."""
    programmes = {one.code: one for one in Programme.objects.prefetch_related("components")}
    parts = {(code, part.number): part for code, one in programmes.items() for part in one.components.all()}
    sources = {one.code: one for one in FundingSource.objects.all()}
    units = dict(Unit.objects.filter(uid__in={c.stated.key[2] for c in changes}).values_list("uid", "pk"))
    found = {change.stated.key: change.line for change in changes}
    new = []
    for key, line in found.items():
        if line is None:
            code, number, uid, year, source, shared = key
            new.append(
                BudgetLine(
                    programme=programmes[code], component=parts.get((code, number)) if number else None,
                    unit_id=units[uid], year=year, source=sources[source], shared_with="+".join(shared),
                    mobilised=not sources[source].by_decision, made_by=str(by)[:200] if by is not None else "",
                    made_at=moment,
                )
            )  # fmt: skip
    keys = [key for key, line in found.items() if line is None]
    made = dict(zip(keys, BudgetLine.objects.bulk_create(new, batch_size=500), strict=True))
    BudgetTag.objects.bulk_create(
        BudgetTag(line=line, programme=programmes[code]) for key, line in made.items() for code in key[5]
    )
    return {key: line if line is not None else made[key] for key, line in found.items()}


def undo_budget(*, by: Any, import_id: int) -> BudgetImport:
    """Take an import back: its entries go as if they had never come, and lines that only it had. Once more: nothing.

    Raises:
        BudgetImport.DoesNotExist, Forbidden; Stale: it was not taken over; Invalid: `/lines` resting, for every line
        that could not be without it.
    """
    may(by)
    row = BudgetImport.objects.get(pk=import_id)
    if row.status == Status.UNDONE:
        return row
    if row.status != Status.APPLIED:
        raise stale(row.pk)
    with transaction.atomic():
        if not BudgetImport.objects.filter(pk=row.pk, status=Status.APPLIED).update(
            status=Status.UNDONE, decided_by=str(by)[:200], decided_at=timezone.now()
        ):
            raise stale(row.pk)
        ids = list(BudgetEntry.objects.filter(imported_from=row).values_list("line_id", flat=True).distinct())
        BudgetLine.objects.filter(pk__in=ids).update(lock=F("lock") + 1)
        lines = list(BudgetLine.objects.filter(pk__in=ids).select_related("programme", "component", "unit", "source"))
        faults = _resting(lines, row)
        if faults:
            raise Invalid(faults)
        BudgetEntry.objects.filter(imported_from=row).delete()
        refresh(lines)
        empty = BudgetLine.objects.filter(pk__in=ids, entries__isnull=True)
        gone = empty.count()
        empty.delete()
        tell(row, kind=Kind.BUDGET_UNDONE, by=by, counts=row.counts, lines=len(ids), removed=gone)
    row.refresh_from_db()
    return row


def _resting(lines: list[BudgetLine], row: BudgetImport) -> list[Fault]:
    """Say which lines could not be without the import: later entries of theirs, or of the next year, rest on it."""
    around = lines_around([key_of(line) for line in lines])
    left: dict[int, list[Movement]] = defaultdict(list)
    entries = BudgetEntry.objects.filter(line__in=[one.pk for one in around.values()]).exclude(imported_from=row)
    for line_id, kind, amount, on in entries.values_list("line_id", "kind", "amount", "on"):
        left[line_id].append(Movement(kind, amount, on))
    faults = []
    for line in lines:
        programme, component, unit, year, source, shared = key_of(line)
        after = around.get((programme, component, unit, year + 1, source, shared))
        carried_on = sum(m.amount for m in left[after.pk] if m.kind == CARRIED_OVER) if after else 0
        breach = breach_of(left[line.pk], mobilised=line.mobilised, carried_on=carried_on)
        if breach is None and carried_on and not left[line.pk]:
            message = _("%(label)s: năm sau đã nhận kéo dài.") % {"label": label_of(line)}
            faults.append(Fault("/lines", "resting", message))
        if breach is not None:
            words = {"label": label_of(line), "why": breach_fault(breach).message}
            faults.append(Fault("/lines", "resting", _("%(label)s: %(why)s") % words))
    if len(faults) > NAMED:
        n = len(faults) - NAMED
        more = ngettext("và %(n)s dòng nữa.", "và %(n)s dòng nữa.", n) % {"n": n}
        faults = [*faults[:NAMED], Fault("/lines", "resting", more)]
    return faults
