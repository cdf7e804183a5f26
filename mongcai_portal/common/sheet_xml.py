"""What openpyxl's streaming reader does not tell of a workbook: its parts, hidden and merged places, bare formulas."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import IO
from xml.etree import ElementTree

from openpyxl.utils import range_boundaries

MAX_COLUMNS = 40
# Of one kind of oddity so many are named one by one; the rest are counted.
MOST_NAMED = 200
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass(frozen=True, slots=True)
class Oddities:
    """What a sheet's own text says and its cells do not: by (row, column), rows, ranges."""

    uncomputed: frozenset[tuple[int, int]]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    merged: tuple[str, ...]


def parts_of(stream: IO[bytes]) -> dict[str, str]:
    """Return where each sheet lies in the archive, by its name."""
    with zipfile.ZipFile(stream) as archive:
        rels = ElementTree.fromstring(_plain(archive.read("xl/_rels/workbook.xml.rels")))
        targets = {rel.get("Id"): rel.get("Target", "") for rel in rels.iter(f"{_PACKAGE}Relationship")}
        book = ElementTree.fromstring(_plain(archive.read("xl/workbook.xml")))
    found = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(f"{_REL}id"), "")
        found[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _plain(content: bytes) -> bytes:
    """Refuse a part with a document type: Excel writes none, and entities could swell it.

    Raises:
        ValueError: it has one.
    """
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:4096]:
        raise ValueError("document type")
    return content


def oddities_of(stream: IO[bytes], part: str, max_rows: int) -> Oddities:
    """Read a sheet's own text, row by row, for what its cells do not say."""
    uncomputed: set[tuple[int, int]] = set()
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    merged: list[str] = []
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        with archive.open(part) as head:
            _plain(head.read(4096))
        with archive.open(part) as text:
            number, rows = 0, None
            for event, element in ElementTree.iterparse(text, events=("start", "end")):
                if event == "start":
                    if element.tag == f"{_MAIN}sheetData":
                        rows = element
                    elif element.tag == f"{_MAIN}row":
                        number = int(element.get("r") or number + 1)
                        if number > max_rows + 1:
                            break  # refused for its length already
                        if element.get("hidden") in ("1", "true"):
                            hidden_rows.add(number)
                elif element.tag == f"{_MAIN}c":
                    formula, value = element.find(f"{_MAIN}f"), element.find(f"{_MAIN}v")
                    if formula is not None and (value is None or not value.text) and number <= max_rows + 1:
                        uncomputed.add((number, _column(element.get("r", ""))))
                elif element.tag == f"{_MAIN}row":
                    if rows is not None:
                        rows.clear()  # also what stands around the row: millions of empty ones would fill the memory
                elif element.tag == f"{_MAIN}col" and element.get("hidden") in ("1", "true"):
                    first, last = int(element.get("min", "1")), int(element.get("max", "1"))
                    hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))
                elif element.tag == f"{_MAIN}mergeCell" and len(merged) < MOST_NAMED * 2:
                    merged.append(element.get("ref", "A1"))
    return Oddities(frozenset(uncomputed), frozenset(hidden_rows), frozenset(hidden_columns), tuple(merged))


def _column(reference: str) -> int:
    letters = re.sub(r"[^A-Z]", "", reference.upper())
    return int(range_boundaries(f"{letters}1")[0]) if letters else 0
