"""Programmes and money for tests: a small one with two components, a resolution beside it, and a few sources."""

from __future__ import annotations

from datetime import date
from typing import Any

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
from programmes.services.budget import Move, NewLine, enter_line, enter_move, set_conversion

ON = date(2023, 2, 1)
__all__ = [
    "BudgetEntry", "BudgetImport", "BudgetTag", "ConversionRule", "ProgrammePhase", "ProgrammeStatement",
    "make_line", "make_programme", "make_programmes", "make_source", "money",
]  # fmt: skip


def make_programme(code: str = "NTM", components: int = 2, **over: Any) -> Programme:
    """A programme of 2021–2025 with a phase, a text, a statement and components."""
    fields = {
        "kind": "national", "name_vi": f"Chương trình {code}", "name_en": f"Programme {code}", "short_vi": code,
        "short_en": code, "position": Programme.objects.count() + 1, "valid_from": date(2021, 1, 1),
        "valid_to": date(2025, 12, 31), "component_vi": "dự án", "component_en": "project", "provenance": "sourced",
        "components_provenance": "unverified" if components else "missing",
    }  # fmt: skip
    programme = Programme.objects.create(code=code, **{**fields, **over})
    names = {"name_vi": "Giai đoạn", "name_en": "Phase", "provenance": "sourced"}
    ProgrammePhase.objects.create(programme=programme, first_year=2021, last_year=2025, **names)
    LegalBasis.objects.create(
        programme=programme, position=1, text=f"Nghị quyết của {code}", issued_on=date(2021, 7, 28),
        provenance="sourced",
    )  # fmt: skip
    ProgrammeStatement.objects.create(
        programme=programme, kind="goal", position=1, key="goal", text_vi="Mục tiêu", text_en="Goal",
        provenance="unverified",
    )  # fmt: skip
    for number in range(1, components + 1):
        Component.objects.create(
            programme=programme, number=number, name_vi=f"Dự án {number}", name_en=f"Project {number}",
            provenance="unverified",
        )  # fmt: skip
    return programme


def make_source(code: str = "province", **over: Any) -> FundingSource:
    fields = {
        "name_vi": f"Nguồn {code}", "name_en": f"Source {code}", "position": FundingSource.objects.count() + 1,
        "by_decision": True, "provenance": "unverified",
    }  # fmt: skip
    return FundingSource.objects.create(code=code, **{**fields, **over})


def make_programmes() -> dict[str, Programme]:
    """NTM and GNBV with components, NQ06 without, a successor, and the sources that tests use."""
    made = {code: make_programme(code) for code in ("NTM", "GNBV")}
    made["NQ06"] = make_programme("NQ06", 0, kind="provincial", valid_to=date(2030, 12, 31))
    made["NEXT"] = make_programme("NEXT", 0, valid_from=date(2026, 1, 1), valid_to=date(2035, 12, 31))
    ProgrammeSuccession.objects.create(
        predecessor=made["NTM"], successor=made["NEXT"], effective_on=date(2026, 1, 1), legal_basis="NQ 257",
        provenance="sourced",
    )  # fmt: skip
    ThematicProgramme.objects.create(
        programme=made["NTM"], position=1, name_vi="OCOP", name_en="OCOP", decision="919", provenance="unverified"
    )
    for code in ("province", "city", "commune"):
        make_source(code, valid_to=date(2025, 6, 30) if code == "city" else None)
    make_source("people_cash", by_decision=False)
    make_source("people_labour", by_decision=False, measure="workday")
    make_source("people_land", by_decision=False, measure="m2")
    return made


def make_line(
    unit: Unit,
    *,
    planned: int = 1_000_000_000,
    allocated: int = 0,
    disbursed: int = 0,
    programme: str = "NTM",
    component: int | None = 1,
    year: int = 2023,
    source: str = "province",
    shared_with: tuple[str, ...] = (),
    on: date = ON,
    document: str = "12/QĐ-UBND",
) -> BudgetLine:
    """A line entered through the services, with its entries on one day."""
    line = enter_line(
        by=None,
        line=NewLine(programme, component, unit.uid, year, source, shared_with),
        move=Move("planned", planned, on, document),
    )
    for kind, amount in (("allocated", allocated), ("disbursed", disbursed)):
        if amount:
            line = enter_move(by=None, line_id=line.pk, move=Move(kind, amount, on, document))
    return line


def money(amount: Any, *, kind: str = "planned", on: date = ON, **more: Any) -> Move:
    return Move(kind, amount, on, more.pop("document", "12/QĐ-UBND"), **more)


def conversion_rule(measure: str, dong: int, since: date = date(2021, 1, 1)) -> ConversionRule:
    return set_conversion(by=None, measure=measure, dong=dong, valid_from=since, basis="NQ 10/2021")


def labour_rule(dong: int = 300_000, since: date = date(2021, 1, 1)) -> ConversionRule:
    return conversion_rule("workday", dong, since)
