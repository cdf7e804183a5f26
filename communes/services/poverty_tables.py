"""Letting the report tables leave as a workbook: who took which of them stands in the log before they do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import PovertyStandard, UnitVersion
from communes.rules.poverty.report_tables import LISTS, TABLES, year_days
from communes.scope import Scope, scope_of
from communes.selectors.count_freshness import stale_since, stale_units
from communes.selectors.poverty_changes import sees_exactly
from communes.selectors.poverty_published import years_counted
from communes.selectors.poverty_tables.extent import Extent, answers, extent_of
from communes.selectors.poverty_tables.tables import reach_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Forbidden, Invalid
from mongcai_portal.common.models import in_force_q

# Households of the lists of one workbook: what an office opens, and what a request makes in some seconds.
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class TablesAsked:
    """What is asked for, as it was given: codes and numbers; `unit` "": all units."""

    standard: str
    year: int | None
    unit: str = ""
    tables: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleasedTables:
    """What may leave: the extent, the tables in their order, and whether its numbers are exact for the reader.

    `outdated_since`: since when the counts of the extent lack something; None when they do not.
    """

    scope: Scope
    extent: Extent
    tables: tuple[int, ...]
    exact: bool
    outdated_since: datetime | None = None


def release_tables(*, by: Any, asked: TablesAsked) -> ReleasedTables:
    """Return what may leave as a workbook; the event is in the log before anything of it does.

    Raises:
        Forbidden: no right to see counts, or lists of households without the right to take these out;
        Invalid: `/standard` unknown; `/year` unknown (the standard counts for no such year); `/unit` required, unknown,
        not_then (it did not exist on the closing day), too_many households for one workbook; `/tables` required.
    """
    scope, today = scope_of(by), timezone.localdate()
    if Permission.MEASURES_VIEW not in scope.permissions:
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))
    reach = reach_of(scope, today)
    faults = []
    standard = PovertyStandard.objects.select_related("form").filter(code=asked.standard).first()
    if standard is None:
        faults.append(Fault("/standard", "unknown", _("Chọn chuẩn nghèo.")))
    elif asked.year is None or asked.year not in years_counted(standard.code, today):
        faults.append(Fault("/year", "unknown", _("Chuẩn nghèo này không tính cho năm đó.")))
    unit = next((one for one in reach.units if one.unit.uid == asked.unit), None)
    if asked.unit and unit is None:
        faults.append(Fault("/unit", "unknown", _("Không có đơn vị này trong phạm vi của tài khoản.")))
    elif not asked.unit and not reach.whole:
        faults.append(Fault("/unit", "required", _("Chọn xã, phường.")))
    if not set(asked.tables) & set(TABLES):
        faults.append(Fault("/tables", "required", _("Chọn ít nhất một biểu.")))
    then, days = None, None
    if not faults and standard is not None and asked.year is not None:
        days = year_days(asked.year, today)
        then = UnitVersion.objects.filter(in_force_q(days[1]), unit=unit.unit_id).first() if unit else None
        if unit is not None and then is None:
            message = _("Đơn vị này không có vào ngày cuối của năm %(year)s.") % {"year": asked.year}
            faults.append(Fault("/unit", "not_then", message))
    if faults or standard is None or asked.year is None or days is None:
        raise Invalid(faults)
    tables = tuple(number for number in TABLES if number in asked.tables)
    if not set(tables) <= set(reach.tables(unit)):
        raise Forbidden(_("Danh sách từng hộ chỉ dành cho người có quyền xuất sổ hộ của đơn vị."))
    extent = extent_of(standard, asked.year, *days, then)
    households = _households_of(extent, tables)
    if households > LONGEST:
        message = _("Có hơn %(n)s hộ: chọn một xã, phường cho mỗi tệp.") % {"n": LONGEST}
        raise Invalid([Fault("/unit", "too_many", message)])
    exact = sees_exactly(scope, then)
    uid = unit.unit.uid if unit else ""
    record(
        kind=Kind.POVERTY_TABLES_EXPORTED, by=by, obj_type="poverty_tables", obj_id="", label=standard.code,
        unit_uid=uid, standard=standard.code, year=asked.year, tables=list(tables), rows=households, exact=exact,
    )  # fmt: skip
    since = stale_since(stale_units(days[1:])[days[1]], extent.units)
    return ReleasedTables(scope, extent, tables, exact, since)


def _households_of(extent: Extent, tables: Collection[int]) -> int:
    statuses = [TABLES[number].status for number in tables if number in LISTS]
    return answers(extent, *statuses).count() if statuses else 0
