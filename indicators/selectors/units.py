"""The list of units on a day: what each is, what it was recognised as, and what its figures attain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from communes.models import Unit, UnitVersion
from communes.scope import Scope
from indicators.models import Attainment, Recognition
from indicators.rules.freshness import Late, latest
from indicators.selectors.attainment import latest_attainments
from indicators.selectors.freshness import late_results
from indicators.selectors.matrix import with_marks
from mongcai_portal.common.text import bare_unit_name, search_key

# The units people look for: those with a people's committee of the lowest tier.
LISTED = ("commune", "ward", "special_zone")
OTHER_DAYS = 20


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit of the day, its highest recognition in force, and what is stored of it, lower levels first.

    `late`: since when that is older than it should be.
    """

    unit: Unit
    recognition: Recognition | None
    attainments: tuple[Attainment, ...]
    late: Late | None = None


@dataclass(frozen=True, slots=True)
class UnitList:
    """The units of a day under a filter; `elsewhen` are versions that match but hold on other days."""

    day: date
    q: str
    kind: str
    rows: tuple[UnitRow, ...]
    counts: dict[str, int]
    elsewhen: tuple[UnitVersion, ...]


def matching(text: str, prefix: str = "") -> Q:
    """The condition that a version's name, with or without marks and `Xã`, or its official code matches."""
    key = search_key(bare_unit_name(text))
    found = Q(**{f"{prefix}search_key__contains": key})
    return found | Q(**{f"{prefix}official_code": text.strip()}) if text.strip().isdigit() else found


def unit_list(day: date, *, scope: Scope, q: str = "", kind: str = "") -> UnitList:
    """Return the units that the reader sees on a day: four queries, however many there are, and those of lateness."""
    listed = Unit.objects.on(day).visible_to(scope).filter(kind__in=LISTED)
    if q.strip():
        names = UnitVersion.objects.in_force(day).filter(matching(q))
        listed = listed.filter(pk__in=names.values("unit"))
    units = list(listed.order_by("sort_key", "uid"))
    shown = [unit for unit in units if kind in ("", unit.kind)]
    ids = [unit.pk for unit in shown]
    held: dict[int, Recognition] = {}
    if "recognitions.view" in scope.permissions:
        acts = Recognition.objects.in_force(day).filter(unit__in=ids).select_related("level")
        for act in acts.order_by("level__phase", "level__rank", "decided_on"):
            held[act.unit_id] = act
    stored: dict[int, list[Attainment]] = {}
    if "attainment.view" in scope.permissions:
        rows = with_marks(latest_attainments(day, scope=scope, unit_ids=ids))
        for row in rows.order_by("criteria_set__level__rank"):
            stored.setdefault(row.unit_id, []).append(row)
    late = late_results() if stored else {}
    # Levels of one phase and of the next are of different periods.
    found = {pk: latest(late.get((pk, one.period_id)) for one in own) for pk, own in stored.items()}
    return UnitList(
        day=day,
        q=q.strip(),
        kind=kind,
        rows=tuple(
            UnitRow(unit, held.get(unit.pk), tuple(stored.get(unit.pk, ())), found.get(unit.pk)) for unit in shown
        ),
        counts={one: sum(unit.kind == one for unit in units) for one in LISTED},
        elsewhen=_elsewhen(day, scope, q) if q.strip() else (),
    )


def _elsewhen(day: date, scope: Scope, q: str) -> tuple[UnitVersion, ...]:
    """Versions that match what was looked for and do not hold on the day, of units that do not exist then."""
    now = Unit.objects.filter(pk__in=UnitVersion.objects.in_force(day).values("unit"))
    rows = UnitVersion.objects.filter(matching(q), kind__in=LISTED).exclude(unit__in=now)
    if not scope.all_units:
        rows = rows.filter(unit__in=scope.unit_ids)
    return tuple(rows.select_related("unit").order_by("sort_key", "valid_to")[:OTHER_DAYS])
