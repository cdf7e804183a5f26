"""How threads about elements look to each side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from communes.scope import Scope
from indicators.models import Report
from indicators.models.comments import COMMENT_LENGTH, Side
from indicators.presenters.words import local
from indicators.selectors.comments import Thread, ThreadMark, may_comment, reads_for, side_of
from indicators.selectors.layout import Layout, Row


@dataclass(frozen=True, slots=True)
class CommentLine:
    """One remark as read; `own`: of the reader's side."""

    side: str
    own: bool
    by: str
    at: datetime
    text: str
    revision: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Until when a side has read."""

    side: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread as its reader may use it; `upto` is what "read" would mean now."""

    element: str
    code: str
    name: str
    comments: tuple[CommentLine, ...]
    receipts: tuple[Receipt, ...]
    unread: bool
    due: str
    may_comment: bool
    may_mark: bool
    upto: int
    token: str
    length: int = COMMENT_LENGTH


@dataclass(frozen=True, slots=True)
class Due:
    """How many threads of a report have news for the reader, await an answer, and are there."""

    unread: int
    awaited: int
    total: int


def comments_due(marks: Mapping[str, ThreadMark]) -> Due:
    """Sum the threads of a report."""
    return Due(sum(m.unread for m in marks.values()), sum(m.awaited for m in marks.values()), len(marks))


def side_word(side: str, row: Row, layout: Layout) -> str:
    """A side by name: the commune, or the office that judges the element."""
    return _("Xã") if side == Side.COMMUNE else local(layout.offices[row.element.office_id])


def thread_view(thread: Thread, row: Row, layout: Layout, report: Report, scope: Scope) -> ThreadView:
    """Arrange a thread for its reader."""
    side = side_of(scope, report.unit_id)
    reads = reads_for(scope, report.unit_id, row.element.office_id)
    last = thread.comments[-1] if thread.comments else None
    return ThreadView(
        element=row.element.code,
        code=row.code,
        name=local(row.name),
        comments=tuple(
            CommentLine(side_word(c.side, row, layout), c.side == side, c.by, c.at, c.text, c.revision)
            for c in thread.comments
        ),
        receipts=tuple(
            Receipt(side_word(seen.side, row, layout), seen.by, seen.at)
            for seen in thread.seen.values()
            # Only where it tells something: the last word is the other side's, and it was read.
            if last is not None and last.side != seen.side and seen.upto_id == last.pk
        ),
        unread=thread.unread_by(reads),
        due=side_word(thread.due, row, layout) if thread.due else "",
        may_comment=may_comment(scope, report, row.element.office_id),
        may_mark=bool(reads) and thread.unread_by(reads),
        upto=last.pk if last else 0,
        token=uuid4().hex,
    )


def threads_context(threads: Mapping[int, Thread], layout: Layout, report: Report, scope: Scope) -> dict[str, Any]:
    """The threads of a report: those that wait for the reader first, then in the order of the form."""
    views = [
        thread_view(threads[row.element.id], row, layout, report, scope)
        for section in layout.sections
        for row in section.rows
        if row.element.id in threads
    ]
    return {"threads": sorted(views, key=lambda view: not view.unread)}
