"""The pages and the API at the advanced and the model level, and the form with one value under three norms."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from indicators.models import Attainment, Period
from indicators.services.evaluation import run_requests
from indicators.services.reports import approve, submit
from indicators.services.values import save_values
from indicators.services.verification import verify
from tests.factories.clients import make_caller
from tests.factories.levels import BETTER, add_levels
from tests.factories.world import World, cells, make_report

pytestmark = pytest.mark.django_db

DAY = "2023-12-31"


@pytest.fixture
def town(world: World) -> World:
    """The first commune's approved report: advanced is met, model misses its roads by 2.5."""
    add_levels(world)
    report = make_report(world)
    values = cells({**BETTER, ("roads", ""): "92"})
    save_values(by=world.people["officer"], report_id=report.pk, cells=values, all_or_none=True)
    submit(by=world.people["officer"], report_id=report.pk)
    verify(by=world.people["verifier_all"], report_id=report.pk, judgements={"roads": {"SMALL": "met"}})
    approve(by=world.people["coordinator"], report_id=report.pk)
    run_requests()
    return world


def text_of(response: Any) -> str:
    assert response.status_code == 200
    page = re.sub(r"<(script|style|title)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize(
    ("level", "set_code", "met"),
    [("standard", "SMALL", "4/4"), ("advanced", "SMALL_ADVANCED", "2/2"), ("model", "SMALL_MODEL", "1/2")],
)
def test_the_table_of_a_day_is_of_the_level_asked_for(town, as_person, level, set_code, met):
    answer = as_person("leader").get(f"/attainment/?as_of={DAY}&level={level}")
    assert answer.status_code == 200
    assert answer.context["table"].chosen.code == set_code
    assert met in re.sub(r"\s*/\s*", "/", text_of(answer))


def test_the_page_of_a_unit_shows_what_lacks_at_the_model_level(town, as_person):
    page = text_of(as_person("leader").get(f"/attainment/commune-1/?as_of={DAY}&level=model"))
    assert "Lấy từ kết quả đạt chuẩn của mức thấp hơn." in page
    assert "≥ 94,5%" in page and "1,05 lần mức của 1.1" in page
    assert "thiếu 2,5 điểm phần trăm" in page
    assert "phòng ban kết luận" not in page, "an office's judgement belongs to the level below"


@pytest.mark.parametrize(("level", "outcome"), [("standard", "met"), ("advanced", "met"), ("model", "not_met")])
def test_other_systems_read_each_level(town, level, outcome):
    answer = make_caller("leader").get("attainment/", level=level, as_of=DAY)
    (row,) = answer.json()["results"]
    assert (row["level"], row["outcome"], row["unit"]) == (level, outcome, "commune-1")


def test_other_systems_read_how_a_derived_norm_came_about(town):
    row = Attainment.objects.get(criteria_set__level__code="model")
    detail = make_caller("leader").get(f"attainment/{row.pk}/explanation/").json()
    assert (detail["prerequisite_outcome"], detail["agrees_with_stored"]) == ("met", True)
    taken, derived = (criterion["indicators"][0] for criterion in detail["criteria"])
    assert (taken["outcome"], taken["parts"], taken["judged"]) == ("met", [], True)
    (part,) = derived["parts"]
    assert (part["norm"]["value"], part["norm"]["derived_from"], part["gap"]) == ("94.5", "SMALL_ADVANCED 1.1", "-2.5")


def test_the_form_shows_each_element_once_with_norm_and_outcome_at_every_level(town, as_person):
    report = make_report(town, unit=town.communes[0], period=_next(town))
    values = cells({**BETTER, ("roads", ""): "92"})
    save_values(by=town.people["officer"], report_id=report.pk, cells=values, all_or_none=True)
    page = as_person("officer").get(f"/reports/{report.pk}/")
    html = page.content.decode()
    assert html.count('name="v:roads:"') == 1
    row = html[html.index('data-row="roads"') :]
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row[: row.index("</tbody>")]))
    assert "≥ 90%" in shown and "≥ 94,5%" in shown
    assert page.context["total"] == 10 and 'name="v:meets_advanced:"' not in html


def _next(world: World) -> Period:
    return Period.objects.create(
        code="2024", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), due_on=date(2025, 1, 15)
    )
