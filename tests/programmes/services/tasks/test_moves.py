"""A task through its moves: who may, in which status, who was first, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from mongcai_portal.common.models import AppendOnly
from programmes.models import Task, TaskEntry
from programmes.services.tasks import (
    add_step,
    attach_file,
    cancel_task,
    confirm_task,
    postpone_task,
    record_progress,
    reopen_task,
    report_result,
    return_task,
    settle_step,
)
from tests.factories.files import upload
from tests.factories.tasks import make_task
from tests.factories.world import World, fresh, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(world: World) -> Callable[[str], Any]:
    return lambda name: fresh(world.people[name])


@pytest.fixture
def task(world: World) -> Task:
    """A task of office `a` about the first commune."""
    return make_task(fresh(world.people["coordinator"]), unit="commune-1")


def faults(act: Callable[[], Any]) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        act()
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


def kinds(task: Task) -> list[str]:
    return [entry.kind for entry in TaskEntry.objects.filter(task=task)]


def test_the_whole_way_is_kept_in_order(task: Task, who: Callable[[str], Any]) -> None:
    record_progress(by=who("verifier_a"), task_id=task.pk, text="Đã họp hai thôn")
    report_result(by=who("verifier_a"), task_id=task.pk, text="Đủ 9 thôn", files=[upload("bien-ban.pdf")])
    return_task(by=who("coordinator"), task_id=task.pk, text="Thiếu biên bản thôn 4")
    report_result(by=who("verifier_a"), task_id=task.pk, text="Đã bổ sung")
    done = confirm_task(by=who("coordinator"), task_id=task.pk)
    assert (done.status, done.result, done.reported_by) == ("done", "Đã bổ sung", "verifier_a")
    assert done.closed_at is not None and done.files.get().name == "bien-ban.pdf"
    way = ["assigned", "progress", "reported", "returned", "reported", "confirmed"]
    assert kinds(task) == way
    told = list(AuditEvent.objects.filter(object_type="task").order_by("pk").values_list("kind", flat=True))
    assert told == [f"task.{word}" for word in ["assigned", "progressed", *way[2:]]]
    assert TaskEntry.objects.get(task=task, kind="returned").text == "Thiếu biên bản thôn 4"


def test_the_officer_of_the_tasks_commune_reports_it_too(task: Task, who: Callable[[str], Any]) -> None:
    assert report_result(by=who("officer"), task_id=task.pk, text="Xong").reported_by == "officer"


def test_others_are_refused_or_find_nothing(task: Task, who: Callable[[str], Any]) -> None:
    for person in ("verifier_b", "coordinator", "leader", "administrator"):
        with pytest.raises(Forbidden):
            report_result(by=who(person), task_id=task.pk, text="x")
    with pytest.raises(Task.DoesNotExist):
        report_result(by=who("other_officer"), task_id=task.pk, text="x")
    report_result(by=who("verifier_a"), task_id=task.pk, text="Xong")
    for person in ("verifier_a", "officer", "leader", "administrator"):
        for act in (confirm_task, return_task, cancel_task):
            with pytest.raises(Forbidden):
                act(by=who(person), task_id=task.pk, text="x")
    assert Task.objects.get(pk=task.pk).status == "reported"


def test_an_officer_sees_a_task_of_the_whole_town_and_may_not_report_it(
    world: World, who: Callable[[str], Any]
) -> None:
    town = make_task(who("coordinator"))
    with pytest.raises(Forbidden):
        report_result(by=who("officer"), task_id=town.pk, text="x")


def test_who_reported_never_confirms_whatever_roles_are_held(
    world: World, task: Task, who: Callable[[str], Any]
) -> None:
    from communes.models import RoleAssignment

    both = make_person("both", "coordinator")
    RoleAssignment.objects.create(user=both, role="sector_verifier", office=world.offices["a"])
    report_result(by=fresh(both), task_id=task.pk, text="Xong")
    with pytest.raises(Forbidden, match="không tự xác nhận"):
        confirm_task(by=fresh(both), task_id=task.pk)
    assert confirm_task(by=who("coordinator"), task_id=task.pk).status == "done"


def test_a_second_window_is_told_and_changes_nothing(task: Task, who: Callable[[str], Any]) -> None:
    seen = task.lock
    record_progress(by=who("verifier_a"), task_id=task.pk, text="Một", lock=seen)
    with pytest.raises(Stale):
        record_progress(by=who("verifier_a"), task_id=task.pk, text="Một", lock=seen)
    with pytest.raises(Stale):
        cancel_task(by=who("coordinator"), task_id=task.pk, text="x", lock=seen)
    report_result(by=who("verifier_a"), task_id=task.pk, text="Xong")
    confirm_task(by=who("coordinator"), task_id=task.pk)
    for act in (confirm_task, return_task):
        with pytest.raises(Stale, match="hoàn thành"):
            act(by=who("coordinator"), task_id=task.pk, text="x")
    assert kinds(task) == ["assigned", "progress", "reported", "confirmed"]


def test_what_undoes_needs_a_reason_and_what_reports_a_text(task: Task, who: Callable[[str], Any]) -> None:
    required = {("/text", "required")}
    assert faults(lambda: record_progress(by=who("verifier_a"), task_id=task.pk, text=" ")) == required
    assert faults(lambda: report_result(by=who("verifier_a"), task_id=task.pk, text="")) == required
    assert faults(lambda: cancel_task(by=who("coordinator"), task_id=task.pk, text="")) == required
    report_result(by=who("verifier_a"), task_id=task.pk, text="Xong")
    assert faults(lambda: return_task(by=who("coordinator"), task_id=task.pk, text="")) == required
    long = {("/text", "too_long")}
    assert faults(lambda: return_task(by=who("coordinator"), task_id=task.pk, text="x" * 4001)) == long
    confirm_task(by=who("coordinator"), task_id=task.pk)
    assert faults(lambda: reopen_task(by=who("coordinator"), task_id=task.pk, text="")) == required


def test_reopened_is_open_again_and_its_history_keeps_the_result(task: Task, who: Callable[[str], Any]) -> None:
    report_result(by=who("verifier_a"), task_id=task.pk, text="Đủ 9 thôn")
    confirm_task(by=who("coordinator"), task_id=task.pk)
    again = reopen_task(by=who("coordinator"), task_id=task.pk, text="Thôn 4 lại thiếu")
    assert (again.status, again.result, again.reported_at, again.closed_at) == ("open", "", None, None)
    assert TaskEntry.objects.filter(task=task, kind="reported").get().text == "Đủ 9 thôn"
    cancelled = cancel_task(by=who("coordinator"), task_id=task.pk, text="Giao nhầm")
    assert cancelled.status == "cancelled"
    assert reopen_task(by=who("coordinator"), task_id=task.pk, text="Giao lại").status == "open"


def test_a_deadline_is_moved_with_a_reason_and_what_it_was_is_kept(task: Task, who: Callable[[str], Any]) -> None:
    today, before = timezone.localdate(), task.due_on
    assert before is not None
    later = before + timedelta(days=10)
    act = lambda due_on, text="Mưa lũ": postpone_task(  # noqa: E731
        by=who("coordinator"), task_id=task.pk, due_on=due_on, text=text
    )
    assert faults(lambda: act(None, "")) == {("/due_on", "required"), ("/text", "required")}
    assert faults(lambda: act(today - timedelta(days=1))) == {("/due_on", "in_past")}
    assert faults(lambda: act(before)) == {("/due_on", "same")}
    assert act(later).due_on == later
    event = AuditEvent.objects.get(kind="task.postponed")
    assert (event.details["before"], event.details["after"]) == (before.isoformat(), later.isoformat())
    with pytest.raises(Forbidden):
        postpone_task(by=who("verifier_a"), task_id=task.pk, due_on=before, text="x")


def test_a_result_waits_for_every_step(task: Task, who: Callable[[str], Any]) -> None:
    add_step(by=who("coordinator"), task_id=task.pk, text="Lập danh sách")
    add_step(by=who("officer"), task_id=task.pk, text="Vận động")
    assert [step.number for step in task.steps.all()] == [1, 2]
    assert faults(lambda: report_result(by=who("verifier_a"), task_id=task.pk, text="")) == {
        ("/steps", "unfinished"),
        ("/text", "required"),
    }
    for number in (1, 2):
        settle_step(by=who("verifier_a"), task_id=task.pk, number=number, done=True)
    assert report_result(by=who("verifier_a"), task_id=task.pk, text="Xong").status == "reported"
    with pytest.raises(Stale):
        settle_step(by=who("verifier_a"), task_id=task.pk, number=1, done=False)
    with pytest.raises(Stale):
        add_step(by=who("verifier_a"), task_id=task.pk, text="Thêm")


def test_steps_are_safe_to_repeat_and_to_take_back(task: Task, who: Callable[[str], Any]) -> None:
    assert task.due_on is not None
    first = add_step(by=who("officer"), task_id=task.pk, text="Lập danh sách", due_on=task.due_on)
    assert add_step(by=who("officer"), task_id=task.pk, text="Lập danh sách ") == first
    settle = lambda done: settle_step(by=who("officer"), task_id=task.pk, number=1, done=done)  # noqa: E731
    assert (settle(True).done_by, settle(True).done_by) == ("officer", "officer")
    assert settle(False).done_at is None
    assert kinds(task) == ["assigned", "step_added", "step_done", "step_undone"]
    wrong = task.due_on + timedelta(days=1)
    assert faults(lambda: add_step(by=who("officer"), task_id=task.pk, text="", due_on=wrong)) == {
        ("/step", "required"),
        ("/step_due_on", "after_task"),
    }
    early = task.assigned_on - timedelta(days=1)
    act = lambda: add_step(by=who("officer"), task_id=task.pk, text="Hai", due_on=early)  # noqa: E731
    assert faults(act) == {("/step_due_on", "before_task")}
    long = faults(lambda: add_step(by=who("officer"), task_id=task.pk, text="x" * 501))
    assert long == {("/step", "too_long")}
    with pytest.raises(Forbidden):
        settle_step(by=who("coordinator"), task_id=task.pk, number=1, done=True)
    with pytest.raises(Forbidden):
        add_step(by=who("verifier_b"), task_id=task.pk, text="x")


def test_files_are_what_they_say_and_kept_once(task: Task, who: Callable[[str], Any]) -> None:
    first = attach_file(by=who("officer"), task_id=task.pk, file=upload("a.pdf"))
    assert attach_file(by=who("verifier_a"), task_id=task.pk, file=upload("a.pdf")) == first
    assert task.files.count() == 1 and kinds(task) == ["assigned", "filed"]
    lying = upload("b.pdf")
    lying.name = "b.png"
    act = lambda: attach_file(by=who("officer"), task_id=task.pk, file=lying)  # noqa: E731
    assert faults(act) == {("/files", "type_mismatch")}
    assert faults(lambda: attach_file(by=who("officer"), task_id=task.pk, file=None)) == {("/files", "missing")}
    with pytest.raises(Forbidden):
        attach_file(by=who("leader"), task_id=task.pk, file=upload("c.pdf"))
    both = faults(lambda: report_result(by=who("officer"), task_id=task.pk, text="", files=[lying]))
    assert both == {("/text", "required"), ("/files", "type_mismatch")}
    cancel_task(by=who("coordinator"), task_id=task.pk, text="Giao nhầm")
    with pytest.raises(Stale):
        attach_file(by=who("officer"), task_id=task.pk, file=upload("d.png"))


def test_the_history_is_only_added_to(task: Task) -> None:
    entry = TaskEntry.objects.get(task=task)
    for act in (entry.save, entry.delete, TaskEntry.objects.all().delete):
        with pytest.raises(AppendOnly):
            act()
