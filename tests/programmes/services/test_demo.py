"""The demonstration: who can log in, what the three years show, and that loading again changes nothing."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction

from communes.models import Office, Unit, UnitGroup
from communes.scope import scope_of
from indicators.models import (
    Attainment,
    EvaluationRequest,
    IndicatorResult,
    Judgement,
    Period,
    Recognition,
    Report,
    ReportedValue,
    ReportRevision,
)
from mongcai_portal.accounts.models import User
from programmes.services.demo import DemoSummary, load_demo
from programmes.services.demo.people import read_credentials
from programmes.services.reference import load_reference

END_2023 = date(2023, 12, 31)
NINE = {
    "hai-son", "bac-son", "hai-dong", "hai-tien", "quang-nghia", "hai-xuan", "van-ninh", "vinh-trung", "vinh-thuc",
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[DemoSummary, Path]]:
    """Load once for the whole module and roll all back at its end; each test sees it from inside that transaction."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference(by=None)
        yield load_demo(folder=folder), folder
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, db) -> DemoSummary:
    return loaded[0]


@pytest.fixture
def folder(loaded) -> Path:
    return loaded[1]


def rows() -> dict[str, list[tuple]]:
    return {
        model._meta.label: list(model.objects.order_by("pk").values_list())
        for app in ("communes", "indicators", "programmes", "accounts", "audit")
        for model in apps.get_app_config(app).get_models()
    }


def outcomes(period: str) -> dict[str, str]:
    return dict(
        Attainment.objects.filter(period__code=period, criteria_set__level__code="standard").values_list(
            "unit__uid", "outcome"
        )
    )


def test_it_makes_people_reports_drafts_and_recognitions(demo):
    assert (demo.users, demo.reports, demo.drafts, demo.recognitions, demo.evaluated) == (30, 27, 9, 13, 27)


def test_loading_twice_changes_nothing(demo, folder):
    before, text = rows(), demo.credentials.read_text(encoding="utf-8")
    again = load_demo(folder=folder)
    assert (again.users, again.reports, again.drafts, again.recognitions, again.evaluated) == (0, 0, 0, 0, 0)
    assert rows() == before
    assert demo.credentials.read_text(encoding="utf-8") == text


def test_reports_of_three_years_are_approved_and_marked_illustrative(demo):
    approved = Report.objects.filter(status="approved")
    assert {r.unit.uid for r in approved.select_related("unit")} == NINE
    assert sorted(set(approved.values_list("period__code", flat=True))) == ["2021", "2022", "2023"]
    assert approved.count() == 27
    assert not approved.filter(illustrative=False).exists()


def test_the_next_year_is_open_and_empty(demo):
    drafts = Report.objects.filter(period__code="2024")
    assert set(drafts.values_list("status", flat=True)) == {"draft"} and drafts.count() == 9
    assert Period.objects.get(code="2024").due_on == date(2025, 1, 15)
    assert not ReportedValue.objects.filter(report__in=drafts).exists()
    assert not drafts.filter(illustrative=True).exists()


def test_each_step_was_taken_by_another_person(demo):
    revision = ReportRevision.objects.get(report__unit__uid="bac-son", report__period__code="2023")
    assert (revision.submitted_by, revision.approved_by) == ("Cán bộ xã Bắc Sơn", "Cán bộ Văn phòng điều phối")


def test_seven_of_nine_attain_the_standard_in_2023_and_four_of_the_five_assessed(demo):
    found = outcomes("2023")
    assert {uid for uid, outcome in found.items() if outcome != "met"} == {"bac-son", "hai-tien"}
    assessed = UnitGroup.objects.get(code="ntm_assessed").members.values_list("unit__uid", flat=True)
    assert sorted(found[uid] for uid in assessed) == ["met"] * 4 + ["not_met"]


def test_attainment_grows_from_year_to_year(demo):
    assert [list(outcomes(y).values()).count("met") for y in ("2021", "2022", "2023")] == [4, 6, 7]


def test_bac_son_misses_waste_sorting_by_a_little_and_one_judgement(demo):
    missed = {
        row.version.indicator.code: row.gap
        for row in IndicatorResult.objects.filter(
            unit__uid="bac-son", period__code="2023", outcome="not_met"
        ).select_related("version__indicator")
    }
    assert missed == {"17.11": Decimal("-0.8"), "12.2": None}


