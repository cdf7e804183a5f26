"""The units of Móng Cái before and after 01/11/2024 and 01/07/2025, on the map, in tables, ratios and the API."""

from __future__ import annotations

import re
from datetime import date

import pytest

from communes.models import Unit, UnitVersion
from communes.scope import scope_of
from indicators.models import Attainment, Period, Recognition, Report
from indicators.selectors.reporting_units import who_reports
from indicators.services.recognition import recognise
from indicators.services.reports import open_period, open_report
from mongcai_portal.accounts.models import User
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.models import in_force_q
from tests.factories.windows import LocalWindow

pytestmark = pytest.mark.usefixtures("town")

START, BEFORE_2024, SINCE_2024 = date(2021, 7, 1), date(2024, 10, 31), date(2024, 11, 1)
LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)
NINE = {
    "hai-son", "bac-son", "hai-dong", "hai-tien", "quang-nghia", "hai-xuan", "van-ninh", "vinh-trung", "vinh-thuc",
}  # fmt: skip
NEW_COMMUNES = {"hai-son-2025", "hai-ninh", "vinh-thuc-2025"}
NEW_WARDS = {"mong-cai-1", "mong-cai-2", "mong-cai-3"}
KNOWN = NINE | NEW_COMMUNES | NEW_WARDS

# code: who holds it on 01/07/2021, 31/10/2024, 01/11/2024, 30/06/2025, 01/07/2025.
HOLDERS = {
    "06709": ["Phường Ka Long"] * 4 + ["Phường Móng Cái 2"],
    "06712": ["Phường Trần Phú"] * 4 + ["Phường Móng Cái 1"],
    "06733": ["Xã Hải Tiến"] * 4 + ["Xã Hải Ninh"],
    "06736": ["Phường Hải Yên"] * 4 + ["Phường Móng Cái 3"],
    "06724": ["Xã Hải Sơn"] * 5,
    "06757": ["Xã Vĩnh Thực"] * 5,
    "06718": ["Phường Hòa Lạc"] * 2 + [None] * 3,
    "06727": ["Xã Bắc Sơn"] * 4 + [None],
    "06739": ["Xã Quảng Nghĩa"] * 4 + [None],
    "194": ["Móng Cái"] * 4 + [None],
}
DAYS = (START, BEFORE_2024, SINCE_2024, LAST, FIRST)
# Who was formed from whom on 01/07/2025.
FORMED = {
    "mong-cai-1": {"tran-phu", "hai-hoa", "binh-ngoc", "tra-co", "hai-xuan"},
    "mong-cai-2": {"ninh-duong", "ka-long", "van-ninh"},
    "mong-cai-3": {"hai-yen", "hai-dong"},
    "hai-ninh": {"quang-nghia", "hai-tien"},
    "hai-son-2025": {"bac-son", "hai-son"},
    "vinh-thuc-2025": {"vinh-trung", "vinh-thuc"},
}


@pytest.fixture
def leader() -> LocalWindow:
    return LocalWindow("leader")


@pytest.fixture
def coordinator() -> User:
    return User.objects.get(username="coordinator")


def title(version: UnitVersion | None) -> str | None:
    prefix = {"commune": "Xã ", "ward": "Phường "}
    return prefix.get(version.kind, "") + version.name_vi if version else None


def api(window: LocalWindow, path: str, **query: object) -> list[dict]:
    answer = window.client.get(f"/api/v1/{path}/", {"page_size": 200, **query})
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def page(window: LocalWindow, path: str, **query: object):
    answer = window.client.get(path, query)
    assert answer.status_code == 200
    return answer


# --- The map ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", HOLDERS)
def test_a_code_names_its_unit_of_the_day(code: str) -> None:
    found = [UnitVersion.objects.filter(in_force_q(day), official_code=code) for day in DAYS]
    assert [title(rows.first()) for rows in found] == HOLDERS[code]
    assert all(rows.count() <= 1 for rows in found)


