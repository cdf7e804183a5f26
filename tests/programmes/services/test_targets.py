"""Targets as the coordination office plans, revises and withdraws them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from communes.models import UnitVersion
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Outdated, Stale
from programmes.models import Target
from programmes.services.target_reading import TargetTyped
from programmes.services.targets import revise_target, set_target, target_version, withdraw_target
from tests.factories.board import Board, board, person

pytestmark = pytest.mark.django_db
START = date(2023, 12, 31)
NEAR_POOR = TargetTyped(
    "poverty.near_poor.count", "mong-cai", "2024", "0", "57", START, "mongcai_2024", source="KL 29/02/2024"
)


@pytest.fixture
def town() -> Board:
    return board(2)


@pytest.fixture
def coordinator(town: Board) -> Any:
    return person("coordinator", "coordinator")


def faults_of(action: Any, **given: Any) -> dict[str, str]:
    before = Target.records.count()
    with pytest.raises(Invalid) as caught:
        action(**given)
    assert Target.records.count() == before
    return {fault.pointer.lstrip("/"): fault.code for fault in caught.value.faults}


def kinds() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_a_plan_names_where_it_starts_from(town: Board, coordinator: Any) -> None:
    row, new = set_target(by=coordinator, typed=NEAR_POOR)
    assert new
    assert (row.area, row.group, row.year, row.value) == (town.town, None, 2024, 0)
    assert (row.baseline_value, row.baseline_on, row.baseline_source) == (57, START, "mongcai_2024")
    event = AuditEvent.objects.get(kind="target.set")
    assert (event.details["after"]["baseline_value"], event.details["after"]["value"]) == ("57", "0")


def test_the_same_plan_again_is_the_one_that_stands(coordinator: Any) -> None:
    row, _new = set_target(by=coordinator, typed=NEAR_POOR)
    assert set_target(by=coordinator, typed=NEAR_POOR) == (row, False)
    assert kinds().count("target.set") == 1


def test_two_plans_for_one_year_are_refused(coordinator: Any) -> None:
    set_target(by=coordinator, typed=NEAR_POOR)
    assert faults_of(set_target, by=coordinator, typed=replace(NEAR_POOR, value="10")) == {"year": "already_planned"}
    for other in ({"year": "2025"}, {"unit": "xa-1"}):
        assert set_target(by=coordinator, typed=replace(NEAR_POOR, **other))[1]


def test_a_group_of_its_own_has_a_plan_of_its_own(town: Board, coordinator: Any) -> None:
    advanced = replace(
        NEAR_POOR, measure="ntm.recognised.advanced", value="60", baseline_value="20", group="ntm_upgrade"
    )
    row, _new = set_target(by=coordinator, typed=advanced)
    assert row.group == town.groups["ntm_upgrade"]
    # The measure's own group is what is meant when none is named.
    own, _new = set_target(by=coordinator, typed=replace(advanced, group="ntm_assessed"))
    assert own.group is None
    assert set_target(by=coordinator, typed=replace(advanced, group="")) == (own, False)


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"baseline_value": ""}, {"baseline_value": "no_baseline"}),
        ({"baseline_on": None}, {"baseline_on": "no_baseline"}),
        ({"baseline_source": " "}, {"baseline_source": "no_baseline"}),
        (
            {"baseline_value": "", "baseline_on": None, "baseline_source": ""},
            dict.fromkeys(("baseline_value", "baseline_on", "baseline_source"), "no_baseline"),
        ),
        ({"unit_code": "percent"}, {"unit_code": "wrong_unit"}),
        ({"value": "0%"}, {"value": "wrong_unit"}),
        ({"value": "0,5"}, {"value": "not_whole"}),
        ({"value": "-1"}, {"value": "negative"}),
        ({"value": ""}, {"value": "required"}),
        ({"value": "60"}, {"value": "backwards"}),
        ({"baseline_value": "năm bảy"}, {"baseline_value": "not_a_number"}),
        ({"baseline_value": "1.057"}, {"baseline_value": "ambiguous"}),
        ({"year": "24"}, {"year": "invalid"}),
        ({"year": "2203"}, {"year": "invalid"}),
        ({"year": "2023"}, {"baseline_on": "too_late"}),
        ({"measure": "poverty.everything"}, {"measure": "unknown"}),
        ({"measure": "population.resident.count"}, {"measure": "unknown"}),
        ({"unit": "atlantis"}, {"unit": "unknown"}),
        ({"group": "nobody"}, {"group": "unknown"}),
        ({"group": "ntm_upgrade"}, {"group": "no_group"}),
        ({"source": ""}, {"source": "required"}),
        ({"provenance": "illustrative"}, {"provenance": "unknown"}),
    ],
)
def test_bad_input_is_named_at_its_field(coordinator: Any, changed: Any, faults: Any) -> None:
    assert faults_of(set_target, by=coordinator, typed=replace(NEAR_POOR, **changed)) == faults


@pytest.mark.parametrize(("value", "fault"), [("100", None), ("100,1", "over_percent"), ("-0,1", "negative")])
def test_the_bounds_of_a_percentage(coordinator: Any, value: str, fault: str | None) -> None:
    typed = replace(NEAR_POOR, measure="ntm.recognised.advanced", value=value, baseline_value="20")
    if fault is None:
        assert set_target(by=coordinator, typed=typed)[1]
    else:
        assert faults_of(set_target, by=coordinator, typed=typed) == {"value": fault}


def test_the_start_lies_within_a_percentage_too(coordinator: Any) -> None:
    typed = replace(NEAR_POOR, measure="ntm.recognised.advanced", value="100", baseline_value="120")
    assert faults_of(set_target, by=coordinator, typed=typed) == {"baseline_value": "over_percent"}


def test_a_plan_of_a_unit_starts_while_the_unit_exists(town: Board, coordinator: Any) -> None:
    UnitVersion.objects.filter(unit=town.communes[0]).update(valid_from=date(2024, 6, 1))
    typed = replace(NEAR_POOR, unit="xa-1")
    assert faults_of(set_target, by=coordinator, typed=typed) == {"baseline_on": "unit_not_then"}


@pytest.mark.parametrize("role", ["commune_officer", "leader", "administrator"])
def test_only_the_coordination_office_plans(town: Board, coordinator: Any, role: str) -> None:
    row, _new = set_target(by=coordinator, typed=NEAR_POOR)
    other = person("other", role, unit=town.communes[0] if role == "commune_officer" else None)
    for act in (
        lambda: set_target(by=other, typed=replace(NEAR_POOR, year="2025")),
        lambda: revise_target(by=other, target_id=row.pk, typed=replace(NEAR_POOR, value="5"), reason="a"),
        lambda: withdraw_target(by=other, target_id=row.pk, reason="a"),
    ):
        with pytest.raises(Forbidden):
            act()
    assert Target.records.count() == 1


def test_a_revision_keeps_the_old_plan_readable(coordinator: Any) -> None:
    old, _new = set_target(by=coordinator, typed=NEAR_POOR)
    new = revise_target(by=coordinator, target_id=old.pk, typed=replace(NEAR_POOR, value="10"), reason="Kết luận mới")
    old.refresh_from_db()
    assert (new.value, new.replaces, new.year) == (10, old, 2024)
    assert (old.value, old.end_reason, old.ended_by) == (0, "Kết luận mới", str(coordinator))
    assert list(Target.objects.all()) == [new]
    event = AuditEvent.objects.get(kind="target.revised")
    assert (event.details["before"]["value"], event.details["after"]["value"]) == ("0", "10")


def test_a_revision_is_of_the_same_measure_unit_group_and_year(town: Board, coordinator: Any) -> None:
    old, _new = set_target(by=coordinator, typed=NEAR_POOR)
    other = replace(NEAR_POOR, value="10", measure="poverty.poor.count", unit="xa-1", year="2030", group="ntm_upgrade")
    new = revise_target(by=coordinator, target_id=old.pk, typed=other, reason="a")
    assert (new.measure, new.area, new.year, new.group) == ("poverty.near_poor.count", town.town, 2024, None)


def test_a_revision_sent_again_changes_nothing(coordinator: Any) -> None:
    old, _new = set_target(by=coordinator, typed=NEAR_POOR)
    asked: dict[str, Any] = {
        "by": coordinator, "target_id": old.pk, "typed": replace(NEAR_POOR, value="10"), "reason": "a",
    }  # fmt: skip
    new = revise_target(**asked)
    assert revise_target(**asked) == new
    assert kinds().count("target.revised") == 1


def test_the_second_window_is_told_and_writes_nothing(coordinator: Any) -> None:
    old, _new = set_target(by=coordinator, typed=NEAR_POOR)
    revise_target(by=coordinator, target_id=old.pk, typed=replace(NEAR_POOR, value="10"), reason="a")
    with pytest.raises(Stale):
        revise_target(by=coordinator, target_id=old.pk, typed=replace(NEAR_POOR, value="20"), reason="b")
    with pytest.raises(Stale):
        withdraw_target(by=coordinator, target_id=old.pk, reason="b")
    assert [row.value for row in Target.objects.all()] == [10]


def test_who_names_an_old_version_is_refused(coordinator: Any) -> None:
    row, _new = set_target(by=coordinator, typed=NEAR_POOR)
    typed, now = replace(NEAR_POOR, value="10"), target_version(row)
    with pytest.raises(Outdated):
        revise_target(by=coordinator, target_id=row.pk, typed=typed, reason="a", seen=lambda one: one != now)
    assert revise_target(by=coordinator, target_id=row.pk, typed=typed, reason="a", seen=lambda one: one == now)


def test_a_revision_has_a_reason_and_changes_something(coordinator: Any) -> None:
    row, _new = set_target(by=coordinator, typed=NEAR_POOR)
    asked: dict[str, Any] = {"by": coordinator, "target_id": row.pk}
    assert faults_of(revise_target, **asked, typed=replace(NEAR_POOR, value="", baseline_on=None), reason="") == {
        "value": "required", "baseline_on": "no_baseline", "reason": "required",
    }  # fmt: skip
    assert faults_of(revise_target, **asked, typed=NEAR_POOR, reason="a") == {"value": "unchanged"}


def test_what_is_withdrawn_judges_nothing_and_may_be_planned_anew(coordinator: Any) -> None:
    row, _new = set_target(by=coordinator, typed=NEAR_POOR)
    assert faults_of(withdraw_target, by=coordinator, target_id=row.pk, reason=" ") == {"reason": "required"}
    withdraw_target(by=coordinator, target_id=row.pk, reason="Ghi nhầm năm")
    withdraw_target(by=coordinator, target_id=row.pk, reason="Ghi nhầm năm")
    assert not Target.objects.exists()
    assert kinds().count("target.withdrawn") == 1
    assert set_target(by=coordinator, typed=replace(NEAR_POOR, value="5"))[1]
