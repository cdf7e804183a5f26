"""Observed statistics: entered with their source, corrected by a successor, withdrawn with a reason.

A figure is never edited. The same one sent again is the one that stands; another one of the same source and day is a
correction, which names its reason. Two sources of one day both stand, and readers see that they differ.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.scope import scope_of
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.numbers import plain
from programmes.models import ObservedStatistic
from programmes.selectors.seen import statistics_seen
from programmes.services.statistic_reading import ENTER, TRUSTED, Draft, StatisticTyped, own_unit, read_statistic
from programmes.services.typed import Reader, require_for, same, version_of


def enter_statistic(
    *, by: Any, typed: StatisticTyped, marks: frozenset[str] = TRUSTED
) -> tuple[ObservedStatistic, bool]:
    """Store a figure with its source and return it, and whether it is new; the same again is the one that stands.

    Raises:
        Forbidden: not this account, or not for this unit; Invalid: every fault, `/source` `already_entered` when the
        same source has another figure for that day.
    """
    draft = read_statistic(by, typed, marks)
    with transaction.atomic():
        standing = _standing(draft)
        if standing is not None:
            return standing, False
        try:
            with transaction.atomic():
                row = _store(draft, by)
        except IntegrityError:
            # Another window was as fast: what it stored is the same, or a fault.
            found = _standing(draft)
            if found is None:
                raise
            return found, False
        _tell(row, Kind.STATISTIC_ENTERED, by, after=told(row))
    return row, True


def correct_statistic(
    *, by: Any, statistic_id: int, typed: StatisticTyped, reason: str, marks: frozenset[str] = TRUSTED
) -> ObservedStatistic:
    """Let a right figure succeed a wrong one, with the reason; the same again is the one that stands.

    Raises:
        ObservedStatistic.DoesNotExist: none that the account sees; Forbidden; Stale: it was corrected or withdrawn in
        another window; Invalid: every fault.
    """
    row = statistics_seen(scope_of(by)).get(pk=statistic_id)
    require_for(scope_of(by), ENTER, own_unit(row.area))
    why, faults = _reason(reason)
    try:
        draft = read_statistic(by, typed, marks)
    except Invalid as error:
        raise Invalid([*error.faults, *faults]) from None
    if faults:
        raise Invalid(faults)
    if (draft.measure.code, draft.unit.pk) != (row.measure, row.area_id):
        raise Invalid([Fault("/measure", "other", _("Bản sửa phải là của cùng con số và cùng đơn vị."))])
    succeeded = ObservedStatistic.records.filter(replaces=row).first()
    if succeeded is not None and same(succeeded, {**draft.key, **draft.content}):
        return succeeded
    if row.ended_at is None and same(row, {**draft.key, **draft.content}):
        raise Invalid([Fault("/value", "unchanged", _("Bản sửa không khác số liệu đang có."))])
    with transaction.atomic():
        _end(row, by, why)
        try:
            with transaction.atomic():
                new = _store(draft, by, replaces=row)
        except IntegrityError:
            raise Invalid([_already(draft)]) from None
        _tell(new, Kind.STATISTIC_CORRECTED, by, before=told(row), after=told(new), reason=why)
    return new


def withdraw_statistic(*, by: Any, statistic_id: int, reason: str) -> ObservedStatistic:
    """Withdraw a figure that should never have been entered; it stays readable and counts nowhere.

    Raises:
        ObservedStatistic.DoesNotExist; Forbidden; Stale: corrected in another window; Invalid: no reason.
    """
    row = statistics_seen(scope_of(by)).get(pk=statistic_id)
    require_for(scope_of(by), ENTER, own_unit(row.area))
    why, faults = _reason(reason)
    if faults:
        raise Invalid(faults)
    if row.ended_at is not None and row.end_reason == why and not hasattr(row, "replaced_by"):
        return row
    with transaction.atomic():
        _end(row, by, why)
        _tell(row, Kind.STATISTIC_WITHDRAWN, by, before=told(row), reason=why)
    return row


def told(row: ObservedStatistic) -> dict[str, Any]:
    """A figure as the audit trail keeps it."""
    return {
        "value": plain(row.value) if row.value is not None else None,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "as_of": row.as_of.isoformat(),
        "source": row.source,
        "provenance": str(row.provenance),
        "printed": row.printed_vi,
    }


def _standing(draft: Draft) -> ObservedStatistic | None:
    """Return the figure that stands in this one's place, which says the same.

    Raises:
        Invalid: it says something else.
    """
    row = ObservedStatistic.objects.filter(measure=draft.measure.code, area=draft.unit, **draft.key).first()
    if row is not None and not same(row, draft.content):
        raise Invalid([_already(draft)])
    return row  # type: ignore[no-any-return]


def _already(draft: Draft) -> Fault:
    message = _("Nguồn này đã có số khác cho ngày đó: hãy sửa số đó, kèm lý do.")
    return Fault("/source", "already_entered", message)


def _store(draft: Draft, by: Any, replaces: ObservedStatistic | None = None) -> ObservedStatistic:
    return ObservedStatistic.records.create(
        measure=draft.measure.code,
        area=draft.unit,
        replaces=replaces,
        recorded_by=str(by)[:200],
        recorded_at=timezone.now(),
        **draft.key,
        **draft.content,
    )


def _end(row: ObservedStatistic, by: Any, reason: str) -> None:
    """End a figure if it still stands: of two windows one comes second, and is told."""
    now = timezone.now()
    changed = ObservedStatistic.records.filter(pk=row.pk, ended_at__isnull=True).update(
        ended_at=now, ended_by=str(by)[:200], end_reason=reason
    )
    if not changed:
        raise Stale(_("Số liệu này đã được sửa hoặc rút ở cửa sổ khác: hãy xem số đang có."))
    row.ended_at, row.ended_by, row.end_reason = now, str(by)[:200], reason


def _tell(row: ObservedStatistic, kind: str, by: Any, **details: Any) -> None:
    version = version_of(row.area, row.as_of)
    record(
        kind=kind,
        by=by,
        obj_type="statistic",
        obj_id=row.pk,
        label=f"{version.name_vi if version else row.area.uid} · {row.measure}",
        unit_uid=row.area.uid,
        measure=row.measure,
        **details,
    )


def _reason(text: str) -> tuple[str, list[Fault]]:
    reader = Reader("vi")
    return reader.paragraph("reason", text, needed=_("Ghi lý do.")), reader.faults
