"""Opening a file that waits, and looking into it for whoever declares how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from communes.models import HouseholdImport, ImportContent
from communes.models.imports import CONTENT
from communes.rules.register_files.cells import shown
from communes.rules.register_files.fields import heading_rows, proposed
from communes.rules.register_files.layout import LAST_HEAD, Layout, headings_of, recalled
from mongcai_portal.common import ciphers
from mongcai_portal.common.grids import GridBook, OddCell, SheetName

# What is shown of a sheet to be declared by.
LOOKED = LAST_HEAD + 12
SAMPLES = 3


def open_book(row: HouseholdImport) -> GridBook:
    """Return the workbook of an import that is not decided.

    Raises:
        ImportContent.DoesNotExist: it is decided, and its content gone.
        Undecipherable; Unreadable.
    """
    content = ImportContent.objects.get(owner=row)
    return GridBook(BytesIO(ciphers.keyring().unseal(content.key, bytes(content.sealed), CONTENT)))


@dataclass(frozen=True, slots=True)
class Glance:
    """The beginning of a sheet: its first rows as text, its headings, and some values of each column, masked."""

    sheets: tuple[SheetName, ...]
    sheet: str
    rows: tuple[tuple[int, Mapping[int, str]], ...]
    headings: Mapping[int, str]
    samples: Mapping[int, tuple[str, ...]]


def glance(row: HouseholdImport, layout: Layout) -> Glance:
    """Return what is at the beginning of the declared sheet (the first one where none is declared).

    Raises:
        As `open_book`.
    """
    book = open_book(row)
    names = [sheet.name for sheet in book.sheets]
    sheet = layout.sheet if layout.sheet in names else names[0]
    read = list(book.rows(sheet, last=LOOKED))
    rows = tuple((one.number, {c: shown(v) for c, v in one.cells.items()}) for one in read)
    headings = headings_of(dict(rows), book.covered(sheet), layout.head_first, layout.head_last)
    samples: dict[int, list[str]] = {}
    for one in read:
        if one.number >= layout.data_first:
            for column, value in one.cells.items():
                texts = samples.setdefault(column, [])
                if not isinstance(value, OddCell) and len(texts) < SAMPLES and shown(value) not in texts:
                    texts.append(shown(value))
    return Glance(book.sheets, sheet, rows, headings, {column: tuple(texts) for column, texts in samples.items()})


def first_layout(row: HouseholdImport, sheet: str = "") -> Layout:
    """Return a layout to begin with: that of the file's source, or what the headings make probable.

    Raises:
        As `open_book`.
    """
    kept = row.source
    book = open_book(row)
    names = [one.name for one in book.sheets]
    visible = [one.name for one in book.sheets if not one.hidden] or names
    start = Layout.of_json(kept.layout) if kept else Layout(sheet="")
    name = next((one for one in (sheet, start.sheet) if one in names), visible[0])
    rows = [(one.number, {c: shown(v) for c, v in one.cells.items()}) for one in book.rows(name, last=LOOKED)]
    covered = book.covered(name)
    if kept:
        headings = headings_of(dict(rows), covered, start.head_first, start.head_last)
        return _replaced(start, sheet=name, columns=recalled(kept.columns, headings))
    last = heading_rows(rows)
    if last is None:
        return Layout(sheet=name)
    # A heading whose lower row names the columns begins where its upper cells are merged over them.
    first = min([head for (at, _column), (head, _c) in covered.items() if head < last <= at] or [last])
    first = min([first, *(head for (at, c), (head, hc) in covered.items() if head == at == last - 1 and c != hc)])
    headings = headings_of(dict(rows), covered, first, last)
    return Layout(sheet=name, head_first=first, head_last=last, data_first=last + 1, columns=proposed(headings))


def _replaced(layout: Layout, **over: object) -> Layout:
    return Layout.of_json({**layout.as_json(), **over})
