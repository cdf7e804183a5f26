"""The page of one household: as it was on a day, and everything that its rows know of before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.models import Household, HouseholdMember, HouseholdSuccession
from communes.scope import Scope
from communes.selectors.households import HouseholdView, Kinship, household_on, kinship_of
from communes.selectors.residences import Residence, residences_of
from mongcai_portal.accounts.permissions import Permission


@dataclass(frozen=True, slots=True)
class HouseholdCard:
    """A household on a day, with its history.

    `asked` is the day that was asked for; `view.day` is the nearest one on which the household was in the register.
    `known` are the relatives in `kinship` whose pages open to the reader.
    """

    asked: date
    view: HouseholdView
    memberships: tuple[HouseholdMember, ...]
    residences: tuple[Residence, ...]
    successions: tuple[HouseholdSuccession, ...]
    kinship: Kinship
    known: frozenset[int]
    edits: bool
    unmasks: bool

    @property
    def household(self) -> Household:
        return self.view.household

    @property
    def residence(self) -> Residence | None:
        """Where the household lived on the day."""
        day = self.view.day
        return next(
            (one for one in self.residences if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)),
            None,
        )


def household_card(scope: Scope, household_id: int, day: date) -> HouseholdCard:
    """Return a household with its history; a constant number of queries, and one more for each generation of it.

    Raises:
        Household.DoesNotExist: the reader does not see it.
    """
    household: Household = Household.objects.visible_to(scope).get(pk=household_id)
    there = max(day, household.valid_from)
    if household.valid_to is not None:
        there = min(there, household.valid_to)
    kinship = kinship_of(household)
    relatives = set(kinship.codes) - {household.pk}
    known = (
        frozenset(Household.objects.visible_to(scope).filter(pk__in=relatives).values_list("pk", flat=True))
        if relatives
        else frozenset()
    )
    rows = HouseholdSuccession.objects.filter(predecessor=household) | HouseholdSuccession.objects.filter(
        successor=household
    )
    return HouseholdCard(
        asked=day,
        view=household_on(scope, household_id, there),
        memberships=tuple(household.members.select_related("person").order_by("valid_from", "pk")),
        residences=residences_of(household.stays.all()),
        successions=tuple(rows.select_related("predecessor", "successor").order_by("effective_on", "pk")),
        kinship=kinship,
        known=known,
        edits=_may(scope, household, Permission.HOUSEHOLDS_EDIT),
        unmasks=_may(scope, household, Permission.HOUSEHOLDS_UNMASK),
    )


def _may(scope: Scope, household: Household, permission: str) -> bool:
    """Whether a permission is held for this household; nothing is asked of who has it nowhere."""
    if permission not in scope.permissions:
        return False
    return bool(Household.objects.with_permission(scope, permission).filter(pk=household.pk).exists())
