"""What the pages of typing show: the figures of a unit's year, one figure with what else is said of its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from communes.models import Unit, UnitGroup, UnitKind, UnitVersion
from communes.scope import Scope
from communes.selectors.directory import names_on
from mongcai_portal.common.models import Source
from programmes.measures.facts import HOME_AREA
from programmes.measures.figures import ObservedFact
from programmes.measures.gathered import settle
from programmes.measures.registry import AREA, COMMUNES, typed_measures
from programmes.measures.values import Measure
from programmes.models import ObservedStatistic
from programmes.selectors.figures import fact_of
from programmes.selectors.seen import statistics_seen

KINDS = (UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A measure that is typed for a unit, and its figures of the year, by day; `differ`: days whose sources differ."""

    measure: Measure
    facts: tuple[ObservedFact, ...]
    differ: frozenset[date]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """The figures of a unit's year; `known` of how many there is at least one."""

    unit: Unit
    version: UnitVersion
    year: int
    rows: tuple[EntryRow, ...]

    @property
    def known(self) -> int:
        return sum(1 for row in self.rows if row.facts)


def entry_page(scope: Scope, uid: str, year: int) -> EntryPage:
    """Return the figures of a unit that the account sees, of one year: three queries.

    Raises:
        Unit.DoesNotExist: none that the account sees.
    """
    units = Unit.objects.all() if uid == HOME_AREA else Unit.objects.visible_to(scope)
    unit = units.get(uid=uid)
    version = names_on(date(year, 12, 31), [unit.pk])[unit.pk]
    found: dict[str, list[ObservedFact]] = {}
    for row in _sourced(ObservedStatistic.objects.filter(area=unit, as_of__year=year)):
        found.setdefault(row.measure, []).append(fact_of(row))
    kind = AREA if uid == HOME_AREA else COMMUNES
    return EntryPage(unit, version, year, tuple(_row(one, found.get(one.code, [])) for one in typed_measures(kind)))


def _sourced(rows: QuerySet[ObservedStatistic]) -> QuerySet[Any]:
    source = Source.objects.filter(code=OuterRef("source"))
    return (
        rows.select_related("group")
        .annotate(source_title=Subquery(source.values("title")[:1]), source_url=Subquery(source.values("url")[:1]))
        .order_by("as_of", "recorded_at", "pk")
    )


def _row(measure: Measure, facts: list[ObservedFact]) -> EntryRow:
    days = {fact.as_of for fact in facts}
    differ = {day for day in days if settle([fact for fact in facts if fact.as_of == day])[1]}
    return EntryRow(measure, tuple(facts), frozenset(differ))


@dataclass(frozen=True, slots=True)
class StatisticPage:
    """A figure, what else is or was said of its measure, unit and day, and what the unit was called then."""

    row: ObservedStatistic
    others: tuple[ObservedStatistic, ...]
    version: UnitVersion
    title: str
    url: str


def statistic_page(scope: Scope, statistic_id: int) -> StatisticPage:
    """Return a figure that the account sees: three queries.

    Raises:
        ObservedStatistic.DoesNotExist: none that the account sees.
    """
    seen = statistics_seen(scope).select_related("area", "group")
    row = _sourced(seen).get(pk=statistic_id)
    others = seen.filter(
        Q(as_of=row.as_of) | Q(replaces=row) | Q(pk=row.replaces_id), measure=row.measure, area=row.area_id
    ).exclude(pk=row.pk)
    version = names_on(row.as_of, [row.area_id])[row.area_id]
    others = others.order_by("-recorded_at", "-pk")
    return StatisticPage(row, tuple(others), version, row.source_title or row.source, row.source_url or "")


def units_for(scope: Scope, permission: str) -> list[UnitVersion]:
    """Return the town, and the communes and wards that are or were, for which the account may do this: one query.

    Each by its last name; those of today first.
    """
    units = scope.units_with(permission)
    rows = UnitVersion.objects.filter(Q(kind__in=KINDS) | Q(unit__uid=HOME_AREA)).select_related("unit")
    if units is not None:
        rows = rows.filter(unit__in=units)
    last = {v.unit_id: v for v in sorted(rows, key=lambda v: v.valid_from or date.min)}
    return sorted(last.values(), key=lambda v: (v.unit.uid != HOME_AREA, v.valid_to is not None, v.sort_key))


def groups_of(day: date) -> list[UnitGroup]:
    """Return the groups that are or were by the day: one query."""
    return list(UnitGroup.objects.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day)).order_by("code"))
