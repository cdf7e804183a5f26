"""Where the reports of each period stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from programmes.measures.facts import World
from programmes.measures.ntm import UPGRADE
from programmes.selectors.reporting import PeriodFact, Reporting, ReportState


@dataclass(frozen=True, slots=True)
class PeriodState:
    """Where the reports of one period stand: `missing` units have none although they should."""

    period: PeriodFact
    by_status: dict[str, int]
    missing: int

    @property
    def unapproved(self) -> int:
        return sum(count for status, count in self.by_status.items() if status != "approved") + self.missing


def period_states(known: Reporting, world: World) -> tuple[PeriodState, ...]:
    """Return the periods with reports that are not approved, newest first; a group's member without one is missing.

    Those report that are communes on the period's last day: a member that ended before, or began after, is not missing.
    Nobody is missing in a period that the archive alone brought.
    """
    members = world.members(world.group_in_place_of(UPGRADE))
    found = []
    reports: dict[int, list[ReportState]] = defaultdict(list)
    for report in known.reports:
        if report.unit_id in world.in_area:
            reports[report.period.id].append(report)
    for period in reversed(known.periods):
        own = reports[period.id]
        by_status: dict[str, int] = defaultdict(int)
        for report in own:
            by_status[report.status] += 1
        should = {p.id for p in members if p.held_on(period.ends_on)} if not period.archived else set()
        state = PeriodState(period, dict(by_status), len(should - {r.unit_id for r in own}))
        if state.unapproved:
            found.append(state)
    return tuple(found)
