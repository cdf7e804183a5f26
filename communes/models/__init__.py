"""What is stored about places, offices, the scope of people, and households."""

from communes.models.access import RoleAssignment
from communes.models.households import (
    Household,
    HouseholdMember,
    HouseholdStay,
    HouseholdSuccession,
    Relation,
)
from communes.models.offices import Office
from communes.models.persons import Person
from communes.models.units import (
    Unit,
    UnitGroup,
    UnitGroupMember,
    UnitKind,
    UnitSuccession,
    UnitVersion,
    UnitZone,
)
from communes.models.villages import Village, VillageVersion

__all__ = [
    "Household",
    "HouseholdMember",
    "HouseholdStay",
    "HouseholdSuccession",
    "Office",
    "Person",
    "Relation",
    "RoleAssignment",
    "Unit",
    "UnitGroup",
    "UnitGroupMember",
    "UnitKind",
    "UnitSuccession",
    "UnitVersion",
    "UnitZone",
    "Village",
    "VillageVersion",
]
