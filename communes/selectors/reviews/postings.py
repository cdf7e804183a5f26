"""What is posted in a village: whom the review found poor or near poor, and who is neither any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from communes.models import HouseholdMember, HouseholdReview, ReviewRound
from communes.models.households import Relation
from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR


@dataclass(frozen=True, slots=True)
class PostedHousehold:
    """A household of the list: its head on the day, what it was and is under each standard (by number)."""

    household_id: int
    head: str = field(repr=False)
    before: dict[str, str]
    results: dict[int, str]


def is_posted(before: str, after: str) -> bool:
    """Whether a result is made public (QĐ 24/2021/QĐ-TTg, Điều 4): poor, near poor, and escaped from either.

    Who asked and is neither is answered in writing, and what could not be determined is no result.
    """
    return after in (POOR, NEAR_POOR) or (after == NOT_POOR and before in (POOR, NEAR_POOR))


def posted_households(round_: ReviewRound, village_id: int, day: date) -> list[PostedHousehold]:
    """Return the households whose results a village's list holds, by their heads' names: three queries."""
    rows = (
        HouseholdReview.objects.filter(round=round_, village=village_id, finished_at__isnull=False)
        .filter(refusal__isnull=True)
        .select_related("household")
        .prefetch_related("results__standard")
        .order_by("household__sort_key", "pk")
    )
    found = []
    for review in rows:
        results = list(review.results.all())
        if any(is_posted(review.before.get(one.standard.code, ""), one.status) for one in results):
            found.append((review, {one.standard_id: one.status for one in results}))
    heads = _heads([review.household_id for review, _results in found], day)
    return [
        PostedHousehold(
            review.household_id,
            heads.get(review.household_id, review.household.head_name),
            dict(review.before),
            results,
        )
        for review, results in found
    ]


def _heads(household_ids: Iterable[int], day: date) -> dict[int, str]:
    rows = HouseholdMember.objects.in_force(day).filter(relation=Relation.HEAD, household__in=list(household_ids))
    return dict(rows.values_list("household_id", "person__name"))
