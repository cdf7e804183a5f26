"""A figure that is older than it should be says so wherever it stands, and only that figure."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import EvaluationRequest
from indicators.services.evaluation import evaluate, run_requests
from mongcai_portal.common import heartbeats
from tests.factories.windows import BACKEND
from tests.factories.world import World, bring_to, fresh, make_report, make_world

pytestmark = pytest.mark.django_db

DAY = "2023-12-31"
SOON = timezone.now() + timedelta(hours=1)
MARK = re.compile(r'class="late( late-compact)?" title="([^"]+)"')
PAGES = {
    "overview": f"/?as_of={DAY}&unit=pho",
    "matrix": f"/attainment/?as_of={DAY}",
    "attained": f"/measures/ntm.attained.standard/?as_of={DAY}&unit=pho",
    "recognised": f"/measures/ntm.recognised.standard/?as_of={DAY}&unit=pho",
    "first": f"/units/commune-1/?as_of={DAY}",
    "second": f"/units/commune-2/?as_of={DAY}",
}


@pytest.fixture
def world() -> World:
    """Two communes with results; the first one's figures were approved anew and are not computed yet."""
    world = make_world()
    bring_to(world, "approved")
    other = make_report(world, unit=world.communes[1])
    bring_to(world, "approved", report=other, officer=world.people["other_officer"])
    evaluate()
    run_requests()
    EvaluationRequest.objects.filter(unit=world.communes[0]).update(done_at=None, taken_at=None)
    heartbeats.Heartbeat.objects.create(component="evaluate", at=SOON)
    return world


@pytest.fixture
def leader(world: World) -> Client:
    client = Client()
    client.force_login(fresh(world.people["leader"]), backend=BACKEND)
    return client


def waits(**values: Any) -> None:
    """Nothing has waited long, however slow the machine is."""
    EvaluationRequest.objects.filter(done_at=None).update(requested_at=SOON, **values)


def late() -> None:
    EvaluationRequest.objects.filter(done_at=None).update(requested_at=timezone.now() - timedelta(minutes=2))


def marks(client: Client, page: str) -> list[str]:
    answer = client.get(PAGES[page])
    assert answer.status_code == 200, page
    return [title for _compact, title in MARK.findall(answer.content.decode())]


def test_a_result_that_may_come_at_any_moment_bears_no_mark(leader: Client) -> None:
    waits()
    assert {page: marks(leader, page) for page in PAGES} == dict.fromkeys(PAGES, [])


def test_the_figures_that_lack_an_approval_say_so_and_the_others_do_not(leader: Client) -> None:
    late()
    found = {page: len(marks(leader, page)) for page in PAGES}
    # The sentence, the ratio and the commune's line; the commune's line; the ratio and the commune; the commune's line.
    assert found == {"overview": 3, "matrix": 1, "attained": 2, "recognised": 1, "first": 1, "second": 0}
    text = leader.get(PAGES["matrix"]).content.decode()
    rows = {
        name: row for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) for name in re.findall(r"Xã Thử \d", row)[:1]
    }
    assert "chưa cập nhật từ" in rows["Xã Thử 1"] and "chưa cập nhật" not in rows["Xã Thử 2"]


def test_a_failed_computation_and_silent_workers_are_told_at_once(leader: Client) -> None:
    waits(error="ValueError: x")
    assert "tính lại bị lỗi" in marks(leader, "overview")[0]
    waits(error="")
    assert marks(leader, "overview") == []
    heartbeats.Heartbeat.objects.filter(component="evaluate").update(at=timezone.now() - timedelta(seconds=61))
    assert "chưa cập nhật từ" in marks(leader, "overview")[0]


def test_the_mark_goes_when_the_result_has_come(leader: Client) -> None:
    late()
    run_requests()
    assert {page: marks(leader, page) for page in PAGES} == dict.fromkeys(PAGES, [])


def test_other_systems_and_files_are_told_too(leader: Client) -> None:
    late()
    asked = EvaluationRequest.objects.get(done_at=None).requested_at
    rows = leader.get(f"/api/v1/attainment/?as_of={DAY}").json()["results"]
    since = {row["unit"]: row["outdated_since"] for row in rows}
    assert since["commune-1"] == timezone.localtime(asked).isoformat() and since["commune-2"] is None
    one = leader.get(f"/api/v1/attainment/{rows[0]['id']}/").json()
    assert one["outdated_since"] == rows[0]["outdated_since"]
    values = leader.get(f"/api/v1/measures/?as_of={DAY}&unit=pho").json()["results"]
    told = {value["code"] for value in values if value["outdated_since"]}
    assert told == {"ntm.attained.standard"}
    file = leader.get(f"/attainment/export.csv?as_of={DAY}").content.decode()
    assert "Kết quả còn cũ: Xã Thử 1, chưa cập nhật từ" in file
    run_requests()
    values = leader.get(f"/api/v1/measures/?as_of={DAY}&unit=pho").json()["results"]
    assert all(value["outdated_since"] is None for value in values)
