"""How a file is to be read: declared by whoever brings it, kept for its source, and never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from communes.rules.register_files.fields import BY_KEY, FIELDS, STEP, WORD, YES_NO
from communes.rules.register_files.words import CODES, word_key
from mongcai_portal.common.text import nfc, search_key

MEMBERS, HEADS = "members", "heads"
DMY, MDY, YMD = "dmy", "mdy", "ymd"
ORDERS = (DMY, MDY, YMD)
TRUE_DATE, YEAR, MONTH, SERIAL = "true_date", "year", "month", "serial"
SHAPES = (*ORDERS, MONTH, YEAR, TRUE_DATE, SERIAL)
FORMATS = ("vi", "en")
INCOME_UNITS = (1, 1_000, 1_000_000)
# What a heading may span, and how far down it may begin: a title, a decree and a date stand above it.
HEAD_ROWS, LAST_HEAD = 5, 30


@dataclass(frozen=True, slots=True)
class Layout:
    """The declarations for one file.

    `columns`: the column of each field, from 1. `rows_are`: `members` (a row a person) or `heads` (a row a household,
    of whom only the head is known). `first_row_only`: what is of the household stands in the first of its rows alone.
    `day_shapes`: which shapes births come in: dmy, mdy or ymd for whole days as text; month (04/1980), year (1980),
    true_date (cells that Excel holds as dates), serial (bare day numbers of Excel). `number_format`: vi (1.500.000,5)
    or en. `income_unit`: đồng, thousand or million đồng per person per month. `blank_is_no`: an empty cell of a yes/no
    column means no. `words`: what the file's own words mean, by field and `word_key`.
    """

    sheet: str = ""
    head_first: int = 1
    head_last: int = 1
    data_first: int = 2
    columns: Mapping[str, int] = field(default_factory=dict)
    rows_are: str = MEMBERS
    first_row_only: bool = False
    day_shapes: tuple[str, ...] = ()
    number_format: str = "vi"
    income_unit: int = 1
    blank_is_no: bool = False
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "day_shapes": list(self.day_shapes)}

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Layout:
        return cls(**{**stored, "day_shapes": tuple(stored.get("day_shapes", ()))})


@dataclass(frozen=True, slots=True)
class LayoutFault:
    """What is wrong with a declaration: its field, a stable code, and the field of the file that it is about."""

    about: str
    code: str
    field: str = ""


def layout_faults(layout: Layout) -> list[LayoutFault]:
    """Return everything that is wrong with the declarations.

    Codes: `rows` the heading has no rows, too many, or stands among the data; `required` a field without which nothing
    can be read; `twice` two fields in one column; `two_orders`, `no_shape` of days; `unknown` a word that is none.
    """
    faults = []
    if not (1 <= layout.head_first <= layout.head_last < layout.head_first + HEAD_ROWS):
        faults.append(LayoutFault("head_last", "rows"))
    if layout.head_last > LAST_HEAD or layout.data_first <= layout.head_last:
        faults.append(LayoutFault("data_first", "rows"))
    needed = ["code", "village", "name"] + (["relation"] if layout.rows_are == MEMBERS else [])
    faults += [LayoutFault("columns", "required", key) for key in needed if key not in layout.columns]
    seen: set[int] = set()
    for spec in FIELDS:
        column = layout.columns.get(spec.key)
        if column is not None and column in seen:
            faults.append(LayoutFault("columns", "twice", spec.key))
        seen |= {column} if column is not None else set()
    if len([shape for shape in layout.day_shapes if shape in ORDERS]) > 1:
        faults.append(LayoutFault("day_shapes", "two_orders"))
    if "birth_date" in layout.columns and not layout.day_shapes:
        faults.append(LayoutFault("day_shapes", "no_shape"))
    faults += [
        LayoutFault(about, "unknown")
        for about, known in (
            ("rows_are", layout.rows_are in (MEMBERS, HEADS)),
            ("day_shapes", set(layout.day_shapes) <= set(SHAPES)),
            ("number_format", layout.number_format in FORMATS),
            ("income_unit", layout.income_unit in INCOME_UNITS),
            ("columns", set(layout.columns) <= set(BY_KEY)),
        )
        if not known
    ]
    return faults


def means(field: str) -> tuple[str, ...]:
    """Return what a word of a field may be declared to mean; nothing where the field has no words."""
    kind = BY_KEY[field].kind
    return tuple(CODES[field]) if kind == WORD else ("yes", "no") if kind == YES_NO else ()


def with_words(layout: Layout, said: Mapping[tuple[str, str], str]) -> Layout:
    """Return the layout with more words declared, by field and word; what they cannot mean is left out."""
    words = {field: dict(own) for field, own in layout.words.items()}
    for (name, word), code in said.items():
        if name in BY_KEY and code in means(name):
            words.setdefault(name, {})[word_key(word)] = code
    return replace(layout, words=words)


# --- Headings --------------------------------------------------------------------------------------------------------


def headings_of(
    rows: Mapping[int, Mapping[int, str]], merged: Mapping[tuple[int, int], tuple[int, int]], first: int, last: int
) -> dict[int, str]:
    """Return the heading of each column: its texts from top to bottom, a merged cell's in every column it covers.

    Args:
        rows: the texts of the heading's rows, by row and column.
        merged: for each covered cell, the cell that holds its text.
        first, last: the heading's rows, both inclusive.
    """
    columns = {column for row in range(first, last + 1) for column in rows.get(row, {})}
    columns |= {column for (row, column) in merged if first <= row <= last}
    found = {}
    for column in sorted(columns):
        parts: list[str] = []
        for row in range(first, last + 1):
            at = merged.get((row, column), (row, column))
            text = " ".join(nfc(rows.get(at[0], {}).get(at[1], "")).split())
            if text and text not in parts[-1:]:
                parts.append(text)
        if parts:
            found[column] = STEP.join(parts)
    return found


def remembered(columns: Mapping[str, int], headings: Mapping[int, str]) -> dict[str, list[Any]]:
    """Return columns as a source remembers them: by heading and the how-manieth of that heading, not by place."""
    return {key: [headings.get(column, ""), _which(headings, column)] for key, column in columns.items()}


def recalled(remembered: Mapping[str, list[Any]], headings: Mapping[int, str]) -> dict[str, int]:
    """Return where the columns that a source remembers stand in another of its files; what is not there is left out."""
    found = {}
    for key, (heading, which) in remembered.items():
        same = [c for c in sorted(headings) if search_key(headings[c]) == search_key(heading)]
        if heading and which <= len(same):
            found[key] = same[which - 1]
    return found


def _which(headings: Mapping[int, str], column: int) -> int:
    own = search_key(headings.get(column, ""))
    return 1 + sum(1 for other, text in headings.items() if other < column and search_key(text) == own)
