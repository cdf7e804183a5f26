"""What sheets C say: why households are poor, what support they need and received, by the round that recorded it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, QuerySet

from communes.models import Classification, HouseholdReview, PovertyCause, ReviewCause, ReviewSupport, SupportKind
from communes.rules.poverty.description import Description

# A household, the day from which its answer holds, and the number of the decision that gave it.
Answered = tuple[int, date, str]


@dataclass(frozen=True, slots=True)
class StoredDescription:
    """Sheet C of a decided round: the household in the round, and what was answered, in the order of the form."""

    review: HouseholdReview
    causes: tuple[ReviewCause, ...]
    supports: tuple[ReviewSupport, ...]


def descriptions_of(household_id: int, day: date) -> list[StoredDescription]:
    """Return what the rounds decided by a day recorded of a household, the latest first: three queries.

    Rounds in which nothing of sheet C was kept (it was not poor, or nothing was answered) are not among them, nor those
    whose decision was not about it.
    """
    rows = (
        HouseholdReview.objects.filter(household=household_id, round__decision__decided_on__lte=day, fell_out="")
        .select_related("round__unit", "round__decision")
        .prefetch_related(
            Prefetch("causes", ReviewCause.objects.select_related("cause").order_by("cause__number")),
            Prefetch("supports", ReviewSupport.objects.select_related("kind").order_by("kind__number")),
        )
        .order_by("-round__decision__decided_on", "-pk")
    )
    found = [StoredDescription(row, tuple(row.causes.all()), tuple(row.supports.all())) for row in rows]
    return [one for one in found if one.causes or one.supports]


def lists_of(form_id: int | None) -> tuple[list[PovertyCause], list[SupportKind]]:
    """Return what sheet C of a form lists, with names and in order: two queries."""
    causes = PovertyCause.objects.filter(form=form_id).order_by("number")
    return list(causes), list(SupportKind.objects.filter(form=form_id).order_by("number"))


def described(rows: QuerySet[Classification], form_id: int | None) -> QuerySet[Classification]:
    """Keep the answers whose decision rests on a sheet C of the form that names a cause, joined with these causes.

    An answer is of one household and day, so its decision has that household's review in its round. An answer stands
    once for each of its causes.
    """
    return rows.filter(
        household__reviews__round__decision__decided_on=F("valid_from"),
        household__reviews__round__decision__number=F("decision_number"),
        household__reviews__causes__applies=True,
        household__reviews__causes__cause__form=form_id,
    )


CAUSE_CODE = "household__reviews__causes__cause__code"


def sheets_behind(rows: Iterable[Classification], form_id: int | None) -> Mapping[Answered, Description]:
    """Return the sheets C that answers rest on, where anything of them was kept: two queries for any number."""
    wanted = {(row.household_id, row.valid_from, row.decision_number) for row in rows}
    households = {household for household, _day, _number in wanted}
    key = ("review__household_id", "review__round__decision__decided_on", "review__round__decision__number")
    found: dict[Answered, dict[str, dict[str, bool]]] = {
        one: {"causes": {}, "needed": {}, "received": {}} for one in wanted
    }
    causes = ReviewCause.objects.filter(review__household__in=households, cause__form=form_id)
    for household, day, number, code, applies in causes.order_by("cause__number").values_list(
        *key, "cause__code", "applies"
    ):
        if (household, day, number) in found:
            found[household, day, number]["causes"][code] = applies
    supports = ReviewSupport.objects.filter(review__household__in=households, kind__form=form_id)
    for household, day, number, code, *said in supports.order_by("kind__number").values_list(
        *key, "kind__code", "needed", "received"
    ):
        if (household, day, number) in found:
            answers = zip(("needed", "received"), said, strict=True)
            for part, answer in answers:
                if answer is not None:
                    found[household, day, number][part][code] = answer
    return {answered: Description(**parts) for answered, parts in found.items() if any(parts.values())}
