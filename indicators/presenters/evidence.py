"""How a file of evidence is shown: its name, size, small picture and links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from indicators.models import Evidence, Report
from indicators.presenters.words import local, period_label, unit_title
from indicators.selectors.layout import Name, Row
from mongcai_portal.common.contents import KINDS
from mongcai_portal.common.files import SHOWN
from mongcai_portal.common.uploads import size_text

_ICONS = {"pdf": "file-text", "docx": "file-description", "xlsx": "file-spreadsheet"}
_KIND_OF = {kind.media_type: kind for kind in KINDS.values()}


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A file of the page; `preview` is "image", "frame" (PDF), or "" where a browser can only download it."""

    id: int
    name: str
    kind: str
    size: str
    icon: str
    preview: str
    url: str
    thumbnail: str
    by: str
    at: datetime


def evidence_views(rows: Iterable[Evidence]) -> list[EvidenceView]:
    """Return the files as the pages show them."""
    return [_view(row) for row in rows]


def _view(row: Evidence) -> EvidenceView:
    kind = _KIND_OF.get(row.media_type)
    at = [row.report_id, row.pk]
    picture = row.media_type.startswith("image/")
    return EvidenceView(
        id=row.pk,
        name=row.name,
        kind=kind.label if kind else row.media_type,
        size=size_text(row.size),
        icon=_ICONS.get(kind.code if kind else "", "file-text"),
        preview="" if row.media_type not in SHOWN else "image" if picture else "frame",
        url=reverse("evidence_file", args=at),
        thumbnail=reverse("evidence_thumbnail", args=at) if row.thumbnail else "",
        by=row.stored_by,
        at=row.stored_at,
    )


def evidence_context(
    report: Report, row: Row, files: Iterable[Evidence], *, revision: int, unit: tuple[Name, str]
) -> dict[str, Any]:
    """What the page of one value's files shows."""
    return {
        "report": report,
        "unit": unit_title(*unit),
        "period": period_label(report.period.code),
        "revision": revision,
        "code": row.code,
        "name": local(row.name),
        "element": row.element.code,
        "items": evidence_views(files),
        **limits(),
    }


def limits() -> dict[str, Any]:
    """What may be attached, for the page to say it and for its script to check before a weak line carries it."""
    endings = [ending for kind in KINDS.values() for ending in kind.extensions]
    return {
        "evidence_accept": ",".join(endings),
        "evidence_max_bytes": settings.EVIDENCE_MAX_BYTES,
        "evidence_max_size": size_text(settings.EVIDENCE_MAX_BYTES),
        "evidence_max_files": settings.EVIDENCE_MAX_FILES,
    }
