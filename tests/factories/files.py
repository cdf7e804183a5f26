"""Files as people send them: small real ones, and ones that lie."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\0" * 200
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def pdf_bytes(title: str = "Minh chứng", *, pages: int = 1, password: str = "") -> bytes:
    """A PDF of blank pages; the title tells one from another."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def image_bytes(form: str, size: tuple[int, int] = (40, 30), colour: str = "teal") -> bytes:
    stream = BytesIO()
    Image.new("RGB", size, colour).save(stream, form)
    return stream.getvalue()


def png_bytes(size: tuple[int, int] = (40, 30), colour: str = "teal") -> bytes:
    return image_bytes("PNG", size, colour)


def jpeg_bytes(size: tuple[int, int] = (40, 30), colour: str = "teal") -> bytes:
    return image_bytes("JPEG", size, colour)


def webp_bytes(size: tuple[int, int] = (40, 30), colour: str = "teal") -> bytes:
    return image_bytes("WEBP", size, colour)


def xlsx_bytes(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows or (("Xã", "Thu nhập"), ("Hải Đông", 76.6)):
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def docx_bytes(text: str = "Minh chứng", **more: bytes) -> bytes:
    """The smallest Word document; `more` adds parts (`vbaProject_bin=…`)."""
    types = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MEDIA_TYPES["docx"]}.main+xml"/></Types>'
    )
    rels = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>'
    )
    body = (
        '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    )
    parts = {"[Content_Types].xml": types, "_rels/.rels": rels, "word/document.xml": body}
    return zip_bytes({**parts, **{f"word/{name.replace('_', '.')}": content for name, content in more.items()}})


def zip_bytes(parts: dict[str, str | bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def zip_bomb() -> bytes:
    """A Word document of some hundred kilobytes that unpacks to 110 MB."""
    return docx_bytes(media_bin=b"\0" * (110 * 1024 * 1024))


def picture_bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A PNG of a hundred bytes that says it has 400 million pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def upload(name: str, content: bytes | None = None, content_type: str | None = None) -> SimpleUploadedFile:
    """A file as a form sends it; without content a real one of the kind that its name says."""
    ending = name.rpartition(".")[2].lower()
    if content is None:
        content = MAKERS[ending]()
    declared = content_type if content_type is not None else MEDIA_TYPES.get(ending, "application/octet-stream")
    return SimpleUploadedFile(name, content, declared)


MAKERS = {
    "pdf": pdf_bytes, "png": png_bytes, "jpg": jpeg_bytes, "webp": webp_bytes, "xlsx": xlsx_bytes, "docx": docx_bytes,
}  # fmt: skip
