"""Classifications as rows, and the sheets and decisions that services make them of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from communes.models import Classification, Household, PovertyStandard
from communes.rules.poverty.survey import Survey
from communes.services.classification import ReviewDecision
from tests.factories.poverty import FORM, answers


def sheet(**over: Any) -> Survey:
    """A filled in sheet: within the line by both measures, two deprivations; so near poor, in the country and town."""
    fields = {"form": FORM.code, "income": 1_000_000, "a_score": 100, "b_score": None, "answers": answers(2),
              "screening": "", "farming": None}  # fmt: skip
    return Survey(**{**fields, **over})


def decision(**over: Any) -> ReviewDecision:
    """Of the round of autumn 2022, which classifies for 2023."""
    fields = {"number": "12/QĐ-UBND", "on": date(2022, 12, 10), "round_held": 2022, "decided_by": "Chủ tịch Thử"}
    return ReviewDecision(**{**fields, **over})


def make_standard(code: str = "standard", **over: Any) -> PovertyStandard:
    fields = {
        "code": code, "name_vi": code, "name_en": code, "decision": "1/NĐ-CP", "shape": "line_and_deprivations",
        "rule_provenance": "sourced", "least": 3, "deprivations_declared": 12, "list_provenance": "missing",
        "b_provenance": "missing", "provenance": "sourced",
    }  # fmt: skip
    return PovertyStandard.objects.create(**{**fields, **over})


def make_classification(household: Household, standard: PovertyStandard, **over: Any) -> Classification:
    fields = {
        "valid_from": date(2022, 12, 10), "effective_year": 2023, "round_held": 2022, "status": "poor",
        "origin": "decision", "basis": "income", "area_type": "rural", "income": 1_000_000,
        "decision_number": "12/QĐ-UBND", "provenance": "sourced", "recorded_at": datetime(2022, 12, 10, tzinfo=UTC),
    }  # fmt: skip
    return Classification.objects.create(household=household, standard=standard, **{**fields, **over})
