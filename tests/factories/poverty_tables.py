"""A small register for the report tables: every figure of it is known by counting on one's fingers. Placeholders."""

from __future__ import annotations

from datetime import date
from typing import Any

from communes.models import Deprivation, Household, HouseholdMember, IncomeLine, PovertyStandard, SurveyForm
from communes.services.counts import count_stale, mark_stale
from communes.services.households import end_household, move_household
from tests.factories.classifications import make_classification, make_standard
from tests.factories.descriptions import make_lists
from tests.factories.households import make_household, make_member, make_someone
from tests.factories.registers import Registry

FIRST, SECOND = date(2022, 12, 10), date(2023, 12, 10)


def make_form() -> SurveyForm:
    form = SurveyForm.objects.create(
        code="form", name_vi="Phiếu", name_en="Form", decision="1/TT", provenance="sourced"
    )
    for at, code in enumerate(("water", "toilet", "telecom"), start=1):
        Deprivation.objects.create(
            form=form, number=at, code=code, name_vi=f"Thiếu {code}", name_en=code, dimension_vi="x", dimension_en="x",
            threshold_vi="x", points=10, name_provenance="sourced", threshold_provenance="sourced",
        )  # fmt: skip
    make_lists(form)
    return form


def make_known(registry: Registry) -> PovertyStandard:
    """Eight households of a commune and one of a ward, between the ends of 2022 and of 2023."""
    form = make_form()
    standard = make_standard(form=form, list_provenance="sourced")
    IncomeLine.objects.create(
        standard=standard, area_type="rural", kind="average", amount=2_250_000, provenance="sourced",
        a_provenance="missing",
    )  # fmt: skip
    for year in (2023, 2024):
        standard.years.create(
            effective_year=year, round_held=year - 1, provenance="sourced", round_provenance="sourced"
        )

    def household(
        code: str, *classes: tuple[date, str], village: str = "thon-1", ethnicity: str = "01", **over: Any
    ) -> Household:
        made = make_household(registry.villages[village], code, f"Chủ Hộ {code}", **over)
        HouseholdMember.objects.filter(household=made).delete()
        merit = {"meritorious": True} if code == "stays" else {"meritorious": False}
        make_member(made, make_someone(f"Chủ Hộ {code}", ethnicity=ethnicity, **merit), relation="head")
        for day, status in classes:
            average = {"average_living": True} if code == "average" else {}
            sheet = {"form": "form", "deprived": ["water", "toilet"], "unanswered": []} if day == SECOND else {}
            if code == "new" and day == SECOND:
                sheet = {"form": "form", "deprived": ["water"], "unanswered": ["telecom"]}
            make_classification(
                made, standard, valid_from=day, status=status, effective_year=day.year + 1, round_held=day.year,
                **average, **sheet,
            )  # fmt: skip
        return made

    stays = household("stays", (FIRST, "poor"), ethnicity="09", no_labour=True)
    household("escapes", (FIRST, "poor"), (SECOND, "near_poor"), no_labour=False)
    household("leaps", (FIRST, "poor"), (SECOND, "not_poor"))
    household("rises", (FIRST, "near_poor"), (SECOND, "not_poor"))
    household("falls", (FIRST, "near_poor"), (SECOND, "poor"), village="thon-2", ethnicity="09")
    household("new", (SECOND, "poor"), village="thon-2")
    household("average", (SECOND, "not_poor"), village="thon-2", farming=True)
    leaves = household("leaves", (FIRST, "poor"))
    goes = household("goes", (FIRST, "near_poor"))
    # A child of three without insurance and kindergarten, one of 13 at school, one whose school nobody wrote down.
    child = {"relation": "child"}
    make_member(stays, make_someone("Bé", birth_date=date(2020, 5, 1), health_insurance=False, schooling="none",
                                    nutrition="stunted"), **child)  # fmt: skip
    make_member(stays, make_someone("Em", birth_date=date(2010, 5, 1), health_insurance=True,
                                    schooling="lower_secondary", nutrition="normal"), **child)  # fmt: skip
    make_member(stays, make_someone("Út", birth_date=date(2012, 5, 1)), **child)
    make_member(stays, make_someone("Lớn", birth_date=date(2007, 12, 31), health_insurance=False), **child)
    end_household(by=None, household_id=leaves.pk, on=date(2023, 5, 1), because="moved_out")
    move_household(by=None, household_id=goes.pk, on=date(2023, 6, 1), village="thon-tra-co")
    mark_stale([village.pk for village in registry.villages.values()])
    count_stale()
    return standard
