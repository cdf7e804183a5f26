from datetime import date

import pytest

from tests.factories.board import board, person
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
