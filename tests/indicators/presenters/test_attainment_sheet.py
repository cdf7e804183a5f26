"""The matrix is drawn once for all who see the same units, and anew as soon as what it shows is another."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from communes.scope import Scope, scope_of
from indicators.models import Attainment, EvaluationRequest
from indicators.presenters.attainment_sheet import Sheet, matrix_sheet
from indicators.services.evaluation import evaluate
from mongcai_portal.common.stamped import watched_tables
from tests.factories.world import World, bring_to, make_report, make_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 12, 31)


@pytest.fixture
def world() -> World:
    world = make_world()
    for unit, officer in zip(world.communes, ("officer", "other_officer"), strict=False):
        bring_to(world, "approved", report=make_report(world, unit=unit), officer=world.people[officer])
    evaluate(None)
    EvaluationRequest.objects.update(done_at=timezone.now())
    return world


def asked(scope: Scope, day: date | None = DAY, only: str = "") -> tuple[Sheet, list[str]]:
    with CaptureQueriesContext(connection) as queries:
        sheet = matrix_sheet(day, None, scope=scope, level="", only=only)
    return sheet, [query["sql"] for query in queries]


def test_it_is_drawn_once_and_every_table_it_is_made_from_is_watched(world: World) -> None:
    scope = scope_of(world.people["leader"])
    first, queries = asked(scope)
    assert first.shown == 2 and str(first.rows).count("<tr") == 2
    read = {table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query)}
    # When the worker was last heard of makes a result late only while an evaluation is awaited: then nothing is kept.
    assert len(read) > 8 and read - {"common_changenote", "common_heartbeat"} <= watched_tables()
    again, queries = asked(scope)
    assert again is first and len(queries) == 1


def test_another_result_is_shown_at_once(world: World) -> None:
    scope = scope_of(world.people["leader"])
    Attainment.objects.update(criteria_met=0)
    first = asked(scope)[0]
    Attainment.objects.update(criteria_met=1)
    assert str(asked(scope)[0].rows) != str(first.rows)


def test_who_sees_one_commune_is_never_given_what_was_drawn_for_another(world: World) -> None:
    leader, officer, other = (scope_of(world.people[name]) for name in ("leader", "officer", "other_officer"))
    every, own, others = asked(leader)[0], asked(officer)[0], asked(other)[0]
    assert (every.shown, own.shown, others.shown) == (2, 1, 1)
    assert world.communes[1].uid not in str(own.rows) and world.communes[0].uid not in str(others.rows)


def test_each_language_has_its_own(world: World) -> None:
    scope = scope_of(world.people["leader"])
    vietnamese = asked(scope)[0]
    with translation.override("en"):
        assert asked(scope)[0].title != vietnamese.title


def test_while_an_evaluation_is_awaited_nothing_is_kept_for_time_makes_it_late(world: World) -> None:
    scope = scope_of(world.people["leader"])
    EvaluationRequest.objects.update(done_at=None)
    asked(scope)
    assert len(asked(scope)[1]) > 8
