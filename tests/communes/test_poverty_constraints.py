"""The database keeps what is law: every named constraint of standards and forms refuses what it is for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import models

from communes.models import (
    Deprivation,
    IncomeLine,
    PovertyCause,
    PovertyStandard,
    ScoreItem,
    ScoreOption,
    ScoreTable,
    StandardYear,
    SupportKind,
    SurveyForm,
    SurveySheet,
)
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db

NAMES = {"name_vi": "x", "name_en": "x"}
GOOD: dict[type[models.Model], dict[str, Any]] = {
    SurveyForm: {"code": "form", **NAMES, "decision": "1/TT", "provenance": "sourced"},
    SurveySheet: {"code": "B2", "position": 1, **NAMES, "provenance": "sourced", "content_provenance": "missing"},
    Deprivation: {
        "number": 1, "code": "water", **NAMES, "dimension_vi": "x", "dimension_en": "x", "threshold_vi": "x",
        "points": 10, "name_provenance": "sourced", "threshold_provenance": "unverified",
    },
    PovertyCause: {"number": 1, "code": "no_land", **NAMES, "provenance": "unverified"},
    SupportKind: {"number": 1, "code": "credit", **NAMES, "provenance": "unverified"},
    ScoreTable: {"region": "tay_nguyen", "area_type": "rural", "provenance": "unverified"},
    ScoreItem: {"code": "people", "position": 1, **NAMES, "choose": "one"},
    ScoreOption: {"code": "one", "position": 1, **NAMES, "points": 0},
    PovertyStandard: {
        "code": "standard", **NAMES, "decision": "1/NĐ-CP", "shape": "line_and_deprivations",
        "rule_provenance": "sourced", "least": 3, "deprivations_declared": 12, "list_provenance": "sourced",
        "b_least": 30, "b_provenance": "sourced", "provenance": "sourced",
    },
    IncomeLine: {
        "area_type": "rural", "kind": "poor", "amount": 1_500_000, "provenance": "sourced", "a_most": 140,
        "a_provenance": "sourced",
    },
    StandardYear: {
        "effective_year": 2022, "round_held": 2021, "provenance": "sourced", "round_provenance": "unverified",
    },
}  # fmt: skip
PARENTS: dict[type[models.Model], tuple[str, type[models.Model]]] = {
    SurveySheet: ("form", SurveyForm),
    Deprivation: ("form", SurveyForm),
    PovertyCause: ("form", SurveyForm),
    SupportKind: ("form", SurveyForm),
    ScoreTable: ("form", SurveyForm),
    ScoreItem: ("table", ScoreTable),
    ScoreOption: ("item", ScoreItem),
    PovertyStandard: ("form", SurveyForm),
    IncomeLine: ("standard", PovertyStandard),
    StandardYear: ("standard", PovertyStandard),
}

TWICE: dict[str, Any] = {}  # the same row again


def fields_of(model: type[models.Model], **over: Any) -> dict[str, Any]:
    """What a good row of the model has, its parents stored."""
    fields = {**GOOD[model]}
    if model in PARENTS:
        name, parent = PARENTS[model]
        fields[name] = parent._default_manager.first() or store(parent)
    return {**fields, **over}


def store(model: type[models.Model], **over: Any) -> models.Model:
    return model._default_manager.create(**fields_of(model, **over))


BROKEN: list[tuple[type[models.Model], str, dict[str, Any]]] = [
    (SurveyForm, "communes_surveyform_has_legal_basis", {"decision": ""}),
    (
        SurveyForm, "communes_surveyform_dates_in_order",
        {"valid_from": date(2021, 9, 1), "valid_to": date(2021, 8, 31)},
    ),
    (SurveySheet, "communes_surveysheet_once", TWICE),
    (SurveySheet, "communes_surveysheet_has_code", {"code": ""}),
    (Deprivation, "communes_deprivation_number_once", {"code": "toilet"}),
    (Deprivation, "communes_deprivation_code_once", {"number": 2}),
    (Deprivation, "communes_deprivation_counts", {"points": 0}),
    (Deprivation, "communes_deprivation_counts", {"number": 0}),
    (Deprivation, "communes_deprivation_missing_text_says_so", {"threshold_vi": ""}),
    (Deprivation, "communes_deprivation_missing_text_says_so", {"threshold_provenance": "missing"}),
    (PovertyCause, "communes_povertycause_number_once", {"code": "no_tools"}),
    (PovertyCause, "communes_povertycause_code_once", {"number": 2}),
    (PovertyCause, "communes_povertycause_named", {"number": 0}),
    (PovertyCause, "communes_povertycause_named", {"code": ""}),
    (SupportKind, "communes_supportkind_number_once", {"code": "health"}),
    (SupportKind, "communes_supportkind_code_once", {"number": 2}),
    (SupportKind, "communes_supportkind_named", {"number": 0}),
    (SupportKind, "communes_supportkind_named", {"code": ""}),
    (ScoreTable, "communes_scoretable_once", TWICE),
    (ScoreTable, "communes_scoretable_area_known", {"area_type": "special"}),
    (ScoreTable, "communes_scoretable_has_region", {"region": ""}),
    (ScoreItem, "communes_scoreitem_once", TWICE),
    (ScoreItem, "communes_scoreitem_choose_known", {"choose": "two"}),
    (ScoreOption, "communes_scoreoption_once", TWICE),
    (PovertyStandard, "communes_povertystandard_has_legal_basis", {"decision": ""}),
    (PovertyStandard, "communes_povertystandard_shape_known", {"shape": "round"}),
    (PovertyStandard, "communes_povertystandard_least_of_declared", {"least": 0}),
    (PovertyStandard, "communes_povertystandard_least_of_declared", {"least": 13}),
    (PovertyStandard, "communes_povertystandard_missing_list_says_so", {"list_provenance": "missing"}),
    (
        PovertyStandard, "communes_povertystandard_missing_list_says_so",
        {"form": None, "b_least": None, "b_provenance": "missing"},
    ),
    (PovertyStandard, "communes_povertystandard_missing_b_says_so", {"b_provenance": "missing"}),
    (PovertyStandard, "communes_povertystandard_missing_b_says_so", {"b_least": None}),
    (PovertyStandard, "communes_povertystandard_missing_b_says_so", {"b_least": 0}),
    (PovertyStandard, "communes_povertystandard_b_needs_form", {"form": None, "list_provenance": "missing"}),
    (IncomeLine, "communes_incomeline_once", TWICE),
    (IncomeLine, "communes_incomeline_amount_positive", {"amount": 0}),
    (IncomeLine, "communes_incomeline_area_known", {"area_type": "special"}),
    (IncomeLine, "communes_incomeline_kind_known", {"kind": "lower"}),
    (IncomeLine, "communes_incomeline_missing_a_says_so", {"a_most": None}),
    (IncomeLine, "communes_incomeline_missing_a_says_so", {"a_most": 0}),
    (IncomeLine, "communes_incomeline_missing_a_says_so", {"a_provenance": "missing"}),
    (StandardYear, "communes_standardyear_once", TWICE),
    (StandardYear, "communes_standardyear_missing_round_says_so", {"round_provenance": "missing"}),
    (StandardYear, "communes_standardyear_missing_round_says_so", {"round_held": None}),
    (StandardYear, "communes_standardyear_round_before_or_in_it", {"round_held": 2020}),
    (StandardYear, "communes_standardyear_round_before_or_in_it", {"round_held": 2023}),
]  # fmt: skip


@pytest.mark.parametrize(("model", "name", "over"), BROKEN)
def test_a_row_that_breaks_the_promise_is_refused_by_name(model, name, over):
    unique = name in {c.name for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)}
    if unique:
        store(model)
    fields = fields_of(model, **over)
    assert refused(lambda: model._default_manager.create(**fields), name)


@pytest.mark.parametrize("model", GOOD)
def test_a_good_row_is_taken(model):
    assert store(model).pk


@pytest.mark.parametrize(
    ("model", "over"),
    [
        (
            PovertyStandard,
            {
                "form": None,
                "list_provenance": "missing",
                "b_least": None,
                "b_provenance": "missing",
                "shape": "two_lines",
            },
        ),
        (PovertyStandard, {"b_least": None, "b_provenance": "missing", "least": 12}),
        (IncomeLine, {"a_most": None, "a_provenance": "missing"}),
        (StandardYear, {"round_held": None, "round_provenance": "missing"}),
        (StandardYear, {"round_held": 2022}),
        (Deprivation, {"threshold_vi": "", "threshold_provenance": "missing"}),
    ],
)
def test_what_is_missing_and_says_so_is_taken(model, over):
    assert store(model, **over).pk


def test_every_constraint_is_broken_once():
    promised = {constraint.name for model in GOOD for constraint in model._meta.constraints}
    assert promised == {name for _model, name, _over in BROKEN}
