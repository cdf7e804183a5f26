"""The parts of an administrative document around its text (Nghị định 30/2020/NĐ-CP): names, number, place, date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import day

SHAPE: Group = {
    "title": Text(gettext_lazy("Trích yếu của báo cáo")),
    "superior": Text(gettext_lazy("Cơ quan chủ quản trực tiếp")),
    "agency": Text(gettext_lazy("Cơ quan ban hành")),
    "number": Text(gettext_lazy("Số và ký hiệu")),
    "place_and_date": Text(gettext_lazy("Địa danh và thời gian ban hành")),
    "area": Text(gettext_lazy("Địa bàn")),
    "since": Text(gettext_lazy("Ngày đầu kỳ")),
    "until": Text(gettext_lazy("Ngày cuối kỳ")),
    "written_on": Text(gettext_lazy("Ngày lấy số liệu")),
    "signer_title": Text(gettext_lazy("Quyền hạn, chức vụ của người ký")),
    "signer": Text(gettext_lazy("Họ tên người ký")),
    "recipients": Rows(gettext_lazy("Nơi nhận, mỗi nơi một dòng")),
    "remarks": Rows(gettext_lazy("Nhận xét, đánh giá, mỗi đoạn một dòng")),
}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What an office writes on a report by hand."""

    title: str
    agency: str
    superior: str = ""
    number: str = ""
    place: str = ""
    issued_on: date | None = None
    signer_title: str = ""
    signer: str = ""
    recipients: str = ""
    remarks: str = ""


def view(head: Letterhead, *, area: str, since: date, until: date, written_on: date) -> dict[str, Any]:
    """Return the texts; what is filled in by hand later stays open: `Số:      /BC-UBND`, `ngày    tháng    năm`."""
    gap = "\N{NO-BREAK SPACE}" * 6
    if head.issued_on:
        # Days below 10 and months 1 and 2 have a zero before them, so that nobody adds a digit (NĐ 30/2020, phụ lục I).
        month = f"{head.issued_on.month:02d}" if head.issued_on.month < 3 else str(head.issued_on.month)
        when = f"ngày {head.issued_on.day:02d} tháng {month} năm {head.issued_on.year}"
    else:
        when = f"ngày{gap}tháng{gap}năm {written_on.year}"
    return {
        "title": head.title,
        "superior": head.superior.upper(),
        "agency": head.agency.upper(),
        "number": head.number or f"{gap}/BC-UBND",
        "place_and_date": f"{head.place}, {when}" if head.place else when.capitalize(),
        "area": area,
        "since": day(since.isoformat()),
        "until": day(until.isoformat()),
        "written_on": day(written_on.isoformat()),
        "signer_title": head.signer_title.upper(),
        "signer": head.signer,
        "recipients": _lines(head.recipients),
        "remarks": _lines(head.remarks),
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
