"""Where an archive is put back: the database, the folder of files and the key of this portal, empty or set aside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from mongcai_portal.backup.snapshot import files_folder
from mongcai_portal.common.errors import Fault


def faults_of_place(*, set_aside: bool) -> list[Fault]:
    """Everything that stands against putting an archive back here.

    Args:
        set_aside: what is here may be moved aside.
    """
    faults = []
    if os.geteuid() != settings.VAR_DIR.stat().st_uid:
        message = _("Thư mục thuộc người dùng khác của máy: hãy chạy lệnh bằng người dùng của cổng.")
        faults.append(Fault(str(settings.VAR_DIR), "owner", message))
    tables = connection.introspection.table_names()
    if tables and not set_aside:
        message = _("Cơ sở dữ liệu không trống: có %(count)d bảng. Dùng --set-aside để cất chúng sang một bên.")
        faults.append(Fault("/database", "not_empty", message % {"count": len(tables)}))
    if tables and set_aside and not _alone():
        message = _("Cơ sở dữ liệu đang được dùng: hãy dừng cổng trước.")
        faults.append(Fault("/database", "in_use", message))
    if any(files for _folder, _folders, files in os.walk(files_folder())) and not set_aside:
        message = _("Thư mục tệp không trống. Dùng --set-aside để cất nó sang một bên.")
        faults.append(Fault(str(files_folder()), "not_empty", message))
    return faults


def _alone() -> bool:
    """Whether no other process has the database open."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return bool(cursor.fetchone()[0] == 0)
        try:
            # Leaving WAL succeeds only for the one process that has the file open, and empties the WAL into it.
            cursor.execute("PRAGMA busy_timeout = 1000")
            cursor.execute("PRAGMA journal_mode = DELETE")
        except OperationalError:
            return False
        finally:
            cursor.execute("PRAGMA busy_timeout = 30000")
    return True


@contextmanager
def new_database(mark: str) -> Iterator[None]:
    """Within the block the database is empty; at its end it is the portal's, and the old one is set aside.

    SQLite: a new file takes the place of the old, which becomes `….before-<mark>`. PostgreSQL: the old tables move to
    the schema `before_<mark>` in the same transaction. A block that fails leaves everything as it was.
    """
    if connection.vendor == "sqlite":
        with _new_file(mark):
            yield
    else:
        with transaction.atomic(durable=True):
            _move_tables(mark)
            yield


@contextmanager
def _new_file(mark: str) -> Iterator[None]:
    path = Path(connection.settings_dict["NAME"])
    draft = path.with_name(path.name + ".restoring")
    _unlink(draft)
    used = bool(connection.introspection.table_names())
    connection.close()
    connection.settings_dict["NAME"] = str(draft)
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = DELETE")  # all of it in one file, which can be renamed
        connection.close()
        if used:
            os.rename(path, path.with_name(f"{path.name}.before-{mark}"))
        _unlink(path)  # a file without tables, which looking for them makes
        draft.chmod(0o600)
        os.rename(draft, path)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(path)
        _unlink(draft)


def _unlink(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _move_tables(mark: str) -> None:
    tables, quote = connection.introspection.table_names(), connection.ops.quote_name
    if not tables:
        return
    schema = quote(f"before_{mark}")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        for table in tables:
            cursor.execute(f"ALTER TABLE {quote(table)} SET SCHEMA {schema}")


def place_files(folder: Path, mark: str) -> None:
    """Let a folder take the place of the portal's files; the old one becomes `….before-<mark>`."""
    place = files_folder()
    if place.exists() and any(place.iterdir()):
        os.rename(place, place.with_name(f"{place.name}.before-{mark}"))
    elif place.exists():
        place.rmdir()
    os.rename(folder, place)


def place_key(key: str) -> None:
    """Store the key of an archive as this portal's, readable by its owner only; nothing when it is set from outside."""
    path = settings.SECRET_KEY_FILE
    if path is None:
        return
    draft = path.with_name(path.name + ".restoring")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(key, encoding="utf-8")
    os.rename(draft, path)
