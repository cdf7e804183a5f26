"""The Word file of a period report, and how its files are called."""

from __future__ import annotations

from django.utils import timezone
from django.utils.text import slugify

from programmes.models import PeriodReport
from programmes.reports.word import BUILT_IN, write_document
from programmes.services.document_letterheads import letterhead_of


def document_of(report: PeriodReport) -> bytes:
    """Write the Word file of a report from its own figures.

    Raises:
        Invalid: `/template`, see `reports.word`.
    """
    written_on = timezone.localtime(report.refreshed_at).date()
    if report.template is None:
        with BUILT_IN.open("rb") as file:
            return write_document(report.figures, letterhead_of(report), template=file, written_on=written_on)
    with report.template.file.open("rb") as file:
        return write_document(report.figures, letterhead_of(report), template=file, written_on=written_on)


def file_name(report: PeriodReport) -> str:
    """Return how files of a report are called, without ending: `bao-cao-mong-cai-2021-01-01-2023-12-31`."""
    return f"bao-cao-{slugify(report.area.uid)}-{report.since:%Y-%m-%d}-{report.until:%Y-%m-%d}"
