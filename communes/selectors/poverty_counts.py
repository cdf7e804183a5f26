"""How many households are poor, near poor or neither: by place, standard, ethnic group, area type, on any day.

Read from what the services keep beside the register (`HouseholdCount`), so that a million households answer as soon as
a hundred. A count always stands under a standard; two that hold at once are two counts. These are exact numbers: who
shows them to readers outside goes through `rules.poverty.disclosure`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from communes.models import (
    Classification,
    Household,
    HouseholdCount,
    HouseholdStay,
    PovertyStandard,
    StandardYear,
    UnitVersion,
    VillageVersion,
)
from communes.rules.places import area_type
from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR, UNDETERMINED
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.numbers import percentage

BY_UNIT, BY_VILLAGE, BY_ETHNICITY, BY_AREA_TYPE, ALTOGETHER = "unit", "village", "ethnicity", "area_type", ""
_VERSION = "village__versions"
_UNIT = f"{_VERSION}__unit"


@dataclass(frozen=True, slots=True)
class PovertyCount:
    """Households of one kind: all of the register, and what they are under the standard.

    `key`: the number of the unit or village, the code of the ethnic group or area type ("" when neither), or None.
    """

    key: Hashable
    households: int
    poor: int
    near_poor: int
    not_poor: int
    undetermined: int

    @property
    def unclassified(self) -> int:
        """Households that no round or list has classified under the standard."""
        return self.households - self.poor - self.near_poor - self.not_poor - self.undetermined

    @property
    def poor_rate(self) -> Decimal | None:
        """Poor among all households, in percent to one decimal; None where there is none."""
        return percentage(self.poor, self.households)

    @property
    def near_poor_rate(self) -> Decimal | None:
        return percentage(self.near_poor, self.households)


def poverty_counts(
    as_of: date,
    standard: str,
    *,
    by: str = BY_UNIT,
    units: Collection[int] | None = None,
    ethnicities: Collection[str] | None = None,
    area: str | None = None,
) -> dict[Hashable, PovertyCount]:
    """Return the counts of a day under a standard, by what is asked for: three queries at most.

    Args:
        standard: its code.
        by: `unit`, `village`, `ethnicity` (of the head), `area_type`, or "" for one count of all (key None).
        units: only households of these units; None: of all.
        ethnicities: only households whose head is of these groups.
        area: only `rural` or `urban`.

    Raises:
        PovertyStandard.DoesNotExist: no such standard.
    """
    number = PovertyStandard.objects.values_list("pk", flat=True).get(code=standard)
    area_of = _area_types(as_of) if area is not None or by == BY_AREA_TYPE else {}
    if area is not None:
        units = [unit for unit, one in area_of.items() if one == area and (units is None or unit in units)]
    # One condition, so that it is one version of the village that is of the day and of the unit.
    wanted = in_force_q(as_of) & in_force_q(as_of, f"{_VERSION}__") & (Q(standard=number) | Q(standard__isnull=True))
    if units is not None:
        wanted &= Q(**{f"{_UNIT}__in": list(units)})
    if ethnicities is not None:
        wanted &= Q(ethnicity__in=list(ethnicities))
    column = {BY_UNIT: _UNIT, BY_VILLAGE: "village", BY_ETHNICITY: "ethnicity", BY_AREA_TYPE: _UNIT, ALTOGETHER: ""}[by]
    columns = ("status", *([column] if column else []))
    rows = HouseholdCount.objects.filter(wanted).order_by().values_list(*columns).annotate(Sum("households"))
    sums: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for status, *key, households in rows:
        found: Hashable = key[0] if key else None
        sums[area_of.get(key[0], "") if by == BY_AREA_TYPE else found][status] += households
    return {key: _counted(key, found) for key, found in sums.items()}


def poverty_count(as_of: date, standard: str, *, units: Collection[int] | None = None) -> PovertyCount:
    """Return one count of all households (of these units): as `poverty_counts`, zeros where there is none."""
    found = poverty_counts(as_of, standard, by=ALTOGETHER, units=units)
    return found.get(None) or PovertyCount(None, 0, 0, 0, 0, 0)


def year_ends(
    years: Iterable[int], standard: str, *, units: Collection[int] | None = None, today: date
) -> dict[int, PovertyCount]:
    """Return the counts of the last days of years, of the present one as of today; years to come have none."""
    return {
        year: poverty_count(min(date(year, 12, 31), today), standard, units=units)
        for year in years
        if date(year, 1, 1) <= today
    }


def standards_counting(as_of: date) -> tuple[str, ...]:
    """Return the codes of the standards that the counts of a day stand under: one query.

    Those of its year, and those of the next that a round has classified by already.
    """
    classified = PovertyStandard.objects.filter(classifications__valid_from__lte=as_of)
    rows = StandardYear.objects.filter(
        Q(effective_year=as_of.year) | Q(effective_year=as_of.year + 1, standard__in=classified)
    )
    return tuple(rows.order_by("standard__code").values_list("standard__code", flat=True).distinct())


def last_counted(today: date) -> tuple[str, date] | None:
    """Return the standard under which a count changed last, and the day; None where nothing is counted: one query."""
    rows = HouseholdCount.objects.filter(standard__isnull=False, valid_from__lte=today)
    found = rows.order_by("-valid_from", "standard__code").values_list("standard__code", "valid_from").first()
    return (found[0], found[1]) if found else None


def register_holds(as_of: date, standard: str, *, units: Collection[int] | None = None) -> bool:
    """Whether any household (of these units) is classified under the standard by the day: two queries."""
    rows = HouseholdCount.objects.filter(standard__code=standard, valid_from__lte=as_of)
    if units is not None:
        rows = rows.filter(village__in=_units_of_villages(as_of, units).keys())
    return rows.exists()


def _counted(key: Hashable, found: Counter[str]) -> PovertyCount:
    return PovertyCount(key, found[""], found[POOR], found[NEAR_POOR], found[NOT_POOR], found[UNDETERMINED])


def _units_of_villages(day: date, units: Collection[int] | None = None) -> dict[int, int]:
    rows = VillageVersion.objects.filter(in_force_q(day))
    if units is not None:
        rows = rows.filter(unit__in=list(units))
    return dict(rows.values_list("village_id", "unit_id"))


def _area_types(day: date) -> dict[int, str]:
    rows = UnitVersion.objects.filter(in_force_q(day)).values_list("unit_id", "kind")
    return {unit: area_type(kind) or "" for unit, kind in rows}


# --- What became of those who were poor ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cohort:
    """The households that were poor on a day, and what they are on a later one; the parts add up to `poor`.

    `escaped` are near poor or neither now. `gone` left the register: they neither escaped nor stayed poor. Of the
    `undetermined` nothing is known.
    """

    key: Hashable
    poor: int
    escaped_to_near_poor: int
    escaped_to_not_poor: int
    still_poor: int
    undetermined: int
    gone: int

    @property
    def escaped(self) -> int:
        return self.escaped_to_near_poor + self.escaped_to_not_poor


def cohorts(
    since: date, as_of: date, standard: str, *, then: str | None = None, units: Collection[int] | None = None
) -> dict[int, Cohort]:
    """Return the cohort of each unit in which households were poor on the day `since`: six queries.

    Args:
        standard: by which they are judged on the later day.
        then: by which they were poor on the first one, where that is another: standards follow one another, and who was
            poor by the one is asked for by the next. None: the same.

    Raises:
        PovertyStandard.DoesNotExist: no such standard.
    """
    numbers = dict(PovertyStandard.objects.filter(code__in=[standard, then or standard]).values_list("code", "pk"))
    if unknown := {standard, then or standard} - numbers.keys():
        raise PovertyStandard.DoesNotExist(", ".join(sorted(unknown)))
    number = numbers[standard]
    unit_of = _units_of_villages(since, units)
    then_poor = Classification.objects.of_standing(since).filter(standard=numbers[then or standard], status=POOR)
    then_poor = then_poor.values("household")
    places = dict(
        HouseholdStay.objects.in_force(since).filter(household__in=then_poor).values_list("household", "village")
    )
    now = dict(
        Classification.objects.on(as_of)
        .filter(standard=number, household__in=then_poor)
        .values_list("household", "status")
    )
    there = set(Household.objects.in_force(as_of).filter(pk__in=then_poor).values_list("pk", flat=True))
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for household, village in places.items():
        if village in unit_of:
            # Whom the later standard says nothing of has not left poverty as far as anyone knows.
            sums[unit_of[village]][now.get(household, UNDETERMINED) if household in there else "gone"] += 1
    return {unit: _cohort(unit, found) for unit, found in sums.items()}


def cohort(
    since: date, as_of: date, standard: str, *, then: str | None = None, units: Collection[int] | None = None
) -> Cohort:
    """Return the cohort of all these units together: as `cohorts`, zeros where nobody was poor."""
    return added(cohorts(since, as_of, standard, then=then, units=units).values())


def added(parts: Iterable[Cohort]) -> Cohort:
    """Return the cohorts of several units as one."""
    found: Counter[str] = Counter()
    for one in parts:
        found.update(
            {
                NEAR_POOR: one.escaped_to_near_poor, NOT_POOR: one.escaped_to_not_poor, POOR: one.still_poor,
                UNDETERMINED: one.undetermined, "gone": one.gone,
            }
        )  # fmt: skip
    return _cohort(None, found)


def _cohort(key: Hashable, found: Counter[str]) -> Cohort:
    return Cohort(
        key, sum(found.values()), found[NEAR_POOR], found[NOT_POOR], found[POOR], found[UNDETERMINED], found["gone"]
    )
