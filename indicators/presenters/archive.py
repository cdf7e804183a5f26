"""An import of past years as its page tells it: what would change, faults by cell, conflicts with both sides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.models import HistoryImport, ReportedValue
from indicators.presenters.words import local, period_label, state_text, value_text
from indicators.selectors.archive_pages import ImportPage
from indicators.selectors.layout import Name
from mongcai_portal.common.exports import Table
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.text import sort_key

Status = HistoryImport.Status
STATUS_LOOKS = {
    Status.FAULTY: ("alert-circle", "chip-unmet"),
    Status.READY: ("clipboard-check", "chip-part"),
    Status.APPLIED: ("circle-check", "chip-met"),
    Status.DISCARDED: ("trash", ""),
}


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A cell of the file that says something else than what stands."""

    where: str
    what: str
    stored: str
    given: str
    message: str
    url: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report that the import would make, or made."""

    unit: str
    periods: tuple[tuple[str, int], ...]


def status_look(row: HistoryImport) -> tuple[str, str, str]:
    """Icon, class and word of an import's state."""
    icon, css = STATUS_LOOKS[Status(row.status)]
    return icon, css, str(row.get_status_display())


def said(text: str) -> str:
    """A cell in its plain form as the reader reads it."""
    if text in ReportedValue.State.values:
        return state_text(text) or text
    if text in ("true", "false"):
        return pgettext("answer", "đạt") if text == "true" else pgettext("answer", "chưa đạt")
    try:
        return value_text(Decimal(text))
    except InvalidOperation:
        return text


def import_context(page: ImportPage) -> dict[str, Any]:
    """Everything that `indicators/archive_import.html` shows besides its pages of faults."""
    row = page.row
    icon, css, word = status_look(row)
    return {
        "row": row,
        "icon_name": icon,
        "status_class": css,
        "status": word,
        "counts": row.counts,
        "ready": row.status == Status.READY,
        "faulty": row.status == Status.FAULTY,
        "applied": row.status == Status.APPLIED,
        "open": row.status in (Status.READY, Status.FAULTY),
        "reports": report_lines(page),
        "new_periods": [period_label(code) for code in page.new_periods],
    }


def report_lines(page: ImportPage) -> list[ReportLine]:
    """The reports of an import by commune, each with how many cells."""
    grouped: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for (unit_id, period), cells in sorted(page.reports.items(), key=lambda item: item[0][1]):
        grouped[unit_id].append((period, cells))
    lines = [ReportLine(_unit(page, unit_id), tuple(periods)) for unit_id, periods in grouped.items()]
    return sorted(lines, key=lambda line: sort_key(line.unit))


def _unit(page: ImportPage, unit_id: int) -> str:
    version = page.names.get(unit_id)
    return local(Name(version.name_vi, version.name_en)) if version else str(unit_id)


def conflict_line(one: dict[str, Any], page: ImportPage) -> ConflictLine:
    """A conflict as the page tells it."""
    act = one["code"] == "act_differs"
    when = one["period"] if act else period_label(one["period"])
    what = " · ".join(part for part in (_unit(page, one["unit"]), when, one["element"]) if part)
    if one["code"] == "report_open":
        stored, given = one["stored"], _("%(n)s ô trong tệp") % {"n": one["given"]}
    else:
        stored = one["stored"] if act else said(one["stored"])
        given = one["given"] if act else said(one["given"])
    url = reverse("recognition", args=[one["recognition"]]) if act else reverse("report_entry", args=[one["report"]])
    return ConflictLine(one["where"], what, stored or _("chưa có"), given, one["message"], url)


def fault_table(page: ImportPage) -> Table:
    """Every fault and conflict of an import, to be worked through beside the workbook."""
    faults = [(f["where"], f["given"], f["message"]) for f in page.row.faults]
    conflicts = [
        (line.where, line.given, f"{line.message} {line.what}: {line.stored}")
        for line in (conflict_line(one, page) for one in page.row.conflicts)
    ]
    return Table(
        title=_("Lỗi trong tệp %(name)s") % {"name": page.row.name},
        headings=[_("Ô"), _("Trong tệp"), _("Lỗi")],
        rows=[*faults, *conflicts],
        lines=[_("Kiểm tra ngày %(day)s") % {"day": date_vi(page.row.checked_at)}],
        name=_("Lỗi"),
    )
