"""How many came into a class and left it between two days, and who went from which class to which.

Read from the register itself, household by household, but only those that were ever of the classes asked about: a
province has few of them. The rule (`rules.poverty.flows`) makes the account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from communes.models import Classification, Household, HouseholdStay, PovertyStandard, VillageVersion
from communes.models.classifications import Origin
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.flows import BOUNDARY, TRANSFER, UNCLASSIFIED, Account, Life, accounts, matrix

_FETCH = 5000
OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Flows:
    """The accounts of places and classes between two days, and the change of classes of each place's households.

    `accounts` by (place, class). `changes`: how many were one class at the opening and are another at the closing, in
    all the places together (`absent`: not there on that day); pairs of which neither is asked about are left out.
    """

    opening: date
    closing: date
    standard: str
    accounts: Mapping[tuple[Hashable, str], Account]
    changes: Mapping[tuple[str, str], int]


def poverty_flows(
    opening: date,
    closing: date,
    standard: str,
    *,
    places: Mapping[int, Hashable] | None = None,
    by_village: bool = False,
    classes: Iterable[str] = (POOR, NEAR_POOR),
) -> Flows:
    """Return the flows from the end of one day to the end of another: six queries.

    Args:
        standard: its code.
        places: what a unit counts as, by its number: units of one place are counted together, and what moves between
            them moves nowhere. Other units are outside. None: each unit is a place.
        by_village: each village of these units is a place, by its number.
        classes: those asked about.

    Raises:
        PovertyStandard.DoesNotExist: no such standard. ValueError: the closing day is before the opening one.
    """
    asked = frozenset(classes)
    lives = list(_lives(closing, standard, places, asked, by_village))
    found = accounts(lives, opening, closing)
    inside = None if places is None else frozenset(places.values())
    if inside is not None and by_village:
        inside = frozenset(where for life in lives for _since, where, _cause in life.places) - {OUTSIDE}
    return Flows(
        opening,
        closing,
        standard,
        {key: one for key, one in found.items() if key[1] in asked and (places is None or key[0] != OUTSIDE)},
        {pair: number for pair, number in matrix(lives, opening, closing, inside).items() if asked.intersection(pair)},
    )


def _lives(
    until: date, standard: str, places: Mapping[int, Hashable] | None, classes: frozenset[str], by_village: bool
) -> Iterator[Life]:
    number = PovertyStandard.objects.values_list("pk", flat=True).get(code=standard)
    rows = Classification.objects.filter(standard=number, valid_from__lte=until)
    some = Household.objects.filter(valid_from__lte=until)
    if UNCLASSIFIED not in classes:
        some = some.filter(pk__in=rows.filter(status__in=classes).values("household"))
    ids = some.values("pk")
    statuses: dict[int, list[tuple[date, str, bool]]] = defaultdict(list)
    of_households = rows.filter(household__in=ids).order_by("household", "valid_from")
    for household, since, status, origin in of_households.values_list(
        "household", "valid_from", "status", "origin"
    ).iterator(_FETCH):
        statuses[household].append((since, status, origin == Origin.OPENING_LIST))
    stays: dict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    of_stays = HouseholdStay.objects.filter(household__in=ids).order_by("household", "valid_from")
    for household, *stay in of_stays.values_list("household", "village", "valid_from", "valid_to").iterator(_FETCH):
        stays[household].append(tuple(stay))
    units = _units({village for rows in stays.values() for village, _first, _last in rows})
    columns = ("pk", "valid_from", "began_as", "valid_to", "ended_as")
    for pk, first, began_as, last, ended_as in some.order_by("pk").values_list(*columns).iterator(_FETCH):
        places_of = tuple(_places(stays[pk], units, places, by_village))
        if places_of:
            yield Life(pk, first, began_as, places_of, tuple(statuses[pk]), last, ended_as)


def _units(villages: Iterable[int]) -> dict[int, list[tuple[date, date | None, int]]]:
    found: dict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    rows = VillageVersion.objects.filter(village__in=list(villages)).values_list(
        "village", "valid_from", "valid_to", "unit"
    )
    for village, first, last, unit in rows:
        found[village].append((first or date.min, last, unit))
    for versions in found.values():
        versions.sort(key=lambda version: version[0])
    return found


def _places(
    stays: Iterable[tuple[int, date, date | None]],
    units: Mapping[int, list[tuple[date, date | None, int]]],
    places: Mapping[int, Hashable] | None,
    by_village: bool,
) -> Iterator[tuple[date, Hashable, str]]:
    """Pass on where a household is counted from which day on, and whether it went there or the boundary did."""
    for village, first, last in stays:
        cause = TRANSFER
        for since, until, unit in units.get(village, ()):
            if (last is None or since <= last) and (until is None or until >= first):
                where = unit if places is None else places.get(unit, OUTSIDE)
                yield max(first, since), village if by_village and where != OUTSIDE else where, cause
                cause = BOUNDARY
