"""A list by which the register begins: what it is sent with, and every fault by its cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from communes.models import (
    Classification,
    Household,
    OpeningListFile,
    PovertyStandard,
)
from communes.rules.register_files.list_layout import ListLayout
from communes.services.households import end_household
from communes.services.opening_lists import (
    check_again,
    declare_columns,
    discard_list,
    record_list,
    send_list,
)
from mongcai_portal.common.errors import Forbidden, Stale
from tests.factories.files import upload
from tests.factories.households import make_household
from tests.factories.opening_lists import HEADINGS, ON, SHEET, given, make_years, sent
from tests.factories.registers import Registry, faults_of
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

POOR = ("H1", "Chủ Hộ Một", "Thôn Một", "Hộ nghèo")
NEAR = ("H2", "Chủ Hộ Hai", "Thôn Hai", "Cận nghèo")


@pytest.fixture
def standard(registry: Registry) -> PovertyStandard:
    """Three households of the commune and one of the ward, and a standard."""
    for village, code, head in (
        ("thon-1", "H1", "Chủ Hộ Một"), ("thon-2", "H2", "Chủ Hộ Hai"), ("thon-1", "H3", "Chủ Hộ Ba"),
        ("thon-tra-co", "W1", "Chủ Hộ Phường"),
    ):  # fmt: skip
        make_household(registry.villages[village], code, head)
    return make_years()


def said() -> dict[str, str]:
    return dict(Classification.objects.values_list("household__code", "status"))


def cells(row: OpeningListFile) -> list[tuple[int, str, str]]:
    """Row, field and code of each fault."""
    return [(one["row"], one["field"], one["code"]) for one in row.faults]


# --- What it is sent with --------------------------------------------------------------------------------------------


def test_everything_that_is_wrong_with_a_sending_is_named_at_once(
    registry: Registry, standard: PovertyStandard
) -> None:
    empty = given(standard="", year=None, on=None, number=" ", decided_on=None, decided_by="")
    assert faults_of(lambda: send_list(by=registry.officer, given=empty, file=None)) == {
        ("/standard", "required"), ("/on", "required"), ("/number", "required"), ("/decided_on", "required"),
        ("/decided_by", "required"), ("/file", "missing"),
    }  # fmt: skip
    assert not OpeningListFile.objects.exists()


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"unit": 404_404}, ("/unit", "unknown")),
        ({"standard": "no-such"}, ("/standard", "unknown")),
        ({"year": 2031}, ("/standard", "unknown")),
        ({"decided_on": date(2022, 12, 21)}, ("/on", "before_decision")),
        ({"on": date(2021, 12, 20), "decided_on": date(2021, 12, 20)}, ("/on", "other_year")),
        ({"on": date(2024, 1, 2)}, ("/on", "other_year")),
        ({"year": 2022, "on": date(2021, 1, 20), "decided_on": date(2021, 1, 20)}, ("/on", "before_standard")),
        ({"number": "4" * 81}, ("/number", "too_long")),
        ({"decided_by": "x" * 201}, ("/decided_by", "too_long")),
        ({"whole": "not_poor"}, ("/whole", "unknown")),
    ],
)
def test_what_a_decision_cannot_be_is_refused(
    registry: Registry, standard: PovertyStandard, over: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert faults_of(lambda: sent(registry.officer, POOR, over=over)) == {fault}


def test_days_to_come_are_refused(registry: Registry, standard: PovertyStandard) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    standard.years.create(effective_year=tomorrow.year, provenance="sourced", round_provenance="missing")
    over = {"year": tomorrow.year, "on": tomorrow, "decided_on": tomorrow}
    assert faults_of(lambda: sent(registry.officer, POOR, over=over)) == {
        ("/on", "in_future"), ("/decided_on", "in_future"),
    }  # fmt: skip


def test_a_standard_of_another_province_is_refused(registry: Registry, standard: PovertyStandard) -> None:
    make_years("own", area=registry.ward)
    assert faults_of(lambda: sent(registry.officer, POOR, over={"standard": "own"})) == {("/standard", "other_area")}
    assert sent(registry.stranger, over={"standard": "own"}).standard.code == "own"


def test_a_file_and_a_scan_are_what_they_say(registry: Registry, standard: PovertyStandard) -> None:
    wrong = send_list
    text = upload("ho-ngheo.xlsx", b"khong phai Excel")
    page = upload("quyet-dinh.pdf", b"MZ")
    found = faults_of(lambda: wrong(by=registry.officer, given=given(), file=text, scan=page))
    assert {pointer for pointer, _code in found} == {"/file", "/scan"}


@pytest.mark.parametrize("who", ["coordinator", "leader"])
def test_who_records_no_decisions_sends_no_list(registry: Registry, standard: PovertyStandard, who: str) -> None:
    with pytest.raises(Forbidden):
        sent(getattr(registry, who), POOR)


def test_a_list_of_another_commune_does_not_exist(registry: Registry, standard: PovertyStandard) -> None:
    row = sent(registry.officer, POOR)
    for act in (record_list, check_again, discard_list):
        with pytest.raises(OpeningListFile.DoesNotExist):
            act(by=registry.stranger, list_id=row.pk)
    assert faults_of(lambda: sent(registry.officer, POOR, over={"unit": registry.ward.pk})) == {("/unit", "unknown")}


def test_who_has_two_communes_says_which(registry: Registry, standard: PovertyStandard) -> None:
    from communes.services.access import assign_role

    assign_role(by=None, user=registry.officer, role="commune_officer", unit=registry.ward)
    both = fresh(registry.officer)
    assert faults_of(lambda: sent(both, POOR)) == {("/unit", "required")}
    assert sent(both, POOR, over={"unit": registry.unit.pk}).status == "ready"


# --- What its cells say ----------------------------------------------------------------------------------------------


def test_a_list_without_faults_waits_for_its_confirmation(registry: Registry, standard: PovertyStandard) -> None:
    row = sent(registry.officer, POOR, NEAR)
    assert (row.status, row.faults) == ("ready", [])
    assert row.counts == {
        "rows": 2, "poor": 1, "near_poor": 1, "not_poor": 0, "new": 2, "same": 0, "kept": 0, "faults": 0,
    }  # fmt: skip
    assert not Classification.objects.exists()


def test_every_fault_is_named_by_its_cell(registry: Registry, standard: PovertyStandard) -> None:
    end_household(by=registry.officer, household_id=Household.objects.get(code="H3").pk, on=ON, because="moved_out")
    row = sent(
        registry.officer,
        ("KHONG-CO", "Chủ Hộ Một", "Thôn Một", "Hộ nghèo"),
        ("W1", "Chủ Hộ Phường", None, "Hộ nghèo"),
        ("H3", "Chủ Hộ Ba", "Thôn Một", "Hộ nghèo"),
        ("H1", "Chủ Hộ Mót", "Thôn Hai", "Giàu"),
        ("H2", None, "Thôn Lạ", "Thoát nghèo"),
        POOR, POOR,
        (None, "Chủ Hộ Lạ", "Thôn Một", None),
        (None, "Chủ Hộ Hai", None, "Hộ nghèo"),
    )  # fmt: skip
    assert row.status == "faulty"
    assert cells(row) == [
        (4, "code", "unknown_code"),
        (5, "code", "unknown_code"),  # a code of another commune is answered as one that never was
        (6, "code", "not_there"),
        (7, "head", "other_name"), (7, "village", "other_village"), (7, "status", "unknown_status"),
        (8, "head", "required"), (8, "village", "unknown_village"), (8, "status", "escaped"),
        (10, "code", "twice"),
        (11, "head", "unknown_head"), (11, "status", "required"),
        (12, "code", "no_village"),
    ]  # fmt: skip
    with pytest.raises(Stale):
        record_list(by=registry.officer, list_id=row.pk)
    assert not Classification.objects.exists()


def test_a_hidden_row_a_merged_cell_and_an_empty_sheet_are_faults(
    registry: Registry, standard: PovertyStandard
) -> None:
    assert cells(sent(registry.officer, POOR, NEAR, hide=5)) == [(5, "", "hidden_row")]
    assert cells(sent(registry.officer, POOR, NEAR, merge="E4:E5")) == [(5, "status", "merged")]
    assert cells(sent(registry.officer)) == [(4, "", "empty")]


def test_a_household_without_a_code_is_found_by_village_and_head(registry: Registry, standard: PovertyStandard) -> None:
    row = sent(registry.officer, (None, "CHỦ HỘ MỘT", "thôn một", "HN"), (None, "Chủ hộ Hai", "Hai", "CN"))
    record_list(by=registry.officer, list_id=row.pk)
    assert said() == {"H1": "poor", "H2": "near_poor"}


def test_two_heads_of_one_name_need_their_code(registry: Registry, standard: PovertyStandard) -> None:
    make_household(registry.village, "H4", "Chủ Hộ Một")
    row = sent(registry.officer, (None, *POOR[1:]))
    assert cells(row) == [(4, "head", "several_heads")]
    assert row.faults[0]["told"] == {"codes": "H1, H4"}


def test_the_whole_file_may_be_of_one_class(registry: Registry, standard: PovertyStandard) -> None:
    plain = {"headings": HEADINGS[:4]}
    poor = sent(registry.officer, POOR[:3], over={"whole": "poor"}, **plain)
    near = sent(registry.officer, NEAR[:3], over={"whole": "near_poor"}, **plain)
    assert cells(sent(registry.officer, NEAR, over={"whole": "poor"})) == [(4, "status", "other_class")]
    for row in (poor, near):
        record_list(by=registry.officer, list_id=row.pk)
    assert said() == {"H1": "poor", "H2": "near_poor"}


def test_a_column_that_no_heading_names_is_asked_for(registry: Registry, standard: PovertyStandard) -> None:
    row = sent(registry.officer, POOR, headings=("STT", "Mã hộ", "Người đứng tên", "Thôn", "Phân loại"))
    assert cells(row) == [(3, "head", "column_required")]
    columns = {**row.layout["columns"], "head": 3}
    layout = ListLayout(SHEET, 3, 4, columns)
    assert declare_columns(by=registry.officer, list_id=row.pk, layout=layout).status == "ready"


def test_a_layout_that_cannot_be_is_refused(registry: Registry, standard: PovertyStandard) -> None:
    row = sent(registry.officer, POOR)

    def declare(**over: Any) -> Callable[[], Any]:
        fields = {"sheet": SHEET, "head": 3, "first": 4, "columns": row.layout["columns"]}
        return lambda: declare_columns(by=registry.officer, list_id=row.pk, layout=ListLayout(**{**fields, **over}))

    assert faults_of(declare(sheet="Trang lạ")) == {("/sheet", "unknown")}
    assert faults_of(declare(first=3)) == {("/first", "rows")}
    assert faults_of(declare(columns={"code": 2, "head": 2})) == {
        ("/column_head", "twice"), ("/column_status", "required"),
    }  # fmt: skip
    assert declare(head=2)().faults  # other headings: their columns are proposed anew, and there are none
    assert declare(columns={})().status == "ready"
