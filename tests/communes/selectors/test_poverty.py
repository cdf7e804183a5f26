"""Standards as the rules read them: what the database gives is what the decrees say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import (
    PovertyStandard,
    PovertyStatus,
    ScoreItem,
    ScoreOption,
    ScoreTable,
    SurveyForm,
    UndeterminedReason,
    Unit,
)
from communes.rules.places import RURAL, URBAN
from communes.rules.poverty.classify import POOR, REASONS, STATUSES, classify
from communes.rules.poverty.scores import a_score, choose_table
from communes.rules.poverty.standards import counting_in, standard_faults
from communes.selectors.poverty import area_types_on, areas_on, poverty_standards, score_tables, survey_forms
from communes.services.poverty import load_poverty
from communes.services.units import load_units
from tests.factories.poverty import FORM, STANDARDS, answers, household

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(db: Any) -> None:
    load_units(by=None)
    load_poverty(by=None)


def test_the_database_gives_the_standards_as_the_decrees_do():
    found = {s.code: s for s in poverty_standards()}
    assert found == {s.code: s for s in STANDARDS}
    assert all(standard_faults(s) == [] for s in found.values())


def test_the_whole_countrys_come_first_and_earlier_ones_first():
    assert [s.code for s in poverty_standards()] == [
        "central_2016_2020", "central_2022_2025", "central_2027_2030", "quang_ninh_2023_2025",
    ]  # fmt: skip


def test_the_form_has_its_deprivations_in_their_order():
    assert survey_forms() == {"tt07_2021": FORM}


def test_reading_costs_the_same_with_twice_as_many():
    with CaptureQueriesContext(connection) as before:
        poverty_standards()
    for row in list(PovertyStandard.objects.all()):
        lines = list(row.lines.all())
        row.pk, row.code = None, f"{row.code}_again"
        row.save()
        for line in lines:
            line.pk, line.standard = None, row
            line.save()
    with CaptureQueriesContext(connection) as after:
        assert len(poverty_standards()) == 8
    assert len(before) == len(after) == 5


@pytest.mark.parametrize(
    ("day", "uid", "area_type", "codes"),
    [
        (date(2023, 12, 31), "hai-son", RURAL, ["central_2022_2025", "quang_ninh_2023_2025"]),
        (date(2023, 12, 31), "tra-co", URBAN, ["central_2022_2025", "quang_ninh_2023_2025"]),
        (date(2021, 12, 31), "hai-son", RURAL, ["central_2016_2020"]),
        (date(2025, 12, 31), "mong-cai-1", URBAN, ["central_2022_2025", "quang_ninh_2023_2025"]),
    ],
)
def test_a_unit_is_measured_by_the_country_and_by_its_province(day, uid, area_type, codes):
    unit = Unit.objects.get(uid=uid)
    areas = areas_on(day)[unit.pk]
    assert {uid, "mong-cai", "quang-ninh"} == areas
    assert area_types_on(day, [unit.pk]) == {unit.pk: area_type}
    assert [s.code for s in counting_in(poverty_standards(), day.year, areas)] == codes


def test_a_commune_that_becomes_a_ward_takes_its_households_to_the_urban_line():
    rural = Unit.objects.get(uid="hai-xuan")
    later = next(s.successor for s in rural.successions.select_related("successor"))
    assert area_types_on(date(2025, 6, 30), [rural.pk, later.pk]) == {rural.pk: RURAL}
    assert area_types_on(date(2025, 7, 1), [rural.pk, later.pk]) == {later.pk: URBAN}


def test_towns_and_provinces_have_no_area_type():
    day = date(2023, 12, 31)
    town = Unit.objects.get(uid="mong-cai")
    assert area_types_on(day, [town.pk]) == {}
    assert areas_on(day)[town.pk] == {"mong-cai", "quang-ninh"}


def test_a_unit_that_lies_in_itself_ends_somewhere():
    hai_son = Unit.objects.get(uid="hai-son")
    Unit.objects.get(uid="quang-ninh").versions.update(parent=hai_son)
    assert areas_on(date(2023, 12, 31))[hai_son.pk] == {"hai-son", "mong-cai", "quang-ninh"}


def test_an_item_table_gives_the_a_score():
    form = SurveyForm.objects.get()
    assert score_tables(form.code) == ()
    table = ScoreTable.objects.create(
        form=form, region="dong_bang_song_hong", area_type="rural", provenance="unverified"
    )
    for at, (code, choose) in enumerate((("people", "one"), ("things", "any"))):
        item = ScoreItem.objects.create(table=table, code=code, position=at, name_vi=code, name_en=code, choose=choose)
        for number, points in enumerate((15, 20)):
            ScoreOption.objects.create(
                item=item, code=str(number), position=number, name_vi="x", name_en="x", points=points
            )
    with CaptureQueriesContext(connection) as asked:
        tables = score_tables(form.code)
    assert len(asked) == 3
    found = choose_table(tables, form=form.code, region="dong_bang_song_hong", area_type=RURAL)
    assert found and found.a_highest == 55
    assert a_score(found, {"people": ["1"], "things": ["0", "1"]}).points == 55


def test_a_household_is_classified_by_what_the_database_says():
    central = next(s for s in poverty_standards() if s.code == "central_2022_2025")
    found = classify(household(a_score=140, b_score=30), central)
    assert (found.status, found.unverified) == (POOR, True)
    assert classify(household(income=1, answers=answers(3)), replace(central, code="x")).status == POOR


def test_every_status_and_reason_has_its_words():
    assert set(PovertyStatus.values) == set(STATUSES)
    assert set(UndeterminedReason.values) == set(REASONS)
