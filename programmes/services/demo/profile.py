"""The cells of a demonstration report: typical values, moved a little by commune, always in the same way."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from indicators.rules.types import NO_DATA, NOT_APPLICABLE, Value
from indicators.selectors.definitions import CellDef, Definitions
from indicators.services.values import CellInput

_TENTH = Decimal("0.1")

# Where a figure stands in the file: level, indicator code.
Place = tuple[str, str]


class Profile:
    """Reads `demo_reports.yaml`.

    Args:
        raw: the file's content.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.years = [period["code"] for period in raw["periods"]]
        self.levels = {code: level for level, code in raw["sets"].items()}

    def cells(
        self, definitions: Definitions, uid: str, period: str, without: Collection[str] = ()
    ) -> Iterator[CellInput]:
        """Yield a cell input for every cell of the form of this commune and period but those `without`."""
        at = self.years.index(period)
        places = self._places(definitions)
        for definition in definitions.elements:
            if definition.code in without:
                continue
            place, element = places[definition.code], definition.code
            reason = self._not_applicable(place, uid)
            for cell in definition.cells:
                if reason:
                    yield CellInput(element, cell.part, state=NOT_APPLICABLE, reason=reason)
                    continue
                value = self._value(place, cell, uid, at)
                if value == NO_DATA:
                    yield CellInput(element, cell.part, state=NO_DATA)
                else:
                    yield CellInput(element, cell.part, raw=value, language="plain")

    def judged_not_met(self, uid: str, period: str) -> set[tuple[str, str]]:
        """Return the (set, indicator) codes that the offices judge as not met."""
        return self._listed("judged_not_met", uid, period)

    def not_judged(self, uid: str, period: str) -> set[tuple[str, str]]:
        """Return the (set, indicator) codes that no office has judged yet."""
        return self._listed("not_judged", uid, period)

    def codes(self, definitions: Definitions) -> dict[str, str]:
        """Return element by indicator code of the standard set."""
        return {code: element for element, (level, code) in self._places(definitions).items() if level == "standard"}

    def _listed(self, name: str, uid: str, period: str) -> set[tuple[str, str]]:
        given: Mapping[str, Mapping[str, list[str]]] = self.raw[name].get(uid, {})
        return {
            (self.raw["sets"][level], code)
            for level, codes in given.items()
            for code, periods in codes.items()
            if period in periods
        }

    def elements(self, definitions: Definitions) -> dict[Place, str]:
        """Return the element of each place that the file can speak of."""
        return {place: element for element, place in self._places(definitions).items()}

    def _places(self, definitions: Definitions) -> dict[str, Place]:
        """Return where the file speaks of each element: under the lowest level that asks for it."""
        places: dict[str, Place] = {}
        for one in definitions.sets:
            for indicator in (i for c in one.criteria for i in c.indicators):
                places.setdefault(indicator.element, (self.levels[one.code], indicator.code))
        return places

    def _not_applicable(self, place: Place, uid: str) -> str:
        for rule in self.raw["not_applicable"]:
            here = (rule["level"], rule["indicator"]) == place
            if here and uid in rule.get("only", [uid]) and uid not in rule.get("except", []):
                return str(rule["reason"])
        return ""

    def _value(self, place: Place, cell: CellDef, uid: str, at: int) -> Value:
        level, code = place
        typical = self._typical(level, code, uid)
        if "same_as" in typical:
            # Two decrees ask the same of two elements: the figures must not contradict each other.
            code, _, part = typical["same_as"].partition("/")
            return self._figure("standard", code, part, cell.value_type, uid, at)
        return self._figure(level, code, cell.part, cell.value_type, uid, at)

    def _typical(self, level: str, code: str, uid: str) -> Mapping[str, Any]:
        ahead = self.raw["ahead"]
        if uid in ahead["communes"] and code in ahead.get(level, {}):
            return dict(ahead[level][code])
        return dict(self.raw["typical"].get(level, {}).get(code, {}))

    def _figure(self, level: str, code: str, part: str, value_type: str, uid: str, at: int) -> Value:
        name = f"{code}/{part}" if part else code
        own = self.raw["profiles"][uid].get(level, {}).get(name)
        if own is not None:
            return _typed(own[at])
        typical = self._typical(level, code, uid)
        values = typical.get("parts", {}).get(part) if part else typical.get("values")
        if values is None and value_type == "boolean":
            return True
        if isinstance(values, str):
            return values
        if values is None:
            raise KeyError(f"demo_reports.yaml: typical {level} {name}")
        value = _typed(values[at])
        if not isinstance(value, Decimal):
            return value
        moved = value + _shift(uid, f"{code}/{part}", Decimal(str(typical.get("spread", 0))))
        if value_type == "percent":
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
