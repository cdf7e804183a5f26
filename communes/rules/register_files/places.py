"""Which village of the register a file means."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from communes.rules.names import name_key, place_key, place_kind
from communes.rules.register_files.cells import Wrong, shown
from mongcai_portal.common.text import bare_unit_name

# The words for a village's kind that mean the same in a file as in the register.
_KINDS = {"thon": ("thon0",), "ban": ("ban3",), "khu": ("khu0", "khu0 phố4", "khu0 dân0 cư0", "tổ0 dân0 phố4")}


@dataclass(frozen=True, slots=True)
class VillagePlace:
    """A village on the day of the import, and the unit that it lies in then."""

    code: str
    name: str
    kind: str
    unit: str  # its uid
    unit_name: str
    unit_code: str  # the official one


@dataclass(slots=True)
class Gazetteer:
    """The villages that a file may speak of, found by code or by name."""

    villages: Iterable[VillagePlace]
    _by_code: dict[str, VillagePlace] = field(init=False)
    _by_name: dict[str, list[VillagePlace]] = field(init=False)
    _units: dict[str, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_code, self._by_name, self._units = {}, {}, {}
        for village in self.villages:
            self._by_code[village.code.casefold()] = village
            self._by_name.setdefault(place_key(village.name), []).append(village)
            for key in (village.unit, village.unit_code, name_key(bare_unit_name(village.unit_name))):
                if key:
                    self._units.setdefault(key, set()).add(village.unit)

    def units(self, text: str) -> Collection[str]:
        """Return the uids of the units that a text names, by uid, official code, or name with or without its kind."""
        return self._units.get(text) or self._units.get(name_key(bare_unit_name(text))) or ()

    def find(self, text: str, unit_text: str, own: Mapping[str, str]) -> VillagePlace | Wrong:
        """Return the one village that is meant.

        Args:
            text: a code or a name, with or without the word for its kind.
            unit_text: the commune or ward as the file names it; empty where it does not.
            own: names that were declared for the file, by `word_key`: the code of the village that each means.

        Returns:
            Or why there is none: `unknown_unit`, `unknown_village`, `other_unit` (there is one, in another unit),
            `several_villages`.
        """
        if declared := own.get(name_key(text)):
            text = declared
        units = self.units(unit_text) if unit_text else ()
        if unit_text and not units:
            return Wrong("unknown_unit", {"unit": shown(unit_text)})
        by_code = self._by_code.get(text.casefold())
        found = [by_code] if by_code else self._by_name.get(place_key(text), [])
        there = [village for village in found if not units or village.unit in units]
        if not there:
            code = "other_unit" if found else "unknown_village"
            return Wrong(code, {"village": shown(text), "unit": shown(unit_text)})
        if len(there) > 1:
            kind = place_kind(text)
            there = [one for one in there if kind and kind in _KINDS.get(one.kind, ())] or there
        if len(there) > 1:
            return Wrong("several_villages", {"village": shown(text), "n": str(len(there))})
        return there[0]
