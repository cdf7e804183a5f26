"""Faulty set files: each fault named with its place and its line, all at once, and nothing stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from communes.models import Office
from indicators.models import CriteriaSet, DataElement, Norm
from indicators.services.criteria import ADVANCED, MODEL, NEXT_STANDARD, STANDARD, load_criteria
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.reference import read_yaml
from tests.factories.criteria_files import DATA, completed, copy_of_the_data, edit

pytestmark = pytest.mark.django_db

ALL = (STANDARD, ADVANCED, MODEL, NEXT_STANDARD)


@pytest.fixture(autouse=True)
def offices(db):
    codes = {row["office"] for row in read_yaml(DATA / "data_elements.yaml")["elements"]} | {"ntm"}
    Office.objects.bulk_create(Office(code=c, name_vi=c, name_en=c, sort_key=c) for c in sorted(codes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_data(tmp_path)


def refused(folder: Path, *files: str) -> list[Fault]:
    """Return why the files are refused, having looked that nothing was stored."""
    with pytest.raises(Invalid) as caught:
        load_criteria(by=None, files=files or ALL, folder=folder)
    assert not CriteriaSet.objects.exists() and not DataElement.objects.exists()
    return list(caught.value.faults)


def only(faults: list[Fault]) -> tuple[str, str]:
    (fault,) = faults
    return fault.pointer, fault.code


def test_an_indicator_code_given_twice_in_a_criterion_is_named_with_its_line(folder):
    line = edit(folder, ADVANCED, "- code: '1.2'", "- code: '1.1'")
    (fault,) = refused(folder)
    assert (fault.pointer, fault.code) == (f"/{ADVANCED}/criteria/0/indicators/1/code", "duplicate")
    assert fault.message == f"dòng {line}: Mã “1.1” bị lặp lại."


def test_an_indicator_code_given_twice_in_two_criteria_is_a_fault(folder):
    edit(folder, ADVANCED, "- code: '3.1'", "- code: '2.1'")
    assert only(refused(folder)) == (f"/{ADVANCED}/criteria/2/indicators/0/code", "duplicate")


def test_a_set_given_twice_is_a_fault(folder):
    edit(folder, MODEL, "code: NTM_XA_KIEU_MAU_2021_2025", "code: NTM_XA_NANG_CAO_2021_2025")
    assert (f"/{MODEL}/code", "duplicate") in {(f.pointer, f.code) for f in refused(folder)}


def test_a_data_element_given_twice_is_a_fault(folder):
    edit(folder, "data_elements", "- code: alleys_clean_passable_all_year", "- code: postal_service_point")
    found = {(f.pointer, f.code) for f in refused(folder)}
    assert {code for pointer, code in found if pointer.startswith("/data_elements/")} == {"duplicate"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (
            "- value: 90\n        provenance: unverified",
            "- value: chín mươi\n        provenance: unverified",
            "wrong_type",
        ),
        ("- value: 90\n        provenance: unverified", "- value: true\n        provenance: unverified", "wrong_type"),
        ("- value: 90\n        provenance: unverified", "- value: 900\n        provenance: unverified", "over_100"),
        ("- value: 90\n        provenance: unverified", "- value: -5\n        provenance: unverified", "negative"),
        ("- value: 90\n        provenance: unverified", "- value:\n        provenance: unverified", "missing"),
    ],
)
def test_a_norm_of_the_wrong_type_is_named_with_its_line(folder, old, new, code):
    line = edit(folder, ADVANCED, old, new)
    (fault,) = refused(folder)
    place = f"/{ADVANCED}/criteria/2/indicators/0/versions/0/norms/0/value"
    assert (fault.pointer, fault.code) == (place, code)
    assert fault.message.startswith(f"dòng {line}: ")


def test_a_yes_or_no_norm_that_is_a_number_is_a_fault(folder):
    edit(folder, ADVANCED, "norms:\n      - value: true", "norms:\n      - value: 1")
    assert only(refused(folder)) == (f"/{ADVANCED}/criteria/0/indicators/0/versions/0/norms/0/value", "wrong_type")


def test_a_norm_that_is_no_word_of_the_scale_is_a_fault(folder):
    edit(folder, ADVANCED, "- value: khá", "- value: xuất sắc")
    assert only(refused(folder)) == (f"/{ADVANCED}/criteria/2/indicators/5/versions/0/norms/0/value", "wrong_type")


def test_a_year_that_is_no_year_is_a_fault(folder):
    edit(folder, ADVANCED, "year: 2021", "year: năm 2021")
    assert only(refused(folder))[1] == "wrong_type"


def test_a_norm_that_derives_back_is_named_at_both_ends(folder):
    """Model income derives from advanced income; here that one derives from model income."""
    text = (folder / f"{ADVANCED}.yaml").read_text(encoding="utf-8")
    at = text.index("element: per_capita_income")
    start, end = text.index("      norms:", at), text.index("    level_set_by:", at)
    back = (
        "      norms:\n      - derived_from:\n          set: NTM_XA_KIEU_MAU_2021_2025\n"
        "          indicator: '2'\n          factor: 0.9\n        provenance: sourced\n"
    )
    (folder / f"{ADVANCED}.yaml").write_text(text[:start] + back + text[end:], encoding="utf-8")
    assert {(f.pointer, f.code) for f in refused(folder)} == {
        (f"/{ADVANCED}/criteria/9/indicators/0/versions/0/norms", "circular"),
        (f"/{MODEL}/criteria/1/indicators/0/versions/0/norms", "circular"),
    }


def test_sets_that_require_each_other_are_named_at_every_step(folder):
    edit(folder, STANDARD, "criteria_count: 19", "prerequisite: NTM_XA_KIEU_MAU_2021_2025\ncriteria_count: 19")
    circular = {f.pointer for f in refused(folder) if f.code == "circular"}
    assert {f"/{STANDARD}/prerequisite", f"/{ADVANCED}/prerequisite"} <= circular


def test_a_set_may_not_require_a_higher_level(folder):
    edit(folder, ADVANCED, "prerequisite: NTM_XA_2021_2025", "prerequisite: NTM_XA_KIEU_MAU_2021_2025")
    edit(folder, MODEL, "prerequisite: NTM_XA_NANG_CAO_2021_2025", "prerequisite: NTM_XA_2021_2025")
    edit(
        folder, MODEL, "derived_from_attainment: NTM_XA_NANG_CAO_2021_2025", "derived_from_attainment: NTM_XA_2021_2025"
    )
    assert only(refused(folder)) == (f"/{ADVANCED}/prerequisite", "not_lower")


def test_a_norm_derived_from_a_word_is_a_fault(folder):
    edit(folder, MODEL, "indicator: '10'", "indicator: '3.6'")
    assert only(refused(folder)) == (f"/{MODEL}/criteria/1/indicators/0/versions/0/norms", "wrong_type")


@pytest.mark.parametrize("factor", ["không", "0", "-1.1", "true"])
def test_a_factor_that_is_no_positive_number_is_a_fault(folder, factor):
    edit(folder, MODEL, "factor: 1.1", f"factor: {factor}")
    place = f"/{MODEL}/criteria/1/indicators/0/versions/0/norms/0/derived_from/factor"
    assert only(refused(folder)) == (place, "wrong_type")


def test_an_unknown_region_is_named_with_its_line(folder):
    line = edit(
        folder, ADVANCED, "- region: dong_bang_song_hong\n        value: 20", "- region: bien_dong\n        value: 20"
    )
    (fault,) = refused(folder)
    place = f"/{ADVANCED}/criteria/2/indicators/2/versions/0/norms/0/region"
    assert (fault.pointer, fault.code) == (place, "unknown_region")
    assert fault.message == f"dòng {line}: Không có vùng “bien_dong”."


def test_an_unknown_element_is_named_with_its_line(folder):
    line = edit(folder, ADVANCED, "element: smartphone_subscription_rate", "element: smartphone_rate")
    (fault,) = refused(folder)
    assert (fault.pointer, fault.code) == (f"/{ADVANCED}/criteria/7/indicators/1/versions/0/element", "unknown_element")
    assert fault.message == f"dòng {line}: Không có số liệu “smartphone_rate”."


def test_an_element_of_another_type_is_a_fault(folder):
    edit(folder, ADVANCED, "element: smartphone_subscription_rate", "element: free_wifi_public_places")
    assert only(refused(folder))[1] == "wrong_type"


def test_a_commune_group_that_the_file_does_not_name_is_a_fault(tmp_path, folder):
    path = completed(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("commune_group: nhom_3", "commune_group: nhom_9"), "utf-8")
    (fault,) = refused(folder, str(path))
    assert (fault.pointer, fault.code) == (
        "/qd_51_2025/criteria/2/indicators/0/versions/0/norms/2/commune_group",
        "unknown_group",
    )


def test_an_own_element_that_is_known_already_is_a_fault(tmp_path, folder):
    path = completed(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("next_1_1", "postal_service_point"), "utf-8")
    assert only(refused(folder, str(path))) == ("/qd_51_2025/elements/0/code", "duplicate")


def test_a_file_that_does_not_exist_is_named(folder):
    assert only(refused(folder, "ntm_1900")) == ("/ntm_1900", "unknown_file")


def test_a_file_that_is_no_yaml_is_named_with_its_line(folder):
    line = edit(folder, MODEL, "criteria_count: 4", "criteria_count: [4")
    (fault,) = [f for f in refused(folder) if f.code == "not_yaml"]
    assert fault.pointer == f"/{MODEL}" and f"dòng {line + 1}" in fault.message


def test_a_field_given_twice_is_named_with_its_line(folder):
    line = edit(folder, MODEL, "criteria_count: 4", "criteria_count: 4\ncriteria_count: 5")
    (fault,) = [f for f in refused(folder) if f.code == "not_yaml"]
    assert fault.pointer == f"/{MODEL}" and f"dòng {line + 1}: mục “criteria_count” được ghi hai lần" in fault.message


def test_a_criterion_number_given_twice_is_a_fault(folder):
    edit(folder, ADVANCED, "- number: 3\n", "- number: 2\n")
    assert f"/{ADVANCED}/criteria/2/number" in {f.pointer for f in refused(folder) if f.code == "duplicate"}


def test_a_list_where_fields_should_be_is_a_fault(folder):
    (folder / f"{MODEL}.yaml").write_text("- 1\n- 2\n", encoding="utf-8")
    assert only(refused(folder)) == (f"/{MODEL}", "not_a_mapping")


def test_criteria_that_are_no_list_or_no_fields_are_faults(folder):
    edit(folder, MODEL, "criteria:\n- number: 1", "criteria:\n- một tiêu chí\n- number: 1")
    edit(folder, ADVANCED, "norms:\n      - value: true", "norms: đạt\n      khac:\n      - value: true")
    found = {(f.pointer, f.code) for f in refused(folder)}
    assert (f"/{MODEL}/criteria/0", "not_a_mapping") in found
    assert (f"/{ADVANCED}/criteria/0/indicators/0/versions/0/norms", "not_a_list") in found


def test_all_faults_of_all_files_are_named_at_once(folder):
    edit(folder, STANDARD, "- code: '1.2'", "- code: '1.1'")
    edit(folder, ADVANCED, "- value: 90\n", "- value: chín mươi\n")
    edit(folder, ADVANCED, "element: smartphone_subscription_rate", "element: smartphone_rate")
    edit(folder, ADVANCED, "- region: dong_bang_song_hong\n        value: 20", "- region: bien_dong\n        value: 20")
    edit(folder, MODEL, "set: NTM_XA_NANG_CAO_2021_2025", "set: NTM_XA_KIEU_MAU_2021_2025")
    edit(folder, MODEL, "indicator: '10'", "indicator: '2'")
    edit(folder, NEXT_STANDARD, "level: standard_2026", "level: hien_dai")
    assert sorted(f.code for f in refused(folder)) == [
        "circular", "duplicate", "unknown_element", "unknown_level", "unknown_region", "wrong_type",
    ]  # fmt: skip


def test_a_faulty_file_leaves_what_was_loaded_before(folder):
    load_criteria(by=None, folder=folder)
    before = list(Norm.objects.order_by("pk").values_list())
    edit(folder, ADVANCED, "- value: 80\n", "- value: 81\n")
    edit(folder, ADVANCED, "element: smartphone_subscription_rate", "element: smartphone_rate")
    with pytest.raises(Invalid):
        load_criteria(by=None, folder=folder)
    assert list(Norm.objects.order_by("pk").values_list()) == before


def test_the_command_prints_each_fault_with_place_and_line(tmp_path):
    path = completed(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("element: next_2_1", "element: nothing"), "utf-8")
    with pytest.raises(CommandError, match=r"/qd_51_2025/criteria/1/indicators/0/versions/0/element: dòng \d+: "):
        call_command("load_criteria", str(path))
    assert not CriteriaSet.objects.exists()
