"""Files that people send: what they really are, how big, and under which name they may be kept."""

from __future__ import annotations

import hashlib
import mimetypes
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mongcai_portal.common.contents import ACTIVE, BOMB, KINDS, LOCKED, fault_of, kind_of, stranger_of
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.text import nfc

# Windows, Linux and the address of a download all carry names of this length.
NAME_CHARACTERS, NAME_BYTES = 120, 200
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"/\\|?*]')
# Endings that run when opened, besides those that the table of media types knows.
_RUNS = {
    "asp", "aspx", "bat", "cgi", "cmd", "com", "cpl", "hta", "jar", "jse", "jsp", "jspx", "lnk", "msi", "phar", "php",
    "php3", "php4", "php5", "php7", "phtml", "ps1", "scr", "shtml", "vbe", "vbs", "wsf",
}  # fmt: skip
_SAYS_NOTHING = {"", "application/octet-stream", "binary/octet-stream", "application/x-download"}


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file that is what it says: its cleaned name, its kind with the media type to serve it by, size and digest."""

    name: str
    kind: str
    media_type: str
    size: int
    sha256: str


def check_upload(file: File[Any] | None, *, kinds: Iterable[str], max_bytes: int) -> CheckedUpload:
    """Read a sent file whole and return what it is; the file is left at its beginning.

    Args:
        file: what the form sent; None when nothing was.
        kinds: which of `contents.KINDS` are taken: pdf, png, jpeg, webp, xlsx, docx.
        max_bytes: its largest size.

    Raises:
        ValidationError: its `error_list` names every fault, each with a message for the reader and a code: `missing`,
            `empty`, `too_large` (also: once opened), `type_not_allowed`, `type_mismatch` (the content is something
            else, damaged, or cut off), `protected` (nobody could open it without a password), `active` (a PDF with
            scripts or files within).
    """
    if file is None:
        raise ValidationError(_("Chưa chọn tệp."), code="missing")
    taken = [KINDS[code] for code in kinds]
    name = clean_name(file.name or "")
    size = file.size or 0
    if not size:
        raise ValidationError(_("“%(name)s” là tệp rỗng.") % {"name": name}, code="empty")
    faults = []
    ending = PurePosixPath(name).suffix
    meant = next((kind for kind in taken if ending in kind.extensions), None)
    if meant is None:
        labels = ", ".join(kind.label for kind in taken)
        message = _("“%(name)s” không thuộc loại được nhận: %(kinds)s.") % {"name": name, "kinds": labels}
        faults.append(ValidationError(message, code="type_not_allowed"))
    if size > max_bytes:
        sizes = {"name": name, "size": size_text(size), "limit": size_text(max_bytes)}
        message = _("“%(name)s” nặng %(size)s, quá mức %(limit)s cho một tệp.") % sizes
        faults.append(ValidationError(message, code="too_large"))
    if meant is None or faults:
        raise ValidationError(faults)
    _check_content(file, name, meant.code, getattr(file, "content_type", None) or "")
    return CheckedUpload(name, meant.code, meant.media_type, size, _digest(file))


def size_text(size: int) -> str:
    """How much a file holds, as read: `10 MB`, `51,9 KB`."""
    for unit, least in (("MB", 1024 * 1024), ("KB", 1024)):
        if size >= least:
            number = (Decimal(size) / least).quantize(Decimal("0.1"))
            return f"{format_decimal(number, get_language() or 'vi')} {unit}"
    return _("%(n)s byte") % {"n": size}


def clean_name(name: str) -> str:
    """Return a name that is safe to keep, to show and to download by; Vietnamese letters stay.

    Composed (NFC), without folders, control and direction characters or signs that file systems refuse; an ending
    within the name (`giá.exe.pdf`) becomes part of the word; the last one is in lower case.
    """
    text = nfc(name).replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(" " if c in "\t\r\n" else c for c in text if c in "\t\r\n" or unicodedata.category(c)[0] != "C")
    text = " ".join(_UNSAFE.sub("_", text).split()).strip(". ")
    stem, dot, ending = text.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,5}", ending):
        stem, ending = text, ""
    ending = f".{ending.lower()}" if ending else ""
    while ending and stem.lower().endswith(ending):
        stem = stem[: -len(ending)].rstrip(". ")  # văn bản.pdf.pdf
    stem = re.sub(r"\.([A-Za-z0-9]{1,5})(?=\.|$)", lambda found: _joined(found[1]), stem)
    stem = stem or _("tệp")
    if _RESERVED.match(stem.split(".")[0]):
        stem = f"_{stem}"
    stem = stem[: NAME_CHARACTERS - len(ending)]
    while len((stem + ending).encode()) > NAME_BYTES:
        stem = stem[:-1]
    return stem.rstrip(". ") + ending


def _joined(piece: str) -> str:
    known = piece.lower() in _RUNS or mimetypes.guess_type(f"x.{piece.lower()}")[0] is not None
    return f"_{piece}" if known else f".{piece}"


def _check_content(file: File[Any], name: str, meant: str, declared: str) -> None:
    """Compare what the file is with what its name and its sender say, and open it whole."""
    label = KINDS[meant].label
    found = kind_of(file)
    if found != meant:
        other = KINDS[found].label if found else stranger_of(file)
        if other:
            text = _("“%(name)s” không phải là tệp %(kind)s: nội dung là %(other)s.")
        else:
            text = _("“%(name)s” không phải là tệp %(kind)s.")
        raise ValidationError(text % {"name": name, "kind": label, "other": other}, code="type_mismatch")
    declared = declared.partition(";")[0].strip().lower()
    if declared not in _SAYS_NOTHING | {KINDS[meant].media_type, *KINDS[meant].also_declared}:
        text = _("“%(name)s” được gửi như %(declared)s, nhưng là tệp %(kind)s.")
        named = {"name": name, "kind": label, "declared": declared[:80]}
        raise ValidationError(text % named, code="type_mismatch")
    fault = fault_of(meant, file)
    if fault == BOMB:
        raise ValidationError(_("“%(name)s” quá lớn khi mở ra.") % {"name": name}, code="too_large")
    if fault == LOCKED:
        text = _("“%(name)s” có mật khẩu: hãy bỏ mật khẩu rồi gửi lại.")
        raise ValidationError(text % {"name": name}, code="protected")
    if fault == ACTIVE:
        text = _("“%(name)s” có mã tự chạy hoặc tệp ẩn bên trong: hãy in lại ra PDF rồi gửi bản đó.")
        raise ValidationError(text % {"name": name}, code="active")
    if fault:
        text = _("“%(name)s” hỏng hoặc bị cắt ngắn, không mở được như tệp %(kind)s.")
        raise ValidationError(text % {"name": name, "kind": label}, code="type_mismatch")


def _digest(file: File[Any]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in iter(lambda: file.read(64 * 1024), b""):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
