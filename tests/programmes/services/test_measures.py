"""Published figures and targets, as their source printed them."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from communes.services.units import load_units
from mongcai_portal.common.errors import Invalid
from programmes.models import ObservedStatistic, Target
from programmes.services.measures import DATA, load_measures
from programmes.services.reference import load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def units(db):
    load_units(by=None)


def test_the_seven_figures_that_are_not_computed_are_observed_statistics():
    load_measures(by=None)
    on_the_day = ObservedStatistic.objects.filter(as_of=date(2023, 12, 31), area__uid="mong-cai")
    assert {
        row.measure: (row.numerator, row.denominator) if row.value is None else row.value for row in on_the_day
    } == {
        "poverty.poor.escaped": (39, 39),
        "poverty.poor.count": Decimal(0),
        "poverty.near_poor.count": Decimal(57),
        "income.rural.per_capita": Decimal("76.611"),
        "income.ethnic_border_island.per_capita": Decimal("70.957"),
        "ocop.recognised.count": Decimal(29),
        "hardship.extremely_difficult_coastal.count": Decimal(0),
    }
    assert set(on_the_day.values_list("source", "provenance")) == {("mongcai_2024", "sourced")}


def test_a_poverty_count_says_that_its_standard_was_not_stated():
    load_measures(by=None)
    counts = ObservedStatistic.objects.filter(measure__startswith="poverty.")
    assert set(counts.values_list("poverty_standard", flat=True)) == {"not_stated"}


def test_the_printed_text_of_the_income_is_kept():
    load_measures(by=None)
    assert ObservedStatistic.objects.get(measure="income.rural.per_capita").printed_vi == "76.611 triệu đồng/người/năm"


def test_a_baseline_is_a_figure_of_its_own_date_and_a_target_is_planned():
    load_measures(by=None)
    assert ObservedStatistic.objects.get(measure="ocop.recognised.count", as_of=date(2020, 12, 31)).value == 20
    target = Target.objects.get()
    assert (target.measure, target.year, target.value) == ("poverty.near_poor.count", 2024, Decimal(0))


def test_loading_twice_changes_nothing():
    assert load_measures(by=None)
    assert not load_measures(by=None)


def test_faults_are_named_and_nothing_is_stored(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    path = folder / "headline_2023.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("value: '57'", "value: 'năm bảy'").replace(
        "unit_group: ethnic_border_island", "unit_group: nobody"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        load_measures(by=None, folder=folder)
    assert {(fault.pointer, fault.code) for fault in caught.value.faults} == {
        ("/headline_2023/figures/6/value", "not_a_number"),
        ("/headline_2023/figures/8/unit_group", "unknown_group"),
    }
    assert not ObservedStatistic.objects.exists() and not Target.objects.exists()


def test_all_reference_data_load_again_without_a_change():
    load_reference(by=None)
    assert not any(load_reference(by=None).values())


def test_the_command_loads_everything(capsys):
    call_command("load_reference")
    assert "criteria: +" in capsys.readouterr().out
