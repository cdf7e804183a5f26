"""Papers of a review round to be printed: certificate, list to be posted, letter of refusal."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from communes.models import HouseholdReview
from communes.presenters.review_papers import certificate_context, paper_context, posting_context
from communes.scope import scope_of
from communes.selectors.households import household_that_day
from communes.selectors.reviews.households import find_review
from communes.selectors.reviews.postings import posted_households
from communes.selectors.reviews.rounds import procedure_spec, round_standards
from communes.services import reviews as services
from communes.services.households import note_views
from communes.views.reviews import VIEW, refusals, round_heading
from mongcai_portal.accounts.decorators import require
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.workflow import APPROVED


def review_looked_at(request: HttpRequest, round_id: int, review_id: int) -> HouseholdReview:
    """Return the household of a round that a page is of, wherever it lives by now; that it was looked at is noted."""
    review = find_review(scope_of(request.user), round_id, review_id)
    note_views(by=request.user, household_ids=[review.household_id])
    return review


@require(VIEW)
@require_GET
@refusals
def review_certificate(request: HttpRequest, round_id: int, review_id: int) -> HttpResponse:
    """The certificate of a poor or near-poor household, to be printed."""
    review = review_looked_at(request, round_id, review_id)
    results = list(review.results.select_related("standard").filter(status__in=["poor", "near_poor"]).order_by("pk"))
    if review.round.status != APPROVED or review.fell_out or not results:
        raise Http404
    decision = review.round.decision
    # Of the round's unit, wherever the household lives by now; not what another unit recorded of the day since.
    view = household_that_day(review.household_id, decision.decided_on)
    if view.place is None or view.place.unit_id != review.round.unit_id:
        raise Http404
    context = {
        **round_heading(review.round),
        **paper_context(review, decision.decided_on, view.place.village_id),
        **certificate_context(results, view),
        "decision": decision,
    }
    return render(request, "communes/review_certificate.html", context)


@require(VIEW)
@require_GET
@refusals
def review_posting_list(request: HttpRequest, round_id: int, village_id: int) -> HttpResponse:
    """The list that hangs in a village, to be printed: heads and results, and nothing else of the households."""
    try:
        round_, state, day = services.open_posting_list(by=request.user, round_id=round_id, village_id=village_id)
    except Invalid as error:
        raise Http404 from error
    posting = state.postings[-1] if state.postings else None
    households = posted_households(round_, village_id, day)
    note_views(by=request.user, household_ids=[one.household_id for one in households])
    told = posting_context(
        round_, state, households, round_standards(round_), procedure_spec(round_.procedure), posting, day
    )
    return render(request, "communes/review_posting_list.html", {**round_heading(round_), **told})


def review_letter(request: HttpRequest, review: HouseholdReview) -> HttpResponse:
    """Return the refusal of a request as a letter."""
    context = {
        **round_heading(review.round),
        **paper_context(review, review.refusal.refused_on),
        "refusal": review.refusal,
    }
    return render(request, "communes/review_refusal.html", context)
