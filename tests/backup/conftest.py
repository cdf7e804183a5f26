"""A portal with people, figures and files, one archive of it, and empty places beside it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db.migrations.loader import MigrationLoader

from tests.components import database_is_postgres
from tests.portal import Database, Portal


def ask(portal: Portal, question: str) -> Any:
    """Let a function of `probe` answer inside a portal."""
    code = f"from tests.backup import probe; probe.{question}"
    said = portal.manage("shell", "--no-imports", "-c", code)
    return json.loads(next(line for line in said.splitlines() if line.startswith("ANSWER ")).removeprefix("ANSWER "))


@dataclass(frozen=True)
class Source:
    """The portal that was backed up, what it answered before, and its archive."""

    portal: Portal
    archive: Path
    before: dict[str, Any]
    while_others_write: list[int]
    session: str
    token: str


@pytest.fixture(scope="module")
def empty_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Portal]]:
    """`empty_place(postgres=…)`: a portal without any data; its database is dropped at the end."""
    made: list[Database] = []

    def make(*, postgres: bool, template: Database | None = None) -> Portal:
        folder = tmp_path_factory.mktemp("place")
        database = Database.create(postgres=postgres, folder=folder, template=template)
        made.append(database)
        return Portal(folder, database)

    # The key is to be the portal's own, kept in its folder.
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SECRET_KEY", raising=False)
        yield make
    for database in made:
        database.drop()


@pytest.fixture(scope="module")
def source(demo_database: Database, empty_place: Callable[..., Portal]) -> Source:
    """The portal is one version behind: its last change of a table is taken back before the archive is made."""
    portal = empty_place(postgres=database_is_postgres(), template=demo_database)
    assert demo_database.folder
    shutil.copytree(demo_database.folder / "files", portal.var / "files")
    known = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "oauth2_provider")
    told = ask(portal, f"before({known[-2]!r}, {str(portal.var / 'archives')!r})")
    (archive,) = (portal.var / "archives").iterdir()
    return Source(portal, archive, told["answers"], told["moments"], told["session"], told["token"])
