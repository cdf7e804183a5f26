"""What a round's pages say of average living standard and of reports upwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from communes.models import ReviewRound
from communes.services import reviews
from tests.factories.reviews import Commune, bring_to, make_commune, meet, on, post, typed
from tests.factories.windows import BACKEND
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

TODAY = date(2023, 10, 5)
ASKED = {"household": "F1", "reason": "average", "on": "2023-09-16"}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with on(TODAY):
        yield


@pytest.fixture
def commune(db: Any) -> Commune:
    return make_commune()


def client_of(user: Any, language: str = "vi") -> Client:
    client = Client()
    client.force_login(fresh(user), backend=BACKEND)
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def officer(commune: Commune) -> Client:
    return client_of(commune.officer)


def at(round_: ReviewRound, rest: str = "") -> str:
    return f"/households/reviews/{round_.pk}/{rest}"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def monthly(commune: Commune, month: int = 9) -> ReviewRound:
    return commune.open(kind="monthly", month=month, on=date(2023, month, 15))


def finished(commune: Commune, officer: Client, income: str = "2.200.000") -> tuple[ReviewRound, str]:
    """A monthly round with a finished sheet of F1, and the sheet's address."""
    round_ = monthly(commune)
    assert officer.post(at(round_, "request/"), ASKED).status_code == 302
    review = commune.review("F1")
    cells = typed(0, a_score="150", on=date(2023, 9, 18), **{"income:": income, "farming:": "true"})
    reviews.save_cells(by=commune.officer, review_id=review.pk, cells=cells)
    reviews.finish_sheet(by=commune.officer, review_id=review.pk)
    return round_, at(round_, f"households/{review.pk}/")


@pytest.mark.parametrize(("language", "unsaid"), [("vi", "không nêu số mẫu giấy"), ("en", "state no number of")])
def test_the_request_form_of_a_monthly_round_offers_it_and_says_what_is_not_stated(
    commune: Commune, language: str, unsaid: str
) -> None:
    page = text_of(client_of(commune.officer, language), at(monthly(commune), "request/"))
    assert 'value="average"' in page and unsaid in page


def test_the_request_form_of_a_yearly_round_does_not(commune: Commune, officer: Client) -> None:
    round_ = commune.open()
    page = text_of(officer, at(round_, "request/"))
    assert 'value="request_01"' in page and 'value="average"' not in page and "không nêu số mẫu giấy" not in page
    answer = officer.post(at(round_, "request/"), ASKED)
    assert answer.status_code == 422 and not round_.reviews.filter(reason="average").exists()


def test_a_finished_sheet_reads_as_average_in_its_pages(commune: Commune, officer: Client) -> None:
    round_, sheet = finished(commune, officer)
    page = text_of(officer, sheet)
    assert "không nghèo, mức sống trung bình" in page and "không in giấy chứng nhận" in page
    assert "Từ chối bằng văn bản" not in page
    assert "không nghèo, mức sống trung bình" in text_of(officer, at(round_, "households/"))
    assert "Trong đó 1 hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình." in text_of(officer, at(round_))


def test_what_is_not_granted_is_answered_by_a_letter_about_that_request(commune: Commune, officer: Client) -> None:
    round_, sheet = finished(commune, officer, "2.250.001")
    assert "Từ chối bằng văn bản" in text_of(officer, sheet)
    letter = {"number": "88/UBND", "refused_on": "2023-09-25", "signer": "Chủ tịch", "reasons": "Thu nhập cao hơn."}
    assert officer.post(sheet + "refusal/", letter).status_code == 302
    assert "diêm nghiệp có mức sống trung bình" in text_of(officer, sheet + "refusal/").partition("<article")[2]


def test_the_posted_list_names_who_is_granted_it(commune: Commune, officer: Client) -> None:
    round_, _sheet = finished(commune, officer)
    reviews.submit_round(by=commune.officer, round_id=round_.pk)
    meet(commune, round_, "thon-2", held_on=date(2023, 9, 20))
    post(commune, round_, "thon-2", posted_on=date(2023, 9, 20))
    page = text_of(officer, at(round_, f"villages/{commune.villages['thon-2'].pk}/posting/list/"))
    before, _mark, paper = page.partition("<article")
    assert "Chủ Hộ F1" in paper and "<td>Hộ có mức sống trung bình</td><td>–</td>" in paper
    assert "HỘ CÓ MỨC SỐNG TRUNG BÌNH" in paper and "không nêu riêng việc niêm yết" in before


def test_a_list_without_them_does_not_speak_of_them(commune: Commune) -> None:
    with on(date(2023, 12, 1)):
        round_ = bring_to(commune, "posted")
        page = text_of(
            client_of(commune.officer), at(round_, f"villages/{commune.villages['thon-1'].pk}/posting/list/")
        )
    assert "MỨC SỐNG TRUNG BÌNH" not in page and "không nêu riêng việc niêm yết" not in page


@pytest.mark.parametrize(
    ("day", "said", "left"),
    [
        (date(2023, 9, 5), "trong ngày 05/09/2023", "hết hạn lúc 24:00 hôm nay"),
        (date(2023, 9, 4), "trong ngày 05/09/2023", "còn 1 ngày"),
        (date(2023, 9, 6), "trong ngày 05/09/2023", ""),
    ],
)
def test_a_monthly_round_says_when_it_is_reported(
    commune: Commune, officer: Client, day: date, said: str, left: str
) -> None:
    with on(day):
        round_ = monthly(commune, 8)
        page = text_of(officer, at(round_)).partition("Báo cáo kết quả lên cấp trên</h2>")[2].partition("</section>")[0]
        listed = text_of(officer, "/households/reviews/")
    assert said in page and "quá hạn" not in page
    assert (left in page) if left else ("due-" not in page and "còn" not in page)
    assert ("báo cáo kết quả rà soát thường xuyên" in listed) is bool(left)


def test_of_other_months_no_day_is_stated(commune: Commune, officer: Client) -> None:
    page = text_of(officer, at(monthly(commune, 9)))
    assert "Quy trình không nêu ngày báo cáo kết quả của đợt thường xuyên tháng này." in page


@pytest.mark.parametrize(("language", "report"), [("vi", "báo cáo sơ bộ"), ("en", "preliminary results")])
def test_the_yearly_round_has_two_reports_that_are_not_verified(commune: Commune, language: str, report: str) -> None:
    client = client_of(commune.officer, language)
    page = text_of(client, at(commune.open()))
    section = page.partition('<dl class="facts"><dt>')[2].partition("</dl>")[0]
    days = ("14/11/2023", "14/12/2023") if language == "vi" else ("14 Nov 2023", "14 Dec 2023")
    assert report in section and [day in section for day in days] == [True, True], section
    assert "15/11" in page.partition("review-terms")[2]
    assert report in text_of(client, "/households/reviews/")


def test_of_two_reports_the_list_names_the_next(commune: Commune) -> None:
    commune.open()
    with on(date(2023, 11, 15)):
        page = text_of(client_of(commune.officer), "/households/reviews/")
    assert "báo cáo chính thức" in page and "báo cáo sơ bộ" not in page
