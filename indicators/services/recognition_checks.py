"""What the law asks of a recognition and of its withdrawal: one check for the page, for loaders and for imports.

Everything is loaded at once, so that a thousand acts cost the queries of one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from communes.models import UnitVersion
from indicators.models import Level, Recognition
from indicators.rules.titles import holds
from indicators.services.reports import REPORTING_KINDS
from mongcai_portal.common.errors import Fault
from mongcai_portal.common.templatetags.portal import date_vi, localname


@dataclass(frozen=True, slots=True)
class Act:
    """A recognition as someone states it; None and "" where nothing was stated."""

    unit_id: int | None
    level: str
    decided_on: date | None
    expires_on: date | None = None
    withdrawn_on: date | None = None


@dataclass(slots=True)
class Ground:
    """What acts are held against: levels, the units' versions, and the acts that stand."""

    levels: dict[str, Level]
    versions: dict[int, list[UnitVersion]]
    standing: dict[int, list[Act]] = field(default_factory=lambda: defaultdict(list))

    def add(self, act: Act) -> None:
        """Let an act of the same file or window count."""
        if act.unit_id is not None:
            self.standing[act.unit_id].append(act)


def ground_for(unit_ids: Iterable[int], *, ignoring: int | None = None) -> Ground:
    """Load what the acts of these units are held against, leaving out one record: three queries."""
    ids = set(unit_ids)
    ground = Ground({level.code: level for level in Level.objects.all()}, defaultdict(list))
    for version in UnitVersion.objects.filter(unit__in=ids):
        ground.versions[version.unit_id].append(version)
    rows = Recognition.objects.filter(unit__in=ids).exclude(pk=ignoring).select_related("level")
    for row in rows:
        ground.add(act_of_record(row))
    return ground


def act_of_record(row: Recognition) -> Act:
    """Return the act of a record; its level is loaded."""
    return Act(row.unit_id, row.level.code, row.decided_on, row.expires_on, row.withdrawn_on)


def act_faults(act: Act, ground: Ground, *, today: date) -> list[Fault]:
    """Return every fault of an act; what is missing is not named here.

    `/unit`: not_in_force, not_a_commune. `/level`: unknown, wrong_phase, lower_missing. `/decided_on`: in_future,
    duplicate. `/expires_on`: before_decision. `/withdrawn_on`: before_decision, in_future, expired.
    """
    faults = [*_date_faults(act, today)]
    if act.unit_id is not None and act.decided_on is not None:
        faults += _unit_faults(ground.versions[act.unit_id], act.decided_on)
    level = ground.levels.get(act.level)
    if level is None:
        if act.level:
            faults.append(Fault("/level", "unknown", _("Không có mức “%(level)s”.") % {"level": act.level}))
        return faults
    if act.decided_on is not None:
        faults += _phase_faults(level, act.decided_on, ground)
    if act.unit_id is not None and act.decided_on is not None:
        faults += _standing_faults(act, level, act.decided_on, ground)
    return faults


def _date_faults(act: Act, today: date) -> list[Fault]:
    faults = []
    if act.decided_on is not None and act.decided_on > today:
        faults.append(Fault("/decided_on", "in_future", _("Ngày quyết định chưa tới.")))
    if act.decided_on is not None and act.expires_on is not None and act.expires_on <= act.decided_on:
        faults.append(Fault("/expires_on", "before_decision", _("Ngày hết hiệu lực phải sau ngày quyết định.")))
    return faults + withdrawal_date_faults(act, today)


def withdrawal_date_faults(act: Act, today: date) -> list[Fault]:
    """Return what is wrong with the day of a withdrawal."""
    if act.withdrawn_on is None:
        return []
    faults = []
    if act.decided_on is not None and act.withdrawn_on < act.decided_on:
        message = _("Ngày thu hồi (%(withdrawn)s) không được trước ngày công nhận (%(decided)s).")
        words = {"withdrawn": date_vi(act.withdrawn_on), "decided": date_vi(act.decided_on)}
        faults.append(Fault("/withdrawn_on", "before_decision", message % words))
    if act.withdrawn_on > today:
        faults.append(Fault("/withdrawn_on", "in_future", _("Ngày thu hồi chưa tới.")))
    if act.expires_on is not None and act.withdrawn_on >= act.expires_on:
        message = _("Quyết định đã hết hiệu lực ngày %(day)s, không còn gì để thu hồi.")
        faults.append(Fault("/withdrawn_on", "expired", message % {"day": date_vi(act.expires_on)}))
    return faults


def _unit_faults(versions: list[UnitVersion], day: date) -> list[Fault]:
    held = next((v for v in versions if v.holds_on(day)), None)
    if held is None:
        message = _("Đơn vị không tồn tại vào ngày quyết định (%(day)s).") % {"day": date_vi(day)}
        return [Fault("/unit", "not_in_force", message)]
    if held.kind not in REPORTING_KINDS:
        message = _("Vào ngày %(day)s đơn vị này không phải là xã; chỉ xã được công nhận.") % {"day": date_vi(day)}
        return [Fault("/unit", "not_a_commune", message)]
    return []


def _years(phase: str) -> tuple[int, int]:
    first, _dash, last = phase.partition("-")
    return int(first), int(last or first)


def _phase_faults(level: Level, day: date, ground: Ground) -> list[Fault]:
    """A level belongs to its phase; titles of the time before the first known phase are carried by its levels."""
    first, last = _years(level.phase)
    earliest = min(_years(one.phase)[0] for one in ground.levels.values())
    # What was reached in a phase's last year is decided in the year after.
    if (day.year < first and first != earliest) or day.year > last + 1:
        message = _("Mức này thuộc giai đoạn %(phase)s, không dùng cho quyết định năm %(year)s.")
        return [Fault("/level", "wrong_phase", message % {"phase": level.phase, "year": day.year})]
    return []


def _standing_faults(act: Act, level: Level, day: date, ground: Ground) -> list[Fault]:
    faults = []
    own = ground.standing.get(act.unit_id or 0, [])
    if any(other.level == act.level and other.decided_on == day for other in own):
        faults.append(Fault("/decided_on", "duplicate", _("Quyết định công nhận này đã được ghi.")))
    below = [one for one in ground.levels.values() if one.phase == level.phase and one.rank == level.rank - 1]
    for lower in below:
        if not any(other.level == lower.code and holds(other, day) for other in own):
            message = _("Mức này cần quyết định công nhận mức “%(level)s” còn hiệu lực vào ngày %(day)s.")
            words = {"level": localname(lower), "day": date_vi(day)}
            faults.append(Fault("/level", "lower_missing", message % words))
    return faults


def resting_on(act: Act, ground: Ground) -> list[Act]:
    """Return the acts of the next level that held on this one and that the ground, without it, no longer bears.

    What counts is the lower title in force on the day of the higher decision, as when that was recorded.
    """
    level = ground.levels[act.level]
    own = ground.standing.get(act.unit_id or 0, [])
    above = {one.code for one in ground.levels.values() if one.phase == level.phase and one.rank == level.rank + 1}
    beside = [other for other in own if other.level == act.level]
    return [
        higher
        for higher in own
        if higher.level in above
        and higher.decided_on is not None
        and holds(act, higher.decided_on)
        and not any(holds(other, higher.decided_on) for other in beside)
    ]
