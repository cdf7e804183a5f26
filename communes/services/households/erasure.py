"""Erasing what identifies people: when the time for which it is kept is over, or on an order. Counts stay.

Law 91/2025/QH15 wants personal data deleted when their purpose is over and on a lawful order, but sets no number of
years for a register of households: the operator states it with its source (`PORTAL_HOUSEHOLD_RETENTION_YEARS`). What
is counted by (sex, ethnicity, year of birth, days of membership, classes) stays; who it was does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import (
    Complaint,
    Household,
    HouseholdMember,
    HouseholdStay,
    Person,
    Refusal,
    ReviewCause,
    ReviewFile,
    ReviewSupport,
    SheetCell,
)
from communes.models.households import Relation
from communes.models.persons import ERASED, NAMELESS, BirthPrecision
from communes.rules.retention import cutoff
from communes.rules.reviews.sheet import SHEET_C
from communes.services.households.guard import show, tell_many
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid

# What is written in one transaction: a fraction of a second on SQLite.
PORTION = 200
ORDER_AT_LEAST, ORDER_AT_MOST = 10, 500
RETENTION, ORDER = "retention", "order"
NOT_STATED = "not stated"
_SHEET_C = reduce(or_, (Q(name__startswith=part) for part in SHEET_C))  # fields of sheet C as they were typed


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many years after leaving people's data are kept, and what says so; None: not stated."""

    years: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Erased:
    """How many people were erased, and how many households have nobody left that anything says who they were."""

    people: int
    households: int


def retention() -> Retention:
    """The period as the operator states it."""
    years: int | None = settings.HOUSEHOLD_RETENTION_YEARS
    return Retention(years, settings.HOUSEHOLD_RETENTION_SOURCE.strip() or NOT_STATED)


def due(today: date) -> QuerySet[Person]:
    """Return the people who left the register for longer than their data are kept: none while that is not stated."""
    kept = retention()
    if kept.years is None:
        return Person.objects.none()
    last = cutoff(today, kept.years)
    rows = HouseholdMember.objects.filter(person=OuterRef("pk"))
    still = rows.filter(valid_to__isnull=True) | rows.filter(valid_to__gte=last)
    return Person.objects.filter(Exists(rows), ~Exists(still), erased_on__isnull=True)


def erase_due(*, dry_run: bool = False) -> Erased:
    """Erase everybody whose time is over; what was done stays done when it is stopped, and again it changes nothing."""
    today = timezone.localdate()
    numbers = list(due(today).order_by("pk").values_list("pk", flat=True))
    if dry_run:
        return Erased(len(numbers), len(_bare(numbers)))
    kept = retention()
    households = 0
    for start in range(0, len(numbers), PORTION):
        told = {"because": RETENTION, "years": kept.years, "source": kept.source}
        households += _erase(numbers[start : start + PORTION], by=None, told=told)
    return Erased(len(numbers), households)


def erase_on_order(*, by: Any, people: Sequence[int], order: str, dry_run: bool = False) -> Erased:
    """Erase people by number because somebody who may has ordered it; the same again changes nothing.

    Args:
        by: None for the command; the order itself says who gave it.
        order: number, day and author of the order.

    Raises:
        Invalid: `/order` required, too_long; `/people/<number>` unknown, or is_head of a household that stands: it
        would have nobody to be called by. Every fault is named.
    """
    why = " ".join(order.split())
    faults = []
    if len(why) < ORDER_AT_LEAST:
        faults.append(Fault("/order", "required", _("Ghi số, ngày và nơi ban hành của yêu cầu xóa.")))
    elif len(why) > ORDER_AT_MOST:
        faults.append(Fault("/order", "too_long", _("Nội dung yêu cầu dài quá 500 ký tự.")))
    known = dict(Person.objects.filter(pk__in=people).values_list("pk", "erased_on"))
    heads = set(
        HouseholdMember.objects.filter(person__in=people, valid_to__isnull=True, relation=Relation.HEAD).values_list(
            "person_id", flat=True
        )
    )
    for number in people:
        if number not in known:
            faults.append(Fault(f"/people/{number}", "unknown", _("Không có người số %(n)s.") % {"n": number}))
        elif number in heads:
            message = _("Người số %(n)s đang là chủ hộ: hãy đổi chủ hộ trước.") % {"n": number}
            faults.append(Fault(f"/people/{number}", "is_head", message))
    if faults:
        raise Invalid(faults)
    numbers = sorted(number for number, erased_on in known.items() if erased_on is None)
    if dry_run:
        return Erased(len(numbers), len(_bare(numbers)))
    households = 0
    for start in range(0, len(numbers), PORTION):
        households += _erase(numbers[start : start + PORTION], by=by, told={"because": ORDER, "order": why})
    return Erased(len(numbers), households)


