"""Every figure of the report tables against a register small enough to be counted by hand; totals add up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Household, IncomeLine, PovertyStandard, StandardYear, UnitVersion, Village
from communes.rules.poverty.report_tables import CAME, LEFT, LISTS, TABLES, year_days
from communes.scope import scope_of
from communes.selectors.poverty_tables.extent import Extent, TableData, extent_of
from communes.selectors.poverty_tables.lists import list_rows
from communes.selectors.poverty_tables.tables import reach_of, table_data
from communes.services.counts import count_villages
from tests.factories.classifications import make_classification, make_counted, make_standard
from tests.factories.poverty_tables import make_known
from tests.factories.registers import Registry
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

TODAY = date(2024, 6, 1)


@pytest.fixture
def standard(registry: Registry) -> PovertyStandard:
    return make_known(registry)


@pytest.fixture
def commune(registry: Registry, standard: PovertyStandard) -> Extent:
    return extent(standard, UnitVersion.objects.get(unit=registry.unit))


def extent(standard: PovertyStandard, unit: UnitVersion | None = None, year: int = 2023) -> Extent:
    return extent_of(standard, year, *year_days(year, TODAY), unit)


def of(registry: Registry, found: Extent, number: int) -> TableData:
    return table_data(scope_of(registry.coordinator), found, number)


def lines(data: TableData, *columns: str) -> dict[str, tuple[Any, ...]]:
    """The figures of a table by the names of its lines; the total under ""."""
    assert data.missing == "" and set(columns) <= set(data.columns)
    return {
        getattr(line.name, "name_vi", line.name) or "": tuple(line.cells[column] for column in columns)
        for line in data.lines
    }


def test_a_year_lies_between_the_ends_of_two_and_ends_today() -> None:
    assert year_days(2023, TODAY) == (date(2022, 12, 31), date(2023, 12, 31))
    assert year_days(2024, TODAY) == (date(2023, 12, 31), TODAY)
    with pytest.raises(ValueError):
        year_days(2025, TODAY)


def test_the_changes_of_poor_households_by_cause(registry: Registry, commune: Extent) -> None:
    found = lines(
        of(registry, commune, 2),
        "opening", "left_escaped_near_poor", "left_escaped_not_poor", "left_moved_out", "left", "came_newly",
        "came_worse", "came", "closing",
    )  # fmt: skip
    assert found == {
        "Thôn Một": (4, 1, 1, 1, 3, 0, 0, 0, 1),
        "Thôn Hai": (0, 0, 0, 0, 0, 1, 1, 2, 2),
        "": (4, 1, 1, 1, 3, 1, 1, 2, 3),
    }


def test_the_changes_of_near_poor_households_by_cause(registry: Registry, commune: Extent) -> None:
    columns = ("opening", "left_escaped", "left_worse", "left_transfer", "left", "came_better", "came", "closing")
    assert lines(of(registry, commune, 3), *columns) == {
        "Thôn Một": (2, 1, 0, 1, 2, 1, 1, 1),
        "Thôn Hai": (1, 0, 1, 0, 1, 0, 0, 0),
        "": (3, 1, 1, 1, 3, 1, 1, 1),
    }
    city = lines(of(registry, extent(commune.standard), 3), "opening", "left", "came", "came_transfer", "closing")
    assert city == {"Hải Sơn": (3, 3, 1, 0, 1), "Trà Cổ": (0, 0, 1, 1, 1), "": (3, 3, 2, 1, 2)}


@pytest.mark.parametrize("number", [2, 3])
def test_every_line_of_changes_adds_up_to_its_total_and_balance(
    registry: Registry, standard: PovertyStandard, commune: Extent, number: int
) -> None:
    status = TABLES[number].status
    for found in (commune, extent(standard), extent(standard, year=2022)):
        data = of(registry, found, number)
        if data.missing:
            continue
        for line in data.lines:
            cells: Any = line.cells
            assert cells["opening"] - cells["left"] + cells["came"] == cells["closing"]
            assert cells["left"] == sum(cells[f"left_{cause}"] for cause in LEFT[status])
            assert cells["came"] == sum(cells[f"came_{cause}"] for cause in CAME[status])
        for column in data.columns:
            *parts, total = (line.cells[column] for line in data.lines)
            assert sum(parts) == total, column  # type: ignore[arg-type]


def test_a_village_that_went_to_another_unit_keeps_its_account(registry: Registry, standard: PovertyStandard) -> None:
    from tests.factories.households import make_version

    registry.villages["thon-2"].versions.update(valid_to=date(2023, 6, 30))
    make_version(registry.villages["thon-2"], registry.ward, "Thôn Hai", valid_from=date(2023, 7, 1))
    data = of(registry, extent(standard, UnitVersion.objects.get(unit=registry.unit)), 3)
    found = lines(data, "opening", "left_boundary", "closing")
    assert found == {"Thôn Một": (2, 0, 1), "": (3, 1, 1)} or found["Thôn Một"] == (2, 0, 1)
    assert [line.cells["left_boundary"] for line in data.lines] == [0, 1, 1]


def test_deprivations_in_numbers_and_in_shares_of_the_households_with_a_sheet(
    registry: Registry, commune: Extent
) -> None:
    columns = ("households", "surveyed", "water", "toilet", "telecom")
    data = of(registry, commune, 4)
    assert lines(data, *columns) == {"Thôn Một": (1, 0, 0, 0, 0), "Thôn Hai": (2, 2, 2, 1, 0), "": (3, 2, 2, 1, 0)}
    assert data.facts["open"] == 1
    shares = lines(of(registry, commune, 5), *columns)
    assert {key: [str(one) for one in row] for key, row in shares.items()} == {
        "Thôn Một": ["1", "0", "None", "None", "None"],
        "Thôn Hai": ["2", "2", "100.0", "50.0", "0.0"],
        "": ["3", "2", "100.0", "50.0", "0.0"],
    }
    assert lines(of(registry, commune, 6), *columns)[""] == (1, 1, 1, 1, 0)


def test_households_without_sheets_are_no_noughts(registry: Registry, standard: PovertyStandard) -> None:
    data = of(registry, extent(standard, year=2022), 4)
    assert (data.missing, data.facts["households"]) == ("no_sheets", 4)
    PovertyStandard.objects.update(form=None, list_provenance="missing")
    again = extent(PovertyStandard.objects.get())
    assert of(registry, again, 4).missing == "no_form"


def test_what_the_register_does_not_hold_is_said(registry: Registry, commune: Extent) -> None:
    assert of(registry, commune, 10).missing == "not_recorded"
    early = extent(commune.standard, commune.unit, year=2021)
    assert {of(registry, early, n).missing for n in TABLES} == {"nobody"}
    IncomeLine.objects.all().delete()
    assert of(registry, commune, 1).missing == "no_average_line"


def test_average_living_standard_among_the_farming(registry: Registry, commune: Extent) -> None:
    data = of(registry, commune, 1)
    assert lines(data, "households", "farming", "farming_open", "average") == {
        "Thôn Một": (4, 0, 4, 0), "Thôn Hai": (3, 1, 2, 1), "": (7, 1, 6, 1),
    }  # fmt: skip
    assert str(data.lines[-1].cells["average_rate"]) == "100.0"


def test_groups_and_what_nobody_wrote_down(registry: Registry, commune: Extent) -> None:
    columns = ("households", "minority", "no_labour", "no_labour_open", "meritorious", "meritorious_open")
    data = of(registry, commune, 8)
    assert lines(data, *(f"poor_{column}" for column in columns)) == {
        "Thôn Một": (1, 1, 1, 0, 1, 0), "Thôn Hai": (2, 1, 0, 2, 0, 0), "": (3, 2, 1, 2, 1, 0),
    }  # fmt: skip
    assert lines(data, *(f"near_poor_{column}" for column in columns))[""] == (1, 0, 0, 0, 0, 0)


def test_ethnic_groups_of_the_heads(registry: Registry, commune: Extent) -> None:
    data = of(registry, commune, 9)
    assert lines(data, "households", "poor", "near_poor") == {"01": (5, 1, 1), "09": (2, 2, 0), "": (7, 3, 1)}
    assert [str(line.cells["poor_rate"]) for line in data.lines] == ["20.0", "100.0", "42.9"]


def test_children_and_what_they_lack(registry: Registry, commune: Extent) -> None:
    parts = ("children", "uninsured", "uninsured_open", "malnourished", "malnourished_open", "school", "school_open")
    data = of(registry, commune, 11)
    assert lines(data, *(f"poor_{part}" for part in parts)) == {
        "Thôn Một": (3, 1, 1, 1, 1, 1, 1), "Thôn Hai": (0,) * 7, "": (3, 1, 1, 1, 1, 1, 1),
    }  # fmt: skip
    assert set(lines(data, *(f"near_poor_{part}" for part in parts))[""]) == {0}


def test_the_summary_of_a_class(registry: Registry, commune: Extent) -> None:
    data = of(registry, commune, 12)
    columns = ("households", "of_class", "people", "minority_households", "minority")
    assert lines(data, *columns) == {"Thôn Một": (4, 1, 5, 1, 1), "Thôn Hai": (3, 2, 2, 1, 1), "": (7, 3, 7, 2, 2)}
    assert str(data.lines[-1].cells["rate"]) == "42.9" and str(data.lines[-1].cells["minority_rate"]) == "100.0"
    assert lines(of(registry, commune, 13), "households", "of_class", "people")[""] == (7, 1, 1)


def test_the_lists_name_households_as_they_are_on_the_day(registry: Registry, commune: Extent) -> None:
    rows = list(list_rows(commune, "poor"))
    assert [(row.code, row.head, row.members, row.before, row.deprived) for row in rows] == [
        ("stays", "Chủ Hộ stays", 5, "poor", None),
        ("falls", "Chủ Hộ falls", 1, "near_poor", ("water", "toilet")),
        ("new", "Chủ Hộ new", 1, "", ("water",)),
    ]
    assert [row.village for row in rows] == ["Thôn Một", "Thôn Hai", "Thôn Hai"]
    assert [row.code for row in list_rows(commune, "near_poor")] == ["escapes"]
    assert "Chủ Hộ" not in repr(rows)


def test_tables_agree_with_one_another(registry: Registry, commune: Extent) -> None:
    for status, changes, deprived, summary in (("poor", 2, 4, 12), ("near_poor", 3, 6, 13)):
        closing = lines(of(registry, commune, changes), "closing")
        assert closing == lines(of(registry, commune, deprived), "households")
        assert closing == lines(of(registry, commune, summary), "of_class")
        assert closing == lines(of(registry, commune, 8), f"{status}_households")
        assert closing[""] == lines(of(registry, commune, 9), status)[""]
        assert closing[""] == (len(list(list_rows(commune, status))),)


def test_a_table_costs_the_same_for_many_households(registry: Registry, commune: Extent) -> None:
    from tests.factories.classifications import make_classification
    from tests.factories.households import make_household

    def cost() -> dict[int, int]:
        found = {}
        for number in TABLES:
            with CaptureQueriesContext(connection) as asked:
                of(registry, commune, number)
                if number in LISTS:
                    list(list_rows(commune, TABLES[number].status))
            found[number] = len(asked)
        return found

    cost()  # what a process keeps is asked once
    few = cost()
    for n in range(12):
        for status in ("poor", "near_poor"):
            made = make_household(registry.village, f"M{status}{n}")
            make_classification(made, commune.standard, status=status)
    assert cost() == few and max(few.values()) < 12


# --- As outsiders see them -------------------------------------------------------------------------------------------


def test_outsiders_get_all_units_in_one_line_and_of_units_what_is_published(registry: Registry) -> None:
    counted = extent(make_counted(registry))
    leader = scope_of(registry.leader)
    summary = table_data(leader, counted, 12)
    assert summary.withheld and any(line.cells["of_class"] is None for line in summary.lines)
    for number in (2, 4, 8, 9, 11):
        data = table_data(leader, counted, number)
        names = {getattr(line.name, "unit_id", None) for line in data.lines}
        assert names <= {None}, number
    changed = table_data(leader, extent(counted.standard, year=2022), 2)
    assert changed.missing == "not_published"  # nobody was classified at the end of 2021 …
    assert table_data(scope_of(registry.coordinator), extent(counted.standard, year=2022), 2).lines  # … or kept back


def test_only_the_countrys_standard_of_the_year_parts_the_poor_for_outsiders(registry: Registry) -> None:
    """What another standard's tables say more or less would be of the few households in which the two differ."""
    standard = make_counted(registry)
    other = make_standard("other")
    for one in Household.objects.all():
        make_classification(one, other, status="poor")
    count_villages(list(Village.objects.values_list("pk", flat=True)))
    for first, second in ((standard, other), (other, standard)):
        StandardYear.objects.all().delete()
        for year, one in ((2022, first), (2023, second)):
            StandardYear.objects.create(
                standard=one, effective_year=year, provenance="sourced", round_provenance="missing"
            )
        told = table_data(scope_of(registry.leader), extent(first, year=2022), 8)
        kept = table_data(scope_of(registry.leader), extent(second, year=2022), 8)
        assert not told.missing and kept.missing == "not_published"
        assert not table_data(scope_of(registry.coordinator), extent(second, year=2022), 8).missing


