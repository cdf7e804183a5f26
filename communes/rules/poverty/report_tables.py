"""The fifteen tables that a commune and the city report on poor and near-poor households.

Their names are those of a public program of another province, which mirror the annexes of TT 07/2021/TT-BLĐTBXH;
neither was compared with the gazette, so the list is marked `unverified` and every sheet says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.flows import (
    BETTER,
    BOUNDARY,
    DIED,
    DISSOLVED,
    ESCAPED,
    FELL_BACK,
    LISTED,
    MERGED,
    MOVED_IN,
    MOVED_OUT,
    NEWLY,
    SPLIT,
    TRANSFER,
    WORSE,
)

PROVENANCE, SOURCE = "unverified", "daknong"

AVERAGE, CHANGES, DEPRIVED, DEPRIVED_SHARE = "average", "changes", "deprived", "deprived_share"
GROUPS, ETHNIC_GROUPS, CAUSES, CHILDREN = "groups", "ethnic_groups", "causes", "children"
SUMMARY, LIST = "summary", "list"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: its number in the list, what it counts, and of which class ("": of both, or of neither)."""

    number: int
    kind: str
    status: str = ""


TABLES: dict[int, TableSpec] = {
    spec.number: spec
    for spec in (
        TableSpec(1, AVERAGE),
        TableSpec(2, CHANGES, POOR),
        TableSpec(3, CHANGES, NEAR_POOR),
        TableSpec(4, DEPRIVED, POOR),
        TableSpec(5, DEPRIVED_SHARE, POOR),
        TableSpec(6, DEPRIVED, NEAR_POOR),
        TableSpec(7, DEPRIVED_SHARE, NEAR_POOR),
        TableSpec(8, GROUPS),
        TableSpec(9, ETHNIC_GROUPS),
        TableSpec(10, CAUSES),
        TableSpec(11, CHILDREN),
        TableSpec(12, SUMMARY, POOR),
        TableSpec(13, SUMMARY, NEAR_POOR),
        TableSpec(14, LIST, NEAR_POOR),
        TableSpec(15, LIST, POOR),
    )
}
# Kinds whose exact tables are made from the counts beside the register; the others read the register itself.
COUNTED = frozenset({AVERAGE, GROUPS, ETHNIC_GROUPS, SUMMARY})
LISTS = frozenset(number for number, spec in TABLES.items() if spec.kind == LIST)

# Why a table has no figures.
NO_CAUSES = "no_causes"  # the standard's form lists no causes of poverty
NOT_RECORDED = "not_recorded"  # no sheet of these households says what is counted
NO_AVERAGE_LINE = "no_average_line"  # the standard knows no average living standard
NO_FORM = "no_form"  # the standard's deprivations are not entered
NO_SHEETS = "no_sheets"  # what these households are comes from a list, without their sheets
NOBODY = "nobody"  # the standard classified nobody there by the day
NOT_PUBLISHED = "not_published"  # small numbers could be told from it

# The columns of the tables of changes: what a class loses and wins, in the words of the balance rule. Whatever cause is
# not named stands under `other`, so that every line adds up.
ESCAPED_TO_NEAR, ESCAPED_TO_NOT, OTHER = "escaped_near_poor", "escaped_not_poor", "other"
LEFT = {
    POOR: (ESCAPED_TO_NEAR, ESCAPED_TO_NOT, MOVED_OUT, DIED, DISSOLVED, MERGED, TRANSFER, BOUNDARY, OTHER),
    NEAR_POOR: (ESCAPED, WORSE, MOVED_OUT, DIED, DISSOLVED, MERGED, TRANSFER, BOUNDARY, OTHER),
}
CAME = {
    POOR: (NEWLY, FELL_BACK, WORSE, MOVED_IN, SPLIT, TRANSFER, BOUNDARY, LISTED, OTHER),
    NEAR_POOR: (NEWLY, FELL_BACK, BETTER, MOVED_IN, SPLIT, TRANSFER, BOUNDARY, LISTED, OTHER),
}

# A child is under 16 (deprivation 3). The school that deprivation 6 asks of an age: from, under, which.
ADULT_AT = 16
SCHOOL_AGES = ((3, 6, "kindergarten"), (6, 12, "primary"), (12, 16, "lower_secondary"))


def years_before(day: date, years: int) -> date:
    """Return the day so many years before: who was born later is younger than that (29 February: the 28th).

    Raises:
        ValueError: before the year 1.
    """
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def year_days(year: int, today: date) -> tuple[date, date]:
    """Return the days between which a year's changes lie: the end of the year before, its own end or today.

    The round of a year ends in December, so that what it found holds on the last day.

    Raises:
        ValueError: the year is to come.
    """
    if date(year, 1, 1) > today:
        raise ValueError(year)
    return date(year - 1, 12, 31), min(date(year, 12, 31), today)
