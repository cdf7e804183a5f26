"""One door per difficulty: who writes it, who was first, and what is told of it."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.scope import Scope, scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.services import record
from mongcai_portal.audit.services.record import SYSTEM
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, Stale
from mongcai_portal.common.text import nfc
from programmes.models import Difficulty, DifficultyEntry
from programmes.querysets import with_predecessors
from programmes.rules.difficulties import MOVES, WRONG_STATUS, refusal

MOST_TEXT = 4000


def writes_all(scope: Scope) -> bool:
    """Whether someone writes the difficulties of every commune and office."""
    return Permission.DIFFICULTIES_COORDINATE in scope.permissions


def units_written(scope: Scope) -> frozenset[int]:
    """Return the units of which someone writes: those held for it, and what passed wholly into them. One query."""
    own = {unit for held, unit in scope.held if Permission.DIFFICULTIES_WRITE in held and unit is not None}
    return with_predecessors(own) if own else frozenset()


def writes_of(scope: Scope, *, unit_id: int | None, office_id: int | None) -> bool:
    """Whether someone writes a difficulty of this place and office.

    An officer writes what concerns the own commune, a sector office what it is in charge of, the coordination office
    everything.
    """
    if writes_all(scope):
        return True
    if Permission.DIFFICULTIES_WRITE not in scope.permissions:
        return False
    return office_id in scope.office_ids or (unit_id is not None and unit_id in units_written(scope))


def may_write(by: Any, difficulty: Difficulty) -> bool:
    """Whether someone may change and settle this entry."""
    if by is None:
        return True
    return writes_of(scope_of(by), unit_id=difficulty.unit_id, office_id=difficulty.office_id)


def forbidden() -> Forbidden:
    return Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))


def _seen(by: Any, difficulty_id: int) -> Difficulty:
    rows = Difficulty.objects.select_related("office", "unit", "programme")
    found: Difficulty = (rows if by is None else rows.visible_to(scope_of(by))).get(pk=difficulty_id)
    return found


def difficulty_for(*, by: Any, difficulty_id: int, move: str) -> Difficulty:
    """Return an entry that the person sees and may take this move with.

    Raises:
        Difficulty.DoesNotExist: outside the person's scope.
        Forbidden: visible, but not theirs to write.
        Stale: it is in another status (another window was first).
    """
    found = _seen(by, difficulty_id)
    why = refusal(move, found.status, writes=may_write(by, found))
    if why == WRONG_STATUS:
        raise moved_on(found)
    if why:
        raise forbidden()
    return found


def difficulty_written(*, by: Any, difficulty_id: int) -> Difficulty:
    """Return an entry that the person sees and writes, whatever its status.

    Raises:
        Difficulty.DoesNotExist: outside the person's scope. Forbidden: visible, but not theirs to write.
    """
    found = _seen(by, difficulty_id)
    if not may_write(by, found):
        raise forbidden()
    return found


def change(difficulty: Difficulty, move: str, *, lock: int | None, **changes: Any) -> None:
    """Compare-and-swap an entry for a named move, in the caller's transaction.

    Raises:
        Stale: another window was first (status or lock differs from what this one saw).
    """
    step = MOVES[move]
    rows = Difficulty.objects.filter(pk=difficulty.pk, status__in=step.sources)
    # Without a version that was seen, the one that was read here: nothing is lost between reading and writing.
    rows = rows.filter(lock=difficulty.lock if lock is None else lock)
    if rows.update(lock=F("lock") + 1, status=step.target, **changes) != 1:
        raise moved_on(Difficulty.objects.get(pk=difficulty.pk))
    difficulty.refresh_from_db()


def moved_on(difficulty: Difficulty) -> Stale:
    return Stale(
        _("Nội dung này đã được cập nhật ở cửa sổ khác; trạng thái hiện nay: %(status)s.")
        % {"status": difficulty.get_status_display()}
    )


def said(text: str, faults: list[Fault], *, needed: str) -> str:
    """Return a text as it is stored; what is wrong with it is added to the faults at `/text`."""
    stored = nfc(text).strip()
    if not stored:
        faults.append(Fault("/text", "required", needed))
    if len(stored) > MOST_TEXT:
        faults.append(too_long("text", MOST_TEXT))
    return stored


def too_long(field: str, most: int) -> Fault:
    return Fault(f"/{field}", "too_long", _("Dài quá %(n)s ký tự.") % {"n": most})


def refuse(faults: list[Fault]) -> None:
    """Raise what was found, all of it.

    Raises:
        Invalid: when something was.
    """
    if faults:
        raise Invalid(faults)


def tell(
    difficulty: Difficulty,
    *,
    entry: str,
    kind: str,
    by: Any,
    text: str = "",
    before: dict[str, Any] | None = None,
    **details: Any,
) -> None:
    """Add a line to the history and write the audit event, in the caller's transaction."""
    note(difficulty, entry=entry, by=by, text=text, before=before)
    if text:
        details["reason"] = text[:500]
    record(
        kind=kind,
        by=by,
        obj_type="difficulty",
        obj_id=difficulty.pk,
        label=difficulty.text[:200],
        unit_uid=difficulty.unit.uid if difficulty.unit else "",
        programme=difficulty.programme.code,
        office=difficulty.office.code,
        **details,
    )


def note(difficulty: Difficulty, *, entry: str, by: Any, text: str = "", before: dict[str, Any] | None = None) -> None:
    """Add a line to the history alone: for what another object's event tells."""
    DifficultyEntry.objects.create(
        difficulty=difficulty,
        kind=entry,
        text=text,
        before=before or {},
        by=SYSTEM if by is None else str(by)[:200],
        at=timezone.now(),
    )
