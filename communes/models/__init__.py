"""What is stored about places, offices and the scope of people."""

from communes.models.access import RoleAssignment
from communes.models.offices import Office
from communes.models.units import (
    Unit,
    UnitGroup,
    UnitGroupMember,
    UnitKind,
    UnitSuccession,
    UnitVersion,
    UnitZone,
)

__all__ = [
    "Office",
    "RoleAssignment",
    "Unit",
    "UnitGroup",
    "UnitGroupMember",
    "UnitKind",
    "UnitSuccession",
    "UnitVersion",
    "UnitZone",
]
