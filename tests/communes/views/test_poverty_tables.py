"""The report tables leave as a workbook, audited, within the reader's reach; flows have a page, pictures, an API."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from communes.models import CountedVillage, Household, PovertyStandard
from communes.rules.poverty.report_tables import LISTS, TABLES
from communes.services import poverty_tables as service
from communes.services.poverty_tables import TablesAsked, release_tables
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden
from tests.factories.clients import make_caller, pointers
from tests.factories.descriptions import describe, make_held
from tests.factories.poverty_tables import SECOND, make_known
from tests.factories.registers import Registry, faults_of
from tests.factories.windows import BACKEND
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

URL, FLOWS = "/households/tables/", "/households/flows/"
PERIOD = {"from": "2022-12-31", "to": "2023-12-31"}


@pytest.fixture
def standard(registry: Registry) -> PovertyStandard:
    return make_known(registry)


def window(user: Any, language: str = "vi") -> Client:
    client = Client()
    client.force_login(fresh(user), backend=BACKEND)
    client.cookies["django_language"] = language
    return client


def asked(**over: Any) -> dict[str, Any]:
    return {"standard": "standard", "year": "2023", "unit": "hai-son", "tables": [str(n) for n in TABLES], **over}


def book(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content.decode()[:3000]
    assert "no-store" in answer["Cache-Control"]
    return load_workbook(BytesIO(answer.content))


def cells(sheet: Any) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def text(sheet: Any) -> str:
    return "\n".join(str(cell) for row in cells(sheet) for cell in row if cell is not None)


def test_all_fifteen_leave_as_sheets_that_say_what_they_are(registry: Registry, standard: PovertyStandard) -> None:
    found = book(window(registry.officer).post(URL, asked()))
    assert found.sheetnames == [f"Biểu {n:02d}" for n in TABLES]
    for sheet in found:
        told = text(sheet)
        assert "Xã Hải Sơn" in told and "1/NĐ-CP" in told and "31/12/2023" in told and "Nguồn: sổ hộ" in told, sheet
        assert "chưa đối chiếu" in told
    event = AuditEvent.objects.get(kind="poverty_tables.exported")
    assert event.details["tables"] == list(TABLES) and event.unit_uid == "hai-son"
    assert event.details["rows"] == 4 and event.details["exact"] is True


def test_a_sheet_has_its_figures_and_their_sum(registry: Registry, standard: PovertyStandard) -> None:
    sheet = book(window(registry.officer).post(URL, asked(tables=["12"]))).worksheets[0]
    rows = cells(sheet)
    head = next(at for at, row in enumerate(rows) if row[0] == "Thôn, bản, khu")
    assert [row[:4] for row in rows[head + 1 : head + 4]] == [
        ["Thôn Hai", 3, 2, 66.7], ["Thôn Một", 4, 1, 25], ["Tổng cộng", 7, 3, 42.9],
    ]  # fmt: skip


def test_a_table_without_data_says_which_and_why_and_has_no_noughts(
    registry: Registry, standard: PovertyStandard
) -> None:
    sheet = book(window(registry.officer).post(URL, asked(tables=["10"]))).worksheets[0]
    told = text(sheet)
    assert "Không có số liệu" in told and "chưa ghi nguyên nhân nghèo" in told
    assert not [cell for row in cells(sheet) for cell in row if isinstance(cell, int | float)]


@pytest.mark.parametrize(
    ("language", "heads"),
    [
        ("vi", ["Hộ nghèo", "Hộ nghèo: có no_land", "Hộ nghèo: có illness", "Hộ nghèo: chưa ghi nguyên nhân"]),
        ("en", ["Poor household", "Poor household: no_land", "Poor household: illness"]),
    ],
)
def test_the_table_of_causes_has_a_column_for_each_and_one_for_those_that_nobody_recorded(
    registry: Registry, standard: PovertyStandard, language: str, heads: list[str]
) -> None:
    assert standard.form is not None
    round_ = make_held(registry.unit, standard.form, SECOND)
    describe(round_, Household.objects.get(code="falls"), {"no_land": True, "illness": True}, {"credit": True})
    found = book(window(registry.officer, language).post(URL, asked(tables=["10", "15"])))
    causes, listed = (cells(sheet) for sheet in found)
    head = next(at for at, row in enumerate(causes) if set(heads) <= set(row))
    first = causes[head].index(heads[0])
    assert causes[head + 3][first : first + 5] == [3, 1, 1, 0, 2]
    if language == "vi":
        assert "Một hộ có thể có nhiều nguyên nhân" in text(found.worksheets[0])
        head = next(at for at, row in enumerate(listed) if "Nguyên nhân nghèo" in row)
        [row] = [row for row in listed[head:] if "falls" in row]
        told = dict(zip(listed[head], row, strict=True))
        assert told["Nguyên nhân nghèo"] == "Có no_land; Có illness" and told["Nhu cầu hỗ trợ"] == "Có credit"
        assert told["Hỗ trợ đã nhận"] is None


def test_lists_name_households_and_no_identity_number(registry: Registry, standard: PovertyStandard) -> None:
    found = book(window(registry.officer).post(URL, asked(tables=["15"])))
    told = text(found.worksheets[0])
    assert "Chủ Hộ stays" in told and "Thiếu water; Thiếu toilet" in told and "dữ liệu cá nhân" in told
    assert "•" not in told


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_outsider_gets_what_is_published_and_no_list(
    registry: Registry, standard: PovertyStandard, language: str
) -> None:
    leader = window(registry.leader, language)
    page = leader.get(URL).content.decode()
    assert 'value="15"' not in page and 'value="12"' in page and 'value="hai-son"' not in page
    tables = [str(n) for n in TABLES if n not in LISTS]
    found = book(leader.post(URL, asked(unit="", tables=tables)))
    assert len(found.sheetnames) == 13
    for sheet in found:
        heads = next(
            (at for at, row in enumerate(cells(sheet)) if at > 3 and row[0] and len([c for c in row if c]) > 1), 0
        )
        figures = [cell for row in cells(sheet)[heads + 1 :] for cell in row if isinstance(cell, int)]
        assert not [cell for cell in figures if 1 <= cell <= 4], sheet.title
    assert AuditEvent.objects.get(kind="poverty_tables.exported").details["exact"] is False


def test_everyone_takes_the_own_units_only(registry: Registry, standard: PovertyStandard) -> None:
    assert window(registry.stranger).post(URL, asked()).status_code == 422
    given = {"standard": "standard", "year": 2023, "tables": (12,)}
    for user, unit, fault in (
        (registry.stranger, "hai-son", ("/unit", "unknown")),
        (registry.stranger, "", ("/unit", "required")),
        (registry.leader, "hai-son", ("/unit", "unknown")),
    ):
        found = faults_of(lambda user=user, unit=unit: release_tables(by=user, asked=TablesAsked(unit=unit, **given)))
        assert found == {fault}
    with pytest.raises(Forbidden):
        release_tables(by=registry.leader, asked=TablesAsked("standard", 2023, "", (15,)))
    assert not AuditEvent.objects.filter(kind="poverty_tables.exported").exists()


def test_every_fault_is_named_at_its_field(registry: Registry, standard: PovertyStandard) -> None:
    nothing = TablesAsked("no-such", None, "nowhere", ())
    assert faults_of(lambda: release_tables(by=registry.officer, asked=nothing)) == {
        ("/standard", "unknown"), ("/unit", "unknown"), ("/tables", "required"),
    }  # fmt: skip
    early = TablesAsked("standard", 2019, "hai-son", (1,))
    assert faults_of(lambda: release_tables(by=registry.officer, asked=early)) == {("/year", "unknown")}
    registry.unit.versions.update(valid_to="2023-06-30")
    gone = TablesAsked("standard", 2023, "hai-son", (1,))
    assert faults_of(lambda: release_tables(by=registry.officer, asked=gone)) == {("/unit", "not_then")}


def test_too_many_households_for_one_workbook_are_refused(
    registry: Registry, standard: PovertyStandard, monkeypatch: Any
) -> None:
    monkeypatch.setattr(service, "LONGEST", 2)
    many = TablesAsked("standard", 2023, "hai-son", (15,))
    assert faults_of(lambda: release_tables(by=registry.officer, asked=many)) == {("/unit", "too_many")}
    assert release_tables(by=registry.officer, asked=TablesAsked("standard", 2023, "hai-son", (12,))).exact


def test_what_cannot_be_logged_does_not_leave(registry: Registry, standard: PovertyStandard, monkeypatch: Any) -> None:
    monkeypatch.setattr(service, "record", lambda **given: (_ for _ in ()).throw(RuntimeError))
    with pytest.raises(RuntimeError):
        window(registry.officer).post(URL, asked())


# --- Flows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_shows_the_chart_its_table_and_balances(
    registry: Registry, standard: PovertyStandard, language: str
) -> None:
    answer = window(registry.officer, language).get(FLOWS, {"standard": "standard", "unit": "hai-son", **PERIOD})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'role="img"' in page and page.count("fl-band") >= 8
    assert "Chủ Hộ" not in page and "style=" not in page
    if language == "vi":
        assert "thoát nghèo, thành hộ cận nghèo" in page and "chuyển khỏi thành phố" in page


def test_a_question_that_says_nothing_is_about_the_last_year_counted(
    registry: Registry, standard: PovertyStandard
) -> None:
    page = window(registry.officer).get(FLOWS).content.decode()
    assert "hết 31/12/2022 đến hết 31/12/2023" in page and "Xã Hải Sơn" in page


def test_faults_stand_at_their_fields(registry: Registry, standard: PovertyStandard) -> None:
    wrong = {"standard": "standard", "unit": "tra-co", "from": "2023-12-31", "to": "2022-12-31"}
    answer = window(registry.officer).get(FLOWS, wrong)
    assert answer.status_code == 422 and "không được trước ngày đầu kỳ" in answer.content.decode()
    assert "Chủ Hộ" not in answer.content.decode()


def test_an_outsider_chooses_among_the_published_days(registry: Registry, standard: PovertyStandard) -> None:
    leader = window(registry.leader)
    page = leader.get(FLOWS).content.decode()
    assert '<option value="2023-12-31" selected>' in page and 'type="date"' not in page
    given = {"standard": "standard", "unit": "", "from": "2022-12-30", "to": "2023-12-31"}
    assert leader.get(FLOWS, given).status_code == 422
    assert leader.get(FLOWS, {**given, "unit": "hai-son"}).status_code == 422


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_the_chart_leaves_as_a_picture(registry: Registry, standard: PovertyStandard, kind: str, begins: bytes) -> None:
    answer = window(registry.officer).get(f"{FLOWS}{kind}/", {"standard": "standard", "unit": "hai-son", **PERIOD})
    assert answer.content.startswith(begins) and f'.{kind}"' in answer["Content-Disposition"]
    for path, given in ((f"{FLOWS}gif/", PERIOD), (f"{FLOWS}{kind}/", {"standard": "standard", "unit": "tra-co"})):
        assert window(registry.officer).get(path, given).status_code == 404


def test_the_api_gives_the_same_changes_and_says_what_is_left_out(
    registry: Registry, standard: PovertyStandard
) -> None:
    caller = make_caller("coordinator", scopes=("households.aggregate",))
    rows = caller.get("households/statistics/flows/", standard="standard", unit="hai-son", **PERIOD).json()["results"]
    assert {(row["before"], row["after"]): row["households"] for row in rows if row["households"]} == {
        ("poor", "poor"): 1, ("poor", "near_poor"): 1, ("poor", "others"): 1, ("poor", "absent"): 1,
        ("near_poor", "poor"): 1, ("near_poor", "others"): 1, ("near_poor", "absent"): 1, ("others", "poor"): 1,
    }  # fmt: skip
    leader = make_caller("leader", scopes=("households.aggregate",))
    rows = leader.get("households/statistics/flows/", standard="standard", **PERIOD).json()["results"]
    assert {row["households"] for row in rows} == {None} and all(row["suppressed"] for row in rows)
    refused = leader.get("households/statistics/flows/", standard="standard", unit="hai-son", **PERIOD)
    assert refused.status_code == 400 and set(pointers(refused)) == {"/unit"}
    assert make_caller("leader", scopes=("read",)).get("households/statistics/flows/").status_code == 403


def test_an_officers_question_without_a_unit_is_about_their_own(registry: Registry, standard: PovertyStandard) -> None:
    answer = window(registry.officer).get("/api/v1/households/statistics/flows/", {"standard": "standard", **PERIOD})
    assert {row["unit"] for row in answer.json()["results"]} == {"hai-son"}


# --- While counts lack something -------------------------------------------------------------------------------------


def waits(village: str = "thon-1") -> None:
    CountedVillage.objects.filter(village__code=village).update(stale_since=timezone.now())


def test_the_page_of_tables_says_since_when_the_counts_of_the_readers_units_lack_something(
    registry: Registry, standard: PovertyStandard
) -> None:
    pages = {name: window(user) for name, user in (("own", registry.officer), ("all", registry.leader))}

    def told() -> dict[str, bool]:
        return {name: "chưa cập nhật từ" in client.get(URL).content.decode() for name, client in pages.items()}

    assert told() == {"own": False, "all": False}
    waits("thon-tra-co")
    assert told() == {"own": False, "all": True}
    waits()
    assert told() == {"own": True, "all": True}


def test_a_workbook_says_it_in_the_tables_that_are_made_from_the_counts(
    registry: Registry, standard: PovertyStandard
) -> None:
    def told() -> set[str]:
        found = book(window(registry.officer).post(URL, asked()))
        return {sheet.title for sheet in found if "Số đếm chưa gồm thay đổi trong sổ hộ từ" in text(sheet)}

    assert told() == set()
    waits("thon-tra-co")
    assert told() == set(), "the ward is not asked about"
    waits()
    assert told() == {"Biểu 01", "Biểu 08", "Biểu 09", "Biểu 12", "Biểu 13"}


def test_flows_say_it_to_those_alone_to_whom_the_counts_decide_what_is_told(
    registry: Registry, standard: PovertyStandard
) -> None:
    waits()
    for user, late in ((registry.officer, False), (registry.leader, True)):
        assert ("chưa cập nhật từ" in window(user).get(FLOWS).content.decode()) is late
    for role, late in (("coordinator", False), ("leader", True)):
        caller = make_caller(role, scopes=("households.aggregate",))
        rows = caller.get("households/statistics/flows/", standard="standard", **PERIOD).json()["results"]
        assert {bool(row["outdated_since"]) for row in rows} == {late}
    CountedVillage.objects.update(stale_since=None)
    assert "chưa cập nhật từ" not in window(registry.leader).get(FLOWS).content.decode()
