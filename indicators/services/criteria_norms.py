"""Reading norms: each of its version's type, for a region of its decree, once for each case."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.models.criteria import ValueType
from indicators.services.criteria_types import NormRow, NormValue
from mongcai_portal.common.fields import FieldReader
from mongcai_portal.common.models import Provenance


class NormReader(FieldReader):
    """Reads the norms of versions and components; `_regions` are those that the set's file lists."""

    def __init__(self) -> None:
        super().__init__()
        self._regions: frozenset[str] = frozenset()

    def _region(self, row: Mapping[str, Any], pointer: str) -> str:
        region = row.get("region") or ""
        if region and region not in self._regions:
            self.fault(f"{pointer}/region", "unknown_region", _("Không có vùng “%(zone)s”.") % {"zone": region})
        return region

    def _norms(
        self, row: Mapping[str, Any], pointer: str, part: str, value_type: str, scale: tuple[str, ...]
    ) -> list[NormRow]:
        norms, seen = [], set[Any]()
        for at, one in enumerate(row.get("norms") or ()):
            spot = f"{pointer}/norms/{at}"
            region, year, group = self._region(one, spot), one.get("year"), one.get("commune_group") or ""
            self.once(seen, (region, year, group), spot)
            provenance = self.word(one, "provenance", spot, Provenance.values)
            if provenance == Provenance.MISSING:
                continue  # it says that no level is known: no row, so that the outcome stays undetermined
            derived = one.get("derived_from")
            if derived:
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

    def _factor(self, row: Mapping[str, Any], pointer: str) -> Decimal | None:
        value = self.need(row, "factor", pointer)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(f"{pointer}/factor", "wrong_type", _("Hệ số phải là một số."))
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
            return Decimal(str(value))
        self.fault(
            f"{pointer}/value",
            "wrong_type",
            _("Mức đạt chuẩn “%(value)s” không hợp với kiểu “%(type)s”.") % {"value": value, "type": value_type},
        )
        return None
