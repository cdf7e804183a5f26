"""Writing the register of households: every verb asks for the permission, names every fault, and is audited."""

from communes.services.households.entries import HouseholdEntry, MemberEntry, PersonEntry
from communes.services.households.erasure import Erased, Retention, erase_due, erase_on_order, retention
from communes.services.households.heads import change_head
from communes.services.households.keys import Rotated, rotate_keys
from communes.services.households.lineage import NewHousehold, merge_households, split_household
from communes.services.households.listing import ListRead, note_file, note_list, units_read
from communes.services.households.members import add_member, remove_member, transfer_member
from communes.services.households.moves import correct_household, end_household, move_household
from communes.services.households.persons import correct_person
from communes.services.households.reading import Unmasked, note_view, note_views, unmask
from communes.services.households.register import register_household, register_households

__all__ = [
    "Erased",
    "HouseholdEntry",
    "ListRead",
    "MemberEntry",
    "NewHousehold",
    "PersonEntry",
    "Retention",
    "Rotated",
    "Unmasked",
    "add_member",
    "change_head",
    "correct_household",
    "correct_person",
    "end_household",
    "erase_due",
    "erase_on_order",
    "merge_households",
    "move_household",
    "note_file",
    "note_list",
    "note_view",
    "note_views",
    "register_household",
    "register_households",
    "remove_member",
    "retention",
    "rotate_keys",
    "split_household",
    "transfer_member",
    "units_read",
    "unmask",
]
