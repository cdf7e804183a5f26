"""What the register says of an area on the days that counts are published for, as a reader may see it.

Counts are published for the last days of years, and for today (`poverty_published`). Of days in between nothing is told
to readers outside: a single decision changes a total from one day to the next, and the difference would be the few
households of one commune.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, Q, Sum

from communes.models import (
    Classification,
    HouseholdCount,
    HouseholdStay,
    PovertyStandard,
    ReviewDecision,
    StandardYear,
    UnitKind,
    UnitVersion,
    VillageVersion,
)
from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR, UNDETERMINED
from communes.rules.poverty.disclosure import LARGEST, TOTAL, Published, few
from communes.selectors.count_freshness import StaleUnits, stale_since, stale_units
from communes.selectors.poverty_counts import PovertyCount, poverty_counts
from communes.selectors.poverty_published import published, units_with_rate
from mongcai_portal.common.models import Provenance, in_force_q

# The units whose villages hold households.
KINDS = frozenset({UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE})


@dataclass(frozen=True, slots=True)
class StandardName:
    """How a standard is called, and which text it is from; `area` is the uid of the province whose own it is."""

    code: str
    name_vi: str
    name_en: str
    decision: str
    area: str


@dataclass(frozen=True, slots=True)
class AreaDay:
    """What the register says of an area on a published day under one standard.

    `units` are the communes and wards of the area on the day, `counted` those of them that have households in the
    register. `table` is the published one of all units of the register, of which these are some. `complete` says that
    the register holds households beside those that were reviewed: without them there is nothing to take a rate of.
    `known`: the reader looks after all households of the area. `stale`: the units, of the area or not, whose counts
    lack something that the register holds already.
    """

    day: date
    standard: StandardName
    units: frozenset[int]
    counted: frozenset[int]
    table: Published
    complete: bool
    known: bool
    # The units with households beside those that were reviewed.
    full: frozenset[int] = frozenset()
    stale: StaleUnits = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every commune and ward of the area is in the register."""
        return bool(self.units) and self.units == self.counted

    @property
    def stale_since(self) -> datetime | None:
        """Since when the counts of the area lack something; None when they do not."""
        return stale_since(self.stale, self.units)

    def number(self, status: str) -> int | None:
        """Return the households of a class (`total`: of all), None where the reader may not see how many.

        Of some units of the register no total is published; what can be added from what is shown may be shown.
        """
        column = TOTAL if status == "total" else status
        if self.everywhere:
            return self.table[TOTAL, column]
        parts = [self.table[unit, column] for unit in self.counted]
        return None if None in parts else sum(part for part in parts if part is not None)

    def of(self, unit: int) -> AreaDay:
        """Return what the same table says of one unit of the area."""
        alone = frozenset({unit})
        return replace(
            self, units=alone, counted=self.counted & alone, full=self.full & alone, complete=unit in self.full,
            known=False,
        )  # fmt: skip

    @property
    def everywhere(self) -> bool:
        """Whether the register holds no unit outside the area."""
        return {key[0] for key in self.table.cells} - {TOTAL} <= self.counted


def published_day(as_of: date, today: date) -> date:
    """Return the newest day by `as_of` for which counts are published: the end of a year, or today."""
    if as_of >= today:
        return today
    return as_of if (as_of.month, as_of.day) == (12, 31) else date(as_of.year - 1, 12, 31)


def area_days(area: str, days: Iterable[date], *, seen: frozenset[int] | None) -> dict[date, tuple[AreaDay, ...]]:
    """Return what the register says of an area on published days, the whole country's standard first.

    Three queries, and one for each day. A standard by which nobody is classified by a day says nothing of it: nobody
    said that there were no poor.

    Args:
        area: uid of a commune, or of what holds communes.
        seen: the units whose households the reader looks after; None: all.
    """
    named: dict[int, dict[int, StandardName]] = defaultdict(dict)
    for year, pk, code, name_vi, name_en, decision, own in StandardYear.objects.values_list(
        "effective_year", "standard", "standard__code", "standard__name_vi", "standard__name_en",
        "standard__decision", "standard__area__uid",
    ):  # fmt: skip
        named[year][pk] = StandardName(code, name_vi, name_en, decision, own or "")
    wanted = sorted(set(days)) if named else []
    maps = _units_of(area, wanted) if wanted else {}
    stale = stale_units(wanted) if wanted else {}
    return {day: tuple(_on(day, maps[day], named, seen, stale[day])) for day in wanted}


