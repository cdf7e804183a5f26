"""Where a unit came from and what came of it, by name and legal basis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, Subquery

from communes.models import Unit, UnitSuccession, UnitVersion
from communes.rules.lineage import Branch, Step, ancestors, descendants, past_of
from communes.scope import Scope
from mongcai_portal.common.models import Source


@dataclass(frozen=True, slots=True)
class Relative:
    """A unit before or after another, as it was called at the step between them.

    `seen`: the reader may open its page. `relatives`: those further on.
    """

    unit_id: int
    uid: str
    version: UnitVersion | None
    seen: bool
    effective_on: date
    kind: str
    legal_basis: str
    provenance: str
    source: str
    relatives: tuple[Relative, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """The predecessors and successors of a unit; `past` maps each ancestor to the day its own acts stop being ours."""

    predecessors: tuple[Relative, ...]
    successors: tuple[Relative, ...]
    past: dict[int, date]


def lineage_of(unit_id: int, scope: Scope) -> Lineage:
    """Return the lineage of a unit: two queries, however long it is."""
    rows = _successions()
    steps = {_step(row): row for row in rows}
    before, after = ancestors(steps, unit_id), descendants(steps, unit_id)
    versions = _versions({*_ids(before), *_ids(after)})
    return Lineage(
        _relatives(before, steps, versions, scope, back=True),
        _relatives(after, steps, versions, scope, back=False),
        past_of(before),
    )


def steps_into(unit_ids: Iterable[int], start: date, end: date) -> dict[int, list[UnitSuccession]]:
    """Return the steps by which units of these came to be between two days, by successor: one query."""
    found: dict[int, list[UnitSuccession]] = {}
    rows = UnitSuccession.objects.filter(successor__in=list(unit_ids), effective_on__range=(start, end))
    for row in rows.select_related("predecessor").order_by("effective_on", "pk"):
        found.setdefault(row.successor_id, []).append(row)
    return found


def heirs_of(unit_id: int) -> list[UnitVersion]:
    """Return the units that a unit last passed into, as they were on that day (see `valid_from`): two queries."""
    steps = list(UnitSuccession.objects.filter(predecessor=unit_id).order_by("-effective_on", "pk"))
    if not steps:
        return []
    day = steps[0].effective_on
    last = [step.successor_id for step in steps if step.effective_on == day]
    return list(UnitVersion.objects.in_force(day).filter(unit__in=last).order_by("sort_key"))


def _successions() -> list[UnitSuccession]:
    title = Source.objects.filter(code=OuterRef("source")).values("title")[:1]
    return list(UnitSuccession.objects.annotate(source_title=Subquery(title)).order_by("effective_on", "pk"))


def _step(row: UnitSuccession) -> Step[int]:
    return Step(row.predecessor_id, row.successor_id, row.effective_on, row.kind)


def _ids(branches: Iterable[Branch[int]]) -> set[int]:
    return {pk for branch in branches for pk in (branch.unit, *_ids(branch.branches))}


def _versions(unit_ids: Iterable[int]) -> dict[int, list[UnitVersion]]:
    found: dict[int, list[UnitVersion]] = {}
    for row in UnitVersion.objects.filter(unit__in=list(unit_ids)).select_related("unit"):
        found.setdefault(row.unit_id, []).append(row)
    return found


def _relatives(
    branches: Iterable[Branch[int]],
    steps: dict[Step[int], UnitSuccession],
    versions: dict[int, list[UnitVersion]],
    scope: Scope,
    *,
    back: bool,
) -> tuple[Relative, ...]:
    found = []
    for branch in branches:
        row = steps[branch.step]
        day = row.effective_on - timedelta(days=1) if back else row.effective_on
        known = versions.get(branch.unit, [])
        version = next((v for v in known if v.holds_on(day)), None)
        found.append(
            Relative(
                branch.unit,
                known[0].unit.uid if known else "",
                version,
                scope.sees_unit(branch.unit),
                row.effective_on,
                row.kind,
                row.legal_basis,
                row.provenance,
                row.source_title or row.source,
                _relatives(branch.branches, steps, versions, scope, back=back),
            )
        )
    return tuple(found)


def unit_of(uid: str, scope: Scope) -> Unit:
    """Return a unit that the scope sees, whenever it exists, with versions, zones and memberships: six queries.

    Raises:
        Unit.DoesNotExist: no such unit in the scope.
    """
    return (
        Unit.objects.visible_to(scope).prefetch_related("versions__parent", "zones", "memberships__group").get(uid=uid)
    )
