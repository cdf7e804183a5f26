"""Accounts of people with what they hold, as the administrator reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from communes.models import Office, RoleAssignment, Unit, UnitVersion
from communes.scope import Scope
from communes.selectors.directory import names_on
from mongcai_portal.accounts.models import ApiClient, User
from mongcai_portal.accounts.services import locked_usernames
from mongcai_portal.common.text import search_key

CLOSED, WITHOUT_ROLE, OPEN = "closed", "without_role", "open"
PLACES = ("commune", "ward", "special_zone")


@dataclass(frozen=True, slots=True)
class Held:
    """A role that someone holds, with the place as it is called now; `now`: its days include today."""

    assignment: RoleAssignment
    unit: UnitVersion | None
    office: Office | None
    now: bool


@dataclass(frozen=True, slots=True)
class Person:
    """An account and its roles."""

    user: User
    held: tuple[Held, ...]
    locked: bool


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the reader asked for; empty texts ask for everything."""

    q: str = ""
    role: str = ""
    state: str = ""


def people(wanted: PeopleFilter, scope: Scope) -> QuerySet[User]:
    """Return the accounts of people under a filter, by name; the roles and locks of a page are `with_roles`.

    Who manages users of some units only sees the people who hold a role there.
    """
    rows = User.objects.filter(is_service=False).order_by("username")
    if not scope.town:
        rows = rows.filter(role_assignments__unit__in=scope.unit_ids)
    for word in search_key(wanted.q).split():
        rows = rows.filter(search_key__contains=word)
    if wanted.role:
        rows = rows.filter(role_assignments__role=wanted.role)
    if wanted.state == CLOSED:
        rows = rows.filter(is_active=False)
    elif wanted.state == WITHOUT_ROLE:
        rows = rows.filter(is_active=True, role_assignments__isnull=True)
    elif wanted.state == OPEN:
        rows = rows.filter(is_active=True)
    return rows.distinct()


def with_roles(users: Sequence[User]) -> list[Person]:
    """Return the accounts with their roles and locks: three queries for any number."""
    today = timezone.localdate()
    held = roles_of(users, today)
    locked = locked_usernames(user.username for user in users)
    return [Person(user, tuple(held[user.pk]), user.username in locked) for user in users]


def roles_of(users: Iterable[User], today: date) -> dict[int, list[Held]]:
    """Return the roles of accounts by user: two queries."""
    rows = list(
        RoleAssignment.objects.filter(user__in=[user.pk for user in users])
        .select_related("office")
        .order_by("role", "office__sort_key", "pk")
    )
    units = names_on(today, {row.unit_id for row in rows if row.unit_id})
    found: dict[int, list[Held]] = defaultdict(list)
    for row in rows:
        unit = units.get(row.unit_id) if row.unit_id else None
        found[row.user_id].append(Held(row, unit, row.office, row.holds_on(today)))
    return found


def person_of(user_id: int, scope: Scope) -> Person:
    """Return one person: four queries.

    Raises:
        User.DoesNotExist: none of this number among those seen.
    """
    return with_roles([people(PeopleFilter(), scope).get(pk=user_id)])[0]


def places(scope: Scope) -> tuple[list[UnitVersion], list[Office]]:
    """Return what roles are held for: the units seen as they are or last were, present ones first, and the offices.

    A former unit's reports may still be open, so a role for it makes sense. Two queries.
    """
    rows = (
        UnitVersion.objects.filter(kind__in=PLACES, unit__in=Unit.objects.visible_to(scope))
        .select_related("unit")
        .order_by("sort_key")
    )
    last: dict[int, UnitVersion] = {}
    for row in rows:
        before = last.get(row.unit_id)
        if before is None or (before.valid_from or date.min) < (row.valid_from or date.min):
            last[row.unit_id] = row
    units = sorted(last.values(), key=lambda v: (v.valid_to is not None, v.sort_key))
    return units, list(Office.objects.order_by("sort_key"))


@dataclass(frozen=True, slots=True)
class ClientCard:
    """Another system with what it may do."""

    client: ApiClient
    held: tuple[Held, ...]


def api_clients() -> list[ClientCard]:
    """Return the other systems, open ones first: three queries."""
    rows = list(ApiClient.objects.select_related("user", "application").order_by("-user__is_active", "name"))
    held = roles_of([row.user for row in rows], timezone.localdate())
    return [ClientCard(row, tuple(held[row.user_id])) for row in rows]