def _on(
    day: date,
    units: frozenset[int],
    named: Mapping[int, Mapping[int, StandardName]],
    seen: frozenset[int] | None,
    stale: StaleUnits,
) -> list[AreaDay]:
    # Those that count for its year, and for the next what a round has classified by already.
    standards = {**named.get(day.year + 1, {}), **named.get(day.year, {})}
    version = "village__versions"
    rows = (
        HouseholdCount.objects.filter(
            in_force_q(day) & in_force_q(day, f"{version}__") & (Q(standard__in=standards) | Q(standard__isnull=True))
        )
        .order_by()
        .values_list("standard", f"{version}__unit", "status")
        .annotate(Sum("households"))
    )
    sums: dict[int | None, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for standard, unit, status, households in rows:
        sums[standard][unit][status] += households
    everyone = sums.pop(None, {})
    found = []
    for pk, own in sums.items():
        if pk is None:
            continue
        counts = {unit: _count(unit, everyone[unit][""], own.get(unit, Counter())) for unit in everyone}
        full = frozenset(unit for unit, count in counts.items() if unit in units and count.unclassified)
        found.append(
            AreaDay(
                day,
                standards[pk],
                units,
                frozenset(unit for unit in counts if unit in units),
                published(counts.values(), seen),
                bool(full),
                seen is None or units <= seen,
                full,
                stale,
            )
        )
    order = {pk: at for at, pk in enumerate(standards)}
    by_code = {standards[pk].code: order[pk] for pk in standards}
    this_year = {name.code for name in named.get(day.year, {}).values()}
    return sorted(
        found, key=lambda one: (one.standard.code not in this_year, one.standard.area, by_code[one.standard.code])
    )


def _count(unit: int, households: int, found: Counter[str]) -> PovertyCount:
    return PovertyCount(unit, households, found[POOR], found[NEAR_POOR], found[NOT_POOR], found[UNDETERMINED])


def _units_of(area: str, days: Collection[date]) -> dict[date, frozenset[int]]:
    """Return the communes and wards of an area on each of the days: one query."""
    versions = list(
        UnitVersion.objects.values_list("unit_id", "unit__uid", "kind", "parent_id", "valid_from", "valid_to")
    )
    found = {}
    for day in days:
        known = {
            unit: (uid, kind, parent)
            for unit, uid, kind, parent, first, last in versions
            if (first is None or first <= day) and (last is None or day <= last)
        }
        inside = set()
        for unit, (_uid, kind, _parent) in known.items():
            at, passed = unit, set()
            while at in known and at not in passed:
                passed.add(at)
                if known[at][0] == area and kind in KINDS:
                    inside.add(unit)
                at = known[at][2]
        found[day] = frozenset(inside)
    return found


# --- What it rests on ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """What counts by a day rest on: the weakest mark of any classification, and when the last decision was recorded."""

    provenance: str
    recorded_at: datetime | None


def ground_of(day: date, standards: Collection[str]) -> Ground:
    """Return what the counts of a day under standards rest on: two queries."""
    marks = set(
        Classification.objects.exclude(provenance=Provenance.SOURCED)
        .filter(standard__code__in=standards, valid_from__lte=day)
        .order_by()
        .values_list("provenance", flat=True)
        .distinct()
    )
    weakest = next(
        (one for one in (Provenance.ILLUSTRATIVE, Provenance.UNVERIFIED, Provenance.MISSING) if one in marks),
        Provenance.SOURCED,
    )
    newest = ReviewDecision.objects.filter(decided_on__lte=day).aggregate(newest=Max("recorded_at"))["newest"]
    return Ground(str(weakest), newest)


# --- The rate of one unit --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PoorRate:
    """Poor and near-poor households among all of a unit on a day, under a standard.

    `illustrative`: some of them are placeholders of a demonstration.
    """

    standard: str
    day: date
    poor: int
    near_poor: int
    households: int
    illustrative: bool = False

    @property
    def few(self) -> bool:
        """Whether so few are poor or near poor that the rate would tell how many: 1 to 4."""
        return few(self.poor + self.near_poor)

    @property
    def percent(self) -> Decimal:
        """In percent, with the four decimals of a column; of few households what four of them would be: at most that.

        Whoever reads a rate and knows how many households there are knows how many it stands for.
        """
        told = LARGEST if self.few else self.poor + self.near_poor
        return (Decimal(told) * 100 / self.households).quantize(Decimal("0.0001"))


# Households of a unit below which four of them and one differ by more than one percent of all.
SMALLEST_UNIT = 300


def rates_told(day: date, standard: str) -> dict[int, PovertyCount]:
    """Return the counts of the units whose rate the register says, and may say, on a day: two queries.

    It does not say it while nobody of the unit is classified under the standard, while somebody's class is
    undetermined, and while the register holds only households that were reviewed, so that there is nothing to take a
    rate of. Of few poor in a small unit it does not either: what is told of few (`PoorRate.percent`) would be too far
    from what they are. It may not where the rate would give back what the published table leaves out to keep another
    unit's small number safe (`rules.poverty.disclosure_rates`): then the commune reports it itself.
    """
    if not PovertyStandard.objects.filter(code=standard).exists():
        return {}
    counts = poverty_counts(day, standard)
    exact = units_with_rate(counts.values())
    return {
        count.key: count
        for count in counts.values()
        if isinstance(count.key, int)
        and count.poor + count.near_poor + count.not_poor
        and not count.undetermined
        and count.unclassified
        and (count.households >= SMALLEST_UNIT if few(count.poor + count.near_poor) else count.key in exact)
    }


def poor_rate(unit_id: int, day: date, standard: str) -> PoorRate | None:
    """Return the rate of a unit; None where the register does not say it, or may not (`rates_told`): four queries."""
    found = rates_told(day, standard).get(unit_id)
    if found is None:
        return None
    villages = VillageVersion.objects.filter(in_force_q(day), unit=unit_id).values("village")
    placeholders = HouseholdStay.objects.filter(in_force_q(day), village__in=villages, household__illustrative=True)
    return PoorRate(standard, day, found.poor, found.near_poor, found.households, placeholders.exists())
