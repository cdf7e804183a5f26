"""A target that was sent, read: its plan, where it starts from, for whom, and every fault."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from communes.models import Unit, UnitGroup
from communes.scope import scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.models import Provenance
from programmes.measures.values import Measure
from programmes.models import Target
from programmes.rules.progress import UP
from programmes.selectors.targets import planned_measures
from programmes.services.typed import FIRST_YEAR, LAST_YEAR, Reader, require_for, unit_of, version_of

PLAN = Permission.TARGETS_PLAN
TRUSTED = frozenset({Provenance.SOURCED, Provenance.UNVERIFIED})


@dataclass(frozen=True, slots=True)
class TargetTyped:
    """A target as it was sent: numbers are texts in the form of `language` (vi, en, or plain as the API has them)."""

    measure: str
    unit: str
    year: str
    value: str
    baseline_value: str = ""
    baseline_on: date | None = None
    baseline_source: str = ""
    group: str = ""
    unit_code: str = ""
    source: str = ""
    provenance: str = Provenance.SOURCED
    note: str = ""
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class Draft:
    """A target that was read: what makes it this one, and what it says."""

    measure: Measure
    key: dict[str, Any]
    content: dict[str, Any]


def read_target(by: Any, typed: TargetTyped, marks: frozenset[str]) -> Draft:
    """Read a target that was sent.

    Raises:
        Forbidden: this account plans nothing; Invalid: every fault, `no_baseline` at each part that is missing of where
        the plan starts from.
    """
    scope, reader = scope_of(by), Reader(typed.language)
    require_for(scope, PLAN, None)
    measure = next((one for one in planned_measures() if one.code == typed.measure), None)
    if measure is None:
        reader.fault("measure", "unknown", _("Chọn một con số có chiều mong muốn, tăng hoặc giảm."))
    unit = unit_of(reader, scope, typed.unit)
    group = _group(reader, typed.group, measure)
    year = _year(reader, typed.year)
    reader.unit("unit_code", typed.unit_code, measure)
    value = _plan(reader, typed.value, measure)
    start = _start(reader, typed, measure)
    _dates(reader, typed.baseline_on, year, unit)
    content = {
        "value": value,
        **start,
        "source": reader.line("source", typed.source, needed=_("Ghi văn bản đặt chỉ tiêu: số, ngày.")),
        "provenance": reader.trust("provenance", typed.provenance, marks),
        "note": reader.paragraph("note", typed.note),
    }
    if measure is not None and value is not None and start["baseline_value"] is not None:
        _direction(reader, measure, value, start["baseline_value"])
    if reader.faults or measure is None:
        raise Invalid(reader.faults)
    return Draft(measure, {"area": unit, "group": group, "year": year}, content)


def _group(reader: Reader, code: str, measure: Measure | None) -> UnitGroup | None:
    """Return the group that the plan is over; None for the measure's own."""
    if not code or (measure is not None and code == measure.group):
        return None
    found = UnitGroup.objects.filter(code=code).first()
    if found is None:
        reader.fault("group", "unknown", _("Không có nhóm đơn vị này."))
    elif measure is not None and measure.group is None and measure.gather is None:
        reader.fault("group", "no_group", _("Con số này không tính trên một nhóm đơn vị."))
    return found


def _year(reader: Reader, text: str) -> int | None:
    plain = text.strip()
    year = int(plain) if plain.isascii() and plain.isdigit() and len(plain) == 4 else None
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        words = {"first": FIRST_YEAR, "last": LAST_YEAR}
        reader.fault("year", "invalid", _("Năm gồm bốn chữ số, từ %(first)s đến %(last)s.") % words)
        return None
    return year


def _plan(reader: Reader, text: str, measure: Measure | None) -> Decimal | None:
    if not text.strip():
        reader.fault("value", "required", _("Nhập giá trị của chỉ tiêu."))
    return reader.number("value", text, measure.unit) if measure is not None else None


def _start(reader: Reader, typed: TargetTyped, measure: Measure | None) -> dict[str, Any]:
    """Read where the plan starts from: without it no pace can be told."""
    if not typed.baseline_value.strip():
        message = _("Chỉ tiêu phải có điểm xuất phát: nhập giá trị ban đầu.")
        reader.fault("baseline_value", "no_baseline", message)
    value = reader.number("baseline_value", typed.baseline_value, measure.unit) if measure is not None else None
    if typed.baseline_on is None:
        reader.fault("baseline_on", "no_baseline", _("Chỉ tiêu phải có điểm xuất phát: ghi ngày của giá trị ban đầu."))
    missing = _("Chỉ tiêu phải có điểm xuất phát: ghi nguồn của giá trị ban đầu.")
    source = reader.line("baseline_source", typed.baseline_source)
    if not source:
        reader.fault("baseline_source", "no_baseline", missing)
    return {"baseline_value": value, "baseline_on": typed.baseline_on, "baseline_source": source}


def _dates(reader: Reader, start: date | None, year: int | None, unit: Unit | None) -> None:
    if start is None:
        return
    if start.year < FIRST_YEAR:
        reader.fault("baseline_on", "too_early", _("Ngày sớm nhất là năm %(year)s.") % {"year": FIRST_YEAR})
    elif year is not None and start >= date(year, 12, 31):
        reader.fault("baseline_on", "too_late", _("Điểm xuất phát phải trước ngày cuối của năm chỉ tiêu."))
    elif unit is not None and version_of(unit, start) is None:
        reader.fault("baseline_on", "unit_not_then", _("Đơn vị không tồn tại trong ngày này."))


def _direction(reader: Reader, measure: Measure, value: Decimal, start: Decimal) -> None:
    """A plan that goes backwards is a slip of the pen; one that keeps what is reached is a plan."""
    if (value - start) * (1 if measure.direction == UP else -1) < 0:
        up = _("Con số này càng cao càng tốt: chỉ tiêu không thể thấp hơn điểm xuất phát.")
        down = _("Con số này càng thấp càng tốt: chỉ tiêu không thể cao hơn điểm xuất phát.")
        reader.fault("value", "backwards", up if measure.direction == UP else down)


def typed_again(typed: TargetTyped, row: Target) -> TargetTyped:
    """Return what was sent for a revision, of the measure, unit, group and year that the plan is for."""
    group = row.group.code if row.group else ""
    return replace(typed, measure=row.measure, unit=row.area.uid, group=group, year=str(row.year))
