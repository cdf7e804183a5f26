"""The tables as readers outside get them: all units together, and nothing that tells of few households.

Of each unit outsiders know what is published of it (tables 12 and 13, `selectors.poverty_published`). Whatever parts
these numbers further is given of all units together alone: tables of units that share their totals would have to be
kept safe together. A figure that stands by itself is shown when neither it nor what it leaves over is small; figures
that share lines and columns leave out rounds (`rules.poverty.disclosure`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping

from communes.models import StandardYear
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.disclosure import (
    TOTAL,
    Key,
    Published,
    Unprotected,
    publish_overlapping,
    tells_of_few,
    withheld,
)
from communes.rules.poverty.report_tables import (
    AVERAGE,
    CAUSES,
    CHANGES,
    CHILDREN,
    DEPRIVED,
    DEPRIVED_SHARE,
    ETHNIC_GROUPS,
    GROUPS,
    NOT_PUBLISHED,
    SUMMARY,
    TABLES,
)
from communes.scope import Scope
from communes.selectors.poverty_changes import SIDES, changes
from communes.selectors.poverty_published import OTHERS, published_counts
from communes.selectors.poverty_tables import causes
from communes.selectors.poverty_tables.changes import CLOSING, OPENING
from communes.selectors.poverty_tables.counted import (
    ALL,
    BOTH,
    ETHNIC_COLUMNS,
    average_table,
    by_ethnic_group,
    children_of,
    class_rates,
    groups_of,
)
from communes.selectors.poverty_tables.deprived import HOUSEHOLDS, SURVEYED, deprived_of, deprived_table, shares
from communes.selectors.poverty_tables.extent import Cell, Extent, Line, TableData
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.numbers import percentage

# Class balances of one day, all units together: None where one is not published.
Balances = Mapping[str, int | None]


def published_table(scope: Scope, extent: Extent, number: int) -> TableData:
    """Return a table of all units as an outsider may see it; `missing` says where nothing is published."""
    spec = TABLES[number]
    # Who looks after some of the households could take what they know off what is told of all.
    if spec.kind != SUMMARY and scope.units_with(Permission.HOUSEHOLDS_VIEW):
        return TableData(number, missing=NOT_PUBLISHED)
    base = published_counts(scope, extent.standard.code, [extent.closing.year], today=extent.closing)
    table = base.get(extent.closing.year)
    if table is None:
        return TableData(number, missing=NOT_PUBLISHED)
    balances = {one: table[TOTAL, one] for one in (POOR, NEAR_POOR, OTHERS)} | {ALL: table[TOTAL, TOTAL]}
    if spec.kind == SUMMARY:
        return _summary(extent, table, number)
    if any(value is None for value in balances.values()):
        return TableData(number, missing=NOT_PUBLISHED)
    if spec.kind == CHANGES:
        return _changes(scope, extent, number)
    if extent.standard.pk != _parted_by(extent.closing.year):
        return TableData(number, missing=NOT_PUBLISHED)
    made = {
        AVERAGE: lambda: _average(extent, balances),
        DEPRIVED: lambda: _deprived(extent, number),
        DEPRIVED_SHARE: lambda: _deprived(extent, number),
        GROUPS: lambda: _groups(extent, balances),
        ETHNIC_GROUPS: lambda: _ethnic(extent),
        CAUSES: lambda: _causes(extent),
        CHILDREN: lambda: _children(extent),
    }.get(spec.kind)
    return made() if made else TableData(number, missing=NOT_PUBLISHED)


def _parted_by(year: int) -> int | None:
    """Return the standard whose households the tables of a year part further: the country's that counts for it.

    Two standards make nearly the same households poor. Who took the parts of one off those of the other would be told
    of the few in which they differ.
    """
    rows = StandardYear.objects.filter(standard__area__isnull=True, effective_year__in=(year, year + 1))
    return rows.order_by("effective_year", "standard").values_list("standard", flat=True).first()


def _one(number: int, cells: Mapping[str, Cell]) -> TableData:
    """A table of one line, of all units; None stands for what is left out."""
    return TableData(number, tuple(cells), (Line(None, cells),), withheld=None in cells.values())


def _part(part: int, *others: int) -> int | None:
    """A figure that stands by itself: None where it, or another part of the same known whole, is small."""
    return None if tells_of_few((part, *others)) else part


def _sum(found: Mapping[Hashable, Counter[object]]) -> Counter[object]:
    return sum(found.values(), Counter())


def _summary(extent: Extent, table: Published, number: int) -> TableData:
    status = TABLES[number].status
    lines = []
    for key, name in (*extent.lines, (TOTAL, None)):
        if (key, status) not in table.cells:
            continue
        all_of_them, of_class = table[key, TOTAL], table[key, status]
        rate = percentage(of_class, all_of_them) if all_of_them is not None and of_class is not None else None
        lines.append(Line(name, {"households": all_of_them, "of_class": of_class, "rate": rate}))
    hidden = any(None in (line.cells["households"], line.cells["of_class"]) for line in lines)
    return TableData(number, ("households", "of_class", "rate"), tuple(lines), withheld=hidden)


def _changes(scope: Scope, extent: Extent, number: int) -> TableData:
    status = TABLES[number].status
    found = changes(scope, extent.standard.code, extent.opening, extent.closing, today=extent.closing)
    if not found.published:
        return TableData(number, missing=NOT_PUBLISHED)
    balance = next(one for one in found.balances if one.status == status)
    cells: dict[str, Cell] = {OPENING: balance.opening}
    cells |= {f"to_{other}": balance.left[other] for other in SIDES if other != status}
    cells |= {f"from_{other}": balance.came[other] for other in SIDES if other != status}
    cells[CLOSING] = balance.closing
    return _one(number, cells)


def _average(extent: Extent, balances: Balances) -> TableData:
    whole = average_table(extent)
    if whole.missing:
        return whole
    average, others = whole.lines[-1].cells["average"], balances[OTHERS]
    assert isinstance(average, int) and others is not None
    return _one(1, {"households": balances[ALL], "average": _part(average, others - average)})


def _deprived(extent: Extent, number: int) -> TableData:
    whole = deprived_table(extent, number)
    if whole.missing:
        return whole
    spec = TABLES[number]
    found = _sum(deprived_of(extent, spec.status))
    everybody, surveyed = found[HOUSEHOLDS, ""], found[SURVEYED, ""]
    if tells_of_few((surveyed, everybody - surveyed)):
        return TableData(number, missing=NOT_PUBLISHED)
    codes = [code for code in whole.columns if code not in (HOUSEHOLDS, SURVEYED)]
    cells: dict[str, Cell] = {HOUSEHOLDS: everybody, SURVEYED: surveyed}
    for code in codes:
        yes, unknown = found["yes", code], found["open", code]
        cells[code] = _part(yes, unknown, surveyed - yes - unknown)
    hidden = None in cells.values()
    if spec.kind == DEPRIVED_SHARE:
        cells = shares(cells, codes)
    return TableData(number, tuple(cells), (Line(None, cells),), withheld=hidden)


def _groups(extent: Extent, balances: Balances) -> TableData:
    """Without minorities: table 9 parts the same households by ethnic group."""
    found = _sum(groups_of(extent))
    cells: dict[str, Cell] = {}
    for status in BOTH:
        cells[f"{status}_households"] = balances[status]
        for group in ("no_labour", "meritorious"):
            parts = [found[status, group, said] for said in (True, False, None)]
            cells[f"{status}_{group}"] = _part(*parts)
            cells[f"{status}_{group}_open"] = _part(parts[2], *parts[:2])
    return _one(8, cells)


def _ethnic(extent: Extent) -> TableData:
    found = by_ethnic_group(extent)
    table: dict[Key, int] = {}
    for group, counted in found.items():
        table[group, POOR], table[group, NEAR_POOR] = counted[POOR], counted[NEAR_POOR]
        table[group, OTHERS] = counted[ALL] - counted[POOR] - counted[NEAR_POOR]
        table[group, TOTAL] = counted[ALL]
    try:
        left_out = withheld(table)
    except Unprotected:
        return TableData(9, missing=NOT_PUBLISHED)

    def cells_of(group: str) -> dict[str, Cell]:
        told: dict[str, Cell] = {
            "households": None if (group, TOTAL) in left_out else found[group][ALL],
            **{one: None if (group, one) in left_out else found[group][one] for one in BOTH},
        }
        return {**told, **class_rates(told)}

    groups = sorted(found, key=lambda group: (not group, -found[group][ALL], group))
    whole: dict[str, Cell] = {
        "households": sum(one[ALL] for one in found.values()),
        **{status: sum(one[status] for one in found.values()) for status in BOTH},
    }
    lines = (*(Line(group, cells_of(group)) for group in groups), Line(None, {**whole, **class_rates(whole)}))
    return TableData(9, ETHNIC_COLUMNS, lines, withheld=bool(left_out))


def _causes(extent: Extent) -> TableData:
    """A household has any number of causes: they overlap, and none is the rest of the others.

    How many have a cause recorded parts those with a sheet (tables 4 to 7) further, so all three parts are held against
    the same bound.
    """
    whole = causes.causes_table(extent)
    if whole.missing:
        return whole
    found = _sum(causes.causes_of(extent))
    cells: dict[str, Cell] = {}
    for status in BOTH:
        everybody, recorded = found[status, causes.HOUSEHOLDS], found[status, causes.RECORDED]
        surveyed = _sum(deprived_of(extent, status))[SURVEYED, ""]
        numbers = {code: found[status, f"cause:{code}"] for code in causes.cause_codes(extent)}
        few = tells_of_few((recorded, everybody - recorded, surveyed - recorded, everybody - surveyed))
        told = None if few else publish_overlapping(recorded, numbers)
        cells[f"{status}_{HOUSEHOLDS}"] = everybody
        cells |= {f"{status}_{code}": told[code] if told else None for code in numbers}
        cells[f"{status}_{causes.OPEN}"] = None if few else everybody - recorded
    return _one(10, cells)


def _children(extent: Extent) -> TableData:
    cells: dict[str, Cell] = {}
    for status in BOTH:
        found = _sum(children_of(extent, status))
        children = found["children"]
        cells[f"{status}_children"] = _part(children)
        for what in ("uninsured", "malnourished", "school"):
            yes, unknown = found[what], found[f"{what}_open"]
            shown = cells[f"{status}_children"] is not None
            rest = (children - yes - unknown,)
            cells[f"{status}_{what}"] = _part(yes, unknown, *rest) if shown else None
            cells[f"{status}_{what}_open"] = _part(unknown, yes, *rest) if shown else None
    return _one(11, cells)
