"""Erasing what identifies people: by time, as the operator states it, or on an order; what is counted stays."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from communes.checks import retention_names_its_source
from communes.models import Household, HouseholdReview, HouseholdStay, Person, ReviewAnswer, ReviewFile, SheetCell
from communes.rules.retention import cutoff
from communes.scope import scope_of
from communes.selectors.households import RegistryFilter, registry_page
from communes.services.households import (
    add_member,
    correct_person,
    end_household,
    erase_due,
    erase_on_order,
    register_household,
    remove_member,
)
from communes.services.reviews.files import store_paper
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.uploads import check_upload
from tests.factories.descriptions import describe, make_held
from tests.factories.files import upload
from tests.factories.poverty_tables import make_form
from tests.factories.registers import NUMBER, Registry, entry, faults_of
from tests.factories.reviews import make_decided
from tests.factories.windows import LocalWindow

pytestmark = pytest.mark.django_db

ORDER = "Yêu cầu 15/YC-UBND ngày 02/03/2026 của UBND xã"
TODAY = timezone.localdate()


@pytest.fixture
def household(registry: Registry, settings: Any) -> Household:
    settings.HOUSEHOLD_RETENTION_YEARS, settings.HOUSEHOLD_RETENTION_SOURCE = 1, "12/QĐ-UBND"
    return register_household(by=registry.officer, entry=entry(address="Số 1", note="Nhà cuối thôn"))


def gone_since(household: Household, day: date) -> None:
    end_household(by=None, household_id=household.pk, on=day, because="moved_out")


def years_ago(number: int) -> date:
    return cutoff(TODAY, number)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(0, 80))
def test_whoever_left_by_the_cutoff_left_at_least_so_many_years_ago(today: date, years: int) -> None:
    last = cutoff(today, years)
    assert last <= today and last.year == today.year - years
    assert (today.month, today.day) >= (last.month, last.day)


def test_by_time_names_births_and_numbers_go_and_what_is_counted_stays(household: Household) -> None:
    gone_since(household, years_ago(1))
    before = {row.pk: (row.valid_from, row.valid_to, row.relation) for row in household.members.all()}
    done = erase_due()
    assert (done.people, done.households) == (2, 1)
    household.refresh_from_db()
    assert (household.head_name, household.address, household.note, household.code) == ("—", "", "", "H1")
    assert HouseholdStay.objects.get(household=household).address == ""
    head = household.members.get(relation="head").person
    assert (head.name, head.identity_index, head.identity_text, head.died_on) == ("—", "", "", None)
    assert (head.birth_date, head.birth_precision) == (date(1980, 1, 1), "year")
    assert (head.sex, head.ethnicity, head.erased_on) == ("male", "09", TODAY)
    assert {row.pk: (row.valid_from, row.valid_to, row.relation) for row in household.members.all()} == before
    assert erase_due().people == 0


def test_who_left_a_day_too_late_or_is_still_there_is_kept(household: Household) -> None:
    assert erase_due().people == 0
    gone_since(household, years_ago(1) + timedelta(days=1))
    assert erase_due().people == 0


def test_while_no_period_is_stated_nothing_is_erased_by_time(household: Household, settings: Any) -> None:
    settings.HOUSEHOLD_RETENTION_YEARS = None
    gone_since(household, date(2022, 6, 1))
    assert erase_due().people == 0
    out = StringIO()
    call_command("erase_people", stdout=out)
    assert "not stated" in out.getvalue()


@pytest.mark.parametrize(
    ("years", "source", "wrong"), [(5, "", 1), (0, "x", 1), (-1, "x", 1), (5, "x", 0), (None, "", 0)]
)
def test_a_period_needs_its_source(settings: Any, years: int | None, source: str, wrong: int) -> None:
    settings.HOUSEHOLD_RETENTION_YEARS, settings.HOUSEHOLD_RETENTION_SOURCE = years, source
    assert len(retention_names_its_source()) == wrong


def test_somebody_who_left_alone_leaves_the_household_as_it_is(household: Household, registry: Registry) -> None:
    child = household.members.get(relation="child").person_id
    remove_member(by=registry.officer, household_id=household.pk, person_id=child, on=years_ago(2), because="died")
    done = erase_due()
    assert (done.people, done.households) == (1, 0)
    household.refresh_from_db()
    assert (household.head_name, household.address) == ("Chủ Hộ Thử", "Số 1")
    page = LocalWindow("can-bo").get(f"/households/{household.pk}/")
    assert "đã xóa theo quy định" in page.text and "Con Thử" not in page.text


def test_an_order_erases_whom_it_names_and_stays_in_the_log(household: Household, registry: Registry) -> None:
    child = household.members.get(relation="child").person_id
    done = erase_on_order(by=None, people=[child], order=ORDER)
    assert (done.people, done.households) == (1, 0)
    event = AuditEvent.objects.get(kind="person.erased")
    assert event.details == {"people": [child], "because": "order", "order": ORDER}
    assert event.object_label == "H1" and "Con Thử" not in str(vars(event))
    assert erase_on_order(by=None, people=[child], order=ORDER).people == 0


def test_an_order_that_cannot_be_followed_names_every_fault(household: Household) -> None:
    head = household.members.get(relation="head").person_id
    assert faults_of(lambda: erase_on_order(by=None, people=[head, 999999], order="theo lệnh")) == {
        ("/order", "required"),
        (f"/people/{head}", "is_head"),
        ("/people/999999", "unknown"),
    }
    assert Person.objects.get(pk=head).name == "Chủ Hộ Thử"


def test_whoever_is_erased_is_found_no_more_and_not_written_again(household: Household, registry: Registry) -> None:
    gone_since(household, years_ago(1))
    erase_due()
    scope = scope_of(registry.officer)
    for q in ("Chủ Hộ Thử", NUMBER):
        assert registry_page(scope, RegistryFilter(q=q, gone=True)) == []
    head = household.members.get(relation="head").person_id
    assert faults_of(
        lambda: correct_person(by=None, household_id=household.pk, person_id=head, changes={"name": "Tên"})
    ) == {("/person", "erased")}
    other = register_household(by=registry.officer, entry=entry(code="H2"))
    assert ("/person", "erased") in faults_of(
        lambda: add_member(by=None, household_id=other.pk, on=TODAY, relation="parent", person_id=head)
    )


def test_the_database_lets_nobody_be_erased_by_half(household: Household) -> None:
    person = household.members.get(relation="child").person
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(erased_on=TODAY)


def test_the_command_tries_out_before_it_erases_and_names_nobody(household: Household) -> None:
    gone_since(household, years_ago(1))
    out = StringIO()
    call_command("erase_people", "--dry-run", stdout=out)
    assert "2 people would be erased, 1 households" in out.getvalue() and "12/QĐ-UBND" in out.getvalue()
    assert not Person.objects.filter(erased_on__isnull=False).exists()
    call_command("erase_people", stdout=out)
    assert "2 people erased, 1 households" in out.getvalue()
    assert "Thử" not in out.getvalue() and NUMBER not in out.getvalue()


def test_the_command_takes_an_order_with_the_people_it_names(household: Household) -> None:
    child = household.members.get(relation="child").person_id
    with pytest.raises(CommandError, match="together"):
        call_command("erase_people", "--person", str(child))
    with pytest.raises(CommandError, match="/order"):
        call_command("erase_people", "--person", str(child), "--order", "ngắn")
    out = StringIO()
    call_command("erase_people", "--person", str(child), "--order", ORDER, stdout=out)
    assert "1 people erased" in out.getvalue()


def test_scans_of_a_households_papers_go_with_its_people(household: Household) -> None:
    review = make_decided(household.village.versions.get().unit, "H9")
    HouseholdReview.objects.filter(pk=review.pk).update(household=household)
    scan = upload("Nguyen Van A 022280004321.pdf")
    checked = check_upload(scan, kinds=["pdf"], max_bytes=10**6)
    store_paper(review.round, ReviewFile.Paper.REQUEST, scan, checked, by="Cán bộ", review=review)
    Household.objects.filter(pk=household.pk).update(address="", note="")
    assert [one.paper for one in ReviewFile.objects.filter(review=review)] == ["request"]
    gone_since(household, years_ago(1))
    assert erase_due().households == 1
    assert not ReviewFile.objects.filter(review=review).exists()
    assert ReviewFile.objects.filter(round=review.round, paper="decision").exists()


def test_a_scan_is_not_called_as_its_sender_called_it(household: Household) -> None:
    review = make_decided(household.village.versions.get().unit, "H9")
    scan = upload("Nguyen Van A 022280004321.pdf")
    checked = check_upload(scan, kinds=["pdf"], max_bytes=10**6)
    row = store_paper(review.round, ReviewFile.Paper.SHEET, scan, checked, by="Cán bộ", review=review)
    assert row.name == f"phieu-ra-soat-{row.sha256[:6]}.pdf"


def typed_in(review: HouseholdReview, name: str) -> None:
    SheetCell.objects.create(review=review, name=name, value="true", entered_by="Cán bộ", entered_at=timezone.now())


@pytest.fixture
def described(household: Household) -> HouseholdReview:
    """A household with a finished sheet C: a cause that is somebody's illness, needs and support."""
    round_ = make_held(household.village.versions.get().unit, make_form(), date(2023, 12, 10))
    review = describe(round_, household, {"illness": True}, {"health": True}, {"health": False})
    ReviewAnswer.objects.create(review=review, deprivation=round_.form.deprivations.get(code="water"), deprived=True)
    for name in ("cause:illness", "need:health", "received:health", "answer:water"):
        typed_in(review, name)
    Household.objects.filter(pk=household.pk).update(address="", note="")
    return review