def test_offices_judge_only_where_no_norm_is_known(demo):
    judged = Judgement.objects.filter(report__unit__uid="hai-son", report__period__code="2023")
    codes = set(judged.values_list("element__versions__indicator__code", flat=True))
    assert codes == {"2.2", "2.3", "2.4", "12.1", "12.2", "15.3", "17.1"}
    assert not judged.filter(office=None).exists()


def test_the_three_states_of_a_cell_all_occur(demo):
    zero = ReportedValue.objects.filter(element__code="no_temporary_dilapidated_houses", number=0)
    assert zero.filter(report__period__code="2023").count() == 9
    assert ReportedValue.objects.get(state="no_data").report.unit.uid == "vinh-trung"
    absent = ReportedValue.objects.filter(state="not_applicable")
    assert absent.filter(element__code="craft_village_conservation_plan_implemented_if").count() == 24
    assert not absent.filter(reason="").exists()


def test_no_two_communes_report_the_same(demo):
    for period in ("2021", "2022", "2023"):
        told = {
            uid: tuple(
                ReportedValue.objects.filter(report__unit__uid=uid, report__period__code=period)
                .order_by("element__code", "part")
                .values_list("number", flat=True)
            )
            for uid in NINE
        }
        assert len(set(told.values())) == 9


@pytest.mark.parametrize(("rank", "count"), [(1, 5), (2, 2), (3, 1)])
def test_recognised_communes_of_the_assessed_group_are_those_published(demo, rank, count):
    assessed = UnitGroup.objects.get(code="ntm_assessed").members.values("unit")
    held = Recognition.objects.in_force(END_2023).filter(unit__in=assessed, level__rank__gte=rank)
    assert held.values("unit").distinct().count() == count


def test_illustrative_and_unverified_recognitions_are_marked_and_bear_no_number(demo):
    marks = dict(Recognition.objects.filter(level__code="standard").values_list("unit__uid", "provenance"))
    assert (marks["hai-xuan"], marks["hai-son"], marks["bac-son"]) == ("sourced", "unverified", "illustrative")
    assert set(Recognition.objects.values_list("decision_number", flat=True)) == {""}
    year_only = Recognition.objects.get(unit__uid="hai-xuan", level__code="standard")
    assert (year_only.decided_on, year_only.date_precision) == (date(2018, 12, 31), "year")


def test_everything_is_evaluated_and_no_request_is_left(demo):
    assert not EvaluationRequest.objects.filter(done_at=None).exists()
    assert Attainment.objects.count() == 27


def test_an_officer_sees_one_commune_and_a_verifier_one_office(demo):
    officer = scope_of(User.objects.get(username="officer.haison"))
    assert officer.unit_ids == {Unit.objects.get(uid="hai-son").pk} and not officer.all_units
    verifier = scope_of(User.objects.get(username="verifier.yte"))
    assert verifier.office_ids == {Office.objects.get(code="yte").pk}
    everything = scope_of(User.objects.get(username="verifier.all"))
    assert everything.office_ids == set(Office.objects.values_list("pk", flat=True))


def test_passwords_are_random_written_for_the_owner_only_and_work(demo):
    known = read_credentials(demo.credentials)
    assert stat.S_IMODE(demo.credentials.stat().st_mode) == 0o600
    assert len(known) == len(set(known.values())) == 30
    assert User.objects.get(username="leader").check_password(known["leader"])


def test_one_password_for_all_replaces_the_random_ones(demo, tmp_path):
    load_demo(folder=tmp_path, password="mot-mat-khau-chung")
    assert User.objects.get(username="leader").check_password("mot-mat-khau-chung")
    assert set(read_credentials(tmp_path / "demo-credentials.txt").values()) == {"mot-mat-khau-chung"}
    # Without the name again, the passwords stay.
    assert load_demo(folder=tmp_path).users == 0
    assert User.objects.get(username="leader").check_password("mot-mat-khau-chung")


def test_a_report_that_someone_has_begun_is_left_alone(demo, folder):
    report = Report.objects.get(unit__uid="hai-son", period__code="2024")
    Report.objects.filter(pk=report.pk).update(status="returned")
    load_demo(folder=folder)
    report.refresh_from_db()
    assert report.status == "returned"
