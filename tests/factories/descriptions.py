"""Sheets C as rows: lists of a form, and what decided rounds recorded of households."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from communes.models import (
    Household,
    HouseholdReview,
    PovertyCause,
    ReviewCause,
    ReviewDecision,
    ReviewFile,
    ReviewProcedure,
    ReviewRound,
    ReviewSupport,
    SupportKind,
    SurveyForm,
    Unit,
)
from mongcai_portal.common.uploads import check_upload
from tests.factories.files import upload

CAUSES, SUPPORTS = ("no_land", "illness", "other"), ("health", "credit")
NOW = datetime(2023, 12, 10, tzinfo=UTC)


def make_lists(form: SurveyForm) -> None:
    """Three causes and two kinds of support."""
    for model, codes in ((PovertyCause, CAUSES), (SupportKind, SUPPORTS)):
        model._default_manager.bulk_create(
            model(form=form, number=at, code=code, name_vi=f"Có {code}", name_en=code, provenance="sourced")
            for at, code in enumerate(codes, start=1)
        )


def make_held(unit: Unit, form: SurveyForm, day: date, number: str = "12/QĐ-UBND", **over: Any) -> ReviewRound:
    """A yearly round of a unit, decided on a day."""
    procedure, _made = ReviewProcedure.objects.get_or_create(
        code="procedure",
        defaults={"name_vi": "Quy trình", "name_en": "Procedure", "decision": "1/QĐ", "provenance": "sourced"},
    )
    given = {
        "kind": "yearly", "held_in": day.year, "area_type": "rural", "opened_on": date(day.year, 9, 5),
        "opened_by": "Cán bộ", "opened_at": NOW, "status": "approved", **over,
    }  # fmt: skip
    round_ = ReviewRound.objects.create(unit=unit, procedure=procedure, form=form, **given)
    scan = upload("quyet-dinh.pdf")
    checked = check_upload(scan, kinds=["pdf"], max_bytes=10**6)
    paper = ReviewFile.of(scan, checked, by="Cán bộ", round=round_, paper="decision")
    paper.save()
    ReviewDecision.objects.create(
        round=round_, number=number, decided_on=day, signer="Chủ tịch Thử", scan=paper, recorded_by="Cán bộ",
        recorded_at=NOW,
    )  # fmt: skip
    return round_


def describe(
    round_: ReviewRound,
    household: Household,
    causes: Mapping[str, bool],
    needed: Mapping[str, bool] | None = None,
    received: Mapping[str, bool] | None = None,
) -> HouseholdReview:
    """A finished sheet of a round with these answers in its sheet C."""
    day = date(round_.held_in, 10, 10)
    review = HouseholdReview.objects.create(
        round=round_, household=household, village=household.village, reason="register", listed_by="Cán bộ",
        listed_at=NOW, surveyor="Rà Soát Viên", surveyed_on=day, finished_at=NOW, finished_by="Cán bộ",
    )  # fmt: skip
    for code, applies in causes.items():
        ReviewCause.objects.create(review=review, cause=round_.form.causes.get(code=code), applies=applies)
    needed, received = needed or {}, received or {}
    for code in dict.fromkeys([*needed, *received]):
        ReviewSupport.objects.create(
            review=review, kind=round_.form.supports.get(code=code), needed=needed.get(code),
            received=received.get(code),
        )  # fmt: skip
    return review
