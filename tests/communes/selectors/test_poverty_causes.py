"""Table 10 against a register that is counted by hand, what outsiders see of it, and causes in the lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import Classification, Household, PovertyStandard, SurveyForm, UnitVersion
from communes.rules.poverty.report_tables import year_days
from communes.scope import scope_of
from communes.selectors.descriptions import descriptions_of
from communes.selectors.poverty_tables.extent import Extent, TableData, extent_of
from communes.selectors.poverty_tables.lists import list_rows
from communes.selectors.poverty_tables.tables import table_data
from tests.factories.classifications import make_classification, make_counted, make_standard_year
from tests.factories.descriptions import describe, make_held, make_lists
from tests.factories.poverty_tables import FIRST, SECOND, make_form, make_known
from tests.factories.registers import Registry

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 1)


@pytest.fixture
def standard(registry: Registry) -> PovertyStandard:
    return make_known(registry)


@pytest.fixture
def commune(registry: Registry, standard: PovertyStandard) -> Extent:
    return extent(standard, UnitVersion.objects.get(unit=registry.unit))


def extent(standard: PovertyStandard, unit: UnitVersion | None = None, year: int = 2023) -> Extent:
    return extent_of(standard, year, *year_days(year, TODAY), unit)


def of(user: Any, found: Extent) -> TableData:
    return table_data(scope_of(user), found, 10)


def lines(data: TableData, *columns: str) -> dict[str, tuple[Any, ...]]:
    assert data.missing == ""
    return {
        getattr(line.name, "name_vi", line.name) or "": tuple(line.cells[column] for column in columns)
        for line in data.lines
    }


def household(code: str) -> Household:
    return Household.objects.get(code=code)


@pytest.fixture
def described(registry: Registry, commune: Extent) -> None:
    """Of the three poor two have causes, one none that holds; the near-poor one has one."""
    form = commune.standard.form
    assert form is not None
    now, before = make_held(registry.unit, form, SECOND), make_held(registry.unit, form, FIRST)
    describe(before, household("falls"), {"other": True})
    describe(now, household("falls"), {"no_land": True, "illness": False}, {"credit": True}, {"credit": False})
    describe(now, household("new"), {"no_land": False})
    describe(now, household("escapes"), {"illness": True})
    describe(now, household("average"), {"no_land": True})  # neither poor nor near poor
    # Poor since the decision of the year before, and not of this one: that one's sheet counts.
    describe(before, household("stays"), {"no_land": True, "illness": True})


def test_households_are_counted_under_each_of_their_causes(
    registry: Registry, commune: Extent, described: None
) -> None:
    data = of(registry.officer, commune)
    columns = ("households", "no_land", "illness", "other", "open")
    assert lines(data, *(f"poor_{column}" for column in columns)) == {
        "Thôn Một": (1, 1, 1, 0, 0), "Thôn Hai": (2, 1, 0, 0, 1), "": (3, 2, 1, 0, 1),
    }  # fmt: skip
    assert lines(data, *(f"near_poor_{column}" for column in columns)) == {
        "Thôn Một": (1, 0, 1, 0, 0), "Thôn Hai": (0, 0, 0, 0, 0), "": (1, 0, 1, 0, 0),
    }  # fmt: skip


def test_the_sheet_is_that_of_the_decision_in_force(registry: Registry, commune: Extent, described: None) -> None:
    before = of(registry.officer, extent(commune.standard, commune.unit, year=2022))
    assert lines(before, "near_poor_other", "near_poor_no_land")[""] == (1, 0)
    Classification.objects.filter(household=household("falls"), valid_from=SECOND).update(decision_number="13/QĐ-UBND")
    assert lines(of(registry.officer, commune), "poor_no_land", "poor_open")[""] == (1, 2)


def test_it_agrees_with_the_tables_of_the_same_households(registry: Registry, commune: Extent, described: None) -> None:
    for status in ("poor", "near_poor"):
        groups = table_data(scope_of(registry.officer), commune, 8)
        assert lines(of(registry.officer, commune), f"{status}_households") == lines(groups, f"{status}_households")


def test_causes_of_another_form_are_not_counted_under_this_one(
    registry: Registry, commune: Extent, described: None
) -> None:
    other = SurveyForm.objects.create(code="other", name_vi="x", name_en="x", decision="2/TT", provenance="sourced")
    make_lists(other)
    PovertyStandard.objects.filter(pk=commune.standard.pk).update(form=other)
    again = extent(PovertyStandard.objects.get(pk=commune.standard.pk), commune.unit)
    assert of(registry.officer, again).missing == "not_recorded"


def test_why_there_are_no_figures_is_said(registry: Registry, commune: Extent) -> None:
    data = of(registry.officer, commune)
    assert (data.missing, data.facts["households"]) == ("not_recorded", 4)
    assert of(registry.officer, extent(commune.standard, commune.unit, year=2021)).missing == "nobody"
    assert commune.standard.form is not None
    commune.standard.form.causes.all().delete()
    assert of(registry.officer, commune).missing == "no_causes"


def test_the_lists_have_what_sheet_c_says(registry: Registry, commune: Extent, described: None) -> None:
    found = {row.code: row.description for row in list_rows(commune, "poor")}
    assert found["falls"].causes == {"no_land": True, "illness": False}
    assert (found["falls"].needed, found["falls"].received) == ({"credit": True}, {"credit": False})
    assert found["stays"].applying == ("no_land", "illness")
    [near] = list_rows(commune, "near_poor")
    assert near.description.applying == ("illness",) and "illness" not in repr(near)


def test_a_household_has_what_each_round_recorded_up_to_a_day(
    registry: Registry, commune: Extent, described: None
) -> None:
    pk = household("falls").pk
    rounds = [[row.cause.code for row in one.causes] for one in descriptions_of(pk, TODAY)]
    assert rounds == [["no_land", "illness"], ["other"]]
    assert len(descriptions_of(pk, FIRST)) == 1 and descriptions_of(pk, date(2022, 12, 9)) == []
    assert descriptions_of(household("leaps").pk, TODAY) == []


# --- As outsiders see them -------------------------------------------------------------------------------------------


def counted(registry: Registry, near: dict[str, int], *, poor: int = 8) -> TableData:
    """Eight poor and fifteen near poor; the last of the near poor have each cause, `poor` poor ones land's."""
    form = make_form()
    standard = make_counted(registry)
    PovertyStandard.objects.update(form=form, list_provenance="sourced")
    rounds = {one.pk: make_held(one, form, date(2022, 12, 10)) for one in (registry.unit, registry.ward)}
    rows = Classification.objects.filter(standard=standard).select_related("household__village").order_by("pk")
    unit_of = {village.pk: village.versions.get().unit_id for village in registry.villages.values()}
    for status, causes in (("poor", {"no_land": poor}), ("near_poor", near)):
        found = [row.household for row in rows if row.status == status]
        for at, one in enumerate(found):
            said = {"no_land": at < causes["no_land"]}
            said |= {code: at >= len(found) - n for code, n in causes.items() if code != "no_land"}
            if any(said.values()):
                describe(rounds[unit_of[one.village_id]], one, said)
    standard = PovertyStandard.objects.get()
    make_standard_year(standard)
    return of(registry.leader, extent(standard, year=2023))


