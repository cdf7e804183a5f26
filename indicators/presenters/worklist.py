"""How the worklist is grouped for each kind of reader: what waits for them first, then the rest by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communes.scope import Scope
from indicators.models import Report
from indicators.presenters.entry import due_text
from indicators.presenters.words import local, period_label
from indicators.selectors.worklist import WorkItem, Worklist, WorklistFilter
from mongcai_portal.common.workflow import APPROVED, DRAFT, EDITABLE, VERIFIED


@dataclass(frozen=True, slots=True)
class Line:
    """A report of the list as read."""

    item: WorkItem
    unit: str
    period: str
    due_left: str
    due_pressing: str
    url: str
    action: str
    urgent: bool

    @property
    def report(self) -> Report:
        return self.item.report

    @property
    def returned(self) -> list[tuple[str, str, str]]:
        return [(local(r.name), r.reason, local(r.office)) for r in self.item.returned]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under one heading."""

    title: str
    note: str
    lines: list[Line]
    urgent: bool


def worklist_context(
    work: Worklist, scope: Scope, wanted: WorklistFilter, *, today: date | None = None
) -> dict[str, Any]:
    """Everything that `indicators/worklist.html` shows."""
    day = today or timezone.localdate()
    lines = [_line(item, scope, day) for item in work.items]
    waiting = sorted(
        (line for line in lines if line.urgent), key=lambda line: (line.report.period.due_on, line.item.sort_key)
    )
    groups = []
    if waiting:
        groups.append(Group(_waiting_title(scope), "", waiting, urgent=True))
    for period in work.periods:
        rest = [line for line in lines if not line.urgent and line.report.period_id == period.pk]
        if rest:
            groups.append(Group(period_label(period.code), "", rest, urgent=False))
    total = sum(work.counts.values())
    return {
        "groups": groups,
        "statuses": [("", _("Tất cả"), total), *((s, _status(s), n) for s, n in work.counts.items())],
        "periods": [(p.code, period_label(p.code)) for p in work.periods],
        "units": [(uid, local(name)) for uid, name in work.units],
        "wanted": wanted,
        "filtered": any((wanted.period, wanted.status, wanted.unit)),
        "several_units": len(work.units) > 1,
        "may_open": "reports.open" in scope.permissions,
        "officer": "reports.edit" in scope.permissions,
        "empty": not lines,
    }


def _waiting_title(scope: Scope) -> str:
    if "reports.edit" in scope.permissions:
        return _("Cần nhập và trình")
    if "reports.approve" in scope.permissions:
        return _("Chờ phê duyệt")
    return _("Chờ phòng ban của anh/chị thẩm định")


def _status(code: str) -> str:
    return {
        "draft": _("Bản nháp"),
        "submitted": _("Đã trình"),
        "returned": _("Trả lại"),
        "verified": _("Đã thẩm định"),
        "approved": _("Đã duyệt"),
    }[code]


def _line(item: WorkItem, scope: Scope, day: date) -> Line:
    report = item.report
    entry, verify = reverse("report_entry", args=[report.pk]), reverse("report_verify", args=[report.pk])
    url, action, urgent = entry, _("Xem"), False
    if "reports.edit" in scope.permissions and report.unit_id in scope.unit_ids:
        if report.status in EDITABLE:
            urgent, action = True, _("Sửa và trình lại") if report.status != DRAFT else _("Nhập số liệu")
    elif "reports.approve" in scope.permissions:
        url = verify
        if report.status == VERIFIED:
            urgent, action = True, pgettext("action", "Phê duyệt")
    elif "reports.verify" in scope.permissions and report.status != DRAFT:
        url = verify
        if item.open_mine:
            urgent, action = True, pgettext("action", "Thẩm định")
    left, pressing = due_text(report.period.due_on, today=day)
    if report.status == APPROVED:
        left, pressing = "", ""
    return Line(item, local(item.unit), period_label(report.period.code), left, pressing, url, action, urgent)
