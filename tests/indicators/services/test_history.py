"""Every save of a cell is kept: who, when, from what to what; written with the save, in sets, and never changed."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import migrations
from indicators.models import Report, ReportedValue, ValueChange
from indicators.selectors.history import element_trail
from indicators.services.reports import reopen, submit
from indicators.services.values import CellInput, save_values
from indicators.services.verification import send_back, verify
from mongcai_portal.common.errors import Conflict, Invalid, Stale
from mongcai_portal.common.models import AppendOnly
from tests.factories.world import World, bring_to, cells, fresh, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def report(world: World) -> Report:
    return make_report(world)


def save(world: World, report: Report, *inputs: CellInput, all_or_none: bool = True) -> None:
    save_values(by=fresh(world.people["officer"]), report_id=report.pk, cells=inputs, all_or_none=all_or_none)


def told(report: Report, element: str) -> list[tuple[Any, ...]]:
    """Each save of an element as (revision, part, state before, number before, state, number)."""
    trail = element_trail(report, element)
    assert trail is not None
    return [
        (
            s.change.revision,
            s.change.part,
            s.before and s.before.state,
            s.before and s.before.number,
            s.change.state,
            s.change.number,
        )
        for s in trail.saves
    ]


def test_each_save_tells_what_stood_before_it(world: World, report: Report) -> None:
    save(world, report, CellInput("houses", raw="2"))
    save(world, report, CellInput("houses", raw="0"))
    save(world, report, CellInput("houses", state="no_data"))
    save(world, report, CellInput("houses"))
    assert told(report, "houses") == [
        (1, "", None, None, "value", 2),
        (1, "", "value", 2, "value", 0),
        (1, "", "value", 0, "no_data", None),
        (1, "", "no_data", None, "", None),
    ]
    row = ValueChange.objects.first()
    assert (row.by, row.report_id) == ("officer", report.pk)


def test_parts_of_an_element_have_each_their_own_chain(world: World, report: Report) -> None:
    save(world, report, CellInput("insured", "male", raw="90"), CellInput("insured", "female", raw="91"))
    save(world, report, CellInput("insured", "male", raw="92"))
    assert [(part, before, after) for _r, part, _s, before, _t, after in told(report, "insured")] == [
        ("male", None, 90),
        ("female", None, 91),
        ("male", 90, 92),
    ]


def test_what_changes_nothing_leaves_no_trace(world: World, report: Report) -> None:
    save(world, report, CellInput("houses", raw="2"))
    save(world, report, CellInput("houses", raw="2"))
    save(world, report, CellInput("roads"))
    assert ValueChange.objects.count() == 1


def test_a_changed_note_is_a_change_too(world: World, report: Report) -> None:
    save(world, report, CellInput("houses", raw="2"))
    save(world, report, CellInput("houses", raw="2", note="Theo biên bản"))
    assert list(ValueChange.objects.values_list("number", "note")) == [(2, ""), (2, "Theo biên bản")]


def test_a_refused_save_leaves_no_trace(world: World, report: Report) -> None:
    save(world, report, CellInput("houses", raw="2"))
    with pytest.raises(Conflict):
        save(world, report, CellInput("houses", raw="3", lock=1))
    with pytest.raises(Invalid):
        save(world, report, CellInput("houses", raw="3"), CellInput("roads", raw="142"))
    bring_to(world, "submitted", report=report)
    count = ValueChange.objects.count()
    with pytest.raises(Stale):
        save(world, report, CellInput("houses", raw="4"))
    assert ValueChange.objects.count() == count


def test_a_reopened_report_goes_on_with_the_chain(world: World) -> None:
    report = bring_to(world, "approved")
    report = reopen(by=world.people["coordinator"], report_id=report.pk, reason="Nhập nhầm")
    assert [entry[0] for entry in told(report, "houses")] == [1], "copying changes no value"
    save(world, report, CellInput("houses", raw="2"))
    assert told(report, "houses")[-1] == (2, "", "value", 0, "value", 2)


def test_the_trail_holds_the_steps_that_concern_the_element(world: World) -> None:
    report = bring_to(world, "submitted")
    verify(by=world.people["verifier_a"], report_id=report.pk)
    send_back(by=world.people["verifier_b"], report_id=report.pk, returns={"roads": "Thiếu biểu"})
    submit(by=world.people["officer"], report_id=report.pk)
    roads, plan = element_trail(report, "roads"), element_trail(report, "plan")
    assert [e.kind for e in roads.steps] == [
        "report.opened",
        "report.submitted",
        "report.sent_back",
        "report.submitted",
    ]
    assert [e.kind for e in plan.steps] == ["report.opened", "report.submitted", "report.verified", "report.submitted"]
    assert element_trail(report, "castles") is None


@pytest.mark.parametrize(
    "attempt",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: ValueChange.objects.all().delete(),
        lambda row: ValueChange.objects.update(number=9),
        lambda row: ValueChange.objects.bulk_update([row], ["number"]),
    ],
)
def test_history_is_never_changed_or_removed(world: World, report: Report, attempt: Any) -> None:
    save(world, report, CellInput("houses", raw="2"))
    with pytest.raises(AppendOnly):
        attempt(ValueChange.objects.get())
    assert ValueChange.objects.get().number == 2


def _queries(call: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        call()
    return len(found)


def test_saving_two_cells_and_all_of_them_costs_the_same(world: World, report: Report) -> None:
    other = make_report(world, unit=world.communes[1])
    every = cells()
    save(world, report, every[0])
    two = _queries(lambda: save(world, report, *every[1:3]))
    rest = _queries(
        lambda: save_values(by=fresh(world.people["other_officer"]), report_id=other.pk, cells=every, all_or_none=True)
    )
    assert ValueChange.objects.filter(report=other).count() == len(every)
    assert rest == two


def test_the_trail_costs_the_same_for_two_saves_and_for_twenty(world: World, report: Report) -> None:
    for number in range(2):
        save(world, report, CellInput("houses", raw=str(number)))
    element_trail(report, "houses")  # the law is known to the process from here on
    two = _queries(lambda: element_trail(report, "houses"))
    for number in range(2, 20):
        save(world, report, CellInput("houses", raw=str(number)))
    assert _queries(lambda: element_trail(report, "houses")) == two
    assert len(told(report, "houses")) == 20


def test_values_from_before_the_history_become_its_first_rows(world: World) -> None:
    name = next(m.name for m in iter_modules(migrations.__path__) if m.name.endswith("_value_changes_and_comments"))
    begin_history = import_module(f"indicators.migrations.{name}").begin_history
    report = bring_to(world, "approved")
    reopen(by=world.people["coordinator"], report_id=report.pk, reason="x")
    kept = make_report(world, unit=world.communes[1])
    rows = list(ReportedValue.objects.filter(report=report))
    for row in rows:
        row.pk, row.report = None, kept
        if row.revision == 2 and row.number == 70:
            row.number = 71
    ReportedValue.objects.bulk_create(rows)
    before = ValueChange.objects.filter(report=report).count()
    begin_history(apps, None)
    # One row a cell, and one more where the second revision says otherwise.
    assert ValueChange.objects.filter(report=kept).count() == len(cells()) + 1
    assert list(
        ValueChange.objects.filter(report=kept, element__code="water", part="").values_list("revision", "number")
    ) == [(1, 70), (2, 71)]
    assert ValueChange.objects.filter(report=report).count() == before + len(cells())