def test_no_small_figure_reaches_an_outsider(registry: Registry, standard: PovertyStandard) -> None:
    leader = scope_of(registry.leader)
    for number in set(TABLES) - LISTS:
        data = table_data(leader, extent(standard), number)
        shown = [cell for line in data.lines for column, cell in line.cells.items() if not column.endswith("rate")]
        assert not [cell for cell in shown if isinstance(cell, int) and 1 <= cell <= 4], number


def test_who_keeps_some_of_the_households_is_told_nothing_that_theirs_could_be_taken_off(
    registry: Registry, standard: PovertyStandard
) -> None:
    from communes.services.access import assign_role

    assign_role(by=None, user=registry.officer, role="leader")
    scope = scope_of(fresh(registry.officer))
    assert scope.all_units
    assert {table_data(scope, extent(standard), n).missing for n in (2, 4, 8, 9, 11)} == {"not_published"}


def test_each_reaches_their_own_units_and_lists_only_with_the_right(registry: Registry) -> None:
    officer, leader = (reach_of(scope_of(one), TODAY) for one in (registry.officer, registry.leader))
    assert [one.unit_id for one in officer.units] == [registry.unit.pk] and not officer.whole
    assert officer.tables(officer.units[0]) == tuple(TABLES)
    assert (leader.units, leader.whole) == ((), True)
    assert officer.own_on(TODAY) == "hai-son" and leader.own_on(TODAY) == ""
    registry.unit.versions.update(valid_from=date(2024, 1, 1))
    both = reach_of(scope_of(registry.coordinator), TODAY)
    assert (both.own_on(TODAY), both.own_on(date(2023, 12, 31))) == ("hai-son", "tra-co")
    assert set(TABLES) - set(leader.tables(None)) == LISTS
