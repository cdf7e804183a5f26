"""What the rows of a workbook state: lines with their amounts, and everything that is wrong, by cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from communes.rules.register_files.cells import Raw, blank, shown, text_of
from mongcai_portal.common.grids import GridRow, OddCell
from mongcai_portal.common.numbers import NumberFault
from mongcai_portal.common.text import bare_unit_name, search_key
from programmes.rules.budget_files.layout import (
    AMOUNTS,
    COMPONENT,
    PROGRAMME,
    SHARED,
    SOURCE,
    UNIT,
    YEAR,
    Layout,
)
from programmes.rules.money import looks_like_other, money_of, parse_money

# Rows that add others up: they state nothing of their own.
_TOTALS = {"tong cong", "tong so", "cong", "tong", "total", "tong von"}
# A component by its number, as a search key: `3`, `3. phat trien …`, `du an 3 …`.
_NUMBER = re.compile(r"(?:du an|noi dung|thanh phan)\s0?(\d{1,2})\b.*|0?(\d{1,2})(?:\.(?:\s.*)?)?")
At = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ProgrammeFact:
    """A programme that a file may name: its code, the keys of its names, its term, its components by number."""

    code: str
    keys: frozenset[str]
    first_year: int
    last_year: int
    components: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit that a file may name: its uid, the keys of its names, and the years in which it existed."""

    uid: str
    keys: frozenset[str]
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class SourceFact:
    """A funding source: its code, the keys of its names, its years, and whether it is counted in đồng."""

    code: str
    keys: frozenset[str]
    first_year: int
    last_year: int
    in_kind: bool
    mobilised: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may name."""

    programmes: Sequence[ProgrammeFact]
    units: Sequence[UnitFact]
    sources: Sequence[SourceFact]


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong at a cell (column 0: with the row): a stable code, what its words need, what stands there."""

    row: int
    column: int
    name: str
    code: str
    told: Mapping[str, str] = field(default_factory=dict)
    given: str = ""


