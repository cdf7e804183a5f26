"""By when results are reported upwards: the months and days of the procedure, at their borders."""

from __future__ import annotations

from dataclasses import replace

import pytest

from communes.rules.reviews.procedure import TermSpec
from communes.rules.reviews.reports import reports_due
from tests.factories.reviews import PROCEDURE


def due(kind: str, month: int | None = None) -> list[tuple[str, str, str]]:
    return [(one.code, one.due.isoformat(), one.provenance) for one in reports_due(PROCEDURE, kind, 2023, month)]


@pytest.mark.parametrize(
    ("month", "day"),
    [(1, "2023-02-05"), (2, "2023-03-05"), (8, "2023-09-05"), (9, ""), (11, ""), (12, "")],
)
def test_a_monthly_round_is_reported_on_day_five_of_the_next_month_from_february_to_september(
    month: int, day: str
) -> None:
    assert due("monthly", month) == ([("of_month", day, "sourced")] if day else [])


def test_the_yearly_round_is_reported_before_the_fifteenth_of_november_and_within_its_window() -> None:
    assert due("yearly") == [("preliminary", "2023-11-14", "unverified"), ("final", "2023-12-14", "unverified")]


def test_months_and_day_are_the_procedures() -> None:
    terms = {
        "report_day": TermSpec("report_day", 10, None, None, "unverified"),
        "report_last": TermSpec("report_last", 12, None, None, "sourced"),
    }
    other = replace(PROCEDURE, terms={**PROCEDURE.terms, **terms})
    found = [(one.due.isoformat(), one.provenance) for one in reports_due(other, "monthly", 2023, 11)]
    assert found == [("2023-12-10", "unverified")]
    assert reports_due(other, "monthly", 2023, 12) == ()


@pytest.mark.parametrize(("month", "day"), [(1, "2023-02-28"), (2, "2023-03-31"), (3, "2023-04-30")])
def test_a_month_without_the_day_reports_on_its_last(month: int, day: str) -> None:
    terms = {**PROCEDURE.terms, "report_day": TermSpec("report_day", 31, None, None, "sourced")}
    found = reports_due(replace(PROCEDURE, terms=terms), "monthly", 2023, month)
    assert [one.due.isoformat() for one in found] == [day]


@pytest.mark.parametrize(("kind", "month"), [("weekly", None), ("monthly", None)])
def test_a_report_needs_a_known_kind_and_its_month(kind: str, month: int | None) -> None:
    with pytest.raises(ValueError):
        reports_due(PROCEDURE, kind, 2023, month)
