"""The archive: a ZIP file that its owner alone can read, written beside its name and moved there when it is whole."""

from __future__ import annotations

import fcntl
import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from mongcai_portal.backup import manifest as form
from mongcai_portal.backup.manifest import Manifest, Member, Unreadable
from mongcai_portal.common.errors import Fault, Invalid

_PIECE = 1 << 20
_DRAFT = ".partial"


class Writer:
    """Adds members and remembers length and checksum of each."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.members: list[Member] = []

    def add(self, name: str, pieces: Iterable[bytes], *, packed: bool = True) -> None:
        """Add a member; `packed` is for text: the pictures and documents that people send are packed already."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._file.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
        self.members.append(Member(name, size, digest.hexdigest()))

    def close(self, manifest: Manifest) -> None:
        self._file.writestr(form.MEMBER, manifest.write(), zipfile.ZIP_DEFLATED)


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """Write an archive; it gets its name at the end of the block, and nothing is left of one that fails."""
    draft = path.with_name(path.name + _DRAFT)
    # It holds the key and every person's data: no moment at which others could read it.
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w+b") as stream:
            fcntl.flock(handle, fcntl.LOCK_EX)  # until it is whole: tells it from one that was left
            with zipfile.ZipFile(stream, "w") as file:
                yield Writer(file)
            stream.flush()
            os.fsync(stream.fileno())
        with Archive.open(draft) as archive:
            archive.verify()
        os.rename(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def remove_drafts(folder: Path) -> None:
    """Remove what archives left that were killed while they were written: it holds the key and every person's data."""
    for draft in folder.glob(f"*.zip{_DRAFT}"):
        with draft.open("r+b") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # another portal's, which writes into the same folder
            draft.unlink()


class Archive:
    """An archive that is read: its manifest, and its members."""

    def __init__(self, file: zipfile.ZipFile, manifest: Manifest) -> None:
        self._file = file
        self.manifest = manifest

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Archive]:
        """Raises: Invalid: not an archive of the portal, cut off, or of another format."""
        try:
            file = zipfile.ZipFile(path)
        except FileNotFoundError as error:
            raise _not(path, "missing", _("Không có tệp này.")) from error
        except (zipfile.BadZipFile, OSError) as error:
            raise _not(
                path, "damaged", _("Không mở được: tệp hỏng, bị cắt cụt hoặc không phải bản sao lưu.")
            ) from error
        with file:
            try:
                manifest = Manifest.read(file.read(form.MEMBER).decode())
            except KeyError as error:
                raise _not(path, "foreign", _("Không phải bản sao lưu của cổng: thiếu bản kê.")) from error
            except Unreadable as error:
                text = _("Không đọc được bản kê (%(what)s).") % {"what": error}
                raise _not(path, "manifest", text) from error
            except (zipfile.BadZipFile, UnicodeDecodeError, OSError, ValueError) as error:
                raise _not(path, "damaged", _("Bản kê bị hỏng.")) from error
            yield cls(file, manifest)

    def verify(self) -> None:
        """Read every member and hold it against the manifest.

        Raises:
            Invalid: with a fault for every member that is damaged, missing or not in the manifest.
        """
        faults = []
        listed = {member.name: member for member in self.manifest.members}
        found = set(self._file.namelist()) - {form.MEMBER}
        for name in sorted(found - set(listed)):
            faults.append(Fault(f"/{name}", "unlisted", _("Không có trong bản kê.")))
        needed = set(listed) | {form.KEY_MEMBER} | {rows_member(table.name) for table in self.manifest.tables}
        for name in sorted(needed):
            if name not in found or name not in listed:
                faults.append(Fault(f"/{name}", "missing", _("Có trong bản kê nhưng thiếu trong bản sao lưu.")))
            elif not _safe(name):
                faults.append(Fault(f"/{name}", "name", _("Tên tệp dẫn ra ngoài thư mục.")))
            elif not self._whole(listed[name]):
                faults.append(Fault(f"/{name}", "damaged", _("Nội dung không khớp mã kiểm tra: tệp bị hỏng.")))
        if faults:
            raise Invalid(faults)

    def _whole(self, member: Member) -> bool:
        digest, size = hashlib.sha256(), 0
        try:
            for piece in self.pieces(member.name):
                digest.update(piece)
                size += len(piece)
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError, NotImplementedError, zlib.error):
            return False
        return (digest.hexdigest(), size) == (member.sha256, member.size)

    def pieces(self, name: str) -> Iterator[bytes]:
        with self._file.open(name) as member:
            yield from pieces_of(member)

    def lines(self, name: str) -> Iterator[bytes]:
        with self._file.open(name) as member:
            for line in member:
                yield line.rstrip(b"\n")


def pieces_of(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def rows_member(table: str) -> str:
    return f"{form.ROWS}{table}.jsonl"


def _safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name


def _not(path: Path, code: str, message: str) -> Invalid:
    return Invalid([Fault(str(path), code, message)])
