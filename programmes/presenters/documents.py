"""How period reports look: the list, one with its tables and charts, what moved since, the fields of a template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.exports import Cell, Table
from mongcai_portal.common.templatetags.portal import date_vi, number, time_vi
from programmes.models import PeriodReport, ReportTemplate
from programmes.presenters.text import language
from programmes.reports.fields import area_name, shape
from programmes.reports.registry import Chart, PageTable, sections
from programmes.reports.shapes import listed
from programmes.reports.snapshot import Snapshot, data_of, section_charts
from programmes.selectors.documents import CAUSES, Area, Since

_LOOKS = {"draft": ("pencil", "part"), "published": ("circle-check", "met"), "withdrawn": ("ban", "none")}


@dataclass(frozen=True, slots=True)
class StatusLook:
    """A status with its shape, colour and word."""

    icon: str
    kind: str
    word: str


def status_look(report: PeriodReport) -> StatusLook:
    """Return how the status of a report is shown."""
    icon, kind = _LOOKS[report.status]
    word = report.get_status_display()
    return StatusLook(icon, kind, word[:1].upper() + word[1:])


def period_text(report: PeriodReport) -> str:
    """Write a period: `2021–2023`, or `01/01/2021–30/06/2023`."""
    since, until = report.since, report.until
    if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31):
        return f"{since.year}" if since.year == until.year else f"{since.year}–{until.year}"
    return f"{date_vi(since)}–{date_vi(until)}"


def unit_name(area: Any) -> str:
    """Call a unit by its kind and name; "" when it is not known."""
    if area is None:
        return ""
    kinds = {"commune": _("Xã %(name)s"), "ward": _("Phường %(name)s"), "city": _("Thành phố %(name)s")}
    name = (area.name_en if language() == "en" else area.name_vi) or area.name_vi
    return kinds.get(area.kind, "%(name)s") % {"name": name}


def area_choices(areas: Iterable[Area]) -> list[tuple[str, str]]:
    """Offer areas by their kind and name."""
    found = []
    for area in areas:
        name = unit_name(area)
        if area.valid_to is not None:
            name = _("%(name)s (đến %(day)s)") % {"name": name, "day": date_vi(area.valid_to)}
        found.append((area.uid, name))
    return found


def template_word(template: ReportTemplate | None) -> str:
    """Call a version of the template."""
    if template is None:
        return _("Mẫu có sẵn của cổng")
    return _("Phiên bản %(n)s: %(name)s") % {"n": template.number, "name": template.name}


def template_choices(templates: Iterable[ReportTemplate]) -> list[tuple[int, str]]:
    """Offer every version, the newest first, the built-in one last."""
    return [*((one.number, template_word(one)) for one in templates), (0, template_word(None))]


# --- One report -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell with the heading of its column."""

    text: str
    heading: str
    number: bool


