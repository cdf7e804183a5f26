"""What the verification page is given: the reader's own rows, the others folded, and the panel of the coordinator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from communes.scope import Scope
from indicators.forms.verification import VerificationForm
from indicators.presenters.changes import RowLine, changes_view
from indicators.presenters.comments import comments_due
from indicators.presenters.entry import due_text
from indicators.presenters.history import history
from indicators.presenters.report_views import RowView
from indicators.presenters.reports import row_view
from indicators.presenters.words import level_label, local, period_label, unit_title
from indicators.selectors.changes import Changes
from indicators.selectors.comments import ThreadMark
from indicators.selectors.entry import ReportState
from indicators.selectors.verification import may_return, may_verify, row_token, undecided
from mongcai_portal.common.templatetags.portal import time_vi
from mongcai_portal.common.workflow import APPROVED, VERIFIED


@dataclass(frozen=True, slots=True)
class JudgementField:
    """A choice for the office where no norm is known."""

    name: str
    level: str
    value: str


@dataclass(slots=True)
class VerifyRow:
    """A row of the page with what this reader may do to it."""

    row: RowView
    token: str
    may_verify: bool
    may_return: bool
    judgements: list[JudgementField]
    choice: str
    reason: str
    message: str
    change: RowLine | None = None

    @property
    def state(self) -> str:
        return self.row.verdict.state if self.row.verdict else ""


@dataclass(slots=True)
class OfficeGroup:
    """The elements of one office."""

    office: str
    rows: list[VerifyRow]
    own: bool

    @property
    def verified(self) -> int:
        return sum(r.state == "verified" for r in self.rows)

    @property
    def returned(self) -> int:
        return sum(r.state == "returned" for r in self.rows)

    @property
    def waiting(self) -> int:
        return sum(r.state == "open" for r in self.rows)

    @property
    def active(self) -> bool:
        return any(r.may_verify or r.may_return for r in self.rows)


def verification_context(
    state: ReportState,
    scope: Scope,
    form: Any = None,
    *,
    threads: Mapping[str, ThreadMark],
    changes: Changes | None = None,
) -> dict[str, Any]:
    """Everything that `indicators/verification.html` shows; `changes` of a report that was reopened."""
    report, posted = state.report, form or VerificationForm()
    compared = changes_view(changes) if changes else None
    groups: dict[int, list[VerifyRow]] = defaultdict(list)
    for row in state.rows:
        shown = _row(row, state, scope, posted, threads)
        shown.change = compared.by_element.get(shown.row.element) if compared else None
        groups[row.row.element.office_id].append(shown)
    offices = [
        OfficeGroup(
            local(state.layout.offices[office_id]),
            rows,
            own="reports.verify" in scope.permissions and scope.verifies_for_office(office_id),
        )
        for office_id, rows in groups.items()
    ]
    offices.sort(key=lambda g: not g.own)
    verified = sum(g.verified for g in offices)
    total = sum(len(g.rows) for g in offices)
    judged = sum(bool(r.row.judges) for g in offices for r in g.rows)
    left, pressing = due_text(report.period.due_on)
    own = [g for g in offices if g.own]
    return {
        "report": report,
        "unit": unit_title(state.unit_name, state.unit_kind),
        "period": period_label(report.period.code),
        "offices": offices,
        "own": own,
        "own_waiting": sum(g.waiting for g in own),
        "active": any(g.active for g in offices),
        "can_verify": any(r.may_verify for g in offices for r in g.rows),
        "can_return": any(r.may_return for g in offices for r in g.rows),
        "verified": verified,
        "total": total,
        "returned": sum(g.returned for g in offices),
        "judged": judged,
        "unverified_norms": sum(any(o.unverified for o in r.row.outcomes) for g in offices for r in g.rows),
        "not_met": sum(any(o.code == "not_met" for o in r.row.outcomes) for g in offices for r in g.rows),
        "no_data": sum(any(o.code == "no_data" for o in r.row.outcomes) for g in offices for r in g.rows),
        "revision": state.revision,
        "changes": compared,
        "comments": comments_due(threads),
        "history": history(state),
        "approver": "reports.approve" in scope.permissions,
        "may_approve": "reports.approve" in scope.permissions and report.status == VERIFIED,
        "may_reopen": "reports.reopen" in scope.permissions and report.status == APPROVED,
        "due_left": left if report.status != APPROVED else "",
        "due_pressing": pressing,
    }


def _row(
    row: Any, state: ReportState, scope: Scope, posted: VerificationForm, threads: Mapping[str, ThreadMark]
) -> VerifyRow:
    code, office_id = row.row.element.code, row.row.element.office_id
    choice, reason = posted.typed.get(code, ("", ""))
    levels = {reader.criteria_set.code: reader.criteria_set.level for reader, _outcome in row.outcomes}
    return VerifyRow(
        row=row_view(row, state.layout, thread=threads.get(code)),
        token=row_token(row),
        may_verify=may_verify(scope, state.report, office_id),
        may_return=may_return(scope, state.report, office_id),
        judgements=[
            JudgementField(
                f"j:{code}:{s}",
                level_label(levels[s], state.layout),
                posted.judgements.get(code, {}).get(s) or (row.judgements[s].outcome if s in row.judgements else ""),
            )
            for s in undecided(row)
        ],
        choice=choice,
        reason=reason,
        message=posted.faults.get(code) or posted.stale.get(code, ""),
    )


def approved_text(state: ReportState, fallback: str) -> str:
    """What the second window is told: who was first, and when."""
    revision = state.revision
    if state.report.status == APPROVED and revision is not None and revision.approved_at:
        return _("Báo cáo này đã được phê duyệt lúc %(time)s bởi %(by)s.") % {
            "time": time_vi(revision.approved_at),
            "by": revision.approved_by,
        }
    return fallback
