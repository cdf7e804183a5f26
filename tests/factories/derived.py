"""A small town whose second question is the poverty rate that the register of households gives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from communes.models import Household, PovertyStandard, Village
from communes.services.counts import count_villages
from communes.services.households import HouseholdEntry, MemberEntry, PersonEntry, register_households
from indicators.models import DataElement, IndicatorVersion, Norm
from tests.factories.classifications import make_classification, make_standard
from tests.factories.households import make_village
from tests.factories.world import World, make_world

ELEMENT = "roads"  # made the poverty rate of the small set: at most 2.2 %
HOMES = 250


def make_derived_world() -> World:
    world = make_world()
    DataElement.objects.filter(code=ELEMENT).update(
        derived_from="poor_and_near_poor_rate", derived_standard="standard", derived_provenance="unverified"
    )
    version = IndicatorVersion.objects.get(element__code=ELEMENT)
    IndicatorVersion.objects.filter(pk=version.pk).update(comparison="<=")
    Norm.objects.create(version=version, decision="318/QĐ-TTg", number=Decimal("2.2"), provenance="unverified")
    return world


def make_register(world: World, near_poor: int = 5, homes: int = HOMES) -> PovertyStandard:
    """Households of the commune: so many near poor, one neither, the others never reviewed."""
    made = make_standard()
    made.years.create(effective_year=2023, round_held=2022, provenance="sourced", round_provenance="sourced")
    make_village(world.commune, "thon-1")
    head = MemberEntry(relation="head", person=PersonEntry(name="Chủ Hộ Thử"))
    entries = [
        HouseholdEntry(code=f"H{at}", village="thon-1", on=date(2022, 1, 1), members=(head,)) for at in range(homes)
    ]
    register_households(by=None, entries=entries)
    for at in range(near_poor + 1):
        status = "near_poor" if at < near_poor else "not_poor"
        make_classification(Household.objects.get(code=f"H{at}"), made, status=status)
    recount()
    return made


def make_neighbour(world: World, standard: PovertyStandard, near_poor: int, name: str = "thon-2") -> None:
    """Households of another commune, so many of them near poor and thirty never reviewed."""
    make_village(world.communes[1], name)
    head = MemberEntry(relation="head", person=PersonEntry(name="Chủ Hộ Thử"))
    codes = [f"{name}-{at}" for at in range(near_poor + 30)]
    day = date(2022, 1, 1)
    register_households(
        by=None, entries=[HouseholdEntry(code=code, village=name, on=day, members=(head,)) for code in codes]
    )
    for code in codes[:near_poor]:
        make_classification(Household.objects.get(code=code), standard, status="near_poor")
    recount()


def recount() -> None:
    count_villages(list(Village.objects.values_list("pk", flat=True)))
