"""One moment of a portal that goes on running: its rows as of one transaction, and the files that those rows name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from mongcai_portal.common.models.files import files_storage


@contextmanager
def one_moment() -> Iterator[None]:
    """Within the block every query sees the database as it was at the block's first; nobody waits for it.

    Raises: transaction.TransactionManagementError: inside a transaction, whose queries may see different moments.
    """
    if connection.in_atomic_block:
        raise transaction.TransactionManagementError("a snapshot starts outside any transaction")
    if connection.vendor == "sqlite":
        # Not `atomic`: that takes the write lock at once. A reader of a WAL database hinders no writer.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def files_folder() -> Path:
    return Path(files_storage().path(""))


class HeldFiles:
    """Second names of all stored files, so that one that is deleted meanwhile can still be read.

    A file is there before its row can be seen and until after its row is gone. So what is held before the moment,
    together with what came until just after it, has every file that a row of that moment names.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hold(self) -> None:
        """Hold what is not yet held; quick, since no content is copied."""
        root = files_folder()
        for folder, _folders, names in os.walk(root):
            here = self._folder / Path(folder).relative_to(root)
            here.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in names:
                try:
                    os.link(Path(folder) / name, here / name)
                except (FileExistsError, FileNotFoundError):
                    continue  # held already, or deleted a moment ago

    def path(self, name: str) -> Path:
        return self._folder / name


@contextmanager
def held_files() -> Iterator[HeldFiles]:
    """Hold the stored files for the block, within which nobody else does (`place.only_one`)."""
    # Beside the files: a second name cannot lead to another disk.
    folder = settings.VAR_DIR / "backup.held"
    if folder.exists():  # left by one that was killed
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    try:
        held = HeldFiles(folder)
        held.hold()
        yield held
    finally:
        shutil.rmtree(folder)
