"""Tables 4 to 7: which deprivations poor and near-poor households have, in numbers and in shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping

from django.db.models import Count

from communes.models import Deprivation
from communes.rules.poverty.report_tables import DEPRIVED_SHARE, NO_FORM, NO_SHEETS, NOBODY, TABLES
from communes.selectors.poverty_tables.extent import VILLAGE, Cell, Extent, Line, TableData, answers, with_total
from mongcai_portal.common.numbers import percentage

HOUSEHOLDS, SURVEYED = "households", "surveyed"


def deprivations_of(extent: Extent) -> list[Deprivation]:
    """Return the deprivations of the standard's form, in their order: one query."""
    return list(Deprivation.objects.filter(form=extent.standard.form_id).order_by("number"))


def deprived_of(extent: Extent, status: str) -> dict[Hashable, Counter[tuple[str, str]]]:
    """Return by line the households of a class: all, with a sheet, and (yes or open, code) for each deprivation.

    One query: households of a village that are deprived of the same are one row.
    """
    rows = answers(extent, status).values_list(VILLAGE, "form", "deprived", "unanswered").annotate(number=Count("pk"))
    form = extent.standard.form
    found = []
    for village, asked, deprived, unanswered, number in rows:
        found.append((village, (HOUSEHOLDS, ""), number))
        if deprived is None or form is None or asked != form.code:
            continue
        found.append((village, (SURVEYED, ""), number))
        found += [(village, ("yes", code), number) for code in deprived]
        found += [(village, ("open", code), number) for code in unanswered or ()]
    return extent.by_place(found)


def deprived_table(extent: Extent, number: int) -> TableData:
    """Tables 4 to 7: households of a class by deprivation, or these as shares of the households with a sheet."""
    spec = TABLES[number]
    codes = [one.code for one in deprivations_of(extent)]
    if not codes:
        return TableData(number, missing=NO_FORM)
    found = deprived_of(extent, spec.status)
    everybody = sum((one[HOUSEHOLDS, ""] for one in found.values()), 0)
    surveyed = sum((one[SURVEYED, ""] for one in found.values()), 0)
    if everybody and not surveyed:
        return TableData(number, missing=NO_SHEETS, facts={HOUSEHOLDS: everybody})
    if not everybody:
        return TableData(number, missing=NOBODY)
    lines = [
        Line(
            name,
            {
                HOUSEHOLDS: found[key][HOUSEHOLDS, ""],
                SURVEYED: found[key][SURVEYED, ""],
                **{code: found[key]["yes", code] for code in codes},
            },
        )
        for key, name in extent.lines
    ]
    columns = (HOUSEHOLDS, SURVEYED, *codes)
    facts: dict[str, Cell] = {
        "open": sum(n for one in found.values() for (what, _c), n in one.items() if what == "open")
    }
    whole = with_total(lines, columns)
    if spec.kind == DEPRIVED_SHARE:
        whole = tuple(Line(line.name, shares(line.cells, codes)) for line in whole)
    return TableData(number, columns, whole, facts=facts)


def shares(cells: Mapping[str, Cell], codes: list[str]) -> dict[str, Cell]:
    """Return a line of numbers as one of shares of the households with a sheet."""
    whole = cells[SURVEYED]
    found = {HOUSEHOLDS: cells[HOUSEHOLDS], SURVEYED: whole}
    for code in codes:
        part = cells[code]
        found[code] = percentage(part, whole) if isinstance(part, int) and isinstance(whole, int) else None
    return found