@pytest.mark.parametrize("code", ["06709", "06712", "06733", "06736", "06724", "06757"])
def test_a_code_kept_or_used_again_is_another_unit_since_july_2025(leader: LocalWindow, code: str) -> None:
    before, after = (api(leader, "units", code=code, as_of=day) for day in (LAST, FIRST))
    assert len(before) == len(after) == 1
    assert before[0]["uid"] != after[0]["uid"]
    assert before[0]["valid_to"] == str(LAST) and after[0]["valid_from"] == str(FIRST)


@pytest.mark.parametrize(("day", "units"), [(BEFORE_2024, 17), (SINCE_2024, 16), (LAST, 16), (FIRST, 6)])
def test_list_api_and_map_show_the_units_of_the_day(leader: LocalWindow, day: date, units: int) -> None:
    stored = set(Unit.objects.on(day).filter(parent_uid="mong-cai").values_list("uid", flat=True))
    assert len(stored) == units
    assert {row["uid"] for row in api(leader, "units", parent="mong-cai", as_of=day)} == stored
    listed = page(leader, "/units/", as_of=day).context["view"].rows
    assert {row.url.split("/")[2] for row in listed} == stored
    tiles = page(leader, "/", as_of=day).context["page"].tiles.tiles
    assert {tile.place.uid for tile in tiles} == stored
    assert all(tile.url.startswith(f"/units/{tile.place.uid}/?as_of={day}") for tile in tiles)


@pytest.mark.parametrize("uid", FORMED)
def test_each_new_unit_names_its_predecessors_and_the_act(leader: LocalWindow, uid: str) -> None:
    found = page(leader, f"/units/{uid}/", as_of=FIRST).context
    assert {r.uid for r in found["page"].lineage.predecessors} == FORMED[uid]
    assert all("1679/NQ-UBTVQH15" in r.legal_basis for r in found["page"].lineage.predecessors)


def test_hoa_lac_stands_behind_tran_phu_in_the_past_of_mong_cai_1(leader: LocalWindow) -> None:
    nodes = page(leader, "/units/mong-cai-1/", as_of=FIRST).context["view"].predecessors
    tran_phu = next(node for node in nodes if node.title == "Phường Trần Phú")
    assert [(n.title, n.day, n.provenance) for n in tran_phu.nodes] == [("Phường Hòa Lạc", SINCE_2024, "unverified")]


# --- Titles and figures -------------------------------------------------------------------------------------------


def test_titles_end_with_their_units_and_are_not_inherited(leader: LocalWindow) -> None:
    before, after = ({row["unit"] for row in api(leader, "recognitions", as_of=day)} for day in (LAST, FIRST))
    assert before == NINE and after == set()
    assert Recognition.objects.count() == 13  # history stays


def test_a_new_decision_counts_for_the_new_unit_only(leader: LocalWindow, coordinator: User) -> None:
    new = Unit.objects.get(uid="hai-ninh")
    recognise(by=coordinator, unit=new, level="standard", decided_on=date(2025, 9, 1), decision_number="900/QĐ-UBND")
    assert [row["unit"] for row in api(leader, "recognitions", as_of="2025-09-01")] == ["hai-ninh"]
    view = page(leader, "/units/hai-ninh/", as_of="2025-09-01").context["view"]
    assert [event.number for event in view.events] == ["900/QĐ-UBND"]
    assert {event.unit for event in view.past_events} == {"Xã Quảng Nghĩa", "Xã Hải Tiến"}
    (measure,) = [m for m in api(leader, "measures", as_of="2025-09-01") if m["code"] == "ntm.recognised.standard"]
    assert (measure["numerator"], measure["denominator"]) == (1, 3)


def test_results_of_units_that_ended_are_no_results_of_the_day(leader: LocalWindow) -> None:
    before, after = ({row["unit"] for row in api(leader, "attainment", as_of=day)} for day in (LAST, FIRST))
    assert before == NINE and after == set()
    assert {row["unit"] for row in api(leader, "attainment", period="2023", as_of=FIRST)} == NINE
    assert not Attainment.objects.filter(unit__uid__in=FORMED).exists()


