"""Opening the reports of many communes at once, and moving a deadline."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import UnitVersion
from indicators.models import Period, Report, ReportRevision
from indicators.services import opening
from indicators.services.deadlines import move_deadline
from indicators.services.opening import open_reports
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from tests.factories.world import World, make_communes, make_report, make_unit, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(communes=3)


def uids(world: World) -> list[str]:
    return [unit.uid for unit in world.communes]


def codes(error: Any) -> dict[str, str]:
    return {fault.pointer: fault.code for fault in error.value.faults}


def test_reports_of_many_communes_open_with_a_revision_and_an_event_each(world: World) -> None:
    opened = open_reports(by=world.people["coordinator"], period=world.period, units=uids(world))
    assert opened.opened == ("Xã Thử 1", "Xã Thử 2", "Xã Thử 3") and not opened.already
    assert set(Report.objects.values_list("unit__uid", "status", "revision")) == {
        (uid, "draft", 1) for uid in uids(world)
    }
    assert ReportRevision.objects.filter(number=1, opened_by="coordinator").count() == 3
    events = AuditEvent.objects.filter(kind="report.opened", actor_name="coordinator")
    assert {(e.unit_uid, e.object_label) for e in events} == {
        (uid, f"Xã Thử {n} · 2023") for n, uid in enumerate(uids(world), 1)
    }
    assert {e.object_id for e in events} == {str(pk) for pk in Report.objects.values_list("pk", flat=True)}


def test_again_opens_nothing_twice_and_says_who_had_one(world: World) -> None:
    make_report(world, unit=world.communes[1])
    by = world.people["coordinator"]
    first = open_reports(by=by, period=world.period, units=[*uids(world), uids(world)[0]])
    assert (first.opened, first.already) == (("Xã Thử 1", "Xã Thử 3"), ("Xã Thử 2",))
    again = open_reports(by=by, period=world.period, units=uids(world))
    assert (again.opened, len(again.already)) == ((), 3)
    assert Report.objects.count() == ReportRevision.objects.count() == 3
    assert AuditEvent.objects.filter(kind="report.opened").count() == 3


def test_every_unit_at_fault_is_named_and_nothing_is_opened(world: World) -> None:
    gone, ward = make_unit("cu", "Xã Cũ", "commune", world.town), make_unit("phuong", "Phường Một", "ward", world.town)
    UnitVersion.objects.filter(unit=gone).update(valid_to=date(2023, 6, 30))
    with pytest.raises(Invalid) as caught:
        open_reports(
            by=world.people["coordinator"], period=world.period, units=["commune-1", gone.uid, ward.uid, "khong-co"]
        )
    assert codes(caught) == {
        "/units/cu": "not_in_force",
        "/units/phuong": "not_a_commune",
        "/units/khong-co": "unknown",
    }
    assert all(name in str(caught.value) for name in ("Xã Cũ", "Phường Một", "khong-co"))
    assert not Report.objects.exists() and not AuditEvent.objects.exists()


def test_no_unit_and_no_criteria_set_are_named_together(world: World) -> None:
    world.criteria_set.status = "draft"
    world.criteria_set.save()
    with pytest.raises(Invalid) as caught:
        open_reports(by=world.people["coordinator"], period=world.period, units=[])
    assert codes(caught) == {"/units": "required", "/period": "no_criteria_set"}


@pytest.mark.parametrize("name", ["officer", "verifier_all", "leader", "administrator"])
def test_only_the_coordinator_opens(world: World, name: str) -> None:
    with pytest.raises(Forbidden):
        open_reports(by=world.people[name], period=world.period, units=uids(world))
    with pytest.raises(Forbidden):
        move_deadline(by=world.people[name], code="2023", due_on=date(2024, 2, 1), reason="x")


def test_a_report_that_another_window_opened_meanwhile_is_told_not_doubled(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, raced = opening._open, []

    def overtaken(by: Any, period: Period, places: Any) -> Any:
        if not raced:
            raced.append(make_report(world, unit=world.communes[0]))
            monkeypatch.setattr(Report.objects.__class__, "filter", lambda *a, **k: Report.objects.none())
            try:
                return real(by, period, places)
            finally:
                monkeypatch.undo()
        return real(by, period, places)

    monkeypatch.setattr(opening, "_open", overtaken)
    opened = open_reports(by=world.people["coordinator"], period=world.period, units=uids(world))
    assert raced and opened.already == ("Xã Thử 1",) and len(opened.opened) == 2
    assert Report.objects.count() == 3


def test_twenty_communes_cost_as_many_queries_as_two(world: World) -> None:
    make_communes(world.town, 20, start=10)
    by = world.people["coordinator"]

    def queries(units: list[str], code: str) -> int:
        year = int(code)
        period = Period.objects.create(
            code=code, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), due_on=date(year + 1, 1, 15)
        )
        opening.definitions_for(period)
        with CaptureQueriesContext(connection) as found:
            assert len(open_reports(by=by, period=period, units=units).opened) == len(units)
        return len(found)

    queries(uids(world)[:1], "2021")  # the scope is read once
    assert queries(uids(world)[:2], "2022") == queries([f"commune-{n}" for n in range(10, 30)], "2024") <= 12


# --- Deadlines ---------------------------------------------------------------------------------------------------


def test_a_deadline_moves_with_its_reason_into_the_log(world: World) -> None:
    by = world.people["coordinator"]
    assert move_deadline(by=by, code="2023", due_on=date(2024, 1, 31), reason=" Nghỉ Tết ", seen=date(2024, 1, 15))
    assert Period.objects.get(code="2023").due_on == date(2024, 1, 31)
    event = AuditEvent.objects.get(kind="period.deadline_moved")
    assert (event.object_label, event.details) == (
        "2023",
        {"before": "2024-01-15", "after": "2024-01-31", "reason": "Nghỉ Tết"},
    )


def test_moving_it_to_where_it_stands_changes_nothing(world: World) -> None:
    by = world.people["coordinator"]
    assert not move_deadline(by=by, code="2023", due_on=world.period.due_on, reason="Như cũ")
    assert not AuditEvent.objects.exists()


def test_a_deadline_before_its_period_ends_and_no_reason_are_named_together(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        move_deadline(by=world.people["coordinator"], code="2023", due_on=date(2023, 12, 30), reason="  ")
    assert codes(caught) == {"/due_on": "before_end", "/reason": "required"}
    assert "31/12/2023" in str(caught.value)
    assert Period.objects.get(code="2023").due_on == date(2024, 1, 15) and not AuditEvent.objects.exists()


def test_the_last_day_itself_may_be_the_deadline(world: World) -> None:
    assert move_deadline(by=world.people["coordinator"], code="2023", due_on=date(2023, 12, 31), reason="Gấp")


def test_a_second_window_with_an_old_deadline_is_told(world: World) -> None:
    by, seen = world.people["coordinator"], date(2024, 1, 15)
    move_deadline(by=by, code="2023", due_on=date(2024, 1, 20), reason="Lần một", seen=seen)
    with pytest.raises(Stale, match="20/01/2024"):
        move_deadline(by=by, code="2023", due_on=date(2024, 1, 25), reason="Lần hai", seen=seen)
    assert Period.objects.get(code="2023").due_on == date(2024, 1, 20)
    # The same form sent twice has come to pass already.
    assert not move_deadline(by=by, code="2023", due_on=date(2024, 1, 20), reason="Lần một", seen=seen)
