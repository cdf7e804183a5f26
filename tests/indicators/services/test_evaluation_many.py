"""Asking for many evaluations at once: rows, not messages, and a number of queries that does not grow."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import EvaluationRequest
from indicators.services import evaluation
from indicators.services.evaluation import request_evaluations
from tests.factories.world import World, make_period, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(communes=12)


def waiting() -> dict[tuple[int, int], int]:
    rows = EvaluationRequest.objects.filter(done_at__isnull=True)
    return {(row.unit_id, row.period_id): row.wanted for row in rows}


def test_each_pair_gets_a_row_and_no_other_pair_of_its_units_and_periods_does(world: World) -> None:
    later = make_period("2024")
    pairs = {(world.communes[0].pk, world.period.pk), (world.communes[1].pk, later.pk)}
    request_evaluations(pairs)
    assert waiting() == dict.fromkeys(pairs, 1)


def test_an_open_row_is_asked_for_once_more_and_a_closed_one_anew(world: World) -> None:
    first, second = ((unit.pk, world.period.pk) for unit in world.communes[:2])
    request_evaluations([first, second])
    EvaluationRequest.objects.filter(unit=second[0]).update(done_at=timezone.now())
    request_evaluations([first, second])
    assert waiting() == {first: 2, second: 1}
    assert EvaluationRequest.objects.count() == 3


def test_nothing_asked_is_nothing_done(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        request_evaluations([])


@pytest.mark.parametrize("count", [1, 12])
def test_the_cost_does_not_grow(world: World, count: int, django_assert_num_queries: Any) -> None:
    periods = [world.period, make_period("2024"), make_period("2025")]
    pairs = [(unit.pk, period.pk) for unit in world.communes[:count] for period in periods[:count]]
    with CaptureQueriesContext(connection) as taken:
        request_evaluations(pairs)
    assert len([q for q in taken if "SAVEPOINT" not in q["sql"]]) == 2
    assert len(waiting()) == len(pairs)


def test_one_message_goes_out_after_the_commit_and_a_deaf_broker_stops_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[str] = []

    def deaf(name: str, **_options: object) -> None:
        sent.append(name)
        raise OSError("no broker")

    monkeypatch.setattr(evaluation.current_app, "send_task", deaf)
    with django_capture_on_commit_callbacks(execute=True):
        request_evaluations((unit.pk, world.period.pk) for unit in world.communes)
        assert sent == []
    assert sent == ["indicators.tasks.sweep_requests"]
    assert len(waiting()) == 12
