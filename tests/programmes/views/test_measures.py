from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import UnitGroupMember
from tests.factories.board import board, person
from tests.factories.world import make_communes
from tests.programmes.views.test_overview import END, furnish, text_of

pytestmark = pytest.mark.django_db
BACKEND = "mongcai_portal.accounts.backends.PasswordBackend"


@pytest.fixture
def town():
    return furnish(board())


@pytest.fixture
def leader(client):
    client.force_login(person("leader", "leader"), backend=BACKEND)
    return client


def test_a_recognised_ratio_names_each_decision_its_day_and_its_mark(leader, town):
    town.recognise(
        town.communes[3], "standard", date(2018, 12, 31), decision_number="", date_precision="year",
        provenance="unverified",
    )  # fmt: skip
    page = text_of(leader.get("/measures/ntm.recognised.standard/?as_of=2023-12-31"))
    assert "04 /05" in page
    assert "Tử số 4" in page
    assert "1/QĐ-UBND, 01/05/2021" in page
    assert "chưa rõ số quyết định , năm 2018" in page
    assert "chưa đối chiếu" in page
    assert "Nhóm ntm_assessed" in page


def test_an_attained_ratio_names_what_each_commune_is_missing(leader, town):
    answer = leader.get("/measures/ntm.attained.standard/?as_of=2023-12-31")
    page = text_of(answer)
    assert "04 /05" in page
    assert "2/3 tiêu chí · 2023" in page
    assert "3. Thu nhập" in page
    assert 'href="/attainment/xa-2/?as_of=2023-12-31&amp;level=standard"' in answer.content.decode()


def test_a_statistic_shows_its_source_its_own_date_and_what_was_printed(leader, town):
    town.observe("income.ethnic_border_island.per_capita", END, "70.957", printed_vi="70.957 triệu", source="review")
    answer = leader.get("/measures/income.ethnic_border_island.per_capita/?as_of=2024-06-30")
    page = text_of(answer)
    for expected in ("70,957", "70.957 triệu", "Sơ kết 03 năm", "31/12/2023"):
        assert expected in page
    assert "https://example.org/review" in answer.content.decode()


def test_a_measure_without_data_says_why(leader, town):
    page = text_of(leader.get("/measures/cooperatives.effective.count/"))
    assert "Chưa có số liệu đến ngày này." in page


def test_a_level_whose_set_is_not_published_says_why(leader, town):
    page = text_of(leader.get("/measures/ntm.attained.model/"))
    assert "Bộ tiêu chí của mức này chưa được ban hành trên cổng" in page


def test_english_pages_are_in_english_form(leader, town):
    leader.cookies["django_language"] = "en"
    page = text_of(leader.get("/measures/ntm.recognised.standard/?as_of=2023-12-31"))
    assert "60.0%" in page
    assert "Commune 001" in page


@pytest.mark.parametrize(
    "path",
    [
        "/measures/ntm.recognised.perfect/",
        "/measures/ntm.recognised.standard/?unit=atlantis",
        "/measures/ntm.recognised.standard/?group=nobody",
    ],
)
def test_what_does_not_exist_is_not_found(leader, town, path):
    assert leader.get(path).status_code == 404


def test_an_officer_sees_the_ratio_and_their_own_commune_only(client, town):
    client.force_login(person("officer.hai", "commune_officer", unit=town.communes[1]), backend=BACKEND)
    page = text_of(client.get("/measures/ntm.attained.standard/?as_of=2023-12-31"))
    assert "04 /05" in page
    assert "Xã 002" in page
    assert "Xã 001" not in page
    assert "4 xã khác ngoài phạm vi của bạn" in page


@pytest.mark.parametrize("communes", [5, 200])
def test_an_explanation_costs_the_same_whatever_the_number_of_communes(client, communes, django_assert_num_queries):
    furnish(board(communes))
    client.force_login(person("leader", "leader"), backend=BACKEND)
    client.get("/measures/ntm.attained.standard/")
    with django_assert_num_queries(14):
        client.get("/measures/ntm.attained.standard/?as_of=2023-12-31")


def test_a_measure_of_the_reviews_breakthroughs_carries_the_mark(leader, town):
    assert "khâu đột phá" in text_of(leader.get("/measures/income.rural.per_capita/"))
    assert "khâu đột phá" not in text_of(leader.get("/measures/poverty.poor.count/"))


# --- Sources, communes and time ------------------------------------------------------------------------------------


def test_sources_that_differ_are_both_shown_and_none_is_chosen(leader, town):
    town.observe("income.ethnic_border_island.per_capita", END, "70.957", source="review")
    town.observe("income.ethnic_border_island.per_capita", END, "69.5", source="niên giám")
    answer = leader.get("/measures/income.ethnic_border_island.per_capita/?as_of=2023-12-31")
    page = text_of(answer)
    assert "Các nguồn của cùng một ngày nêu số khác nhau." in page
    assert "Cổng không tự chọn một số" in page
    assert "70,957" in page and "69,5" in page and "niên giám" in page
    assert answer.context["page"].big == ""


