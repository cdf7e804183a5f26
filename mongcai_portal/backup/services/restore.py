"""Putting an archive back: a new database, the files and the key, each held against the manifest."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.backup import manifest as form
from mongcai_portal.backup.archive import Archive, rows_member
from mongcai_portal.backup.manifest import Manifest
from mongcai_portal.backup.place import faults_of_place, new_place, only_one
from mongcai_portal.backup.rows import Digest, columns_of, go_on_after, lines_of, models_at, store
from mongcai_portal.backup.services.backup import refuse_unknown
from mongcai_portal.common.errors import Fault, Invalid


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; `set_aside` is the mark of what stood here before."""

    manifest: Manifest
    set_aside: str


def check_archive(*, path: Path) -> Manifest:
    """Read an archive whole and hold it against its manifest and this version of the portal; nothing is written.

    Raises: Invalid: with every fault.
    """
    with Archive.open(path) as archive:
        archive.verify()
        refuse_unknown(archive.manifest.migrations)
        return archive.manifest


def restore(*, path: Path, set_aside: bool = False, keep_key: bool = False) -> Restored:
    """Put an archive back into this portal, which does not run meanwhile.

    The archive is verified first. Rows are stored by the version of the portal that wrote them, compared with the
    manifest, and only then brought to this version. A fault at any point leaves the place as it was.

    Args:
        set_aside: move aside what stands here, instead of refusing a place that is not empty.
        keep_key: leave the key that is set here from outside, though it differs: sessions and links of letters end.

    Raises:
        Invalid: with every fault of the archive, or else of the place.
    """
    mark = f"{timezone.now():%Y%m%dt%H%M%S}"
    with only_one(), Archive.open(path) as archive:
        archive.verify()
        manifest = archive.manifest
        faults = _version_faults(manifest) + faults_of_place(set_aside=set_aside)
        key = b"".join(archive.pieces(form.KEY_MEMBER)).decode()
        if settings.SECRET_KEY_FILE is None and key != settings.SECRET_KEY and not keep_key:
            message = _(
                "SECRET_KEY đặt ở đây khác với mã trong bản sao lưu: đặt lại mã cũ, hoặc dùng --keep-key"
                " (khi đó mọi phiên đăng nhập và đường dẫn trong thư hết hiệu lực)."
            )
            faults.append(Fault("/SECRET_KEY", "other_key", message))
        data_keys = _data_keys(archive)
        if settings.DATA_KEYS_FILE is None and not set(data_keys) <= set(settings.DATA_KEYS):
            message = _(
                "PORTAL_DATA_KEYS đặt ở đây thiếu khóa có trong bản sao lưu (keys/data_keys): số định danh trong đó sẽ"
                " không đọc được. Hãy thêm khóa cũ vào sau khóa mới."
            )
            faults.append(Fault("/PORTAL_DATA_KEYS", "other_key", message))
        if faults:
            raise Invalid(faults)
        files = _extracted(archive)
        try:
            with new_place(files=files, key=key, data_keys=data_keys, mark=mark, set_aside=set_aside):
                _store_rows(archive)
                call_command("migrate", interactive=False, verbosity=0)
                record(
                    kind=Kind.BACKUP_RESTORED,
                    by=None,
                    obj_type="backup",
                    obj_id=path.name,
                    label=path.name,
                    rows=manifest.rows,
                    files=len(manifest.files),
                    moment=manifest.made_at,
                )
        finally:
            shutil.rmtree(files, ignore_errors=True)
    return Restored(manifest, mark if set_aside else "")


def _data_keys(archive: Archive) -> list[str]:
    """The keys of identity numbers; none in an archive that was made before one was stored."""
    if form.DATA_KEYS_MEMBER not in {member.name for member in archive.manifest.members}:
        return []
    return b"".join(archive.pieces(form.DATA_KEYS_MEMBER)).decode().split()


def _version_faults(manifest: Manifest) -> list[Fault]:
    try:
        refuse_unknown(manifest.migrations)
    except Invalid as error:
        return list(error.faults)
    return []


def _store_rows(archive: Archive) -> None:
    """Make the tables of the archive's version and fill them; they then hold the very rows that were copied."""
    manifest = archive.manifest
    executor = MigrationExecutor(connection)
    wanted = set(manifest.migrations)
    nodes = executor.loader.graph.node_map
    # The last of each line: one that another stands on would be taken for a way back.
    executor.migrate([key for key in wanted if not wanted.intersection(child.key for child in nodes[key].children)])
    models = models_at(manifest.migrations)
    faults = _shape_faults(manifest, models)
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            # A key made in this same transaction is checked at once unless told otherwise; tables come in any order.
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        # What the migrations put in is in the archive, too, as it became.
        for model in models.values():
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        for table in manifest.tables:
            store(models[table.name], archive.lines(rows_member(table.name)))
            if table.last_key is not None:
                go_on_after(models[table.name], table.last_key)
        connection.check_constraints()
    for table in manifest.tables:
        digest = Digest.of(lines_of(models[table.name]))
        if (digest.rows, digest.value) != (table.rows, table.digest):
            message = _("Số dòng hoặc nội dung khác với bản kê: %(found)d dòng, cần %(wanted)d.")
            values = {"found": digest.rows, "wanted": table.rows}
            faults.append(Fault(f"/{rows_member(table.name)}", "differs", message % values))
    if faults:
        raise Invalid(faults)


def _shape_faults(manifest: Manifest, models: dict[str, type[Model]]) -> list[Fault]:
    """Migrations, tables and columns that are not those of the archive."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    faults = [
        Fault(f"/migrations/{app}.{name}", "other_version", _("Bản sao lưu thiếu thay đổi cơ sở dữ liệu này."))
        for app, name in sorted(applied - set(manifest.migrations))
    ]
    wanted = {table: tuple(field.column for field in columns_of(model)) for table, model in models.items()}
    found = {table.name: table.columns for table in manifest.tables}
    for name in sorted(set(wanted) | set(found)):
        if wanted.get(name) != found.get(name):
            faults.append(
                Fault(f"/{rows_member(name)}", "columns", _("Bảng hoặc các cột của bảng khác với phiên bản."))
            )
    return faults


def _extracted(archive: Archive) -> Path:
    """Write all files into a new folder beside the portal's, and read them back.

    Raises: Invalid: naming each file that the disk gives back differently.
    """
    folder = settings.VAR_DIR / "files.restoring"
    if folder.exists():  # left by one that was killed
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    faults = []
    try:
        for member in archive.manifest.files:
            target = folder / member.name.removeprefix(form.FILES)
            for parent in reversed(target.relative_to(folder).parents):
                (folder / parent).mkdir(mode=0o700, exist_ok=True)
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                for piece in archive.pieces(member.name):
                    stream.write(piece)
            with target.open("rb") as stored:
                digest = hashlib.file_digest(stored, "sha256").hexdigest()
            if digest != member.sha256:
                faults.append(Fault(f"/{member.name}", "damaged", _("Nội dung không khớp mã kiểm tra: tệp bị hỏng.")))
        if faults:
            raise Invalid(faults)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return folder
