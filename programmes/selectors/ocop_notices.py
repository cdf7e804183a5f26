"""Whose certificates end soon, who is told of it, and what one was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from communes.models import RoleAssignment, UnitSuccession, UnitVersion
from communes.rules.lineage import Step
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.accounts.roles import ROLES
from programmes.models import OcopNotice, OcopRecognition
from programmes.rules.ocop import EXPIRES_SOON, newest, turn_on
from programmes.rules.places import units_on

EDITING = tuple(code for code, role in ROLES.items() if Permission.OCOP_EDIT in role.permissions)
RECOGNISING = tuple(code for code, role in ROLES.items() if Permission.OCOP_RECOGNISE in role.permissions)


@dataclass(frozen=True, slots=True)
class Ending:
    """A certificate that ends soon or has just ended, which reminder is due, and who is to be told."""

    recognition: OcopRecognition
    turn: int
    people: tuple[User, ...]


def last_ones(rows: Iterable[OcopRecognition], day: date) -> list[OcopRecognition]:
    """Return of each product the recognition that speaks on the day, if nothing withdrew it."""
    by_product: dict[int, list[OcopRecognition]] = defaultdict(list)
    for row in rows:
        by_product[row.product_id].append(row)
    found = []
    for own in by_product.values():
        last = newest([row.certificate for row in own], day)
        if last is not None and last.withdrawn_on is None:
            found.append(next(row for row in own if row.pk == last.id))
    return found


def endings(day: date) -> list[Ending]:
    """Return whose reminder is due on a day: six queries, whatever the number of products.

    Told are the officers of the commune; where it has none, those who record recognitions.
    """
    near = OcopRecognition.objects.filter(
        expires_on__lte=day + EXPIRES_SOON, expires_on__gt=day - EXPIRES_SOON
    ).values_list("product_id", flat=True)
    rows = OcopRecognition.objects.filter(product__in=list(near)).select_related("product__unit").order_by("pk")
    due = [(row, turn) for row in last_ones(rows, day) if (turn := turn_on(row.expires_on, day)) is not None]
    if not due:
        return []
    there = set(UnitVersion.objects.in_force(day).values_list("unit_id", flat=True))
    steps = [
        Step(*row)
        for row in UnitSuccession.objects.values_list("predecessor_id", "successor_id", "effective_on", "kind")
    ]
    officers, others = _people(day)
    found = []
    for row, turn in due:
        units = {row.product.unit_id, *units_on(row.product.unit_id, day, there, steps)}
        own = {person.pk: person for unit in units for person in officers.get(unit, ())}
        found.append(Ending(row, turn, tuple(own.values()) or others))
    return found


def _people(day: date) -> tuple[dict[int, list[User]], tuple[User, ...]]:
    """Return the officers by unit, and those who record recognitions."""
    rows = (
        RoleAssignment.objects.in_force(day)
        .filter(role__in={*EDITING, *RECOGNISING}, user__is_active=True, user__is_service=False)
        .select_related("user")
        .order_by("user__username")
    )
    officers: dict[int, list[User]] = defaultdict(list)
    others: dict[int, User] = {}
    for row in rows:
        if row.role in EDITING and row.unit_id is not None:
            officers[row.unit_id].append(row.user)
        elif row.role in RECOGNISING:
            others[row.user_id] = row.user
    return officers, tuple(others.values())


def own_notices(user: Any, day: date) -> list[OcopNotice]:
    """Return what the person was reminded of and has not put aside, while it is still so: two queries.

    Of several about one certificate the newest counts; one that was renewed or withdrawn meanwhile asks for nothing.
    """
    rows = OcopNotice.objects.filter(recipient=user, dismissed_at__isnull=True, recognition__annulled_at__isnull=True)
    told: dict[int, OcopNotice] = {}
    for row in rows.select_related("recognition__product").order_by("-turn", "pk"):
        told[row.recognition_id] = row
    products = {row.recognition.product_id for row in told.values()}
    still = {row.pk for row in last_ones(OcopRecognition.objects.filter(product__in=products), day)} if told else set()
    return sorted(
        (row for row in told.values() if row.recognition_id in still),
        key=lambda row: (row.recognition.expires_on, row.recognition.product.sort_key),
    )
