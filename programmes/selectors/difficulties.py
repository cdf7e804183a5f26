"""Difficulties and proposals of a list, a page, the pages of communes and programmes, and the period report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Case, Count, F, Q, QuerySet, TextField, Value, When

from communes.models import Office, UnitVersion
from communes.scope import Scope
from mongcai_portal.accounts.permissions import Permission
from programmes.models import Difficulty, DifficultyEntry, DifficultyProposal, Programme, Task
from programmes.querysets import with_predecessors
from programmes.rules.difficulties import OPEN, RESOLVED, WITHDRAWN
from programmes.rules.tasks import ends_at
from programmes.selectors.tasks import tasks_seen
from programmes.selectors.unit_names import last_names, named_by_unit

TOWN = "town"  # asks for what concerns the whole town


@dataclass(frozen=True, slots=True)
class DifficultyFilter:
    """What is asked for: codes; empty asks for all. `addressee`: with a proposal to that level."""

    programme: str = ""
    unit: str = ""
    kind: str = ""
    status: str = ""
    period: str = ""
    office: str = ""
    addressee: str = ""
    q: str = ""


def stood_on(rows: QuerySet[Difficulty], day: date | None) -> QuerySet[Difficulty]:
    """Annotate entries with how they stood at the end of a day; None: how they stand.

    `status_then`, `resolution_then`, `resolved_then` and `closed_then` go by the day of settling, whenever that was
    typed. A withdrawn entry should never have been there: it is withdrawn on every day.
    """
    settled = Q(status=RESOLVED) if day is None else Q(status=RESOLVED, resolved_on__lte=day)
    ended = settled | Q(status=WITHDRAWN)
    return rows.annotate(
        status_then=Case(When(ended, then=F("status")), default=Value(OPEN)),
        resolution_then=Case(When(settled, then=F("resolution")), default=Value("", TextField())),
        resolved_then=Case(When(settled, then=F("resolved_on"))),
        closed_then=Case(When(ended, then=F("closed_at"))),
    )


def difficulties_seen(scope: Scope, day: date | None = None) -> QuerySet[Difficulty]:
    """Return the entries of a reader with the commune's last name; proposals come with one more query.

    `day`: those that were written by it or are of a period that ended by it, as they stood at its end (`stood_on`).
    """
    rows = Difficulty.objects.visible_to(scope)
    if day is not None:
        rows = rows.filter(Q(ends_on__lte=day) | Q(written_at__lt=ends_at(day)))
    return stood_on(_whole(rows), day)


def _whole(rows: QuerySet[Difficulty]) -> QuerySet[Difficulty]:
    return named_by_unit(rows.select_related("programme", "office", "unit").prefetch_related("proposals"))


def narrowed(rows: QuerySet[Difficulty], wanted: DifficultyFilter) -> QuerySet[Difficulty]:
    """Keep what a filter asks for."""
    if wanted.programme:
        rows = rows.filter(programme__code=wanted.programme)
    if wanted.unit:
        rows = rows.filter(unit__isnull=True) if wanted.unit == TOWN else rows.filter(unit__uid=wanted.unit)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.period:
        rows = rows.filter(period=wanted.period)
    if wanted.office:
        rows = rows.filter(office__code=wanted.office)
    if wanted.addressee:
        asked = DifficultyProposal.objects.filter(addressee=wanted.addressee).values("difficulty")
        rows = rows.filter(pk__in=asked)
    return rows.search(wanted.q) if wanted.q else rows  # type: ignore[attr-defined,no-any-return]


def difficulty_list(scope: Scope, wanted: DifficultyFilter) -> QuerySet[Difficulty]:
    """Return the entries of a list: the newest period first, then by programme."""
    rows = narrowed(difficulties_seen(scope), wanted)
    return rows.order_by("-ends_on", "-starts_on", "programme__position", "pk")


@dataclass(frozen=True, slots=True)
class DifficultyCounts:
    """How many entries there are by status, before a status is chosen."""

    by_status: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def open(self) -> int:
        return self.by_status[OPEN]


def _counted(rows: QuerySet[Difficulty]) -> DifficultyCounts:
    asked = {value: Count("pk", filter=Q(status=value)) for value in Difficulty.Status.values}
    return DifficultyCounts(rows.order_by().aggregate(**asked))


def difficulty_counts(scope: Scope, wanted: DifficultyFilter) -> DifficultyCounts:
    """Count what the filter finds in any status: one query."""
    return _counted(narrowed(Difficulty.objects.visible_to(scope), replace(wanted, status="")))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the entries that a reader sees can be narrowed by."""

    programmes: tuple[Programme, ...]
    units: tuple[UnitVersion, ...]
    offices: tuple[Office, ...]
    periods: tuple[str, ...]