def test_the_attainment_page_names_no_unit_of_another_day(leader: LocalWindow) -> None:
    shown = [
        set(
            re.findall(r"/(?:attainment|units)/([a-z0-9-]+)/", page(leader, "/attainment/", as_of=day).content.decode())
        )
        for day in (LAST, FIRST)
    ]
    assert shown[0] == NINE
    assert shown[1] <= NEW_COMMUNES


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("ntm.recognised.standard", (5, 5, "ntm_assessed"), (0, 3, "ntm_communes")),
        ("ntm.recognised.advanced", (2, 5, "ntm_assessed"), (0, 3, "ntm_communes")),
        ("ntm.recognised.model", (1, 5, "ntm_assessed"), (0, 3, "ntm_communes")),
        ("ntm.attained.standard", (4, 5, "ntm_assessed"), (None, None, "ntm_communes")),
        ("ntm.criteria_upgrade", (9, 9, "ntm_upgrade"), (0, 3, "ntm_communes")),
    ],
)
def test_a_ratio_is_counted_over_the_communes_of_the_day(leader: LocalWindow, code, before, after) -> None:
    for day, expected in ((LAST, before), (FIRST, after)):
        (row,) = [m for m in api(leader, "measures", as_of=day) if m["code"] == code]
        assert (row["numerator"], row["denominator"], row["group"]) == expected


def test_a_change_is_not_told_against_units_that_did_not_exist(leader: LocalWindow) -> None:
    rows = {m["code"]: m for m in api(leader, "measures", as_of=FIRST)}
    assert rows["ntm.recognised.standard"]["change"] is None
    assert rows["ntm.recognised.standard"]["provenance"] == "unverified"  # the group is inferred


@pytest.mark.parametrize(("day", "members"), [(LAST, NINE), (FIRST, NEW_COMMUNES)])
def test_the_group_of_communes_has_the_members_of_the_day(leader: LocalWindow, day: date, members: set[str]) -> None:
    (group,) = [g for g in api(leader, "unit-groups", as_of=day) if g["code"] == "ntm_communes"]
    assert {m["unit"] for m in group["members"]} == members
    codes = {g["code"] for g in api(leader, "unit-groups", as_of=day)}
    assert ("ntm_assessed" in codes) == (day == LAST)


def test_the_overview_shows_the_denominators_of_the_day(leader: LocalWindow) -> None:
    before, after = (page(leader, "/", as_of=day).context["page"] for day in (LAST, FIRST))
    assert [(card.recognised.numerator, card.recognised.denominator) for card in before.levels] == [
        ("05", "05"), ("02", "05"), ("01", "05"),
    ]  # fmt: skip
    assert [(card.recognised.numerator, card.recognised.denominator) for card in after.levels] == [("00", "03")] * 3
    assert {dot.place.uid for dot in after.levels[0].dots} == NEW_COMMUNES
    assert (before.area, after.area) == ("Móng Cái", "Khu vực Móng Cái")
    assert before.other_group == ""
    assert "hết hiệu lực ngày 30/06/2025: các tỷ lệ tính trên “Xã xây dựng nông thôn mới”" in after.other_group
    assert "là lịch sử, không tính cho đơn vị mới" in after.other_group


# --- Reports of 2025 ----------------------------------------------------------------------------------------------


def test_for_2025_each_unit_says_whether_it_reports_and_where_it_came_from(coordinator: User) -> None:
    found = {row.uid: row for row in who_reports(Period.objects.get(code="2025"), scope_of(coordinator)).rows}
    assert {uid for uid, row in found.items() if row.duty == "reports"} == NEW_COMMUNES
    assert {uid for uid, row in found.items() if row.duty == "not_a_commune"} == NEW_WARDS
    ended = {uid for uid, row in found.items() if row.duty == "ended"}
    assert ended == set().union(*FORMED.values())
    for uid, before in FORMED.items():
        assert {n.step.predecessor.uid for n in found[uid].predecessors} == before
    assert {n.step.successor.uid for n in found["hai-xuan"].successors} == {"mong-cai-1"}


