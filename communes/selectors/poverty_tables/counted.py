"""Tables 1, 8, 9, 11, 12 and 13: how many households, of which groups, and the children in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from communes.models import HouseholdMember, HouseholdStay, IncomeLine
from communes.rules.ethnic_groups import is_minority
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.report_tables import (
    ADULT_AT,
    NO_AVERAGE_LINE,
    SCHOOL_AGES,
    TABLES,
    years_before,
)
from communes.rules.poverty.types import AVERAGE_LINE
from communes.selectors.poverty_tables.extent import (
    VILLAGE,
    Cell,
    Extent,
    Line,
    TableData,
    answers,
    counts,
    with_total,
)
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.numbers import percentage

BOTH = (POOR, NEAR_POOR)
ALL = ""  # the class of `HouseholdCount` that every household is of


def _share(part: Cell, whole: Cell) -> Cell:
    return percentage(part, whole) if isinstance(part, int) and isinstance(whole, int) else None


def number_in(counted: Mapping[tuple[str, str], int], status: str, *, minority: bool | None = None) -> int:
    """Households of a class, of those only whose head is of an ethnic minority where it is asked for."""
    return sum(
        number for (one, group), number in counted.items() if one == status and minority in (None, is_minority(group))
    )


def average_table(extent: Extent) -> TableData:
    """Table 1: households of farming, forestry, fishery and salt-making, and those of average living standard.

    Who is of average living standard lives by farming by its review, whatever the register says of that.
    """
    if not IncomeLine.objects.filter(standard=extent.standard, kind=AVERAGE_LINE).exists():
        return TableData(1, missing=NO_AVERAGE_LINE)
    households = counts(extent)
    found = list(
        answers(extent)
        .filter(average_living=True)
        .values_list(VILLAGE, "household__farming")
        .annotate(Count("pk"))
        .values_list(VILLAGE, "household__farming", "pk__count")
    )
    average = extent.by_place((village, True, number) for village, _farming, number in found)
    unsaid = extent.by_place((village, farming, number) for village, farming, number in found if farming is not True)
    there = HouseholdStay.objects.filter(in_force_q(extent.closing), in_force_q(extent.closing, "household__"))
    if extent.unit is not None:
        there = there.filter(village__in=list(extent.place_of))
    farming = extent.by_place(
        there.order_by().values_list("village", "household__farming").annotate(Count("pk"))
    )  # fmt: skip
    columns = ("households", "farming", "farming_open", "average", "average_rate")
    lines = [
        Line(
            name,
            {
                "households": number_in(households[key], ALL),
                "farming": farming[key][True] + unsaid[key].total(),
                "farming_open": farming[key][None] - unsaid[key][None],
                "average": average[key][True],
            },
        )
        for key, name in extent.lines
    ]
    total = with_total(lines, columns, lambda cells: {"average_rate": _share(cells["average"], cells["farming"])})
    return TableData(1, columns, total)


def summary_table(extent: Extent, number: int) -> TableData:
    """Tables 12 and 13: how many are poor or near poor among all households, people in them, and minorities."""
    status = TABLES[number].status
    counted = counts(extent)
    people = extent.by_place(
        (village, status, found)
        for village, found in _members(extent, status)
        .values_list("household__stays__village")
        .annotate(found=Count("pk"))
        .values_list("household__stays__village", "found")
    )
    columns = ("households", "of_class", "rate", "people", "minority_households", "minority", "minority_rate")
    lines = [
        Line(
            name,
            {
                "households": number_in(counted[key], ALL),
                "of_class": number_in(counted[key], status),
                "people": people[key][status],
                "minority_households": number_in(counted[key], ALL, minority=True),
                "minority": number_in(counted[key], status, minority=True),
            },
        )
        for key, name in extent.lines
    ]

    def rates(cells: Mapping[str, Cell]) -> dict[str, Cell]:
        return {
            "rate": _share(cells["of_class"], cells["households"]),
            "minority_rate": _share(cells["minority"], cells["minority_households"]),
        }

    return TableData(number, columns, with_total(lines, columns, rates))


def _members(extent: Extent, status: str) -> QuerySet[HouseholdMember]:
    """Who belongs on the closing day to the households that are of a class on it, joined with where these live."""
    stays = "household__stays__"
    return (  # type: ignore[no-any-return]
        HouseholdMember.objects.in_force(extent.closing)
        .filter(household__in=answers(extent, status).values("household"))
        .filter(in_force_q(extent.closing, stays))
        .order_by()
    )


def groups_of(extent: Extent) -> dict[Hashable, Counter[tuple[str, str, object]]]:
    """Return by line the poor and near-poor households of a group, by (class, group, yes, no or None): two queries.

    `no_labour` is the household's; `meritorious` is one that has such a member, None where that is recorded of nobody
    and not of everybody.
    """
    there = HouseholdMember.objects.filter(in_force_q(extent.closing), household=OuterRef("household"))
    rows = answers(extent, *BOTH)
    labour = rows.values_list(VILLAGE, "status", "household__no_labour").annotate(number=Count("pk"))
    merit = (
        rows.annotate(
            has=Exists(there.filter(person__meritorious=True)), open=Exists(there.filter(person__meritorious=None))
        )
        .values_list(VILLAGE, "status", "has", "open")
        .annotate(number=Count("pk"))
    )
    found = [(village, (status, "no_labour", said), number) for village, status, said, number in labour]
    for village, status, has, unknown, number in merit:
        found.append((village, (status, "meritorious", True if has else None if unknown else False), number))
    return extent.by_place(found)


def groups_table(extent: Extent) -> TableData:
    """Table 8: poor and near-poor households of a minority, without anyone able to work, with people of merit."""
    counted, groups = counts(extent), groups_of(extent)
    columns = tuple(
        f"{status}_{what}"
        for status in BOTH
        for what in ("households", "minority", "no_labour", "no_labour_open", "meritorious", "meritorious_open")
    )
    lines = []
    for key, name in extent.lines:
        cells: dict[str, Cell] = {}
        for status in BOTH:
            cells[f"{status}_households"] = number_in(counted[key], status)
            cells[f"{status}_minority"] = number_in(counted[key], status, minority=True)
            for group in ("no_labour", "meritorious"):
                cells[f"{status}_{group}"] = groups[key][status, group, True]
                cells[f"{status}_{group}_open"] = groups[key][status, group, None]
        lines.append(Line(name, cells))
    return TableData(8, columns, with_total(lines, columns))


ETHNIC_COLUMNS = ("households", "poor", "poor_rate", "near_poor", "near_poor_rate")


def by_ethnic_group(extent: Extent) -> dict[str, Counter[str]]:
    """Return the households of all lines by the head's ethnic group ("": not recorded) and class."""
    found: dict[str, Counter[str]] = {}
    for line in counts(extent).values():
        for (status, group), number in line.items():
            found.setdefault(group, Counter())[status] += number
    return found


