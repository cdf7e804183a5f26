"""Threads between a commune and those who judge its report, and which of them wait for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from communes.scope import Scope
from indicators.models import Comment, CommentSeen, Report
from indicators.models.comments import Side

OTHER = {Side.COMMUNE: Side.REVIEW, Side.REVIEW: Side.COMMUNE}


@dataclass(frozen=True, slots=True)
class ThreadMark:
    """A thread as its reader sees it: `unread`: the other side said something the reader's side has not read;
    `awaited`: the last word is neither answered nor read by the side it is meant for.
    """

    total: int
    unread: bool
    awaited: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """The remarks about an element, oldest first, and how far each side has read."""

    comments: tuple[Comment, ...]
    seen: dict[str, CommentSeen]

    @property
    def due(self) -> str:
        """The side whose answer is awaited; "" when the last word was read."""
        if not self.comments:
            return ""
        addressee = OTHER[Side(self.comments[-1].side)]
        return addressee if self.unread_by(addressee) else ""

    def unread_by(self, side: str) -> bool:
        """Whether the other side has said something after what this side read or said last."""
        if not side:
            return False
        seen = self.seen[side].upto_id if side in self.seen else 0
        own = max((c.pk for c in self.comments if c.side == side), default=0)
        return any(c.side != side and c.pk > max(seen, own) for c in self.comments)


@dataclass(frozen=True, slots=True)
class ReportMarks:
    """How many threads of a report have something new for the reader's side, and in how many an answer is awaited."""

    unread: int = 0
    awaited: int = 0


def side_of(scope: Scope, unit_id: int) -> str:
    """Return for which side a person speaks in a unit's reports; "" when for none."""
    if "reports.comment" not in scope.permissions:
        return ""
    if unit_id in scope.unit_ids:
        return Side.COMMUNE
    return Side.REVIEW if scope.all_offices or scope.office_ids else ""


def may_comment(scope: Scope, report: Report, office_id: int) -> bool:
    """Whether the person may write about an element that this office judges."""
    side = side_of(scope, report.unit_id)
    return side == Side.COMMUNE or (side == Side.REVIEW and scope.acts_for_office(office_id))


def reads_for(scope: Scope, unit_id: int, office_id: int) -> str:
    """Return for which side a person's reading counts: the commune itself, or the office itself."""
    side = side_of(scope, unit_id)
    if side == Side.REVIEW and not scope.verifies_for_office(office_id):
        return ""
    return side


def thread_of(report: Report, element_id: int) -> Thread:
    """Return a thread: two queries."""
    where = {"report": report, "element": element_id}
    return Thread(
        tuple(Comment.objects.filter(**where).order_by("id")),
        {row.side: row for row in CommentSeen.objects.filter(**where)},
    )


def threads_of(report: Report) -> dict[int, Thread]:
    """Return every thread of a report by element id: two queries."""
    comments: dict[int, list[Comment]] = {}
    for comment in Comment.objects.filter(report=report).order_by("id"):
        comments.setdefault(comment.element_id, []).append(comment)
    seen: dict[int, dict[str, CommentSeen]] = {}
    for row in CommentSeen.objects.filter(report=report):
        seen.setdefault(row.element_id, {})[row.side] = row
    return {element: Thread(tuple(rows), seen.get(element, {})) for element, rows in comments.items()}


def thread_marks(report: Report, scope: Scope) -> dict[str, ThreadMark]:
    """Return the mark of each thread of a report by element code, as this person sees it: two queries."""
    seen = _seen(CommentSeen.objects.filter(report=report))
    return {
        row["element__code"]: _mark(row, reads_for(scope, report.unit_id, row["element__office"]), seen)
        for row in _summed(Comment.objects.filter(report=report))
    }


def report_marks(reports: Iterable[Report], scope: Scope) -> dict[int, ReportMarks]:
    """Return how many threads of each report have news for this person, by report id: two queries."""
    units = {r.pk: r.unit_id for r in reports}
    if not units or "reports.comment" not in scope.permissions:
        return {}
    seen = _seen(CommentSeen.objects.filter(report__in=units))
    counts: dict[int, list[int]] = {}
    for row in _summed(Comment.objects.filter(report__in=units)):
        mark = _mark(row, reads_for(scope, units[row["report"]], row["element__office"]), seen)
        unread_awaited = counts.setdefault(row["report"], [0, 0])
        unread_awaited[0] += mark.unread
        unread_awaited[1] += mark.awaited
    return {pk: ReportMarks(*found) for pk, found in counts.items()}


def _summed(comments: QuerySet[Any]) -> Any:
    return (
        comments.order_by()
        .values("report", "element", "element__code", "element__office")
        .annotate(
            total=Count("pk"),
            last_commune=Max("pk", filter=Q(side=Side.COMMUNE)),
            last_review=Max("pk", filter=Q(side=Side.REVIEW)),
        )
    )


def _seen(rows: QuerySet[CommentSeen]) -> dict[tuple[int, int, str], int]:
    return {(report, element, side): upto for report, element, side, upto in rows.values_list(
        "report", "element", "side", "upto"
    )}  # fmt: skip


def _mark(row: dict[str, Any], side: str, seen: dict[tuple[int, int, str], int]) -> ThreadMark:
    last = {Side.COMMUNE: row["last_commune"] or 0, Side.REVIEW: row["last_review"] or 0}

    def news_for(one: Side) -> bool:
        return last[OTHER[one]] > max(last[one], seen.get((row["report"], row["element"], one), 0))

    unread = bool(side) and news_for(Side(side))
    return ThreadMark(row["total"], unread, any(map(news_for, Side)) and not unread)
