"""The letterhead of a period report: read, completed and checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mongcai_portal.common.errors import Fault
from mongcai_portal.common.text import nfc
from programmes.models import PeriodReport
from programmes.reports.fields import area_name
from programmes.reports.letterhead import Letterhead
from programmes.reports.snapshot import Snapshot

LENGTHS = {
    "title": 300, "agency": 200, "superior": 200, "number": 60, "place": 100, "signer_title": 200, "signer": 200,
    "recipients": 2000, "remarks": 20_000,
}  # fmt: skip


def letterhead_of(report: PeriodReport) -> Letterhead:
    """Return what the office wrote on a report."""
    return Letterhead(**{name: getattr(report, name) for name in (*LENGTHS, "issued_on")})


def clean(head: Letterhead) -> Letterhead:
    """Return a letterhead in composed letters, without spaces around; lines of long texts stay lines."""
    texts = {name: nfc(getattr(head, name)).replace("\r\n", "\n").strip() for name in LENGTHS}
    return replace(head, **texts)


def head_faults(head: Letterhead) -> list[Fault]:
    """Return every fault of a letterhead."""
    faults = []
    for name, needed in (("title", _("Ghi trích yếu của báo cáo.")), ("agency", _("Ghi cơ quan ban hành."))):
        if not getattr(head, name):
            faults.append(Fault(f"/{name}", "required", needed))
    for name, longest in LENGTHS.items():
        if len(getattr(head, name)) > longest:
            message = _("Dài quá %(n)s ký tự.") % {"n": longest}
            faults.append(Fault(f"/{name}", "too_long", message))
    return faults


def completed(head: Letterhead | None, figures: Snapshot, since: date, until: date) -> Letterhead:
    """Return the letterhead with a title and an agency where none were given, as such reports are headed."""
    area = area_name(figures)
    title = f"Kết quả thực hiện các chương trình mục tiêu quốc gia trên địa bàn {area}, giai đoạn "
    whole = since == date(since.year, 1, 1) and until == date(until.year, 12, 31)
    years = f"{since.year}" if since.year == until.year else f"{since.year} - {until.year}"
    title += years if whole else f"từ {since:%d/%m/%Y} đến {until:%d/%m/%Y}"
    given = head or Letterhead(title="", agency="")
    return replace(
        given,
        title=given.title or title,
        agency=given.agency or f"Ủy ban nhân dân {area}",
        place=given.place or figures["area"]["vi"],
    )


def columns_of(head: Letterhead) -> dict[str, Any]:
    """Return the columns of a report that hold its letterhead."""
    return {name: getattr(head, name) for name in (*LENGTHS, "issued_on")}
