"""Money of the demonstration town: one figure on the overview, the page of the measure, its tables, API and report."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from programmes.measures.money import PROGRAMMES, code_of
from programmes.reports.ground import Ground
from programmes.reports.snapshot import take
from tests.factories.windows import LocalWindow

pytestmark = pytest.mark.usefixtures("town")
DAY = "2023-12-31"
NAMES = {"total": "", **{code: code for code in PROGRAMMES}}


def rows(path: str, **asked: str) -> list[dict[str, Any]]:
    answer = LocalWindow("leader").client.get(f"/api/v1/{path}", {"as_of": DAY, "page_size": "100", **asked})
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


@pytest.fixture
def measures() -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in rows("measures/") if row["code"].startswith("money.")}


def test_every_programme_of_the_time_has_a_rate_and_it_is_illustrative(measures: dict[str, dict[str, Any]]) -> None:
    for code in ("money.all", "money.ntm", "money.gnbv", "money.dtts", "money.nq06"):
        row = measures[f"{code}.disbursement_rate"]
        assert row["value"] is not None and (row["provenance"], row["illustrative"]) == ("illustrative", True), code
    assert measures["money.mtqg_2026_2035.disbursement_rate"]["reason"] == "no_money_of_year"


def test_measures_and_totals_of_lines_agree(measures: dict[str, dict[str, Any]]) -> None:
    totals = rows("budget-lines/totals/", by="programme", year="2023")
    assert {row["key"] for row in totals} == {"NTM", "GNBV", "DTTS", "NQ06", "total"}
    for found in totals:
        rate, allocated, disbursed = (
            measures[code_of(NAMES[found["key"]], what)] for what in ("disbursement_rate", "allocated", "disbursed")
        )
        assert (rate["value"], rate["numerator"]) == (found["rate"], found["disbursed"])
        assert rate["denominator"] == found["planned"] + found["carried_over"]
        assert (allocated["value"], disbursed["value"]) == (str(found["allocated"]), str(found["disbursed"]))


def test_the_report_and_the_overview_tell_the_same_rates(measures: dict[str, dict[str, Any]]) -> None:
    made = take(Ground(date(2021, 1, 1), date(2023, 12, 31), "mong-cai", timezone.localdate()))
    figures = {row["code"]: row for row in made["sections"]["figures"]["rows"]}
    money = made["sections"]["money"]
    for row in (row for row in (*money["rows"], *money["totals"]) if row["year"] == 2023):
        found = figures[code_of(row["code"], "disbursement_rate")]
        assert (found["numerator"], found["denominator"]) == (row["disbursed"], row["planned"] + row["carried_over"])
        assert figures[code_of(row["code"], "allocated")]["value"] == str(row["allocated"])
        assert found["provenance"] == row["provenance"] == "illustrative"
    page = LocalWindow("leader").client.get("/", {"as_of": DAY}).context["page"]
    assert page.money.mark == "illustrative"
    assert [one.rate.replace(",", ".").rstrip("%") for one in page.money.rates] == [
        measures[f"money.{code}.disbursement_rate"]["value"] for code in ("all", "ntm", "gnbv", "dtts", "nq06")
    ]


def test_the_communes_and_the_towns_own_money_make_up_the_towns(measures: dict[str, dict[str, Any]]) -> None:
    explained = (
        LocalWindow("leader").client.get("/api/v1/measures/money.all.disbursed/explanation/", {"as_of": DAY}).json()
    )
    units = explained["money"]["by_unit"]
    assert sum(one["disbursed"] for one in units) == int(measures["money.all.disbursed"]["value"])
    assert units[-1]["code"] == "mong-cai" and explained["hidden"] == 0
    first = units[0]["code"]
    own = {row["code"]: row for row in rows("measures/", unit=first)}["money.all.disbursed"]
    assert own["value"] == str(units[0]["disbursed"])
