"""Loading criteria sets: four files of different shapes in the same tables, and files with faults."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from communes.services.units import load_units
from indicators.models import (
    CriteriaSet,
    DataElement,
    DataElementPart,
    Indicator,
    IndicatorVersion,
    Norm,
    VersionPart,
    ZoneNormRule,
)
from indicators.services.criteria import ADVANCED, MODEL, NEXT_STANDARD, STANDARD, load_criteria
from indicators.services.criteria_file import DATA
from mongcai_portal.common.errors import Invalid

pytestmark = pytest.mark.django_db

ALL = (STANDARD, ADVANCED, MODEL, NEXT_STANDARD)


@pytest.fixture(autouse=True)
def units(db):
    load_units(by=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    return copy


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults_of(folder: Path, *files: str) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        load_criteria(by=None, files=files or ALL, folder=folder)
    assert not CriteriaSet.objects.exists() and not DataElement.objects.exists()
    return {(fault.pointer, fault.code) for fault in caught.value.faults}


def version(set_code: str, code: str, day: date = date(2023, 12, 31)) -> IndicatorVersion:
    return IndicatorVersion.objects.in_force(day).get(
        indicator__criterion__criteria_set__code=set_code, indicator__code=code
    )


def test_the_standard_set_has_19_criteria_and_57_indicators_and_is_published():
    load_criteria(by=None, files=[STANDARD])
    one = CriteriaSet.objects.get()
    assert (one.code, one.status, one.level.code) == ("NTM_XA_2021_2025", "published", "standard")
    assert one.criteria.count() == one.criteria_declared == 19
    assert Indicator.objects.count() == one.indicators_declared == 57
    assert (one.first_year, one.last_year) == (2021, 2025)


def test_all_four_sets_fit_the_same_tables():
    load_criteria(by=None)
    counts = {
        one.code: (one.criteria.count(), Indicator.objects.filter(criterion__criteria_set=one).count(), one.status)
        for one in CriteriaSet.objects.all()
    }
    assert counts == {
        "NTM_XA_2021_2025": (19, 57, "published"),
        "NTM_XA_NANG_CAO_2021_2025": (19, 75, "published"),
        "NTM_XA_KIEU_MAU_2021_2025": (4, 4, "published"),
        "NTM_XA_2026_2030": (10, 0, "draft"),
    }
    assert CriteriaSet.objects.get(code="NTM_XA_2026_2030").indicators_declared == 47


def test_income_is_one_fact_under_three_norms():
    load_criteria(by=None, files=ALL)
    readers = IndicatorVersion.objects.filter(element__code="per_capita_income")
    assert set(readers.values_list("indicator__criterion__criteria_set__level__code", flat=True)) == {
        "standard",
        "advanced",
        "model",
    }
    derived = Norm.objects.get(version=version("NTM_XA_KIEU_MAU_2021_2025", "2"))
    assert (derived.derived_set, derived.derived_indicator) == ("NTM_XA_NANG_CAO_2021_2025", "10")
    assert derived.derived_factor == Decimal("1.1") and derived.number is None


def test_the_model_set_builds_on_the_advanced_one_and_that_on_the_standard():
    load_criteria(by=None, files=ALL)
    model = CriteriaSet.objects.get(level__code="model")
    assert model.prerequisite.code == "NTM_XA_NANG_CAO_2021_2025"
    assert model.prerequisite.prerequisite.code == "NTM_XA_2021_2025"
    assert Indicator.objects.get(criterion__criteria_set=model, code="1").derived_from_attainment == model.prerequisite


def test_norms_keep_region_year_part_decision_and_mark():
    load_criteria(by=None)
    income = Norm.objects.get(version=version("NTM_XA_2021_2025", "10"), region="dong_bang_song_hong", year=2023)
    assert (income.number, income.provenance, income.decision) == (Decimal(56), "unverified", "318/QĐ-TTg")
    school = Norm.objects.get(version=version("NTM_XA_2021_2025", "14.1"), part="14.1.d")
    assert (school.choice, school.source) == ("mức độ 2", "S05")
    assert not Norm.objects.filter(version=version("NTM_XA_2021_2025", "2.2")).exists()


def test_an_amended_indicator_has_two_versions():
    load_criteria(by=None)
    before, after = (version("NTM_XA_2021_2025", "15.4", day) for day in (date(2024, 2, 29), date(2024, 3, 1)))
    assert (before.value_type, before.decision) == ("percent", "318/QĐ-TTg")
    assert (after.value_type, after.decision) == ("boolean", "211/QĐ-TTg")


def test_men_and_women_and_components_are_parts_with_english_names():
    load_criteria(by=None)
    insured = DataElementPart.objects.filter(element__code="health_insurance_coverage_men_women")
    assert list(insured.values_list("code", "name_vi", "name_en")) == [
        ("male", "Nam", "Men"),
        ("female", "Nữ", "Women"),
    ]
    judged = VersionPart.objects.filter(version=version("NTM_XA_2021_2025", "14.1"))
    assert dict(judged.values_list("part__code", "comparison")) == {
        "14.1.a": ">=", "14.1.b": "is_true", "14.1.c": ">=", "14.1.d": ">=", "14.1.e": ">=",
    }  # fmt: skip
    assert not DataElementPart.objects.filter(name_en="").exists()


def test_extremely_difficult_communes_take_another_column():
    load_criteria(by=None, files=ALL)
    rules = ZoneNormRule.objects.values_list("criteria_set__level__code", "zone", "region")
    assert set(rules) == {
        ("standard", "extremely_difficult", "trung_du_mien_nui_phia_bac"),
        ("advanced", "extremely_difficult", "trung_du_mien_nui_phia_bac"),
    }


def test_scales_are_worst_first():
    load_criteria(by=None, files=ALL)
    part = DataElementPart.objects.get(code="14.1.c", element__code="universal_preschool_age_5_primary_lower")
    assert part.scale == ["mức độ 1", "mức độ 2", "mức độ 3"]


def test_loading_twice_changes_nothing():
    load_criteria(by=None, files=ALL)
    ids = list(Norm.objects.order_by("pk").values_list("pk", flat=True))
    assert not load_criteria(by=None, files=ALL)
    assert not load_criteria(by=None)
    assert list(Norm.objects.order_by("pk").values_list("pk", flat=True)) == ids


def test_an_edited_norm_keeps_its_row(folder):
    load_criteria(by=None)
    before = Norm.objects.get(version=version("NTM_XA_2021_2025", "17.11"))
    edit(folder, STANDARD, "- value: 30\n", "- value: 35\n")
    changes = load_criteria(by=None, folder=folder)
    assert (changes.created, changes.changed, changes.deleted) == (0, 1, 0)
    assert Norm.objects.get(pk=before.pk).number == 35


def test_only_a_load_that_changes_something_makes_definitions_be_read_again(folder):
    load_criteria(by=None)
    before = dict(CriteriaSet.objects.values_list("code", "changed_at"))
    load_criteria(by=None)
    assert dict(CriteriaSet.objects.values_list("code", "changed_at")) == before
    edit(folder, STANDARD, "- value: 30\n", "- value: 35\n")
    load_criteria(by=None, folder=folder)
    assert all(at > before[code] for code, at in CriteriaSet.objects.values_list("code", "changed_at"))


def test_a_norm_that_left_the_file_leaves_the_table(folder):
    load_criteria(by=None)
    edit(folder, STANDARD, "      norms:\n      - value: 30\n        provenance: unverified\n", "      norms: []\n")
    assert load_criteria(by=None, folder=folder).deleted == 1
    assert not Norm.objects.filter(version=version("NTM_XA_2021_2025", "17.11")).exists()


def test_a_norm_marked_missing_is_no_norm(folder):
    edit(folder, STANDARD, "- value: 30\n        provenance: unverified", "- provenance: missing")
    load_criteria(by=None, folder=folder)
    assert not Norm.objects.filter(version=version("NTM_XA_2021_2025", "17.11")).exists()


def test_a_set_without_indicators_cannot_be_published():
    with pytest.raises(Invalid) as caught:
        load_criteria(by=None, files=[NEXT_STANDARD], publish=[NEXT_STANDARD])
    assert [fault.code for fault in caught.value.faults] == ["not_publishable"]
    assert not CriteriaSet.objects.exists()


def test_a_published_set_is_not_unpublished_by_loading_it_again():
    load_criteria(by=None, files=[STANDARD, ADVANCED], publish=[STANDARD, ADVANCED])
    load_criteria(by=None, files=[ADVANCED], publish=[])
    assert CriteriaSet.objects.filter(status="published").count() == 2


def test_every_fault_is_named_and_nothing_is_stored(folder):
    edit(folder, STANDARD, "- code: '1.2'", "- code: '1.1'")
    edit(folder, STANDARD, "- value: 80\n", "- value: tám mươi\n")
    edit(folder, STANDARD, "- region: dong_bang_song_hong\n        value: 99", "- region: bien_dong\n        value: 99")
    edit(folder, STANDARD, "element: postal_service_point", "element: post")
    edit(folder, STANDARD, "name_en: Rural market or place for trading goods", "name_en: ''")
    edit(folder, STANDARD, "office: yte", "office: khongco")
    edit(folder, STANDARD, "comparison: ==", "comparison: is_true")
    edit(folder, STANDARD, "- value: mức độ 2", "- value: mức độ 9")
    edit(folder, STANDARD, "indicator_count: 57", "indicator_count: 58")
    edit(folder, STANDARD, "valid_to: '2024-02-29'", "valid_to: '2024-03-29'")
    edit(folder, "data_elements", "- code: alleys_clean_passable_all_year", "- code: postal_service_point")
    found = faults_of(folder, STANDARD)
    places = f"/{STANDARD}/criteria"
    assert {
        (f"{places}/0/indicators/1/code", "duplicate"),
        (f"{places}/2/indicators/0/versions/0/norms/0/value", "wrong_type"),
        (f"{places}/3/indicators/1/versions/0/norms/0/region", "unknown_region"),
        (f"{places}/7/indicators/0/versions/0/element", "unknown_element"),
        (f"{places}/6/indicators/0/versions/0/name_en", "missing"),
        (f"{places}/14/indicators/1/office", "unknown_office"),
        (f"{places}/8/indicators/0/versions/0/comparison", "wrong_comparison"),
        (f"{places}/13/indicators/0/versions/0/components/2/norms/0/value", "wrong_type"),
        (f"/{STANDARD}/indicator_count", "wrong_count"),
        (f"{places}/12/indicators/0/versions", "overlap"),
        ("/data_elements/elements/15/code", "duplicate"),
        (f"{places}/1/indicators/2/versions/0/element", "unknown_element"),
    } <= found


def test_two_norms_for_the_same_case_are_a_fault(folder):
    edit(folder, STANDARD, "- year: 2022\n        value: 48", "- year: 2021\n        value: 48")
    assert (f"/{STANDARD}/criteria/9/indicators/0/versions/0/norms/8", "duplicate") in faults_of(folder, STANDARD)


def test_a_norm_that_derives_from_itself_is_a_fault(folder):
    edit(
        folder,
        MODEL,
        "set: NTM_XA_NANG_CAO_2021_2025\n          indicator: '10'",
        "set: NTM_XA_KIEU_MAU_2021_2025\n          indicator: '2'",
    )
    assert (f"/{MODEL}/criteria/1/indicators/0/versions/0/norms", "circular") in faults_of(folder)


def test_sets_that_require_each_other_are_a_fault(folder):
    edit(folder, STANDARD, "criteria_count: 19", "prerequisite: NTM_XA_KIEU_MAU_2021_2025\ncriteria_count: 19")
    circular = {pointer for pointer, code in faults_of(folder) if code == "circular"}
    assert f"/{STANDARD}/prerequisite" in circular and f"/{ADVANCED}/prerequisite" in circular


def test_a_set_that_builds_on_one_not_loaded_is_a_fault(folder):
    assert (f"/{MODEL}/prerequisite", "unknown_set") in faults_of(folder, MODEL)


def test_a_norm_derived_from_an_unknown_indicator_is_a_fault(folder):
    edit(folder, MODEL, "indicator: '10'", "indicator: '99'")
    assert (f"/{MODEL}/criteria/1/indicators/0/versions/0/norms", "unknown_indicator") in faults_of(folder)


def test_the_command_prints_the_faults_and_fails():
    with pytest.raises(CommandError, match=f"/{MODEL}/prerequisite"):
        call_command("load_criteria", MODEL)


def test_loading_costs_a_fixed_number_of_queries(django_assert_max_num_queries):
    load_criteria(by=None, files=ALL)
    with django_assert_max_num_queries(60):
        load_criteria(by=None, files=ALL)
