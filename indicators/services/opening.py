"""Opening reports: of one unit by the keys that other systems know, and of many units at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Unit, UnitVersion
from communes.scope import scope_of
from communes.selectors.directory import names_on
from indicators.models import Period, Report, ReportRevision
from indicators.models.reports import REPORTING_KINDS
from indicators.selectors.definitions import definitions_for
from indicators.services.guard import require
from indicators.services.reports import open_report
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import About, record_many
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.periods import parse_period
from mongcai_portal.common.templatetags.portal import localname


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening many reports came to: names of the units whose report was opened, and of those that had one."""

    opened: tuple[str, ...]
    already: tuple[str, ...]


def open_reports(*, by: Any, period: Period, units: Iterable[str]) -> Opened:
    """Open the reports of many units (uids) for a period, all or none, in a fixed number of queries.

    Units that have a report keep it and are told apart; so doing it again opens nothing twice.

    Raises:
        Forbidden; Invalid: no unit chosen, units out of scope, not there or no commune on the period's last day, no
        published criteria set. Every unit at fault is named.
    """
    scope = scope_of(by)
    require(scope, "reports.open")
    wanted = list(dict.fromkeys(units))
    found = {unit.uid: unit for unit in Unit.objects.visible_to(scope).filter(uid__in=wanted)}
    versions = names_on(period.ends_on, [unit.pk for unit in found.values()])
    faults = [] if wanted else [Fault("/units", "required", _("Chọn ít nhất một xã."))]
    if not definitions_for(period).sets:
        faults.append(Fault("/period", "no_criteria_set", _("Chưa có bộ tiêu chí nào áp dụng cho kỳ này.")))
    for uid in wanted:
        faults += _unit_faults(uid, versions.get(found[uid].pk) if uid in found else None, period)
    if faults:
        raise Invalid(faults)
    places = [(unit, versions[unit.pk]) for unit in found.values()]
    places.sort(key=lambda place: place[1].sort_key)
    try:
        return _open(by, period, places)
    except IntegrityError:
        # Another window opened some of them between our look and our writing: now they are seen.
        return _open(by, period, places)


def _open(by: Any, period: Period, places: list[tuple[Unit, UnitVersion]]) -> Opened:
    moment = timezone.now()
    with transaction.atomic():
        there = set(
            Report.objects.filter(period=period, unit__in=[unit for unit, _version in places]).values_list(
                "unit_id", flat=True
            )
        )
        new = [(unit, version) for unit, version in places if unit.pk not in there]
        reports = Report.objects.bulk_create(Report(unit=unit, period=period, created_at=moment) for unit, _v in new)
        ReportRevision.objects.bulk_create(
            ReportRevision(report=report, number=1, opened_by=str(by), opened_at=moment) for report in reports
        )
        record_many(
            kind=Kind.REPORT_OPENED,
            by=by,
            about=[
                About("report", report.pk, f"{version.name_vi} · {period.code}", unit.uid, {"revision": 1})
                for report, (unit, version) in zip(reports, new, strict=True)
            ],
        )
    return Opened(
        tuple(localname(version) for _unit, version in new),
        tuple(localname(version) for unit, version in places if unit.pk in there),
    )


def _unit_faults(uid: str, version: UnitVersion | None, period: Period) -> list[Fault]:
    pointer = f"/units/{uid}"
    if version is None:
        message = _("“%(unit)s” không phải là đơn vị trong phạm vi của tài khoản.") % {"unit": uid}
        return [Fault(pointer, "unknown", message)]
    name = {"unit": localname(version)}
    if not version.holds_on(period.ends_on):
        return [Fault(pointer, "not_in_force", _("“%(unit)s” không tồn tại vào ngày cuối kỳ.") % name)]
    if version.kind not in REPORTING_KINDS:
        message = _("“%(unit)s” không phải là xã; chỉ xã báo cáo theo bộ tiêu chí nông thôn mới.") % name
        return [Fault(pointer, "not_a_commune", message)]
    return []


def open_report_by_keys(*, by: Any, unit: str, period: str) -> Report:
    """Open the report of a unit (uid) for a period (code) that the coordinator has opened.

    Raises:
        Forbidden; Invalid: unknown keys at `/unit` and `/period`, and whatever `open_report` refuses.
    """
    scope = scope_of(by)
    require(scope, "reports.open")
    faults = []
    unit_row = Unit.objects.visible_to(scope).filter(uid=unit).first()
    if unit_row is None:
        faults.append(Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản.")))
    period_row = Period.objects.filter(code=period.strip()).first()
    if period_row is None:
        faults.append(_period_fault(period))
    if unit_row is None or period_row is None:
        raise Invalid(faults)
    return open_report(by=by, unit=unit_row, period=period_row)


def _period_fault(period: str) -> Fault:
    try:
        parse_period(period)
    except ValueError:
        message = _("“%(code)s” không phải là kỳ báo cáo (ví dụ 2023, 2023-H1).") % {"code": period}
        return Fault("/period", "invalid", message)
    return Fault("/period", "not_opened", _("Kỳ này chưa được mở để báo cáo."))
