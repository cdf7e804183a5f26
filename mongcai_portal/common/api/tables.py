"""Lists as tables: what a serializer writes as JSON, flattened to columns (CSV and Excel).

The rule, for whoever reads a file by program: one column a field, in the order of `fields=` or of the schema; an object
has one column a member; a list of words is one cell, joined by "; "; a list of objects is one cell with their JSON. Yes
and no are `true` and `false`, codes stay codes, nothing is an empty cell.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import FileResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from rest_framework import serializers

from mongcai_portal.common.api.fields import Computed, PlainDecimal, ValueField
from mongcai_portal.common.exports import CSV, MEDIA_TYPES, Cell, Table, write

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
Headings = Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class Column:
    """Where a cell stands in a written row (one or two names), its heading, and how it is read."""

    path: tuple[str, ...]
    heading: str
    read: Callable[[Any], Cell]

    def of(self, row: Mapping[str, Any]) -> Cell:
        value: Any = row
        for name in self.path:
            value = value.get(name) if value is not None else None
        return None if value is None else self.read(value)


def columns_of(fields: Mapping[str, Any], headings: Headings, kind: str) -> list[Column]:
    """Return the columns of a serializer's fields; `headings` by name, `parent.member` for those of an object."""
    found: list[Column] = []
    for name, field in fields.items():
        members = _members(field)
        if members is None:
            found.append(Column((name,), str(headings[name]), _reader(field, kind)))
            continue
        for member, inner in members.items():
            heading = f"{headings[name]}: {headings[f'{name}.{member}']}"
            found.append(Column((name, member), heading, _reader(inner, kind)))
    return found


def _members(field: Any) -> Mapping[str, Any] | None:
    """The members of a field that is one object; None of any other."""
    if isinstance(field, Computed):
        return field.members or None
    if isinstance(field, serializers.Serializer):
        return field.fields
    return None


def _reader(field: Any, kind: str) -> Callable[[Any], Cell]:
    if isinstance(field, serializers.DateField):
        return _day
    if isinstance(field, serializers.DateTimeField) and kind != CSV:
        return datetime.fromisoformat
    if isinstance(field, PlainDecimal | ValueField) or getattr(field, "number", False):
        return _number
    return _text


def _day(value: Any) -> Cell:
    return date.fromisoformat(value) if isinstance(value, str) else _text(value)


def _number(value: Any) -> Cell:
    return Decimal(value) if isinstance(value, str) and _NUMBER.match(value) else _text(value)


def _text(value: Any) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | date):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False) if value not in ([], {}) else None


def table_answer(
    kind: str, name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]
) -> tuple[FileResponse, str]:
    """Answer with the file `<name>.<kind>` and its tag.

    The file is written whole before the first byte is sent, so that what goes wrong in its last row is still an error
    and no short file; it lies on the disk, so memory does not grow with the rows. The tag is made of the cells: a
    workbook carries the time of its making, hence is known weakly.
    """
    known = hashlib.blake2b(kind.encode(), digest_size=12)

    def cells() -> Iterator[list[Cell]]:
        for row in rows:
            found = [column.of(row) for column in columns]
            known.update(repr(found).encode())
            yield found

    headings = [column.heading for column in columns]
    known.update(repr(headings).encode())
    file = TemporaryFile()
    try:
        write(kind, Table(name, headings, cells(), bare=True), file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    answer = FileResponse(file, content_type=MEDIA_TYPES[kind])
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.{kind}")
    tag = f'"{known.hexdigest()}"'
    return answer, tag if kind == CSV else f"W/{tag}"
