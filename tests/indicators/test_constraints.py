"""The database keeps the promise: every named constraint refuses what it is for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint
from django.utils import timezone

from communes.models import RoleAssignment, UnitSuccession, UnitVersion, UnitZone
from indicators.models import (
    Attainment,
    Comment,
    CommentSeen,
    EvaluationRequest,
    Evidence,
    HistoryImport,
    Judgement,
    Norm,
    Period,
    Recognition,
    RecognitionBasis,
    RecognitionScan,
    Report,
    ReportedValue,
    ReportRevision,
    ValueChange,
    Verdict,
)
from programmes.models import ObservedStatistic
from tests.factories.world import World, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def refused(make: Any, name: str) -> bool:
    """Whether the database refuses it by the constraint of that name; fails when it does not refuse at all.

    SQLite names a broken check, and of a broken unique constraint only the columns.
    """
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    message = str(error.value)
    if connection.vendor == "sqlite" and message.startswith("UNIQUE"):
        assert name in UNIQUE_NAMES, name
        return True
    return name in message


UNIQUE_NAMES = {
    constraint.name
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, UniqueConstraint)
}


def value(report: Report, **over: Any) -> Any:
    fields: dict[str, Any] = {
        "report": report,
        "revision": 1,
        "element": first_element(),
        "state": "value",
        "number": 1,
        "entered_by": "x",
        "entered_at": timezone.now(),
    }
    return lambda: ReportedValue.objects.create(**{**fields, **over})


def first_element() -> Any:
    from indicators.models import DataElement

    return DataElement.objects.get(code="roads")


@pytest.mark.parametrize(
    "over",
    [
        {"derived_from": "poor_and_near_poor_rate"},
        {"derived_standard": "central_2022_2025"},
        {"derived_from": "guess", "derived_standard": "x", "derived_provenance": "sourced"},
        {
            "derived_from": "poor_and_near_poor_rate", "derived_standard": "x", "derived_provenance": "sourced",
            "value_type": "number",
        },
    ],
)  # fmt: skip
def test_a_derived_element_names_its_standard(world: World, over: dict[str, Any]) -> None:
    element = first_element()
    for name, given in over.items():
        setattr(element, name, given)
    assert refused(element.save, "indicators_element_derived_by_a_standard")


def test_one_fact_has_one_value(world: World) -> None:
    report = make_report(world)
    value(report)()
    assert refused(value(report), "indicators_value_one_fact_one_value")


COLLAPSED = "indicators_value_states_never_collapse"
DERIVED = "indicators_value_derived_with_its_basis"


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"number": None}, COLLAPSED),
        ({"boolean": True}, COLLAPSED),
        ({"choice": "x"}, COLLAPSED),
        ({"state": "no_data"}, COLLAPSED),
        ({"state": "lost"}, COLLAPSED),
        ({"state": "not_applicable", "number": None}, "indicators_value_not_applicable_with_reason"),
        ({"number": -1}, "indicators_value_not_negative"),
        ({"derived_from": "poor_and_near_poor_rate"}, DERIVED),
        ({"basis": {"poor": 0}}, DERIVED),
        ({"derived_from": "guess", "basis": {"poor": 0}}, DERIVED),
        ({"derived_from": "poor_and_near_poor_rate", "basis": {}, "number": None, "boolean": True}, DERIVED),
    ],
)
def test_the_states_of_a_value_never_collapse(world: World, over: dict[str, Any], name: str) -> None:
    assert refused(value(make_report(world), **over), name)


@pytest.mark.parametrize(
    "over",
    [{"number": None}, {"boolean": True}, {"choice": "x"}, {"state": "no_data"}, {"state": ""}, {"state": "lost"}],
)
def test_the_states_of_a_change_never_collapse(world: World, over: dict[str, Any]) -> None:
    fields = {"report": make_report(world), "revision": 1, "element": first_element(), "by": "x", "at": timezone.now()}
    said = {"state": "value", "number": 0}
    ValueChange.objects.create(**fields, **said)
    ValueChange.objects.create(**fields, state="")
    assert refused(
        lambda: ValueChange.objects.create(**{**fields, **said, **over}), "indicators_change_states_never_collapse"
    )


def test_a_remark_says_something_for_a_side_and_is_sent_once(world: World) -> None:
    fields: dict[str, Any] = {
        "report": make_report(world),
        "revision": 1,
        "element": first_element(),
        "side": "commune",
        "text": "x",
        "by_id": 1,
        "by": "x",
        "at": timezone.now(),
    }
    sent = Comment.objects.create(**fields, token="0" * 32)
    assert refused(lambda: Comment.objects.create(**fields, token="0" * 32), "indicators_comment_sent_once")
    for over, name in (
        ({"text": ""}, "indicators_comment_not_empty"),
        ({"side": "leader"}, "indicators_comment_side_known"),
    ):
        fault = {**fields, **over, "token": "1" * 32}
        assert refused(lambda fault=fault: Comment.objects.create(**fault), name)
    seen = {"report": fields["report"], "element": fields["element"], "upto": sent, "by": "x", "at": fields["at"]}
    CommentSeen.objects.create(**seen, side="review")
    assert refused(lambda: CommentSeen.objects.create(**seen, side="review"), "indicators_seen_once")
    assert refused(lambda: CommentSeen.objects.create(**seen, side="leader"), "indicators_seen_side_known")


def test_a_report_is_one_per_unit_and_period(world: World) -> None:
    make_report(world)
    assert refused(
        lambda: Report.objects.create(unit=world.commune, period=world.period, created_at=timezone.now()),
        "indicators_report_once",
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"approved_revision": 2}, "indicators_report_approved_revision_exists"),
        ({"status": "approved"}, "indicators_report_approved_is_current"),
    ],
)
def test_an_approved_report_has_an_approved_revision_that_exists(
    world: World, change: dict[str, Any], name: str
) -> None:
    report = make_report(world)
    assert refused(lambda: Report.objects.filter(pk=report.pk).update(**change), name)


def test_a_revision_is_reopened_with_a_reason(world: World) -> None:
    report = make_report(world)
    assert refused(
        lambda: ReportRevision.objects.create(report=report, number=2, opened_by="x", opened_at=timezone.now()),
        "indicators_revision_reopened_with_reason",
    )


def test_a_period_ends_after_it_starts_and_is_due_after_it_ends(world: World) -> None:
    day = date(2022, 12, 31)
    assert refused(
        lambda: Period.objects.create(code="a", starts_on=day, ends_on=date(2022, 1, 1), due_on=day),
        "indicators_period_in_order",
    )
    assert refused(
        lambda: Period.objects.create(code="b", starts_on=day, ends_on=day, due_on=date(2022, 1, 1)),
        "indicators_period_due_after_end",
    )


def test_a_returned_verdict_has_a_reason_and_an_element_one_verdict(world: World) -> None:
    report = make_report(world)
    fields: dict[str, Any] = {"report": report, "revision": 1, "element": first_element()}
    assert refused(
        lambda: Verdict.objects.create(**fields, state="returned"), "indicators_verdict_returned_with_reason"
    )
    Verdict.objects.create(**fields)
    assert refused(lambda: Verdict.objects.create(**fields), "indicators_verdict_once")


def test_a_judgement_is_met_or_not(world: World) -> None:
    report = make_report(world)
    fields: dict[str, Any] = {
        "report": report,
        "revision": 1,
        "element": first_element(),
        "criteria_set": world.criteria_set,
        "by": "x",
        "at": timezone.now(),
    }
    assert refused(lambda: Judgement.objects.create(**fields, outcome="no_data"), "indicators_judgement_met_or_not")
    Judgement.objects.create(**fields, outcome="met")
    assert refused(lambda: Judgement.objects.create(**fields, outcome="met"), "indicators_judgement_once")


def test_a_unit_and_period_have_one_open_request(world: World) -> None:
    fields: dict[str, Any] = {"unit": world.commune, "period": world.period, "requested_at": timezone.now()}
    EvaluationRequest.objects.create(**fields, done_at=timezone.now())
    EvaluationRequest.objects.create(**fields)
    assert refused(lambda: EvaluationRequest.objects.create(**fields), "indicators_request_one_open")


def test_completeness_never_passes_the_whole(world: World) -> None:
    fields: dict[str, Any] = {
        "unit": world.commune,
        "period": world.period,
        "criteria_set": world.criteria_set,
        "outcome": "met",
        "indicators_met": 0,
        "indicators_total": 0,
        "computed_at": timezone.now(),
        "data_up_to": timezone.now(),
    }
    assert refused(
        lambda: Attainment.objects.create(**fields, criteria_met=5, criteria_total=4),
        "indicators_attainment_never_over_all",
    )
    Attainment.objects.create(**fields, criteria_met=4, criteria_total=4)
    assert refused(
        lambda: Attainment.objects.create(**fields, criteria_met=4, criteria_total=4), "indicators_attainment_once"
    )


@pytest.mark.parametrize(
    "over", [{}, {"number": 1, "boolean": True}, {"number": 1, "choice": "x"}, {"derived_set": "S"}]
)
def test_a_norm_has_exactly_one_value(world: World, over: dict[str, Any]) -> None:
    version = world.criteria_set.criteria.get(number=1).indicators.get(code="1.2").versions.get()
    assert refused(
        lambda: Norm.objects.create(version=version, decision="x", provenance="sourced", **over),
        "indicators_norm_one_value",
    )


def test_a_recognition_ends_after_it_begins(world: World) -> None:
    fields: dict[str, Any] = {
        "unit": world.commune,
        "level": world.criteria_set.level,
        "decided_on": date(2022, 1, 1),
        "provenance": "sourced",
    }
    assert refused(
        lambda: Recognition.objects.create(**fields, withdrawn_on=date(2021, 1, 1)),
        "indicators_recognition_withdrawn_after",
    )
    assert refused(
        lambda: Recognition.objects.create(**fields, expires_on=date(2022, 1, 1)),
        "indicators_recognition_expires_after",
    )
    assert refused(
        lambda: Recognition.objects.create(**fields, withdrawal_reason="x"),
        "indicators_recognition_withdrawal_has_its_day",
    )


def test_a_recognition_stands_once_and_is_annulled_with_a_reason_only(world: World) -> None:
    fields: dict[str, Any] = {
        "unit": world.commune,
        "level": world.criteria_set.level,
        "decided_on": date(2022, 1, 1),
        "provenance": "sourced",
    }
    gone = {"annulled_at": timezone.now(), "annulment_reason": "x"}
    Recognition.objects.create(**fields, **gone)
    Recognition.objects.create(**fields)
    assert refused(lambda: Recognition.objects.create(**fields), "indicators_recognition_once")
    for wrong in ({"annulled_at": timezone.now()}, {"annulment_reason": "x"}):
        assert refused(
            lambda wrong=wrong: Recognition.objects.create(**fields, **wrong),
            "indicators_recognition_annulled_with_reason",
        )


def test_a_recognition_against_figures_or_conditions_says_why(world: World) -> None:
    level = world.criteria_set.level
    row = Recognition.objects.create(unit=world.commune, level=level, decided_on=date(2022, 1, 1), provenance="sourced")
    met: dict[str, Any] = {"recognition": row, "satisfaction": "met", "no_debt": "met", "security": "met"}
    for wrong in ({"outcome": "not_met"}, {"security": "unknown"}):
        assert refused(
            lambda wrong=wrong: RecognitionBasis.objects.create(**{**met, **wrong}),
            "indicators_recognitionbasis_difference_explained",
        )
    assert refused(
        lambda: RecognitionBasis.objects.create(**{**met, "no_debt": "maybe"}, difference_reason="x"),
        "indicators_recognitionbasis_conditions_answered",
    )
    assert RecognitionBasis.objects.create(**{**met, "outcome": "no_data"}, difference_reason="x").pk


def test_a_paper_of_a_recognition_is_kept_once_named_and_not_empty(world: World) -> None:
    level = world.criteria_set.level
    row = Recognition.objects.create(unit=world.commune, level=level, decided_on=date(2022, 1, 1), provenance="sourced")
    fields: dict[str, Any] = {
        "recognition": row, "act": "recognition", "name": "a.pdf", "media_type": "application/pdf", "size": 1,
        "sha256": "0" * 64, "stored_by": "x", "stored_at": timezone.now(),
    }  # fmt: skip
    RecognitionScan.objects.create(**fields, file="a")
    assert refused(lambda: RecognitionScan.objects.create(**fields, file="b"), "indicators_recognitionscan_once")
    other = {**fields, "act": "withdrawal"}
    assert refused(
        lambda: RecognitionScan.objects.create(**{**other, "name": ""}, file="b"), "indicators_recognitionscan_named"
    )
    assert refused(
        lambda: RecognitionScan.objects.create(**{**other, "size": 0}, file="b"),
        "indicators_recognitionscan_not_empty",
    )


def test_what_came_from_the_archive_is_a_first_and_approved_revision(world: World) -> None:
    report = make_report(world)
    file: dict[str, Any] = {
        "name": "a.xlsx", "media_type": "x", "size": 1, "sha256": "0" * 64, "stored_by": "x",
        "stored_at": timezone.now(), "checked_at": timezone.now(), "status": "ready",
    }  # fmt: skip
    source = HistoryImport.objects.create(**file, file="a")
    assert refused(
        lambda: report.revisions.update(imported_from=source),
        "indicators_revision_imported_is_first_and_approved",
    )
    report.revisions.update(imported_from=source, approved_at=timezone.now())
    for wrong in ({"status": "applied"}, {"decided_at": timezone.now()}):
        assert refused(
            lambda wrong=wrong: HistoryImport.objects.create(**{**file, **wrong}, file="b"),
            "indicators_historyimport_decided_once",
        )
    assert refused(
        lambda: HistoryImport.objects.create(**file, number_format="de", file="b"),
        "indicators_historyimport_format_declared",
    )
    assert refused(
        lambda: HistoryImport.objects.create(**{**file, "name": ""}, file="b"), "indicators_historyimport_named"
    )
    assert refused(
        lambda: HistoryImport.objects.create(**{**file, "size": 0}, file="b"), "indicators_historyimport_not_empty"
    )


def test_dates_stand_in_order_and_no_unit_follows_itself(world: World) -> None:
    bad = {"valid_from": date(2022, 1, 1), "valid_to": date(2021, 1, 1)}
    assert refused(
        lambda: UnitZone.objects.create(unit=world.commune, zone="x", provenance="sourced", **bad),
        "communes_unitzone_dates_in_order",
    )
    assert refused(
        lambda: UnitVersion.objects.create(unit=world.commune, name_vi="x", name_en="x", kind="commune", **bad),
        "communes_unitversion_dates_in_order",
    )
    assert refused(
        lambda: UnitSuccession.objects.create(
            predecessor=world.commune,
            successor=world.commune,
            effective_on=date(2025, 7, 1),
            kind="merge",
            provenance="sourced",
        ),
        "communes_succession_not_to_itself",
    )


@pytest.mark.parametrize("role", ["commune_officer", "sector_verifier"])
def test_a_scoped_role_is_never_held_for_everything(world: World, role: str) -> None:
    user = world.people["leader"]
    assert refused(lambda: RoleAssignment.objects.create(user=user, role=role), "communes_role_has_its_scope")


def test_a_role_is_for_a_unit_or_an_office_and_held_once(world: World) -> None:
    user, office = world.people["leader"], world.offices["a"]
    assert refused(
        lambda: RoleAssignment.objects.create(user=user, role="leader", unit=world.commune, office=office),
        "communes_role_unit_or_office",
    )
    assert refused(lambda: RoleAssignment.objects.create(user=user, role="leader"), "communes_role_town_once")


def test_a_statistic_is_a_value_or_a_ratio(world: World) -> None:
    fields: dict[str, Any] = {
        "measure": "m",
        "area": world.town,
        "as_of": date(2023, 12, 31),
        "provenance": "sourced",
        "source": "s",
        "recorded_at": timezone.now(),
    }
    assert refused(lambda: ObservedStatistic.objects.create(**fields), "programmes_observed_value_or_ratio")
    assert refused(
        lambda: ObservedStatistic.objects.create(**fields, value=1, numerator=1, denominator=2),
        "programmes_observed_value_or_ratio",
    )


def evidence(report: Report, **over: Any) -> Any:
    fields = {
        "report": report, "element": first_element(), "since": 1, "name": "a.pdf", "media_type": "application/pdf",
        "size": 10, "sha256": "0" * 64, "file": "a", "stored_by": "x", "stored_at": timezone.now(),
    }  # fmt: skip
    return lambda: Evidence.objects.create(**{**fields, **over})


def test_a_file_stands_beside_a_value_once_and_comes_back_after_it_went(world: World) -> None:
    report = make_report(world)
    row = evidence(report)()
    assert refused(evidence(report, file="b"), "indicators_evidence_same_file_once")
    evidence(report, file="b", sha256="1" * 64)()
    Evidence.objects.filter(pk=row.pk).update(until=2)
    evidence(report, file="c", since=3)()


def test_no_two_rows_name_the_same_file_on_disk(world: World) -> None:
    report = make_report(world)
    evidence(report)()
    with pytest.raises(IntegrityError), transaction.atomic():
        evidence(report, sha256="1" * 64)()


def test_evidence_is_named_and_not_empty_and_goes_after_it_came(world: World) -> None:
    report = make_report(world)
    for lacking in ({"name": ""}, {"media_type": ""}, {"sha256": ""}, {"file": ""}):
        assert refused(evidence(report, **lacking), "indicators_evidence_named")
    assert refused(evidence(report, size=0), "indicators_evidence_not_empty")
    assert refused(evidence(report, since=2, until=2), "indicators_evidence_revisions_in_order")
