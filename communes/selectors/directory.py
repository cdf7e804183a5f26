"""Units as they were on a day, with what led to them and what came of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from communes.models import Unit, UnitGroup, UnitGroupMember, UnitSuccession, UnitVersion, UnitZone
from communes.scope import Scope
from mongcai_portal.common.models import in_force_q


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit on a day. `in_force` False: it did not exist then, and `version` is the nearest one."""

    unit: Unit
    version: UnitVersion
    in_force: bool
    versions: tuple[UnitVersion, ...]
    zones: tuple[UnitZone, ...]
    groups: tuple[str, ...]
    predecessors: tuple[UnitSuccession, ...]
    successors: tuple[UnitSuccession, ...]

    @property
    def exists_from(self) -> date | None:
        return self.versions[0].valid_from

    @property
    def exists_to(self) -> date | None:
        return self.versions[-1].valid_to


def _with_history(units: QuerySet[Unit], day: date) -> QuerySet[Unit]:
    memberships = UnitGroupMember.objects.filter(in_force_q(day), in_force_q(day, "group__")).select_related("group")
    return units.prefetch_related(
        Prefetch("versions", UnitVersion.objects.select_related("parent").order_by("valid_from", "pk")),
        Prefetch("zones", UnitZone.objects.filter(in_force_q(day)).order_by("zone")),
        Prefetch("memberships", memberships.order_by("group__code")),
        Prefetch("successions", UnitSuccession.objects.select_related("successor").order_by("effective_on", "pk")),
        Prefetch("precessions", UnitSuccession.objects.select_related("predecessor").order_by("effective_on", "pk")),
    )


def units_on(day: date, scope: Scope) -> QuerySet[Unit]:
    """Return the units of the day that the scope sees, annotated as `UnitQuerySet.on`: six queries for any number."""
    return _with_history(Unit.objects.on(day).visible_to(scope), day)


def unit_by_uid(uid: str, day: date, scope: Scope) -> Unit:
    """Return a unit that the scope sees, whether or not it existed on the day.

    Raises:
        Unit.DoesNotExist: no such unit in the scope.
    """
    return _with_history(Unit.objects.visible_to(scope), day).get(uid=uid)


def card(unit: Unit, day: date) -> UnitCard:
    """Describe a unit loaded by one of the functions above: no query."""
    # The open start sorts first on one database and last on the other.
    versions = tuple(sorted(unit.versions.all(), key=lambda v: v.valid_from or date.min))
    version = next((v for v in versions if v.holds_on(day)), None)
    past = [v for v in versions if v.valid_from is None or v.valid_from <= day]
    return UnitCard(
        unit=unit,
        version=version or (past[-1] if past else versions[0]),
        in_force=version is not None,
        versions=versions,
        zones=tuple(unit.zones.all()),
        groups=tuple(m.group.code for m in unit.memberships.all()),
        predecessors=tuple(unit.precessions.all()),
        successors=tuple(unit.successions.all()),
    )


def cards(units: Iterable[Unit], day: date) -> list[UnitCard]:
    """Describe many units."""
    return [card(unit, day) for unit in units]


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
