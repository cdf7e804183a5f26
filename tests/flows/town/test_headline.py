"""What the city reported at its review of 29/02/2024: the demonstration shows exactly these figures for 2023-12-31."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mongcai_portal.common.reference import read_yaml
from programmes.measures.values import MeasureValue, plain_value
from programmes.selectors.measures import measures_for
from tests.factories.windows import LocalWindow

PUBLISHED = read_yaml(Path(__file__).parents[3] / "programmes" / "data" / "headline_2023.yaml")
FIGURES = {figure["measure"]: figure for figure in PUBLISHED["figures"]}
DAY = date.fromisoformat(PUBLISHED["as_of"])
# Under which the register of the demonstration counts on that day; the city's report names none.
STANDARD = "central_2022_2025"

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def computed() -> dict[str, MeasureValue]:
    return {measure.code: measure for measure in measures_for(DAY, PUBLISHED["area"])}


@pytest.fixture
def served() -> dict[str, dict[str, Any]]:
    answer = LocalWindow("leader").client.get("/api/v1/measures/", {"as_of": PUBLISHED["as_of"], "page_size": 100})
    assert answer.status_code == 200, answer.content
    return {row["code"]: row for row in answer.json()["results"]}


def stating(key: str) -> list[str]:
    """The measures beside whose figures the city stated this too."""
    found = [code for code, figure in FIGURES.items() if key in figure]
    assert found, f"no published figure has a {key}"
    return found


def expected(figure: dict[str, Any]) -> dict[str, Any]:
    return {key: figure[key] for key in ("numerator", "denominator", "value", "unit") if key in figure}


@pytest.mark.parametrize("code", FIGURES)
def test_every_published_figure_is_reproduced(computed: dict[str, MeasureValue], code: str) -> None:
    found = computed[code]
    shown = {
        "numerator": found.numerator,
        "denominator": found.denominator,
        "value": plain_value(found.unit, found.value),
        "unit": found.unit,
    }
    figure = expected(FIGURES[code])
    assert {key: shown[key] for key in figure} == figure


@pytest.mark.parametrize("code", FIGURES)
def test_the_api_serves_every_published_figure(served: dict[str, dict[str, Any]], code: str) -> None:
    figure = expected(FIGURES[code])
    assert {key: served[code][key] for key in figure} == figure


@pytest.mark.parametrize("code", stating("target"))
def test_a_target_that_the_city_set_stands_beside_its_figure(
    computed: dict[str, MeasureValue], served: dict[str, dict[str, Any]], code: str
) -> None:
    target, found = FIGURES[code]["target"], computed[code].target
    assert found is not None
    assert {"year": found.year, "value": plain_value(computed[code].unit, found.value)} == target
    assert served[code]["target"] == target


@pytest.mark.parametrize("code", stating("baseline"))
def test_where_the_city_counts_from_stands_beside_its_figure_with_the_change(
    computed: dict[str, MeasureValue], served: dict[str, dict[str, Any]], code: str
) -> None:
    start = FIGURES[code]["baseline"]
    point, change = computed[code].baseline, computed[code].change
    assert point is not None and change is not None
    assert (point.as_of.isoformat(), plain_value(computed[code].unit, point.value)) == (start["as_of"], start["value"])
    assert (change.since.isoformat(), f"{change.amount:+}") == (start["as_of"], start["change"])
    assert served[code]["baseline"] == {"as_of": start["as_of"], "value": start["value"]}
    assert served[code]["change"]["amount"] == start["change"].removeprefix("+")


@pytest.mark.parametrize("code", stating("poverty_standard"))
def test_what_the_city_says_of_the_standard_stands_beside_the_one_that_the_register_counts_by(
    served: dict[str, dict[str, Any]], code: str
) -> None:
    answer = LocalWindow("leader").client.get(served[code]["explanation_url"])
    assert answer.status_code == 200, answer.content
    [printed] = [one for one in answer.json()["observations"] if one["as_of"] == PUBLISHED["as_of"]]
    said = {"not_stated": "not stated by the source"}.get(printed["poverty_standard"])
    assert said == FIGURES[code]["poverty_standard"]
    assert served[code]["poverty_standard"] == STANDARD


def test_there_are_eleven_published_figures() -> None:
    assert len(FIGURES) == 11


def test_a_figure_that_is_no_ratio_has_no_numerator(served: dict[str, dict[str, Any]]) -> None:
    for code, figure in FIGURES.items():
        if "numerator" not in figure:
            assert (served[code]["numerator"], served[code]["denominator"]) == (None, None)


def test_what_nobody_has_entered_is_null_and_a_published_zero_is_zero(served: dict[str, dict[str, Any]]) -> None:
    assert {code: served[code]["value"] for code in PUBLISHED["no_data_until_entered"]} == dict.fromkeys(
        PUBLISHED["no_data_until_entered"]
    )
    assert served["poverty.poor.count"]["value"] == "0"


def test_attained_stands_beside_recognised_and_may_differ(computed: dict[str, MeasureValue]) -> None:
    attained, recognised = computed["ntm.attained.standard"], computed["ntm.recognised.standard"]
    assert (attained.numerator, attained.denominator) == (4, 5)
    assert (recognised.numerator, recognised.denominator) == (5, 5)


def test_the_overview_prints_them_as_the_city_did() -> None:
    page = LocalWindow("leader").get(f"/?as_of={PUBLISHED['as_of']}").html
    recognised = re.findall(r'<p class="level-value">(.*?)</p>', page, re.DOTALL)
    figures = re.findall(r'<p class="kpi-value">(.*?)<small>', page, re.DOTALL)
    assert [bare(ratio) for ratio in recognised] == ["05/05100%", "02/0540,0%", "01/0520,0%"]
    assert [bare(figure) for figure in figures] == ["09/09", "39/39", "0", "57", "76,611", "70,957", "29", "0"]


def bare(html: str) -> str:
    return re.sub(r"<[^>]+>|\s", "", html)
