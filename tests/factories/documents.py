"""Period reports and Word files for their templates: good ones, and ones that want too much."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from docx import Document

from communes.models import Unit
from mongcai_portal.common.contents import KINDS
from programmes.models import PeriodReport, PublishedDocument, ReportTemplate

SINCE, UNTIL = date(2021, 1, 1), date(2023, 12, 31)
WORD = KINDS["docx"].media_type


def word_bytes(*paragraphs: str, rows: Sequence[str] = (), head: str = "", title: str = "") -> bytes:
    """A Word file of these paragraphs, with a table of one column, a page header and a title where asked for."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=1)
        for row, text in zip(table.rows, rows, strict=True):
            row.cells[0].paragraphs[0].add_run(text)
    if head:
        document.sections[0].header.paragraphs[0].add_run(head)
    document.core_properties.title = title
    document.core_properties.comments = ""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def upload(content: bytes, name: str = "mau.docx") -> SimpleUploadedFile:
    """A Word file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type=WORD)


def rewritten(content: bytes, change: Callable[[str, bytes], bytes | None], **added: bytes) -> bytes:
    """The same package with parts changed (None: left out), and parts added by their names."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = change(name, before.read(name))
            if part is not None:
                after.writestr(name, part)
        for name, part in added.items():
            after.writestr(name, part)
    return out.getvalue()


def text_of(content: bytes) -> str:
    """All text of a Word file, paragraphs and cells in their order, a line each."""
    body = Document(BytesIO(content)).element.body
    name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    lines = ["".join(one.text or "" for one in paragraph.iter(f"{name}t")) for paragraph in body.iter(f"{name}p")]
    return "\n".join(lines)


def make_snapshot(area: Unit, since: date = SINCE, until: date = UNTIL) -> dict[str, Any]:
    """A snapshot without a section."""
    return {
        "area": {"uid": area.uid, "kind": "commune", "vi": area.uid, "en": area.uid},
        "since": since.isoformat(),
        "until": until.isoformat(),
        "sections": {},
    }


def make_period_report(area: Unit, status: str = "draft", **more: Any) -> PeriodReport:
    """A report as it lies in the database; a published one with its file."""
    now = timezone.now()
    fields: dict[str, Any] = {
        "area": area, "since": SINCE, "until": UNTIL, "title": f"Kết quả {area.uid}", "agency": "UBND thành phố",
        "figures": make_snapshot(area), "refreshed_at": now, "created_by": "Điều phối", "created_at": now,
        "status": status,
    }  # fmt: skip
    if status != "draft":
        fields |= {"published_by": "Điều phối", "published_at": now}
    if status == "withdrawn":
        fields |= {"withdrawn_by": "Điều phối", "withdrawn_at": now, "withdrawal_reason": "Sai kỳ"}
    report = PeriodReport.objects.create(**fields | more)
    if status != "draft":
        make_document(report)
    return report


def make_document(report: PeriodReport, content: bytes = b"") -> PublishedDocument:
    content = content or word_bytes(report.title)
    return PublishedDocument.objects.create(report=report, **stored(content, f"{report.pk}.docx"))


def make_template(number: int = 1, content: bytes = b"") -> ReportTemplate:
    """A version of the template as it lies in the database, checked or not."""
    content = content or word_bytes("{{ report.title }}", f"Phiên bản {number}")
    return ReportTemplate.objects.create(number=number, **stored(content, f"mau-{number}.docx"))


def stored(content: bytes, name: str) -> dict[str, Any]:
    return {
        "name": name, "media_type": WORD, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(),
        "file": ContentFile(content, name=name), "stored_by": "Điều phối", "stored_at": timezone.now(),
    }  # fmt: skip
