"""What a workbook of past years would change: what is new, what stands already, and where it says something else.

An approved report is never overwritten by an import: what differs is a conflict, to be settled by reopening the report
or by changing the file.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.models import Recognition, Report, ReportedValue
from indicators.selectors.archive import Pair, approved_values, standing_acts, standing_reports
from indicators.services.archive_plan import Plan, StagedAct, StagedValue

State = ReportedValue.State

ACT_FIELDS = (
    "decision_number", "signer", "expires_on", "withdrawn_on", "withdrawal_decision", "withdrawal_reason",
    "date_precision",
)  # fmt: skip


@dataclass(slots=True)
class Difference:
    """New reports with their cells, new decisions, what stands already, and conflicts with both sides."""

    reports: dict[Pair, list[StagedValue]] = field(default_factory=lambda: defaultdict(list))
    acts: list[StagedAct] = field(default_factory=list)
    same: int = 0
    conflicts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How much is new, the same and in conflict; and how many reports would be made."""
        return {
            "reports": len(self.reports),
            "values": sum(len(cells) for cells in self.reports.values()),
            "acts": len(self.acts),
            "same": self.same,
            "conflicts": len(self.conflicts),
        }


def compare(plan: Plan) -> Difference:
    """Hold a plan against what is stored: three queries for any number of rows."""
    found = Difference()
    groups: dict[Pair, list[StagedValue]] = defaultdict(list)
    for value in plan.values:
        groups[value.unit_id, value.period].append(value)
    standing = standing_reports(groups) if groups else {}
    counted = [r for r in standing.values() if r.status == Report.Status.APPROVED]
    stored = approved_values(counted) if counted else {}
    for pair, cells in groups.items():
        report = standing.get(pair)
        if report is None:
            found.reports[pair] = cells
        elif report.status != Report.Status.APPROVED:
            found.conflicts.append(_open_report(report, cells))
        else:
            for cell in cells:
                _compare_cell(cell, stored.get(cell.key), report, found)
    acts = standing_acts({act.unit_id for act in plan.acts}) if plan.acts else {}
    for act in plan.acts:
        _compare_act(act, acts.get((act.unit_id, act.level, date.fromisoformat(act.decided_on))), found)
    return found


def _open_report(report: Report, cells: list[StagedValue]) -> dict[str, Any]:
    """A report that someone is working on: the import keeps away from it as a whole."""
    if report.approved_revision is not None:
        message = _("Báo cáo của kỳ này đang được mở lại: sửa số liệu ngay trong báo cáo.")
    else:
        message = _("Báo cáo của kỳ này đã mở cho xã và chưa được phê duyệt: số liệu do xã nhập và trình.")
    return {
        "where": cells[0].where,
        "code": "report_open",
        "message": message,
        "stored": str(report.get_status_display()),
        "given": str(len(cells)),
        "report": report.pk,
        "element": "",
        "unit": cells[0].unit_id,
        "period": cells[0].period,
    }


def _columns(cell: StagedValue) -> tuple[Any, ...]:
    return cell.state, None if cell.number is None else Decimal(cell.number), cell.boolean, cell.choice, cell.reason


def _compare_cell(cell: StagedValue, row: ReportedValue | None, report: Report, found: Difference) -> None:
    if row is not None and (row.state, row.number, row.boolean, row.choice, row.reason) == _columns(cell):
        found.same += 1
        return
    found.conflicts.append(
        {
            "where": cell.where,
            "code": "differs" if row is not None else "not_in_report",
            "message": _("Báo cáo đã duyệt; muốn thay số này phải mở lại báo cáo."),
            "stored": "" if row is None else _plain(row),
            "given": _said(cell),
            "report": report.pk,
            "element": f"{cell.element}:{cell.part}" if cell.part else cell.element,
            "unit": cell.unit_id,
            "period": cell.period,
        }
    )


def _plain(row: ReportedValue) -> str:
    number = None if row.number is None else format(row.number.normalize(), "f")
    return _text(row.state, number, row.boolean, row.choice)


def _said(cell: StagedValue) -> str:
    return _text(cell.state, cell.number, cell.boolean, cell.choice)


def _text(state: str, number: str | None, boolean: bool | None, choice: str) -> str:
    """A cell in one form, read by the page in the reader's: a plain number, true/false, a word, or its state."""
    if state != State.VALUE:
        return state
    if boolean is not None:
        return "true" if boolean else "false"
    return choice or number or ""


def _compare_act(act: StagedAct, row: Recognition | None, found: Difference) -> None:
    if row is None:
        found.acts.append(act)
        return
    stored = {name: getattr(row, name) for name in ACT_FIELDS}
    given = {name: getattr(act, name) for name in ACT_FIELDS}
    for name in ("expires_on", "withdrawn_on"):
        given[name] = date.fromisoformat(given[name]) if given[name] else None
    # What the file does not say is no contradiction.
    differing = [name for name in ACT_FIELDS if given[name] and given[name] != stored[name]]
    if not differing:
        found.same += 1
        return
    found.conflicts.append(
        {
            "where": act.where,
            "code": "act_differs",
            "message": _("Quyết định này đã có trong sổ và khác; hãy sửa bản ghi trong sổ công nhận."),
            "stored": "; ".join(str(stored[name] or "–") for name in differing),
            "given": "; ".join(str(given[name]) for name in differing),
            "recognition": row.pk,
            "element": act.level,
            "unit": act.unit_id,
            "period": act.decided_on,
        }
    )
