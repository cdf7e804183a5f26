"""How a list of poor and near-poor households is laid out: its columns by their headings, its words for a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR
from communes.rules.register_files.cells import text_of
from mongcai_portal.common.grids import GridRow
from mongcai_portal.common.text import search_key

CODE, HEAD, VILLAGE, STATUS = "code", "head", "village", "status"
FIELDS = (CODE, HEAD, VILLAGE, STATUS)
# So far down headings may stand.
LAST_HEAD = 30

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    CODE: ("Mã hộ", "Mã hộ gia đình", "Mã số hộ", "Household code"),
    HEAD: (
        "Chủ hộ", "Họ tên chủ hộ", "Họ và tên chủ hộ", "Tên chủ hộ", "Họ và tên", "Họ tên", "Head of the household",
        "Household head", "Head",
    ),
    VILLAGE: ("Thôn", "Bản", "Khu", "Thôn, bản, khu", "Thôn/bản", "Thôn/khu", "Tên thôn", "Mã thôn", "Village"),
    STATUS: (
        "Phân loại", "Phân loại hộ", "Loại hộ", "Diện hộ", "Đối tượng", "Hộ nghèo, cận nghèo",
        "Hộ nghèo/cận nghèo", "Kết quả", "Kết quả rà soát", "Class", "Classification",
    ),
}  # fmt: skip
_named = {search_key(text): key for key, texts in _HEADINGS.items() for text in texts}

_STATUSES: Mapping[str, tuple[str, ...]] = {
    POOR: ("hộ nghèo", "nghèo", "HN", "poor", "poor household"),
    NEAR_POOR: (
        "hộ cận nghèo", "cận nghèo", "HCN", "CN", "near poor", "near-poor household",
    ),
    # Who leaves the near poor upwards is in neither class; who leaves the poor may have become near poor.
    NOT_POOR: (
        "hộ không nghèo", "không nghèo", "không thuộc hộ nghèo, hộ cận nghèo", "hộ thoát cận nghèo", "thoát cận nghèo",
        "not poor", "household that is not poor",
    ),
}  # fmt: skip
ESCAPED = "escaped"
_meant = {search_key(word): status for status, words in _STATUSES.items() for word in words}
_meant |= {search_key(word): ESCAPED for word in ("thoát nghèo", "hộ thoát nghèo", "escaped poverty")}


@dataclass(frozen=True, slots=True)
class ListLayout:
    """Where a list stands: its sheet, the row of its headings, its first row of data, and the column of each field."""

    sheet: str = ""
    head: int = 1
    first: int = 2
    columns: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> ListLayout:
        return cls(**stored)


def proposed(headings: Mapping[int, str]) -> dict[str, int]:
    """Return in which column each field stands by its heading; what no heading names is left out."""
    found: dict[str, int] = {}
    for column, heading in sorted(headings.items()):
        key = _named.get(search_key(heading))
        if key is not None:
            found.setdefault(key, column)
    return found


def found_in(sheet: str, rows: Sequence[tuple[int, Mapping[int, str]]]) -> ListLayout:
    """Return the layout that the first rows of a sheet make probable: the row with most known headings."""
    best: dict[str, int] = {}
    at = 0
    for number, texts in rows:
        columns = proposed(texts)
        if len(columns) > len(best):
            best, at = columns, number
    return ListLayout(sheet, at or 1, (at or 1) + 1, best)


def layout_faults(layout: ListLayout, *, whole: str) -> list[tuple[str, str]]:
    """Return (field, code) of what a layout lacks.

    `required`: a column without which nobody is found (`head`, and `code` or `village`) or without which nobody is
    anything (`status`, unless the whole file is of one class); `twice`: a column chosen for two fields; `rows`: data
    above their heading, or a heading below `LAST_HEAD`.
    """
    faults = []
    columns = layout.columns
    if HEAD not in columns:
        faults.append((HEAD, "required"))
    if CODE not in columns and VILLAGE not in columns:
        faults.append((CODE, "required"))
    if STATUS not in columns and not whole:
        faults.append((STATUS, "required"))
    seen: set[int] = set()
    for key in FIELDS:
        if columns.get(key) in seen:
            faults.append((key, "twice"))
        seen |= {columns[key]} if key in columns else set()
    if not 1 <= layout.head < layout.first or layout.head > LAST_HEAD:
        faults.append(("first", "rows"))
    return faults


def status_of(word: str) -> str:
    """Return the class that a word means, `ESCAPED` where it names none, empty when nobody knows it."""
    return _meant.get(search_key(word), "")


def texts_of(row: GridRow) -> dict[int, str]:
    """Return the texts of a row by column, composed, with single blanks."""
    return {column: text for column, value in row.cells.items() if (text := text_of(value))}
