import re
import time
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import Office, UnitGroup, UnitGroupMember
from indicators.models import (
    DataElement,
    DataElementPart,
    EvaluationRequest,
    Indicator,
    IndicatorResult,
    IndicatorVersion,
    Norm,
    Period,
    Report,
    VersionPart,
)
from mongcai_portal.accounts.middleware import SEEN
from mongcai_portal.common.stamped import watched_tables
from programmes.presenters.overview import arranged, page
from programmes.selectors.overview import figures, overview
from programmes.selectors.reporting import reporting
from tests.factories.board import COMPUTED, board, person

pytestmark = pytest.mark.django_db
END = date(2023, 12, 31)


@pytest.fixture
def town():
    """Five communes: three recognised, the second of them failing criterion 3 by its figures; seven statistics."""
    return furnish(board())


def furnish(town, illustrative=True):
    a, b, c, *rest = town.communes
    town.recognise(a, "model", date(2023, 5, 1), provenance="illustrative")
    town.recognise(b, "standard", date(2021, 5, 1))
    town.recognise(c, "standard", date(2021, 5, 1))
    town.report([a, c, *rest], "2023", {"standard": "met"}, illustrative=illustrative)
    town.report([b], "2023", {"standard": "not_met"})
    town.observe("poverty.poor.escaped", END, (39, 39), poverty_standard="not_stated")
    town.observe("poverty.poor.count", END, "0", poverty_standard="not_stated")
    town.observe("poverty.near_poor.count", END, "57")
    town.aim("poverty.near_poor.count", 2024, "0")
    town.observe("income.rural.per_capita", END, "76.611")
    town.observe("ocop.recognised.count", date(2020, 12, 31), "20")
    town.observe("ocop.recognised.count", END, "29")
    return town


def gap(town, unit, short="-3.2"):
    """Let an indicator of criterion 3 fall short for the unit."""
    office = Office.objects.create(code="an-office", name_vi="Phòng", name_en="Office", sort_key="a")
    criterion = town.sets["standard"].criteria.get(number=3)
    element = DataElement.objects.create(
        code="income", name_vi="Thu nhập", name_en="Income", value_type="percent", unit="%", office=office
    )
    indicator = Indicator.objects.create(
        criterion=criterion, code="3.1", position=1, office=office, level_set_by="province"
    )
    version = IndicatorVersion.objects.create(
        indicator=indicator,
        decision="318/QĐ-TTg",
        name_vi="Tỷ lệ thu nhập",
        name_en="Income share",
        name_provenance="sourced",
        element=element,
        value_type="percent",
        unit="%",
        comparison=">=",
    )
    IndicatorResult.objects.create(
        unit=unit, period=town.periods["2023"], version=version, outcome="not_met", gap=short
    )


@pytest.fixture
def leader(client):
    client.force_login(person("leader", "leader"), backend="mongcai_portal.accounts.backends.PasswordBackend")
    return client


