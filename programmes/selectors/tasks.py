"""Tasks of a board, a list, a page, the menu and the overview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from communes.models import Office, UnitVersion
from communes.scope import Scope
from communes.selectors.village_choices import PLACES
from indicators.models import CriteriaSet, Criterion, Indicator
from mongcai_portal.accounts.permissions import Permission
from programmes.models import Programme, Task, TaskEntry, TaskFile, TaskStep
from programmes.querysets import with_predecessors
from programmes.rules.tasks import AFTER, DUE_SOON, ENDED, OPEN, OVERDUE, REPORTED, SOON, UNDATED, ends_at
from programmes.selectors.unit_names import last_names, named_by_unit

# A task without a deadline stands behind all that have one.
NEVER = date(9999, 12, 31)
GENERAL = "general"


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What of the tasks is asked for: codes; empty asks for all. `standing`: overdue, due_soon or undated.

    `programme` GENERAL asks for those of no single programme.
    """

    programme: str = ""
    office: str = ""
    unit: str = ""
    status: str = ""
    standing: str = ""
    origin: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many tasks there are, before the status is chosen."""

    by_status: dict[str, int]
    overdue: int

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


_TURNS = tuple(AFTER)
_ENDS = tuple(kind for kind, status in AFTER.items() if status in ENDED)
# The last of these says whether a result stands: a task that is open again no longer carries one.
_TOLD = tuple(kind for kind, status in AFTER.items() if status in (OPEN, REPORTED))


def stood_on(rows: QuerySet[Task], day: date | None) -> QuerySet[Task]:
    """Annotate tasks with how they stood at the end of a day; None: how they stand.

    `status_then`, `result_then`, `reported_by_then`, `reported_then` and `closed_then` follow from what their history
    holds by then, as `Task` keeps them of now.
    """
    if day is None:
        return rows.annotate(
            status_then=F("status"),
            result_then=F("result"),
            reported_by_then=F("reported_by"),
            reported_then=F("reported_at"),
            closed_then=F("closed_at"),
        )
    lines = TaskEntry.objects.filter(task=OuterRef("pk"), at__lt=ends_at(day)).order_by("-at", "-pk")

    def last(kinds: tuple[str, ...], *whens: When) -> Subquery:
        return Subquery(lines.filter(kind__in=kinds).values(found=Case(*whens))[:1])

    def of_report(field: str) -> Subquery:
        return last(_TOLD, When(kind=TaskEntry.Kind.REPORTED, then=F(field)))

    status = last(_TURNS, *(When(kind=kind, then=Value(status)) for kind, status in AFTER.items()))
    return rows.annotate(
        status_then=Coalesce(status, Value(OPEN)),
        result_then=Coalesce(of_report("text"), Value("", TextField())),
        reported_by_then=Coalesce(of_report("by"), Value("")),
        reported_then=of_report("at"),
        closed_then=last(_TURNS, When(kind__in=_ENDS, then=F("at"))),
    )


def tasks_seen(scope: Scope, day: date | None = None) -> QuerySet[Task]:
    """Return the tasks of a reader, with owner, the commune's last name, and how many steps are done of how many.

    `day`: those that were given by it, as they stood at its end (`stood_on`).
    """
    steps = TaskStep.objects.filter(task=OuterRef("pk")).order_by().values("task")
    done = Q(done_at__isnull=False) if day is None else Q(done_at__lt=ends_at(day))

    def counted(rows: Any) -> Coalesce:
        return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))

    rows = Task.objects.visible_to(scope).select_related("owner", "unit", "difficulty", "programme")
    if day is not None:
        rows = rows.filter(assigned_on__lte=day)
    return stood_on(named_by_unit(rows), day).annotate(
        steps_total=counted(steps),
        steps_done=counted(steps.filter(done)),
        due_key=Coalesce("due_on", Value(NEVER)),
    )


def standing_q(standing: str, day: date, status: str = "status") -> Q:
    """Return the condition of a standing (overdue, due_soon, undated) on a day; `status`: the column to look at."""
    against = {
        OVERDUE: Q(due_on__lt=day),
        # From midnight to midnight, as `rules.tasks.standing` counts: seven days end at 24:00 of the seventh day.
        DUE_SOON: Q(due_on__gte=day, due_on__lt=day + SOON),
        UNDATED: Q(due_on__isnull=True),
    }
    return Q(**{status: OPEN}) & against[standing]


def narrowed(rows: QuerySet[Task], wanted: TaskFilter, today: date) -> QuerySet[Task]:
    """Keep what a filter asks for."""
    if wanted.programme == GENERAL:
        rows = rows.filter(programme__isnull=True)
    elif wanted.programme:
        rows = rows.filter(programme__code=wanted.programme)
    if wanted.office:
        rows = rows.filter(owner__code=wanted.office)
    if wanted.unit:
        rows = rows.filter(unit__uid=wanted.unit)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.origin:
        rows = rows.filter(origin=wanted.origin)
    if wanted.q:
        rows = rows.search(wanted.q)  # type: ignore[attr-defined]
    return rows.filter(standing_q(wanted.standing, today)) if wanted.standing else rows


def task_list(scope: Scope, wanted: TaskFilter, today: date) -> QuerySet[Task]:
    """Return the tasks of a list: the nearest deadline first, what has none last."""
    return narrowed(tasks_seen(scope), wanted, today).order_by("due_key", "pk")


def task_counts(scope: Scope, wanted: TaskFilter, today: date) -> TaskCounts:
    """Count the tasks that the filter finds in any status, and those of them that are overdue: one query."""
    rows = narrowed(Task.objects.visible_to(scope), replace(wanted, status="", standing=""), today)
    asked: dict[str, Any] = {value: Count("pk", filter=Q(status=value)) for value in Task.Status.values}
    found = rows.order_by().aggregate(**asked, overdue=Count("pk", filter=standing_q(OVERDUE, today)))
    return TaskCounts({value: found[value] for value in Task.Status.values}, found["overdue"])


ON_A_BOARD = 30  # cards of a column; the list has the rest


def board_columns(scope: Scope, wanted: TaskFilter, today: date) -> dict[str, list[Task]]:
    """Return the first cards of each status: a query a status. What has ended stands with the latest first."""
    rows = narrowed(tasks_seen(scope), replace(wanted, status=""), today)
    orders = {Task.Status.OPEN: ("due_key", "pk"), Task.Status.REPORTED: ("reported_at", "pk")}
    return {
        status: list(rows.filter(status=status).order_by(*orders.get(status, ("-closed_at", "-pk")))[:ON_A_BOARD])
        for status in Task.Status
    }


def owners_of(scope: Scope) -> list[Office]:
    """Return the offices that have a task which the reader sees: one query."""
    seen = Task.objects.visible_to(scope).values("owner")
    return list(Office.objects.filter(pk__in=seen).order_by("sort_key"))


def programmes_of(scope: Scope) -> list[Programme]:
    """Return the programmes that have a task which the reader sees: one query."""
    seen = Task.objects.visible_to(scope).filter(programme__isnull=False).values("programme")
    return list(Programme.objects.filter(pk__in=seen).order_by("position"))


def units_of(scope: Scope) -> list[UnitVersion]:
    """Return the last names of the communes that have a task which the reader sees: one query."""
    return last_names(Task.objects.visible_to(scope).filter(unit__isnull=False).values("unit"))


def last_version(uid: str) -> UnitVersion | None:
    """Return the last version of a commune or ward, in force or not: one query."""
    rows = UnitVersion.objects.filter(unit__uid=uid, kind__in=PLACES)
    return rows.order_by(F("valid_from").desc(nulls_last=True)).first()


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task and all that its page shows; `files` None: they are for those who look after its place."""

    task: Task
    steps: list[TaskStep]
    entries: list[TaskEntry]
    files: list[TaskFile] | None
    criterion: Criterion | None


