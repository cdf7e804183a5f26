"""Figures of measures as people enter, correct and withdraw them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from communes.models import UnitGroup, UnitVersion
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from programmes.models import ObservedStatistic
from programmes.services.statistic_reading import StatisticTyped
from programmes.services.statistics import correct_statistic, enter_statistic, withdraw_statistic
from tests.factories.board import Board, board, person

pytestmark = pytest.mark.django_db
END = date(2023, 12, 31)
COOPERATIVES = StatisticTyped(
    "cooperatives.effective.count", "xa-1", END, value="3", printed="03 hợp tác xã", source="Báo cáo 12/BC-UBND"
)


@pytest.fixture
def town() -> Board:
    return board(2)


@pytest.fixture
def officer(town: Board) -> Any:
    return person("officer", "commune_officer", unit=town.communes[0])


@pytest.fixture
def coordinator(town: Board) -> Any:
    return person("coordinator", "coordinator")


def faults_of(action: Any, **given: Any) -> dict[str, str]:
    before = ObservedStatistic.records.count()
    with pytest.raises(Invalid) as caught:
        action(**given)
    assert ObservedStatistic.records.count() == before
    return {fault.pointer.lstrip("/"): fault.code for fault in caught.value.faults}


def entering(by: Any, **changed: Any) -> dict[str, str]:
    return faults_of(enter_statistic, by=by, typed=replace(COOPERATIVES, **changed))


def kinds() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))


# --- Entering --------------------------------------------------------------------------------------------------------


def test_an_officer_enters_a_figure_of_the_own_commune_with_its_source(town: Board, officer: Any) -> None:
    row, new = enter_statistic(by=officer, typed=COOPERATIVES)
    assert new
    assert (row.area, row.as_of, row.value, row.printed_vi) == (town.communes[0], END, 3, "03 hợp tác xã")
    assert (row.source, row.provenance, row.recorded_by) == ("Báo cáo 12/BC-UBND", "sourced", str(officer))
    event = AuditEvent.objects.get(kind="statistic.entered")
    assert (event.unit_uid, event.details["after"]["value"]) == ("xa-1", "3")


def test_a_zero_is_a_figure(officer: Any) -> None:
    assert enter_statistic(by=officer, typed=replace(COOPERATIVES, value="0"))[0].value == 0


def test_a_share_keeps_both_its_numbers(officer: Any) -> None:
    typed = replace(
        COOPERATIVES, measure="labour.non_agricultural.share", value="", numerator="1.200", denominator="2.000"
    )
    with pytest.raises(Invalid):  # two ways to read it in Vietnamese
        enter_statistic(by=officer, typed=typed)
    row, _new = enter_statistic(by=officer, typed=replace(typed, numerator="1200", denominator="2000"))
    assert (row.value, row.numerator, row.denominator) == (None, 1200, 2000)


def test_the_same_again_is_the_one_that_stands(officer: Any) -> None:
    row, _new = enter_statistic(by=officer, typed=COOPERATIVES)
    assert enter_statistic(by=officer, typed=COOPERATIVES) == (row, False)
    assert ObservedStatistic.objects.count() == 1
    assert kinds().count("statistic.entered") == 1


def test_another_figure_of_the_same_source_and_day_is_a_correction(officer: Any) -> None:
    enter_statistic(by=officer, typed=COOPERATIVES)
    assert entering(officer, value="4") == {"source": "already_entered"}


def test_two_sources_of_one_day_both_stand(officer: Any) -> None:
    enter_statistic(by=officer, typed=COOPERATIVES)
    enter_statistic(by=officer, typed=replace(COOPERATIVES, value="4", source="Niên giám 2023"))
    assert ObservedStatistic.objects.count() == 2


def test_every_fault_is_named_at_once(officer: Any) -> None:
    wrong = {"value": "ba", "source": "  ", "provenance": "illustrative", "unit_code": "household"}
    assert entering(officer, **wrong) == {
        "value": "not_a_number", "source": "required", "provenance": "unknown", "unit_code": "wrong_unit",
    }  # fmt: skip
    assert entering(officer, **{**wrong, "as_of": None, "value": "3"}) == {
        "as_of": "required", "source": "required", "provenance": "unknown",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"value": ""}, {"value": "required"}),
        ({"value": "3,5"}, {"value": "not_whole"}),
        ({"value": "-3"}, {"value": "negative"}),
        ({"value": "30%"}, {"value": "wrong_unit"}),
        ({"value": "1.234"}, {"value": "ambiguous"}),
        ({"unit_code": "household"}, {"unit_code": "wrong_unit"}),
        ({"numerator": "1", "value": ""}, {"numerator": "no_ratio"}),
        ({"measure": "poverty.poor.count"}, {"measure": "unknown"}),
        ({"measure": "income.rural.per_capita"}, {"measure": "unknown"}),
        ({"unit": "atlantis"}, {"unit": "unknown"}),
        ({"as_of": timezone.localdate() + timedelta(days=1)}, {"as_of": "future"}),
        ({"as_of": date(1989, 12, 31)}, {"as_of": "too_early"}),
        ({"source": "x" * 201}, {"source": "too_long"}),
        ({"measure": "services.rural_model.communes", "value": "2"}, {"value": "one_commune"}),
    ],
)
def test_bad_input_is_named_at_its_field(officer: Any, changed: Any, faults: Any) -> None:
    assert entering(officer, **changed) == faults


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"value": "100,1"}, {"value": "over_percent"}),
        ({"value": ""}, {"value": "required"}),
        ({"value": "60", "numerator": "6", "denominator": "10"}, {"value": "both"}),
        ({"value": "", "numerator": "6"}, {"denominator": "required"}),
        ({"value": "", "denominator": "6"}, {"numerator": "required"}),
        ({"value": "", "numerator": "0", "denominator": "0"}, {"denominator": "zero"}),
        ({"value": "", "numerator": "7", "denominator": "6"}, {"numerator": "over_percent"}),
        ({"value": "", "numerator": "1,5", "denominator": "6"}, {"numerator": "not_whole"}),
    ],
)
def test_the_bounds_of_a_percentage(officer: Any, changed: Any, faults: Any) -> None:
    assert entering(officer, measure="labour.non_agricultural.share", **changed) == faults


def test_a_unit_that_did_not_exist_has_no_figure(town: Board, officer: Any) -> None:
    UnitVersion.objects.filter(unit=town.communes[0]).update(valid_from=date(2024, 1, 1))
    assert entering(officer) == {"as_of": "unit_not_then"}


# --- Who ---------------------------------------------------------------------------------------------------------


def test_an_officer_enters_nothing_for_another_commune_or_the_town(officer: Any) -> None:
    assert entering(officer, unit="xa-2") == {"unit": "unknown"}
    with pytest.raises(Forbidden):
        enter_statistic(by=officer, typed=replace(COOPERATIVES, unit="mong-cai"))


def test_the_coordination_office_enters_for_all(coordinator: Any) -> None:
    for unit in ("mong-cai", "xa-1", "xa-2"):
        assert enter_statistic(by=coordinator, typed=replace(COOPERATIVES, unit=unit))[1]


@pytest.mark.parametrize("role", ["leader", "administrator"])
def test_who_only_reads_enters_nothing(town: Board, role: str) -> None:
    with pytest.raises(Forbidden):
        enter_statistic(by=person(role, role), typed=COOPERATIVES)


def test_a_group_mean_of_the_area_carries_its_group(town: Board, coordinator: Any) -> None:
    group = UnitGroup.objects.create(code="ethnic_border_island", name_vi="g", name_en="g", provenance="sourced")
    typed = replace(COOPERATIVES, measure="income.ethnic_border_island.per_capita", unit="mong-cai", value="70,957")
    row, _new = enter_statistic(by=coordinator, typed=typed)
    assert (row.group, row.value) == (group, Decimal("70.957"))


# --- Correcting and withdrawing --------------------------------------------------------------------------------


def test_a_correction_succeeds_and_the_wrong_figure_stays_readable(officer: Any) -> None:
    old, _new = enter_statistic(by=officer, typed=COOPERATIVES)
    new = correct_statistic(
        by=officer, statistic_id=old.pk, typed=replace(COOPERATIVES, value="4"), reason="Đếm sót một hợp tác xã"
    )
    old.refresh_from_db()
    assert (new.value, new.replaces, new.ended_at) == (4, old, None)
    assert (old.value, old.end_reason, old.ended_by) == (3, "Đếm sót một hợp tác xã", str(officer))
    assert list(ObservedStatistic.objects.all()) == [new]
    event = AuditEvent.objects.get(kind="statistic.corrected")
    assert (event.details["before"]["value"], event.details["after"]["value"]) == ("3", "4")
    assert event.details["reason"] == "Đếm sót một hợp tác xã"


def test_a_correction_sent_again_changes_nothing(officer: Any) -> None:
    old, _new = enter_statistic(by=officer, typed=COOPERATIVES)
    asked: dict[str, Any] = {
        "by": officer, "statistic_id": old.pk, "typed": replace(COOPERATIVES, value="4"), "reason": "Đếm sót",
    }  # fmt: skip
    new = correct_statistic(**asked)
    assert correct_statistic(**asked) == new
    assert kinds().count("statistic.corrected") == 1


def test_the_second_window_is_told_and_writes_nothing(officer: Any) -> None:
    old, _new = enter_statistic(by=officer, typed=COOPERATIVES)
    correct_statistic(by=officer, statistic_id=old.pk, typed=replace(COOPERATIVES, value="4"), reason="a")
    with pytest.raises(Stale):
        correct_statistic(by=officer, statistic_id=old.pk, typed=replace(COOPERATIVES, value="5"), reason="b")
    with pytest.raises(Stale):
        withdraw_statistic(by=officer, statistic_id=old.pk, reason="c")
    assert [row.value for row in ObservedStatistic.objects.all()] == [4]


def test_a_correction_has_a_reason_and_changes_something(officer: Any) -> None:
    old, _new = enter_statistic(by=officer, typed=COOPERATIVES)
    asked: dict[str, Any] = {"by": officer, "statistic_id": old.pk}
    assert faults_of(correct_statistic, **asked, typed=replace(COOPERATIVES, value="x"), reason=" ") == {
        "value": "not_a_number", "reason": "required",
    }  # fmt: skip
    assert faults_of(correct_statistic, **asked, typed=COOPERATIVES, reason="a") == {"value": "unchanged"}
    other = replace(COOPERATIVES, measure="value_chains.count")
    assert faults_of(correct_statistic, **asked, typed=other, reason="a") == {"measure": "other"}


def test_a_correction_does_not_take_the_place_of_another_source(officer: Any) -> None:
    old, _new = enter_statistic(by=officer, typed=COOPERATIVES)
    enter_statistic(by=officer, typed=replace(COOPERATIVES, source="Niên giám", value="9"))
    typed = replace(COOPERATIVES, source="Niên giám", value="4")
    assert faults_of(correct_statistic, by=officer, statistic_id=old.pk, typed=typed, reason="a") == {
        "source": "already_entered"
    }
    old.refresh_from_db()
    assert old.ended_at is None


def test_what_is_withdrawn_counts_nowhere_and_may_be_entered_anew(officer: Any) -> None:
    row, _new = enter_statistic(by=officer, typed=COOPERATIVES)
    withdraw_statistic(by=officer, statistic_id=row.pk, reason="Ghi nhầm xã")
    withdraw_statistic(by=officer, statistic_id=row.pk, reason="Ghi nhầm xã")
    assert not ObservedStatistic.objects.exists()
    assert kinds().count("statistic.withdrawn") == 1
    assert enter_statistic(by=officer, typed=COOPERATIVES)[1]


def test_a_figure_of_another_commune_does_not_exist_for_an_officer(town: Board, officer: Any) -> None:
    row = town.observe("cooperatives.effective.count", END, "3", area=town.communes[1])
    for act in (
        lambda: withdraw_statistic(by=officer, statistic_id=row.pk, reason="a"),
        lambda: correct_statistic(by=officer, statistic_id=row.pk, typed=COOPERATIVES, reason="a"),
    ):
        with pytest.raises(ObservedStatistic.DoesNotExist):
            act()


def test_the_towns_figure_is_seen_by_an_officer_and_not_changed(town: Board, officer: Any) -> None:
    row = town.observe("income.rural.per_capita", END, "76.611")
    with pytest.raises(Forbidden):
        withdraw_statistic(by=officer, statistic_id=row.pk, reason="a")
