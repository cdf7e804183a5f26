"""The households of a round as its lists and pages show them, and what the round came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from communes.models import Complaint, HouseholdReview, ReviewResult, ReviewRound
from communes.querysets import REFUSED_UNSURVEYED
from communes.rules.reviews.requests import AVERAGE
from communes.scope import Scope
from mongcai_portal.common.text import search_key

OPEN, FINISHED, COMPLAINT, REQUEST, LEFT = "open", "finished", "complaint", "request", "left"
STATES = (OPEN, FINISHED, COMPLAINT, REQUEST, LEFT)


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What the reader asked for; empty asks for everything."""

    village: int | None = None
    state: str = ""
    q: str = ""


def reviews(round_: ReviewRound, wanted: ReviewFilter) -> QuerySet[HouseholdReview]:
    """Return the households of a round by their heads' names, with results, refusals and open complaints.

    `present`, `absence`: as `with_presence`, today. Who left is as of `fallen_out`.
    """
    rows = HouseholdReview.objects.filter(round=round_).with_presence(timezone.localdate())
    if wanted.village is not None:
        rows = rows.filter(village=wanted.village)
    if wanted.state == OPEN:
        rows = rows.filter(finished_at__isnull=True, refusal__isnull=True, present=True)
    elif wanted.state == FINISHED:
        rows = rows.filter(finished_at__isnull=False)
    elif wanted.state == REQUEST:
        rows = rows.exclude(reason=HouseholdReview.Reason.REGISTER)
    elif wanted.state == LEFT:
        rows = rows.to_decide().filter(present=False)
    waiting = Complaint.objects.filter(review=OuterRef("pk"), answered_on__isnull=True)
    rows = rows.annotate(complained=Exists(waiting))
    if wanted.state == COMPLAINT:
        rows = rows.filter(complained=True)
    for word in search_key(wanted.q).split():
        rows = rows.filter(household__search_key__contains=word)
    return (
        rows.select_related("household", "refusal")
        .prefetch_related("results__standard")
        .order_by("household__sort_key", "pk")
    )


def fallen_out(round_: ReviewRound, day: date | None = None) -> QuerySet[HouseholdReview]:
    """Return the households that a round's decision is not about, each with its `absence`, by their codes.

    Those that had left the unit by the day of the decision; until there is one, by `day` (today). A request that was
    refused unsurveyed would not be decided on anyhow, and is not among them.
    """
    rows = HouseholdReview.objects.filter(round=round_).to_decide().with_presence(day or timezone.localdate())
    return rows.filter(present=False).select_related("household").order_by("household__code")


def review_counts(round_: ReviewRound) -> dict[str, int]:
    """Return how many households of a round are in each state: one query."""
    rows = HouseholdReview.objects.filter(round=round_).with_presence(timezone.localdate())
    counted = rows.aggregate(
        all=Count("pk"),
        open=Count("pk", filter=Q(finished_at__isnull=True, refusal__isnull=True, present=True)),
        finished=Count("pk", filter=Q(finished_at__isnull=False)),
        request=Count("pk", filter=~Q(reason=HouseholdReview.Reason.REGISTER)),
        left=Count("pk", filter=Q(present=False) & ~REFUSED_UNSURVEYED),
    )
    open_complaints = Complaint.objects.filter(review__round=round_, answered_on__isnull=True)
    return {
        "": counted["all"],
        OPEN: counted[OPEN],
        FINISHED: counted[FINISHED],
        COMPLAINT: open_complaints.count(),
        REQUEST: counted[REQUEST],
        LEFT: counted[LEFT],
    }


def outcomes(round_: ReviewRound) -> dict[int, Counter[str]]:
    """Return how many households that a round is about have each status so far, by standard: one query.

    Those of average living standard stand under `average`, too, which is a part of the ones that are not poor.
    """
    found: dict[int, Counter[str]] = {}
    listed = HouseholdReview.objects.filter(round=round_).with_presence(timezone.localdate())
    about = listed.filter(present=True).values("pk")
    rows = ReviewResult.objects.filter(review__in=about).values("standard_id", "status")
    counted = rows.annotate(n=Count("pk"), average=Count("pk", filter=Q(average_living=True)))
    for row in counted.order_by():
        counts = found.setdefault(row["standard_id"], Counter())
        counts[row["status"]] = row["n"]
        if row["average"]:
            counts[AVERAGE] += row["average"]
    return found


def find_review(scope: Scope, round_id: int, review_id: int) -> HouseholdReview:
    """Return a household of a round that the reader sees, with its `absence`.

    Raises:
        HouseholdReview.DoesNotExist.
    """
    found: HouseholdReview = (
        HouseholdReview.objects.visible_to(scope)
        .with_presence(timezone.localdate())
        .select_related("round__unit", "round__procedure", "round__form", "household", "refusal")
        .get(pk=review_id, round=round_id)
    )
    return found


def complaints_of(review: HouseholdReview) -> list[Complaint]:
    """Return the complaints about a household's result, the newest first."""
    return list(review.complaints.order_by("-received_on", "-pk"))