def test_for_the_first_half_of_2025_the_old_communes_report(coordinator: User) -> None:
    half = open_period(by=coordinator, code="2025-H1", due_on=date(2025, 7, 15))
    found = who_reports(half, scope_of(coordinator))
    assert {row.uid for row in found.rows if row.duty == "reports"} == NINE
    assert not found.changed
    assert open_report(by=coordinator, unit=Unit.objects.get(uid="bac-son"), period=half).status == "draft"


def test_the_opening_page_says_of_each_of_the_six_units_who_reports_and_why_a_ward_does_not() -> None:
    text = bare(page(LocalWindow("coordinator"), "/reports/open/", period="2025").content.decode())
    assert "Xã tồn tại ngày 31/12/2025 báo cáo cho cả kỳ." in text
    assert "áp dụng cho xã nên phường không báo cáo." in text
    assert "số liệu của đơn vị cũ không tự cộng vào báo cáo của đơn vị mới" in text
    for name, origin in (
        ("Xã Hải Ninh", "hình thành ngày 01/07/2025 từ xã Quảng Nghĩa, xã Hải Tiến"),
        ("Xã Hải Sơn", "hình thành ngày 01/07/2025 từ xã Bắc Sơn, xã Hải Sơn"),
        ("Xã Vĩnh Thực", "hình thành ngày 01/07/2025 từ xã Vĩnh Trung, xã Vĩnh Thực"),
    ):
        assert f"{name} từ 01/07/2025 Báo cáo · {origin}" in text
    for name in ("Phường Móng Cái 1", "Phường Móng Cái 2", "Phường Móng Cái 3"):
        assert f"{name} từ 01/07/2025 Không báo cáo: là phường · hình thành ngày 01/07/2025 từ" in text
    assert "Xã Hải Xuân đến 30/06/2025 Không báo cáo: không còn tồn tại ngày 31/12/2025" in text


def bare(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_report_of_2025_says_who_reports_and_that_nothing_is_summed(leader: LocalWindow) -> None:
    report = Report.objects.get(unit__uid="hai-ninh", period__code="2025")
    text = bare(page(leader, f"/reports/{report.pk}/").content.decode())
    assert (
        "Xã Hải Ninh báo cáo cho cả kỳ vì là xã tồn tại ngày 31/12/2025; "
        "hình thành ngày 01/07/2025 từ xã Quảng Nghĩa, xã Hải Tiến" in text
    )
    assert "Số liệu của các đơn vị cũ không tự cộng vào báo cáo này" in text
    assert not report.values.exists()
    old = Report.objects.get(unit__uid="bac-son", period__code="2023")
    assert "báo cáo cho cả kỳ vì" not in bare(page(leader, f"/reports/{old.pk}/").content.decode())


@pytest.mark.parametrize(
    ("uid", "code", "words"),
    [
        ("mong-cai-1", "not_a_commune", "phường không báo cáo"),
        ("hai-xuan", "not_in_force", "địa bàn đã thuộc “Móng Cái 1”"),
        ("hoa-lac", "not_in_force", "“Trần Phú”"),
    ],
)
def test_who_does_not_report_for_2025_is_refused_with_the_reason(coordinator: User, uid, code, words) -> None:
    with pytest.raises(Invalid) as caught:
        open_report(by=coordinator, unit=Unit.objects.get(uid=uid), period=Period.objects.get(code="2025"))
    assert [(f.pointer, f.code) for f in caught.value.faults] == [("/unit", code)]
    assert words in str(caught.value)


def test_what_needs_attention_in_2023_knows_nothing_of_the_reports_of_2025(leader: LocalWindow) -> None:
    shown = {}
    for day in ("2023-12-31", FIRST):
        items = page(leader, "/", as_of=day).context["page"].attention
        shown[day] = {re.search(r"20\d\d", a.title)[0] for a in items if a.url.startswith("/reports/")}
    assert "2024" in shown["2023-12-31"] and "2025" not in shown["2023-12-31"]
    assert shown[FIRST] == {"2025"}
