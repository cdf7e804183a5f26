"""The database keeps the promises of difficulties: each constraint refuses what it is for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from programmes.models import Difficulty, DifficultyEntry, DifficultyProposal, Programme
from tests.factories.budget import make_programme
from tests.factories.world import World, make_world
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db

STARTS, ENDS, BEFORE = date(2023, 1, 1), date(2023, 12, 31), date(2022, 12, 31)
NOW = datetime(2024, 6, 20, 9, tzinfo=UTC)
DIFFICULTY: dict[str, Any] = {
    "token": "a" * 32, "period": "2023", "starts_on": STARTS, "ends_on": ENDS, "kind": "limitation", "text": "Vướng",
    "provenance": "sourced", "written_by": "x", "written_at": NOW, "search_key": "vuong",
}  # fmt: skip
RESOLVED = {"status": "resolved", "resolved_on": ENDS, "resolution": "x", "closed_at": NOW}
GOOD: dict[type[models.Model], dict[str, Any]] = {
    Difficulty: {**DIFFICULTY, "token": "b" * 32},
    DifficultyProposal: {"number": 2, "addressee": "town", "text": "Bố trí vốn"},
    DifficultyEntry: {"kind": "changed", "by": "x", "at": NOW},
}
BROKEN: list[tuple[type[models.Model], str, dict[str, Any]]] = [
    (Difficulty, "programmes_difficulty_says_what", {"text": ""}),
    (Difficulty, "programmes_difficulty_says_what", {"token": ""}),
    (Difficulty, "programmes_difficulty_kind_known", {"kind": "joy"}),
    (Difficulty, "programmes_difficulty_period_in_order", {"ends_on": BEFORE}),
    (Difficulty, "programmes_difficulty_period_in_order", {"period": ""}),
    (Difficulty, "programmes_difficulty_status_whole", {"status": "asleep"}),
    (Difficulty, "programmes_difficulty_status_whole", {"resolution": "x"}),
    (Difficulty, "programmes_difficulty_status_whole", {"resolved_on": ENDS}),
    (Difficulty, "programmes_difficulty_status_whole", {"closed_at": NOW}),
    (Difficulty, "programmes_difficulty_status_whole", {**RESOLVED, "resolution": ""}),
    (Difficulty, "programmes_difficulty_status_whole", {**RESOLVED, "resolved_on": None}),
    (Difficulty, "programmes_difficulty_status_whole", {**RESOLVED, "closed_at": None}),
    (Difficulty, "programmes_difficulty_status_whole", {"status": "withdrawn"}),
    (Difficulty, "programmes_difficulty_status_whole", {**RESOLVED, "status": "withdrawn"}),
    (Difficulty, "programmes_difficulty_resolved_after_start", {**RESOLVED, "resolved_on": BEFORE}),
    (DifficultyProposal, "programmes_proposal_numbered_once", {"number": 1}),
    (DifficultyProposal, "programmes_proposal_says_what", {"text": ""}),
    (DifficultyProposal, "programmes_proposal_says_what", {"number": 0}),
    (DifficultyProposal, "programmes_proposal_addressee_known", {"addressee": "king"}),
    *(
        (DifficultyEntry, "programmes_difficultyentry_says_why", {"kind": kind, "text": ""})
        for kind in ("resolved", "reopened", "withdrawn", "tasked")
    ),
]


@pytest.fixture
def world() -> World:
    made = make_world()
    make_programme()
    return made


def row(world: World, model: type[models.Model], changes: dict[str, Any]) -> models.Model:
    """A row beside one difficulty with one proposal."""
    of = {"programme": Programme.objects.get(), "office": world.offices["a"], "unit": world.commune}
    first, _made = Difficulty.objects.get_or_create(token=DIFFICULTY["token"], defaults={**DIFFICULTY, **of})
    DifficultyProposal.objects.get_or_create(
        difficulty=first, number=1, defaults={"addressee": "town", "text": "Bố trí vốn"}
    )
    given = {**GOOD[model], **changes}
    return model(**given, **(of if model is Difficulty else {"difficulty": first}))


@pytest.mark.parametrize(("model", "name", "changes"), BROKEN)
def test_a_constraint_refuses_what_it_is_for(
    world: World, model: type[models.Model], name: str, changes: dict[str, Any]
) -> None:
    wrong = row(world, model, changes)
    assert refused(lambda: wrong.save(force_insert=True), name)


@pytest.mark.parametrize("model", GOOD)
def test_the_same_row_unbroken_is_taken(world: World, model: type[models.Model]) -> None:
    row(world, model, {}).save(force_insert=True)


@pytest.mark.parametrize("changes", [RESOLVED, {"status": "withdrawn", "closed_at": NOW}])
def test_every_state_of_a_difficulty_is_taken(world: World, changes: dict[str, Any]) -> None:
    row(world, Difficulty, changes).save(force_insert=True)


def test_each_constraint_is_broken_once() -> None:
    named = {
        constraint.name
        for model in GOOD
        for constraint in apps.get_model("programmes", model.__name__)._meta.constraints
    }
    assert {name for _model, name, _changes in BROKEN} == named
