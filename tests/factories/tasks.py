"""Tasks as tests need them, made through the services."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from programmes.models import Task
from programmes.services.tasks import NewTask, assign

WEEK = timedelta(days=7)


def new_task(**changes: Any) -> NewTask:
    """A good task of office `a` for the whole town, due in a fortnight."""
    given: dict[str, Any] = {
        "token": uuid4().hex,
        "title": "Lập danh sách hộ chưa phân loại rác",
        "origin": "conclusion",
        "document": "12-KL/TU",
        "document_on": timezone.localdate() - WEEK,
        "owner": "a",
        "due_on": timezone.localdate() + 2 * WEEK,
    }
    return NewTask(**{**given, **changes})


def make_task(by: Any, **changes: Any) -> Task:
    return assign(by=by, task=new_task(**changes))


def make_overdue(by: Any, *, due_on: date | None = None, **changes: Any) -> Task:
    """A task whose deadline is over: it was given a month ago, and was due yesterday."""
    today = timezone.localdate()
    given = {"assigned_on": today - 5 * WEEK, "document_on": today - 6 * WEEK, **changes}
    return make_task(by, due_on=due_on or today - timedelta(days=1), **given)
