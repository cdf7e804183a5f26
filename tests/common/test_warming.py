"""What is loaded before the first request."""

import pytest
from django.db import OperationalError, connection
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from mongcai_portal.common import warming
from mongcai_portal.common.warming import template_names, warm
from programmes.presenters.board import draw_beforehand
from tests.factories.board import board


def test_every_template_of_the_portal_compiles_before_the_first_request() -> None:
    engine = engines["django"].engine
    engine.template_loaders[0].reset()
    warm()
    names = template_names()
    assert {"base.html", "programmes/overview.html", "indicators/attainment.html"} <= set(names)
    assert set(names) <= set(engine.template_loaders[0].get_template_cache)
    assert get_resolver()._populated


@pytest.mark.django_db
def test_what_is_drawn_beforehand_is_what_the_first_reader_gets() -> None:
    board()
    draw_beforehand()
    with CaptureQueriesContext(connection) as asked:
        draw_beforehand()
    assert len(asked) == 4, "the newest day with data, the areas of that day, and a stamp for each language"


@pytest.mark.django_db
def test_an_empty_database_leaves_nothing_to_draw() -> None:
    draw_beforehand()


def test_a_database_that_is_away_leaves_the_drawing_to_the_first_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def away() -> None:
        drawn.append(1)
        raise OperationalError("away")

    monkeypatch.setattr(warming, "_drawn_first", [away, away])
    monkeypatch.setattr(warming.connections, "close_all", lambda: drawn.append("closed"))
    warming.draw()
    assert drawn == [1, "closed"]
