"""How the grid unit × period looks: a word and a shape for each cell, sums as numerator/denominator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from communes.scope import Scope
from indicators.models import Period, Report
from indicators.presenters.entry import due_text
from indicators.presenters.words import language, local, period_label
from indicators.rules.completeness import Cell, Ratio, Stage, Timing
from indicators.selectors.completeness import Column, Grid, Line, PeriodChoice
from mongcai_portal.common.exports import Table
from mongcai_portal.common.numbers import format_decimal, percentage
from mongcai_portal.common.templatetags.portal import date_vi, time_vi

ICONS = {
    Stage.NOT_REQUIRED: "minus",
    Stage.NOT_OPENED: "circle-off",
    Stage.NOT_BEGUN: "circle-dashed",
    Stage.ENTERING: "pencil",
    Stage.SUBMITTED: "send",
    Stage.RETURNED: "arrow-back-up",
    Stage.VERIFIED: "clipboard-check",
    Stage.APPROVED: "circle-check",
    Stage.REOPENED: "lock-open",
}


@dataclass(frozen=True, slots=True)
class RatioView:
    """A ratio as read: `7/9` and `77,8%`; without a denominator a dash."""

    text: str
    percent: str
    whole: bool

    @property
    def both(self) -> str:
        return f"{self.text} ({self.percent})" if self.percent else self.text


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell as read."""

    kind: str
    icon: str
    word: str
    detail: str
    late: bool
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A unit as read."""

    name: str
    uid: str
    cells: list[CellView]
    completeness: RatioView
    timeliness: RatioView


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A period as read."""

    code: str
    label: str
    starts_on: Any
    ends_on: Any
    due_on: Any
    due_left: str
    pressing: str
    completeness: RatioView
    timeliness: RatioView
    illustrative: bool


def ratio(found: Ratio) -> RatioView:
    """A ratio with its percentage, half up to one decimal."""
    share = percentage(found.numerator, found.denominator)
    if share is None:
        return RatioView("–", "", whole=False)
    places = 0 if share in (0, 100) else 1
    return RatioView(
        f"{found.numerator}/{found.denominator}",
        format_decimal(share, language(), places=places) + "%",
        whole=found.numerator == found.denominator,
    )


def stage_word(cell: Cell) -> str:
    """How far a report is, in words."""
    if cell.stage is Stage.ENTERING:
        return _("Nhập %(n)s%%") % {"n": cell.percent}
    return {
        Stage.NOT_REQUIRED: _("Không phải báo cáo"),
        Stage.NOT_OPENED: _("Chưa mở"),
        Stage.NOT_BEGUN: _("Chưa nhập"),
        Stage.SUBMITTED: _("Đã trình"),
        Stage.RETURNED: _("Bị trả lại"),
        Stage.VERIFIED: _("Đã thẩm định"),
        Stage.APPROVED: _("Đã duyệt"),
        Stage.REOPENED: _("Đang mở lại"),
    }[cell.stage]


def timing_word(cell: Cell) -> str:
    """How the first submission stands to the deadline, in words; nothing where it says nothing."""
    if cell.stage is Stage.NOT_REQUIRED:
        return ""
    if not cell.required:
        return _("ngoài diện báo cáo")
    if cell.illustrative:
        return _("minh họa")
    if cell.timing is Timing.ON_TIME:
        return _("đúng hạn")
    if cell.timing is Timing.LATE:
        return ngettext("muộn %(n)s ngày", "muộn %(n)s ngày", cell.late_days) % {"n": cell.late_days}
    if cell.timing is Timing.MISSING:
        return ngettext("quá hạn %(n)s ngày", "quá hạn %(n)s ngày", cell.late_days) % {"n": cell.late_days}
    return ""


def _cell(cell: Cell, report: Report | None, line: Line, period: Period, scope: Scope) -> CellView:
    word, detail = stage_word(cell), timing_word(cell)
    sentence = f"{local(line.name)}, {period_label(period.code)}: {word}" + (f", {detail}" if detail else "")
    if report is not None and report.submitted_first_at and not report.illustrative:
        sentence += ", " + _("trình lần đầu %(time)s") % {"time": time_vi(report.submitted_first_at)}
    return CellView(
        kind=cell.stage.value,
        icon=ICONS[cell.stage],
        word=pgettext("cell", "–") if cell.stage is Stage.NOT_REQUIRED else word,
        detail=detail,
        late=cell.required and cell.timing in (Timing.LATE, Timing.MISSING),
        title=sentence,
        url=_url(cell, report, line, period, scope),
    )


def _url(cell: Cell, report: Report | None, line: Line, period: Period, scope: Scope) -> str:
    if report is None:
        opens = cell.stage is Stage.NOT_OPENED and "reports.open" in scope.permissions
        return f"{reverse('report_open')}?period={period.code}&unit={line.uid}" if opens else ""
    if "reports.edit" in scope.permissions and line.unit_id in scope.unit_ids:
        return reverse("report_entry", args=[report.pk])
    return reverse("report_verify", args=[report.pk])