def task_page(scope: Scope, task_id: int, day: date | None = None) -> TaskPage:
    """Return a task with its steps, history and files, of what there was by a day if one is given: five queries.

    When a step was added is not kept of it: all are there, done or not by then.

    Raises:
        Task.DoesNotExist: outside the reader's scope, or given later.
    """
    task: Task = tasks_seen(scope, day).get(pk=task_id)
    steps, entries, files = list(task.steps.all()), task.entries.order_by("-at", "-pk"), task.files.all()
    if day is not None:
        over = ends_at(day)
        entries, files = entries.filter(at__lt=over), files.filter(stored_at__lt=over)
        for step in steps:
            if step.done_at is not None and step.done_at >= over:
                step.done_at, step.done_by = None, ""
    return TaskPage(
        task=task,
        steps=steps,
        entries=list(entries),
        files=list(files) if sees_files(scope, task) else None,
        criterion=criterion_named(task.level, task.criterion) if task.criterion else None,
    )


def sees_files(scope: Scope, task: Task) -> bool:
    """Whether someone may read a task's evidence: that of a task for the whole town may tell of other communes."""
    return scope.all_units or (task.unit_id is not None and scope.sees_unit(task.unit_id))


def task_file(scope: Scope, task_id: int, file_id: int) -> TaskFile:
    """Return a file of a task.

    Raises:
        Task.DoesNotExist, TaskFile.DoesNotExist: there is none that the reader may see.
    """
    task: Task = Task.objects.visible_to(scope).get(pk=task_id)
    if not sees_files(scope, task):
        raise TaskFile.DoesNotExist
    found: TaskFile = task.files.get(pk=file_id)
    return found


