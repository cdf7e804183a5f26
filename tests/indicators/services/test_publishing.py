"""A set that waits for its indicators is a draft; entered and published, reports of its years are judged by it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from communes.models import Office, Unit, UnitGroup, UnitGroupMember
from communes.services.units import load_units
from indicators.models import Attainment, CriteriaSet, EvaluationRequest, Indicator, IndicatorResult, Period, Report
from indicators.selectors.definitions import definitions_for
from indicators.selectors.entry import report_state
from indicators.services.criteria import load_criteria
from indicators.services.evaluation import run_requests
from indicators.services.publishing import publish_set
from indicators.services.recheck import recheck
from indicators.services.reports import approve, open_report, submit
from indicators.services.values import CellInput, save_values
from indicators.services.verification import verify
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from tests.factories.criteria_files import NEXT_CODE, completed
from tests.factories.world import World, bring_to, make_person, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db) -> dict[str, object]:
    """The six units of July 2025, the sets as they come with the portal, and the people of a report."""
    load_units(by=None)
    load_criteria(by=None)
    commune = Unit.objects.get(uid="hai-ninh")
    return {
        "commune": commune,
        "period": Period.objects.create(
            code="2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), due_on=date(2027, 1, 15)
        ),
        "officer": make_person("officer", "commune_officer", unit=commune),
        "verifier": make_person("verifier", "sector_verifier", offices=list(Office.objects.all())),
        "coordinator": make_person("coordinator", "coordinator"),
        "leader": make_person("leader", "leader"),
    }


def faults_of(step) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        step()
    return {(fault.pointer, fault.code) for fault in caught.value.faults}


def reported(town, income: str) -> Report:
    report = open_report(by=town["coordinator"], unit=town["commune"], period=town["period"])
    cells = [
        CellInput(e.code, c.part, raw=True if c.value_type == "boolean" else income, language="plain")
        for e in definitions_for(town["period"]).elements
        for c in e.cells
    ]
    save_values(by=town["officer"], report_id=report.pk, cells=cells, all_or_none=True)
    submit(by=town["officer"], report_id=report.pk)
    verify(by=town["verifier"], report_id=report.pk)
    return approve(by=town["coordinator"], report_id=report.pk)


def in_group(town, code: str) -> None:
    group = UnitGroup.objects.create(code=code, name_vi=code, name_en=code, provenance="unverified")
    UnitGroupMember.objects.create(group=group, unit=town["commune"], valid_from=date(2026, 1, 1))


def test_the_file_as_it_comes_is_a_draft_with_ten_criteria_three_groups_and_no_indicator(town):
    one = CriteriaSet.objects.get(code=NEXT_CODE)
    assert (one.status, one.criteria.count(), one.indicators_declared) == ("draft", 10, 47)
    assert [group["code"] for group in one.commune_groups] == ["nhom_1", "nhom_2", "nhom_3"]
    assert not Indicator.objects.filter(criterion__criteria_set=one).exists()


def test_nobody_can_report_on_a_draft(town):
    assert definitions_for(town["period"]).sets == ()
    step = lambda: open_report(by=town["coordinator"], unit=town["commune"], period=town["period"])  # noqa: E731
    assert faults_of(step) == {("/period", "no_criteria_set")}
    assert not Report.objects.exists()


def test_a_draft_without_its_indicators_is_not_published_and_every_fault_is_named(town):
    found = faults_of(lambda: publish_set(by=town["coordinator"], code=NEXT_CODE))
    assert found == {(f"/{NEXT_CODE}/indicators", "wrong_count")} | {
        (f"/{NEXT_CODE}/criteria/{n}/indicators", "empty") for n in range(1, 11)
    }
    assert CriteriaSet.objects.get(code=NEXT_CODE).status == "draft"
    assert not AuditEvent.objects.filter(kind="criteria.published").exists()


def test_a_set_with_one_indicator_too_few_is_not_published(town, tmp_path):
    load_criteria(by=None, files=[str(completed(tmp_path, indicators=46))])
    found = faults_of(lambda: publish_set(by=town["coordinator"], code=NEXT_CODE))
    assert found == {(f"/{NEXT_CODE}/indicators", "wrong_count")}


def test_entered_but_not_published_it_is_still_a_draft(town, tmp_path):
    load_criteria(by=None, files=[str(completed(tmp_path))])
    one = CriteriaSet.objects.get(code=NEXT_CODE)
    assert (one.status, Indicator.objects.filter(criterion__criteria_set=one).count()) == ("draft", 47)
    assert definitions_for(town["period"]).sets == ()


@pytest.mark.parametrize(
    ("group", "income", "outcome"),
    [("nhom_1", "89.9", "not_met"), ("nhom_1", "90", "met"), ("nhom_3", "70", "met"), ("", "99", "undetermined")],
)
def test_entered_and_published_reports_of_2026_are_judged_by_it(town, tmp_path, group, income, outcome):
    load_criteria(by=None, files=[str(completed(tmp_path))])
    one = publish_set(by=town["coordinator"], code=NEXT_CODE)
    assert one.status == "published"
    if group:
        in_group(town, group)
    report = reported(town, income)
    run_requests()
    (row,) = Attainment.objects.filter(unit=town["commune"], period=town["period"])
    assert (row.criteria_set.code, row.outcome, row.criteria_total) == (NEXT_CODE, outcome, 10)
    assert row.indicators_total == 47 and row.rests_on_unverified
    result = IndicatorResult.objects.get(version__element__code="per_capita_income", period=town["period"])
    assert (result.outcome, result.norm.commune_group if result.norm else "") == (outcome, group)
    shown = next(r for r in report_state(report).rows if r.row.element.code == "per_capita_income")
    assert [found.outcome for _reader, found in shown.outcomes] == [outcome]
    assert recheck() == []


def test_a_commune_counted_in_two_groups_is_judged_by_neither_norm(town, tmp_path):
    load_criteria(by=None, files=[str(completed(tmp_path))])
    publish_set(by=town["coordinator"], code=NEXT_CODE)
    in_group(town, "nhom_1")
    in_group(town, "nhom_2")
    reported(town, "95")
    run_requests()
    assert Attainment.objects.get(period=town["period"]).outcome == "undetermined"


def test_the_file_as_it_comes_never_empties_a_set_that_was_entered(town, tmp_path):
    load_criteria(by=None, files=[str(completed(tmp_path))])
    assert not load_criteria(by=None)
    publish_set(by=town["coordinator"], code=NEXT_CODE)
    assert not load_criteria(by=None)
    one = CriteriaSet.objects.get(code=NEXT_CODE)
    assert (one.status, Indicator.objects.filter(criterion__criteria_set=one).count()) == ("published", 47)


def test_a_published_set_is_not_made_incomplete_by_loading_a_shorter_file(town, tmp_path):
    load_criteria(by=None, files=[str(completed(tmp_path))])
    publish_set(by=town["coordinator"], code=NEXT_CODE)
    shorter = str(completed(tmp_path, indicators=40))
    assert faults_of(lambda: load_criteria(by=None, files=[shorter])) == {(f"/{NEXT_CODE}/indicators", "wrong_count")}
    assert Indicator.objects.filter(criterion__criteria_set__code=NEXT_CODE).count() == 47


def test_publishing_is_audited(town, tmp_path):
    load_criteria(by=None, files=[str(completed(tmp_path))])
    publish_set(by=town["coordinator"], code=NEXT_CODE)
    event = AuditEvent.objects.get(kind="criteria.published")
    assert (event.object_label, event.actor_name) == (NEXT_CODE, "coordinator")
    assert (event.details["decision"], event.details["indicators"]) == ("51/2025/QĐ-TTg", 47)


@pytest.mark.parametrize("who", ["officer", "verifier", "leader"])
def test_only_who_may_publish_publishes(town, tmp_path, who):
    load_criteria(by=None, files=[str(completed(tmp_path))])
    with pytest.raises(Forbidden):
        publish_set(by=town[who], code=NEXT_CODE)
    assert CriteriaSet.objects.get(code=NEXT_CODE).status == "draft"


def test_publishing_twice_is_refused_and_told_once(town, tmp_path):
    load_criteria(by=None, files=[str(completed(tmp_path))])
    publish_set(by=town["coordinator"], code=NEXT_CODE)
    with pytest.raises(Stale):
        publish_set(by=town["coordinator"], code=NEXT_CODE)
    assert AuditEvent.objects.filter(kind="criteria.published").count() == 1


def test_the_command_publishes_in_the_name_of_a_person(town, tmp_path: Path, capsys):
    load_criteria(by=None, files=[str(completed(tmp_path))])
    with pytest.raises(CommandError, match="No active user"):
        call_command("publish_criteria", NEXT_CODE, "--by", "nobody")
    with pytest.raises(CommandError, match="No criteria set"):
        call_command("publish_criteria", "NTM_1900", "--by", "coordinator")
    with pytest.raises(CommandError):
        call_command("publish_criteria", NEXT_CODE, "--by", "leader")
    call_command("publish_criteria", NEXT_CODE, "--by", "coordinator")
    assert capsys.readouterr().out.strip() == f"{NEXT_CODE}: published"


# --- in a small town --------------------------------------------------------------------------------------------


@pytest.fixture
def world() -> World:
    return make_world()


def drafted(world: World) -> CriteriaSet:
    CriteriaSet.objects.filter(pk=world.criteria_set.pk).update(status="draft")
    return world.criteria_set


def test_approved_reports_of_its_years_are_evaluated_anew(world):
    report = bring_to(world, "approved")
    run_requests()
    Attainment.objects.all().delete()
    publish_set(by=world.people["coordinator"], code=drafted(world).code)
    asked = EvaluationRequest.objects.get(done_at__isnull=True)
    assert (asked.unit_id, asked.period_id) == (report.unit_id, report.period_id)
    run_requests()
    assert Attainment.objects.get().outcome == "met"


def test_a_request_that_is_open_already_is_asked_for_again_and_not_doubled(world):
    bring_to(world, "approved")
    publish_set(by=world.people["coordinator"], code=drafted(world).code)
    assert EvaluationRequest.objects.get(done_at__isnull=True).wanted == 2


def test_a_second_set_of_the_same_level_and_year_is_refused(world):
    one = drafted(world)
    CriteriaSet.objects.filter(pk=one.pk).update(status="published")
    other = CriteriaSet.objects.create(
        code="OTHER", name_vi="Bộ khác", name_en="Other", level=one.level, decision="x", issued_on=one.issued_on,
        valid_from=one.valid_from, first_year=2025, last_year=2030, criteria_declared=0, indicators_declared=0,
    )  # fmt: skip
    found = faults_of(lambda: publish_set(by=world.people["coordinator"], code=other.code))
    assert found == {("/OTHER/first_year", "years_overlap")}
    CriteriaSet.objects.filter(pk=other.pk).update(first_year=2026)
    assert publish_set(by=world.people["coordinator"], code=other.code).status == "published"


def test_what_a_set_builds_on_is_published_first(world):
    one = drafted(world)
    other = CriteriaSet.objects.create(
        code="HIGHER", name_vi="Bộ cao", name_en="Higher", level_id=one.level_id + 1, prerequisite=one, decision="x",
        issued_on=one.issued_on, valid_from=one.valid_from, first_year=2021, last_year=2025, criteria_declared=0,
        indicators_declared=0,
    )  # fmt: skip
    found = faults_of(lambda: publish_set(by=world.people["coordinator"], code=other.code))
    assert found == {("/HIGHER/prerequisite", "not_published")}


def test_an_indicator_without_content_is_named(world):
    one = drafted(world)
    Indicator.objects.create(
        criterion=one.criteria.get(number=1), code="1.9", position=9, office=world.offices["a"], level_set_by="province"
    )
    CriteriaSet.objects.filter(pk=one.pk).update(indicators_declared=7)
    found = faults_of(lambda: publish_set(by=world.people["coordinator"], code=one.code))
    assert found == {("/SMALL/criteria/1/indicators/1.9/versions", "empty")}
