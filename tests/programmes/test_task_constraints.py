"""The database keeps the promises of tasks: each constraint refuses what it is for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from programmes.models import Task, TaskEntry, TaskFile, TaskStep
from tests.factories.budget import make_programme
from tests.factories.difficulties import make_difficulty
from tests.factories.world import World, make_world
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db

DAY, NEXT, BEFORE = date(2024, 6, 20), date(2024, 6, 21), date(2024, 6, 19)
NOW = datetime(2024, 6, 20, 9, tzinfo=UTC)
TASK: dict[str, Any] = {
    "token": "a" * 32, "title_vi": "Việc", "origin": "conclusion", "assigned_on": DAY, "due_on": NEXT,
    "text_provenance": "sourced", "plan_provenance": "sourced", "assigned_by": "x", "assigned_at": NOW,
    "search_key": "viec",
}  # fmt: skip
OF_A_DIFFICULTY = {"origin": "difficulty", "difficulty": "difficulty"}
REPORTED = {"status": "reported", "reported_at": NOW, "reported_by": "x", "result": "x"}
GOOD: dict[type[models.Model], dict[str, Any]] = {
    Task: {**TASK, "token": "b" * 32},
    TaskStep: {"number": 2, "text": "Bước"},
    TaskEntry: {"kind": "progress", "text": "x", "by": "x", "at": NOW},
    TaskFile: {
        "name": "a.pdf", "size": 1, "sha256": "1" * 64, "media_type": "application/pdf", "file": "x/b.pdf",
        "stored_by": "x", "stored_at": NOW,
    },
}  # fmt: skip
BROKEN: list[tuple[type[models.Model], str, dict[str, Any]]] = [
    (Task, "programmes_task_titled", {"title_vi": ""}),
    (Task, "programmes_task_titled", {"token": ""}),
    (Task, "programmes_task_deadline_or_none", {"due_on": None}),
    (Task, "programmes_task_deadline_or_none", {"no_deadline": True}),
    (Task, "programmes_task_due_after_assigned", {"due_on": BEFORE}),
    (Task, "programmes_task_due_after_document", {"document_on": date(2024, 6, 22)}),
    (Task, "programmes_task_one_cause", {"level": "standard"}),
    (Task, "programmes_task_one_cause", {"criterion": 1}),
    (Task, "programmes_task_one_cause", {"level": "standard", "criterion": 1}),
    (Task, "programmes_task_one_cause", {"level": "standard", "criterion": 1, "unit": "unit", "measure": "x"}),
    (Task, "programmes_task_one_cause", {"level": "standard", "criterion": 0, "unit": "unit"}),
    (Task, "programmes_task_of_a_difficulty", {"origin": "difficulty"}),
    (Task, "programmes_task_of_a_difficulty", {"difficulty": "difficulty"}),
    (Task, "programmes_task_of_a_difficulty", {**OF_A_DIFFICULTY, "measure": "x"}),
    (Task, "programmes_task_of_a_difficulty", {**OF_A_DIFFICULTY, "programme": None}),
    (Task, "programmes_task_of_a_difficulty", {**OF_A_DIFFICULTY, "level": "standard", "criterion": 1, "unit": "unit"}),
    (Task, "programmes_task_status_whole", {"status": "asleep"}),
    (Task, "programmes_task_status_whole", {"reported_at": NOW}),
    (Task, "programmes_task_status_whole", {"reported_by": "x"}),
    (Task, "programmes_task_status_whole", {"result": "x"}),
    (Task, "programmes_task_status_whole", {"closed_at": NOW}),
    (Task, "programmes_task_status_whole", {**REPORTED, "result": ""}),
    (Task, "programmes_task_status_whole", {**REPORTED, "reported_by": ""}),
    (Task, "programmes_task_status_whole", {**REPORTED, "reported_at": None}),
    (Task, "programmes_task_status_whole", {**REPORTED, "closed_at": NOW}),
    (Task, "programmes_task_status_whole", {**REPORTED, "status": "done"}),
    (Task, "programmes_task_status_whole", {"status": "cancelled"}),
    (TaskStep, "programmes_taskstep_numbered_once", {"number": 1}),
    (TaskStep, "programmes_taskstep_says_what", {"text": ""}),
    (TaskStep, "programmes_taskstep_says_what", {"number": 0}),
    (TaskStep, "programmes_taskstep_done_whole", {"done_by": "x"}),
    (TaskStep, "programmes_taskstep_done_whole", {"done_at": NOW}),
    *(
        (TaskEntry, "programmes_taskentry_says_why", {"kind": kind, "text": ""})
        for kind in ("progress", "reported", "returned", "cancelled", "reopened", "postponed")
    ),
    (TaskFile, "programmes_taskfile_named", {"name": ""}),
    (TaskFile, "programmes_taskfile_named", {"media_type": ""}),
    (TaskFile, "programmes_taskfile_named", {"sha256": ""}),
    (TaskFile, "programmes_taskfile_named", {"file": ""}),
    (TaskFile, "programmes_taskfile_not_empty", {"size": 0}),
    (TaskFile, "programmes_taskfile_once", {"sha256": "0" * 64}),
]


@pytest.fixture
def world() -> World:
    return make_world()


def row(world: World, model: type[models.Model], changes: dict[str, Any]) -> models.Model:
    """A row beside one task with one step and one file; `unit` stands for the first commune, `difficulty` for one."""
    first, _made = Task.objects.get_or_create(token=TASK["token"], defaults={**TASK, "owner": world.offices["a"]})
    TaskStep.objects.get_or_create(task=first, number=1, defaults={"text": "Bước"})
    TaskFile.objects.get_or_create(
        task=first, sha256="0" * 64, defaults={**GOOD[TaskFile], "sha256": "0" * 64, "file": "x/a.pdf"}
    )
    given = {**GOOD[model], **changes}
    if given.get("unit") == "unit":
        given["unit"] = world.commune
    if given.get("difficulty") == "difficulty":
        make_programme()
        given["difficulty"] = make_difficulty(None, office="a")
        given = {"programme": given["difficulty"].programme, **given}
    given |= {"owner": world.offices["a"]} if model is Task else {"task": first}
    return model(**given)


@pytest.mark.parametrize(("model", "name", "changes"), BROKEN)
def test_a_constraint_refuses_what_it_is_for(
    world: World, model: type[models.Model], name: str, changes: dict[str, Any]
) -> None:
    wrong = row(world, model, changes)
    assert refused(lambda: wrong.save(force_insert=True), name)


@pytest.mark.parametrize("model", GOOD)
def test_the_same_row_unbroken_is_taken(world: World, model: type[models.Model]) -> None:
    row(world, model, {}).save(force_insert=True)


@pytest.mark.parametrize(
    "changes",
    [
        REPORTED,
        {**REPORTED, "status": "done", "closed_at": NOW},
        {"status": "cancelled", "closed_at": NOW},
        {**REPORTED, "status": "cancelled", "closed_at": NOW},
        {"due_on": None, "no_deadline": True},
        {"level": "standard", "criterion": 1, "unit": "unit"},
        OF_A_DIFFICULTY,
        {**OF_A_DIFFICULTY, "unit": "unit"},
    ],
)
def test_every_state_of_a_task_is_taken(world: World, changes: dict[str, Any]) -> None:
    row(world, Task, changes).save(force_insert=True)


def test_each_constraint_is_broken_once() -> None:
    named = {
        constraint.name
        for model in GOOD
        for constraint in apps.get_model("programmes", model.__name__)._meta.constraints
    }
    assert {name for _model, name, _changes in BROKEN} == named
