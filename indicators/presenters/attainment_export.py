"""The matrix as files: the figures of the page, both dates, and every mark in words."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.presenters.attainment_table import MatrixView, day_line, title_of, turn_word
from indicators.presenters.criterion import name_of
from indicators.presenters.freshness import late_text
from indicators.presenters.marks import marks_of, marks_text
from indicators.presenters.words import period_label
from indicators.rules.marks import Marks
from indicators.selectors.attainment import StoredCriterion
from indicators.selectors.attainment_table import Stored, TableRow
from indicators.selectors.attainment_table import Table as Matrix
from mongcai_portal.common.exports import CSV, Table
from mongcai_portal.common.templatetags.portal import date_vi, outcome_label


def export_tables(matrix: Matrix, view: MatrixView, *, kind: str) -> tuple[Table, ...]:
    """Return the sheets: the matrix; when compared also that of the other date, and what turned, cell by cell.

    A CSV file holds one: the matrix, or the comparison with both dates in each line.
    """
    if matrix.compare is None:
        return (_matrix(matrix, view, matrix.day),)
    turned = _turned(matrix, view)
    if kind == CSV:
        return (turned,)
    return _matrix(matrix, view, matrix.day), _matrix(matrix, view, matrix.compare), turned


def export_name(matrix: Matrix, view: MatrixView) -> str:
    """The file's name: `attainment-advanced-2023-12-31-vs-2022-12-31`."""
    name = f"attainment-{view.level_code or 'none'}-{matrix.day.isoformat()}"
    return f"{name}-vs-{matrix.compare.isoformat()}" if matrix.compare else name


def _lines(matrix: Matrix, view: MatrixView, day: date, compare: date | None = None) -> list[str]:
    lines = [day_line(day, compare)]
    if view.decision:
        lines.append(_("Bộ tiêu chí: %(decision)s") % {"decision": view.decision})
    if view.only_turned:
        lines.append(_("Chỉ những gì đã thay đổi"))
    return lines


def _notes(view: MatrixView) -> list[str]:
    late = [f"{row.name}, {late_text(row.late)}" for row in view.rows if row.late]
    return [
        *([_("Kết quả còn cũ: %(rows)s.") % {"rows": "; ".join(late)}] if late else []),
        _("Đạt, chưa đạt, chưa có số liệu, không áp dụng, chưa xác định là năm kết quả khác nhau."),
        *([_("Số liệu mang dấu “minh họa” không phải số đã công bố.")] if view.illustrative else []),
    ]


def _shown(matrix: Matrix, view: MatrixView) -> list[TableRow]:
    shown = {row.uid for row in view.rows}
    return [row for row in matrix.rows if row.unit.uid in shown]


def _said(outcome: str, marks: Marks) -> str:
    """An outcome with its marks: `Đạt (mức chưa đối chiếu)`."""
    return f"{outcome_label(outcome)} ({marks_text(marks)})" if marks else outcome_label(outcome)


def _result(result: StoredCriterion | None) -> str:
    return _said(result.outcome, marks_of(result)) if result else _("chưa có kết quả")


def _matrix(matrix: Matrix, view: MatrixView, day: date) -> Table:
    def line(row: TableRow) -> list[str | int | None]:
        now = day == matrix.day
        stored: Stored | None = row.attainment if now else row.attainment_then
        criteria = row.criteria if now else (row.criteria_then or {})
        act = row.recognitions[0] if row.recognitions and now else None
        return [
            name_of(row.unit),
            period_label(stored.period) if stored else None,
            *([name_of(act.level) if act else _("chưa")] if now else []),
            _said(stored.outcome, marks_of(stored)) if stored else _("chưa có kết quả"),
            stored.criteria_met if stored else None,
            stored.criteria_total if stored else None,
            *(_result(criteria.get(column.number)) for column in view.columns),
        ]

    return Table(
        title=title_of(matrix),
        name=day.isoformat(),
        lines=_lines(matrix, view, day),
        headings=[
            _("Đơn vị"),
            _("Kỳ"),
            *([_("Được công nhận")] if day == matrix.day else []),
            _("Tính từ số liệu"),
            _("Tiêu chí đạt"),
            _("Tiêu chí áp dụng"),
            *(f"{column.number}. {column.name}" for column in view.columns),
        ],
        rows=[line(row) for row in _shown(matrix, view)],
        notes=_notes(view),
    )


def _turned(matrix: Matrix, view: MatrixView) -> Table:
    """One line a cell: what it was, what it is, and how it turned."""
    rows = []
    for row in _shown(matrix, view):
        for column in view.columns:
            turn = row.turned(column.number)
            if view.only_turned and turn == "same":
                continue
            rows.append(
                [
                    name_of(row.unit),
                    column.number,
                    column.name,
                    _result((row.criteria_then or {}).get(column.number)),
                    _result(row.criteria.get(column.number)),
                    turn_word(turn),
                ]
            )
    return Table(
        title=title_of(matrix),
        name=pgettext("sheet", "Thay đổi"),
        lines=[*_lines(matrix, view, matrix.day, matrix.compare), view.summary],
        headings=[
            _("Đơn vị"),
            _("Số tiêu chí"),
            _("Tiêu chí"),
            date_vi(matrix.compare),
            date_vi(matrix.day),
            _("Thay đổi"),
        ],
        rows=rows,
        notes=_notes(view),
    )
