"""Saving cells: every fault named, nothing lost, nobody overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from indicators.models import Report, ReportedValue, Verdict
from indicators.selectors.definitions import definitions_for
from indicators.services import values
from indicators.services.reports import submit
from indicators.services.values import CellInput, SaveResult, save_values
from indicators.services.verification import send_back, verify
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Conflict, Forbidden, Invalid, Stale
from tests.factories.world import World, bring_to, cells, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def report(world: World) -> Report:
    return make_report(world)


def save(
    world: World, report: Report, *inputs: CellInput, all_or_none: bool = False, who: str = "officer"
) -> SaveResult:
    return save_values(by=world.people[who], report_id=report.pk, cells=inputs, all_or_none=all_or_none)


def typed(element: str, raw: Any, part: str = "", **over: Any) -> CellInput:
    return CellInput(element=element, part=part, raw=raw, **over)


def test_a_zero_is_stored_as_a_value(world: World, report: Report) -> None:
    save(world, report, typed("houses", "0"))
    row = ReportedValue.objects.get()
    assert (row.state, row.number, row.entered_by) == ("value", 0, "officer")


def test_the_three_states_never_collapse(world: World, report: Report) -> None:
    save(
        world,
        report,
        typed("houses", "0"),
        typed("roads", "", state="no_data"),
        typed("water", "", state="not_applicable", reason="không có"),
    )
    assert dict(ReportedValue.objects.values_list("element__code", "state")) == {
        "houses": "value",
        "roads": "no_data",
        "water": "not_applicable",
    }
    assert ReportedValue.objects.filter(number=0).count() == 1


@pytest.mark.parametrize(
    ("cell", "code", "says"),
    [
        (typed("roads", "chín mươi"), "not_a_number", "không phải là số"),
        (typed("roads", "1,234.5"), "wrong_format", "Có phải 1234,5?"),
        (typed("roads", "76.611"), "ambiguous", "76611 hoặc 76,611"),
        (typed("roads", "142"), "over_100", "Có phải 14,2?"),
        (typed("roads", "-1"), "negative", "không được âm"),
        (typed("houses", "2,5"), "not_whole", "số nguyên"),
        (typed("plan", "có"), "wrong_type", "đạt hoặc chưa đạt"),
        (typed("schooling", "mức độ 9", "14.1.c"), "not_in_scale", "mức độ 1, mức độ 2, mức độ 3"),
        (typed("castles", "1"), "unknown_element", "castles"),
        (typed("insured", "95"), "unknown_part", "male, female"),
        (typed("roads", "", state="not_applicable"), "reason_required", "lý do"),
        (typed("roads", "", state="lost"), "unknown_state", "lost"),
        (typed("roads", "", state="value"), "missing", "Chưa nhập"),
        (typed("roads", "123456789012", language="vi"), "too_long", "quá dài"),
        (typed("roads", 96.4, language="plain"), "wrong_type", "chuỗi"),
        (typed("roads", "9", reason="x" * 2001), "too_long", "2.000"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_reason_and_loses_no_other(
    world: World, report: Report, cell: CellInput, code: str, says: str
) -> None:
    with translation.override("vi"):
        result = save(world, report, cell, typed("water", "3"))
    assert [f.code for f in result.faults] == [code]
    assert says in result.faults[0].message
    assert result.faults[0].pointer.startswith(f"/{cell.element}")
    assert ReportedValue.objects.get().element.code == "water"


def test_all_or_none_names_every_fault_and_stores_nothing(world: World, report: Report) -> None:
    with pytest.raises(Invalid) as caught:
        save(world, report, typed("roads", "142"), typed("castles", "1"), typed("houses", "3"), all_or_none=True)
    assert [f.code for f in caught.value.faults] == ["over_100", "unknown_element"]
    assert not ReportedValue.objects.exists()


def test_the_same_cell_twice_in_one_write_is_refused(world: World, report: Report) -> None:
    assert [f.code for f in save(world, report, typed("roads", "1"), typed("roads", "2")).faults] == ["duplicate"]


def test_saving_again_changes_nothing(world: World, report: Report) -> None:
    first = save(world, report, typed("roads", "88,5"))
    events = AuditEvent.objects.count()
    again = save(world, report, typed("roads", "88,50"))
    assert again.saved[0].unchanged
    assert again.saved[0].lock == first.saved[0].lock
    assert AuditEvent.objects.count() == events


def test_a_second_window_is_told_and_overwrites_nothing(world: World, report: Report) -> None:
    seen = save(world, report, typed("roads", "80")).saved[0].lock
    save(world, report, typed("roads", "85", lock=seen))
    result = save(world, report, typed("roads", "90", lock=seen))
    assert result.saved == ()
    assert result.conflicts[0].text == "85"
    assert "officer" in result.conflicts[0].message
    assert ReportedValue.objects.get().number == 85


def test_two_windows_with_the_same_value_agree(world: World, report: Report) -> None:
    seen = save(world, report, typed("roads", "80")).saved[0].lock
    save(world, report, typed("roads", "85", lock=seen))
    assert save(world, report, typed("roads", "85", lock=seen)).conflicts == ()


def test_a_window_that_saw_an_empty_cell_does_not_overwrite_a_full_one(world: World, report: Report) -> None:
    save(world, report, typed("roads", "80", lock=0))
    assert save(world, report, typed("roads", "90", lock=0)).conflicts[0].text == "80"


def test_a_cell_cleared_and_typed_again_is_not_taken_for_the_old_one(world: World, report: Report) -> None:
    seen = save(world, report, typed("roads", "80")).saved[0].lock
    save(world, report, typed("roads", ""))
    save(world, report, typed("roads", "85"))
    assert save(world, report, typed("roads", "90", lock=seen)).conflicts


def test_a_conflict_stores_nothing_of_an_all_or_none_write(world: World, report: Report) -> None:
    save(world, report, typed("roads", "80"))
    with pytest.raises(Conflict):
        save(world, report, typed("roads", "90", lock=0), typed("houses", "1"), all_or_none=True)
    assert ReportedValue.objects.count() == 1


def test_clearing_a_cell_makes_it_not_entered(world: World, report: Report) -> None:
    save(world, report, typed("roads", "80"))
    result = save(world, report, typed("roads", "  "))
    assert result.saved[0].lock == 0
    assert not ReportedValue.objects.exists()


def test_each_save_is_audited_with_before_and_after(world: World, report: Report) -> None:
    save(world, report, typed("roads", "80"))
    save(world, report, typed("roads", "85"))
    event = AuditEvent.objects.filter(kind="report.values_saved").latest("pk")
    assert event.details["cells"] == [{"element": "roads", "part": "", "before": "80", "after": "85"}]
    assert event.unit_uid == world.commune.uid


@pytest.mark.parametrize("who", ["leader", "coordinator", "verifier_a", "administrator"])
def test_who_is_not_of_the_commune_cannot_type(world: World, report: Report, who: str) -> None:
    with pytest.raises(Forbidden):
        save(world, report, typed("roads", "80"), who=who)


def test_another_communes_report_does_not_exist_for_an_officer(world: World, report: Report) -> None:
    with pytest.raises(Report.DoesNotExist):
        save(world, report, typed("roads", "80"), who="other_officer")


def test_a_submitted_report_takes_no_more_values(world: World) -> None:
    report = bring_to(world, "submitted")
    with pytest.raises(Stale):
        save(world, report, typed("roads", "80"))


def test_a_verified_element_that_changes_must_be_verified_again(world: World) -> None:
    report = bring_to(world, "submitted")
    verify(by=world.people["verifier_b"], report_id=report.pk)
    send_back(by=world.people["verifier_a"], report_id=report.pk, returns={"houses": "xem lại"})
    save(world, report, typed("roads", "70"), typed("houses", "1"))
    states = dict(Verdict.objects.values_list("element__code", "state"))
    assert (states["roads"], states["houses"], states["insured"]) == ("open", "returned", "verified")
    submit(by=world.people["officer"], report_id=report.pk)
    assert Verdict.objects.get(element__code="houses").state == "open"


def test_messages_come_in_the_users_language(world: World, report: Report) -> None:
    with translation.override("en"):
        message = save(world, report, typed("roads", "142", language="en")).faults[0].message
    assert "14.2" in message


def test_saving_one_cell_costs_the_same_in_a_full_report(
    world: World, report: Report, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        save(world, report, typed("roads", "80"))
    save_values(by=world.people["officer"], report_id=report.pk, cells=cells(), all_or_none=True)
    with django_assert_max_num_queries(12):
        save(world, report, typed("roads", "81"))


def test_a_cell_typed_while_the_report_is_sent_back_reopens_its_verdict(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = bring_to(world, "submitted")
    verify(by=world.people["verifier_b"], report_id=report.pk)
    element = Verdict.objects.filter(state="verified").select_related("element").first().element.code  # type: ignore[union-attr]
    real = values.read_cells

    def meanwhile(*args: Any) -> Any:
        send_back(by=world.people["verifier_a"], report_id=report.pk, returns={"houses": "xem lại"})
        return real(*args)

    monkeypatch.setattr(values, "read_cells", meanwhile)
    definition = next(e for e in definitions_for(report.period).elements if e.code == element)
    save(world, report, *(CellInput(element, cell.part, state="no_data") for cell in definition.cells))
    assert Verdict.objects.get(element__code=element).state == "open"