def test_the_breakthrough_is_called_by_its_name(leader, town):
    assert "khâu đột phá: Thu nhập của người dân" in text_of(leader.get("/measures/income.rural.per_capita/"))
    assert "khâu đột phá: Sản xuất" in text_of(leader.get("/measures/value_chains.count/"))


def test_what_the_communes_entered_stands_beside_what_was_printed(leader, town):
    for unit in town.communes:
        town.observe("cooperatives.effective.count", END, "2", area=unit)
    town.observe("cooperatives.effective.count", END, "9")
    page = text_of(leader.get("/measures/cooperatives.effective.count/?as_of=2023-12-31"))
    assert "Tính từ số của từng xã 31/12/2023 10 hợp tác xã" in page
    assert "Cao hơn 1 so với số công bố 9." in page


def test_a_count_of_communes_says_of_how_many(leader, town):
    for at, unit in enumerate(town.communes):
        town.observe("services.rural_model.communes", END, str(at % 2), area=unit)
    page = text_of(leader.get("/measures/services.rural_model.communes/?as_of=2023-12-31"))
    assert "2 xã trên 5 xã đã nhập" in page


def test_communes_that_have_entered_nothing_are_named(leader, town):
    for unit in town.communes[1:]:
        town.observe("cooperatives.effective.count", END, "2", area=unit)
    page = text_of(leader.get("/measures/cooperatives.effective.count/?as_of=2023-12-31"))
    assert "Chưa đủ số liệu của mọi xã trong nhóm" in page
    assert "Còn thiếu hoặc chưa dùng được số của: Xã 001." in page


def incomes(town):
    for year, value in ((2021, "60"), (2022, "68")):
        town.observe("income.rural.per_capita", date(year, 12, 31), value)
    town.aim("income.rural.per_capita", 2025, "85", start="76")


def test_a_projection_is_plainly_called_one_and_stands_in_the_table(leader, town):
    incomes(town)
    page = text_of(leader.get("/measures/income.rural.per_capita/?as_of=2023-12-31"))
    assert "31/12/2025 dự báo, không phải số liệu ≈ 93,1" in page
    assert "31/12/2025 chỉ tiêu 85" in page
    assert "Nếu tiếp tục như 3 số đã biết, đến 31/12/2025 là ≈ 93,1 triệu đồng/người/năm." in page
    assert "không phải số liệu và không phải kế hoạch" in page


def test_too_few_points_are_not_projected_and_that_is_said(leader, town):
    page = text_of(leader.get("/measures/ocop.recognised.count/?as_of=2023-12-31"))
    assert "Chưa dự báo: cần ít nhất 3 số đã biết, mới có 2." in page
    assert "≈" not in page


def test_the_chart_is_one_specification_for_page_and_picture(leader, town):
    incomes(town)
    path = "/measures/income.rural.per_capita/chart.{}?as_of=2023-12-31"
    spec = leader.get(path.format("json")).json()
    assert spec["$schema"].endswith("vega-lite/v6.json")
    kinds = [(row["day"], row["kind"], row["text"]) for row in spec["data"]["values"]]
    assert ("2023-12-31", "số đã biết", "76,611") in kinds
    assert ("2025-12-31", "dự báo, không phải số liệu", "≈ 93,1") in kinds
    assert ("2025-12-31", "chỉ tiêu", "85") in kinds
    picture = leader.get(path.format("svg"))
    assert picture["Content-Type"].startswith("image/svg+xml")
    assert "Thu nhập bình quân đầu người khu vực nông thôn" in picture.content.decode()
    assert "≈ 93,1" in picture.content.decode()
    assert leader.get(path.format("png")).content.startswith(b"\x89PNG")
    assert leader.get(path.format("pdf")).status_code == 404


def test_a_measure_without_a_trend_has_no_chart(leader, town):
    assert leader.get("/measures/value_chains.count/chart.json").status_code == 404
    assert "data-chart" not in leader.get("/measures/value_chains.count/").content.decode()


def test_who_may_is_led_to_typing_and_planning(leader, town, client):
    path = "/measures/cooperatives.effective.count/?as_of=2023-12-31"
    assert "/targets/new/" not in leader.get(path).content.decode()
    client.force_login(person("coordinator", "coordinator"), backend=BACKEND)
    page = client.get(path).content.decode()
    assert "/targets/new/?as_of=2023-12-31&amp;measure=cooperatives.effective.count" in page
    assert "/statistics/new/?as_of=2023-12-31&amp;measure=cooperatives.effective.count" in page


def test_the_page_costs_the_same_for_five_communes_and_for_twenty(leader, town):
    path = "/measures/cooperatives.effective.count/?as_of=2023-12-31"

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert leader.get(path).status_code == 200
        return len(caught)

    for unit in town.communes:
        town.observe("cooperatives.effective.count", END, "2", area=unit)
        town.aim("cooperatives.effective.count", 2025, "4", start="2", area=unit)
    queries()
    few = queries()
    for unit in make_communes(town.town, 15):
        UnitGroupMember.objects.create(group=town.groups["ntm_upgrade"], unit=unit)
        town.observe("cooperatives.effective.count", END, "2", area=unit)
        town.aim("cooperatives.effective.count", 2025, "4", start="2", area=unit)
    assert queries() == few
