"""The moves of a difficulty: settled with how and when, withdrawn, opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault
from programmes.models import Difficulty, DifficultyEntry
from programmes.rules.difficulties import REOPEN, RESOLVE, WITHDRAW, resolved_faults
from programmes.services.difficulties.guard import change, difficulty_for, refuse, said, tell


def resolve_difficulty(
    *, by: Any, difficulty_id: int, text: str, resolved_on: date | None, lock: int | None = None
) -> Difficulty:
    """Say how and on which day a difficulty was settled.

    Raises:
        Difficulty.DoesNotExist, Forbidden; Stale; Invalid: `/text` required, too_long; `/resolved_on` required,
        in_future, before_period.
    """
    found = difficulty_for(by=by, difficulty_id=difficulty_id, move=RESOLVE)
    words = {
        "required": _("Ghi ngày giải quyết xong."),
        "in_future": _("Ngày này chưa tới."),
        "before_period": _("Ngày giải quyết không thể trước kỳ của nội dung này."),
    }
    days = resolved_faults(resolved_on, starts_on=found.starts_on, today=timezone.localdate())
    faults = [Fault(f"/{field}", code, words[code]) for field, code in days]
    told = said(text, faults, needed=_("Ghi đã giải quyết thế nào."))
    refuse(faults)
    with transaction.atomic():
        change(found, RESOLVE, lock=lock, resolution=told, resolved_on=resolved_on, closed_at=timezone.now())
        tell(
            found,
            entry=DifficultyEntry.Kind.RESOLVED,
            kind=Kind.DIFFICULTY_RESOLVED,
            by=by,
            text=told,
            resolved_on=resolved_on,
        )
    return found


def withdraw_difficulty(*, by: Any, difficulty_id: int, text: str, lock: int | None = None) -> Difficulty:
    """Take an entry back that should not be there, with the reason; reports no longer tell it.

    Raises:
        Difficulty.DoesNotExist, Forbidden; Stale; Invalid: `/text` required, too_long.
    """
    found = difficulty_for(by=by, difficulty_id=difficulty_id, move=WITHDRAW)
    faults: list[Fault] = []
    told = said(text, faults, needed=_("Ghi lý do rút."))
    refuse(faults)
    with transaction.atomic():
        change(found, WITHDRAW, lock=lock, closed_at=timezone.now())
        tell(found, entry=DifficultyEntry.Kind.WITHDRAWN, kind=Kind.DIFFICULTY_WITHDRAWN, by=by, text=told)
    return found


def reopen_difficulty(*, by: Any, difficulty_id: int, text: str, lock: int | None = None) -> Difficulty:
    """Open an entry again that was settled or withdrawn, with the reason; its history keeps how it was settled.

    Raises:
        Difficulty.DoesNotExist, Forbidden; Stale; Invalid: `/text` required, too_long.
    """
    found = difficulty_for(by=by, difficulty_id=difficulty_id, move=REOPEN)
    faults: list[Fault] = []
    told = said(text, faults, needed=_("Ghi lý do mở lại."))
    refuse(faults)
    with transaction.atomic():
        change(found, REOPEN, lock=lock, resolution="", resolved_on=None, closed_at=None)
        tell(found, entry=DifficultyEntry.Kind.REOPENED, kind=Kind.DIFFICULTY_REOPENED, by=by, text=told)
    return found
