"""Targets: planned with where they start from, revised by a successor with its reason, withdrawn with one.

A plan is never edited: what was planned before stays readable. A measure has one plan a year for a unit or a group of
its units; the same one sent again is the one that stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communes.scope import scope_of
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid, Outdated, Stale
from mongcai_portal.common.numbers import format_decimal, plain
from mongcai_portal.common.versions import version_of as version
from programmes.models import Target
from programmes.selectors.seen import targets_seen
from programmes.services.target_reading import PLAN, TRUSTED, Draft, TargetTyped, read_target, typed_again
from programmes.services.typed import Reader, require_for, same, version_of

# Whether the caller has seen this version of what it changes (If-Match).
Seen = Callable[[str], bool]


def target_version(row: Target) -> str:
    """Return what names a plan as it stands: a plan is only ever ended, so this is whether it was."""
    return version(row.pk, row.ended_at.isoformat() if row.ended_at else "")


def set_target(*, by: Any, typed: TargetTyped, marks: frozenset[str] = TRUSTED) -> tuple[Target, bool]:
    """Plan a measure for a year and return the plan, and whether it is new; the same again is the one that stands.

    Raises:
        Forbidden; Invalid: every fault, `/year` `already_planned` when there is another plan for that year.
    """
    draft = read_target(by, typed, marks)
    with transaction.atomic():
        standing = _standing(draft)
        if standing is not None:
            return standing, False
        try:
            with transaction.atomic():
                row = _store(draft, by)
        except IntegrityError:
            found = _standing(draft)  # another window was as fast
            if found is None:
                raise
            return found, False
        _tell(row, Kind.TARGET_SET, by, after=told(row))
    return row, True


def revise_target(
    *,
    by: Any,
    target_id: int,
    typed: TargetTyped,
    reason: str,
    marks: frozenset[str] = TRUSTED,
    seen: Seen | None = None,
) -> Target:
    """Let a new plan succeed one, with the reason; the same again is the one that stands.

    Raises:
        Target.DoesNotExist: none that the account sees; Forbidden; Outdated: `seen` says that the caller has not seen
        it as it stands; Stale: revised or withdrawn in another window; Invalid: every fault.
    """
    row = targets_seen(scope_of(by)).select_related("area", "group").get(pk=target_id)
    require_for(scope_of(by), PLAN, None)
    _require_seen(row, seen)
    why, faults = _reason(reason)
    try:
        draft = read_target(by, typed_again(typed, row), marks)
    except Invalid as error:
        raise Invalid([*error.faults, *faults]) from None
    if faults:
        raise Invalid(faults)
    succeeded = Target.records.filter(replaces=row).first()
    if succeeded is not None and same(succeeded, draft.content):
        return succeeded  # type: ignore[no-any-return]
    if row.ended_at is None and same(row, draft.content):
        raise Invalid([Fault("/value", "unchanged", _("Bản điều chỉnh không khác chỉ tiêu đang có."))])
    with transaction.atomic():
        _end(row, by, why)
        new = _store(draft, by, replaces=row)
        _tell(new, Kind.TARGET_REVISED, by, before=told(row), after=told(new), reason=why)
    return new


def withdraw_target(*, by: Any, target_id: int, reason: str, seen: Seen | None = None) -> Target:
    """Withdraw a plan; it stays readable, and nothing is judged by it any more.

    Raises:
        Target.DoesNotExist; Forbidden; Outdated; Stale: revised in another window; Invalid: no reason.
    """
    row = targets_seen(scope_of(by)).select_related("area", "group").get(pk=target_id)
    require_for(scope_of(by), PLAN, None)
    _require_seen(row, seen)
    why, faults = _reason(reason)
    if faults:
        raise Invalid(faults)
    if row.ended_at is not None and row.end_reason == why and not hasattr(row, "replaced_by"):
        return row
    with transaction.atomic():
        _end(row, by, why)
        _tell(row, Kind.TARGET_WITHDRAWN, by, before=told(row), reason=why)
    return row


def told(row: Target) -> dict[str, Any]:
    """A plan as the audit trail keeps it."""
    return {
        "year": row.year,
        "group": row.group.code if row.group else None,
        "value": plain(row.value),
        "baseline_value": plain(row.baseline_value),
        "baseline_on": row.baseline_on.isoformat(),
        "baseline_source": row.baseline_source,
        "source": row.source,
        "provenance": str(row.provenance),
    }


def _standing(draft: Draft) -> Target | None:
    """Return the plan that stands in this one's place, which says the same.

    Raises:
        Invalid: it says something else.
    """
    row = Target.objects.filter(measure=draft.measure.code, **draft.key).select_related("area", "group").first()
    if row is not None and not same(row, draft.content):
        message = _("Đã có chỉ tiêu khác cho năm này (%(value)s): hãy điều chỉnh chỉ tiêu đó, kèm lý do.")
        words = {"value": format_decimal(row.value, get_language() or "vi")}
        raise Invalid([Fault("/year", "already_planned", message % words)])
    return row


def _store(draft: Draft, by: Any, replaces: Target | None = None) -> Target:
    return Target.records.create(
        measure=draft.measure.code,
        replaces=replaces,
        recorded_by=str(by)[:200],
        recorded_at=timezone.now(),
        **draft.key,
        **draft.content,
    )


def _end(row: Target, by: Any, reason: str) -> None:
    """End a plan if it still stands: of two windows one comes second, and is told."""
    now = timezone.now()
    changed = Target.records.filter(pk=row.pk, ended_at__isnull=True).update(
        ended_at=now, ended_by=str(by)[:200], end_reason=reason
    )
    if not changed:
        raise Stale(_("Chỉ tiêu này đã được điều chỉnh hoặc bỏ ở cửa sổ khác: hãy xem chỉ tiêu đang có."))
    row.ended_at, row.ended_by, row.end_reason = now, str(by)[:200], reason


def _require_seen(row: Target, seen: Seen | None) -> None:
    if seen is not None and not seen(target_version(row)):
        raise Outdated(_("Chỉ tiêu đã thay đổi từ lần đọc gần nhất: hãy đọc lại rồi gửi với ETag mới."))


def _reason(text: str) -> tuple[str, list[Fault]]:
    reader = Reader("vi")
    return reader.paragraph("reason", text, needed=_("Ghi lý do.")), reader.faults


def _tell(row: Target, kind: str, by: Any, **details: Any) -> None:
    then = version_of(row.area, row.baseline_on)
    record(
        kind=kind,
        by=by,
        obj_type="target",
        obj_id=row.pk,
        label=f"{then.name_vi if then else row.area.uid} · {row.measure} · {row.year}",
        unit_uid=row.area.uid,
        measure=row.measure,
        **details,
    )
