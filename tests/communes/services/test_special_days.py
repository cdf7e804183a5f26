"""Days off are kept by who may; running terms move with them and are told, and none is made shorter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from communes.models import Complaint, Posting
from communes.services import reviews
from communes.services.special_days import DayOff, add_days_off, begin_year, remove_day_off
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Stale
from mongcai_portal.common.models import SpecialDay, SpecialYear
from mongcai_portal.common.special_days import load_special_days, work_calendar
from mongcai_portal.common.working_days import days_off, holidays
from tests.factories.registers import faults_of
from tests.factories.reviews import UNTIL, Commune, bring_to, make_commune, on
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db

TODAY = date(2023, 11, 8)  # a Wednesday within the postings from 06/11 to 09/11
THURSDAY = date(2023, 11, 9)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with on(TODAY):
        yield


@pytest.fixture
def commune(db: Any) -> Commune:
    return make_commune()


def off(day: date | None = THURSDAY, until: date | None = None, **over: Any) -> DayOff:
    return DayOff(**{"day": day, "until": until, "name_vi": "Nghỉ bão", "name_en": "Storm", **over})


def test_a_day_off_lengthens_the_terms_that_run_and_is_told(commune: Commune) -> None:
    round_ = bring_to(commune, "posted")
    review = commune.review("P1")
    reviews.record_complaint(by=commune.officer, review_id=review.pk, received_on=TODAY, text="Chưa đúng")
    moved = add_days_off(by=commune.coordinator, asked=off(basis="TB 12/TB-UBND"))
    assert {(one.what, one.where, one.before, one.after, one.kept) for one in moved} == {
        ("posting", "thon-1", UNTIL, date(2023, 11, 10), False),
        ("posting", "thon-2", UNTIL, date(2023, 11, 10), False),
        ("recheck", "P1", date(2023, 11, 17), date(2023, 11, 20), False),
    }
    assert set(Posting.objects.filter(round=round_).values_list("until", flat=True)) == {date(2023, 11, 10)}
    assert Complaint.objects.get().due_on == date(2023, 11, 20)
    assert AuditEvent.objects.filter(kind="review.term_moved").count() == 3
    event = AuditEvent.objects.get(kind="day_off.added")
    assert event.details["moved"] == 3 and event.details["source"] == "TB 12/TB-UBND"
    assert SpecialDay.objects.get(day=THURSDAY).provenance == "sourced"


def test_a_term_that_was_told_is_never_made_shorter(commune: Commune) -> None:
    bring_to(commune, "posted")
    add_days_off(by=commune.coordinator, asked=off())
    moved = remove_day_off(by=commune.coordinator, day=THURSDAY)
    assert {(one.before, one.after, one.kept) for one in moved} == {(date(2023, 11, 10), UNTIL, True)}
    assert set(Posting.objects.values_list("until", flat=True)) == {date(2023, 11, 10)}
    assert AuditEvent.objects.get(kind="day_off.removed").details["moved"] == 0


def test_terms_that_are_over_or_decided_stay_as_they_are(commune: Commune) -> None:
    with on(date(2023, 11, 10)):
        bring_to(commune, "posted")
        assert add_days_off(by=commune.coordinator, asked=off(date(2023, 11, 9))) == ()
    assert set(Posting.objects.values_list("until", flat=True)) == {UNTIL}


def test_a_year_that_people_keep_is_not_undone_by_the_file(commune: Commune) -> None:
    add_days_off(by=commune.coordinator, asked=off())
    remove_day_off(by=commune.coordinator, day=date(2023, 9, 4))
    load_special_days()
    assert SpecialDay.objects.filter(day=THURSDAY).exists()
    assert not SpecialDay.objects.filter(day=date(2023, 9, 4)).exists()
    assert SpecialYear.objects.get().year == 2023
    SpecialDay.objects.filter(day__year=2024).delete()
    assert load_special_days(), "other years are the file's"


def test_a_year_begins_with_the_days_of_the_law(commune: Commune) -> None:
    assert faults_of(lambda: add_days_off(by=commune.coordinator, asked=off(date(2031, 3, 3)))) == {
        ("/day", "year_not_begun")
    }
    begin_year(by=commune.coordinator, year=2031)
    stored = set(SpecialDay.objects.filter(day__year=2031).values_list("day", flat=True))
    assert stored == {day for day in days_off(2031) if day.weekday() < 5}
    assert 2031 in work_calendar().years and SpecialDay.objects.filter(name_en="Lunar New Year").exists()
    assert begin_year(by=commune.coordinator, year=2031) == ()
    add_days_off(by=commune.coordinator, asked=off(date(2031, 3, 3)))
    assert not work_calendar().works(date(2031, 3, 3))


def test_a_year_whose_last_day_was_taken_away_is_entered_still(commune: Commune) -> None:
    begin_year(by=commune.coordinator, year=2031)
    for day in list(SpecialDay.objects.filter(day__year=2031).values_list("day", flat=True)):
        remove_day_off(by=commune.coordinator, day=day)
    assert work_calendar().works(date(2031, 1, 1))


def test_a_span_leaves_out_its_weekend_and_a_saturday_can_be_worked(commune: Commune) -> None:
    add_days_off(by=commune.coordinator, asked=off(date(2023, 11, 16), date(2023, 11, 20)))
    named = SpecialDay.objects.filter(name_vi="Nghỉ bão").order_by("day").values_list("day", flat=True)
    assert list(named) == [date(2023, 11, 16), date(2023, 11, 17), date(2023, 11, 20)]
    add_days_off(by=commune.coordinator, asked=off(date(2023, 11, 25), works=True, name_en=""))
    assert work_calendar().works(date(2023, 11, 25))
    assert SpecialDay.objects.get(day=date(2023, 11, 25)).name_en == "Nghỉ bão"


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"day": None}, ("/day", "required")),
        ({"day": date(1999, 1, 4)}, ("/day", "beyond_limits")),
        ({"day": date(2023, 11, 11)}, ("/day", "rests_anyway")),
        ({"works": True}, ("/day", "works_anyway")),
        ({"day": date(2023, 9, 4)}, ("/day", "taken")),
        ({"until": date(2023, 11, 8)}, ("/until", "before_day")),
        ({"until": date(2024, 1, 2)}, ("/until", "other_year")),
        ({"until": date(2023, 12, 9)}, ("/until", "too_long")),
        ({"name_vi": " "}, ("/name_vi", "required")),
        ({"name_vi": "x" * 121}, ("/name_vi", "too_long")),
        ({"name_en": "x" * 121}, ("/name_en", "too_long")),
        ({"basis": "x" * 201}, ("/basis", "too_long")),
    ],
)
def test_what_is_wrong_with_a_day_is_named_at_its_field(
    commune: Commune, over: dict[str, Any], fault: tuple[str, str]
) -> None:
    before = SpecialDay.objects.count()
    assert fault in faults_of(lambda: add_days_off(by=commune.coordinator, asked=off(**over)))
    assert SpecialDay.objects.count() == before and not SpecialYear.objects.exists()


def test_only_who_coordinates_keeps_the_calendar(commune: Commune) -> None:
    for user in (commune.officer, commune.leader):
        for act in (
            lambda user=user: add_days_off(by=user, asked=off()),
            lambda user=user: remove_day_off(by=user, day=date(2023, 9, 4)),
            lambda user=user: begin_year(by=user, year=2031),
        ):
            with pytest.raises(Forbidden):
                act()
    with pytest.raises(Stale):
        remove_day_off(by=commune.coordinator, day=THURSDAY)
    assert faults_of(lambda: begin_year(by=commune.coordinator, year=1999)) == {("/year", "beyond_limits")}


def test_the_holidays_of_the_law_are_its_days_off_by_name() -> None:
    assert frozenset(holidays(2027)) == days_off(2027)
    assert list(holidays(2027)) == sorted(holidays(2027))
    assert holidays(2027)[date(2027, 9, 2)] == "national_day" and holidays(2027)[date(2027, 1, 1)] == "new_year"


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"year": 1999}, "common_specialyear_in_reach"),
        ({"year": 2101}, "common_specialyear_in_reach"),
        ({"kept_by": ""}, "common_specialyear_kept_by_someone"),
    ],
)
def test_a_year_that_is_kept_is_one_within_reach_and_somebodys(over: dict[str, Any], name: str) -> None:
    from django.utils import timezone

    good = {"year": 2024, "kept_by": "x", "kept_at": timezone.now()}
    assert refused(lambda: SpecialYear.objects.create(**{**good, **over}), name)
    assert SpecialYear.objects.create(**good).pk
