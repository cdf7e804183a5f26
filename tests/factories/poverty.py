"""The four standards as their decrees give them, and households, for the pure rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from communes.rules.places import RURAL, URBAN
from communes.rules.poverty.types import (
    AVERAGE_LINE,
    LINE_AND_DEPRIVATIONS,
    POOR_LINE,
    TWO_LINES,
    UPPER_LINE,
    DeprivationSpec,
    FormSpec,
    HouseholdFacts,
    LineSpec,
    StandardSpec,
    YearSpec,
)

CODES = (
    "employment", "dependents", "nutrition", "health_insurance", "adult_education", "child_schooling",
    "housing_quality", "housing_area", "water", "toilet", "telecom", "info_assets",
)  # fmt: skip
FORM = FormSpec(
    "tt07_2021",
    tuple(DeprivationSpec(at, code, 10, "sourced", "unverified") for at, code in enumerate(CODES, start=1)),
)


def lines(*rows: tuple[Any, ...]) -> dict[tuple[str, str], LineSpec]:
    """Lines of (area type, kind, đồng, A score)."""
    return {
        (area, kind): LineSpec(area, kind, amount, "sourced", *((most[0], "sourced") if most else ()))
        for area, kind, amount, *most in rows
    }


def years(first: int, last: int) -> tuple[YearSpec, ...]:
    return tuple(YearSpec(year, year - 1, "sourced", "unverified") for year in range(first, last + 1))


CENTRAL_2016 = StandardSpec(
    "central_2016_2020",
    TWO_LINES,
    3,
    10,
    lines(
        (RURAL, POOR_LINE, 700_000),
        (URBAN, POOR_LINE, 900_000),
        (RURAL, UPPER_LINE, 1_000_000),
        (URBAN, UPPER_LINE, 1_300_000),
    ),
    years=years(2016, 2021),
)
# The list of ten is not known; this one is of the same shape with a list made up for the rule's sake.
TEN = FormSpec("ten", FORM.deprivations[:10])
CENTRAL_2022 = StandardSpec(
    "central_2022_2025",
    LINE_AND_DEPRIVATIONS,
    3,
    12,
    lines(
        (RURAL, POOR_LINE, 1_500_000, 140),
        (URBAN, POOR_LINE, 2_000_000, 175),
        (RURAL, AVERAGE_LINE, 2_250_000),
        (URBAN, AVERAGE_LINE, 3_000_000),
    ),
    form=FORM,
    b_least=30,
    years=years(2022, 2026),
    b_provenance="sourced",
    list_provenance="sourced",
)
QUANG_NINH = StandardSpec(
    "quang_ninh_2023_2025",
    LINE_AND_DEPRIVATIONS,
    3,
    12,
    lines((RURAL, POOR_LINE, 2_100_000), (URBAN, POOR_LINE, 2_600_000)),
    form=FORM,
    years=(YearSpec(2023, None), *years(2024, 2025)),
    area="quang-ninh",
    list_provenance="unverified",
)
CENTRAL_2027 = StandardSpec(
    "central_2027_2030",
    LINE_AND_DEPRIVATIONS,
    3,
    12,
    lines((RURAL, POOR_LINE, 2_200_000), (URBAN, POOR_LINE, 2_800_000)),
    years=years(2027, 2030),
    rule_provenance="unverified",
)
STANDARDS = (CENTRAL_2016, CENTRAL_2022, QUANG_NINH, CENTRAL_2027)


def answers(deprived: int | Iterable[str], *, of: FormSpec = FORM, unanswered: int = 0) -> dict[str, bool]:
    """Answers to a form: so many (the first ones) or these deprived, the last ones open, no for the rest."""
    codes = [one.code for one in of.deprivations]
    yes = set(codes[:deprived] if isinstance(deprived, int) else deprived)
    return {code: code in yes for code in codes[: len(codes) - unanswered]}


def household(area_type: str = RURAL, **over: Any) -> HouseholdFacts:
    """A household surveyed by the form of TT 07/2021."""
    return HouseholdFacts(**{"area_type": area_type, "form": FORM.code, **over})