def choices_of(scope: Scope) -> Choices:
    """Return the programmes, communes, offices and periods that have an entry: four queries."""
    seen = Difficulty.objects.visible_to(scope)
    periods = seen.order_by("-ends_on", "-starts_on").values_list("period", flat=True)
    return Choices(
        programmes=tuple(Programme.objects.filter(pk__in=seen.values("programme")).order_by("position")),
        units=tuple(last_names(seen.filter(unit__isnull=False).values("unit"))),
        offices=tuple(Office.objects.filter(pk__in=seen.values("office")).order_by("sort_key")),
        periods=tuple(dict.fromkeys(periods)),
    )


@dataclass(frozen=True, slots=True)
class DifficultyPage:
    """An entry and all that its page shows; `tasks` are those that came of it and that the reader sees."""

    difficulty: Difficulty
    entries: list[DifficultyEntry]
    tasks: list[Task]


def difficulty_page(scope: Scope, difficulty_id: int, day: date | None = None) -> DifficultyPage:
    """Return an entry with its proposals, history and tasks, of what there was by a day if one is given: five queries.

    Raises:
        Difficulty.DoesNotExist: outside the reader's scope, or not there by the day.
    """
    found: Difficulty = difficulties_seen(scope, day).get(pk=difficulty_id)
    entries, tasks = found.entries.order_by("-at", "-pk"), tasks_seen(scope, day).filter(difficulty=found)
    if day is not None:
        entries = entries.filter(at__lt=ends_at(day))
    shown = Permission.TASKS_VIEW in scope.permissions
    return DifficultyPage(found, list(entries), list(tasks.order_by("pk")) if shown else [])


# --- The pages of a commune and of a programme ----------------------------------------------------------------------


def open_of_programme(scope: Scope, programme: Programme) -> int | None:
    """Count the open entries of a programme that a reader sees; None for who may not see any. One query."""
    if Permission.DIFFICULTIES_VIEW not in scope.permissions:
        return None
    return Difficulty.objects.visible_to(scope).filter(programme=programme, status=OPEN).count()


def open_by_programme(scope: Scope) -> dict[str, int] | None:
    """Count the open entries that a reader sees by the code of their programme; None for who may not see any."""
    if Permission.DIFFICULTIES_VIEW not in scope.permissions:
        return None
    rows = Difficulty.objects.visible_to(scope).filter(status=OPEN).order_by()
    return dict(rows.values_list("programme__code").annotate(n=Count("pk")))


@dataclass(frozen=True, slots=True)
class UnitDifficulties:
    """The entries of a commune: how many there are by status, and the newest open ones."""

    counts: DifficultyCounts
    first: tuple[Difficulty, ...]


TOLD = 3


def unit_difficulties(scope: Scope, unit_id: int) -> UnitDifficulties | None:
    """Return the entries of a commune; None where there are none, or none for this reader. At most three queries."""
    if Permission.DIFFICULTIES_VIEW not in scope.permissions:
        return None
    rows = Difficulty.objects.visible_to(scope).filter(unit=unit_id)
    counts = _counted(rows)
    if not counts.open and not counts.by_status[RESOLVED]:
        return None
    first = rows.filter(status=OPEN).select_related("programme").order_by("-ends_on", "pk")[:TOLD]
    return UnitDifficulties(counts, tuple(first))


# --- The period report ----------------------------------------------------------------------------------------------


def difficulties_until(unit_ids: Iterable[int] | None, since: date, until: date) -> list[Difficulty]:
    """Return the entries that a report can tell, as they stood on its last day: see `rules.difficulties.told_in`.

    Two queries, for units one more.

    Args:
        unit_ids: communes, with what passed wholly into them; None for the whole town with all that is in it.
    """
    rows = Difficulty.objects.exclude(status=WITHDRAWN).filter(ends_on__lte=until)
    rows = rows.filter(Q(ends_on__gte=since) | Q(resolved_on__isnull=True) | Q(resolved_on__gte=since))
    if unit_ids is not None:
        rows = rows.filter(unit__in=with_predecessors(unit_ids))
    # What concerns the whole town first, then the communes by their names.
    place = F("unit_order").asc(nulls_first=True)
    return list(stood_on(_whole(rows), until).order_by("programme__position", place, "ends_on", "pk"))