def _erase(numbers: Sequence[int], *, by: Any, told: dict[str, Any]) -> int:
    """Erase some people in one transaction; return how many households are bare now."""
    with transaction.atomic():
        rows = list(Person.objects.filter(pk__in=numbers, erased_on__isnull=True))
        today = timezone.localdate()
        for person in rows:
            if person.birth_date is not None:
                person.birth_date = date(person.birth_date.year, 1, 1)
                person.birth_precision = BirthPrecision.YEAR
            # The day of death stands in the membership that it ended, as a day that counts are made of.
            person.died_on = None
        Person.objects.bulk_update(rows, ["birth_date", "birth_precision", "died_on"])
        Person.objects.filter(pk__in=[person.pk for person in rows]).update(
            lock=F("lock") + 1, erased_on=today, **ERASED
        )
        memberships = _last_memberships(person.pk for person in rows)
        show({row.household_id for row in memberships if row.relation == Relation.HEAD})
        bare = _bare([])
        _make_bare(bare)
        _tell(memberships, by=by, told=told)
    return len(bare)


def _last_memberships(numbers: Iterable[int]) -> list[HouseholdMember]:
    """The last membership of each person, with its household."""
    rows = HouseholdMember.objects.filter(person__in=list(numbers)).select_related("household")
    return list({row.person_id: row for row in rows.order_by("valid_from")}.values())


def _bare(also: Sequence[int]) -> list[int]:
    """The households that left the register, of whose people nobody is known, but of which something is kept yet.

    That is an address, a note, a paper, or why it was poor and what it needed. `also` are people who are taken as
    erased.
    """
    known = HouseholdMember.objects.filter(household=OuterRef("pk"), person__erased_on__isnull=True)
    of_it = {"review__household": OuterRef("pk")}
    kept = (
        Exists(ReviewFile.objects.filter(**of_it))
        | Exists(ReviewCause.objects.filter(**of_it))
        | Exists(ReviewSupport.objects.filter(**of_it))
        | Exists(SheetCell.objects.filter(_SHEET_C, **of_it))
    )
    gone = Household.objects.filter(valid_to__isnull=False).filter(~Q(address="", note="") | kept)
    return list(gone.filter(~Exists(known.exclude(person__in=list(also)))).values_list("pk", flat=True))


def _make_bare(households: Sequence[int]) -> None:
    rows = Household.objects.filter(pk__in=list(households))
    rows.update(address="", note="")
    HouseholdStay.objects.filter(household__in=list(households)).update(address="")
    # What people wrote in the household's reviews may name anybody.
    of_these = {"review__household__in": list(households)}
    Complaint.objects.filter(**of_these).update(text=NAMELESS)
    Complaint.objects.filter(**of_these).exclude(answer="").update(answer=NAMELESS)
    Refusal.objects.filter(**of_these).update(reasons=NAMELESS)
    # Photographed sheets and requests show who it was; the nightly removal takes the files whose rows are gone.
    ReviewFile.objects.filter(**of_these).delete()
    # Why it was poor may be somebody's illness, and what it needed and received is of these people.
    for rows in (ReviewCause.objects, ReviewSupport.objects, SheetCell.objects.filter(_SHEET_C)):
        rows.filter(**of_these).delete()
    show(households)


def _tell(memberships: Iterable[HouseholdMember], *, by: Any, told: dict[str, Any]) -> None:
    """Write into the log of each household which of its people were erased, by number, and why."""
    people: dict[int, list[int]] = {}
    households: dict[int, Household] = {}
    for row in memberships:
        households[row.household_id] = row.household
        people.setdefault(row.household_id, []).append(row.person_id)
    tell_many(
        kind=Kind.PERSON_ERASED,
        by=by,
        about=[(households[pk], {"people": sorted(numbers), **told}) for pk, numbers in sorted(people.items())],
    )
