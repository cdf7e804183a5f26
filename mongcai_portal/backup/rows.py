"""Rows as lines of JSON and back, the same for both databases: what PostgreSQL wrote, SQLite reads.

Values pass through the fields of the models *of the version that the database is at*, as migrations know them, so an
archive of an older portal is read by the rules of its own time.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Field, Model
from django.utils.duration import duration_string

# How many rows are read, or written, at a time.
PORTION = 1000
# PostgreSQL allows 65 535 parameters in one statement and gains nothing from so many.
PARAMETERS = 10_000


def models_at(migrations: Iterable[tuple[str, str]]) -> dict[str, type[Model]]:
    """Return the model of every table of a version of the portal, by the table's name.

    Args:
        migrations: all that are applied in that version; each is known to this code.
    """
    loader = MigrationExecutor(connection).loader
    state = loader.project_state(list(migrations))
    return {
        model._meta.db_table: model
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not model._meta.swapped
    }


def columns_of(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def lines_of(model: type[Model]) -> Iterator[bytes]:
    """Yield every row as one line, in the order of its key."""
    names = [field.attname for field in columns_of(model)]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=PORTION)
    for row in rows:
        line = json.dumps([_plain(value) for value in row], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield line.encode()


class Digest:
    """Counts rows and sums up their SHA-256: the order of text keys differs between databases, the sum does not."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line).digest())) % (1 << 256)

    @property
    def value(self) -> str:
        return f"{self._sum:064x}"

    @classmethod
    def of(cls, lines: Iterable[bytes]) -> Digest:
        digest = cls()
        for line in lines:
            digest.add(line)
        return digest


def store(model: type[Model], lines: Iterable[bytes]) -> None:
    """Put rows into an emptied table exactly as they were: nothing is stamped anew and no key is given out."""
    fields = columns_of(model)
    size = max(1, (connection.features.max_query_params or PARAMETERS) // len(fields))
    rows = ([_stored(field, value) for field, value in zip(fields, json.loads(line), strict=True)] for line in lines)
    quote = connection.ops.quote_name
    into = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(field.column) for field in fields)}) VALUES "
    marks = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        while portion := list(islice(rows, size)):
            cursor.execute(into + ", ".join([marks] * len(portion)), [value for row in portion for value in row])


def last_key(model: type[Model]) -> int | None:
    """Return the last number that the database gave out for the table; None where it gives out none."""
    key = _counted(model)
    if key is None:
        return None
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            return int(row[0]) if row else 0
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(table), key.column])
        # The name comes quoted, as far as it needs to be.
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {cursor.fetchone()[0]}")
        return int(cursor.fetchone()[0])


def go_on_after(model: type[Model], last: int) -> None:
    """Let the database give out numbers from after `last` on."""
    key, table = _counted(model), model._meta.db_table
    if key is None:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            if last:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        else:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                [connection.ops.quote_name(table), key.column, max(last, 1), last > 0],
            )


def _counted(model: type[Model]) -> Field[Any, Any] | None:
    key = model._meta.pk
    return key if key is not None and key.get_internal_type() in COUNTED else None


COUNTED = frozenset({"AutoField", "BigAutoField", "SmallAutoField"})


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case UUID():
            return value.hex
        case timedelta():
            return duration_string(value)
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode("ascii")
        case _:
            return value


def _stored(field: Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_save(None if value is None else field.to_python(value), connection)
