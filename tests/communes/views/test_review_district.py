"""The step of the district on the pages of a round: in its turn, with its days, and nowhere where it is not asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from communes.models import DistrictReport, ReviewRound, ReviewTerm
from communes.services import reviews
from tests.factories.files import upload
from tests.factories.reviews import Commune, bring_to, decide, make_commune, on
from tests.factories.windows import BACKEND
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

STEP = "Báo cáo, xin ý kiến Chủ tịch UBND cấp huyện"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with on(date(2023, 12, 1)):
        yield


@pytest.fixture
def commune(db: Any) -> Commune:
    return make_commune()


@pytest.fixture
def round_(commune: Commune) -> ReviewRound:
    return reviews.complete_round(by=commune.officer, round_id=bring_to(commune, "posted").pk)


@pytest.fixture
def officer(commune: Commune) -> Client:
    client = Client()
    client.force_login(fresh(commune.officer), backend=BACKEND)
    return client


def at(round_: ReviewRound, rest: str = "") -> str:
    return f"/households/reviews/{round_.pk}/{rest}"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_page_goes_from_the_report_to_the_opinion_to_the_decision(officer: Client, round_: ReviewRound) -> None:
    page = text_of(officer, at(round_))
    assert STEP in page and "trả lời trong 5 ngày làm việc" in page
    assert f'href="{at(round_, "district/")}"' in page and at(round_, "decision/") not in page
    answer = officer.post(at(round_, "district/"), {"number": "", "sent_on": "2023-11-09"})
    assert answer.status_code == 422 and "kết thúc trước ngày 10/11/2023" in answer.content.decode()
    sent = {"number": "48/BC-UBND", "sent_on": "2023-11-10"}
    page = officer.post(at(round_, "district/"), sent, follow=True).content.decode()
    assert "báo cáo số 48/BC-UBND gửi ngày 10/11/2023, hạn trả lời: hết ngày 17/11/2023" in page
    assert "quá hạn 14 ngày" in page and f'href="{at(round_, "district/opinion/")}"' in page
    assert "Báo cáo số 48/BC-UBND gửi ngày 10/11/2023" in text_of(officer, at(round_, "district/opinion/"))
    answer = officer.post(at(round_, "district/opinion/"), {"answered_on": "2023-11-15"})
    assert answer.status_code == 422 and "Ghi nội dung ý kiến." in answer.content.decode()
    said = {"number": "310/UBND", "answered_on": "2023-11-15", "opinion": "Nhất trí, lưu ý thôn Hai."}
    page = officer.post(at(round_, "district/opinion/"), said, follow=True).content.decode()
    assert "ý kiến số 310/UBND ngày 15/11/2023" in page and "Nhất trí, lưu ý thôn Hai." in page
    assert f'href="{at(round_, "decision/")}"' in page
    assert "quyết định sớm nhất từ 15/11/2023" in text_of(officer, at(round_, "decision/"))


def test_a_decision_before_the_opinion_is_refused_by_what_is_missing(officer: Client, round_: ReviewRound) -> None:
    assert "Chưa đủ điều kiện quyết định" in text_of(officer, at(round_, "decision/"))
    signed = {"number": "215/QĐ-UBND", "decided_on": "2023-11-20", "signer": "Chủ tịch"}
    answer = officer.post(at(round_, "decision/"), {**signed, "scan": upload("qd.pdf")})
    assert answer.status_code == 422
    assert "Chưa ghi báo cáo kết quả rà soát gửi Chủ tịch UBND cấp huyện" in answer.content.decode()
    officer.post(at(round_, "district/"), {"number": "48/BC-UBND", "sent_on": "2023-11-10"})
    answer = officer.post(at(round_, "decision/"), {**signed, "scan": upload("qd.pdf")})
    assert answer.status_code == 422
    assert "về báo cáo số 48/BC-UBND gửi ngày 10/11/2023 (hạn trả lời: hết ngày 17/11/2023)" in answer.content.decode()


def test_an_opinion_without_a_report_says_so(officer: Client, round_: ReviewRound) -> None:
    assert "Chưa ghi báo cáo gửi" in text_of(officer, at(round_, "district/opinion/"))
    said = {"number": "310/UBND", "answered_on": "2023-11-15", "opinion": "Nhất trí"}
    answer = officer.post(at(round_, "district/opinion/"), said)
    assert answer.status_code == 422 and "Chưa ghi báo cáo kết quả rà soát" in answer.content.decode()


def test_a_round_without_the_step_has_no_page_of_it(commune: Commune, officer: Client, round_: ReviewRound) -> None:
    ReviewTerm.objects.update(until=date(2023, 9, 4))
    page = text_of(officer, at(round_))
    assert STEP not in page and at(round_, "decision/") in page
    assert {officer.get(at(round_, rest)).status_code for rest in ("district/", "district/opinion/")} == {404}


def test_a_round_decided_before_the_step_was_recorded_says_so(commune: Commune, officer: Client) -> None:
    round_ = bring_to(commune, "completed")
    decide(commune, round_)
    assert "không ghi trên cổng" not in text_of(officer, at(round_))
    DistrictReport.objects.all().delete()
    assert "không ghi trên cổng" in text_of(officer, at(round_))
