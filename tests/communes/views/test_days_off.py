"""The page of days off: a year's list, adding and taking away by who may, and what it tells of terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from mongcai_portal.common.models import SpecialDay
from tests.factories.reviews import Commune, bring_to, make_commune, on
from tests.factories.windows import BACKEND
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

URL = "/households/reviews/days-off/"
TODAY = date(2023, 11, 8)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with on(TODAY):
        yield


@pytest.fixture
def commune(db: Any) -> Commune:
    return make_commune()


def window(user: Any, language: str = "vi") -> Client:
    client = Client()
    client.force_login(fresh(user), backend=BACKEND)
    client.cookies["django_language"] = language
    return client


def added(**over: str) -> dict[str, str]:
    return {"act": "add", "day": "2023-11-09", "until": "", "works": "off", "name_vi": "Nghỉ bão", **over}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_year_is_listed_with_what_is_not_compared(commune: Commune, language: str) -> None:
    page = window(commune.officer, language).get(URL).content.decode()
    assert ("Quốc khánh" if language == "vi" else "National Day") in page and "2023" in page
    assert 'name="act"' not in page
    law = window(commune.coordinator, language).get(URL, {"year": "2031"}).content.decode()
    assert 'value="begin"' in law and 'value="add"' not in law


def test_a_day_is_added_and_the_terms_that_moved_are_told(commune: Commune) -> None:
    bring_to(commune, "posted")
    coordinator = window(commune.coordinator)
    page = coordinator.post(f"{URL}?year=2023", added(), follow=True).content.decode()
    assert "2 hạn đang chạy được dời" in page and "từ hết 09/11/2023 sang hết 10/11/2023" in page
    assert "Nghỉ bão" in page
    page = coordinator.post(f"{URL}?year=2023", {"act": "remove", "day": "2023-11-09"}, follow=True).content.decode()
    assert "giữ nguyên vì đã thông báo" in page and not SpecialDay.objects.filter(name_vi="Nghỉ bão").exists()


def test_faults_stand_at_their_fields_with_what_was_typed(commune: Commune) -> None:
    coordinator = window(commune.coordinator)
    answer = coordinator.post(f"{URL}?year=2023", added(day="2023-11-11", name_vi=""))
    page = answer.content.decode()
    assert answer.status_code == 422 and "vốn là ngày nghỉ" not in page and "Ghi tên ngày nghỉ" in page
    answer = coordinator.post(f"{URL}?year=2023", added(day="2023-11-11"))
    assert "vốn là ngày nghỉ" in answer.content.decode() and 'value="2023-11-11"' in answer.content.decode()
    assert coordinator.post(URL).status_code == 422, "an empty form names what it lacks"
    unreadable = coordinator.post(f"{URL}?year=2023", added(day="hôm qua"))
    assert unreadable.status_code == 422 and "Ghi ngày." not in unreadable.content.decode()


def test_a_year_is_begun_by_the_law(commune: Commune) -> None:
    page = window(commune.coordinator).post(f"{URL}?year=2031", {"act": "begin"}, follow=True).content.decode()
    assert 'value="add"' in page and "Bộ luật Lao động 2019" in page


def test_who_may_not_write_is_refused_and_outsiders_do_not_see_it(commune: Commune) -> None:
    assert window(commune.officer).post(f"{URL}?year=2023", added()).status_code == 403
    assert window(commune.leader).get(URL).status_code == 403
    gone = window(commune.coordinator).post(f"{URL}?year=2023", {"act": "remove", "day": "2023-11-09"}, follow=True)
    assert "không còn trong lịch nghỉ" in gone.content.decode()
