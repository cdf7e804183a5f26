"""Table 10: poor and near-poor households by what their sheets C say they are poor from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from django.db.models import Count

from communes.rules.poverty.report_tables import NO_CAUSES, NOBODY, NOT_RECORDED
from communes.selectors.descriptions import CAUSE_CODE, described, lists_of
from communes.selectors.poverty_tables.counted import BOTH
from communes.selectors.poverty_tables.extent import VILLAGE, Extent, Line, TableData, answers, with_total

HOUSEHOLDS, RECORDED, OPEN = "households", "recorded", "open"


def cause_codes(extent: Extent) -> list[str]:
    """Return the causes of the standard's form, in their order."""
    return [one.code for one in lists_of(extent.standard.form_id)[0]]


def causes_of(extent: Extent) -> dict[Hashable, Counter[tuple[str, str]]]:
    """Return by line the households by (class, cause), and of a class all and those with a cause: three queries.

    A household counts under each of its causes. Its sheet is that of the decision in force; one that came by a list, or
    whose sheet names no cause, is among the households and not among those recorded.
    """
    everybody = answers(extent, *BOTH)
    named = described(everybody, extent.standard.form_id)
    number = Count("pk", distinct=True)
    found = []
    for rows, what in ((everybody, HOUSEHOLDS), (named, RECORDED)):
        counted = rows.values_list(VILLAGE, "status").annotate(number=number)
        found += [(village, (status, what), n) for village, status, n in counted]
    by_cause = named.values_list(VILLAGE, "status", CAUSE_CODE).annotate(number=number)
    found += [(village, (status, f"cause:{code}"), n) for village, status, code, n in by_cause]
    return extent.by_place(found)


def causes_table(extent: Extent) -> TableData:
    """Table 10: households of both classes by cause, and how many have none recorded; a household has any number."""
    codes = cause_codes(extent)
    if not codes:
        return TableData(10, missing=NO_CAUSES)
    found = causes_of(extent)
    households = sum(one[status, HOUSEHOLDS] for one in found.values() for status in BOTH)
    if not households:
        return TableData(10, missing=NOBODY)
    if not any(one[status, RECORDED] for one in found.values() for status in BOTH):
        return TableData(10, missing=NOT_RECORDED, facts={HOUSEHOLDS: households})
    columns = tuple(f"{status}_{what}" for status in BOTH for what in (HOUSEHOLDS, *codes, OPEN))
    lines = [
        Line(
            name,
            {
                f"{status}_{what}": number
                for status in BOTH
                for what, number in (
                    (HOUSEHOLDS, found[key][status, HOUSEHOLDS]),
                    *((code, found[key][status, f"cause:{code}"]) for code in codes),
                    (OPEN, found[key][status, HOUSEHOLDS] - found[key][status, RECORDED]),
                )
            },
        )
        for key, name in extent.lines
    ]
    return TableData(10, columns, with_total(lines, columns))
