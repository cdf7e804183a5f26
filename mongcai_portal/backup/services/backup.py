"""Copying database, stored files and keys into one archive while the portal runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import FileField, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.backup import manifest as form
from mongcai_portal.backup.archive import Writer, pieces_of, remove_drafts, rows_member, written
from mongcai_portal.backup.manifest import Manifest, Table
from mongcai_portal.backup.place import only_one
from mongcai_portal.backup.rows import Digest, columns_of, last_key, lines_of, models_at
from mongcai_portal.backup.snapshot import HeldFiles, held_files, one_moment
from mongcai_portal.common import ciphers
from mongcai_portal.common.errors import Fault, Invalid

STEM = "portal-"


@dataclass(frozen=True, slots=True)
class Made:
    """An archive that was made; `missing` are files that rows name and the disk did not have."""

    path: Path
    manifest: Manifest
    missing: tuple[str, ...]
    removed: tuple[str, ...]


def make_backup(*, folder: Path, keep: int | None = None) -> Made:
    """Write an archive into a folder and read it back; return what is in it.

    Args:
        folder: made when it is not there, readable by its owner only.
        keep: how many archives stay in the folder, this one included; None for all.

    Raises:
        Invalid: the folder cannot be written, the database is of a newer portal than this one, or another backup runs.
        OSError: the disk is full, or the like; nothing is left of the archive.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{STEM}{timezone.now().astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"
    with only_one():
        if path.exists():
            raise Invalid([Fault(str(path), "exists", _("Đã có tệp này."))])
        remove_drafts(folder)
        made_at, manifest, missing = _write(path)
    removed = tuple(old.name for old in _superfluous(folder, keep))
    record(
        kind=Kind.BACKUP_MADE,
        by=None,
        obj_type="backup",
        obj_id=path.name,
        label=path.name,
        rows=manifest.rows,
        files=len(manifest.files),
        missing=len(missing),
        moment=made_at.isoformat(),
    )
    for name in removed:
        (folder / name).unlink()
    return Made(path, manifest, missing, removed)


def _write(path: Path) -> tuple[datetime, Manifest, tuple[str, ...]]:
    """Write the archive; return its moment, what is in it, and the files that rows name and the disk does not have."""
    with held_files() as held, written(path) as archive:
        with one_moment():
            made_at = timezone.now()
            manifest, names = _copy_rows(archive, made_at)
            held.hold()
        archive.add(form.KEY_MEMBER, [settings.SECRET_KEY.encode()])
        # After the rows: a key is there before the first row that was encrypted with it.
        if keys := ciphers.stored_keys():
            archive.add(form.DATA_KEYS_MEMBER, [keys.encode()])
        missing = tuple(name for name in sorted(names) if not _copy_file(archive, held, name))
        manifest = replace(manifest, members=tuple(archive.members))
        archive.close(manifest)
    return made_at, manifest, missing


def _copy_rows(archive: Writer, made_at: datetime) -> tuple[Manifest, set[str]]:
    """Copy every table; return the manifest so far and the names of all stored files."""
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    if not applied:
        raise Invalid([Fault("/database", "empty", _("Cơ sở dữ liệu chưa có bảng nào: không có gì để sao lưu."))])
    refuse_unknown(applied)
    tables, names = [], set[str]()
    for table, model in sorted(models_at(applied).items()):
        digest = Digest()
        archive.add(rows_member(table), _told(lines_of(model), digest))
        columns = tuple(field.column for field in columns_of(model))
        tables.append(Table(table, columns, digest.rows, digest.value, last_key(model)))
        names |= _files_named_by(model)
    version = ".".join(str(part) for part in connection.get_database_version())
    return (
        Manifest(
            made_at=made_at.isoformat(),
            portal=settings.SPECTACULAR_SETTINGS["VERSION"],
            database=f"{connection.vendor} {version}",
            migrations=tuple(applied),
            tables=tuple(tables),
            members=(),
        ),
        names,
    )


def refuse_unknown(migrations: Iterable[tuple[str, str]]) -> None:
    """Raises: Invalid: naming every change of the database that this version of the portal does not know."""
    known = MigrationLoader(None).disk_migrations
    unknown = [f"{app}.{name}" for app, name in migrations if (app, name) not in known]
    if unknown:
        message = _("Phiên bản này của cổng không biết thay đổi cơ sở dữ liệu này: dữ liệu thuộc một phiên bản khác.")
        raise Invalid(Fault(f"/migrations/{name}", "other_version", message) for name in unknown)


def _told(lines: Iterable[bytes], digest: Digest) -> Iterator[bytes]:
    for line in lines:
        digest.add(line)
        yield line + b"\n"


def _files_named_by(model: type[Model]) -> set[str]:
    fields = [field.attname for field in columns_of(model) if isinstance(field, FileField)]
    return {
        name
        for field in fields
        for name in model._base_manager.values_list(field, flat=True).iterator(chunk_size=1000)
        if name
    }


def _copy_file(archive: Writer, held: HeldFiles, name: str) -> bool:
    try:
        with held.path(name).open("rb") as stream:
            archive.add(form.FILES + name, pieces_of(stream), packed=False)
    except FileNotFoundError:
        return False
    return True


def _superfluous(folder: Path, keep: int | None) -> list[Path]:
    """The oldest archives beyond those that stay; their names sort by time."""
    found = sorted(folder.glob(f"{STEM}*.zip"))
    return found[:-keep] if keep else []
