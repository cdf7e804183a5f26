"""What is posted in a village: whom the review found poor or near poor, and who is neither any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from communes.models import HouseholdMember, HouseholdReview, ReviewRound
from communes.models.households import Relation
from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR
from communes.rules.reviews.requests import AVERAGE


@dataclass(frozen=True, slots=True)
class PostedHousehold:
    """A household of the list: its head on the day, what it was and is under each standard (by number).

    `average`: the standards under which it is of average living standard, where it asked for that.
    """

    household_id: int
    head: str = field(repr=False)
    before: dict[str, str]
    results: dict[int, str]
    average: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PostedReview:
    """A review whose result is made public: what it came to, as a `PostedHousehold` has it."""

    review: HouseholdReview
    results: dict[int, str]
    average: frozenset[int]


def is_posted(before: str, after: str) -> bool:
    """Whether a result is made public (QĐ 24/2021/QĐ-TTg, Điều 4): poor, near poor, and escaped from either.

    Who asked and is neither is answered in writing, and what could not be determined is no result.
    """
    return after in (POOR, NEAR_POOR) or (after == NOT_POOR and before in (POOR, NEAR_POOR))


def posted_results(reviews: QuerySet[HouseholdReview]) -> list[PostedReview]:
    """Return those of the reviews whose results are made public: two queries.

    Who asked to be recognised as of average living standard and is granted it is among them, and so is who asked for
    that, was answered in writing, and is poor or near poor. The list of a day names those of them that live in the
    round's unit on it.
    """
    rows = reviews.filter(finished_at__isnull=False).filter(Q(refusal__isnull=True) | Q(reason=AVERAGE))
    found = []
    for review in rows.prefetch_related("results__standard"):
        results = list(review.results.all())
        asked = review.reason == AVERAGE
        average = frozenset(one.standard_id for one in results if asked and one.average_living)
        if average or any(is_posted(review.before.get(one.standard.code, ""), one.status) for one in results):
            found.append(PostedReview(review, {one.standard_id: one.status for one in results}, average))
    return found


def posted_households(round_: ReviewRound, village_id: int, day: date) -> list[PostedHousehold]:
    """Return the households that a village's list of a day names, by their heads' names: three queries."""
    rows = HouseholdReview.objects.filter(round=round_, village=village_id).present_on(day)
    posted = posted_results(rows.select_related("household").order_by("household__sort_key", "pk"))
    heads = _heads([one.review.household_id for one in posted], day)
    return [
        PostedHousehold(
            one.review.household_id,
            heads.get(one.review.household_id, one.review.household.head_name),
            dict(one.review.before),
            one.results,
            one.average,
        )
        for one in posted
    ]


def _heads(household_ids: Iterable[int], day: date) -> dict[int, str]:
    rows = HouseholdMember.objects.in_force(day).filter(relation=Relation.HEAD, household__in=list(household_ids))
    return dict(rows.values_list("household_id", "person__name"))