@dataclass(frozen=True, slots=True)
class TableView:
    """A table: its heads, and rows whose first cell is their head."""

    title: str
    heads: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[CellView, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart, its numbers as a table, and where its files are; the page draws it from `json`."""

    code: str
    title: str
    subtitle: str
    table: TableView
    svg: str
    png: str
    csv: str
    json: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A part of the report with what it shows; its charts stand above its tables unless they follow them."""

    code: str
    title: str
    tables: tuple[TableView, ...]
    charts: tuple[ChartView, ...]
    charts_follow: bool


def section_views(report: PeriodReport) -> list[SectionView]:
    """Return the sections of a report's snapshot."""
    found = []
    for section in sections():
        data = data_of(report.figures, section.code)
        if data is None:
            continue
        tables = tuple(_table(one) for one in section.page(data) if one.rows or one.notes)
        charts = tuple(_chart(report, one) for one in section_charts(report.figures, section))
        if tables or charts:
            found.append(SectionView(section.code, str(section.title), tables, charts, section.charts_follow))
    return found


def _table(table: PageTable) -> TableView:
    return TableView(
        table.title,
        tuple((heading, at in table.numbers) for at, heading in enumerate(table.headings)),
        tuple(
            tuple(CellView(text, table.headings[at], at in table.numbers) for at, text in enumerate(row))
            for row in table.rows
        ),
        table.notes,
    )


def _chart(report: PeriodReport, chart: Chart) -> ChartView:
    kinds = ("svg", "png", "csv", "json")
    svg, png, csv, spec = (reverse("document_chart", args=[report.pk, chart.code, kind]) for kind in kinds)
    numbers = frozenset(at for row in chart.rows for at, cell in enumerate(row) if isinstance(cell, int | Decimal))
    rows = tuple(tuple(_told(cell) for cell in row) for row in chart.rows)
    table = _table(PageTable(chart.title, chart.headings, rows, numbers))
    return ChartView(chart.code, chart.title, chart.subtitle, table, svg, png, csv, spec)


def _told(cell: Cell) -> str:
    if isinstance(cell, date):
        return date_vi(cell)
    return str(number(cell)) if isinstance(cell, int | Decimal) else str(cell or "")


def chart_table(chart: Chart) -> Table:
    """Return the numbers of a chart as a file has them."""
    return Table(chart.title, chart.headings, chart.rows, lines=(chart.subtitle,))


def workbook(report: PeriodReport) -> list[Table]:
    """Return the sheets of a report: what it is of first, then every table of every section."""
    snapshot: Snapshot = report.figures
    head = [
        (_("Trích yếu"), report.title),
        (_("Địa bàn"), area_name(snapshot)),
        (_("Từ ngày"), report.since),
        (_("Đến hết ngày"), report.until),
        (_("Tình trạng"), status_look(report).word),
        (_("Số liệu lấy lúc"), report.refreshed_at),
        (_("Phát hành lúc"), report.published_at),
        (_("Người phát hành"), report.published_by),
    ]
    tables = [Table(_("Báo cáo"), (_("Mục"), _("Nội dung")), head, name=_("Báo cáo"))]
    for section in sections():
        data = data_of(snapshot, section.code)
        tables += list(section.tables(data)) if data is not None else []
    return tables


# --- What moved since -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventView:
    """What happened to a figure: when, what, to what, for which reason; by whom for those who read the log."""

    at: str
    what: str
    label: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A figure that moved, and why."""

    label: str
    before: str
    after: str
    events: tuple[EventView, ...]


def change_views(since: Since, *, names: bool) -> list[ChangeView]:
    """Return what moved; `names`: whether the reader may see who did what."""
    return [
        ChangeView(
            one.moved.figure.label,
            one.moved.before or _("không có"),
            one.moved.after or _("không còn"),
            tuple(_event(event, names) for event in one.events),
        )
        for one in since.changes
    ]


def _event(event: AuditEvent, names: bool) -> EventView:
    reason = event.details.get("reason", "") if event.kind not in CAUSES["households"] else ""
    by = event.actor_name if names else ""
    return EventView(time_vi(event.at), event.kind_label, event.object_label, str(reason), by)


# --- Fields of a template -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as an office writes it into the template."""

    written: str
    meaning: str
    member: bool


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The fields of one section."""

    title: str
    fields: tuple[FieldView, ...]


def field_groups() -> list[FieldGroup]:
    """Return all fields by section, rows with how a loop over them is written."""
    titles = {section.code: str(section.title) for section in sections()}
    titles |= {"report": _("Thể thức văn bản"), "charts": _("Biểu đồ")}
    found = []
    for code, inner in shape().items():
        if isinstance(inner, dict):
            fields = tuple(
                FieldView(_written(one.path, one.kind), str(one.meaning), one.kind == "member")
                for one in listed(inner, f"{code}.")
            )
            found.append(FieldGroup(titles.get(code, code), fields))
    return found


def _written(path: str, kind: str) -> str:
    return f"{{%tr for row in {path} %}} … {{%tr endfor %}}" if kind == "rows" else f"{{{{ {path} }}}}"


def last_period(today: date) -> tuple[date, date]:
    """Return the year that ended last: what a report is most often of."""
    return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
