"""The database keeps the promises of reviews: each constraint of rounds, sheets and acts refuses what it is for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import models

from communes.models import (
    Complaint,
    DistrictReport,
    HouseholdReview,
    Posting,
    PovertyCause,
    Refusal,
    ReviewAnswer,
    ReviewCause,
    ReviewDecision,
    ReviewFile,
    ReviewProcedure,
    ReviewResult,
    ReviewRound,
    ReviewSupport,
    ReviewTerm,
    RoundStandard,
    SheetCell,
    SupportKind,
    VillageMeeting,
)
from tests.factories.reviews import make_decided
from tests.factories.world import make_unit
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db

DAY, NEXT, BEFORE = date(2023, 6, 20), date(2023, 6, 21), date(2023, 6, 19)
NOW = datetime(2023, 6, 20, 9, tzinfo=UTC)
SAID = {"recorded_by": "Cán bộ", "recorded_at": NOW}
SOME: dict[str, Any] = {
    "name": "a.pdf", "size": 1, "sha256": "0" * 64, "media_type": "application/pdf", "stored_by": "Cán bộ",
    "stored_at": NOW,
}  # fmt: skip
GOOD: dict[type[models.Model], dict[str, Any]] = {
    ReviewProcedure: {
        "code": "other", "name_vi": "x", "name_en": "x", "decision": "1/QĐ", "provenance": "sourced",
    },
    ReviewTerm: {"code": "posting", "number": 3, "provenance": "sourced"},
    ReviewRound: {
        "kind": "monthly", "held_in": 2024, "month": 5, "opened_on": DAY, "opened_by": "Cán bộ", "opened_at": NOW,
    },
    RoundStandard: {"effective_year": 2030},
    HouseholdReview: {"reason": "register", "listed_by": "Cán bộ", "listed_at": NOW},
    SheetCell: {"name": "income:", "entered_by": "Cán bộ", "entered_at": NOW},
    ReviewAnswer: {"deprived": True},
    ReviewCause: {"applies": True},
    ReviewSupport: {"needed": True, "received": None},
    ReviewResult: {"effective_year": 2030, "status": "poor"},
    ReviewFile: {"paper": "decision", **SOME},
    VillageMeeting: {
        "held_on": DAY, "chaired_by": "Trưởng thôn", "present": 20, "agreeing": 18, "agreed": True, **SAID,
    },
    Posting: {"second": False, "posted_on": DAY, "until": NEXT, "place": "Nhà văn hóa", **SAID},
    Complaint: {"received_on": DAY, "due_on": NEXT, "text": "x", **SAID},
    DistrictReport: {"number": "1/BC", "sent_on": DAY, **SAID},
    ReviewDecision: {"number": "1/QĐ", "decided_on": DAY, "signer": "Chủ tịch", **SAID},
    Refusal: {"number": "1/UBND", "refused_on": DAY, "signer": "Chủ tịch", "reasons": "x", **SAID},
}  # fmt: skip
TWICE: dict[str, Any] = {}  # the same row again

Broken = tuple[type[models.Model], str, dict[str, Any]]
BROKEN: list[Broken] = [
    (ReviewProcedure, "communes_reviewprocedure_has_legal_basis", {"decision": ""}),
    (ReviewProcedure, "communes_reviewprocedure_dates_in_order", {"valid_from": NEXT, "valid_to": DAY}),
    (ReviewTerm, "communes_reviewterm_once", TWICE),
    (ReviewTerm, "communes_reviewterm_code_known", {"code": "sleeping"}),
    (ReviewTerm, "communes_reviewterm_number_or_day", {"number": None}),
    (ReviewTerm, "communes_reviewterm_number_or_day", {"month": 9, "day": 1}),
    (ReviewTerm, "communes_reviewterm_number_or_day", {"number": None, "month": 9}),
    (ReviewRound, "communes_reviewround_yearly_once", {"kind": "yearly", "month": None}),
    (ReviewRound, "communes_reviewround_monthly_once", TWICE),
    (ReviewRound, "communes_reviewround_month_of_monthly", {"month": None}),
    (ReviewRound, "communes_reviewround_month_of_monthly", {"month": 13}),
    (ReviewRound, "communes_reviewround_month_of_monthly", {"month": 0}),
    (ReviewRound, "communes_reviewround_month_of_monthly", {"kind": "yearly"}),
    (ReviewRound, "communes_reviewround_status_known", {"status": "asleep"}),
    (ReviewRound, "communes_reviewround_returned_with_reason", {"status": "returned"}),
    (RoundStandard, "communes_roundstandard_once", TWICE),
    (RoundStandard, "communes_roundstandard_year", {"effective_year": 1999}),
    (HouseholdReview, "communes_householdreview_once", TWICE),
    (HouseholdReview, "communes_householdreview_requests_have_a_day", {"requested_on": DAY}),
    (HouseholdReview, "communes_householdreview_requests_have_a_day", {"reason": "request_01"}),
    (HouseholdReview, "communes_householdreview_requests_have_a_day", {"reason": "average"}),
    (HouseholdReview, "communes_householdreview_requests_have_a_day", {"reason": "mood", "requested_on": DAY}),
    (HouseholdReview, "communes_householdreview_finished_by_someone", {"finished_at": NOW, "surveyed_on": DAY}),
    (HouseholdReview, "communes_householdreview_finished_by_someone", {"finished_at": NOW, "surveyor": "x"}),
    (HouseholdReview, "communes_householdreview_income_not_negative", {"income": -1}),
    (HouseholdReview, "communes_householdreview_fell_out_known", {"fell_out": "lost"}),
    (SheetCell, "communes_sheetcell_once", TWICE),
    (SheetCell, "communes_sheetcell_named", {"name": ""}),
    (ReviewAnswer, "communes_reviewanswer_once", TWICE),
    (ReviewCause, "communes_reviewcause_once", TWICE),
    (ReviewSupport, "communes_reviewsupport_once", TWICE),
    (ReviewSupport, "communes_reviewsupport_answered", {"needed": None}),
    (ReviewResult, "communes_reviewresult_once", TWICE),
    (ReviewResult, "communes_reviewresult_average_is_not_poor", {"average_living": True}),
    (ReviewResult, "communes_reviewresult_undetermined_says_why", {"status": "undetermined"}),
    (ReviewResult, "communes_reviewresult_undetermined_says_why", {"reason": "no_income"}),
    (ReviewResult, "communes_reviewresult_undetermined_says_why", {"status": "rich"}),
    (ReviewFile, "communes_reviewfile_named", {"name": ""}),
    (ReviewFile, "communes_reviewfile_named", {"media_type": ""}),
    (ReviewFile, "communes_reviewfile_named", {"sha256": ""}),
    (ReviewFile, "communes_reviewfile_named", {"file": ""}),
    (ReviewFile, "communes_reviewfile_not_empty", {"size": 0}),
    (ReviewFile, "communes_reviewfile_belongs", {"paper": "minutes"}),
    (ReviewFile, "communes_reviewfile_belongs", {"paper": "sheet"}),
    (ReviewFile, "communes_reviewfile_belongs", {"village": "village"}),
    (ReviewFile, "communes_reviewfile_belongs", {"review": "review"}),
    (ReviewFile, "communes_reviewfile_belongs", {"paper": "poem"}),
    (VillageMeeting, "communes_villagemeeting_one_counts", TWICE),
    (VillageMeeting, "communes_villagemeeting_of_those_present", {"present": 0, "agreeing": 0}),
    (VillageMeeting, "communes_villagemeeting_of_those_present", {"agreeing": 21}),
    (VillageMeeting, "communes_villagemeeting_chaired", {"chaired_by": ""}),
    (VillageMeeting, "communes_villagemeeting_agreed", {"agreed": False}),
    (Posting, "communes_posting_one_counts", TWICE),
    (Posting, "communes_posting_lasts", {"until": DAY}),
    (Posting, "communes_posting_lasts", {"until": BEFORE}),
    (Posting, "communes_posting_somewhere", {"place": ""}),
    (Complaint, "communes_complaint_one_open", TWICE),
    (Complaint, "communes_complaint_says_what", {"text": ""}),
    (Complaint, "communes_complaint_answered_whole", {"answered_on": NEXT}),
    (Complaint, "communes_complaint_answered_whole", {"answered_on": NEXT, "outcome": "kept"}),
    (Complaint, "communes_complaint_answered_whole", {"outcome": "kept"}),
    (Complaint, "communes_complaint_answered_whole", {"answered_on": NEXT, "outcome": "lost", "answer": "x"}),
    (Complaint, "communes_complaint_answered_whole", {"answered_on": BEFORE, "outcome": "kept", "answer": "x"}),
    (DistrictReport, "communes_districtreport_one_counts", TWICE),
    (DistrictReport, "communes_districtreport_numbered", {"number": ""}),
    (DistrictReport, "communes_districtreport_answered_whole", {"answer_number": "2/UBND", "opinion": "x"}),
    (DistrictReport, "communes_districtreport_answered_whole", {"answered_on": NEXT, "opinion": "x"}),
    (DistrictReport, "communes_districtreport_answered_whole", {"answered_on": NEXT, "answer_number": "2/UBND"}),
    (
        DistrictReport,
        "communes_districtreport_answered_whole",
        {"answered_on": BEFORE, "answer_number": "2/UBND", "opinion": "x"},
    ),
    (ReviewDecision, "communes_reviewdecision_numbered", {"number": ""}),
    (ReviewDecision, "communes_reviewdecision_numbered", {"signer": ""}),
    (ReviewDecision, "communes_reviewdecision_late_with_reason", {"due_on": BEFORE}),
    (ReviewDecision, "communes_reviewdecision_late_with_reason", {"due_on": DAY, "late_reason": "x"}),
    (ReviewDecision, "communes_reviewdecision_late_with_reason", {"late_reason": "x"}),
    (Refusal, "communes_refusal_with_reasons", {"number": ""}),
    (Refusal, "communes_refusal_with_reasons", {"signer": ""}),
    (Refusal, "communes_refusal_with_reasons", {"reasons": ""}),
]

# What stands beside: the same row in another place, or at another time.
TAKEN: list[tuple[type[models.Model], dict[str, Any]]] = [
    (ReviewTerm, {"code": "average_from", "number": 15}),
    (ReviewTerm, {"code": "yearly_from", "number": None, "month": 9, "day": 1}),
    (ReviewRound, {"kind": "yearly", "month": None}),
    (ReviewRound, {"status": "returned", "returned_because": "x"}),
    (HouseholdReview, {"reason": "request_04", "requested_on": DAY}),
    (HouseholdReview, {"finished_at": NOW, "surveyed_on": DAY, "surveyor": "x", "income": 0}),
    (HouseholdReview, {"reason": "average", "requested_on": DAY}),
    (HouseholdReview, {"fell_out": "gone"}),
    (HouseholdReview, {"fell_out": "elsewhere"}),
    (ReviewDecision, {"due_on": DAY}),
    (ReviewDecision, {"due_on": BEFORE, "late_reason": "x"}),
    (ReviewResult, {"status": "undetermined", "reason": "no_income"}),
    (ReviewResult, {"status": "not_poor", "average_living": True}),
    (ReviewResult, {"status": "poor", "average_living": False}),
    (ReviewSupport, {"needed": None, "received": False}),
    (ReviewFile, {"paper": "minutes", "village": "village"}),
    (ReviewFile, {"paper": "request", "review": "review"}),
    (VillageMeeting, {"agreeing": 0, "agreed": False, "counts": False}),
    (DistrictReport, {"answered_on": DAY, "answer_number": "2/UBND", "opinion": "x"}),
    (Complaint, {"answered_on": DAY, "outcome": "changed", "answer": "x"}),
]


@pytest.fixture
def decided(db: Any) -> HouseholdReview:
    """A round of a commune that went to its end: what the rows of these tests belong to."""
    return make_decided(make_unit("hai-son", "Hải Sơn", "commune", None), "A")


def parents(model: type[models.Model], review: HouseholdReview) -> dict[str, Any]:
    """What a good row of the model belongs to, so that nothing stands in its way but the same row again."""
    from communes.models import Deprivation
    from tests.factories.households import make_household

    round_ = review.round
    beside: dict[type[models.Model], Any] = {
        ReviewTerm: lambda: {"procedure": ReviewProcedure.objects.create(**GOOD[ReviewProcedure])},
        ReviewRound: lambda: {"unit": round_.unit, "procedure": round_.procedure, "form": round_.form},
        RoundStandard: lambda: {"round": round_, "standard": round_.standards.get().standard},
        HouseholdReview: lambda: {
            "round": round_, "household": make_household(review.village, "H9"), "village": review.village,
        },
        SheetCell: lambda: {"review": review},
        ReviewAnswer: lambda: {
            "review": review,
            "deprivation": Deprivation.objects.create(
                form=round_.form, number=1, code="water", name_vi="x", name_en="x", dimension_vi="x", dimension_en="x",
                threshold_vi="x", points=10, name_provenance="sourced", threshold_provenance="sourced",
            ),
        },
        ReviewCause: lambda: {"review": review, "cause": _listed(PovertyCause, round_)},
        ReviewSupport: lambda: {"review": review, "kind": _listed(SupportKind, round_)},
        ReviewResult: lambda: {"review": review, "standard": round_.standards.get().standard},
        ReviewFile: lambda: {"round": round_, "file": "a"},
        VillageMeeting: lambda: {"round": round_, "village": review.village, "minutes": round_.files.get()},
        Posting: lambda: {"round": round_, "village": review.village},
        Complaint: lambda: {"review": review},
        DistrictReport: lambda: {"round": round_},
        ReviewDecision: lambda: {"round": _open(round_), "scan": round_.files.get()},
        Refusal: lambda: {"review": review},
    }  # fmt: skip
    return dict(beside[model]()) if model in beside else {}


def _listed(model: type[models.Model], round_: ReviewRound) -> models.Model:
    return model._default_manager.create(
        form=round_.form, number=1, code="one", name_vi="x", name_en="x", provenance="sourced"
    )


def _open(round_: ReviewRound) -> ReviewRound:
    return ReviewRound.objects.create(
        unit=round_.unit, procedure=round_.procedure, form=round_.form, **GOOD[ReviewRound]
    )


def fields_of(model: type[models.Model], review: HouseholdReview, over: dict[str, Any]) -> dict[str, Any]:
    """A whole row; `village` and `review` stand for those of the decided round."""
    named = {"village": review.village, "review": review}
    told = {name: named.get(value, value) if isinstance(value, str) else value for name, value in over.items()}
    return {**GOOD[model], **parents(model, review), **told}


@pytest.mark.parametrize(("model", "name", "over"), BROKEN)
def test_a_row_that_breaks_the_promise_is_refused_by_name(
    decided: HouseholdReview, model: type[models.Model], name: str, over: dict[str, Any]
) -> None:
    fields = fields_of(model, decided, over)
    if name in {one.name for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)}:
        model._default_manager.create(**fields)
    assert refused(lambda: model._default_manager.create(**fields), name)


@pytest.mark.parametrize("model", GOOD)
def test_a_good_row_is_taken(decided: HouseholdReview, model: type[models.Model]) -> None:
    assert model._default_manager.create(**fields_of(model, decided, {})).pk


@pytest.mark.parametrize(("model", "over"), TAKEN)
def test_what_differs_in_the_one_thing_that_counts_is_taken(
    decided: HouseholdReview, model: type[models.Model], over: dict[str, Any]
) -> None:
    assert model._default_manager.create(**fields_of(model, decided, over)).pk


@pytest.mark.parametrize(
    ("model", "over"),
    [
        (VillageMeeting, {"counts": False}),
        (DistrictReport, {"counts": False}),
        (Posting, {"counts": False}),
        (Posting, {"second": True}),
        (Complaint, {"answered_on": NEXT, "outcome": "kept", "answer": "x"}),
    ],
)
def test_what_no_longer_counts_stands_beside_what_does(
    decided: HouseholdReview, model: type[models.Model], over: dict[str, Any]
) -> None:
    first = fields_of(model, decided, {})
    model._default_manager.create(**first)
    assert model._default_manager.create(**{**first, **over}).pk


def test_every_constraint_of_reviews_is_broken_once() -> None:
    promised = {one.name for model in GOOD for one in model._meta.constraints}
    assert promised == {name for _model, name, _over in BROKEN}
