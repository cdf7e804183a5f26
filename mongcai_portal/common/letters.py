"""Letters that the portal sends by itself: which kinds there are, what became of them, and sending again.

A letter is a row in the table of its kind, and the row is the promise: a worker sends what waits, tries again what
failed, and gives up after the last try. Whoever sends letters registers a `LetterKind` in `AppConfig.ready`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from celery import current_app
from django.db import models
from django.db.models import Count, Max, Q, QuerySet
from django.utils.functional import Promise

log = logging.getLogger(__name__)

WAITING, FAILED = "waiting", "failed"


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A kind of letter.

    `model` has `mail` (waiting, sent, skipped, failed), `attempts`, `next_try_at` and `error`, which begins with the
    name of what went wrong; `released` is what a row looks like that no worker holds; `task` sends what waits.
    """

    code: str
    label: str | Promise
    model: type[models.Model]
    task: str
    released: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, mail: str) -> QuerySet[Any]:
        """Return its letters in a state."""
        return self.model._default_manager.filter(mail=mail)


@dataclass(frozen=True, slots=True)
class LetterCount:
    """How many letters of a kind wait, and how many were given up: after how many tries at most, and the last fault.

    `fault` is the name of the error alone: its text may tell addresses.
    """

    kind: LetterKind
    waiting: int
    failed: int
    attempts: int
    fault: str


_kinds: dict[str, LetterKind] = {}


def register(kind: LetterKind) -> None:
    """Make a kind of letter known; a second time replaces it."""
    _kinds[kind.code] = kind


def kinds() -> tuple[LetterKind, ...]:
    """Return every kind, in the order of registration."""
    return tuple(_kinds.values())


def counts() -> tuple[LetterCount, ...]:
    """Return what waits and what was given up, by kind: one query for each, one more where something was given up."""
    return tuple(_count(kind) for kind in kinds())


def _count(kind: LetterKind) -> LetterCount:
    given_up = Q(mail=FAILED)
    found = kind.model._default_manager.filter(mail__in=[WAITING, FAILED]).aggregate(
        waiting=Count("pk", filter=Q(mail=WAITING)),
        failed=Count("pk", filter=given_up),
        attempts=Max("attempts", filter=given_up),
    )
    last = kind.rows(FAILED).order_by("-pk").values_list("error", flat=True).first() if found["failed"] else ""
    fault = (last or "").partition(":")[0].strip()
    return LetterCount(kind, found["waiting"], found["failed"], found["attempts"] or 0, fault)


def send_again(kind: LetterKind) -> int:
    """Let the letters that were given up wait again, with all their tries; return how many."""
    return kind.rows(FAILED).update(mail=WAITING, attempts=0, next_try_at=None, **kind.released)


def wake(task: str) -> None:
    """Tell a worker that letters wait; when no broker answers, the next minute's run finds the rows."""
    try:
        current_app.send_task(task, retry=False)
    except Exception:  # any broker fault: the rows are the promise
        log.warning("No broker took %s; the next run will.", task, exc_info=True)
