"""The list that hangs in a village: heads and results, nothing else, and who opened it is noted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from communes.models import ReviewRound
from communes.presenters.review_papers import posted_word
from communes.selectors.reviews.postings import is_posted
from communes.services.households import end_household
from mongcai_portal.audit.models import AuditEvent
from tests.factories.reviews import Commune, bring_to, make_commune, on
from tests.factories.windows import BACKEND
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with on(date(2023, 11, 8)):
        yield


@pytest.fixture
def commune(db: Any) -> Commune:
    return make_commune()


def get(user: Any, commune: Commune, round_: ReviewRound, village: str = "thon-1", language: str = "vi") -> Any:
    client = Client()
    client.force_login(fresh(user), backend=BACKEND)
    client.cookies["django_language"] = language
    number = commune.villages[village].pk
    return client.get(f"/households/reviews/{round_.pk}/villages/{number}/posting/list/")


def paper(answer: Any) -> str:
    """The paper alone, without the page around it."""
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().partition("<article")[2].partition("</article>")[0]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_list_has_heads_and_results_and_its_days_in_vietnamese(commune: Commune, language: str) -> None:
    round_ = bring_to(commune, "posted")
    text = paper(get(commune.officer, commune, round_, language=language))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text and "XÃ HẢI SƠN" in text and "Thôn Một" in text
    assert "Chủ Hộ P1" in text and "Thoát nghèo, là hộ cận nghèo" in text
    assert "Chủ Hộ N1" in text and ">Hộ nghèo<" in text
    assert "từ ngày 06/11/2023 đến hết ngày 09/11/2023" in text and "Nhà văn hóa" not in text.partition("tại ")[0]
    assert "phúc tra trong 7 ngày làm việc" in text
    assert "Chủ Hộ N2" not in text, "of another village"


def test_nothing_but_name_village_and_result_of_a_household_stands_there(commune: Commune) -> None:
    round_ = bring_to(commune, "posted")
    text = paper(get(commune.officer, commune, round_))
    review = commune.review("P1")
    for told in ("1.400.000", "1400000", "120", f">{review.household.code}<", "Rà Soát Viên", "•", "thu nhập", "điểm"):
        assert told not in text, told


def test_who_left_the_unit_before_it_hangs_is_not_named(commune: Commune) -> None:
    round_ = bring_to(commune, "met")
    end_household(by=None, household_id=commune.households["N1"].pk, on=date(2023, 11, 7), because="moved_out")
    text = paper(get(commune.officer, commune, round_))
    assert "Chủ Hộ P1" in text and "Chủ Hộ N1" not in text
    assert not AuditEvent.objects.filter(kind="household.viewed", object_label="N1").exists()


def test_before_it_hangs_its_days_are_left_to_be_written_in(commune: Commune) -> None:
    text = paper(get(commune.officer, commune, bring_to(commune, "met")))
    assert "Niêm yết 3 ngày làm việc, từ ngày …… / ……" in text


def test_nothing_is_printed_before_the_village_agreed(commune: Commune) -> None:
    round_ = bring_to(commune, "submitted")
    assert get(commune.officer, commune, round_).status_code == 404
    assert not AuditEvent.objects.filter(kind="review.list_printed").exists()


def test_opening_it_is_noted_for_the_round_and_for_each_household_once_a_day(commune: Commune) -> None:
    round_ = bring_to(commune, "posted")
    for _twice in range(2):
        get(commune.officer, commune, round_)
    assert AuditEvent.objects.filter(kind="review.list_printed").count() == 2
    seen = AuditEvent.objects.filter(kind="household.viewed").values_list("object_label", flat=True)
    assert sorted(seen) == ["N1", "P1"]


@pytest.mark.parametrize(("who", "code"), [("coordinator", 200), ("stranger", 404), ("leader", 403)])
def test_it_opens_to_who_looks_after_the_households(commune: Commune, who: str, code: int) -> None:
    round_ = bring_to(commune, "posted")
    assert get(getattr(commune, who), commune, round_).status_code == code


def test_a_round_leads_to_its_lists(commune: Commune) -> None:
    round_ = bring_to(commune, "posted")
    client = Client()
    client.force_login(fresh(commune.officer), backend=BACKEND)
    page = client.get(f"/households/reviews/{round_.pk}/").content.decode()
    assert f"villages/{commune.villages['thon-1'].pk}/posting/list/" in page


def test_the_list_costs_the_same_for_many_households(commune: Commune, django_assert_max_num_queries: Any) -> None:
    round_ = bring_to(commune, "posted")
    with django_assert_max_num_queries(60):
        get(commune.officer, commune, round_)


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ("poor", "poor", "Hộ nghèo"),
        ("", "poor", "Hộ nghèo"),
        ("near_poor", "poor", "Hộ nghèo"),
        ("not_poor", "near_poor", "Hộ cận nghèo"),
        ("poor", "near_poor", "Thoát nghèo, là hộ cận nghèo"),
        ("poor", "not_poor", "Thoát nghèo"),
        ("near_poor", "not_poor", "Thoát cận nghèo"),
        ("", "not_poor", ""),
        ("not_poor", "not_poor", ""),
        ("poor", "undetermined", ""),
    ],
)
def test_what_is_made_public_and_in_which_words(before: str, after: str, word: str) -> None:
    assert posted_word(before, after) == word and is_posted(before, after) == bool(word)
