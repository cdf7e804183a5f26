"""Recognitions are recorded from their paper, withdrawn after they were given, and put right without being edited."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from communes.models import UnitVersion
from indicators.models import Level, Recognition, RecognitionScan
from indicators.selectors.register import scans_of
from indicators.services import decisions as decisions_service
from indicators.services.decisions import Decision, annul, correct, decision_faults, record_decision
from indicators.services.evaluation import evaluate
from indicators.services.recognition import recognise, withdraw
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from tests.factories.files import EXE, upload
from tests.factories.world import World, bring_to, make_world

pytestmark = pytest.mark.django_db
DAY = date(2022, 7, 22)


@pytest.fixture
def world() -> World:
    return make_world()


def give(world: World, who: str = "coordinator", **over: object) -> Recognition:
    fields: dict[str, object] = {"unit": world.commune, "level": "standard", "decided_on": DAY}
    return recognise(by=world.people[who], **{**fields, **over})  # type: ignore[arg-type]


def decision(world: World, **over: Any) -> Decision:
    fields: dict[str, Any] = {
        "unit": world.commune,
        "level": "standard",
        "decided_on": DAY,
        "decision_number": "12/QĐ-UBND",
        "signer": "Phó Chủ tịch",
        "satisfaction": "met",
        "no_debt": "met",
        "security": "met",
    }
    return Decision(**{**fields, **over})


def enter(world: World, who: str = "coordinator", scan: Any = "12.pdf", **over: Any) -> Recognition:
    file = upload(scan) if isinstance(scan, str) else scan
    return record_decision(by=world.people[who], decision=decision(world, **over), scan=file)


def take(world: World, row: Recognition, **over: Any) -> Recognition:
    fields: dict[str, Any] = {
        "withdrawn_on": date(2023, 5, 1),
        "decision_number": "9/QĐ-UBND",
        "reason": "Nhiều tiêu chí không còn đạt",
        "scan": upload("9.pdf"),
    }
    return withdraw(by=world.people["coordinator"], recognition_id=row.pk, **{**fields, **over})


def faults(call: Any) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as error:
        call()
    return {(f.pointer, f.code) for f in error.value.faults}


def test_a_recognition_holds_from_its_day_until_expiry(world: World) -> None:
    give(world, expires_on=date(2025, 7, 22), decision_number="12/QĐ-UBND")
    assert not Recognition.objects.in_force(date(2022, 7, 21)).exists()
    assert Recognition.objects.in_force(DAY).exists()
    assert not Recognition.objects.in_force(date(2025, 7, 22)).exists()
    assert Recognition.objects.expired(date(2025, 7, 22)).exists()
    assert AuditEvent.objects.filter(kind="recognition.issued").count() == 1


def test_every_fault_of_a_recognition_is_named(world: World) -> None:
    assert faults(lambda: give(world, level="gold", expires_on=DAY)) == {
        ("/level", "unknown"),
        ("/expires_on", "before_decision"),
    }


def test_the_same_act_is_recorded_once(world: World) -> None:
    give(world)
    assert faults(lambda: give(world)) == {("/decided_on", "duplicate")}
    assert Recognition.objects.count() == 1


@pytest.mark.parametrize("who", ["officer", "leader", "verifier_a", "administrator"])
def test_only_the_coordinator_records_recognitions(world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        give(world, who=who)
    with pytest.raises(Forbidden):
        enter(world, who=who)


# --- Recorded from the paper ----------------------------------------------------------------------------------------


def test_a_decision_is_stored_with_its_paper_its_conditions_and_who_recorded_it(world: World) -> None:
    row = enter(world)
    assert (row.decision_number, row.signer, row.recorded_by) == ("12/QĐ-UBND", "Phó Chủ tịch", "coordinator")
    assert (row.basis.satisfaction, row.basis.outcome, row.basis.difference_reason) == ("met", "", "")
    assert [(s.name, s.act) for s in scans_of(row)] == [("12.pdf", "recognition")]
    event = AuditEvent.objects.get(kind="recognition.issued")
    assert (event.object_id, event.details["scan"]) == (str(row.pk), "12.pdf")


def test_everything_missing_is_named_at_once(world: World) -> None:
    found = faults(lambda: record_decision(by=world.people["coordinator"], decision=Decision(), scan=None))
    assert found == {
        ("/unit", "required"),
        ("/level", "required"),
        ("/decided_on", "required"),
        ("/decision_number", "required"),
        ("/satisfaction", "required"),
        ("/no_debt", "required"),
        ("/security", "required"),
        ("/scan", "missing"),
    }
    assert not Recognition.objects.exists()


def test_a_scan_that_lies_about_its_type_is_refused_and_nothing_is_stored(world: World) -> None:
    assert faults(lambda: enter(world, scan=upload("12.pdf", EXE))) == {("/scan", "type_mismatch")}
    assert faults(lambda: enter(world, scan=upload("12.docx"))) == {("/scan", "type_not_allowed")}
    assert not Recognition.objects.exists()
    assert not RecognitionScan.objects.exists()


def test_a_unit_that_did_not_exist_on_the_day_is_refused(world: World) -> None:
    UnitVersion.objects.filter(unit=world.commune).update(valid_from=date(2022, 7, 23))
    assert faults(lambda: enter(world)) == {("/unit", "not_in_force")}


def test_a_ward_is_not_recognised(world: World) -> None:
    UnitVersion.objects.filter(unit=world.commune).update(kind="ward")
    assert faults(lambda: enter(world)) == {("/unit", "not_a_commune")}
    assert faults(lambda: enter(world, unit=world.town)) == {("/unit", "not_a_commune")}


def test_a_level_is_not_given_outside_its_phase(world: World) -> None:
    Level.objects.create(code="modern", phase="2026-2030", rank=1, name_vi="Hiện đại", name_en="Modern")
    assert faults(lambda: enter(world, level="modern")) == {("/level", "wrong_phase")}
    # Titles of the time before the first phase are carried by its levels.
    assert enter(world, decided_on=date(2017, 12, 31)).level.code == "standard"


def test_a_level_of_an_ended_phase_is_given_a_year_longer_and_no_further(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *a: date(2028, 1, 1))
    assert faults(lambda: enter(world, decided_on=date(2027, 1, 1))) == {("/level", "wrong_phase")}
    assert enter(world, decided_on=date(2026, 12, 31)).pk


def test_advanced_needs_a_standard_in_force_on_the_day(world: World) -> None:
    give(world, expires_on=date(2023, 7, 22))
    assert enter(world, level="advanced", decided_on=date(2023, 7, 21)).pk
    assert faults(lambda: enter(world, level="advanced", decided_on=date(2023, 7, 22))) == {("/level", "lower_missing")}
    assert faults(lambda: enter(world, level="model", decided_on=DAY)) == {("/level", "lower_missing")}


def test_dates_that_cannot_be_are_named_together(world: World) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    found = faults(lambda: enter(world, decided_on=tomorrow, expires_on=tomorrow))
    assert {("/decided_on", "in_future"), ("/expires_on", "before_decision")} <= found


# --- What the figures say ---------------------------------------------------------------------------------------------


def test_figures_that_speak_for_it_are_kept_beside_the_decision(world: World) -> None:
    bring_to(world, "approved")
    evaluate()
    basis = enter(world, decided_on=date(2024, 1, 5)).basis
    assert (basis.outcome, basis.period, basis.criteria_met, basis.criteria_total) == ("met", "2023", 4, 4)
    assert basis.open_criteria == []


def test_a_decision_that_the_figures_speak_against_needs_a_reason_and_is_recorded_with_it(world: World) -> None:
    bring_to(world, "approved", changes={("water", ""): "60"})
    evaluate()
    late = {"decided_on": date(2024, 1, 5)}
    assert faults(lambda: enter(world, **late)) == {("/difference_reason", "difference")}
    basis = enter(world, **late, difference_reason="Hồ sơ bổ sung sau kỳ báo cáo").basis
    assert (basis.outcome, basis.open_criteria) == ("not_met", [[3, "not_met"]])
    assert basis.difference_reason == "Hồ sơ bổ sung sau kỳ báo cáo"


@pytest.mark.parametrize("answer", ["not_met", "unknown"])
def test_a_condition_that_is_not_fulfilled_needs_a_reason(world: World, answer: str) -> None:
    assert faults(lambda: enter(world, no_debt=answer)) == {("/difference_reason", "difference")}
    assert enter(world, no_debt=answer, difference_reason="Đang quyết toán").basis.no_debt == answer


def test_figures_of_a_later_period_say_nothing_of_an_earlier_decision(world: World) -> None:
    bring_to(world, "approved", changes={("water", ""): "60"})
    evaluate()
    assert enter(world).basis.outcome == ""


# --- Withdrawal -------------------------------------------------------------------------------------------------------


def test_a_withdrawn_recognition_no_longer_holds(world: World) -> None:
    row = take(world, give(world))
    assert (row.withdrawal_decision, row.withdrawal_reason) == ("9/QĐ-UBND", "Nhiều tiêu chí không còn đạt")
    assert [s.act for s in scans_of(row)] == ["withdrawal"]
    assert Recognition.objects.in_force(date(2023, 4, 30)).exists()
    assert not Recognition.objects.in_force(date(2023, 5, 1)).exists()
    assert Recognition.objects.withdrawn(date(2023, 5, 1)).exists()


def test_a_withdrawal_before_its_recognition_is_named_and_nothing_is_stored(world: World) -> None:
    row = give(world)
    with pytest.raises(Invalid) as error:
        take(world, row, withdrawn_on=date(2022, 7, 21))
    assert [(f.pointer, f.code) for f in error.value.faults] == [("/withdrawn_on", "before_decision")]
    assert "21/07/2022" in str(error.value)
    assert "22/07/2022" in str(error.value)
    row.refresh_from_db()
    assert (row.withdrawn_on, row.withdrawal_decision) == (None, "")
    assert not RecognitionScan.objects.exists()
    assert not AuditEvent.objects.filter(kind="recognition.withdrawn").exists()


def test_every_fault_of_a_withdrawal_is_named(world: World) -> None:
    row = give(world)
    found = faults(lambda: take(world, row, withdrawn_on=date(2021, 1, 1), decision_number=" ", reason="", scan=None))
    assert found == {
        ("/withdrawn_on", "before_decision"),
        ("/decision_number", "required"),
        ("/reason", "required"),
        ("/scan", "missing"),
    }
    assert ("/withdrawn_on", "required") in faults(lambda: take(world, row, withdrawn_on=None))


def test_a_second_withdrawal_is_refused(world: World) -> None:
    row = take(world, give(world))
    assert faults(lambda: take(world, row, withdrawn_on=date(2023, 6, 1))) == {("/withdrawn_on", "withdrawn")}
    row.refresh_from_db()
    assert row.withdrawn_on == date(2023, 5, 1)


def test_what_has_expired_is_not_withdrawn(world: World) -> None:
    row = give(world, expires_on=date(2023, 5, 1))
    assert faults(lambda: take(world, row)) == {("/withdrawn_on", "expired")}
    assert take(world, row, withdrawn_on=date(2023, 4, 30)).withdrawn_on == date(2023, 4, 30)


@pytest.mark.parametrize("who", ["officer", "leader", "verifier_a", "administrator"])
def test_only_the_coordinator_withdraws(world: World, who: str) -> None:
    row = give(world)
    with pytest.raises(Forbidden):
        withdraw(
            by=world.people[who],
            recognition_id=row.pk,
            withdrawn_on=date(2023, 5, 1),
            decision_number="9",
            reason="x",
            scan=upload("9.pdf"),
        )


def test_a_record_of_another_commune_does_not_exist_for_an_officer(world: World) -> None:
    row = give(world)
    with pytest.raises(Recognition.DoesNotExist):
        annul(by=world.people["other_officer"], recognition_id=row.pk, reason="x")


# --- A wrongly typed record -----------------------------------------------------------------------------------------


def test_a_wrong_record_is_succeeded_by_a_right_one_and_stays_readable(world: World) -> None:
    old = enter(world)
    new = correct(
        by=world.people["coordinator"],
        recognition_id=old.pk,
        decision=decision(world, decision_number="21/QĐ-UBND", decided_on=date(2022, 7, 23)),
        reason="Gõ đảo số",
    )
    old = Recognition.records.get(pk=old.pk)
    assert (old.decision_number, old.annulment_reason, old.annulled_by) == ("12/QĐ-UBND", "Gõ đảo số", "coordinator")
    assert (new.replaces, new.decision_number, new.decided_on) == (old, "21/QĐ-UBND", date(2022, 7, 23))
    assert list(Recognition.objects.all()) == [new]
    # Without a new scan the successor rests on the paper of the old record.
    assert [s.name for s in scans_of(new)] == ["12.pdf"]
    kinds = list(AuditEvent.objects.order_by("id").values_list("kind", "object_id"))
    assert kinds[-2:] == [("recognition.annulled", str(old.pk)), ("recognition.issued", str(new.pk))]


def test_a_correction_names_all_faults_and_leaves_the_old_record_standing(world: World) -> None:
    old = enter(world)
    found = faults(
        lambda: correct(
            by=world.people["coordinator"],
            recognition_id=old.pk,
            decision=decision(world, decision_number="", decided_on=date(2022, 7, 23), expires_on=DAY),
            reason=" ",
        )
    )
    assert found == {
        ("/correction_reason", "required"),
        ("/decision_number", "required"),
        ("/expires_on", "before_decision"),
    }
    assert list(Recognition.objects.all()) == [old]


def test_a_withdrawal_is_carried_over_unless_it_was_the_mistake(world: World) -> None:
    row = take(world, enter(world))
    by = world.people["coordinator"]
    kept = correct(by=by, recognition_id=row.pk, decision=decision(world, signer="Chủ tịch"), reason="Sai người ký")
    assert (kept.withdrawn_on, kept.withdrawal_decision) == (date(2023, 5, 1), "9/QĐ-UBND")
    assert [s.act for s in scans_of(kept)] == ["recognition", "withdrawal"]
    freed = correct(
        by=by, recognition_id=kept.pk, decision=decision(world), reason="Thu hồi ghi nhầm xã", drop_withdrawal=True
    )
    assert freed.withdrawn_on is None
    assert [s.act for s in scans_of(freed)] == ["recognition"]
    assert Recognition.objects.in_force(date(2024, 1, 1)).get() == freed


def test_a_correction_may_not_move_the_decision_behind_its_withdrawal(world: World) -> None:
    row = take(world, enter(world))
    found = faults(
        lambda: correct(
            by=world.people["coordinator"],
            recognition_id=row.pk,
            decision=decision(world, decided_on=date(2023, 5, 2)),
            reason="Sai ngày",
        )
    )
    assert found == {("/withdrawn_on", "before_decision")}


def test_an_annulled_record_counts_on_no_date_and_its_act_may_be_recorded_again(world: World) -> None:
    row = enter(world)
    annul(by=world.people["coordinator"], recognition_id=row.pk, reason="Quyết định của xã khác")
    assert not Recognition.objects.in_force(date(2022, 12, 31)).exists()
    assert not world.commune.recognitions.exists()
    assert enter(world).pk != row.pk


def test_an_annulment_needs_a_reason_and_happens_once(world: World) -> None:
    row = enter(world)
    by = world.people["coordinator"]
    assert faults(lambda: annul(by=by, recognition_id=row.pk, reason="  ")) == {("/reason", "required")}
    annul(by=by, recognition_id=row.pk, reason="Nhầm")
    for again in (
        lambda: annul(by=by, recognition_id=row.pk, reason="Nhầm"),
        lambda: take(world, row),
        lambda: correct(by=by, recognition_id=row.pk, decision=decision(world), reason="x"),
    ):
        with pytest.raises(Stale):
            again()
    assert AuditEvent.objects.filter(kind="recognition.annulled").count() == 1


def test_a_record_on_which_a_higher_level_rests_is_put_right_not_taken_away(world: World) -> None:
    row = enter(world)
    enter(world, level="advanced", decided_on=date(2023, 1, 5))
    found = faults(lambda: annul(by=world.people["coordinator"], recognition_id=row.pk, reason="Nhầm"))
    assert found == {("/reason", "rested_upon")}


def put_right(world: World, row: Recognition, scan: Any = None, **over: Any) -> Recognition:
    return correct(
        by=world.people["coordinator"], recognition_id=row.pk, decision=decision(world, **over), reason="Sai", scan=scan
    )


def test_a_correction_of_a_record_without_paper_needs_the_scan(world: World) -> None:
    old = give(world)
    assert faults(lambda: put_right(world, old)) == {("/scan", "missing")}
    named = decision_faults(by=world.people["coordinator"], decision=decision(world), scan=None, replaces=old.pk)
    assert [(f.pointer, f.code) for f in named] == [("/scan", "missing")]
    new = put_right(world, old, upload("12.pdf"))
    # The paper of the record before goes on counting, however often it is put right.
    assert [s.name for s in scans_of(put_right(world, new, signer="Chủ tịch"))] == ["12.pdf"]


def test_the_paper_of_a_withdrawal_is_not_that_of_the_decision(world: World) -> None:
    assert faults(lambda: put_right(world, take(world, give(world)))) == {("/scan", "missing")}


def test_a_day_known_by_its_year_alone_stays_so_until_it_is_corrected(world: World) -> None:
    year_end = date(2022, 12, 31)
    old = give(world, decided_on=year_end, date_precision="year")
    kept = put_right(world, old, upload("12.pdf"), decided_on=year_end, note="Theo sơ kết")
    assert (kept.date_precision, kept.note) == ("year", "Theo sơ kết")
    assert put_right(world, kept, decided_on=date(2022, 12, 30)).date_precision == "day"


@pytest.mark.parametrize("verb", ["correct", "annul"])
def test_a_withdrawal_recorded_meanwhile_is_not_lost(world: World, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    row = enter(world)
    seen = decisions_service.record_seen

    def read_then_withdrawn(*args: Any) -> Recognition:
        found = seen(*args)
        take(world, row)
        return found

    monkeypatch.setattr(decisions_service, "record_seen", read_then_withdrawn)
    with pytest.raises(Stale, match="thu hồi"):
        if verb == "correct":
            put_right(world, row, signer="Chủ tịch")
        else:
            annul(by=world.people["coordinator"], recognition_id=row.pk, reason="Nhầm")
    standing = Recognition.objects.get()
    assert (standing, standing.withdrawn_on) == (row, date(2023, 5, 1))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"decided_on": date(2023, 1, 6)}, "/decided_on"),
        ({"expires_on": date(2023, 1, 5)}, "/expires_on"),
        ({"unit": 1}, "/unit"),
    ],
)
def test_a_correction_does_not_take_the_ground_from_under_a_higher_level(
    world: World, change: dict[str, Any], field: str
) -> None:
    row = enter(world)
    enter(world, level="advanced", decided_on=date(2023, 1, 5))
    if "unit" in change:
        change = {"unit": world.communes[1]}
    assert faults(lambda: put_right(world, row, **change)) == {(field, "rested_upon")}
    assert Recognition.objects.get(level__code="standard") == row
    assert put_right(world, row, decided_on=date(2023, 1, 5), expires_on=date(2023, 1, 6)).replaces == row


def test_a_correction_of_the_level_does_not_leave_a_higher_one_alone(world: World) -> None:
    enter(world)
    row = enter(world, level="advanced", decided_on=date(2023, 1, 5))
    enter(world, level="model", decided_on=date(2024, 1, 5))
    found = faults(lambda: put_right(world, row, level="standard", decided_on=date(2023, 1, 5)))
    assert found == {("/level", "rested_upon")}


@pytest.mark.parametrize("ended", [{"withdrawn_on": date(2022, 9, 1)}, {"expires_on": date(2022, 9, 1)}, {}])
def test_only_another_title_in_force_on_that_day_bears_the_higher_level(world: World, ended: dict[str, Any]) -> None:
    row = enter(world)
    other = give(world, decided_on=date(2022, 7, 1))
    Recognition.objects.filter(pk=other.pk).update(**ended)
    enter(world, level="advanced", decided_on=date(2023, 1, 5))

    def call() -> Recognition:
        return annul(by=world.people["coordinator"], recognition_id=row.pk, reason="Nhầm")

    if ended:
        assert faults(call) == {("/reason", "rested_upon")}
    else:
        assert call().annulled_at
