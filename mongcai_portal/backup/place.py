"""Where an archive is put back: the database, the folder of files and the key of this portal, empty or set aside."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from mongcai_portal.backup.snapshot import files_folder
from mongcai_portal.common import ciphers
from mongcai_portal.common.errors import Fault, Invalid


@contextmanager
def only_one() -> Iterator[None]:
    """Within the block no other backup or return of this portal runs, so what a killed one left can be removed.

    Raises: Invalid: another one runs.
    """
    handle = os.open(settings.VAR_DIR / "backup.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if os.geteuid() == 0:  # the portal's own user is to be able to open it tomorrow
            owner = settings.VAR_DIR.stat()
            os.fchown(handle, owner.st_uid, owner.st_gid)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = _("Một lần sao lưu hoặc phục hồi khác của cổng này đang chạy: hãy đợi nó xong.")
            raise Invalid([Fault(str(settings.VAR_DIR), "running", message)]) from error
        yield
    finally:
        os.close(handle)  # and the lock with it


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
def new_place(*, files: Path, key: str, mark: str, set_aside: bool, data_keys: Sequence[str] = ()) -> Iterator[None]:
    """Within the block the database is empty; at its end database, files and keys are the portal's, all or none.

    Files and keys are put in their places before the database becomes the portal's and taken back when it does not.

    Args:
        files: the folder that takes the place of the portal's.
        set_aside: the keys that stood here are kept, too, as `….before-<mark>`.
        data_keys: what identity numbers are encrypted with; without any, those that stand here stay.
    """
    keys = {settings.SECRET_KEY_FILE: key, settings.DATA_KEYS_FILE: "".join(f"{one}\n" for one in data_keys)}
    placed = {path: text for path, text in keys.items() if path is not None and text}
    with ExitStack() as taken_back:
        with new_database(mark):
            yield
            taken_back.callback(_place_files(files, mark))
            for path, text in placed.items():
                taken_back.callback(_place_key(path, text, mark))
        taken_back.pop_all()
    ciphers.forget()
    if not set_aside:
        for path in placed:
            _before(path, mark).unlink(missing_ok=True)


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
        draft.chmod(0o600)
        old = _before(path, mark)
        if used:
            os.link(path, old)  # a second name: there is no moment without a database
        try:
            for ending in _BESIDE:  # empty: nobody has the old one open
                path.with_name(path.name + ending).unlink(missing_ok=True)
            os.rename(draft, path)
        except BaseException:
            old.unlink(missing_ok=True)
            raise
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(path)
        _unlink(draft)


_BESIDE = ("-wal", "-shm", "-journal")


def _before(path: Path, mark: str) -> Path:
    return path.with_name(f"{path.name}.before-{mark}")


def _unlink(path: Path) -> None:
    for ending in ("", *_BESIDE):
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


def _place_files(folder: Path, mark: str) -> Callable[[], None]:
    """Let a folder take the place of the portal's files; return what takes it back."""
    place = files_folder()
    old = _before(place, mark)
    stood = place.exists()
    if stood and any(place.iterdir()):
        os.rename(place, old)
    elif stood:
        place.rmdir()

    def back() -> None:
        if place.exists():
            os.rename(place, folder)
        if old.exists():
            os.rename(old, place)
        elif stood:
            place.mkdir(mode=0o700)

    with _or(back):
        os.rename(folder, place)
    return back


def _place_key(path: Path, key: str, mark: str) -> Callable[[], None]:
    """Store a key as this portal's, readable by its owner only; return what takes it back."""
    draft, old = path.with_name(path.name + ".restoring"), _before(path, mark)

    def back() -> None:
        draft.unlink(missing_ok=True)
        if old.exists():
            os.rename(old, path)
            old.unlink(missing_ok=True)  # renaming does nothing between two names of one file
        else:
            path.unlink(missing_ok=True)

    draft.unlink(missing_ok=True)
    if path.exists():
        os.link(path, old)
    with _or(back):
        draft.touch(mode=0o600)
        draft.write_text(key, encoding="utf-8")
        os.rename(draft, path)
    return back


@contextmanager
def _or(back: Callable[[], None]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        back()
        raise
