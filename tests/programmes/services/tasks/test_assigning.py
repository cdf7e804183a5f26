"""Giving a task: by whom, once, and every fault of it named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid
from programmes.models import Task, TaskEntry
from programmes.services.tasks import add_step, assign, postpone_task
from tests.factories.budget import make_programmes
from tests.factories.tasks import make_task, new_task
from tests.factories.world import World, fresh

pytestmark = pytest.mark.django_db


def faults(world: World, **changes: Any) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        make_task(fresh(world.people["coordinator"]), **changes)
    assert not Task.objects.exists() and not AuditEvent.objects.filter(object_type="task").exists()
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


def test_a_task_is_given_with_its_steps_its_history_and_an_event(world: World) -> None:
    task = make_task(fresh(world.people["coordinator"]), steps=["Lập danh sách", " ", "Vận động từng hộ "])
    assert (task.status, task.owner.code, task.unit, task.lock) == ("open", "a", None, 1)
    assert [(step.number, step.text) for step in task.steps.all()] == [(1, "Lập danh sách"), (2, "Vận động từng hộ")]
    assert [entry.kind for entry in task.entries.all()] == ["assigned"]
    event = AuditEvent.objects.get(object_type="task")
    assert (event.kind, event.object_id, event.details["office"]) == ("task.assigned", str(task.pk), "a")


def test_a_commune_gets_a_task_that_comes_from_its_criterion(world: World) -> None:
    task = make_task(
        fresh(world.people["coordinator"]), origin="slipping", unit="commune-1", level="standard", criterion=1
    )
    assert (task.unit, task.level, task.criterion) == (world.commune, "standard", 1)
    assert AuditEvent.objects.get(object_type="task").unit_uid == "commune-1"


def test_the_same_form_sent_twice_is_one_task(world: World) -> None:
    typed = new_task()
    first = assign(by=fresh(world.people["coordinator"]), task=typed)
    again = assign(by=fresh(world.people["coordinator"]), task=typed)
    assert first == again and Task.objects.count() == TaskEntry.objects.count() == 1


def test_the_same_form_is_the_same_task_also_when_it_went_on_since(world: World) -> None:
    by = fresh(world.people["coordinator"])
    typed = new_task(steps=["Một", "Hai"])
    task = assign(by=by, task=typed)
    add_step(by=by, task_id=task.pk, text="Ba")
    assert assign(by=by, task=typed) == task
    assert task.due_on is not None
    postpone_task(by=by, task_id=task.pk, due_on=task.due_on + timedelta(days=9), text="Chờ vốn")
    assert assign(by=by, task=typed) == task and Task.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Việc khác"}, {"text": "Thêm"}, {"owner": "b"}, {"unit": "commune-1"}, {"steps": ["Một"]},
        {"steps": ["Một", "Hai", "Ba"]}, {"due_on": None, "no_deadline": True}, {"document": ""},
    ],
)  # fmt: skip
def test_another_task_with_the_token_of_one_that_was_given_is_refused(world: World, changes: dict[str, Any]) -> None:
    by = fresh(world.people["coordinator"])
    typed = new_task(steps=["Một", "Hai"])
    assign(by=by, task=typed)
    with pytest.raises(Invalid) as refused:
        assign(by=by, task=replace(typed, **changes))
    assert [(one.pointer, one.code) for one in refused.value.faults] == [("/token", "used")]
    assert Task.objects.count() == TaskEntry.objects.count() == 1


@pytest.mark.parametrize("person", ["officer", "verifier_a", "leader", "administrator"])
def test_nobody_but_the_coordination_office_gives_tasks(world: World, person: str) -> None:
    with pytest.raises(Forbidden):
        make_task(fresh(world.people[person]))
    assert not Task.objects.exists()


def test_a_task_may_have_no_deadline_when_that_is_said(world: World) -> None:
    task = make_task(fresh(world.people["coordinator"]), due_on=None, no_deadline=True)
    assert (task.due_on, task.no_deadline) == (None, True)


def test_every_fault_is_named_at_once(world: World) -> None:
    assert faults(world, title=" ", owner="", origin="", due_on=None) == {
        ("/title", "required"),
        ("/owner", "required"),
        ("/origin", "required"),
        ("/due_on", "required"),
    }


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": "x" * 301}, ("/title", "too_long")),
        ({"text": "x" * 4001}, ("/text", "too_long")),
        ({"document": "x" * 101}, ("/document", "too_long")),
        ({"owner": "nobody"}, ("/owner", "required")),
        ({"unit": "nowhere"}, ("/unit", "unknown")),
        ({"unit": "pho"}, ("/unit", "unknown")),
        ({"measure": "no.such"}, ("/measure", "unknown")),
        ({"level": "standard", "criterion": 1}, ("/unit", "required")),
        ({"unit": "commune-1", "level": "standard", "criterion": 9}, ("/criterion", "unknown")),
        ({"unit": "commune-1", "level": "advanced", "criterion": 1}, ("/criterion", "unknown")),
        (
            {"unit": "commune-1", "level": "standard", "criterion": 1, "measure": "poverty.poor.count"},
            ("/measure", "not_both"),
        ),
        ({"no_deadline": True}, ("/no_deadline", "not_both")),
        ({"steps": ["x" * 501]}, ("/steps", "too_long")),
        ({"steps": [f"Bước {n}" for n in range(31)]}, ("/steps", "too_many")),
    ],
)
def test_a_fault_is_named_at_its_field(world: World, changes: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(world, **changes) == {fault}


def test_days_are_held_against_each_other_and_today(world: World) -> None:
    today = timezone.localdate()
    day = timedelta(days=1)
    assert faults(world, document_on=today + day) == {("/document_on", "in_future")}
    assert faults(world, due_on=today - day) == {("/due_on", "in_past")}
    before = {"assigned_on": today - 9 * day, "document_on": today - 5 * day, "due_on": today - 6 * day}
    assert faults(world, **before) == {("/due_on", "before_document")}


def test_a_task_is_of_a_programme_or_of_none_and_its_event_says_which(world: World) -> None:
    make_programmes()
    by = fresh(world.people["coordinator"])
    general, poverty = make_task(by), make_task(by, programme="GNBV")
    assert general.programme is None and poverty.programme is not None and poverty.programme.code == "GNBV"
    events = AuditEvent.objects.filter(object_type="task").order_by("pk")
    assert [event.details["programme"] for event in events] == ["", "GNBV"]


def test_a_programme_that_does_not_exist_is_refused(world: World) -> None:
    make_programmes()
    assert faults(world, programme="NOPE") == {("/programme", "unknown")}


def test_the_same_form_with_another_programme_is_another_task(world: World) -> None:
    make_programmes()
    by = fresh(world.people["coordinator"])
    typed = new_task(programme="GNBV")
    assert assign(by=by, task=typed) == assign(by=by, task=typed)
    with pytest.raises(Invalid) as refused:
        assign(by=by, task=replace(typed, programme="NTM"))
    assert [(one.pointer, one.code) for one in refused.value.faults] == [("/token", "used")]
