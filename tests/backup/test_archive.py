"""An archive is read whole before anything is written, and every fault of it is named at once."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db.migrations.loader import MigrationLoader

from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.backup import manifest as form
from mongcai_portal.backup.archive import remove_drafts, rows_member, written
from mongcai_portal.backup.manifest import Manifest, Table
from mongcai_portal.backup.place import only_one
from mongcai_portal.backup.services import check_archive, make_backup, restore
from mongcai_portal.backup.snapshot import files_folder, held_files
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.models.files import files_storage

KNOWN = tuple(sorted(MigrationLoader(None).disk_migrations))
TEXT = '[1,"Bắc Sơn"]\n'.encode()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A small one: a table, a file, the key of this place."""
    path = tmp_path / "portal-20240101T000000Z.zip"
    with written(path) as writer:
        writer.add(rows_member("t"), [TEXT])
        writer.add(form.KEY_MEMBER, [settings.SECRET_KEY.encode()])
        writer.add(form.FILES + "a/b.pdf", [b"one ", b"two"], packed=False)
        table = Table("t", ("id", "name"), 1, "0" * 64, 1)
        writer.close(Manifest("2024-01-01T00:00:00", "1.0.0", "sqlite 3", KNOWN, (table,), tuple(writer.members)))
    return path


def rewritten(archive: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same archive with other members."""
    with zipfile.ZipFile(archive) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    path = archive.with_name("changed.zip")
    with zipfile.ZipFile(path, "w") as new:
        for name, content in members.items():
            new.writestr(name, content)
    return path


def with_manifest(archive: Path, **fields: object) -> Path:
    def change(members: dict[str, bytes]) -> None:
        members[form.MEMBER] = json.dumps({**json.loads(members[form.MEMBER]), **fields}).encode()

    return rewritten(archive, change)


def faults(path: Path) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        check_archive(path=path)
    return {(fault.pointer, fault.code) for fault in caught.value.faults}


def test_a_whole_archive_passes_and_its_owner_alone_can_read_it(archive: Path) -> None:
    assert check_archive(path=archive).rows == 1
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


def test_every_damaged_missing_and_added_member_is_named(archive: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members[rows_member("t")] = TEXT.replace("ơ".encode(), b"o")
        del members[form.FILES + "a/b.pdf"]
        members["files/../../evil"] = b""

    assert faults(rewritten(archive, change)) == {
        (f"/{rows_member('t')}", "damaged"),
        ("/files/a/b.pdf", "missing"),
        ("/files/../../evil", "unlisted"),
    }


def test_a_listed_name_that_leads_out_of_the_folder_is_refused(archive: Path) -> None:
    manifest = json.loads(zipfile.ZipFile(archive).read(form.MEMBER))
    for member in manifest["members"]:
        member["name"] = member["name"].replace("files/a/", "files/../")

    def change(members: dict[str, bytes]) -> None:
        members["files/../b.pdf"] = members.pop("files/a/b.pdf")
        members[form.MEMBER] = json.dumps(manifest).encode()

    assert faults(rewritten(archive, change)) == {("/files/../b.pdf", "name")}


def test_one_bit_is_enough(archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    content[content.index(b"one two")] ^= 1
    archive.write_bytes(content)
    assert faults(archive) == {("/files/a/b.pdf", "damaged")}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(lambda path: path.unlink(), "missing", id="not there"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-100]), "damaged", id="cut off"),
        pytest.param(lambda path: path.write_bytes(b"a letter"), "damaged", id="something else"),
        pytest.param(lambda path: zipfile.ZipFile(path, "w").close(), "foreign", id="another ZIP file"),
    ],
)
def test_what_is_no_archive_is_refused(archive: Path, spoil: Callable[[Path], object], code: str) -> None:
    spoil(archive)
    assert faults(archive) == {(str(archive), code)}


def test_another_format_is_refused(archive: Path) -> None:
    path = with_manifest(archive, format=2)
    assert faults(path) == {(str(path), "manifest")}


def test_a_newer_version_is_refused_with_every_change_that_this_one_lacks(archive: Path) -> None:
    newer = with_manifest(archive, migrations=[*KNOWN, ("audit", "9998_far"), ("audit", "9999_farther")])
    assert faults(newer) == {
        ("/migrations/audit.9998_far", "other_version"),
        ("/migrations/audit.9999_farther", "other_version"),
    }


@pytest.mark.django_db
def test_a_place_that_is_not_empty_is_refused_with_every_reason(archive: Path) -> None:
    stored = files_storage().save("test/stays.pdf", ContentFile(b"x"))
    events = AuditEvent.objects.count()

    def other_key(members: dict[str, bytes]) -> None:
        members[form.KEY_MEMBER] = b"another"
        manifest = json.loads(members[form.MEMBER])
        key = next(member for member in manifest["members"] if member["name"] == form.KEY_MEMBER)
        key.update(size=7, sha256="ae448ac86c4e8e4dec645729708ef41873ae79c6dff84eff73360989487f08e5")
        members[form.MEMBER] = json.dumps(manifest).encode()

    with pytest.raises(Invalid) as caught:
        restore(path=rewritten(archive, other_key))
    assert {(fault.pointer, fault.code) for fault in caught.value.faults} == {
        ("/database", "not_empty"),
        (str(files_folder()), "not_empty"),
        ("/SECRET_KEY", "other_key"),
    }
    assert (AuditEvent.objects.count(), files_storage().exists(stored)) == (events, True)
    files_storage().delete(stored)


@pytest.mark.django_db
def test_keys_from_outside_must_hold_those_of_the_archive(archive: Path, settings: Any) -> None:
    old, new = "0a" * 32, "1b" * 32

    def with_keys(members: dict[str, bytes]) -> None:
        content = f"{old}\n".encode()
        members[form.DATA_KEYS_MEMBER] = content
        manifest = json.loads(members[form.MEMBER])
        digest = hashlib.sha256(content).hexdigest()
        manifest["members"].append({"name": form.DATA_KEYS_MEMBER, "size": len(content), "sha256": digest})
        members[form.MEMBER] = json.dumps(manifest).encode()

    path = rewritten(archive, with_keys)
    settings.DATA_KEYS_FILE = None
    for keys, refused in (((new,), True), ((new, old), False)):
        settings.DATA_KEYS = keys
        with pytest.raises(Invalid) as caught:  # the place is not empty
            restore(path=path, keep_key=True)
        assert (("/PORTAL_DATA_KEYS", "other_key") in {(f.pointer, f.code) for f in caught.value.faults}) is refused
        assert old not in str(caught.value)


def test_a_file_that_is_deleted_meanwhile_is_still_read() -> None:
    name = files_storage().save("test/going.pdf", ContentFile(b"x"))
    with held_files() as held:
        files_storage().delete(name)
        later = files_storage().save("test/coming.pdf", ContentFile(b"y"))
        held.hold()
        assert (held.path(name).read_bytes(), held.path(later).read_bytes()) == (b"x", b"y")
    assert not held.path(later).exists()
    files_storage().delete(later)


def test_a_second_backup_or_restore_is_refused_at_once_while_one_runs(archive: Path) -> None:
    with only_one():
        for second in (lambda: make_backup(folder=archive.parent), lambda: restore(path=archive)):
            with pytest.raises(Invalid) as caught:
                second()
            assert [fault.code for fault in caught.value.faults] == ["running"]
    assert list(archive.parent.iterdir()) == [archive]
    with only_one():
        pass


def test_what_a_killed_backup_leaves_goes_at_the_next_one_and_nothing_else(archive: Path) -> None:
    killed = """
import os, signal
from pathlib import Path
from mongcai_portal.backup.archive import written
from mongcai_portal.backup.snapshot import held_files
with held_files() as held, written(Path(%r)) as writer:
    writer.add("KEY", [b"secret"])
    os.kill(os.getpid(), signal.SIGKILL)
"""
    name = files_storage().save("test/held.pdf", ContentFile(b"x"))
    draft = archive.with_name("portal-20240102T000000Z.zip.partial")
    code = killed % str(draft.with_suffix(""))
    environment = os.environ | {
        "PORTAL_VAR_DIR": str(settings.VAR_DIR),
        "DJANGO_SETTINGS_MODULE": "mongcai_portal.settings",
    }
    died = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code], env=environment, check=False
    )
    assert (died.returncode, draft.exists()) == (-signal.SIGKILL, True)
    with written(archive.with_name("other.zip")) as other:
        remove_drafts(archive.parent)
        # One that is being written stays.
        assert {path.name for path in archive.parent.iterdir()} == {archive.name, "other.zip.partial"}
        other.add(form.KEY_MEMBER, [b"key"])
        other.close(Manifest("2024-01-01T00:00:00", "1.0.0", "sqlite 3", KNOWN, (), tuple(other.members)))
    (settings.VAR_DIR / "backup.held" / "left").touch()
    with held_files() as held:
        assert not held.path("left").exists() and held.path(name).exists()
    assert not (settings.VAR_DIR / "backup.held").exists()
    files_storage().delete(name)


def test_an_archive_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InterruptedError), written(tmp_path / "portal-x.zip") as writer:
        writer.add("rows/t.jsonl", [b"[1]\n"])
        raise InterruptedError
    assert list(tmp_path.iterdir()) == []
