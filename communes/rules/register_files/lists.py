"""Reading a list of poor and near-poor households: which household of the register a row means, and what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from communes.rules.names import name_key
from communes.rules.register_files.cells import Raw, Wrong, blank, read_text, shown, shown_code
from communes.rules.register_files.list_layout import CODE, ESCAPED, HEAD, STATUS, VILLAGE, ListLayout, status_of
from communes.rules.register_files.places import Gazetteer
from communes.rules.register_files.stated import CellFault
from mongcai_portal.common.grids import GridRow, OddCell

MOST_ROWS = 5_000
LONGEST = {CODE: 40, HEAD: 120, VILLAGE: 120, STATUS: 120}


@dataclass(frozen=True, slots=True)
class ListedHousehold:
    """A household of the register on the day of a list: its number, code, village (by code) and head."""

    number: int
    code: str
    village: str
    head: str = field(repr=False)


@dataclass(slots=True)
class KnownHouseholds:
    """The households that a list may name.

    Args:
        there: those of the unit on the day.
        gone: those of the unit that were not in the register on it, by code: since and until when they are.
    """

    there: Iterable[ListedHousehold]
    gone: Mapping[str, tuple[date, date | None]]
    _by_code: dict[str, ListedHousehold] = field(init=False)
    _by_head: dict[tuple[str, str], list[ListedHousehold]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_code, self._by_head = {}, {}
        for one in self.there:
            self._by_code[one.code] = one
            self._by_head.setdefault((one.village, name_key(one.head)), []).append(one)

    def by_code(self, code: str) -> ListedHousehold | None:
        return self._by_code.get(code)

    def by_head(self, village: str, head: str) -> Sequence[ListedHousehold]:
        return self._by_head.get((village, name_key(head)), ())


@dataclass(slots=True)
class StatedList:
    """What a list states: what each household is, by its number, with the row that says so; faults; rows read."""

    statuses: dict[int, str] = field(default_factory=dict)
    rows_of: dict[int, int] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    rows: int = 0


def read_list(
    rows: Iterable[GridRow],
    layout: ListLayout,
    known: KnownHouseholds,
    gazetteer: Gazetteer,
    *,
    covered: Mapping[tuple[int, int], tuple[int, int]],
    whole: str,
) -> StatedList:
    """Return what a list states, and every fault of it by cell.

    A household is found by its code, and its head's name must be the register's; without a code by its village and
    head, where these are one household. Codes of faults: `required`, `hidden_row`, `merged`, what a cell itself is,
    `unknown_code`, `not_there`, `other_name`, `unknown_village`, `several_villages`, `other_village`, `no_village`,
    `unknown_head`, `several_heads`, `unknown_status`, `escaped` (no class: whoever left the poor may be near poor),
    `other_class` (than the whole file's), `twice`, `too_many_rows`, `empty`.

    Args:
        rows: those of the data, in their order.
        layout: without faults (`layout_faults`).
        gazetteer: the villages of the unit on the day.
        covered: for each cell that a merged one covers, the cell that holds its value.
        whole: the class of every row; empty where a column says it.
    """
    reader = _Reader(layout, known, gazetteer, covered, whole)
    for row in rows:
        if reader.stated.rows >= MOST_ROWS:
            reader.fault(row.number, "", "too_many_rows", n=str(MOST_ROWS))
            break
        reader.take(row)
    if not reader.stated.rows:
        reader.fault(layout.first, "", "empty")
    return reader.stated


class _Reader:
    def __init__(
        self,
        layout: ListLayout,
        known: KnownHouseholds,
        gazetteer: Gazetteer,
        covered: Mapping[tuple[int, int], tuple[int, int]],
        whole: str,
    ) -> None:
        self.layout, self.known, self.gazetteer, self.whole = layout, known, gazetteer, whole
        self.covered = covered
        self.stated = StatedList()

    def take(self, row: GridRow) -> None:
        cells = {key: row.cells.get(column) for key, column in self.layout.columns.items()}
        if all(blank(raw) for raw in cells.values()):
            return
        self.stated.rows += 1
        if row.hidden:
            self.fault(row.number, "", "hidden_row")
        if merged := [key for key, column in self.layout.columns.items() if (row.number, column) in self.covered]:
            for key in merged:
                self.fault(row.number, key, "merged")
            return
        texts = {key: self._text(row.number, key, raw) for key, raw in cells.items()}
        status = self._status(row.number, texts)
        household = self._household(row.number, texts)
        if household is None:
            return
        first = self.stated.rows_of.get(household.number)
        if first is not None:
            self.fault(row.number, CODE if texts.get(CODE) else HEAD, "twice", first=str(first))
            return
        self.stated.rows_of[household.number] = row.number
        if status:
            self.stated.statuses[household.number] = status

    def _text(self, row: int, key: str, raw: Raw) -> str | None:
        """Return what a cell says, empty where there is nothing; None where it cannot be taken, which is told."""
        if isinstance(raw, OddCell):
            self.fault(row, key, raw.code, raw)
            return None
        text = read_text(raw, LONGEST[key])
        if isinstance(text, Wrong):
            self.fault(row, key, text.code, raw, **text.told)
            return None
        return text

    def _status(self, row: int, texts: Mapping[str, str | None]) -> str:
        if STATUS not in self.layout.columns:
            return self.whole
        text = texts.get(STATUS)
        if text is None or (not text and self.whole):
            return self.whole
        if not text:
            self.fault(row, STATUS, "required")
            return ""
        found = status_of(text)
        if not found or found == ESCAPED:
            self.fault(row, STATUS, found or "unknown_status", text, word=shown(text))
            return ""
        if self.whole and found != self.whole:
            self.fault(row, STATUS, "other_class", text, word=shown(text))
            return ""
        return found

    def _household(self, row: int, texts: Mapping[str, str | None]) -> ListedHousehold | None:
        code, head, village = (texts.get(key, "") for key in (CODE, HEAD, VILLAGE))
        if head == "":
            self.fault(row, HEAD, "required")
        place = self._village(row, village) if village else None
        if code is None or head is None or village is None:
            return None
        if not code:
            return self._by_head(row, head, place, named=bool(village))
        found = self.known.by_code(code)
        if found is None:
            self._unknown(row, code)
            return None
        good = True
        if head and name_key(head) != name_key(found.head):
            self.fault(row, HEAD, "other_name", head, head=found.head)
            good = False
        if place and place != found.village:
            self.fault(row, VILLAGE, "other_village", village)
            good = False
        return found if good and head else None

    def _village(self, row: int, text: str) -> str | None:
        found = self.gazetteer.find(text, "", {})
        if isinstance(found, Wrong):
            self.fault(row, VILLAGE, found.code, text, **found.told)
            return None
        return found.code

    def _unknown(self, row: int, code: str) -> None:
        days = self.known.gone.get(code)
        if days is None:
            # A code of another commune is answered as one that never was.
            self.fault(row, CODE, "unknown_code", code)
            return
        since, until = days
        self.fault(row, CODE, "not_there", code, since=since.isoformat(), until=until.isoformat() if until else "")

    def _by_head(self, row: int, head: str, place: str | None, *, named: bool) -> ListedHousehold | None:
        if not named:
            self.fault(row, CODE, "no_village")
        if not head or not place:
            return None
        found = self.known.by_head(place, head)
        if not found:
            self.fault(row, HEAD, "unknown_head", head)
        elif len(found) > 1:
            self.fault(row, HEAD, "several_heads", head, codes=", ".join(shown_code(one.code) for one in found[:5]))
        return found[0] if len(found) == 1 else None

    def fault(self, row: int, key: str, code: str, raw: Raw = None, **told: str) -> None:
        given = shown_code(raw) if key == CODE else shown(raw)
        column = self.layout.columns.get(key, 0)
        self.stated.faults.append(CellFault(row, column, code, told, given=given, field=key))
