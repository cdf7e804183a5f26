"""Units as they were on a day, with what led to them and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, DateField, F, Prefetch, QuerySet, TextField, Value
from django.db.models.functions import Cast

from communes.models import Unit, UnitGroup, UnitGroupMember, UnitSuccession, UnitVersion, UnitZone
from communes.scope import Scope
from mongcai_portal.common.models import holds, in_force_q
from mongcai_portal.common.stamped import kept, stamp_now

ROW_SIZE = 400  # characters that a unit's rows take, about


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of how a unit's territory passed: to or from which unit, when, how and by which act."""

    unit: str
    effective_on: date
    kind: str
    legal_basis: str
    provenance: str


@dataclass(frozen=True, slots=True)
class ZoneSpan:
    """A zone that a unit lies in, and since when."""

    zone: str
    valid_from: date | None
    valid_to: date | None
    provenance: str


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit on a day. `in_force` False: it did not exist then, and `version` is the nearest one."""

    unit: Unit
    version: UnitVersion
    in_force: bool
    versions: tuple[UnitVersion, ...]
    zones: tuple[ZoneSpan, ...] = ()
    groups: tuple[str, ...] = ()
    predecessors: tuple[Passage, ...] = ()
    successors: tuple[Passage, ...] = ()

    @property
    def coded(self) -> list[UnitVersion]:
        """The versions that had an official code."""
        return [version for version in self.versions if version.official_code]

    @property
    def exists_from(self) -> date | None:
        return self.versions[0].valid_from

    @property
    def exists_to(self) -> date | None:
        return self.versions[-1].valid_to


def versions_on(day: date, scope: Scope) -> QuerySet[UnitVersion]:
    """Return what the units that the scope sees were called and were on the day: one row each."""
    rows = UnitVersion.objects.in_force(day).select_related("unit")
    return rows if scope.all_units else rows.filter(unit__in=scope.unit_ids)


def unit_by_uid(uid: str, scope: Scope) -> Unit:
    """Return a unit that the scope sees, whether or not it existed on the day.

    Raises:
        Unit.DoesNotExist: no such unit in the scope.
    """
    return Unit.objects.visible_to(scope).get(uid=uid)


def cards(units: Iterable[Unit], day: date, shown: Callable[..., bool] = lambda *names: True) -> list[UnitCard]:
    """Describe units on a day, in their order: two queries for any number.

    `shown` says of `zones`, `groups`, `predecessors` and `successors` whether they are asked for; when none is, one.
    """
    wanted = list(units)
    numbers = [unit.pk for unit in wanted]
    history: dict[int, list[UnitVersion]] = {number: [] for number in numbers}
    for version in UnitVersion.objects.filter(unit__in=numbers).select_related("parent"):
        history[version.unit_id].append(version)
    around = _around(day) if any(map(shown, (ZONE, GROUP, PREDECESSOR, SUCCESSOR))) else {}
    return [_card(unit, history[unit.pk], around.get(unit.pk, {}), day) for unit in wanted]


def _card(unit: Unit, history: list[UnitVersion], around: Mapping[str, list[Any]], day: date) -> UnitCard:
    # The open start sorts first on one database and last on the other.
    versions = tuple(sorted(history, key=lambda v: (v.valid_from or date.min, v.pk)))
    version = next((v for v in versions if v.holds_on(day)), None)
    past = [v for v in versions if v.valid_from is None or v.valid_from <= day]
    return UnitCard(
        unit=unit,
        version=version or (past[-1] if past else versions[0]),
        in_force=version is not None,
        versions=versions,
        zones=tuple(ZoneSpan(row[2], row[3], row[4], row[5]) for row in around.get(ZONE, ())),
        groups=tuple(row[2] for row in around.get(GROUP, ())),
        predecessors=tuple(_passage(row) for row in around.get(PREDECESSOR, ())),
        successors=tuple(_passage(row) for row in around.get(SUCCESSOR, ())),
    )


ZONE, GROUP, PREDECESSOR, SUCCESSOR = "zones", "groups", "predecessors", "successors"

Around = Mapping[int, Mapping[str, list[Any]]]


def _around(day: date) -> Around:
    """What four tables say of the units on the day: {unit id: {table: rows}}, kept while they stand.

    A row: unit, what it tells of, key, two days, provenance, kind, legal basis.
    """
    stamp = stamp_now().of(Unit, UnitZone, UnitGroup, UnitGroupMember, UnitSuccession)
    return kept(("around units", day), lambda: _read_around(day), stamp=stamp, size=lambda made: ROW_SIZE * len(made))


def _read_around(day: date) -> Around:
    """One union of like rows: each round trip costs more than the rows."""
    memberships = UnitGroupMember.objects.filter(in_force_q(day), in_force_q(day, "group__"))
    passed = ("provenance", "kind", "legal_basis")
    before, after = (
        _told(what, UnitSuccession.objects.all(), unit, key, "effective_on", None, *passed)
        for what, unit, key in (
            (PREDECESSOR, "successor_id", "predecessor__uid"),
            (SUCCESSOR, "predecessor_id", "successor__uid"),
        )
    )
    zones = UnitZone.objects.filter(in_force_q(day))
    rows = _told(ZONE, zones, "unit_id", "zone", "valid_from", "valid_to", "provenance").union(
        _told(GROUP, memberships, "unit_id", "group__code"), before, after, all=True
    )
    found: dict[int, dict[str, list[Any]]] = {}
    for row in sorted(rows, key=lambda row: (row[3] or date.min, row[2]) if row[6] else (date.min, row[2])):
        found.setdefault(row[0], {}).setdefault(row[1], []).append(row)
    return found


def _told(what: str, rows: QuerySet[Any], unit: str, key: str, *more: str | None) -> QuerySet[Any, Any]:
    """One arm of the union; what a table does not have is empty, and says of which type."""
    kinds = (DateField(), DateField(), CharField(), CharField(), TextField())
    columns = [*more, *[None] * (len(kinds) - len(more))]
    last = [
        Cast(F(name) if name else Value(None if isinstance(kind, DateField) else ""), kind)
        for name, kind in zip(columns, kinds, strict=True)
    ]
    return rows.order_by().values_list(F(unit), Value(what, CharField()), Cast(F(key), CharField()), *last)


def _passage(row: Any) -> Passage:
    return Passage(unit=row[2], effective_on=row[3], provenance=row[5], kind=row[6], legal_basis=row[7])


def groups_on(day: date) -> QuerySet[UnitGroup]:
    """Return the groups in force on the day with the members of that day (`members_on_day`): two queries."""
    members = UnitGroupMember.objects.filter(in_force_q(day)).select_related("unit").order_by("unit__uid")
    return UnitGroup.objects.filter(in_force_q(day)).prefetch_related(
        Prefetch("members", members, to_attr="members_on_day")
    )


def names_on(day: date, unit_ids: Iterable[int]) -> dict[int, UnitVersion]:
    """Return the version of each unit on the day, or the last one before: one query."""
    found: dict[int, UnitVersion] = {}
    rows = UnitVersion.objects.filter(unit__in=list(unit_ids))
    for row in sorted(rows, key=lambda v: (v.holds_on(day), v.valid_from or date.min)):
        if row.holds_on(day) or row.unit_id not in found or row.valid_from is None or row.valid_from <= day:
            found[row.unit_id] = row
    return found


class UnitName(NamedTuple):
    """What a unit was called, and while which days."""

    valid_from: date | None
    valid_to: date | None
    name_vi: str
    name_en: str


def spans_of_names(unit_ids: Iterable[int]) -> dict[int, list[UnitName]]:
    """Return what units were called, oldest first, for looking at many days (`name_in`): one query."""
    found = kept(
        "names of units", _read_names, stamp=stamp_now().of(UnitVersion), size=lambda made: ROW_SIZE * len(made)
    )
    return {unit_id: found[unit_id] for unit_id in unit_ids if unit_id in found}


def _read_names() -> dict[int, list[UnitName]]:
    found: dict[int, list[UnitName]] = {}
    for unit_id, *span in UnitVersion.objects.values_list("unit_id", *UnitName._fields):
        found.setdefault(unit_id, []).append(UnitName._make(span))
    for spans in found.values():
        spans.sort(key=lambda span: span.valid_from or date.min)
    return found


def name_in(spans: Sequence[UnitName], day: date) -> UnitName:
    """Return the name on the day, of at least one; the last one when the unit was gone by then."""
    return next((one for one in spans if holds(one.valid_from, one.valid_to, day)), spans[-1])
