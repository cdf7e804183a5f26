"""Classifications as rows, and the sheets and decisions that services make them of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from communes.models import Classification, Household, PovertyStandard, StandardYear
from communes.rules.poverty.survey import Survey
from communes.services.classification import ReviewDecision
from communes.services.counts import count_stale
from tests.factories.households import make_household
from tests.factories.poverty import FORM, answers
from tests.factories.registers import Registry


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


def make_counted(registry: Registry) -> PovertyStandard:
    """Two poor, seven near poor and nine others in the commune, six poor and eight near poor in the ward, counted."""
    standard = make_standard()
    for village, statuses in (
        ("thon-1", ["poor"] * 2 + ["near_poor"] * 7 + [""] * 9), ("thon-tra-co", ["poor"] * 6 + ["near_poor"] * 8),
    ):  # fmt: skip
        for at, status in enumerate(statuses):
            made = make_household(registry.villages[village], f"{village}-{at}")
            if status:
                make_classification(made, standard, status=status)
    count_stale()
    return standard


def make_standard_year(standard: PovertyStandard) -> StandardYear:
    """The round of autumn 2022 classifies for 2023."""
    return StandardYear.objects.create(
        standard=standard, effective_year=2023, round_held=2022, provenance="sourced", round_provenance="sourced"
    )
