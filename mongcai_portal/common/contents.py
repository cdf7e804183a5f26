"""What a file really is: told by its bytes, never by its name or by what a browser says of it."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from PIL import Image

# A page scanned at 600 dpi has 35 million pixels; drawn in memory, 50 million take 200 MB.
MAX_PIXELS = 50_000_000
# What a document may become when it is unpacked, and of how many parts it may consist.
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 5_000
_MAX_CONTENT_TYPES = 1024 * 1024

DAMAGED, BOMB, LOCKED, ACTIVE = "damaged", "bomb", "locked", "active"

Stream = IO[bytes]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that the portal stores: how it is called, its media type, and how its names end."""

    code: str
    label: str
    media_type: str
    extensions: tuple[str, ...]
    also_declared: tuple[str, ...] = ()


_OFFICE = "application/vnd.openxmlformats-officedocument."
# Machines without an office package name its files after the older formats, or as the archives that they are.
_ZIP = ("application/zip", "application/x-zip-compressed")
KINDS = {
    kind.code: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf", (".pdf",), ("application/x-pdf", "application/acrobat", "text/pdf")),
        Kind("png", "PNG", "image/png", (".png",), ("image/x-png",)),
        Kind("jpeg", "JPEG", "image/jpeg", (".jpg", ".jpeg", ".jfif"), ("image/jpg", "image/pjpeg")),
        Kind("webp", "WebP", "image/webp", (".webp",)),
        Kind("xlsx", "Excel (.xlsx)", f"{_OFFICE}spreadsheetml.sheet", (".xlsx",), ("application/vnd.ms-excel", *_ZIP)),
        Kind("docx", "Word (.docx)", f"{_OFFICE}wordprocessingml.document", (".docx",), ("application/msword", *_ZIP)),
    )
}
_MAIN_PARTS = {
    "xlsx": ("xl/workbook.xml", f"{_OFFICE}spreadsheetml.sheet.main+xml"),
    "docx": ("word/document.xml", f"{_OFFICE}wordprocessingml.document.main+xml"),
}
# Parts of a document that run: macros in Visual Basic, those of Excel 4, ActiveX.
_RUNNING_PARTS = re.compile(r"(^|/)(vbaproject\.bin$|vbadata\.xml$|macrosheets/|activex/)", re.IGNORECASE)
# Kinds that are never stored, but whose name helps whoever picked the wrong file.
_STRANGERS = (
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"GIF8", "GIF"),
    (b"\xd0\xcf\x11\xe0", "Office 97–2003"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
)


def kind_of(stream: Stream) -> str:
    """Return the code of the kind that the bytes begin as, "" when they are none that is stored."""
    stream.seek(0)
    head = stream.read(16)
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(stream)
    return ""


def stranger_of(stream: Stream) -> str:
    """Return how a kind that is never stored is called (EXE, HTML, SVG …), "" when it is not known either."""
    stream.seek(0)
    head = stream.read(1024)
    for magic, name in _STRANGERS:
        if head.startswith(magic):
            return name
    if head.startswith(b"PK"):
        return "ZIP"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "SVG"
    if text.startswith((b"<!doctype html", b"<html", b"<script", b"<head", b"<body")):
        return "HTML"
    if text.startswith(b"<"):
        return "XML"
    return ""


def fault_of(kind: str, stream: Stream) -> str:
    """Return what is wrong with the whole content: "" nothing, DAMAGED, BOMB (too big once opened), LOCKED, ACTIVE."""
    check: Callable[[Stream], str] = {"pdf": _pdf, "xlsx": _office, "docx": _office}.get(kind, _image)
    stream.seek(0)
    try:
        return check(stream)
    except Exception:  # a damaged file breaks its reader in whatever way
        return DAMAGED
    finally:
        stream.seek(0)


def _pdf(stream: Stream) -> str:
    # Its reader takes a tenth of the time that a process needs to start, and few processes ever open a PDF.
    from mongcai_portal.common.pdf_content import fault_of_pdf

    return fault_of_pdf(stream)


def _image(stream: Stream) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(stream, formats=["PNG", "JPEG", "WEBP"]) as image:
                if image.width * image.height > MAX_PIXELS:
                    return BOMB
                image.load()
    except Image.DecompressionBombError:
        return BOMB
    return ""


def _office_kind(stream: Stream) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            info = archive.getinfo("[Content_Types].xml")
            if info.file_size > _MAX_CONTENT_TYPES or info.flag_bits & 1:
                return ""
            declared = archive.read(info).decode("utf-8", "replace")
            names = set(archive.namelist())
    except Exception:  # as above
        return ""
    # A document with macros declares another main part; one that hides them under a plain name is none of ours.
    if any(_RUNNING_PARTS.search(name) for name in names):
        return ""
    for code, (part, content_type) in _MAIN_PARTS.items():
        if part in names and re.search(rf'ContentType\s*=\s*["\']{re.escape(content_type)}["\']', declared):
            return code
    return ""


def _office(stream: Stream) -> str:
    with zipfile.ZipFile(stream) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            return BOMB
        if any(part.flag_bits & 1 for part in parts):
            return LOCKED
        if any(
            _has_document_type(archive, part) for part in parts if part.filename.lower().endswith((".xml", ".rels"))
        ):
            return DAMAGED
        # Reading stops at the sizes just summed up, so an archive that understates them is damaged, not dangerous.
        return DAMAGED if archive.testzip() else ""


def _has_document_type(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a part begins with a document type, in whatever encoding: office programs write none, attackers do."""
    with archive.open(part) as text:
        head = text.read(4096).replace(b"\0", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head
