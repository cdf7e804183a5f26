"""The history of an element's cells as its panel tells it: saves and steps in one line of time, by revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.models import ValueChange
from indicators.presenters.history import ICONS
from indicators.presenters.words import local, stored_text
from indicators.selectors.definitions import CellDef
from indicators.selectors.history import ElementTrail, Saved
from indicators.selectors.layout import Name
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.services.record import SYSTEM


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One thing that happened to the element; `before` and `after` only for a save."""

    icon: str
    text: str
    by: str
    at: datetime
    label: str = ""
    before: str = ""
    after: str = ""
    saved: bool = False
    note: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TraceGroup:
    """What happened in one revision, oldest first."""

    revision: int
    lines: tuple[TraceLine, ...]


def trace_groups(trail: ElementTrail, *, exact: bool) -> list[TraceGroup]:
    """Return the trail by revision, the present one first.

    `exact`: the reader looks after the unit's households; others are told when the register gave a number, not which.
    """
    cells = {cell.part: cell for cell in trail.row.element.cells}
    found: dict[int, list[TraceLine]] = {}
    for saved in trail.saves:
        found.setdefault(saved.change.revision, []).append(_saved(saved, cells.get(saved.change.part), exact))
    for event in trail.steps:
        found.setdefault(int(event.details.get("revision", 1)), []).append(_step(event, trail))
    return [
        TraceGroup(number, tuple(sorted(lines, key=lambda line: line.at)))
        for number, lines in sorted(found.items(), reverse=True)
    ]


def _saved(saved: Saved, definition: CellDef | None, exact: bool) -> TraceLine:
    change, before = saved.change, saved.before
    unit = definition.unit if definition else ""
    untold = _("số tính từ sổ hộ")
    old = untold if saved.before_derived and not exact else _text(before, unit)
    new = untold if saved.derived and not exact else _text(change, unit)
    return TraceLine(
        icon="trash" if change.state == ValueChange.CLEARED else "pencil",
        text=_title(saved),
        by=change.by,
        at=change.at,
        # A part that the law no longer asks for keeps its code.
        label=local(Name(definition.name_vi, definition.name_en)) if definition and definition.part else change.part,
        before=old,
        after=new,
        saved=True,
        note=change.note,
        reason=change.reason,
    )


def _title(saved: Saved) -> str:
    change, before = saved.change, saved.before
    if saved.derived and change.by == SYSTEM:
        return _("Cập nhật từ sổ hộ")
    if change.state == ValueChange.CLEARED:
        return _("Xóa trống")
    if before is None or before.state == ValueChange.CLEARED:
        return pgettext("event", "Nhập")
    same = all(getattr(change, one) == getattr(before, one) for one in ("state", "number", "boolean", "choice"))
    return _("Sửa lý do, ghi chú") if same else pgettext("event", "Sửa")


def _text(change: ValueChange | None, unit: str) -> str:
    if change is None or change.state == ValueChange.CLEARED:
        return _("chưa nhập")
    return stored_text(change, unit)


def _step(event: AuditEvent, trail: ElementTrail) -> TraceLine:
    element, details = trail.row.element.code, event.details
    reason = details.get("reason", "")
    match event.kind:
        case Kind.REPORT_OPENED:
            text = pgettext("event", "Mở báo cáo")
        case Kind.REPORT_SUBMITTED:
            text = _("Trình")
        case Kind.REPORT_VERIFIED:
            text = pgettext("event", "Thẩm định")
            reason = _judged(details.get("judgements", {}).get(element, {}), trail)
        case Kind.REPORT_SENT_BACK:
            text, reason = pgettext("event", "Trả lại"), details.get("reasons", {}).get(element, "")
        case Kind.REPORT_APPROVED:
            text = pgettext("event", "Phê duyệt")
        case _:
            text = pgettext("event", "Mở lại báo cáo")
    return TraceLine(ICONS[Kind(event.kind)], text, event.actor_name, event.at, reason=reason)


def _judged(judgements: Mapping[str, str], trail: ElementTrail) -> str:
    """The office's judgements with the level they are about."""
    words = {"met": _("đạt"), "not_met": _("chưa đạt")}
    sets = trail.layout.sets
    return "; ".join(
        _("Đánh giá %(level)s: %(outcome)s")
        % {"level": local(sets[code].level_name) if code in sets else code, "outcome": words.get(outcome, outcome)}
        for code, outcome in judgements.items()
    )


def trace_context(trail: ElementTrail, *, exact: bool) -> dict[str, Any]:
    """What the panel of an element is given, besides its thread; `exact` as for `trace_groups`."""
    return {
        "report": trail.report,
        "element": trail.row.element.code,
        "code": trail.row.code,
        "name": local(trail.row.name),
        "groups": trace_groups(trail, exact=exact),
        "saves": len(trail.saves),
    }
