"""Two revisions of a report side by side, by the rules, in a fixed number of queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Report, ReportRevision
from indicators.selectors.changes import changes_between, usual_pair
from indicators.services.reports import approve, reopen, submit
from indicators.services.values import CellInput, save_values
from indicators.services.verification import verify
from tests.factories.world import World, bring_to, fresh, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def corrected(world: World, *cells: CellInput, judged: str = "met") -> Report:
    """A report approved once, reopened and corrected, submitted and verified again."""
    report = bring_to(world, "approved", changes={("houses", ""): "2"})
    reopen(by=world.people["coordinator"], report_id=report.pk, reason="Số nhà tạm sai")
    officer = fresh(world.people["officer"])
    save_values(by=officer, report_id=report.pk, cells=cells, all_or_none=True)
    submit(by=officer, report_id=report.pk)
    verify(by=world.people["verifier_all"], report_id=report.pk, judgements={"roads": judged})
    report.refresh_from_db()
    return report


def kinds(changes: Any) -> dict[tuple[str, str], str]:
    return {
        (row.row.element.code, cell.definition.part): cell.change.kind
        for row in changes.rows
        for cell in row.cells
        if cell.change.kind
    }


def test_what_was_changed_and_what_turns_with_it(world: World) -> None:
    report = corrected(
        world,
        CellInput("houses", raw="0", language="plain"),
        CellInput("insured", "male", state="no_data"),
        CellInput("water", raw="70", note="Theo biểu 02", language="plain"),
    )
    changes = changes_between(report, 1, 2)
    assert kinds(changes) == {("houses", ""): "value", ("insured", "male"): "state", ("water", ""): "text"}
    houses, insured = changes.row("houses"), changes.row("insured")
    assert [(before.outcome, after.outcome) for _r, before, after in houses.outcomes] == [("not_met", "met")]
    assert [(before.outcome, after.outcome) for _r, before, after in insured.outcomes] == [("met", "no_data")]
    level = changes.levels[0]
    assert (level.before.outcome, level.after.outcome) == ("not_met", "no_data")
    assert [(a.spec.number, a.outcome, b.outcome) for a, b in level.criteria] == [(2, "not_met", "no_data")]
    assert not changes.row("plan").changed and not changes.row("plan").turned


def test_another_judgement_turns_a_row_whose_figure_stayed(world: World) -> None:
    changes = changes_between(corrected(world, judged="not_met"), 1, 2)
    roads = changes.row("roads")
    assert (roads.changed, roads.turned, kinds(changes)) == (False, True, {})


def test_a_revision_that_is_not_judged_yet_leaves_the_outcome_open(world: World) -> None:
    report = bring_to(world, "approved")
    report = reopen(by=world.people["coordinator"], report_id=report.pk, reason="x")
    roads = changes_between(report, 1, 2).row("roads")
    assert [(before.outcome, after.outcome) for _r, before, after in roads.outcomes] == [("met", "undetermined")]


def test_the_usual_pair_is_the_approved_revision_and_the_present_one(world: World) -> None:
    report = bring_to(world, "approved")
    assert usual_pair(report) is None
    report = reopen(by=world.people["coordinator"], report_id=report.pk, reason="x")
    assert usual_pair(report) == (1, 2)
    submit(by=fresh(world.people["officer"]), report_id=report.pk)
    verify(by=world.people["verifier_all"], report_id=report.pk)
    report = approve(by=world.people["coordinator"], report_id=report.pk)
    assert usual_pair(report) == (1, 2)
    report = reopen(by=world.people["coordinator"], report_id=report.pk, reason="y")
    assert usual_pair(report) == (2, 3)


def test_a_revision_that_never_was_is_not_compared(world: World) -> None:
    with pytest.raises(ReportRevision.DoesNotExist):
        changes_between(bring_to(world, "approved"), 1, 2)


def _queries(call: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        call()
    return len(found)


def test_comparing_costs_the_same_with_no_change_and_with_many(world: World) -> None:
    report = bring_to(world, "approved")
    report = reopen(by=world.people["coordinator"], report_id=report.pk, reason="x")
    changes_between(report, 1, 2)  # the law is known to the process from here on
    none = _queries(lambda: changes_between(report, 1, 2))
    cells = [CellInput(e, p, state="no_data") for e, p in (("plan", ""), ("roads", ""), ("houses", ""), ("water", ""))]
    save_values(by=fresh(world.people["officer"]), report_id=report.pk, cells=cells, all_or_none=True)
    assert _queries(lambda: changes_between(report, 1, 2)) == none == 7