def criterion_named(level: str, number: int | None) -> Criterion | None:
    """Return a criterion of the newest published set of a level: one query."""
    rows = Criterion.objects.filter(
        criteria_set__level__code=level, criteria_set__status=CriteriaSet.Status.PUBLISHED, number=number
    )
    return rows.select_related("criteria_set").order_by("-criteria_set__last_year").first()


def office_of(criterion: Criterion) -> Office | None:
    """Return the office that judges most of a criterion's indicators, to whom a task is offered: two queries."""
    counted = Indicator.objects.filter(criterion=criterion, office__isnull=False).values("office")
    first = counted.annotate(n=Count("pk")).order_by("-n", "office").values_list("office", flat=True).first()
    return Office.objects.filter(pk=first).first() if first else None


def waiting_tasks(scope: Scope) -> int:
    """Count the open tasks of the reader's offices, which their menu shows; no query for who works for none."""
    if not scope.office_ids or Permission.TASKS_REPORT not in scope.permissions:
        return 0
    return Task.objects.filter(owner__in=scope.office_ids, status=OPEN).count()


def tasks_of_period(unit_ids: Iterable[int] | None, since: date, until: date) -> list[Task]:
    """Return the tasks that a report tells, as they stood on its last day: given by then, not ended before its first.

    One query, for units one more. `unit_ids`: communes, with what passed wholly into them; None: the whole town with
    all that is in it.
    """
    rows = Task.objects.filter(assigned_on__lte=until).exclude(closed_at__lt=ends_at(since - timedelta(days=1)))
    if unit_ids is not None:
        rows = rows.filter(unit__in=with_predecessors(unit_ids))
    rows = rows.select_related("owner", "unit", "programme").order_by("pk")
    return list(stood_on(named_by_unit(rows), until))


@dataclass(frozen=True, slots=True)
class ProgrammeTasks:
    """The tasks of a programme: how many there are, and the first: what is open by its deadline, then what waits."""

    counts: TaskCounts
    first: tuple[Task, ...]


FIRST = 8
_RANK = Case(*(When(status=one, then=at) for at, one in enumerate(Task.Status.values)), output_field=IntegerField())


def programme_tasks(scope: Scope, programme: str, today: date) -> ProgrammeTasks | None:
    """Return the tasks of a programme that a reader sees; None for who may not see any. Two queries."""
    if Permission.TASKS_VIEW not in scope.permissions:
        return None
    wanted = TaskFilter(programme=programme)
    rows = narrowed(tasks_seen(scope), wanted, today).order_by(_RANK, "due_key", "pk")
    return ProgrammeTasks(task_counts(scope, wanted, today), tuple(rows[:FIRST]))


class OpenTasks(NamedTuple):
    """How many tasks of a programme are open, and how many of those overdue."""

    open: int = 0
    overdue: int = 0


def open_by_programme(scope: Scope, today: date) -> dict[str, OpenTasks] | None:
    """Count the open tasks that a reader sees by the code of their programme; None for who may not see any."""
    if Permission.TASKS_VIEW not in scope.permissions:
        return None
    rows = Task.objects.visible_to(scope).filter(status=OPEN, programme__isnull=False).order_by()
    counted = rows.values_list("programme__code").annotate(
        n=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today))
    )
    return {code: OpenTasks(n, overdue) for code, n, overdue in counted}


@dataclass(frozen=True, slots=True)
class OverdueTasks:
    """The overdue tasks of an area as the overview tells of them: how many, and the first."""

    count: int = 0
    first: tuple[Task, ...] = ()
    illustrative: bool = False


TOLD = 2


def overdue_tasks(unit_ids: Iterable[int] | None, today: date) -> OverdueTasks:
    """Return the overdue tasks of some units, or of the whole town (None): one query."""
    rows = Task.objects.filter(standing_q(OVERDUE, today))
    if unit_ids is not None:
        rows = rows.filter(unit__in=unit_ids)
    found = list(rows.only("title_vi", "title_en", "due_on", "plan_provenance").order_by("due_on", "pk"))
    marked = any(task.plan_provenance == "illustrative" for task in found)
    return OverdueTasks(len(found), tuple(found[:TOLD]), marked)
