"""What an office and the coordinator see of a report that waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2s

from communes.scope import Scope
from indicators.models import Evidence, Report, ReportedValue, Verdict
from indicators.selectors.entry import ReportState, RowState
from mongcai_portal.common.workflow import RETURNED, SUBMITTED, VERIFIED

VERIFIABLE = frozenset({SUBMITTED, RETURNED})
RETURNABLE = frozenset({SUBMITTED, RETURNED, VERIFIED})


def may_verify(scope: Scope, report: Report, office_id: int) -> bool:
    """Whether this person may verify an office's elements of the report as it stands."""
    return (
        "reports.verify" in scope.permissions and report.status in VERIFIABLE and scope.verifies_for_office(office_id)
    )


def may_return(scope: Scope, report: Report, office_id: int) -> bool:
    """Whether this person may send an office's elements back."""
    return "reports.send_back" in scope.permissions and report.status in RETURNABLE and scope.acts_for_office(office_id)


def seen_token(verdict: Verdict | None, cells: Iterable[ReportedValue | None], files: Iterable[Evidence] = ()) -> str:
    """Return what a window remembers of a row: the verdict, the values and the files it was shown."""
    parts = [verdict.state, verdict.reason, str(verdict.at)] if verdict else [""]
    parts += [f"{row.part}:{row.lock}" if row else "-" for row in cells]
    parts += [f"file:{file.pk}" for file in files]
    return blake2s("\x1f".join(parts).encode(), digest_size=6).hexdigest()


def row_token(row: RowState) -> str:
    """Return the token of a row as it stands."""
    return seen_token(row.verdict, (cell.row for cell in row.cells), row.evidence)


def tokens_of(state: ReportState) -> dict[str, str]:
    """Return the tokens of all rows, by element."""
    return {row.row.element.code: row_token(row) for row in state.rows}


def undecided(row: RowState) -> list[str]:
    """Return the sets in which no norm decides and the values are there: the office may judge."""
    return [
        reader.criteria_set.code
        for reader, outcome in row.outcomes
        if outcome.judged or outcome.outcome == "undetermined"
    ]