def text_of(response):
    """The page without tags and with single blanks."""
    page = re.sub(r"<(script|style|title)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(" / ", "/").replace("\u00a0", " ")


def test_the_day_shown_is_the_end_of_the_newest_period_with_data(leader, town):
    answer = leader.get("/")
    assert answer.status_code == 200
    assert "Đến 31/12/2023" in text_of(answer)


def test_recognised_and_attained_stand_side_by_side_and_name_who_differs(leader, town):
    page = text_of(leader.get("/?as_of=2023-12-31"))
    assert re.search(r"Được công nhận 03 /05 60,0%", page)
    assert re.search(r"Tính từ số liệu 04 /05 80,0%", page)
    assert "Khác nhau ở: Xã 002" in page
    assert "Số liệu đủ nhưng chưa công nhận: Xã 004, Xã 005" in page
    assert "3/5 xã được công nhận đạt chuẩn nông thôn mới" in page
    assert "còn thiếu: Xã 002" in page


def test_a_level_without_a_published_set_says_why_it_is_not_computed(leader, town):
    page = leader.get("/?as_of=2023-12-31").content.decode()
    assert page.count("chưa tính: chưa có bộ tiêu chí trên cổng") == 2


def test_statistics_show_value_target_baseline_and_missing_ones_stay_empty(leader, town):
    page = text_of(leader.get("/?as_of=2023-12-31"))
    for expected in (
        "39 /39 100%",
        "76,611 triệu đồng/người/năm",
        "57 hộ",
        "Chỉ tiêu 2024: 0, còn hạn",
        "▲ 9 so với 31/12/2020",
        "nguồn không nêu chuẩn nghèo",
        "Chỉ tiêu chưa có số liệu",
        "Hợp tác xã hoạt động hiệu quả",
    ):
        assert expected in page
    assert "minh họa" in page


def test_a_sparkline_is_drawn_only_from_two_points_on(leader, town):
    page = leader.get("/?as_of=2023-12-31").content.decode()
    assert page.count('class="spark-line"') == 1


def test_the_page_is_english_where_english_is_asked(leader, town):
    leader.cookies["django_language"] = "en"
    page = text_of(leader.get("/?as_of=2023-12-31"))
    assert "Commune 002" in page
    assert "31 Dec 2023" in page
    assert "60.0%" in page


def test_the_map_links_to_each_unit_and_says_its_level(leader, town):
    page = leader.get("/?as_of=2023-12-31").content.decode()
    address = "/units/xa-1/?as_of=2023-12-31&amp;level=standard"
    assert f'<a href="{address}" aria-label="Xã 001: Mức model"' in page
    assert "Xã 002: Mức standard; số liệu chưa đủ tiêu chí" in page


def test_who_names_the_newest_day_gets_what_is_kept_for_who_names_none(leader, town):
    leader.get("/")
    with CaptureQueriesContext(connection) as asked:
        leader.get("/?as_of=2023-12-31")
    assert not [q for q in asked.captured_queries if "communes_unitversion" in q["sql"]]


def test_the_matrix_shows_stored_criteria_with_shape_and_word(leader, town):
    page = leader.get("/?as_of=2023-12-31").content.decode()
    assert 'aria-label="Xã 002, 3. Thu nhập: Chưa đạt"' in page
    assert "2/3" in page


def test_attention_names_the_gap_of_a_recognised_commune(leader, town):
    gap(town, town.communes[1])
    page = text_of(leader.get("/?as_of=2023-12-31"))
    assert "Xã 002: tụt chuẩn tiêu chí 3" in page
    assert "3.1 Tỷ lệ thu nhập: thiếu 3,2" in page


@pytest.mark.parametrize(
    ("comparison", "norm", "part", "told"),
    [
        (">=", "90", "", "thiếu"),
        ("<=", "1", "", "vượt"),
        ("==", "0", "", "vượt"),
        (">=", "1", "<=", "vượt"),
        ("<=", "90", ">=", "thiếu"),
    ],
)
def test_a_norm_that_is_a_limit_is_exceeded_not_lacked(leader, town, comparison, norm, part, told):
    gap(town, town.communes[1])
    version = IndicatorVersion.objects.get()
    IndicatorVersion.objects.update(comparison=comparison)
    if part:
        piece = DataElementPart.objects.create(
            element=version.element, code="3.1.a", kind="component", name_vi="a", value_type="percent", position=1
        )
        VersionPart.objects.create(version=version, part=piece, comparison=part)
    decided = Norm.objects.create(
        version=version, part="3.1.a" if part else "", number=norm, provenance="sourced", decision="318/QĐ-TTg"
    )
    IndicatorResult.objects.update(norm=decided)
    page = text_of(leader.get("/?as_of=2023-12-31"))
    assert f"3.1 Tỷ lệ thu nhập: {told} 3,2 điểm phần trăm" in page


def test_a_recognised_commune_outside_the_group_is_marked_and_named_but_not_counted(leader, town):
    UnitGroupMember.objects.filter(group=town.groups["ntm_assessed"], unit=town.communes[1]).delete()
    gap(town, town.communes[1])
    answer = leader.get("/?as_of=2023-12-31")
    page = text_of(answer)
    assert "Xã 002: Mức standard; số liệu chưa đủ tiêu chí; không thuộc nhóm đánh giá" in answer.content.decode()
    assert {t.place.uid for t in answer.context["page"].tiles.tiles if t.warn} == {"xa-2"}
    assert "Xã 002: tụt chuẩn tiêu chí 3" in page
    assert "Khác nhau ở" not in page and re.search(r"Được công nhận 02 /04", page)


def test_attention_counts_reports_that_are_overdue_or_were_never_opened(leader, town):
    Report.objects.filter(unit=town.communes[4]).delete()
    Report.objects.filter(unit=town.communes[3]).update(status="submitted", approved_revision=None)
    page = text_of(leader.get("/?as_of=2023-12-31"))
    assert "2 báo cáo năm 2023 quá hạn phê duyệt" in page
    assert "1 chờ thẩm định · 1 chưa mở" in page


def test_work_still_to_be_computed_is_said_and_the_board_asks_again(leader, town):
    assert "đang tính lại" not in leader.get("/").content.decode()
    EvaluationRequest.objects.create(unit=town.communes[0], period=town.periods["2023"], requested_at=timezone.now())
    page = leader.get("/").content.decode()
    assert "đang tính lại 1 báo cáo" in page
    assert 'hx-trigger="every 2s"' in page


def test_a_day_without_a_group_says_so_and_offers_the_last_day_with_data(leader, town):
    page = leader.get("/?as_of=2026-11-23").content.decode()
    assert "không có nhóm xã nào còn hiệu lực" in page
    assert 'href="/?as_of=2023-12-31"' in page
    assert "số ngày 31/12/2023" in page


def test_an_empty_portal_still_has_an_overview(leader):
    town = board()
    UnitGroup.objects.all().delete()
    page = text_of(leader.get("/"))
    assert "Chưa có nhóm xã nào được khai báo" in page
    assert "Đến " in page
    assert town.town


def test_an_unreadable_day_is_said_and_the_default_is_shown(leader, town):
    page = text_of(leader.get("/?as_of=31-12-2023"))
    assert "Không đọc được ngày đã chọn" in page
    assert "Đến 31/12/2023" in page


def test_an_unknown_area_is_not_found(leader, town):
    assert leader.get("/?unit=atlantis").status_code == 404


def test_one_commune_can_be_the_area(leader, town):
    page = text_of(leader.get("/?as_of=2023-12-31&unit=xa-1"))
    assert "Được công nhận 01 /01 100%" in page


def test_an_officer_is_sent_to_the_reports(client, town):
    client.force_login(
        person("officer.mot", "commune_officer", unit=town.communes[0]),
        backend="mongcai_portal.accounts.backends.PasswordBackend",
    )
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/reports/")


def test_nobody_gets_in_without_signing_in(client, town):
    assert client.get("/")["Location"].startswith("/login/")


@pytest.mark.parametrize("path", ["/?as_of=2023-12-31", "/measures/ntm.attained.standard/?as_of=2023-12-31"])
def test_pages_carry_neither_inline_style_nor_script(leader, town, path):
    page = leader.get(path).content.decode()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)