def _column(column: Column) -> ColumnView:
    period = column.period
    left, pressing = due_text(period.due_on) if column.timed else ("", "")
    if column.completeness.denominator and column.completeness.numerator == column.completeness.denominator:
        left, pressing = "", ""
    return ColumnView(
        code=period.code,
        label=period_label(period.code),
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        due_on=period.due_on,
        due_left=left,
        pressing=pressing,
        completeness=ratio(column.completeness),
        timeliness=ratio(column.timeliness),
        illustrative=column.illustrative,
    )


def period_lines(grid: Grid) -> list[ColumnView]:
    """The periods of a grid, newest first."""
    return [_column(column) for column in reversed(grid.columns)]


def kind_label(kind: str) -> str:
    """A kind of period."""
    return {
        "": _("Mọi loại kỳ"),
        "year": _("Kỳ năm"),
        "half": _("Kỳ sáu tháng"),
        "quarter": _("Kỳ quý"),
        "month": _("Kỳ tháng"),
    }[kind]


def line_names(lines: Sequence[Line]) -> dict[int, str]:
    """Return the units' names by id; units that bear one name after another are told apart by their days."""
    often = Counter(local(line.name) for line in lines)
    return {line.unit_id: local(line.name) + (_days(line) if often[local(line.name)] > 1 else "") for line in lines}


def _days(line: Line) -> str:
    if line.valid_to is not None:
        return " (" + _("đến %(day)s") % {"day": date_vi(line.valid_to)} + ")"
    if line.valid_from is not None:
        return " (" + _("từ %(day)s") % {"day": date_vi(line.valid_from)} + ")"
    return ""


def grid_context(grid: Grid, choice: PeriodChoice, scope: Scope, lines: Iterable[Line]) -> dict[str, Any]:
    """Everything that `indicators/completeness.html` shows."""
    names = line_names(grid.lines)
    return {
        "columns": [_column(column) for column in grid.columns],
        "lines": [
            LineView(
                name=names[line.unit_id],
                uid=line.uid,
                cells=[
                    _cell(cell, report, line, column.period, scope)
                    for cell, report, column in zip(line.cells, line.reports, grid.columns, strict=True)
                ],
                completeness=ratio(line.completeness),
                timeliness=ratio(line.timeliness),
            )
            for line in lines
        ],
        "completeness": ratio(grid.completeness),
        "timeliness": ratio(grid.timeliness),
        "choice": choice,
        "kinds": [(kind, kind_label(kind)) for kind in ("", *choice.kinds)],
        "periods": [(period.code, period_label(period.code)) for period in choice.everything],
        "made_up": any(column.illustrative for column in grid.columns),
        "may_open": "reports.open" in scope.permissions,
        "may_remind": "reports.remind" in scope.permissions,
        "legend": [
            (stage.value, ICONS[stage], stage_word(Cell(True, stage, Timing.PENDING, complete=False, percent=0)))
            for stage in ICONS
            if stage not in (Stage.ENTERING, Stage.NOT_REQUIRED)
        ],
    }


def completeness_table(grid: Grid, moment: datetime) -> Table:
    """The grid as a table of a file: a row a unit and period, with its words and days, and the sums below."""
    return Table(
        title=_("Tiến độ báo cáo"),
        name=_("Tiến độ báo cáo"),
        lines=[
            _("Lập lúc %(time)s ngày %(day)s") % {"time": f"{moment:%H:%M}", "day": date_vi(moment.date())},
            _("Đã nộp: %(ratio)s; đúng hạn: %(timely)s")
            % {"ratio": ratio(grid.completeness).both, "timely": ratio(grid.timeliness).both},
        ],
        headings=[
            _("Đơn vị"),
            _("Kỳ"),
            _("Hạn nộp"),
            _("Tình trạng"),
            _("So với hạn"),
            _("Trình lần đầu"),
            _("Phải báo cáo"),
            _("Đã nộp"),
        ],
        rows=_rows(grid),
        notes=_sums(grid),
    )


def _rows(grid: Grid) -> Iterator[list[Any]]:
    names = line_names(grid.lines)
    for line in grid.lines:
        for cell, report, column in zip(line.cells, line.reports, grid.columns, strict=True):
            submitted = report.submitted_first_at if report is not None and not report.illustrative else None
            yield [
                names[line.unit_id],
                period_label(column.period.code),
                column.period.due_on,
                stage_word(cell),
                timing_word(cell),
                submitted,
                int(cell.required),
                int(cell.required and cell.complete),
            ]


def _sums(grid: Grid) -> list[str]:
    return [
        _("%(period)s: đã nộp %(ratio)s; đúng hạn %(timely)s")
        % {
            "period": period_label(column.period.code),
            "ratio": ratio(column.completeness).both,
            "timely": ratio(column.timeliness).both,
        }
        for column in grid.columns
    ]
