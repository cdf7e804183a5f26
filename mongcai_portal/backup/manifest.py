"""What an archive says about itself: versions, checksums, row counts. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

FORMAT = 1
MEMBER = "manifest.json"
KEY_MEMBER = "keys/secret_key"
# What identity numbers are encrypted with, one a line; not there as long as none was stored.
DATA_KEYS_MEMBER = "keys/data_keys"
ROWS = "rows/"
FILES = "files/"


class Unreadable(ValueError):
    """A manifest that this portal cannot read; `str(error)` says what stood there."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the archive: its length and SHA-256, to find damage."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `digest` is the same wherever the same rows lie, in either database and any order.

    `last_key` is the last number that the database gave out, which may be above the largest that is left: a number that
    once stood for something, in the audit trail for one, must not come to stand for something else.
    """

    name: str
    columns: tuple[str, ...]
    rows: int
    digest: str
    last_key: int | None


@dataclass(frozen=True, slots=True)
class Manifest:
    made_at: str
    portal: str
    database: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    members: tuple[Member, ...]
    format: int = FORMAT

    def write(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def read(cls, text: str) -> Manifest:
        """Raises: Unreadable: another format, or no manifest at all."""
        try:
            raw: dict[str, Any] = json.loads(text)
            found = raw["format"]
            if found != FORMAT:
                raise Unreadable(f"format {found!r}")
            return cls(
                made_at=str(raw["made_at"]),
                portal=str(raw["portal"]),
                database=str(raw["database"]),
                migrations=tuple((str(app), str(name)) for app, name in raw["migrations"]),
                tables=tuple(Table(**{**table, "columns": tuple(table["columns"])}) for table in raw["tables"]),
                members=tuple(Member(**member) for member in raw["members"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            if isinstance(error, Unreadable):
                raise
            raise Unreadable(f"{type(error).__name__}: {error}") from error

    @property
    def files(self) -> tuple[Member, ...]:
        return tuple(member for member in self.members if member.name.startswith(FILES))

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)