@pytest.mark.parametrize("session", ["fresh", "an hour's work", "just begun"])
@pytest.mark.parametrize("role", ["coordinator", "leader", "sector_verifier"])
@pytest.mark.parametrize("communes", [5, 500])
def test_the_overview_costs_at_most_twenty_one_queries_whatever_the_number_of_communes(client, communes, role, session):
    town = furnish(board(communes))
    gap(town, town.communes[1])
    EvaluationRequest.objects.create(unit=town.communes[0], period=town.periods["2023"], requested_at=COMPUTED)
    office = Office.objects.first() if role == "sector_verifier" else None
    who = person(role, role, office=office) if office else person(role, role)
    client.force_login(who, backend="mongcai_portal.accounts.backends.PasswordBackend")
    if session != "just begun":
        client.get("/")
    if session == "an hour's work":
        stored = client.session
        stored[SEEN] = time.time() - 600
        stored.save()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/?as_of=2023-12-31")
    # The session is written once a minute; the bounds of its transaction are no questions to the database.
    queries = [q["sql"] for q in asked if "SAVEPOINT" not in q["sql"]]
    # One because evaluations are still to be done, one for overdue tasks, and an office's own tasks in its menu.
    assert len(queries) <= 21, queries
    assert answer.status_code == 200
    assert "Xã 002: tụt chuẩn" in answer.content.decode()


# --- Kept while the data stands -----------------------------------------------------------------------------------


