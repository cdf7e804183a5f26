"""Publishing a draft from its page: who may, what it still lacks, and a second window."""

from __future__ import annotations

import pytest

from indicators.models import CriteriaSet
from tests.factories.world import World

pytestmark = pytest.mark.django_db

PAGE = "/criteria/SMALL/"
BUTTON = "Ban hành bộ tiêu chí"


@pytest.fixture
def draft(world: World) -> CriteriaSet:
    CriteriaSet.objects.filter(pk=world.criteria_set.pk).update(status="draft")
    return world.criteria_set


def status() -> str:
    return str(CriteriaSet.objects.get(code="SMALL").status)


def test_the_coordinator_publishes_a_draft_from_its_page(draft, as_person):
    client = as_person("coordinator")
    assert BUTTON in client.get(PAGE).content.decode()
    answer = client.post(f"{PAGE}publish/", follow=True)
    assert (answer.status_code, status()) == (200, "published")
    page = answer.content.decode()
    assert "Đã ban hành bộ tiêu chí" in page and f"{PAGE}publish/" not in page


def test_every_lack_is_named_and_it_stays_a_draft(draft, as_person):
    CriteriaSet.objects.filter(pk=draft.pk).update(indicators_declared=47)
    draft.criteria.get(number=4).indicators.all().delete()
    answer = as_person("coordinator").post(f"{PAGE}publish/")
    page = answer.content.decode()
    assert (answer.status_code, status()) == (422, "draft")
    assert "Quyết định có 47 chỉ tiêu, đã nhập 5." in page and "Tiêu chí 4 chưa có chỉ tiêu nào." in page


def test_a_second_window_is_told(draft, as_person):
    client = as_person("coordinator")
    client.post(f"{PAGE}publish/")
    answer = client.post(f"{PAGE}publish/")
    assert answer.status_code == 409 and "đã được ban hành" in answer.content.decode()


@pytest.mark.parametrize("who", ["officer", "verifier_a", "leader"])
def test_others_read_the_draft_and_do_not_publish_it(draft, as_person, who):
    client = as_person(who)
    page = client.get(PAGE)
    assert page.status_code == 200 and BUTTON not in page.content.decode()
    assert client.post(f"{PAGE}publish/").status_code == 403
    assert status() == "draft"


def test_there_is_nothing_to_publish_without_a_set_and_reading_does_not_publish(draft, as_person):
    client = as_person("coordinator")
    assert client.post("/criteria/NTM_1900/publish/").status_code == 404
    assert client.get(f"{PAGE}publish/").status_code == 405
    assert status() == "draft"
