"""A published period report of the demonstration: the three years that the city reviewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from programmes.measures.facts import HOME_AREA
from programmes.models import PeriodReport
from programmes.services.document_letterheads import letterhead_of
from programmes.services.documents import Asked, draft, publish, save_letterhead

PERIOD = Asked(HOME_AREA, date(2021, 1, 1), date(2023, 12, 31))


def publish_report(coordinator: Any) -> int:
    """Write and publish the report where none was published yet; return how many were."""
    published = PeriodReport.objects.filter(area__uid=PERIOD.area, since=PERIOD.since, until=PERIOD.until)
    if published.exclude(status=PeriodReport.Status.DRAFT).exists():
        return 0
    report = draft(by=coordinator, asked=PERIOD)
    head = replace(
        letterhead_of(report),
        superior="Ủy ban nhân dân tỉnh Quảng Ninh",
        signer_title="KT. Chủ tịch\nPhó Chủ tịch",
        signer="(minh họa)",
        recipients="UBND tỉnh\nThường trực Thành ủy, HĐND thành phố\nCác phòng, ban, UBND các xã, phường",
    )
    report = save_letterhead(by=coordinator, report_id=report.pk, lock=report.lock, head=head, template=0)
    publish(by=coordinator, report_id=report.pk, lock=report.lock)
    return 1