def test_every_table_that_the_overview_reads_is_watched(leader, town):
    gap(town, town.communes[1])
    with CaptureQueriesContext(connection) as asked:
        page(overview(END, today=END, area="mong-cai"), today=END)
    read = {table for query in asked for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert len(read) > 15 and read <= watched_tables()


def test_the_overview_is_made_once_and_anew_as_soon_as_anything_changes(leader, town):
    def asks():
        with CaptureQueriesContext(connection) as asked:
            found = text_of(leader.get("/?as_of=2023-12-31"))
        return found, len(asked)

    asks()
    first, queries = asks()
    assert queries <= 5 and "Được công nhận 03 /05" in first
    town.recognise(town.communes[3], "standard", date(2023, 6, 1))
    second, queries = asks()
    assert queries > 10 and "Được công nhận 04 /05" in second
    EvaluationRequest.objects.create(unit=town.communes[0], period=town.periods["2023"], requested_at=timezone.now())
    # While evaluations are awaited time itself makes figures late: nothing is kept then.
    for _time in range(2):
        second, queries = asks()
        assert queries > 10 and "đang tính lại 1 báo cáo" in second


def test_the_figures_of_the_overview_rest_on_reports_by_what_counts_alone(leader, town):
    gap(town, town.communes[1])
    known = reporting()
    with CaptureQueriesContext(connection) as asked:
        arranged(figures(END, known=known))
    assert len(asked) >= 8
    assert [q["sql"] for q in asked if "indicators_report" in q["sql"].replace("indicators_reportedvalue", "")] == []


def test_the_order_of_reports_is_no_part_of_what_counts(town):
    known = reporting()
    assert len(known.counted[1]) == 5
    assert replace(known, reports=tuple(reversed(known.reports))).counted == known.counted


def test_a_report_on_its_way_changes_what_needs_attention_and_leaves_the_figures_standing(leader, town):
    def asks():
        with CaptureQueriesContext(connection) as asked:
            found = text_of(leader.get("/?as_of=2023-12-31"))
        return found, len(asked)

    period = Period.objects.create(
        code="2024", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), due_on=date(2025, 1, 15)
    )
    asks()
    report = Report.objects.create(unit=town.communes[0], period=period, status="draft", created_at=COMPUTED)
    opened, queries = asks()
    assert queries <= 7 and "1 đang nhập" in opened
    Report.objects.filter(pk=report.pk).update(status="submitted")
    handed_in, queries = asks()
    assert queries <= 7 and "1 chờ thẩm định" in handed_in and "1 đang nhập" not in handed_in
    # Once it counts it may change every figure.
    Report.objects.filter(pk=report.pk).update(status="approved", approved_revision=1)
    counted, queries = asks()
    assert queries > 10 and "chờ thẩm định" not in counted


def test_what_is_kept_is_of_the_day_the_area_and_the_language_asked_for(leader, town):
    vietnamese = text_of(leader.get("/?as_of=2023-12-31"))
    assert "Được công nhận 01 /01" in text_of(leader.get("/?as_of=2023-12-31&unit=xa-1"))
    assert "Được công nhận 02 /05" in text_of(leader.get("/?as_of=2022-12-31"))
    leader.cookies["django_language"] = "en"
    assert "Commune 002" in text_of(leader.get("/?as_of=2023-12-31"))
    leader.cookies["django_language"] = "vi"
    assert text_of(leader.get("/?as_of=2023-12-31")) == vietnamese


# --- Of very many communes ----------------------------------------------------------------------------------------


@pytest.fixture
def province():
    """Sixty communes, all recognised: of fifty the figures fall short."""
    town = board(60)
    for unit in town.communes:
        town.recognise(unit, "standard", date(2021, 5, 1))
    town.report(town.communes[:50], "2023", {"standard": "not_met"})
    town.report(town.communes[50:], "2023", {"standard": "met"})
    return town


def test_a_card_shows_those_that_differ_and_leads_to_all_the_others(leader, province):
    page = leader.get("/?as_of=2023-12-31")
    card = page.context["page"].levels[0]
    assert len(card.dots) == 30 and {dot.state for dot in card.dots} == {"recognised"}
    assert card.more == 30
    assert "30 xã khác: xem từng xã" in text_of(page)
    assert re.search(r"Khác nhau ở: Xã 001, .*Xã 020 và thêm 30 xã", text_of(page))
    members = text_of(leader.get(card.recognised.why))
    assert all(f"Xã {n:03}" in members for n in range(1, 61))


def test_all_that_needs_attention_is_reached_page_by_page(leader, province):
    gap(province, province.communes[44])
    overview_page = leader.get("/?as_of=2023-12-31")
    page = overview_page.context["page"]
    assert page.attention_count > 50 and page.further == page.attention_count - 40
    assert f'href="{page.further_url}"'.replace("&", "&amp;") in overview_page.content.decode()
    pages = [leader.get(f"/attention/?as_of=2023-12-31&page={n}") for n in (1, 2, 3)]
    told = [item for answer in pages for item in answer.context["items"]]
    assert len(told) == page.attention_count
    assert [item.title for item in told[:40]] == [i.title for i in (*page.attention, *page.more_attention)]
    assert {f"Xã {n:03}" for n in range(1, 51)} <= {i.title.split(":")[0] for i in told}
    assert any("3.1 Tỷ lệ thu nhập: thiếu 3,2" in item.detail for item in told if item.title.startswith("Xã 045"))


