"""The main job as the people of the town do it, on the pages as they are without any script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from indicators.models import Attainment, EvaluationRequest, Report
from indicators.services.evaluation import run_requests
from indicators.services.recheck import recheck
from programmes.selectors.measures import measures_for
from tests.factories.demo import element_of, report_of
from tests.factories.people import Coordinator, Officer, Verifier
from tests.factories.windows import LocalWindow

pytestmark = pytest.mark.usefixtures("submitted", "town")

END_2024 = date(2024, 12, 31)
WASTE = "17.11"  # households that sort their waste: what Bắc Sơn missed in 2023
REASON = "Đây là số của năm 2023; đề nghị xã gửi số năm 2024."
NOT_APPLICABLE = {
    "NTM_XA_2021_2025": {"2.4": "Xã không có đường trục chính nội đồng", "13.4": "Xã không có làng nghề"},
    "NTM_XA_NANG_CAO_2021_2025": {
        "2.4": "Xã không có đường trục chính nội đồng",
        "7": "Xã không có chợ theo quy hoạch",
        "13.7": "Xã không có điểm du lịch",
        "18.3": "Xã không có công trình cấp nước tập trung",
        "18.8": "Xã không có bãi chôn lấp",
    },
}
# What decree 211 asks of the advanced level as a figure, from 01/03/2024 on.
NEW_FIGURE = ("3.4", "NTM_XA_NANG_CAO_2021_2025")


@pytest.fixture(scope="module")
def submitted(loaded_town: None, django_db_blocker: Any) -> Iterator[None]:
    """Given Bắc Sơn's report for 2024 that its officer has filled and submitted, once for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        given_the_officer_has_submitted_last_years_values(report_of("bac-son"))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def bac_son() -> Report:
    """Bắc Sơn's report for 2024, as its officer has submitted it."""
    return report_of("bac-son")


@pytest.fixture
def quang_nghia() -> Report:
    """Quảng Nghĩa's report for 2024, opened by the coordinator and not yet begun."""
    return report_of("quang-nghia")


def ratio(code: str, day: date = END_2024) -> tuple[int | None, int | None]:
    value = next(v for v in measures_for(day) if v.code == code)
    return value.numerator, value.denominator


def officer(report: Report) -> Officer:
    return Officer(LocalWindow("officer.bacson"), report.pk)


def everyone(report: Report) -> Verifier:
    return Verifier(LocalWindow("verifier.all"), report.pk)


def coordinator(report: Report) -> Coordinator:
    return Coordinator(LocalWindow("coordinator"), report.pk)


def status(report: Report) -> str:
    return str(Report.objects.values_list("status", flat=True).get(pk=report.pk))


def given_the_officer_has_submitted_last_years_values(report: Report) -> None:
    person = officer(report)
    person.takes_last_years_values()
    person.says_not_applicable(
        {
            element_of(code, name).code: reason
            for name, given in NOT_APPLICABLE.items()
            for code, reason in given.items()
        }
    )
    person.types({element_of(*NEW_FIGURE).code: "96,5"})
    person.says_yes_to_what_is_empty()  # decree 211 asks new questions from 2024 on
    answer = person.submits()
    assert status(report) == "submitted", answer.text


def test_from_the_officers_form_to_the_leaders_ratio(bac_son: Report, django_capture_on_commit_callbacks: Any) -> None:
    waste = element_of(WASTE)
    attained, recognised = ratio("ntm.attained.standard"), ratio("ntm.recognised.standard")
    assert (attained, recognised) == ((4, 5), (5, 5))

    # Given a report that the commune has submitted
    person = officer(bac_son)
    assert status(bac_son) == "submitted"

    # When one office sends one cell back with a reason
    office = Verifier(LocalWindow(f"verifier.{waste.office.code}"), bac_son.pk)
    office.sends_back({waste.code: REASON})
    assert status(bac_son) == "returned"

    # Then the officer reads the reason beside the cell, corrects it and submits again
    assert REASON in person.opens_the_form().text
    person.types({waste.code: "31,5"})
    person.submits()
    assert status(bac_son) == "submitted"

    # And when all offices have verified and the coordinator approves
    everyone(bac_son).verifies_the_rest()
    assert status(bac_son) == "verified"
    assert ratio("ntm.attained.standard") == attained, "nothing counts before it is approved"
    with django_capture_on_commit_callbacks() as messages:
        coordinator(bac_son).approves()
    assert status(bac_son) == "approved"

    # Then a worker is told, and what it computes moves the one ratio and not the other
    assert len(messages) == 1
    assert EvaluationRequest.objects.filter(done_at=None).count() == 1
    run_requests()
    assert ratio("ntm.attained.standard") == (5, 5)
    assert ratio("ntm.recognised.standard") == recognised
    assert recheck() == []


