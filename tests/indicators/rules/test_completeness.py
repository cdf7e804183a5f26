"""Who has reported and in time; whatever is reported, neither passes 100 %."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.completeness import (
    Cell,
    Ratio,
    ReportFacts,
    Stage,
    Timing,
    cell_of,
    completeness,
    deadline,
    timeliness,
)
from mongcai_portal.common.workflow import STATUSES

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DUE = date(2024, 1, 15)
END = datetime(2024, 1, 16, tzinfo=ZONE)
BEFORE, AFTER = END - timedelta(days=3), END + timedelta(days=10)
EARLY = datetime(2024, 1, 10, 9, tzinfo=ZONE)


def report(status: str = "draft", *, submitted_at: datetime | None = None, **more: object) -> ReportFacts:
    given = {"approved": status == "approved", "entered": 0, "total": 9, "submitted_at": submitted_at} | more
    return ReportFacts(status=status, **given)  # type: ignore[arg-type]


def judge(facts: ReportFacts | None, *, now: datetime = BEFORE, required: bool = True) -> Cell:
    return cell_of(required=required, report=facts, due_on=DUE, now=now, zone=ZONE)


@pytest.mark.parametrize(
    ("facts", "stage", "complete"),
    [
        (None, Stage.NOT_OPENED, False),
        (report(), Stage.NOT_BEGUN, False),
        (report(entered=1), Stage.ENTERING, False),
        (report("submitted", submitted_at=EARLY), Stage.SUBMITTED, True),
        (report("returned", submitted_at=EARLY), Stage.RETURNED, False),
        (report("verified", submitted_at=EARLY), Stage.VERIFIED, True),
        (report("approved", submitted_at=EARLY), Stage.APPROVED, True),
        (report("draft", approved=True, submitted_at=EARLY), Stage.REOPENED, True),
        (report("returned", approved=True, submitted_at=EARLY), Stage.RETURNED, True),
    ],
)
def test_a_report_is_as_far_as_its_status_and_cells_say(
    facts: ReportFacts | None, stage: Stage, complete: bool
) -> None:
    cell = judge(facts)
    assert (cell.stage, cell.complete) == (stage, complete)


def test_the_deadline_ends_at_midnight_of_its_day_in_vietnam() -> None:
    assert deadline(DUE, ZONE) == END == datetime(2024, 1, 15, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "timing", "days"),
    [
        (END - timedelta(seconds=1), Timing.ON_TIME, 0),
        (END, Timing.ON_TIME, 0),
        (END + timedelta(seconds=1), Timing.LATE, 1),
        (datetime(2024, 1, 15, 16, 59, tzinfo=UTC), Timing.ON_TIME, 0),
        (datetime(2024, 1, 15, 17, 1, tzinfo=UTC), Timing.LATE, 1),
        (datetime(2024, 1, 18, 3, tzinfo=UTC), Timing.LATE, 3),
    ],
)
def test_a_report_is_late_from_the_first_second_after_24_00(at: datetime, timing: Timing, days: int) -> None:
    cell = judge(report("submitted", submitted_at=at), now=AFTER)
    assert (cell.timing, cell.late_days) == (timing, days)


@pytest.mark.parametrize("facts", [None, report(), report(entered=9)])
def test_what_was_never_submitted_is_pending_before_the_deadline_and_missing_after(facts: ReportFacts | None) -> None:
    assert judge(facts).timing is Timing.PENDING
    found = judge(facts, now=AFTER)
    assert (found.timing, found.late_days) == (Timing.MISSING, 11)


def test_a_report_returned_and_sent_again_late_was_in_time() -> None:
    assert judge(report("returned", submitted_at=EARLY), now=AFTER).timing is Timing.ON_TIME


def test_the_day_of_an_illustrative_report_says_nothing() -> None:
    found = judge(report("approved", submitted_at=AFTER, illustrative=True), now=AFTER)
    assert (found.timing, found.late_days, found.complete) == (Timing.UNKNOWN, 0, True)
    assert timeliness([found]) == Ratio(0, 0)


@pytest.mark.parametrize(("entered", "percent"), [(1, 11), (4, 44), (9, 100), (12, 100)])
def test_what_is_entered_is_a_percentage_that_never_passes_100(entered: int, percent: int) -> None:
    assert judge(report(entered=entered)).percent == percent
    assert judge(report(entered=1, total=1000)).percent == 1


def test_a_unit_that_need_not_report_counts_nowhere_whether_or_not_it_did() -> None:
    outside = judge(report("approved", submitted_at=EARLY), required=False)
    assert (outside.stage, outside.complete) == (Stage.APPROVED, True)
    assert judge(None, required=False).stage is Stage.NOT_REQUIRED
    assert completeness([outside, judge(None)]) == Ratio(0, 1)
    assert timeliness([outside]) == Ratio(0, 0)


moments = st.integers(-400, 400).map(lambda hours: END + timedelta(hours=hours))
facts_of = st.builds(
    ReportFacts,
    status=st.sampled_from(STATUSES),
    approved=st.booleans(),
    entered=st.integers(0, 400),
    total=st.integers(0, 200),
    submitted_at=st.none() | moments,
    illustrative=st.booleans(),
)
cells_of = st.lists(
    st.builds(
        cell_of,
        required=st.booleans(),
        report=st.none() | facts_of,
        due_on=st.just(DUE),
        now=moments,
        zone=st.just(ZONE),
    ),
    max_size=20,
)


@given(cells_of)
def test_no_ratio_passes_100_percent_and_the_denominator_is_who_has_to_report(cells: list[Cell]) -> None:
    whole, timely = completeness(cells), timeliness(cells)
    assert 0 <= whole.numerator <= whole.denominator == sum(cell.required for cell in cells)
    assert 0 <= timely.numerator <= timely.denominator <= whole.denominator


@given(cells_of, cells_of)
def test_sums_of_parts_are_the_sum_of_the_whole(one: list[Cell], two: list[Cell]) -> None:
    assert completeness(one) + completeness(two) == completeness(one + two)
    assert timeliness(one) + timeliness(two) == timeliness(one + two)


@given(cells_of, facts_of)
def test_a_report_of_a_unit_that_need_not_report_moves_no_ratio(cells: list[Cell], facts: ReportFacts) -> None:
    beyond = cell_of(required=False, report=facts, due_on=DUE, now=AFTER, zone=ZONE)
    assert completeness([*cells, beyond]) == completeness(cells)
    assert timeliness([*cells, beyond]) == timeliness(cells)


@pytest.mark.parametrize("facts", [None, report(), report("returned"), report("submitted", submitted_at=AFTER)])
def test_in_a_period_that_nobody_was_asked_for_nobody_is_late_or_missing(facts: ReportFacts | None) -> None:
    late = cell_of(required=True, report=facts, due_on=DUE, now=AFTER, zone=ZONE)
    cell = cell_of(required=True, report=facts, due_on=DUE, now=AFTER, zone=ZONE, timed=False)
    assert late.timing in (Timing.LATE, Timing.MISSING)
    assert (cell.stage, cell.timing, cell.late_days) == (late.stage, Timing.UNKNOWN, 0)
    assert timeliness([cell]) == Ratio(0, 0)
