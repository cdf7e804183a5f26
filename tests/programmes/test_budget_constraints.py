"""The database keeps what money may be: every named constraint refuses what it is for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from communes.models import Unit
from programmes.models import (
    BudgetEntry,
    BudgetImport,
    BudgetLine,
    BudgetTag,
    Component,
    ConversionRule,
    FundingSource,
    LegalBasis,
    Programme,
    ProgrammePhase,
    ProgrammeStatement,
    ProgrammeSuccession,
    ThematicProgramme,
)
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db

NAMES = {"name_vi": "x", "name_en": "x"}
NOW = timezone.now()
GOOD: dict[type[models.Model], dict[str, Any]] = {
    Programme: {
        "code": "NTM", "kind": "national", **NAMES, "short_vi": "x", "short_en": "x", "position": 1,
        "provenance": "sourced",
    },
    ProgrammePhase: {"first_year": 2021, "last_year": 2025, **NAMES, "provenance": "sourced"},
    Component: {"number": 1, **NAMES, "provenance": "unverified"},
    ThematicProgramme: {"position": 1, **NAMES, "decision": "919", "provenance": "unverified"},
    LegalBasis: {"position": 1, "text": "NQ 25", "provenance": "sourced"},
    ProgrammeStatement: {
        "kind": "goal", "position": 1, "key": "goal", "text_vi": "x", "text_en": "x", "provenance": "sourced",
    },
    ProgrammeSuccession: {"effective_on": date(2026, 1, 1), "legal_basis": "NQ 257", "provenance": "sourced"},
    FundingSource: {"code": "province", **NAMES, "position": 1, "by_decision": True, "provenance": "unverified"},
    ConversionRule: {
        "measure": "workday", "dong": 300_000, "valid_from": date(2021, 1, 1), "provenance": "unverified",
        "entered_by": "x", "entered_at": NOW,
    },
    BudgetLine: {
        "year": 2023, "mobilised": False, "planned": 10, "carried_over": 2, "allocated": 12, "disbursed": 12,
        "made_by": "x", "made_at": NOW,
    },
    BudgetTag: {},
    BudgetImport: {
        "name": "a.xlsx", "media_type": "x", "size": 1, "sha256": "0" * 64, "file": "a", "stored_by": "x",
        "stored_at": NOW, "on": date(2023, 12, 31), "status": "ready", "checked_at": NOW,
    },
    BudgetEntry: {
        "kind": "planned", "amount": 1, "on": date(2023, 1, 1), "provenance": "sourced", "by": "x", "at": NOW,
    },
}  # fmt: skip
PARENTS: dict[type[models.Model], dict[str, type[models.Model]]] = {
    **dict.fromkeys(
        (ProgrammePhase, Component, ThematicProgramme, LegalBasis, ProgrammeStatement), {"programme": Programme}
    ),
    BudgetLine: {"programme": Programme, "component": Component, "source": FundingSource, "unit": Unit},
    BudgetTag: {"line": BudgetLine, "programme": Programme},
    BudgetEntry: {"line": BudgetLine},
}
TWICE: dict[str, Any] = {}  # the same row again


def fields_of(model: type[models.Model], **over: Any) -> dict[str, Any]:
    """What a good row of the model has, its parents stored."""
    fields = {**GOOD[model]}
    for name, parent in PARENTS.get(model, {}).items():
        fields[name] = parent._default_manager.first() or store(parent)
    if model is ProgrammeSuccession:
        fields["predecessor"] = Programme.objects.first() or store(Programme)
        other = Programme.objects.filter(code="NEXT").first() or store(Programme, code="NEXT", position=2)
        fields["successor"] = fields["predecessor"] if over.pop("to_itself", False) else other
    return {**fields, **over}


def store(model: type[models.Model], **over: Any) -> models.Model:
    if model is Unit:
        return Unit.objects.create(uid="xa")
    return model._default_manager.create(**fields_of(model, **over))


_LATE = {"valid_from": date(2022, 1, 1), "valid_to": date(2021, 1, 1)}
BROKEN: list[tuple[type[models.Model], str, dict[str, Any]]] = [
    (Programme, "programmes_programme_has_code", {"code": ""}),
    (Programme, "programmes_programme_dates_in_order", _LATE),
    (ProgrammePhase, "programmes_phase_once", TWICE),
    (ProgrammePhase, "programmes_phase_in_order", {"last_year": 2020}),
    (Component, "programmes_component_once", TWICE),
    (Component, "programmes_component_numbered", {"number": 0}),
    (ThematicProgramme, "programmes_thematic_once", TWICE),
    (LegalBasis, "programmes_legal_once", TWICE),
    (LegalBasis, "programmes_legal_common_once", {"programme": None}),
    (ProgrammeStatement, "programmes_statement_once", TWICE),
    (ProgrammeStatement, "programmes_statement_kind_known", {"kind": "wish"}),
    (ProgrammeSuccession, "programmes_succession_once", TWICE),
    (ProgrammeSuccession, "programmes_succession_not_to_itself", {"to_itself": True}),
    (FundingSource, "programmes_fundingsource_dates_in_order", _LATE),
    (FundingSource, "programmes_source_measure_known", {"measure": "gold", "by_decision": False}),
    (FundingSource, "programmes_source_kind_is_mobilised", {"measure": "workday"}),
    (ConversionRule, "programmes_conversionrule_dates_in_order", {"valid_to": date(2020, 1, 1)}),
    (ConversionRule, "programmes_conversion_once", TWICE),
    (ConversionRule, "programmes_conversion_of_kind", {"measure": "dong"}),
    (ConversionRule, "programmes_conversion_of_kind", {"valid_from": None}),
    (ConversionRule, "programmes_conversion_worth_something", {"dong": 0}),
    (BudgetLine, "programmes_budgetline_once", TWICE),
    (BudgetLine, "programmes_budgetline_whole_once", {"component": None}),
    (BudgetLine, "programmes_budgetline_not_negative", {"carried_over": -1, "allocated": 1, "disbursed": 0}),
    (BudgetLine, "programmes_budgetline_within_plan", {"allocated": 13}),
    (BudgetLine, "programmes_budgetline_not_overspent", {"disbursed": 13}),
    (BudgetLine, "programmes_budgetline_mobilised_simply", {"mobilised": True}),
    (BudgetLine, "programmes_budgetline_year", {"year": 1999}),
    (BudgetTag, "programmes_budgettag_once", TWICE),
    (BudgetImport, "programmes_budgetimport_named", {"name": ""}),
    (BudgetImport, "programmes_budgetimport_not_empty", {"size": 0}),
    (BudgetImport, "programmes_budgetimport_checked_first", {"checked_at": None}),
    (BudgetImport, "programmes_budgetimport_decided_once", {"status": "applied"}),
    (BudgetEntry, "programmes_budgetentry_kind_known", {"kind": "wish"}),
    (BudgetEntry, "programmes_budgetentry_moves", {"amount": 0, "reason": "x"}),
    (BudgetEntry, "programmes_budgetentry_less_has_reason", {"amount": -1}),
    (BudgetEntry, "programmes_budgetentry_converted_by_rule", {"quantity": Decimal(1)}),
]  # fmt: skip


@pytest.mark.parametrize(("model", "name", "over"), BROKEN)
def test_a_row_that_breaks_the_promise_is_refused_by_name(model, name, over):
    if name in {c.name for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)}:
        store(model, **over)
    fields = fields_of(model, **over)
    assert refused(lambda: model._default_manager.create(**fields), name)


@pytest.mark.parametrize("model", GOOD)
def test_a_good_row_is_taken(model):
    assert store(model).pk


def test_mobilised_money_may_exceed_its_plan():
    assert store(BudgetLine, mobilised=True, planned=0, carried_over=0, allocated=0, disbursed=99).pk


def test_every_constraint_is_broken_once():
    promised = {constraint.name for model in GOOD for constraint in model._meta.constraints}
    assert promised == {name for _model, name, _over in BROKEN}