def test_another_offices_verdicts_stay_when_one_office_sends_a_cell_back(bac_son: Report) -> None:
    health = Verifier(LocalWindow("verifier.yte"), bac_son.pk)
    health.verifies_the_rest()
    verified = bac_son.verdicts.filter(state="verified").count()
    waste = element_of(WASTE)
    assert waste.office.code != "yte" and verified > 0
    Verifier(LocalWindow(f"verifier.{waste.office.code}"), bac_son.pk).sends_back({waste.code: REASON})
    assert bac_son.verdicts.filter(state="verified").count() == verified
    person = officer(bac_son)
    person.types({waste.code: "31,5"})
    person.submits()
    assert bac_son.verdicts.filter(state="verified").count() == verified


def test_a_cell_sent_back_without_a_reason_is_not_sent_back(bac_son: Report) -> None:
    waste = element_of(WASTE)
    answer = Verifier(LocalWindow(f"verifier.{waste.office.code}"), bac_son.pk).sends_back({waste.code: "  "})
    assert (answer.status, status(bac_son)) == (422, "submitted")
    assert "Ghi lý do trả lại" in answer.text


def test_a_report_with_an_empty_cell_cannot_be_submitted_and_every_empty_cell_is_named(quang_nghia: Report) -> None:
    person = Officer(LocalWindow("officer.quangnghia"), quang_nghia.pk)
    person.takes_last_years_values()
    answer = person.submits()
    assert (answer.status, status(quang_nghia)) == (422, "draft")
    named = answer.text.partition("Chưa trình được")[2].partition("ô đã nhập")[0]
    assert {"13.1", "13.4", "15.4", "18.4", "3.4", "8.4", "14.4", "18.8"} <= set(named.split())


def test_one_value_short_keeps_the_ratio_where_it_was(bac_son: Report) -> None:
    everyone(bac_son).verifies_the_rest()
    coordinator(bac_son).approves()
    run_requests()
    row = Attainment.objects.get(unit=bac_son.unit, period=bac_son.period, criteria_set__level__code="standard")
    assert (row.outcome, row.criteria_total - row.criteria_met) == ("not_met", 1)
    assert ratio("ntm.attained.standard") == (4, 5)


def test_a_judgement_of_not_met_keeps_the_ratio_where_it_was(bac_son: Report) -> None:
    everyone(bac_son).verifies_the_rest(judging="not_met")
    coordinator(bac_son).approves()
    run_requests()
    assert ratio("ntm.attained.standard") == (4, 5)


def test_the_second_window_that_approves_is_told_and_nothing_happens_twice(bac_son: Report) -> None:
    everyone(bac_son).verifies_the_rest()
    first, second = coordinator(bac_son), coordinator(bac_son)
    shown = first.opens_the_page(), second.opens_the_page()
    assert first.approves(shown[0]).status == 200
    answer = second.approves(shown[1])
    assert answer.status == 409
    assert "phê duyệt" in answer.text.lower()
    assert EvaluationRequest.objects.filter(unit=bac_son.unit, period=bac_son.period).count() == 1


def test_a_reopened_report_counts_until_its_correction_is_approved(bac_son: Report) -> None:
    everyone(bac_son).verifies_the_rest()
    coordinator(bac_son).approves()
    run_requests()
    window = LocalWindow("coordinator")
    form = window.get(f"/reports/{bac_son.pk}/verify/").form(f"/reports/{bac_son.pk}/reopen/")
    window.post(form.action, {**form.fields, "reason": "Xã gửi nhầm số phân loại rác"})
    assert (status(bac_son), ratio("ntm.attained.standard")) == ("draft", (4, 5))
    person = officer(bac_son)
    person.types({element_of(WASTE).code: "31,5"})
    person.submits()
    everyone(bac_son).verifies_the_rest()
    assert ratio("ntm.attained.standard") == (4, 5)
    coordinator(bac_son).approves()
    run_requests()
    assert ratio("ntm.attained.standard") == (5, 5)
