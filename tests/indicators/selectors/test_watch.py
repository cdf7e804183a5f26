"""What slipped since recognition, and when withdrawal has to be considered, by the figures of a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from indicators.models import CriterionResult, Recognition
from indicators.selectors.watch import watched, watches
from programmes.selectors.overview import overview
from tests.factories.board import Board, board

pytestmark = pytest.mark.django_db
END = date(2023, 12, 31)


@pytest.fixture
def town() -> Board:
    """Criteria: 1 Quy hoạch, 2 Giao thông, 3 Thu nhập; a level that is not met fails the third."""
    return board(communes=3, published=("standard", "advanced"))


def held(town: Board, day: date = END) -> list[Recognition]:
    return list(Recognition.objects.in_force(day).select_related("unit", "level").order_by("pk"))


def test_a_criterion_met_in_the_period_before_the_decision_and_not_now_has_slipped(town: Board) -> None:
    commune = town.communes[0]
    town.report([commune], "2022", {"standard": "met"})
    town.report([commune], "2023", {"standard": "not_met"})
    act = town.recognise(commune, "standard", date(2023, 2, 1))
    found = watches(held(town), END)[act.pk]
    assert [one.name_vi for one in found.slipped] == ["Thu nhập"]
    assert (found.then, found.period) == ("2022", "2023")


def test_what_was_not_met_at_recognition_has_not_slipped(town: Board) -> None:
    commune = town.communes[0]
    town.report([commune], "2022", {"standard": "not_met"})
    town.report([commune], "2023", {"standard": "not_met"})
    act = town.recognise(commune, "standard", date(2023, 2, 1))
    assert watches(held(town), END)[act.pk].slipped == ()


def test_without_figures_of_that_time_the_decision_speaks(town: Board) -> None:
    commune = town.communes[0]
    town.report([commune], "2023", {"standard": "not_met"})
    act = town.recognise(commune, "standard", date(2020, 2, 1))
    found = watches(held(town), END)[act.pk]
    assert ([one.number for one in found.slipped], found.then) == ([3], "")


def test_the_day_decides_which_figures_count(town: Board) -> None:
    commune = town.communes[0]
    town.report([commune], "2022", {"standard": "met"})
    town.report([commune], "2023", {"standard": "not_met"})
    act = town.recognise(commune, "standard", date(2022, 2, 1))
    before = date(2023, 12, 30)
    assert watches(held(town, before), before)[act.pk].slipped == ()
    assert watches(held(town), END)[act.pk].slipped


def test_one_of_three_with_income_among_them_is_a_warning_with_its_sum(town: Board) -> None:
    commune = town.communes[0]
    town.report([commune], "2023", {"standard": "not_met"})
    act = town.recognise(commune, "standard", date(2020, 2, 1))
    found = watches(held(town), END)[act.pk]
    assert (len(found.failed), found.reading.total, found.reading.ground) == (1, 3, "named")
    assert [one.name_en for one in found.named] == ["Criterion 3"]
    CriterionResult.objects.filter(criterion__number=3).update(outcome="no_data")
    found = watches(held(town), END)[act.pk]
    assert (found.reading.ground, [one.number for one in found.unclear]) == ("", [3])


def test_figures_of_before_the_decision_are_no_ground_to_withdraw_it(town: Board) -> None:
    commune = town.communes[0]
    town.report([commune], "2022", {"standard": "not_met"})
    act = town.recognise(commune, "standard", date(2023, 2, 1))
    found = watches(held(town), END)[act.pk]
    assert (found.period, found.then, len(found.failed)) == ("2022", "2022", 1)
    assert (found.reading.warns, found.calls) == (False, False)
    assert overview(END, today=END, area="mong-cai").slips == ()
    # The next period is of the time after: what it lacks is no longer met.
    town.report([commune], "2023", {"standard": "not_met"})
    assert watches(held(town), END)[act.pk].reading.ground == "named"
    assert [one.reading.ground for one in overview(END, today=END, area="mong-cai").slips] == ["named"]


def test_advanced_and_model_are_measured_on_the_advanced_set_and_the_higher_one_speaks(town: Board) -> None:
    commune = town.communes[0]
    town.report([commune], "2023", {"standard": "met", "advanced": "not_met"})
    for level, day in (("standard", date(2020, 1, 1)), ("advanced", date(2021, 1, 1)), ("model", date(2022, 1, 1))):
        town.recognise(commune, level, day)
    found = watches(held(town), END)
    assert {found[r.pk].level for r in held(town) if r.level.code in ("advanced", "model")} == {"advanced"}
    assert [w.recognition.level.code for w in watched(held(town), END)] == ["model"]


def test_a_level_whose_rule_is_not_known_and_a_unit_without_figures_are_not_watched(town: Board) -> None:
    town.report([town.communes[0]], "2023", {"standard": "not_met"})
    town.levels["modern"] = town.levels["standard"].__class__.objects.create(
        code="modern", phase="2026-2030", rank=1, name_vi="Hiện đại", name_en="Modern"
    )
    town.recognise(town.communes[0], "modern", date(2020, 2, 1))
    town.recognise(town.communes[1], "standard", date(2020, 2, 1))
    assert watches(held(town), END) == {}


def test_an_expired_or_annulled_recognition_is_not_watched(town: Board) -> None:
    a, b, _c = town.communes
    town.report([a, b], "2023", {"standard": "not_met"})
    expired = town.recognise(a, "standard", date(2020, 2, 1), expires_on=END)
    annulled = town.recognise(b, "standard", date(2020, 2, 1))
    Recognition.objects.filter(pk=annulled.pk).update(annulled_at="2023-01-01T00:00Z", annulment_reason="Nhầm")
    rows = [Recognition.records.select_related("level", "unit").get(pk=r.pk) for r in (expired, annulled)]
    assert watched(rows, END) == ()


@pytest.mark.parametrize("communes", [2, 20])
def test_the_cost_does_not_grow_with_recognitions(communes: int, django_assert_num_queries: Any) -> None:
    town = board(communes)
    town.report(town.communes, "2022", {"standard": "met"})
    town.report(town.communes, "2023", {"standard": "not_met"})
    for unit in town.communes:
        town.recognise(unit, "standard", date(2023, 2, 1))
    rows = held(town)
    with django_assert_num_queries(5):  # two of them ask what waits to be evaluated
        assert len(watches(rows, END)) == communes
