"""Tasks of before tasks had a programme get that of what they came from."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from programmes.measures.money import PROGRAMMES
from programmes.measures.registry import NOT_YET, OF_COMMUNES, STATISTICS, UPGRADE
from programmes.models import Task
from programmes.selectors.measure_names import programme_of
from tests.factories.budget import make_programme, make_programmes
from tests.factories.difficulties import make_difficulty
from tests.factories.tasks import make_task
from tests.factories.world import World, make_world

pytestmark = pytest.mark.django_db
migration: Any = import_module("programmes.migrations.0009_task_programmes")
MONEY = [f"money.{code}.allocated" for code in ("all", *(code.lower() for code in PROGRAMMES))]


@pytest.fixture
def world() -> World:
    return make_world(communes=2)


def derived() -> dict[str, str]:
    migration.derive(apps, None)
    return {task.title_vi: task.programme.code if task.programme else "" for task in Task.objects.all()}


def test_a_task_gets_the_programme_of_what_it_came_from(world: World) -> None:
    make_programmes()
    made = make_difficulty(None, programme="GNBV", unit="commune-1")
    make_task(None, title="con số", measure="income.ethnic_border_island.per_capita")
    make_task(None, title="tiêu chí", origin="slipping", unit="commune-1", level="standard", criterion=1)
    make_task(None, title="tồn tại", origin="difficulty", difficulty=made.pk, unit="commune-1")
    make_task(None, title="chung")
    make_task(None, title="mọi chương trình", measure="money.all.allocated")
    make_task(None, title="chưa có trên cổng", measure="money.dtts.allocated")
    make_task(None, title="đã chọn", measure="poverty.poor.count", programme="NTM")
    # What a source says names no programme unless the source does.
    make_task(None, title="theo nguồn", measure="poverty.near_poor.count", text_source="mongcai_2024")
    assert derived() == {
        "con số": "NQ06", "tiêu chí": "NTM", "tồn tại": "GNBV", "chung": "", "mọi chương trình": "",
        "chưa có trên cổng": "", "đã chọn": "NTM", "theo nguồn": "",
    }  # fmt: skip


def test_before_the_programmes_are_loaded_nothing_is_derived(world: World) -> None:
    make_task(None, title="con số", measure="poverty.poor.count")
    assert derived() == {"con số": ""}
    make_programme("GNBV")
    assert derived() == {"con số": "GNBV"}


@pytest.mark.parametrize(
    "measure",
    [*(one.code for one in (UPGRADE, *STATISTICS, *NOT_YET, *OF_COMMUNES)), "ntm.recognised.model", *MONEY],
)
def test_what_the_migration_derives_is_what_a_form_fills_in(measure: str) -> None:
    code = next(code for start, code in migration.OF_MEASURES if measure.startswith(start))
    assert code == programme_of(measure)
