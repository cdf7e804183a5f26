"""Which standards count for a year, which a round applies, and what may not be said of one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from communes.rules.places import RURAL, URBAN
from communes.rules.poverty.standards import applied_by, clashes, counting_in, standard_faults
from communes.rules.poverty.types import StandardSpec, YearSpec
from tests.factories.poverty import CENTRAL_2016, CENTRAL_2022, CENTRAL_2027, FORM, QUANG_NINH, STANDARDS, lines, years


@pytest.mark.parametrize(
    ("year", "codes"),
    [
        (2015, []),
        (2016, ["central_2016_2020"]),
        (2021, ["central_2016_2020"]),
        (2022, ["central_2022_2025"]),
        (2023, ["central_2022_2025", "quang_ninh_2023_2025"]),
        (2025, ["central_2022_2025", "quang_ninh_2023_2025"]),
        (2026, ["central_2022_2025"]),
        (2027, ["central_2027_2030"]),
        (2030, ["central_2027_2030"]),
        (2031, []),
    ],
)
def test_a_year_is_counted_under_its_standards(year, codes):
    assert [s.code for s in counting_in(STANDARDS, year, ["mong-cai", "quang-ninh"])] == codes


def test_a_provinces_standard_is_for_its_own_units():
    assert counting_in(STANDARDS, 2023, ["lang-son"]) == counting_in(STANDARDS, 2023) == (CENTRAL_2022,)
    assert applied_by(STANDARDS, 2023, ["lang-son"]) == ((CENTRAL_2022, 2024),)


@pytest.mark.parametrize(
    ("held_in", "applied"),
    [
        (2020, [("central_2016_2020", 2021)]),
        (2021, [("central_2022_2025", 2022)]),
        (2022, [("central_2022_2025", 2023)]),  # the province's line was adopted in March 2023
        (2023, [("central_2022_2025", 2024), ("quang_ninh_2023_2025", 2024)]),
        (2025, [("central_2022_2025", 2026)]),
        (2026, [("central_2027_2030", 2027)]),
    ],
)
def test_the_round_of_autumn_classifies_for_the_year_after(held_in, applied):
    assert [(s.code, year) for s, year in applied_by(STANDARDS, held_in, ["quang-ninh"])] == applied


def test_one_area_has_one_standard_a_year():
    assert clashes(STANDARDS) == []
    assert clashes([*STANDARDS, replace(QUANG_NINH, code="again", years=years(2025, 2026))]) == [("again", 2025)]
    assert clashes([*STANDARDS, replace(CENTRAL_2022, code="again", years=years(2027, 2027))]) == [("again", 2027)]


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_four_standards_contradict_nothing(standard):
    assert standard_faults(standard) == []


NOT_ABOVE = "not_above_the_poor_line"


def with_line(standard: StandardSpec, *row: object) -> StandardSpec:
    return replace(standard, lines={**standard.lines, **lines(row)})


def only(standard: StandardSpec, word: str) -> StandardSpec:
    return replace(standard, lines={key: line for key, line in standard.lines.items() if word in key})


@pytest.mark.parametrize(
    ("standard", "place", "code"),
    [
        (replace(CENTRAL_2027, least=13), "least", "more_than_declared"),
        (replace(CENTRAL_2022, declared=10), "form", "not_as_declared"),
        (only(CENTRAL_2022, URBAN), "lines/rural/poor", "line_needed"),
        (only(CENTRAL_2016, "poor"), "lines/urban/upper", "line_needed"),
        (with_line(QUANG_NINH, RURAL, "upper", 3_000_000), "lines/rural/upper", "one_line_only"),
        (with_line(CENTRAL_2016, RURAL, "upper", 700_000), "lines/rural/upper", NOT_ABOVE),
        (with_line(CENTRAL_2022, RURAL, "average", 1_500_000), "lines/rural/average", NOT_ABOVE),
        (with_line(CENTRAL_2022, RURAL, "average", 2_250_000, 140), "lines/rural/average", NOT_ABOVE),
        (replace(CENTRAL_2022, b_least=None), "b_least", "b_limit_needed"),
        (replace(CENTRAL_2022, form=None), "b_least", "b_limit_needed"),
        (replace(CENTRAL_2027, b_least=30), "form", "form_needed"),
        (replace(CENTRAL_2022, b_least=40), "b_least", "not_the_number"),
        (replace(QUANG_NINH, form=FORM, b_least=20), "b_least", "not_the_number"),
        (replace(CENTRAL_2022, years=(*years(2022, 2023), *years(2023, 2023))), "years/2023", "year_twice"),
        (replace(CENTRAL_2022, years=(YearSpec(2022, 2023),)), "years/2022", "round_of_another_year"),
        (replace(CENTRAL_2022, years=(YearSpec(2022, 2020),)), "years/2022", "round_of_another_year"),
    ],
)
def test_what_contradicts_the_rule_is_named_at_its_place(standard, place, code):
    assert (place, code) in {(fault.place, fault.code) for fault in standard_faults(standard)}


def test_a_standard_that_begins_within_a_year_may_have_its_round_in_that_year():
    assert standard_faults(replace(QUANG_NINH, years=(YearSpec(2023, 2023),))) == []
