"""The cells of a demonstration report: typical values, moved a little by commune, always in the same way."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from indicators.rules.types import NO_DATA, NOT_APPLICABLE, Value
from indicators.selectors.definitions import CellDef, Definitions
from indicators.services.values import CellInput

_TENTH = Decimal("0.1")


class Profile:
    """Reads `demo_reports.yaml`.

    Args:
        raw: the file's content.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.years = [period["code"] for period in raw["periods"]]

    def cells(self, definitions: Definitions, uid: str, period: str) -> Iterator[CellInput]:
        """Yield a cell input for every cell of the form of this commune and period."""
        at = self.years.index(period)
        for code, element in self._codes(definitions).items():
            definition = definitions.element(element)
            if definition is None:
                continue
            reason = self._not_applicable(code, uid)
            for cell in definition.cells:
                if reason:
                    yield CellInput(element, cell.part, state=NOT_APPLICABLE, reason=reason)
                    continue
                value = self._value(code, cell, uid, at)
                if value == NO_DATA:
                    yield CellInput(element, cell.part, state=NO_DATA)
                else:
                    yield CellInput(element, cell.part, raw=value, language="plain")

    def judged_not_met(self, definitions: Definitions, uid: str, period: str) -> set[str]:
        """Return the elements that the offices judge as not met."""
        codes = self._codes(definitions)
        given: Mapping[str, list[str]] = self.raw["judged_not_met"].get(uid, {})
        return {codes[code] for code, periods in given.items() if period in periods}

    def _codes(self, definitions: Definitions) -> dict[str, str]:
        """Return element by indicator code of the set that the file speaks of."""
        return {
            indicator.code: indicator.element
            for one in definitions.sets
            if one.code == self.raw["set"]
            for criterion in one.criteria
            for indicator in criterion.indicators
        }

    def _not_applicable(self, code: str, uid: str) -> str:
        for rule in self.raw["not_applicable"]:
            if rule["indicator"] == code and uid in rule.get("only", [uid]) and uid not in rule.get("except", []):
                return str(rule["reason"])
        return ""

    def _value(self, code: str, cell: CellDef, uid: str, at: int) -> Value:
        own = self.raw["profiles"][uid].get(f"{code}/{cell.part}" if cell.part else code)
        if own is not None:
            return _typed(own[at])
        typical = self.raw["typical"].get(code, {})
        values = typical.get("parts", {}).get(cell.part) if cell.part else typical.get("values")
        if values is None and cell.value_type == "boolean":
            return True
        if isinstance(values, str):
            return values
        if values is None:
            raise KeyError(f"demo_reports.yaml: typical {code} {cell.part}")
        moved = Decimal(str(values[at])) + _shift(uid, f"{code}/{cell.part}", Decimal(str(typical.get("spread", 0))))
        if cell.value_type == "percent":
            moved = min(Decimal(100), moved)
        return max(Decimal(0), moved)


def _typed(value: Any) -> Value:
    if isinstance(value, bool | str):
        return value
    return Decimal(str(value))


def _shift(uid: str, code: str, spread: Decimal) -> Decimal:
    """Return a number between -spread and +spread that depends on the commune and the question only."""
    step = Decimal(zlib.crc32(f"{uid}:{code}".encode()) % 21 - 10) / 10
    return (spread * step).quantize(_TENTH, rounding=ROUND_HALF_UP)
