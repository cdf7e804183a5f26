"""The list of units and the page of one: standing, what is missing, titles, history, on any day and in scope."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import RoleAssignment, Unit, UnitSuccession, UnitVersion, UnitZone
from indicators.models import EvaluationRequest, Level, Period, Recognition
from indicators.services import reports, values, verification
from indicators.services.evaluation import evaluate
from tests.factories.world import World, bring_to, fresh, make_communes, make_report, make_unit, make_world

pytestmark = pytest.mark.django_db
BACKEND = "mongcai_portal.accounts.backends.PasswordBackend"
LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)


def text_of(answer) -> str:
    page = re.sub(r"<(script|style|title)[^>]*>.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(fresh(world.people[name]), backend=BACKEND)
    return client


@pytest.fixture
def world(db) -> World:
    """Two communes; the first reported: water 60 of 65, central 14 of 15, two houses where none may be, roads not."""
    world = make_world()
    bring_to(
        world,
        "approved",
        changes={("water", ""): "60", ("water", "17.1.a"): "14.7", ("houses", ""): "2", ("plan", ""): False},
    )
    evaluate(None)
    EvaluationRequest.objects.update(done_at=timezone.now())
    return world


@pytest.fixture
def leader(world) -> Client:
    return client_of(world, "leader")


def recognise(unit: Unit, level: str = "standard", decided_on: date = date(2020, 12, 31), **more) -> Recognition:
    fields = {"provenance": "sourced", "decision_number": "12/QĐ", **more}
    return Recognition.objects.create(unit=unit, level=Level.objects.get(code=level), decided_on=decided_on, **fields)


def merge(world: World) -> Unit:
    """Both communes end on 30/06/2025 and become one."""
    UnitVersion.objects.filter(unit__in=world.communes).update(valid_to=LAST)
    new = make_unit("new-one", "Thử Mới", "commune", world.town, "90001", valid_from=FIRST)
    for unit in world.communes:
        UnitSuccession.objects.create(
            predecessor=unit,
            successor=new,
            effective_on=FIRST,
            kind="merge",
            legal_basis="NQ 1679",
            provenance="sourced",
        )
    return new


# --- Standing and what is missing --------------------------------------------------------------------------------


def test_each_level_says_what_the_figures_give_and_what_was_decided(leader, world):
    recognise(world.commune, "advanced")
    page = text_of(leader.get("/units/commune-1/?as_of=2023-12-31"))
    assert "standard 318/QĐ-TTg 1 /4 tiêu chí Chưa đạt" in page
    assert "đã gồm trong công nhận “advanced”" in page
    assert "công nhận 31/12/2020, 12/QĐ" in page
    assert page.count("Bộ tiêu chí của mức này chưa được ban hành trên cổng") == 2
    assert "Đã công nhận, số liệu chưa đủ mọi tiêu chí." in page


def test_what_is_missing_for_the_next_level_comes_by_distance(leader):
    answer = leader.get("/units/commune-1/?as_of=2023-12-31")
    groups = answer.context["view"].missing
    assert [(g.kind, [(line.code, line.reached) for line in g.lines]) for g in groups] == [
        ("short", [("3.1", 92), ("2.2", 0)]),
        ("refused", [("1.1", None)]),
    ]
    page = text_of(answer)
    assert "Còn thiếu để đạt: standard" in page
    assert "3.1 Số liệu water" in page and "60%" in page and "≥ 65%" in page and "thiếu 5 điểm phần trăm" in page
    assert "cách mức 7,7%" in page and "vượt 2 nhà" in page


def test_each_missing_line_leads_to_its_explanation(leader):
    page = leader.get("/units/commune-1/?as_of=2023-12-31").content.decode()
    for target, told in (("indicators/3.1", "60% ≥ 65%: sai"), ("criteria/3", "Quy tắc vừa chạy lại")):
        address = f"/attainment/commune-1/{target}/?as_of=2023-12-31&amp;level=standard"
        assert f'href="{address}"' in page
        assert told in leader.get(address.replace("&amp;", "&")).content.decode()


def test_unreported_stands_apart_from_not_met(leader, world):
    other = make_report(world, unit=world.communes[1])
    bring_to(
        world, "draft", report=other, officer=world.people["other_officer"], changes={("water", ""): None},
    )  # fmt: skip
    values.save_values(
        by=world.people["other_officer"],
        report_id=other.pk,
        cells=[values.CellInput("water", "", state="no_data")],
        all_or_none=True,
    )
    reports.submit(by=world.people["other_officer"], report_id=other.pk)
    verification.verify(by=world.people["verifier_all"], report_id=other.pk)
    reports.approve(by=world.people["coordinator"], report_id=other.pk)
    groups = leader.get("/units/commune-2/?as_of=2023-12-31").context["view"].missing
    assert [(g.kind, [line.code for line in g.lines]) for g in groups] == [
        ("unreported", ["3.1"]),
        ("no_norm", ["1.2"]),
    ]


def test_marks_of_judgement_and_unverified_norms_show(leader):
    page = text_of(leader.get("/units/commune-1/?as_of=2023-12-31"))
    assert "thẩm định của phòng ban" in page and "mức chưa đối chiếu" in page
    listed = text_of(leader.get("/units/?as_of=2023-12-31"))
    assert "mức chưa đối chiếu" in listed and "thẩm định của phòng ban" in listed


def test_before_the_periods_end_there_is_no_standing(leader):
    page = text_of(leader.get("/units/commune-1/?as_of=2023-12-30"))
    assert "Chưa có báo cáo nào được phê duyệt cho kỳ kết thúc đến ngày này." in page
    assert "Còn thiếu để đạt" not in page


def test_a_unit_that_attains_everything_has_nothing_missing(client, world):
    other = make_report(world, unit=world.communes[1])
    bring_to(world, "approved", report=other, officer=world.people["other_officer"])
    page = text_of(client_of(world, "leader").get("/units/commune-2/?as_of=2023-12-31"))
    assert "bộ tiêu chí của mức “advanced” chưa được ban hành" in page
    assert "Số liệu đủ mọi tiêu chí, chưa được công nhận." in page


# --- Titles and reports ------------------------------------------------------------------------------------------


def test_titles_stand_in_time_with_their_end(leader, world):
    recognise(world.commune, withdrawn_on=date(2023, 6, 1), withdrawal_decision="9/QĐ")
    recognise(world.commune, "advanced", date(2018, 5, 4), expires_on=date(2023, 5, 4), decision_number="")
    events = leader.get("/units/commune-1/?as_of=2023-12-31").context["view"].events
    assert [(e.kind, e.day, e.over) for e in events] == [
        ("withdrawn", "01/06/2023", False),
        ("expired", "04/05/2023", False),
        ("recognised", "31/12/2020", True),
        ("recognised", "04/05/2018", True),
    ]
    before = leader.get("/units/commune-1/?as_of=2023-05-03").context["view"].events
    assert [(e.kind, e.detail) for e in before] == [
        ("recognised", "còn hiệu lực"),
        ("recognised", "hiệu lực đến 04/05/2023"),
    ]
    assert leader.get("/units/commune-1/?as_of=2018-05-03").context["view"].events == ()


def test_reports_stand_with_todays_status_and_later_ones_apart(leader, world):
    later = Period.objects.create(
        code="2024", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), due_on=date(2025, 1, 15)
    )
    make_report(world, period=later)
    answer = leader.get("/units/commune-1/?as_of=2023-12-31")
    view = answer.context["view"]
    assert [(r.period, r.report.status) for r in view.reports] == [("Năm 2023", "approved")]
    assert [(r.period, r.report.status) for r in view.later_reports] == [("Năm 2024", "draft")]
    assert "trạng thái hôm nay" in text_of(answer)


# --- Days on either side -----------------------------------------------------------------------------------------


def test_a_unit_that_is_gone_says_where_it_went_and_one_to_come_where_it_will_come_from(leader, world):
    merge(world)
    gone = leader.get("/units/commune-1/?as_of=2025-07-01")
    page = text_of(gone)
    assert gone.status_code == 200
    assert "Đơn vị không tồn tại ngày 01/07/2025" in page
    assert "Từ ngày 01/07/2025, địa bàn thuộc xã Thử Mới theo NQ 1679." in page
    assert 'href="/units/new-one/?as_of=2025-07-01"' in gone.content.decode()
    assert 'href="/units/commune-1/?as_of=2025-06-30"' in gone.content.decode()
    assert gone.context["view"].levels == () and "Còn thiếu" not in page
    ahead = leader.get("/units/new-one/?as_of=2025-06-30")
    assert "Ngày 30/06/2025 chưa có xã Thử Mới. Đơn vị hình thành từ ngày 01/07/2025, từ xã Xã Thử 1, xã Xã Thử 2" in (
        text_of(ahead)
    )
    assert 'href="/units/commune-2/?as_of=2025-06-30"' in ahead.content.decode()


def test_titles_of_predecessors_are_history_and_not_the_successors_own(leader, world):
    recognise(world.commune)
    recognise(world.communes[1], "advanced", withdrawn_on=date(2024, 2, 1), withdrawal_decision="3/QĐ")
    merge(world)
    answer = leader.get("/units/new-one/?as_of=2025-07-01")
    view, page = answer.context["view"], text_of(answer)
    assert view.events == () and [c.recognised for c in view.levels] == ["", "", ""]
    assert [(e.unit, e.kind) for e in view.past_events] == [
        ("Xã Xã Thử 2", "withdrawn"), ("Xã Xã Thử 1", "recognised"), ("Xã Xã Thử 2", "recognised"),
    ]  # fmt: skip
    assert "không tính là danh hiệu của đơn vị này, trừ khi có quyết định mới" in page
    assert "còn hiệu lực đến khi đơn vị kết thúc, 30/06/2025" in page
    recognise(Unit.objects.get(uid="new-one"), decided_on=date(2025, 9, 1), decision_number="77/QĐ")
    now = leader.get("/units/new-one/?as_of=2025-09-01").context["view"]
    assert [e.number for e in now.events] == ["77/QĐ"] and now.levels[0].recognised


def test_a_predecessors_title_leads_to_its_record_only_for_whom_that_opens(leader, world):
    recognise(world.commune)
    recognise(world.communes[1])
    RoleAssignment.objects.create(user=world.people["officer"], role="commune_officer", unit=merge(world))
    officer = client_of(world, "officer")
    for reader, led in ((officer, {"Xã Xã Thử 1"}), (leader, {"Xã Xã Thử 1", "Xã Xã Thử 2"})):
        past = reader.get("/units/new-one/?as_of=2025-07-01").context["view"].past_events
        assert {e.unit for e in past} == {"Xã Xã Thử 1", "Xã Xã Thử 2"}
        assert {e.unit for e in past if e.url} == led
        assert {reader.get(e.url).status_code for e in past if e.url} == {200}


def test_a_code_used_again_is_said(leader, world):
    merge(world)
    page = text_of(leader.get("/units/new-one/?as_of=2025-07-01"))
    assert "Mã 90001 trước đây là mã của đơn vị khác: xã Xã Thử 1 (đến 30/06/2025)." in page


def test_without_a_day_the_page_shows_one_on_which_the_unit_has_figures_or_exists(leader, world):
    merge(world)
    assert leader.get("/units/commune-1/").context["page"].day == date(2023, 12, 31)
    assert leader.get("/units/commune-2/").context["page"].day == LAST
    assert leader.get("/units/new-one/").context["page"].version is not None


def test_groups_and_zones_stand_with_their_days(leader, world):
    UnitZone.objects.create(
        unit=world.commune,
        zone="khu_vuc_2",
        valid_from=date(2016, 1, 1),
        valid_to=date(2020, 12, 31),
        provenance="sourced",
    )
    UnitZone.objects.create(unit=world.commune, zone="island", provenance="unverified")
    view = leader.get("/units/commune-1/?as_of=2023-12-31").context["view"]
    assert [(z.name, z.days, z.state) for z in view.zones] == [
        ("Hải đảo", "", "now"),
        ("Khu vực II", "từ 01/01/2016 đến 31/12/2020", "past"),
    ]
    assert [(g.name, g.state, g.provenance) for g in view.groups] == [("Xã thuộc diện đánh giá", "now", "unverified")]


def test_a_ward_says_why_it_has_no_standing(leader, world):
    make_unit("phuong", "Thử Phường", "ward", world.town, "90900")
    page = text_of(leader.get("/units/phuong/"))
    assert "phường không báo cáo và không được đánh giá theo các bộ này" in page
    assert "Còn thiếu" not in page


def test_a_town_lists_its_units_of_the_day(leader, world):
    merge(world)
    before, after = (
        [title for title, _url in leader.get(f"/units/pho/?as_of={day}").context["view"].children]
        for day in (LAST, FIRST)
    )
    assert before == ["Xã Xã Thử 1", "Xã Xã Thử 2"] and after == ["Xã Thử Mới"]


def test_an_unreadable_day_is_said(leader):
    for path in ("/units/", "/units/commune-1/"):
        answer = leader.get(f"{path}?as_of=hôm-qua")
        assert answer.status_code == 200 and "Không đọc được ngày đã chọn" in text_of(answer)


def test_the_explanation_of_a_unit_on_a_day_it_does_not_exist_leads_to_its_page(world):
    merge(world)
    leader, other = client_of(world, "leader"), client_of(world, "other_officer")
    answer = leader.get("/attainment/commune-1/?as_of=2025-07-01")
    assert (answer.status_code, answer["Location"]) == (302, "/units/commune-1/?as_of=2025-07-01")
    assert other.get("/attainment/commune-1/?as_of=2025-07-01").status_code == 404
    assert leader.get("/attainment/atlantis/?as_of=2025-07-01").status_code == 404


# --- Scope -------------------------------------------------------------------------------------------------------


def test_an_officer_sees_the_own_unit_only(world):
    officer = client_of(world, "officer")
    assert officer.get("/units/commune-1/").status_code == 200
    assert officer.get("/units/commune-2/").status_code == 404
    assert officer.get("/units/pho/").status_code == 404
    assert officer.get("/units/atlantis/").status_code == 404
    page = text_of(officer.get("/units/?as_of=2023-12-31"))
    assert "Xã Thử 1" in page and "Xã Thử 2" not in page
    assert "Xã Thử 2" not in text_of(officer.get("/units/?q=thu&as_of=2023-12-31"))


def test_a_relative_out_of_scope_is_named_but_not_linked(world):
    new = merge(world)
    officer = client_of(world, "officer")
    answer = officer.get("/units/commune-1/?as_of=2025-07-01")
    assert "Thử Mới" in text_of(answer) and f"/units/{new.uid}/" not in answer.content.decode()


# --- The list ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("q", ["Thử 2", "thu 2", "THỬ 2", "xã thử 2", "Thử 2", "90002"])
def test_the_list_finds_a_unit_however_it_is_typed(leader, q):
    rows = leader.get("/units/", {"q": q, "as_of": "2023-12-31"}).context["view"].rows
    assert [row.url for row in rows] == ["/units/commune-2/?as_of=2023-12-31"]


def test_the_list_shows_the_units_of_the_day_and_names_those_of_other_days(leader, world):
    merge(world)
    for day, found in ((LAST, ["commune-1", "commune-2"]), (FIRST, ["new-one"])):
        rows = leader.get("/units/", {"as_of": day}).context["view"].rows
        assert [row.url.split("/")[2] for row in rows] == found
    view = leader.get("/units/", {"as_of": FIRST, "q": "thử 1"}).context["view"]
    assert view.rows == () and view.elsewhen == (
        ("Xã Xã Thử 1", "đến 30/06/2025", "/units/commune-1/?as_of=2025-06-30"),
    )
    assert "Không có đơn vị nào tên “atlantis”" in text_of(leader.get("/units/?q=atlantis"))


def test_the_list_says_what_each_unit_attains_and_filters_by_kind(leader, world):
    make_unit("phuong", "Thử Phường", "ward", world.town, "90900")
    recognise(world.commune)
    page = text_of(leader.get("/units/?as_of=2023-12-31"))
    assert re.search(r"Xã Xã Thử 1 90001 standard 1/4 tiêu chí", page)
    assert "Phường Thử Phường 90900 Không thuộc diện bộ tiêu chí xã" in page
    rows = leader.get("/units/?as_of=2023-12-31&kind=ward").context["view"].rows
    assert [row.kind for row in rows] == ["ward"]
    assert len(leader.get("/units/?as_of=2023-12-31&kind=moon").context["view"].rows) == 3


# --- Cost --------------------------------------------------------------------------------------------------------


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_the_list_costs_the_same_with_twenty_units_more(leader, world):
    few = queries(leader, "/units/?as_of=2023-12-31&q=thu")
    for unit in make_communes(world.town, 20, start=10):
        recognise(unit)
    assert queries(leader, "/units/?as_of=2023-12-31&q=thu") == few <= 12


def test_the_page_costs_the_same_with_twenty_predecessors_titles_and_reports(leader, world):
    new = merge(world)
    recognise(world.commune, decided_on=date(1999, 1, 1))
    few = queries(leader, "/units/new-one/?as_of=2026-01-01"), queries(leader, "/units/commune-1/?as_of=2023-12-31")
    for n, unit in enumerate(make_communes(world.town, 20, start=10)):
        UnitVersion.objects.filter(unit=unit).update(valid_to=LAST)
        UnitSuccession.objects.create(
            predecessor=unit, successor=new, effective_on=FIRST, kind="merge", legal_basis="NQ", provenance="sourced"
        )
        recognise(unit)
        recognise(world.commune, decided_on=date(2000 + n, 1, 1))
        UnitZone.objects.create(unit=new, zone=f"zone_{n}", provenance="sourced")
    many = queries(leader, "/units/new-one/?as_of=2026-01-01"), queries(leader, "/units/commune-1/?as_of=2023-12-31")
    assert many == few and max(many) <= 39
