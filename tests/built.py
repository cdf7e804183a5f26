"""Databases that cost half a minute each and are built once: migrated, and filled with the demonstration.

All tests, in process and of whole portals, start from copies. `python -m tests` builds both for all its parts; pytest
alone builds what it comes to need.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.portal import Database, Portal

FOLDER = "PORTAL_TEST_BUILT"  # the environment's word that a folder holds what was built for this run
APART = 10_000  # numbers between the first of one table and the first of the next
STEPS = {"migrated": "migrate", "demo": "prepare"}


@dataclass
class Built:
    """What stands ready for one kind of database: `migrated` and `demo`, each made when it is first asked for."""

    postgres: bool
    folder: Path
    ready: dict[str, Database] = field(default_factory=dict)

    def database(self, name: str) -> Database:
        if name not in self.ready:
            (folder := self.folder / name).mkdir(parents=True)
            template = self.database("migrated") if name == "demo" else None
            database = Database.create(postgres=self.postgres, folder=folder, template=template)
            self.ready[name] = database
            Portal(folder, database).manage(STEPS[name])
            database.analyse()
        return self.ready[name]

    def drop(self) -> None:
        for database in self.ready.values():
            database.drop()

    def write(self) -> None:
        """Leave word of what is ready, for processes that are told the folder."""
        kept = {name: [database.url, str(database.folder)] for name, database in self.ready.items()}
        (self.folder / "ready.json").write_text(json.dumps(kept), encoding="utf-8")

    @classmethod
    def read(cls, postgres: bool, folder: Path) -> Built:
        kept = json.loads((folder / "ready.json").read_text(encoding="utf-8"))
        return cls(postgres, folder, {name: Database(url, Path(place)) for name, (url, place) in kept.items()})


def place(folder: Path, postgres: bool) -> Path:
    return folder / ("postgres" if postgres else "sqlite")


@contextmanager
def built(postgres: bool) -> Iterator[Built]:
    """What this run has, or an empty shelf that is cleared at the end of the block."""
    if given := os.environ.get(FOLDER):
        yield Built.read(postgres, place(Path(given), postgres))
        return
    with tempfile.TemporaryDirectory(prefix="portal-built-") as own:
        shelf = Built(postgres, place(Path(own), postgres))
        try:
            yield shelf
        finally:
            shelf.drop()


def number_apart() -> None:
    """Have each table of Django's connection number its rows from a start of its own.

    A test that takes one thing's number for another's finds nothing then, instead of the right row by chance.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        for at, table in enumerate(sorted(connection.introspection.table_names(cursor)), start=1):
            for sequence in connection.introspection.get_sequences(cursor, table):
                if connection.vendor == "postgresql":
                    cursor.execute("SELECT setval(%s, %s)", [sequence["name"], at * APART])
                else:
                    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, at * APART])


@contextmanager
def copy_in_use(template: Database, *, postgres: bool) -> Iterator[None]:
    """Point Django's connection to a copy of a database for the length of the block."""
    from django.db import connection

    folder = Path(tempfile.mkdtemp(prefix="portal-copy-"))
    database = Database.create(postgres=postgres, folder=folder, template=template)
    settings: dict[str, Any] = connection.settings_dict
    before = settings["NAME"]
    connection.close()
    settings["NAME"] = database.name if postgres else database.url.removeprefix("sqlite:///")
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = before
        database.drop()
        shutil.rmtree(folder, ignore_errors=True)
