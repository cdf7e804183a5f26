"""How the form is laid out, and what a report's state says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from indicators.models import CriteriaSet, Criterion, DataElement, Indicator, IndicatorVersion, Level, Norm, Period
from indicators.selectors.entry import copyable, report_state
from indicators.selectors.layout import layout_for
from indicators.services.reports import approve
from indicators.services.values import CellInput, save_values
from tests.factories.world import bring_to, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def _advanced_set(world):
    """An advanced set that reads `roads` with its own norm and asks for one fact more."""
    criteria_set = CriteriaSet.objects.create(
        code="SMALL_ADVANCED",
        name_vi="Bộ nâng cao",
        name_en="Advanced set",
        level=Level.objects.get(code="advanced"),
        decision="318/QĐ-TTg",
        issued_on=date(2022, 3, 8),
        valid_from=date(2022, 3, 8),
        first_year=2021,
        last_year=2025,
        criteria_declared=1,
        indicators_declared=2,
        status="published",
    )
    criterion = Criterion.objects.create(criteria_set=criteria_set, number=1, name_vi="Giao thông", name_en="Transport")
    office = world.offices["a"]
    signs = DataElement.objects.create(
        code="signs", name_vi="Biển báo", name_en="Signs", value_type="percent", unit="%", office=office
    )
    for position, element in enumerate((DataElement.objects.get(code="roads"), signs), 1):
        indicator = Indicator.objects.create(
            criterion=criterion, code=f"1.{position}", position=position, office=office, level_set_by="province"
        )
        version = IndicatorVersion.objects.create(
            indicator=indicator,
            valid_from=date(2021, 1, 1),
            decision="318/QĐ-TTg",
            name_vi=element.name_vi,
            name_en=element.name_en,
            name_provenance="sourced",
            element=element,
            value_type="percent",
            unit="%",
            comparison=">=",
        )
        Norm.objects.create(version=version, number=Decimal(90), provenance="sourced", decision="318/QĐ-TTg")


def test_a_fact_read_by_two_levels_is_asked_once_under_the_lower_one(world):
    _advanced_set(world)
    layout = layout_for(world.period)
    codes = [row.element.code for section in layout.sections for row in section.rows]
    assert codes.count("roads") == 1
    roads = layout.row("roads")
    assert [reader.criteria_set.level for reader in roads.readers] == ["standard", "advanced"]
    last = layout.sections[-1]
    assert (last.set_code, [row.element.code for row in last.rows]) == ("SMALL_ADVANCED", ["signs"])


def test_each_level_judges_the_same_value_by_its_own_norm(world):
    _advanced_set(world)
    report = bring_to(world, "draft")
    state = report_state(report)
    roads = next(row for row in state.rows if row.row.element.code == "roads")
    assert [outcome.outcome for _reader, outcome in roads.outcomes] == ["undetermined", "not_met"]


def test_progress_counts_cells_and_zero_is_entered(world):
    report = make_report(world)
    save_values(
        by=world.people["officer"],
        report_id=report.pk,
        cells=[CellInput("houses", raw="0", language="plain"), CellInput("roads", state="no_data")],
        all_or_none=True,
    )
    state = report_state(report)
    assert (state.entered, state.total) == (2, 9)


def test_only_approved_values_of_earlier_periods_can_be_copied(world):
    report = make_report(world)
    assert copyable(report) == ("", ())
    earlier = Period.objects.create(
        code="2022", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31), due_on=date(2023, 1, 15)
    )
    old = bring_to(world, "verified", report=make_report(world, period=earlier))
    assert copyable(report) == ("", ())
    approve(by=world.people["coordinator"], report_id=old.pk)
    period, cells = copyable(report)
    assert period == "2022" and len(cells) == 9
    _period, some = copyable(report, "standard-2")
    assert {cell.element for cell in some} == {"insured", "houses"}