def test_causes_needs_and_support_go_with_the_households_people_and_its_answers_stay(
    household: Household, described: HouseholdReview
) -> None:
    gone_since(household, years_ago(1))
    assert erase_due(dry_run=True).households == 1
    assert erase_due().households == 1
    assert not described.causes.exists() and not described.supports.exists()
    assert list(described.cells.values_list("name", flat=True)) == ["answer:water"] and described.answers.exists()
    assert erase_due().households == 0


def test_what_was_typed_of_a_sheet_c_and_never_kept_goes_too(household: Household) -> None:
    review = describe(make_held(household.village.versions.get().unit, make_form(), date(2023, 12, 10)), household, {})
    typed_in(review, "cause:illness")
    Household.objects.filter(pk=household.pk).update(address="", note="")
    gone_since(household, years_ago(1))
    assert erase_due().households == 1 and not review.cells.exists()


def test_as_long_as_somebody_of_it_is_known_the_household_keeps_its_causes(
    household: Household, described: HouseholdReview, registry: Registry
) -> None:
    child = household.members.get(relation="child").person_id
    remove_member(by=registry.officer, household_id=household.pk, person_id=child, on=years_ago(2), because="died")
    assert erase_due().people == 1
    assert described.causes.exists() and described.supports.exists() and described.cells.count() == 4
