"""Saving a survey sheet field by field: compare-and-swap per field, so that no window overwrites another's typing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import HouseholdReview, ReviewRound, SheetCell
from communes.rules.poverty.survey import Survey, check
from communes.rules.reviews.sheet import CHOICE, DAY, NUMBER, TEXT, YES_NO, CellSpec, said_of
from communes.selectors.reviews.sheets import SheetForm, sheet_form
from communes.services.reviews.guard import actor, hold, plain, review_for, tell_review
from communes.services.survey import message_of
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Stale, step
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.workflow import EDITABLE, SUBMITTED

SURVEYOR_LENGTH = 120
_FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class CellTyped:
    """A field as someone typed it, in the number format of `language`; blank empties it.

    `lock` is the one the sender saw (0: nothing typed yet; None: do not compare).
    """

    name: str
    raw: str
    lock: int | None = None
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class SavedCell:
    """A field that stands as sent; `unchanged`: it already stood so."""

    name: str
    value: str
    lock: int
    unchanged: bool


@dataclass(frozen=True, slots=True)
class CellConflict:
    """A field that someone else changed since the sender read it: what stands now, by whom and when."""

    name: str
    value: str
    lock: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What was saved, what is wrong (at its field), and what others changed meanwhile."""

    saved: tuple[SavedCell, ...]
    faults: tuple[Fault, ...]
    conflicts: tuple[CellConflict, ...]


def save_cells(*, by: Any, review_id: int, cells: Sequence[CellTyped], sheet: SheetForm | None = None) -> SaveResult:
    """Check every field and store the good ones; the same again changes nothing.

    Args:
        sheet: what the round is filled in by, where the caller fills in many of its sheets (`sheet_form`).

    Raises:
        HouseholdReview.DoesNotExist, Forbidden.
        Stale: the sheet is finished, or its round is past the survey: nothing was stored.
    """
    review = review_for(by=by, review_id=review_id)
    sheet = sheet or sheet_form(review.round)
    good: list[tuple[CellTyped, str]] = []
    faults: list[Fault] = []
    for cell in cells:
        found = read_cell(cell, sheet)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            good.append((cell, found))
    who, now = actor(by), timezone.now()
    saved: list[SavedCell] = []
    conflicts: list[CellConflict] = []
    with transaction.atomic():
        require_open(review)
        rows = {row.name: row for row in SheetCell.objects.filter(review=review)}
        new: dict[str, SheetCell] = {}
        for cell, value in good:
            row = rows.get(cell.name)
            stands = row.value if row else ""
            if stands == value:
                saved.append(SavedCell(cell.name, value, row.lock if row else 0, True))
            elif cell.lock is not None and cell.lock != (row.lock if row else 0):
                there = row or SheetCell(lock=0, entered_by="", entered_at=now)
                conflicts.append(CellConflict(cell.name, stands, there.lock, there.entered_by, there.entered_at))
            elif row is None:
                rows[cell.name] = SheetCell(review=review, name=cell.name, value=value, entered_by=who, entered_at=now)
                new[cell.name] = rows[cell.name]
                saved.append(SavedCell(cell.name, value, 1, False))
            else:
                row.value, row.lock, row.entered_by, row.entered_at = value, row.lock + 1, who, now
                if cell.name not in new:
                    row.save()
                saved.append(SavedCell(cell.name, value, row.lock, False))
        SheetCell.objects.bulk_create(new.values())
        changed = sorted(one.name for one in saved if not one.unchanged)
        if changed:
            tell_review(review, kind=Kind.REVIEW_SAVED, by=by, fields=changed)
    return SaveResult(tuple(saved), tuple(faults), tuple(conflicts))


def require_open(review: HouseholdReview) -> None:
    """Hold the sheet for the transaction, if it can be typed: the round is surveyed, or the household re-checked.

    Raises:
        Stale: it cannot.
    """
    words = _("Phiếu này đã đóng, số vừa gõ chưa được lưu.")
    statuses = {*EDITABLE, SUBMITTED} if review.complaints.filter(answered_on__isnull=True).exists() else EDITABLE
    hold(review.round, statuses, words)
    # Taking the row makes writers of one sheet queue, and refuses one that was finished meanwhile.
    open_now = HouseholdReview.objects.filter(pk=review.pk, finished_at__isnull=True, refusal__isnull=True)
    if open_now.update(lock=F("lock")) != 1:
        raise Stale(words)


def may_type(review: HouseholdReview, round_: ReviewRound) -> bool:
    """Whether the sheet can be typed as things stand."""
    if review.finished_at is not None or hasattr(review, "refusal"):
        return False
    if round_.status in EDITABLE:
        return True
    return round_.status == SUBMITTED and review.complaints.filter(answered_on__isnull=True).exists()


def read_cell(cell: CellTyped, sheet: SheetForm) -> str | Fault:
    """Return a field as it is stored, or what is wrong with it, at `/<name>`."""
    spec = sheet.cell(cell.name)
    if spec is None:
        return Fault(step(cell.name), "unknown_field", _("Phiếu không có mục này."))
    raw = cell.raw.strip()
    if not raw:
        return ""
    if spec.kind == TEXT:
        text = plain(raw)
        if len(text) > SURVEYOR_LENGTH:
            return Fault(step(spec.name), "too_long", _("Dài quá %(n)s ký tự.") % {"n": SURVEYOR_LENGTH})
        return text
    if spec.kind == DAY:
        return _read_day(raw, spec)
    if spec.kind == CHOICE:
        return raw if raw in spec.words else Fault(step(spec.name), "unknown", _("Không có lựa chọn này."))
    if spec.kind == YES_NO:
        return raw if raw in ("true", "false") else Fault(step(spec.name), "not_yes_or_no", _("Chọn có hoặc không."))
    assert spec.kind == NUMBER, spec
    found = check(said_of({spec.name: raw}, sheet.table, cell.language), sheet.form, sheet.table)
    if not isinstance(found, Survey):
        return Fault(step(spec.name), found[0].code, message_of(found[0], cell.language))
    return str(getattr(found, spec.name.removesuffix(":")))


def _read_day(raw: str, spec: CellSpec) -> str | Fault:
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", raw)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(raw)
    except ValueError:
        return Fault(step(spec.name), "not_a_date", _("Ghi ngày dạng 31/12/2025."))
    if day > timezone.localdate():
        return Fault(step(spec.name), "in_future", _("Ngày này chưa tới."))
    if day < _FIRST_DAY:
        return Fault(step(spec.name), "too_early", _("Ngày này trước %(day)s.") % {"day": date_vi(_FIRST_DAY)})
    return day.isoformat()
