"""Reading norms: each of its version's type, for a region of its decree, once for each case."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.models.criteria import ValueType
from indicators.rules.values import impossible
from indicators.services.criteria_types import NormRow, NormValue
from mongcai_portal.common.fields import FieldReader
from mongcai_portal.common.models import Provenance


class NormReader(FieldReader):
    """Reads the norms of versions and components; `_regions` and `_groups` are those that the set's file lists."""

    def __init__(self) -> None:
        super().__init__()
        self._regions: frozenset[str] = frozenset()
        self._groups: frozenset[str] = frozenset()

    def _region(self, row: Mapping[str, Any], pointer: str) -> str:
        region = row.get("region") or ""
        if region and region not in self._regions:
            self.fault(f"{pointer}/region", "unknown_region", _("Không có vùng “%(zone)s”.") % {"zone": region})
        return region

    def _norms(
        self, row: Mapping[str, Any], pointer: str, part: str, value_type: str, scale: tuple[str, ...]
    ) -> list[NormRow]:
        norms, seen = [], set[Any]()
        for at, one in enumerate(self.rows(row, "norms", pointer)):
            spot = f"{pointer}/norms/{at}"
            region, year, group = self._region(one, spot), self._year(one, spot), self._group(one, spot)
            self.once(seen, (region, year, group), spot)
            provenance = self.word(one, "provenance", spot, Provenance.values)
            if provenance == Provenance.MISSING:
                continue  # it says that no level is known: no row, so that the outcome stays undetermined
            derived = one.get("derived_from")
            if derived:
                if value_type not in (ValueType.PERCENT, ValueType.NUMBER) or not isinstance(derived, Mapping):
                    self.fault(
                        f"{spot}/derived_from",
                        "wrong_type",
                        _("Chỉ mức là số mới dẫn xuất được, gồm set, indicator và factor."),
                    )
                    continue
                norms.append(
                    NormRow(
                        part, region, year, group, None, provenance,
                        self.text(derived, "set", f"{spot}/derived_from"),
                        self.text(derived, "indicator", f"{spot}/derived_from"),
                        self._factor(derived, f"{spot}/derived_from"),
                    )
                )  # fmt: skip
                continue
            value = self._value(one, spot, value_type, scale)
            if value is not None:
                norms.append(NormRow(part, region, year, group, value, provenance))
        return norms

    def _year(self, row: Mapping[str, Any], pointer: str) -> int | None:
        year = row.get("year")
        if year is None or (isinstance(year, int) and not isinstance(year, bool)):
            return year
        self.fault(f"{pointer}/year", "wrong_type", _("“%(value)s” không phải là năm.") % {"value": year})
        return None

    def _group(self, row: Mapping[str, Any], pointer: str) -> str:
        group = row.get("commune_group") or ""
        if group and group not in self._groups:
            message = _("Không có nhóm xã “%(code)s” trong tệp này.") % {"code": group}
            self.fault(f"{pointer}/commune_group", "unknown_group", message)
        return str(group)

    def _factor(self, row: Mapping[str, Any], pointer: str) -> Decimal | None:
        value = self.need(row, "factor", pointer)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            self.fault(f"{pointer}/factor", "wrong_type", _("Hệ số phải là một số lớn hơn 0."))
            return None
        return Decimal(str(value))

    def _value(self, row: Mapping[str, Any], pointer: str, value_type: str, scale: tuple[str, ...]) -> NormValue | None:
        value = self.need(row, "value", pointer)
        if value is None:
            return None
        if value_type == ValueType.BOOLEAN and isinstance(value, bool):
            return value
        if value_type == ValueType.CHOICE and value in scale:
            return str(value)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value_type in (ValueType.PERCENT, ValueType.NUMBER) and number:
            level = Decimal(str(value))
            code = impossible(level, value_type=value_type, unit="")
            if code is not None:
                message = _("Mức đạt chuẩn “%(value)s” nằm ngoài các giá trị có thể có.") % {"value": value}
                self.fault(f"{pointer}/value", code, message)
            return level
        self.fault(
            f"{pointer}/value",
            "wrong_type",
            _("Mức đạt chuẩn “%(value)s” không hợp với kiểu “%(type)s”.") % {"value": value, "type": value_type},
        )
        return None
