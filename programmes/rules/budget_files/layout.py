"""How a workbook of money is to be read: declared by whoever brings it, proposed by its headings, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from communes.rules.register_files.fields import STEP
from communes.rules.register_files.layout import HEAD_ROWS, LAST_HEAD
from mongcai_portal.common.text import search_key
from programmes.rules.money import UNITS

PROGRAMME, COMPONENT, SHARED, UNIT, YEAR, SOURCE = "programme", "component", "shared_with", "unit", "year", "source"
AMOUNTS = ("planned", "carried_over", "allocated", "disbursed")
FIELDS = (PROGRAMME, COMPONENT, SHARED, UNIT, YEAR, SOURCE, *AMOUNTS)
# Whose words can be declared to mean something.
WORDED = (PROGRAMME, COMPONENT, UNIT, SOURCE)
FORMATS = ("vi", "en")
FIRST_YEAR, LAST_YEAR = 2011, 2100

HEADINGS: Mapping[str, tuple[str, ...]] = {
    PROGRAMME: ("Chương trình", "Chương trình MTQG", "Tên chương trình", "Programme"),
    COMPONENT: (
        "Thành phần số", "Dự án", "Nội dung thành phần", "Dự án, nội dung thành phần", "Dự án/nội dung", "Thành phần",
        "Component",
    ),
    SHARED: ("Dùng chung với", "Lồng ghép với", "Shared with"),
    UNIT: ("Đơn vị", "Xã", "Xã, phường", "Xã/phường", "Địa bàn", "Chủ đầu tư", "Unit"),
    YEAR: ("Năm", "Năm kế hoạch", "Year"),
    SOURCE: ("Nguồn vốn", "Nguồn", "Source"),
    "planned": ("Kế hoạch giao", "Kế hoạch", "Kế hoạch vốn", "Kế hoạch vốn giao", "Plan", "Planned"),
    "carried_over": (
        "Kế hoạch năm trước kéo dài", "Vốn kéo dài", "Kéo dài", "Vốn năm trước kéo dài", "Năm trước kéo dài",
        "Carried over", "Carried over from the year before",
    ),
    "allocated": ("Đã phân bổ", "Phân bổ", "Vốn đã phân bổ", "Allocated"),
    "disbursed": ("Đã giải ngân", "Giải ngân", "Vốn đã giải ngân", "Lũy kế giải ngân", "Disbursed"),
}  # fmt: skip
_named = {search_key(text): name for name, texts in HEADINGS.items() for text in texts}


@dataclass(frozen=True, slots=True)
class Layout:
    """The declarations for one workbook.

    `columns`: the column of each field, from 1. `programme`, `unit`, `year`: of every row, where no column says it.
    `number_format`: vi (1.234,5) or en (1,234.5), of amounts that stand in cells as text. `money_unit`: đồng, thousand,
    million or billion đồng. `words`: what the file's own words mean, by field and search key.
    """

    sheet: str = ""
    head_first: int = 1
    head_last: int = 1
    data_first: int = 2
    columns: Mapping[str, int] = field(default_factory=dict)
    programme: str = ""
    unit: str = ""
    year: int | None = None
    number_format: str = "vi"
    money_unit: int = 1
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Layout:
        return cls(**stored)


@dataclass(frozen=True, slots=True)
class LayoutFault:
    """What is wrong with a declaration: its field, a stable code, and the column's field where one is meant."""

    about: str
    code: str
    field: str = ""


def layout_faults(layout: Layout) -> list[LayoutFault]:
    """Return everything that is wrong with the declarations.

    Codes: `rows`; `required` a field that neither a column nor a declaration gives; `twice` two fields in one column;
    `no_amount` no column of money; `unknown` a word or a year that is none.
    """
    faults = []
    if not (1 <= layout.head_first <= layout.head_last < layout.head_first + HEAD_ROWS):
        faults.append(LayoutFault("head_last", "rows"))
    if layout.head_last > LAST_HEAD or layout.data_first <= layout.head_last:
        faults.append(LayoutFault("data_first", "rows"))
    given = {PROGRAMME: layout.programme, UNIT: layout.unit, YEAR: layout.year}
    for name in (PROGRAMME, UNIT, YEAR, SOURCE):
        if name not in layout.columns and not given.get(name):
            faults.append(LayoutFault("columns", "required", name))
    if not set(layout.columns) & set(AMOUNTS):
        faults.append(LayoutFault("columns", "no_amount", "planned"))
    seen: set[int] = set()
    for name in FIELDS:
        column = layout.columns.get(name)
        if column is not None and column in seen:
            faults.append(LayoutFault("columns", "twice", name))
        seen |= {column} if column is not None else set()
    known = {
        "number_format": layout.number_format in FORMATS,
        "money_unit": layout.money_unit in UNITS,
        "year": layout.year is None or FIRST_YEAR <= layout.year <= LAST_YEAR,
        "columns": set(layout.columns) <= set(FIELDS),
    }
    return [*faults, *(LayoutFault(about, "unknown") for about, right in known.items() if not right)]


def proposed(headings: Mapping[int, str]) -> dict[str, int]:
    """Return which column a field probably stands in, by its heading: what someone then looks at and confirms."""
    found: dict[str, int] = {}
    for column, heading in sorted(headings.items()):
        for text in (heading.rpartition(STEP)[2], heading):
            name = _named.get(search_key(text))
            if name is not None and name not in found:
                found[name] = column
                break
    return found


def heading_row(rows: Sequence[tuple[int, Mapping[int, str]]]) -> int | None:
    """Return the number of the row that most probably holds the headings; None if none does."""
    best, most = None, 1
    for number, texts in rows:
        known = len({_named[key] for key in map(search_key, texts.values()) if key in _named})
        if known > most:
            best, most = number, known
    return best
