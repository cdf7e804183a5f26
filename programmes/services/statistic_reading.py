"""A figure that was sent, read: for which unit and day, whether the measure takes it there, and every fault."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Unit, UnitGroup, UnitKind
from communes.scope import scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.models import Provenance
from programmes.measures.facts import HOME_AREA
from programmes.measures.registry import AREA, COMMUNES, typed_measures
from programmes.measures.values import COMMUNE, PERCENT, Measure
from programmes.services.typed import FIRST_YEAR, Reader, require_for, unit_of, version_of

# What a person may say of a source; figures made up for a demonstration come from its loader alone.
TRUSTED = frozenset({Provenance.SOURCED, Provenance.UNVERIFIED})
ENTER = Permission.STATISTICS_ENTER


@dataclass(frozen=True, slots=True)
class StatisticTyped:
    """A figure as it was sent: numbers are texts in the form of `language` (vi, en, or plain as the API has them)."""

    measure: str
    unit: str
    as_of: date | None
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    unit_code: str = ""
    printed: str = ""
    source: str = ""
    provenance: str = Provenance.SOURCED
    note: str = ""
    language: str = "vi"


@dataclass(frozen=True, slots=True)
class Draft:
    """A figure that was read: what makes it this one, and what it says."""

    measure: Measure
    unit: Unit
    key: dict[str, Any]
    content: dict[str, Any]


def read_statistic(by: Any, typed: StatisticTyped, marks: frozenset[str]) -> Draft:
    """Read a figure that was sent, for whom and by whom it may be entered.

    Raises:
        Forbidden: not this account, or not for this unit; Invalid: every fault.
    """
    scope, reader = scope_of(by), Reader(typed.language)
    unit = unit_of(reader, scope, typed.unit)
    if unit is not None:
        require_for(scope, ENTER, own_unit(unit))
    elif ENTER not in scope.permissions:
        require_for(scope, ENTER, None)
    day = _day(reader, typed.as_of)
    kind = _kind(reader, unit, day)
    measure = next((one for one in typed_measures(kind) if one.code == typed.measure), None)
    if measure is None and kind:
        reader.fault("measure", "unknown", _("Con số này không nhập được cho đơn vị đã chọn."))
    reader.unit("unit_code", typed.unit_code, measure)
    figure = _figure(reader, typed, measure, kind) if measure is not None else {}
    key = {
        "as_of": day,
        "source": reader.line("source", typed.source, needed=_("Ghi nguồn: văn bản, báo cáo hoặc nơi công bố.")),
    }
    content = {
        **figure,
        "printed_vi": reader.line("printed", typed.printed),
        "provenance": reader.trust("provenance", typed.provenance, marks),
        "note": reader.paragraph("note", typed.note),
    }
    if reader.faults or measure is None or unit is None:
        raise Invalid(reader.faults)
    return Draft(measure, unit, key, content)


def _day(reader: Reader, day: date | None) -> date | None:
    if day is None:
        reader.fault("as_of", "required", _("Ghi ngày của số liệu; số liệu của cả năm thì ghi ngày 31/12 năm đó."))
    elif day > timezone.localdate():
        reader.fault("as_of", "future", _("Ngày của số liệu chưa đến."))
    elif day.year < FIRST_YEAR:
        reader.fault("as_of", "too_early", _("Ngày sớm nhất là năm %(year)s.") % {"year": FIRST_YEAR})
    return day


def _kind(reader: Reader, unit: Unit | None, day: date | None) -> str:
    """Return which figures are typed for the unit on the day: those of communes, of the area, or none."""
    if unit is None or day is None:
        return ""
    if unit.uid == HOME_AREA:
        return AREA
    version = version_of(unit, day)
    if version is None:
        reader.fault("as_of", "unit_not_then", _("Đơn vị không tồn tại trong ngày này."))
        return ""
    if version.kind not in (UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE):
        reader.fault("unit", "not_a_commune", _("Chỉ nhập cho xã, phường, đặc khu hoặc cho toàn địa bàn."))
        return ""
    return COMMUNES


def _figure(reader: Reader, typed: StatisticTyped, measure: Measure, kind: str) -> dict[str, Any]:
    before = len(reader.faults)
    value = reader.number("value", typed.value, measure.unit)
    above, below = reader.count("numerator", typed.numerator), reader.count("denominator", typed.denominator)
    parts = bool(typed.numerator.strip() or typed.denominator.strip())
    if measure.unit != PERCENT and parts:
        reader.fault("numerator", "no_ratio", _("Con số này không phải tỷ lệ: chỉ nhập giá trị."))
    elif typed.value.strip() and parts:
        reader.fault("value", "both", _("Nhập tử số và mẫu số, hoặc tỷ lệ, không nhập cả hai."))
    elif parts:
        _ratio(reader, typed, above, below)
    elif not typed.value.strip():
        message = _("Nhập tử số và mẫu số, hoặc tỷ lệ.") if measure.unit == PERCENT else _("Nhập giá trị.")
        reader.fault("value", "required", message)
    elif value is not None and kind == COMMUNES and measure.unit == COMMUNE and value > 1:
        reader.fault("value", "one_commune", _("Một xã nhập 1 khi có, 0 khi chưa có."))
    if len(reader.faults) > before:
        return {}
    group = measure.group if kind == AREA else None
    return {"value": None if parts else value, "numerator": above, "denominator": below, "group_id": _group(group)}


def _ratio(reader: Reader, typed: StatisticTyped, above: int | None, below: int | None) -> None:
    if not typed.numerator.strip():
        reader.fault("numerator", "required", _("Nhập tử số."))
    if not typed.denominator.strip():
        reader.fault("denominator", "required", _("Nhập mẫu số."))
    if below == 0:
        reader.fault("denominator", "zero", _("Mẫu số phải lớn hơn 0."))
    elif above is not None and below is not None and above > below:
        reader.fault("numerator", "over_percent", _("Tử số không được lớn hơn mẫu số."))


def _group(code: str | None) -> int | None:
    return UnitGroup.objects.filter(code=code).values_list("pk", flat=True).first() if code else None


def own_unit(unit: Unit) -> int | None:
    """Of whom the permission is asked: the unit itself, or the whole town."""
    return None if unit.uid == HOME_AREA else unit.pk
