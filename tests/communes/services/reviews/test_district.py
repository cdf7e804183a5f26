"""The district in yearly rounds while there was one: the report sent to it, its opinion, and the decision after it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import DistrictReport, ReviewTerm
from communes.selectors.reviews.rounds import decidable_from, district_state, procedure_spec, village_states
from communes.services import reviews
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Stale
from tests.factories.registers import faults_of
from tests.factories.reviews import DECIDED, UNTIL, Commune, bring_to, decide, hear, report
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

ANSWERED = date(2023, 11, 16)


@pytest.fixture
def round_(commune: Commune) -> Any:
    """A round that the chairman of the commune has, and the district not yet."""
    posted = bring_to(commune, "posted")
    return reviews.complete_round(by=commune.officer, round_id=posted.pk)


def test_the_decision_waits_for_report_and_opinion_and_is_not_before_it(commune: Commune, round_: Any) -> None:
    assert faults_of(lambda: decide(commune, round_)) == {("/district", "not_reported")}
    made = report(commune, round_)
    assert report(commune, round_) == made
    assert faults_of(lambda: decide(commune, round_)) == {("/district", "no_opinion")}
    state = district_state(round_, procedure_spec(round_.procedure))
    assert state is not None and state.due == date(2023, 11, 17)  # Friday 10: five working days later
    states = village_states(round_, date(2023, 12, 1))
    assert (decidable_from(states), decidable_from(states, state)) == (DECIDED, None)
    given = hear(commune, round_, answered_on=ANSWERED)
    assert hear(commune, round_, answered_on=ANSWERED) == given
    state = district_state(round_, procedure_spec(round_.procedure))
    assert decidable_from(states, state) == ANSWERED
    assert faults_of(lambda: decide(commune, round_)) == {("/decided_on", "before_opinion")}
    assert decide(commune, round_, decided_on=ANSWERED).decided_on == ANSWERED
    told = {one.kind: one.details for one in AuditEvent.objects.filter(kind__in=["review.reported", "review.opinion"])}
    assert {kind: (said["number"], said["on"]) for kind, said in told.items()} == {
        "review.reported": ("48/BC-UBND", "2023-11-10"),
        "review.opinion": ("310/UBND-LĐ", "2023-11-16"),
    }


def test_a_term_that_has_run_out_is_no_opinion_and_a_late_one_is(commune: Commune, round_: Any) -> None:
    report(commune, round_)
    late = date(2023, 11, 20)
    assert faults_of(lambda: decide(commune, round_, decided_on=late)) == {("/district", "no_opinion")}
    hear(commune, round_, answered_on=late)
    assert decide(commune, round_, decided_on=late)


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"number": " "}, {("/number", "required")}),
        ({"number": "x" * 61}, {("/number", "too_long")}),
        ({"sent_on": None}, {("/sent_on", "required")}),
        ({"sent_on": UNTIL}, {("/sent_on", "before_posting_ends")}),
        ({"sent_on": date(2023, 12, 2)}, {("/sent_on", "in_future")}),
    ],
)
def test_a_bad_report_is_named_at_its_fields(
    commune: Commune, round_: Any, over: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    assert faults_of(lambda: report(commune, round_, **over)) == faults
    assert not DistrictReport.objects.exists()


@pytest.mark.parametrize(
    ("over", "faults"),
    [
        ({"number": ""}, {("/number", "required")}),
        ({"opinion": " "}, {("/opinion", "required")}),
        ({"opinion": "x" * 4001}, {("/opinion", "too_long")}),
        ({"answered_on": None}, {("/answered_on", "required")}),
        ({"answered_on": UNTIL}, {("/answered_on", "too_early")}),
        ({"answered_on": date(2023, 12, 2)}, {("/answered_on", "in_future")}),
    ],
)
def test_a_bad_opinion_is_named_at_its_fields(
    commune: Commune, round_: Any, over: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    report(commune, round_)
    assert faults_of(lambda: hear(commune, round_, **over)) == faults
    assert DistrictReport.objects.get().answered_on is None


def test_each_is_recorded_once_and_in_its_turn(commune: Commune, round_: Any) -> None:
    assert faults_of(lambda: hear(commune, round_)) == {("/district", "not_reported")}
    report(commune, round_)
    assert faults_of(lambda: report(commune, round_, number="49/BC-UBND")) == {("/district", "reported")}
    hear(commune, round_)
    assert faults_of(lambda: hear(commune, round_, opinion="Khác")) == {("/district", "answered")}
    assert AuditEvent.objects.filter(kind__in=["review.reported", "review.opinion"]).count() == 2


def test_nothing_goes_to_the_district_before_the_chairman_of_the_commune_has_it(commune: Commune) -> None:
    posted = bring_to(commune, "posted")
    with pytest.raises(Stale):
        report(commune, posted)
    assert not DistrictReport.objects.exists()


@pytest.mark.parametrize("act", [report, hear])
def test_a_window_that_comes_second_changes_nothing(
    commune: Commune, round_: Any, monkeypatch: pytest.MonkeyPatch, act: Any
) -> None:
    """Both windows read the round before either wrote."""
    from communes.services.reviews import district

    if act is hear:
        report(commune, round_)
    seen = district_state(round_, procedure_spec(round_.procedure))
    act(commune, round_)
    stored = DistrictReport.objects.values().get()
    monkeypatch.setattr(district, "district_state", lambda *_given: seen)
    with pytest.raises(Stale):
        act(commune, round_, number="99")
    assert DistrictReport.objects.values().get() == stored


def test_a_window_that_saw_the_round_before_its_report_does_not_return_it(commune: Commune, round_: Any) -> None:
    report(commune, round_)
    with pytest.raises(Stale):
        reviews.return_round(by=commune.officer, round_id=round_.pk, reason="Nhầm", lock=round_.lock)


def test_a_returned_round_reports_anew(commune: Commune) -> None:
    round_ = bring_to(commune, "completed")
    reviews.return_round(by=commune.officer, round_id=round_.pk, reason="Cấp huyện yêu cầu rà soát lại")
    reviews.submit_round(by=commune.officer, round_id=round_.pk)
    reviews.complete_round(by=commune.officer, round_id=round_.pk)
    assert faults_of(lambda: decide(commune, round_)) == {("/district", "not_reported")}
    report(commune, round_, number="52/BC-UBND")
    hear(commune, round_)
    assert decide(commune, round_)
    assert set(DistrictReport.objects.values_list("number", "counts")) == {("48/BC-UBND", False), ("52/BC-UBND", True)}


def test_a_round_without_the_step_is_decided_without_it(commune: Commune, round_: Any) -> None:
    ReviewTerm.objects.filter(code="district_opinion").update(until=date(2023, 9, 4))  # the day before it was opened
    assert faults_of(lambda: report(commune, round_)) == {("/district", "not_asked")}
    assert faults_of(lambda: hear(commune, round_)) == {("/district", "not_asked")}
    assert decide(commune, round_)


def test_the_step_ends_with_the_districts(commune: Commune) -> None:
    assert set(ReviewTerm.objects.exclude(until=None).values_list("code", "until")) == {
        ("district_opinion", date(2025, 6, 30))
    }


def test_only_the_commune_acts(commune: Commune, round_: Any) -> None:
    by = fresh(commune.coordinator)
    for act in (
        lambda: reviews.report_to_district(by=by, round_id=round_.pk, sent_on=DECIDED, number="1"),
        lambda: reviews.record_opinion(by=by, round_id=round_.pk, answered_on=DECIDED, number="1", opinion="x"),
    ):
        with pytest.raises(Forbidden):
            act()
