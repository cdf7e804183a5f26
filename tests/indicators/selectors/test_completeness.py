"""The grid unit × period reads the map of each period's last day, and costs the same however large."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import UnitVersion
from communes.scope import scope_of
from indicators.models import Period, Report
from indicators.rules.completeness import Ratio, Stage, Timing
from indicators.selectors.completeness import choose_periods, completeness_grid
from indicators.services import reports, verification
from indicators.services.opening import open_reports
from mongcai_portal.common.periods import parse_period
from tests.factories.world import World, bring_to, fresh, make_communes, make_report, make_unit, make_world

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 1, 10, 3, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    return make_world(communes=3)


def make_period(code: str) -> Period:
    span = parse_period(code)
    due = date(span.year + span.ends_on.month // 12, span.ends_on.month % 12 + 1, 15)
    return Period.objects.create(code=code, starts_on=span.starts_on, ends_on=span.ends_on, due_on=due)


def grid_of(world: World, name: str = "coordinator", periods: Any = None, now: datetime = NOW) -> Any:
    return completeness_grid(scope=scope_of(fresh(world.people[name])), periods=periods or [world.period], now=now)


def stages(grid: Any) -> dict[str, list[str]]:
    return {line.uid: [str(cell.stage) for cell in line.cells] for line in grid.lines}


def submitted_on(report: Report, moment: datetime) -> None:
    Report.objects.filter(pk=report.pk).update(submitted_first_at=moment)


def test_each_unit_is_as_far_as_its_report(world: World) -> None:
    bring_to(world, "submitted")
    make_report(world, unit=world.communes[1])
    grid = grid_of(world)
    assert stages(grid) == {"commune-1": ["submitted"], "commune-2": ["not_begun"], "commune-3": ["not_opened"]}
    assert (grid.completeness, grid.columns[0].completeness) == (Ratio(1, 3), Ratio(1, 3))


def test_what_is_entered_is_a_share_of_what_is_asked(world: World) -> None:
    bring_to(world, "draft", changes={("water", ""): None, ("water", "17.1.a"): None})
    cell = grid_of(world).lines[0].cells[0]
    assert (cell.stage, cell.percent) == (Stage.ENTERING, 77)


def test_the_first_submission_decides_even_when_it_came_back(world: World) -> None:
    report = bring_to(world, "submitted")
    submitted_on(report, datetime(2024, 1, 15, 16, 59, tzinfo=UTC))
    verification.send_back(by=world.people["verifier_b"], report_id=report.pk, returns={"roads": "Thiếu biểu"})
    reports.submit(by=world.people["officer"], report_id=report.pk)
    cell = grid_of(world, now=timezone.now()).lines[0].cells[0]
    assert (cell.stage, cell.timing) == (Stage.SUBMITTED, Timing.ON_TIME)
    submitted_on(report, datetime(2024, 1, 15, 17, 1, tzinfo=UTC))
    assert grid_of(world, now=timezone.now()).lines[0].cells[0].timing is Timing.LATE


def test_a_first_submission_is_kept_by_the_service(world: World) -> None:
    report = bring_to(world, "submitted")
    first = Report.objects.get(pk=report.pk).submitted_first_at
    assert first is not None
    verification.send_back(by=world.people["verifier_b"], report_id=report.pk, returns={"roads": "Thiếu biểu"})
    reports.submit(by=world.people["officer"], report_id=report.pk)
    assert Report.objects.get(pk=report.pk).submitted_first_at == first


def test_the_map_of_the_last_day_says_who_has_to_report(world: World) -> None:
    gone = make_unit("cu", "Xã Cũ", "commune", world.town)
    UnitVersion.objects.filter(unit=gone).update(valid_to=date(2023, 6, 30))
    half = make_period("2023-H1")
    grid = grid_of(world, periods=[half, world.period])
    assert stages(grid)["cu"] == ["not_opened", "not_required"]
    assert [column.completeness.denominator for column in grid.columns] == [4, 3]
    assert "cu" not in stages(grid_of(world))


def test_a_report_beyond_those_asked_for_is_shown_and_pushes_nothing_over_100(world: World) -> None:
    for unit in world.communes[1:]:
        UnitVersion.objects.filter(unit=unit).update(kind="ward")
    bring_to(world, "approved")
    Report.objects.create(
        unit=world.communes[1], period=world.period, created_at=NOW, status="approved", approved_revision=1
    )
    grid = grid_of(world)
    assert stages(grid) == {"commune-1": ["approved"], "commune-2": ["approved"]}
    assert grid.completeness == Ratio(1, 1)
    assert not grid.lines[1].cells[0].required


def test_illustrative_reports_count_as_made_but_have_no_day(world: World) -> None:
    report = bring_to(world, "approved")
    Report.objects.filter(pk=report.pk).update(illustrative=True)
    grid = grid_of(world, now=timezone.now())
    assert grid.lines[0].cells[0].timing is Timing.UNKNOWN
    assert grid.columns[0].illustrative
    assert (grid.completeness, grid.timeliness) == (Ratio(1, 3), Ratio(0, 2))


def test_an_officer_sees_the_own_commune_alone(world: World) -> None:
    assert list(stages(grid_of(world, "officer"))) == ["commune-1"]
    assert len(stages(grid_of(world, "verifier_a"))) == 3


def test_periods_are_chosen_by_kind_and_in_portions(world: World) -> None:
    for month in range(1, 13):
        make_period(f"2024-{month:02d}")
    make_period("2024")
    choice = choose_periods()
    assert [p.code for p in choice.shown][-2:] == ["2024-12", "2024"] and len(choice.shown) == 12
    assert (choice.kinds, choice.older, choice.newer) == (("year", "month"), "2024-01", "")
    years = choose_periods(kind="year", until="2023")
    assert ([p.code for p in years.shown], years.newer) == (["2023"], "2024")
    assert [p.code for p in choose_periods(kind="month", widest=3, until="2024-04").shown] == [
        "2024-02",
        "2024-03",
        "2024-04",
    ]
    assert choose_periods(kind="tuần", until="1999").kind == ""


def test_twenty_units_and_twelve_periods_cost_as_many_queries_as_two(world: World) -> None:
    periods = [make_period(f"2023-{month:02d}") for month in range(1, 13)]
    by = world.people["coordinator"]

    def queries() -> int:
        grid_of(world, periods=periods)  # the definitions of a day are loaded once
        with CaptureQueriesContext(connection) as found:
            grid = grid_of(world, periods=periods)
        assert sum(c.stage is not Stage.NOT_OPENED for line in grid.lines for c in line.cells) == Report.objects.count()
        return len(found)

    open_reports(by=by, period=periods[0], units=["commune-1", "commune-2"])
    few = queries()
    make_communes(world.town, 20, start=10)
    for period in periods:
        open_reports(by=by, period=period, units=[f"commune-{n}" for n in (1, 2, *range(10, 30))])
    assert queries() == few <= 7