def test_a_page_beyond_the_last_is_the_last(leader, province):
    for asked in ("99", "x", "0", "-1", "9" * 30, "²"):
        answer = leader.get("/attention/", {"as_of": "2023-12-31", "page": asked}, follow=True)
        assert answer.status_code == 200 and answer.context["items"], asked


def test_what_needs_attention_is_seen_by_whoever_sees_the_overview(client, leader, town):
    assert leader.get("/attention/?unit=atlantis").status_code == 404
    assert "Không có việc cần chú ý" not in text_of(leader.get("/attention/?as_of=2023-12-31"))
    officer = Client()
    officer.force_login(
        person("officer.hai", "commune_officer", unit=town.communes[0]),
        backend="mongcai_portal.accounts.backends.PasswordBackend",
    )
    assert officer.get("/attention/").status_code == 403


@pytest.mark.parametrize("communes", [5, 100])
def test_what_needs_attention_costs_as_many_queries_as_the_overview(leader, communes):
    town = furnish(board(communes))
    gap(town, town.communes[1])
    leader.get("/attention/")
    with CaptureQueriesContext(connection) as asked:
        assert leader.get("/attention/?as_of=2023-12-31").status_code == 200
    assert len(asked) <= 16


def test_before_the_group_begins_the_ratios_are_absent_and_the_rest_stays(leader, town):
    UnitGroup.objects.filter(code="ntm_assessed").update(valid_from=date(2023, 1, 1))
    town.report(town.communes, "2022", {"standard": "met"})
    page = text_of(leader.get("/?as_of=2022-12-31"))
    assert "có hiệu lực từ ngày 01/01/2023" in page
    assert "Được công nhận 0" not in page
    assert "Xã thực hiện nâng chất các tiêu chí 05 /05" in page
    assert "Xem 31/12/2023" in page


def test_the_breakthroughs_of_the_review_are_marked_on_their_cards(town, client):
    client.force_login(person("lanhdao", "leader"), backend="mongcai_portal.accounts.backends.PasswordBackend")
    shown = client.get("/?as_of=2023-12-31").content.decode()
    chip = 'class="chip chip-gold"'

    def card(label):
        return shown[shown.index(f'aria-label="{label}"') :].split("</section>")[0]

    assert chip in card("Sản phẩm OCOP 3-5 sao còn hiệu lực") and "khâu đột phá: Sản xuất" in shown
    assert "khâu đột phá: Thu nhập của người dân" in card("Thu nhập bình quân đầu người khu vực nông thôn")
    assert chip not in card("Hộ cận nghèo")
    # What has no figure yet is marked in its list as well.
    unknown = shown[shown.index("Chỉ tiêu chưa có số liệu") :].split("</section>")[0]
    entries = {entry.split("</a>")[0].rsplit(">", 1)[1]: chip in entry for entry in unknown.split("<li>")[1:]}
    assert entries["Tỷ lệ rác thải được thu gom"] and not entries["Tỷ lệ lao động phi nông nghiệp"]


def test_sources_that_differ_are_told_on_the_card_and_among_what_has_no_figure(leader, town):
    town.observe("income.rural.per_capita", END, "75.2", source="báo", provenance="unverified")
    town.observe("value_chains.count", END, "4")
    town.observe("value_chains.count", END, "5", source="niên giám")
    shown = leader.get("/?as_of=2023-12-31").content.decode()
    card, other = (
        shown[shown.index(f'aria-label="{label}"') :].split("</section>")[0]
        for label in ("Thu nhập bình quân đầu người khu vực nông thôn", "Hộ cận nghèo")
    )
    assert "nguồn nêu khác nhau: 75,2 (báo, chưa đối chiếu); 76,611 (Sơ kết 03 năm)" in card
    assert "nguồn nêu khác nhau" not in other
    unknown = shown[shown.index("Chỉ tiêu chưa có số liệu") :].split("</section>")[0]
    entries = {entry.split("</a>")[0].rsplit(">", 1)[1]: entry for entry in unknown.split("<li>")[1:]}
    assert "nguồn nêu khác nhau: 5 (niên giám); 4 (Sơ kết 03 năm)" in entries["Chuỗi liên kết giá trị"]
    assert "nguồn nêu khác nhau" not in entries["Hợp tác xã hoạt động hiệu quả"]