Key = tuple[str, int | None, str, int, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Stated:
    """A row that could be read: its line, and amounts up to the file's day; what is blank is not stated."""

    row: int
    key: Key
    mobilised: bool
    in_kind: bool
    amounts: Mapping[str, int]


@dataclass(slots=True)
class Reading:
    """What a sheet states, and what is wrong with it. `totals`: rows that add others up and were passed over."""

    lines: list[Stated] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    doubts: list[CellFault] = field(default_factory=list)
    rows: int = 0
    totals: int = 0


def read_rows(rows: Iterable[GridRow], covered: Mapping[At, At], layout: Layout, known: Known) -> Reading:
    """Read the rows of a sheet from the declared first one on.

    A merged cell's text counts for every row it covers; its amount for the first one only.
    """
    found = Reading()
    seen: dict[Key, int] = {}
    heads: dict[At, Raw] = {}
    lines = list(rows)
    for line in lines:
        heads.update({(line.number, column): value for column, value in line.cells.items()})
    for line in lines:
        if line.number < layout.data_first:
            continue
        one = _Row(line, covered, heads, layout, known)
        if one.empty:
            continue
        found.rows += 1
        if one.is_total:
            found.totals += 1
            continue
        stated = one.read()
        found.doubts += one.doubts
        if stated is not None and stated.key in seen:
            one.fault("", "twice", {"row": str(seen[stated.key])})
        found.faults += one.faults
        if stated is not None and not one.faults:
            seen[stated.key] = line.number
            found.lines.append(stated)
    if not found.rows:
        found.faults.append(CellFault(layout.data_first, 0, "", "no_rows"))
    return found


class _Row:
    """Reads one row; every fault is kept with its cell."""

    def __init__(
        self, row: GridRow, covered: Mapping[At, At], heads: Mapping[At, Raw], layout: Layout, known: Known
    ) -> None:
        self.row, self.covered, self.heads, self.layout, self.known = row, covered, heads, layout, known
        self.faults: list[CellFault] = []
        self.doubts: list[CellFault] = []
        self.columns = set(layout.columns.values())

    @property
    def empty(self) -> bool:
        return all(blank(value) for column, value in self.row.cells.items() if column in self.columns)

    @property
    def is_total(self) -> bool:
        texts = [value for value in self.row.cells.values() if isinstance(value, str)]
        return any(search_key(text) in _TOTALS for text in texts)

    def raw(self, name: str) -> Raw:
        column = self.layout.columns.get(name)
        if column is None:
            return None
        value = self.row.cells.get(column)
        if value is None and name not in AMOUNTS:
            head = self.covered.get((self.row.number, column))
            value = self.heads.get(head) if head is not None else None
        return value

    def fault(self, name: str, code: str, told: Mapping[str, str] | None = None, *, doubt: bool = False) -> None:
        column = self.layout.columns.get(name, 0)
        one = CellFault(self.row.number, column, name, code, told or {}, shown(self.raw(name)) if name else "")
        (self.doubts if doubt else self.faults).append(one)

    def read(self) -> Stated | None:
        if self.row.hidden:
            self.fault("", "hidden_row")
        year = self._year()
        programme = self._programme()
        component = self._component(programme)
        unit = self._unit(year)
        source = self._source(year)
        shared = self._shared(programme)
        amounts = {name: amount for name in AMOUNTS if (amount := self._amount(name)) is not None}
        if programme is not None and year is not None:
            last = programme.last_year + (1 if not amounts.get("planned") else 0)
            if not programme.first_year <= year <= last:
                told = {"first": str(programme.first_year), "last": str(programme.last_year)}
                self.fault(YEAR, "outside_term", told)
        if source is not None and source.mobilised and (amounts.get("allocated") or amounts.get("carried_over")):
            self.fault("allocated", "not_allocated")
        if not amounts and not self.faults:
            self.fault("", "no_amounts")
        if programme is None or unit is None or source is None or year is None or self.faults:
            return None
        key = (programme.code, component, unit.uid, year, source.code, shared)
        return Stated(self.row.number, key, source.mobilised, source.in_kind, amounts)

    # --- What a row is of -------------------------------------------------------------------------------------------

    def _text(self, name: str) -> str | None:
        """Return the text of a cell; None and a fault where nothing can be read."""
        value = self.raw(name)
        if isinstance(value, OddCell):
            self.fault(name, value.code)
            return None
        if blank(value):
            self.fault(name, "missing")
            return None
        return text_of(value)

    def _word(self, name: str, text: str) -> str:
        return self.layout.words.get(name, {}).get(search_key(text), "")

    def _year(self) -> int | None:
        if YEAR not in self.layout.columns:
            return self.layout.year
        text = self._text(YEAR)
        if text is None:
            return None
        if not re.fullmatch(r"20[1-9]\d", text):
            self.fault(YEAR, "not_a_year")
            return None
        return int(text)

    def _programme(self) -> ProgrammeFact | None:
        named = {one.code: one for one in self.known.programmes}
        if PROGRAMME not in self.layout.columns:
            return named.get(self.layout.programme)
        text = self._text(PROGRAMME)
        if text is None:
            return None
        found = self._programme_of(text)
        if found is None:
            self.fault(PROGRAMME, "unknown_word", {"word": shown(text)})
        return found

    def _programme_of(self, text: str) -> ProgrammeFact | None:
        code, key = self._word(PROGRAMME, text), search_key(text)
        return next((one for one in self.known.programmes if one.code == code or key in one.keys), None)

    def _component(self, programme: ProgrammeFact | None) -> int | None:
        value = self.raw(COMPONENT)
        if programme is None:
            return None
        if isinstance(value, OddCell):
            self.fault(COMPONENT, value.code)
            return None
        if blank(value):
            if programme.components:
                self.fault(COMPONENT, "missing")
            return None
        text = text_of(value)
        declared = self._word(COMPONENT, text).rpartition(":")[2]
        number = int(declared) if declared.isdigit() else None
        if number is None:
            same = [n for n, key in programme.components.items() if key == search_key(text)]
            matched = _NUMBER.fullmatch(search_key(text))
            number = same[0] if len(same) == 1 else int(matched[1] or matched[2]) if matched else None
        if number is None:
            self.fault(COMPONENT, "unknown_word", {"word": shown(text)})
        elif number not in programme.components:
            self.fault(COMPONENT, "unknown_component", {"n": str(number)})
        return number

    def _unit(self, year: int | None) -> UnitFact | None:
        if UNIT not in self.layout.columns:
            found = next((one for one in self.known.units if one.uid == self.layout.unit), None)
            return self._in_year(found, year, UNIT)
        text = self._text(UNIT)
        if text is None:
            return None
        uid, keys = self._word(UNIT, text), {search_key(text), search_key(bare_unit_name(text))}
        same = [one for one in self.known.units if one.uid == uid] if uid else []
        exact = search_key(text)
        same = same or [one for one in self.known.units if keys & one.keys]
        if year is not None and len(same) > 1:
            same = [one for one in same if one.first_year <= year <= one.last_year] or same
        if len(same) > 1:
            same = [one for one in same if exact in one.keys] or same
        if not same:
            self.fault(UNIT, "unknown_word", {"word": shown(text)})
        elif len(same) > 1:
            self.fault(UNIT, "ambiguous_unit", {"names": ", ".join(sorted(one.uid for one in same))})
        return self._in_year(same[0], year, UNIT) if len(same) == 1 else None

    def _in_year(self, fact: UnitFact | None, year: int | None, name: str) -> UnitFact | None:
        if fact is not None and year is not None and not fact.first_year <= year <= fact.last_year:
            self.fault(name, "not_in_year", {"year": str(year)})
        return fact

    def _source(self, year: int | None) -> SourceFact | None:
        text = self._text(SOURCE)
        if text is None:
            return None
        code, key = self._word(SOURCE, text), search_key(text)
        found = next((one for one in self.known.sources if one.code == code or key in one.keys), None)
        if found is None:
            self.fault(SOURCE, "unknown_word", {"word": shown(text)})
        elif year is not None and not found.first_year <= year <= found.last_year:
            self.fault(SOURCE, "not_in_year", {"year": str(year)})
        return found

    def _shared(self, own: ProgrammeFact | None) -> tuple[str, ...]:
        value = self.raw(SHARED)
        if isinstance(value, OddCell):
            self.fault(SHARED, value.code)
            return ()
        codes = set()
        for part in re.split(r"[;,+]", text_of(value)):
            if not part.strip():
                continue
            found = self._programme_of(part.strip())
            if found is None:
                self.fault(SHARED, "unknown_programme", {"word": shown(part.strip())})
            elif own is not None and found.code == own.code:
                self.fault(SHARED, "own_programme")
            else:
                codes.add(found.code)
        return tuple(sorted(codes))

    # --- Amounts ----------------------------------------------------------------------------------------------------

    def _amount(self, name: str) -> int | None:
        """Return whole đồng; None where nothing is stated, or where what is cannot be read."""
        value = self.raw(name)
        if name not in self.layout.columns or blank(value):
            return None
        if isinstance(value, OddCell):
            self.fault(name, value.code)
            return None
        if isinstance(value, bool | datetime | date | time | timedelta):
            self.fault(name, "not_a_number")
            return None
        unit = self.layout.money_unit
        try:
            if isinstance(value, int | float):
                amount = money_of(Decimal(format(value, ".15g")), unit)
            else:
                amount = parse_money(text_of(value), self.layout.number_format, unit)
        except NumberFault as fault:
            self.fault(name, fault.code, {"text": shown(value), "meant": next(iter(fault.suggestions), "")})
            return None
        if amount < 0:
            self.fault(name, "negative")
            return None
        if isinstance(value, str) and unit > 1 and looks_like_other(text_of(value), self.layout.number_format):
            self.fault(name, "looks_other", {"text": shown(value)}, doubt=True)
        return amount


def unknown_words(faults: Iterable[CellFault]) -> Iterator[tuple[str, str]]:
    """Yield the words that nobody knows yet, by field, each once."""
    yield from dict.fromkeys((one.name, one.told["word"]) for one in faults if one.code == "unknown_word")
