"""Whom to remind of which report, and what was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from communes.models import RoleAssignment
from communes.scope import Scope
from communes.selectors.directory import names_on
from indicators.models import Period, Reminder, Report
from indicators.selectors.layout import Name
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.accounts.roles import ROLES
from mongcai_portal.common.workflow import EDITABLE

SUBMITTING = tuple(code for code, role in ROLES.items() if Permission.REPORTS_SUBMIT in role.permissions)
# A reopened report counts by its approved revision: nobody is behind with it. Made-up ones have no deadline to miss.
OPEN = Q(status__in=EDITABLE, approved_revision__isnull=True, illustrative=False)


@dataclass(frozen=True, slots=True)
class ToRemind:
    """A report that is not submitted, and the people who can submit it."""

    report: Report
    name: Name
    sort_key: str
    officers: tuple[User, ...]

    @property
    def unit_id(self) -> int:
        return self.report.unit_id


def to_remind(periods: Iterable[Period], *, scope: Scope | None = None) -> list[ToRemind]:
    """Return the reports of the periods that wait for their commune, in dictionary order: three queries.

    `scope` None is the daily run, which looks at all of them.
    """
    rows = Report.objects.filter(OPEN, period__in=list(periods)).select_related("unit", "period")
    reports = list(rows.visible_to(scope) if scope is not None else rows)
    units = {report.unit_id for report in reports}
    officers = _officers(units)
    names = names_on(max((r.period.ends_on for r in reports), default=date.min), units)
    found = [
        ToRemind(
            report,
            Name(names[report.unit_id].name_vi, names[report.unit_id].name_en),
            names[report.unit_id].sort_key,
            tuple(officers[report.unit_id]),
        )
        for report in reports
    ]
    return sorted(found, key=lambda one: (one.sort_key, one.report.period.ends_on))


def _officers(units: Iterable[int]) -> dict[int, list[User]]:
    rows = (
        RoleAssignment.objects.in_force(timezone.localdate())
        .filter(role__in=SUBMITTING, unit__in=list(units), user__is_active=True, user__is_service=False)
        .select_related("user")
        .order_by("user__username")
    )
    found: dict[int, list[User]] = defaultdict(list)
    for row in rows:
        if row.user not in found[row.unit_id]:
            found[row.unit_id].append(row.user)
    return found


def still_open(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those of the (unit id, period id) pairs whose report still waits for its commune: one query."""
    wanted = set(pairs)
    rows = Report.objects.filter(OPEN, unit__in={u for u, _p in wanted}, period__in={p for _u, p in wanted})
    return wanted & set(rows.values_list("unit_id", "period_id"))


def reminders_of(period: Period, scope: Scope, *, newest: int) -> list[Reminder]:
    """Return the newest reminders of a period: one query."""
    rows = Reminder.objects.filter(period=period).select_related("recipient").order_by("-created_at", "-pk")
    if not scope.all_units:
        rows = rows.filter(unit__in=scope.unit_ids)
    return list(rows[:newest])


def own_reminders(user: Any) -> list[Reminder]:
    """Return what the person was reminded of and has not put aside, while it is still to be done: one query.

    Of several about one report the newest counts.
    """
    waiting = Report.objects.filter(OPEN, unit=OuterRef("unit"), period=OuterRef("period"))
    rows: QuerySet[Reminder] = (
        Reminder.objects.filter(Exists(waiting), recipient=user, dismissed_at__isnull=True)
        .select_related("period")
        .order_by("-day", "-pk")
    )
    newest: dict[tuple[int, int], Reminder] = {}
    for row in rows:
        newest.setdefault((row.unit_id, row.period_id), row)
    return list(newest.values())


def names_of(day: date, unit_ids: Sequence[int]) -> dict[int, Name]:
    """Return the names of units on a day, or their last ones before: one query."""
    return {pk: Name(v.name_vi, v.name_en) for pk, v in names_on(day, unit_ids).items()}
