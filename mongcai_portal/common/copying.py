"""Thousands of rows in the shortest transaction: all of them made ready before it begins, then copied in as they are.

SQLite has one writer at a time, so what is worked out (keys to sort by, ciphers, columns) is worked out outside of the
transaction; numbers are reserved, so that rows can name one another before any is stored. PostgreSQL takes them by
`COPY`, SQLite by one statement for all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any, TypeVar

from django.db import connection, models, transaction

M = TypeVar("M", bound=models.Model)
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of one table, as its columns take them."""

    model: type[models.Model]
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def numbered(rows: Sequence[M]) -> Sequence[M]:
    """Give unsaved rows of one model numbers that nothing else gets, and return them; numbers not used stay unused."""
    if rows:
        for row, number in zip(rows, _reserved(type(rows[0]), len(rows)), strict=True):
            row.pk = number
    return rows


def _reserved(model: type[models.Model], count: int) -> Iterable[int]:
    table, column = model._meta.db_table, model._meta.pk.column
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)::regclass) FROM generate_series(1, %s)",
                [table, column, count],
            )
            return [number for (number,) in cursor.fetchall()]
        # A table of which nothing was ever stored has no line here yet.
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)


def prepared(model: type[M], rows: Sequence[M]) -> Prepared:
    """Return rows of a model as its columns take them; those of an own number have one (`numbered`)."""
    fields = [
        field
        for field in model._meta.local_concrete_fields
        if not (field.primary_key and isinstance(field, models.AutoField) and not _has_number(rows))
    ]
    made = [
        tuple(field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields) for row in rows
    ]
    return Prepared(model, tuple(str(field.column) for field in fields), made)


def _has_number(rows: Sequence[models.Model]) -> bool:
    return any(row.pk is not None for row in rows)


def copy_in(*tables: Prepared) -> None:
    """Store prepared rows in the caller's transaction.

    Raises:
        IntegrityError: as any insert does.
    """
    for one in tables:
        if one.rows:
            _copy(one)


def _copy(one: Prepared) -> None:
    quote = connection.ops.quote_name
    table, columns = quote(one.model._meta.db_table), ", ".join(quote(column) for column in one.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            text = StringIO("".join("\t".join(map(_plain, row)) + "\n" for row in one.rows))
            with connection.wrap_database_errors:
                cursor.cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)
        else:
            marks = ", ".join("%s" for _column in one.columns)
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(one.rows))  # noqa: S608


def _plain(value: Any) -> str:
    """Return a value as PostgreSQL's text format has it."""
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str | int | float):
        return str(value).translate(_ESCAPES)
    # What psycopg2 wraps a JSON value in; it has the value itself.
    return json.dumps(value.adapted, ensure_ascii=False).translate(_ESCAPES)