def ethnic_table(extent: Extent) -> TableData:
    """Table 9: poor and near-poor households by the ethnic group of the head; a line a group, the largest first."""
    found = by_ethnic_group(extent)
    groups = sorted(found, key=lambda group: (not group, -found[group][ALL], group))
    lines = [
        Line(group, {"households": found[group][ALL], "poor": found[group][POOR], "near_poor": found[group][NEAR_POOR]})
        for group in groups
    ]

    return TableData(9, ETHNIC_COLUMNS, with_total(lines, ETHNIC_COLUMNS, class_rates))


def class_rates(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    return {f"{status}_rate": _share(cells[status], cells["households"]) for status in BOTH}


CHILD_PARTS = ("children", "uninsured", "uninsured_open", "malnourished", "malnourished_open", "school", "school_open")


def children_of(extent: Extent, status: str) -> dict[Hashable, Counter[str]]:
    """Return by line the children under 16 in households of a class, and how many of them lack what: one query."""
    day = extent.closing
    rows = _members(extent, status).filter(person__birth_date__gt=years_before(day, ADULT_AT))
    lacking, unknown = Q(), Q()
    for first, under, school in SCHOOL_AGES:
        age = Q(person__birth_date__gt=years_before(day, under), person__birth_date__lte=years_before(day, first))
        lacking |= age & ~Q(person__schooling__in=["", school])
        unknown |= age & Q(person__schooling="")
    found = rows.values("household__stays__village").annotate(
        children=Count("pk"),
        uninsured=Count("pk", filter=Q(person__health_insurance=False)),
        uninsured_open=Count("pk", filter=Q(person__health_insurance=None)),
        malnourished=Count("pk", filter=Q(person__nutrition__in=["stunted", "underweight", "both"])),
        malnourished_open=Count("pk", filter=Q(person__nutrition="")),
        school=Count("pk", filter=lacking),
        school_open=Count("pk", filter=unknown),
    )
    return extent.by_place((row["household__stays__village"], part, row[part]) for row in found for part in CHILD_PARTS)


def children_table(extent: Extent, statuses: Collection[str] = BOTH) -> TableData:
    """Table 11: children under 16 in poor and near-poor households, and what they lack."""
    found = {status: children_of(extent, status) for status in statuses}
    columns = tuple(f"{status}_{part}" for status in statuses for part in CHILD_PARTS)
    lines = [
        Line(name, {f"{status}_{part}": found[status][key][part] for status in statuses for part in CHILD_PARTS})
        for key, name in extent.lines
    ]
    return TableData(11, columns, with_total(lines, columns))