def test_an_outsider_sees_all_units_together_and_no_small_number(registry: Registry) -> None:
    data = counted(registry, {"no_land": 9, "illness": 8, "other": 2})
    assert [line.name for line in data.lines] == [None] and data.withheld
    columns = ("households", "no_land", "illness", "other", "open")
    assert lines(data, *(f"near_poor_{column}" for column in columns))[""] == (15, 9, 8, None, 0)
    assert lines(data, *(f"poor_{column}" for column in columns))[""] == (8, 8, 0, 0, 0)


def test_where_few_have_none_recorded_nothing_of_the_class_is_told(registry: Registry) -> None:
    data = counted(registry, {"no_land": 15}, poor=6)
    assert lines(data, "poor_households", "poor_no_land", "poor_illness", "poor_open")[""] == (8, None, None, None)
    assert lines(data, "near_poor_no_land", "near_poor_open")[""] == (15, 0)


def test_where_the_small_ones_cover_the_rest_nothing_of_the_class_is_told(registry: Registry) -> None:
    data = counted(registry, {"no_land": 11, "illness": 4})
    columns = ("near_poor_no_land", "near_poor_illness", "near_poor_other")
    assert lines(data, *columns)[""] == (None, None, None), "11 of 15 shown would say that the other cause has 4"


def test_who_keeps_some_of_the_households_is_not_told_of_all(registry: Registry, standard: PovertyStandard) -> None:
    from communes.services.access import assign_role
    from tests.factories.world import fresh

    assign_role(by=None, user=registry.officer, role="leader")
    assert of(fresh(registry.officer), extent(standard)).missing == "not_published"


def test_it_costs_the_same_for_many_households(registry: Registry, commune: Extent, described: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories.households import make_household

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as table:
            of(registry.officer, commune)
        with CaptureQueriesContext(connection) as listed:
            list(list_rows(commune, "poor"))
        return len(table), len(listed)

    cost()
    few = cost()
    form = commune.standard.form
    assert form is not None
    later = make_held(registry.unit, form, date(2023, 12, 11), kind="monthly", month=12)
    for n in range(10):
        made = make_household(registry.village, f"M{n}")
        make_classification(made, commune.standard, valid_from=date(2023, 12, 11), effective_year=2024, round_held=2023)
        describe(later, made, {"no_land": True}, {"credit": True})
    assert cost() == few
