"""Entering a norm: what is refused, what is stored, whom it concerns, and the window that comes second."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import UnitGroup, UnitGroupMember, UnitZone
from indicators.models import (
    Attainment,
    CriteriaSet,
    EvaluationRequest,
    IndicatorResult,
    Norm,
    NormDocument,
    NormEntry,
    ZoneNormRule,
)
from indicators.services.evaluation import evaluate, run_requests
from indicators.services.norm_reading import read_norm
from indicators.services.norms import enter_norm, seen_of
from indicators.services.recheck import recheck
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from tests.factories.norms import coordinator, enter, scan, target_of, typed, version_of
from tests.factories.world import REGION, World, bring_to, fresh, make_period, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def approved(world: World) -> World:
    """Both communes of 2023, evaluated, nothing waiting."""
    bring_to(world, "approved")
    other = make_report(world, world.communes[1])
    bring_to(world, "approved", report=other, officer=world.people["other_officer"], changes={("roads", ""): "70"})
    run_requests()
    return world


def faults(world: World, code: str, part: str = "", today: date | None = None, **over: object) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        read_norm(by=coordinator(world), target=target_of(code, part), typed=typed(world, **over), today=today)
    return {(fault.pointer, fault.code) for fault in caught.value.faults}


# --- What is refused ---------------------------------------------------------------------------------------------


def test_every_fault_is_named_at_once_and_nothing_is_stored(world: World) -> None:
    found = faults(
        world, "1.2", value="140", region="atlantis", year="2031", decision=" ", issued_on="01/01/2026", issuer="",
        valid_from="31/02/2024", document=None, today=date(2026, 11, 1),
    )  # fmt: skip
    assert found == {
        ("/value", "over_100"),
        ("/region", "unknown_region"),
        ("/year", "after_validity"),
        ("/valid_from", "not_a_date"),
        ("/decision", "missing"),
        ("/issued_on", "after_validity"),
        ("/issuer", "missing"),
        ("/scan", "missing"),
    }
    assert not NormEntry.objects.exists()


@pytest.mark.parametrize(
    ("code", "part", "value", "fault"),
    [
        ("1.2", "", "đạt", "not_a_number"),
        ("1.2", "", "", "missing"),
        ("1.2", "", "-1", "negative"),
        ("1.2", "", "100,5", "over_100"),
        ("1.2", "", "85.5", "wrong_format"),
        ("2.2", "", "1,5", "not_whole"),
        ("1.1", "", "85", "wrong_type"),
        ("1.1", "", "false", "wrong_type"),
        ("4.1", "14.1.c", "mức độ 9", "not_in_scale"),
        ("4.1", "14.1.a", "101", "over_100"),
    ],
)
def test_a_level_of_the_wrong_type_is_refused(world: World, code: str, part: str, value: str, fault: str) -> None:
    assert ("/value", fault) in faults(world, code, part, value=value, reason="x")


@pytest.mark.parametrize(
    ("field", "text", "fault"),
    [
        ("issued_on", "", "missing"),
        ("issued_on", "hôm qua", "not_a_date"),
        ("issued_on", "02/11/2025", "in_future"),
        ("valid_from", "01/01/2026", "after_validity"),
        ("valid_from", "31/12/2020", "before_validity"),
        ("year", "2020", "after_validity"),
        ("year", "²", "after_validity"),
        ("group", "nhom_9", "unknown_group"),
        ("decision", "9" * 61, "too_long"),
        ("reason", "x" * 2001, "too_long"),
    ],
)
def test_a_source_or_place_that_cannot_be_is_refused(world: World, field: str, text: str, fault: str) -> None:
    assert faults(world, "1.2", today=date(2025, 11, 1), **{field: text}) == {(f"/{field}", fault)}


def test_days_are_held_against_the_validity_of_the_amended_version(world: World) -> None:
    type(version_of("1.2")).objects.filter(pk=version_of("1.2").pk).update(valid_to=date(2024, 2, 29))
    assert faults(world, "1.2", valid_from="01/03/2024", issued_on="2024-03-01", year="2025") == {
        ("/valid_from", "after_validity"),
        ("/issued_on", "after_validity"),
        ("/year", "after_validity"),
    }


def test_a_firm_level_is_replaced_for_a_reason_and_by_another_only(world: World) -> None:
    assert faults(world, "2.2", value="0") == {("/value", "unchanged"), ("/reason", "missing")}
    assert faults(world, "2.2", value="2") == {("/reason", "missing")}
    assert enter(world, "2.2", value="2", reason="Đính chính").number == 2


def test_another_persons_unused_scan_cannot_be_named(world: World) -> None:
    foreign = scan(world)
    NormDocument.objects.filter(pk=foreign.pk).update(stored_by_id=world.people["leader"].pk)
    assert faults(world, "1.2", document=foreign.pk) == {("/scan", "missing")}


@pytest.mark.parametrize("name", ["officer", "verifier_all", "leader", "administrator"])
def test_only_the_coordination_office_enters_norms(world: World, name: str) -> None:
    with pytest.raises(Forbidden):
        read_norm(by=fresh(world.people[name]), target=target_of("1.2"), typed=typed(world))
    target = target_of("1.2")
    draft = read_norm(by=coordinator(world), target=target, typed=typed(world))
    with pytest.raises(Forbidden):
        enter_norm(by=fresh(world.people[name]), draft=draft, seen=seen_of(target))
    assert not NormEntry.objects.exists()


# --- What is stored ----------------------------------------------------------------------------------------------


def test_a_missing_norm_becomes_a_row_with_its_source_and_an_audit_event(world: World) -> None:
    norm = enter(world, "1.2", value="82,5", reason="Theo hướng dẫn của tỉnh")
    assert (norm.number, norm.provenance, norm.decision) == (Decimal("82.5"), "sourced", "12/QĐ-UBND")
    entry = norm.entry
    assert (entry.issued_on, entry.issuer, entry.entered_by) == (
        date(2022, 6, 5),
        "UBND tỉnh Quảng Ninh",
        "coordinator",
    )
    assert entry.supersedes is None and entry.document.name == "quyet-dinh.pdf"
    event = AuditEvent.objects.get(kind="norm.entered")
    assert event.details["before"] is None and event.details["after"]["value"] == "82.5"
    assert event.details["document"] == entry.document.sha256
    assert event.object_label == "SMALL · 1.2"


def test_the_row_that_held_stays_readable_and_is_no_longer_chosen(world: World) -> None:
    old = Norm.objects.get(version=version_of("2.1"))
    new = enter(world, "2.1", value="90", region=REGION)
    assert [n.pk for n in Norm.objects.filter(version=old.version)] == [new.pk]
    kept = Norm.history.get(pk=old.pk)
    assert (kept.number, kept.provenance) == (old.number, "unverified")
    assert kept.superseded_at == new.entry.entered_at and kept.succession == new.entry
    event = AuditEvent.objects.get(kind="norm.entered")
    assert (event.details["before"]["provenance"], event.details["after"]["provenance"]) == ("unverified", "sourced")


def test_a_narrower_level_stands_beside_the_broader_one(world: World) -> None:
    enter(world, "2.1", value="88", year="2023", region=REGION)
    assert set(Norm.objects.filter(version=version_of("2.1")).values_list("number", "year")) == {(90, None), (88, 2023)}


def test_one_scan_serves_several_levels(world: World) -> None:
    first = enter(world, "1.2")
    enter(world, "3.1", "17.1.a", value="20", document=first.entry.document_id, reason="x")
    assert NormDocument.objects.count() == 1


# --- Whom it concerns --------------------------------------------------------------------------------------------


def open_requests() -> set[tuple[str, str]]:
    rows = EvaluationRequest.objects.filter(done_at__isnull=True)
    return set(rows.values_list("unit__uid", "period__code"))


def test_results_follow_the_new_level_and_lose_their_mark(approved: World) -> None:
    assert IndicatorResult.objects.filter(version=version_of("1.2"), rests_on_judgement=True).count() == 2
    enter(approved, "1.2", value="80")
    assert open_requests() == {("commune-1", "2023"), ("commune-2", "2023")}
    run_requests()
    found = dict(IndicatorResult.objects.filter(version=version_of("1.2")).values_list("unit__uid", "outcome"))
    assert found == {"commune-1": "met", "commune-2": "not_met"}
    assert not IndicatorResult.objects.filter(rests_on_judgement=True).exists()
    assert Attainment.objects.get(unit__uid="commune-2").outcome == "not_met"
    assert recheck() == []


def test_only_the_year_that_the_level_is_for_is_evaluated_again(approved: World) -> None:
    enter(approved, "1.2", year="2024")
    assert open_requests() == set()
    enter(approved, "1.2", year="2023")
    assert open_requests() == {("commune-1", "2023"), ("commune-2", "2023")}


def test_only_communes_measured_by_the_region_are_evaluated_again(approved: World) -> None:
    midlands = "trung_du_mien_nui_phia_bac"
    ZoneNormRule.objects.create(
        criteria_set=approved.criteria_set, zone="extremely_difficult", region=midlands, provenance="sourced"
    )
    UnitZone.objects.create(unit=approved.communes[1], zone="extremely_difficult", provenance="sourced")
    enter(approved, "2.1", value="70", region=midlands)
    assert open_requests() == {("commune-2", "2023")}
    EvaluationRequest.objects.all().delete()
    enter(approved, "2.1", value="91", region=REGION)
    assert open_requests() == {("commune-1", "2023")}


def test_only_communes_of_the_group_are_evaluated_again(approved: World) -> None:
    CriteriaSet.objects.update(commune_groups=[{"code": "nhom_1", "name_vi": "Xã nhóm 1"}])
    group = UnitGroup.objects.create(code="nhom_1", name_vi="Nhóm 1", name_en="Group 1", provenance="sourced")
    UnitGroupMember.objects.create(group=group, unit=approved.communes[1])
    enter(approved, "1.2", value="75", group="nhom_1")
    assert open_requests() == {("commune-2", "2023")}
    run_requests()
    found = dict(IndicatorResult.objects.filter(version=version_of("1.2")).values_list("unit__uid", "outcome"))
    assert found["commune-2"] == "not_met"
    assert recheck() == []


def test_a_level_that_begins_later_leaves_earlier_periods_alone(approved: World) -> None:
    enter(approved, "1.2", valid_from="01/01/2024")
    assert open_requests() == set()
    enter(approved, "2.1", value="95", region=REGION, valid_from="2023-12-31")
    assert open_requests() == {("commune-1", "2023"), ("commune-2", "2023")}
    run_requests()
    assert IndicatorResult.objects.get(unit=approved.commune, version=version_of("2.1")).norm.number == 95
    assert Norm.objects.filter(version=version_of("2.1")).count() == 2
    assert recheck() == []


def test_a_draft_set_concerns_nobody(approved: World) -> None:
    CriteriaSet.objects.update(status="draft")
    enter(approved, "1.2")
    assert open_requests() == set()


def test_the_cost_of_entering_does_not_grow_with_communes_and_periods(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as taken:
            enter(world, "2.1", value=str(50 + NormEntry.objects.count()), region=REGION, document=kept, reason="x")
        return len(taken)

    kept = scan(world).pk
    bring_to(world, "approved")
    run_requests()
    cost()
    few = cost()
    other = make_report(world, world.communes[1])
    bring_to(world, "approved", report=other, officer=world.people["other_officer"])
    earlier = make_report(world, period=make_period("2022"))
    bring_to(world, "approved", report=earlier)
    evaluate(None)
    EvaluationRequest.objects.all().delete()
    assert cost() == few
    assert len(open_requests()) == 3


# --- Two windows -------------------------------------------------------------------------------------------------


def test_the_second_window_is_told_and_stores_nothing(world: World) -> None:
    first, second = target_of("1.2"), target_of("1.2")
    drafts = [read_norm(by=coordinator(world), target=t, typed=typed(world, value=v)) for t, v in
              ((first, "80"), (second, "90"))]  # fmt: skip
    enter_norm(by=coordinator(world), draft=drafts[0], seen=seen_of(first))
    with pytest.raises(Stale):
        enter_norm(by=coordinator(world), draft=drafts[1], seen=seen_of(second))
    assert Norm.objects.get(version=version_of("1.2")).number == 80
    assert NormEntry.objects.count() == AuditEvent.objects.filter(kind="norm.entered").count() == 1


@pytest.mark.parametrize("seen", ["", "x", "2024-01-01T00:00:00+00:00"])
def test_a_window_that_says_nothing_of_what_it_saw_is_told_too(world: World, seen: str) -> None:
    draft = read_norm(by=coordinator(world), target=target_of("1.2"), typed=typed(world))
    with pytest.raises(Stale):
        enter_norm(by=coordinator(world), draft=draft, seen=seen)
