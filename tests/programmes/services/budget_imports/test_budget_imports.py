"""The finance office's workbook: declared, every fault by cell, all or nothing, and back again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import Unit
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from programmes.models import BudgetEntry, BudgetImport, BudgetLine
from programmes.presenters.budget_imports import message_of
from programmes.rules.budget_files.layout import Layout
from programmes.services.budget import disburse, enter_move
from programmes.services.budget_imports import (
    accept_budget,
    declare_budget,
    declare_words,
    discard_budget,
    first_layout,
    send_budget,
    undo_budget,
)
from tests.factories.budget import labour_rule, make_line, make_programmes, money
from tests.factories.budget_files import COLUMNS, GOOD, ON, OTHER, checked, sent, upload, workbook
from tests.factories.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    make_programmes()
    return make_world()


@pytest.fixture
def office(world: World) -> Any:
    return world.people["coordinator"]


def with_cell(row: tuple[Any, ...], at: int, value: Any) -> tuple[Any, ...]:
    return (*row[:at], value, *row[at + 1 :])


def cells(row: BudgetImport, what: str = "faults") -> list[tuple[int, int, str, str]]:
    return [(one["row"], one["column"], one["name"], one["code"]) for one in getattr(row, what)]


def pointers(error: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in error.value.faults]


def state() -> list[tuple[Any, ...]]:
    entries = BudgetEntry.objects.order_by("pk").values_list("line", "kind", "amount", "on")
    return [*BudgetLine.objects.order_by("pk").values_list("pk", "planned", "allocated", "disbursed"), *entries]


# --- Declared --------------------------------------------------------------------------------------------------------


def test_columns_are_proposed_by_their_headings(office):
    layout = first_layout(sent(office, GOOD))
    assert (layout.head_first, layout.data_first, layout.columns) == (3, 4, COLUMNS)


def test_a_file_without_known_headings_proposes_nothing(office):
    assert first_layout(sent(office, GOOD, headings=list("ABCDEFGHIJ"))).columns == {}


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"columns": {"planned": 7}}, ("/columns/source", "required")),
        ({"columns": {k: v for k, v in COLUMNS.items() if k != "unit"}}, ("/columns/unit", "required")),
        ({"columns": {**COLUMNS, "planned": 8}}, ("/columns/carried_over", "twice")),
        ({"columns": {"source": 6, "programme": 1, "unit": 4, "year": 5}}, ("/columns/planned", "no_amount")),
        ({"number_format": ""}, ("/number_format", "unknown")),
        ({"money_unit": 7}, ("/money_unit", "unknown")),
        ({"year": 1999}, ("/year", "unknown")),
        ({"data_first": 3}, ("/data_first", "rows")),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(office, over, fault):
    row = sent(office, GOOD)
    layout = Layout.of_json({**first_layout(row).as_json(), **over})
    with pytest.raises(Invalid) as error:
        declare_budget(by=office, import_id=row.pk, layout=layout)
    assert fault in pointers(error)


@pytest.mark.parametrize(
    ("file", "on", "faults"),
    [
        (None, None, [("/on", "required"), ("/file", "missing")]),
        (b"not a workbook", ON, [("/file", "type_mismatch")]),
        (b"", ON, [("/file", "empty")]),
    ],
)
def test_what_is_no_workbook_is_refused(office, file, on, faults):
    with pytest.raises(Invalid) as error:
        send_budget(by=office, file=None if file is None else upload(file), on=on)
    assert pointers(error) == faults


def test_figures_of_a_day_to_come_are_refused(office):
    with pytest.raises(Invalid) as error:
        send_budget(by=office, file=upload(workbook(GOOD)), on=timezone.localdate() + timedelta(days=1))
    assert pointers(error) == [("/on", "in_future")]


# --- Checked ---------------------------------------------------------------------------------------------------------


def test_a_good_file_waits_and_nothing_is_stored_yet(office):
    row = checked(office, GOOD, OTHER)
    assert (row.status, row.faults, row.doubts) == ("ready", [], [])
    assert (row.counts["lines"], row.counts["new"], row.counts["changed"], row.counts["same"]) == (2, 2, 0, 0)
    assert (row.counts["planned"], row.counts["disbursed"]) == (1_800_000_000, 1_250_000_000)
    assert not BudgetLine.objects.exists()


@pytest.mark.parametrize(
    ("at", "value", "name", "code"),
    [
        (0, "Chương trình lạ", "programme", "unknown_word"),
        (0, None, "programme", "missing"),
        (1, 9, "component", "unknown_component"),
        (1, None, "component", "missing"),
        (1, "Làm đường", "component", "unknown_word"),
        (2, "NTM", "shared_with", "own_programme"),
        (2, "NQ99", "shared_with", "unknown_programme"),
        (3, "Xã Lạ", "unit", "unknown_word"),
        (4, "2O23", "year", "not_a_year"),
        (4, 2019, "year", "outside_term"),
        (5, "Quỹ đen", "source", "unknown_word"),
        (6, "1,500,000,000", "planned", "wrong_format"),
        (6, "1.500.000,50", "planned", "not_whole"),
        (6, "một tỷ rưỡi", "planned", "not_a_number"),
        (6, date(2023, 1, 5), "planned", "not_a_number"),
        (6, -5, "planned", "negative"),
        (8, "1.500.000.001", "allocated", "beyond_plan"),
        (9, "1.200.000.001", "disbursed", "overspent"),
        (8, None, "disbursed", "before_allocation"),
    ],
)
def test_a_fault_is_named_by_its_cell(office, at, value, name, code):
    row = checked(office, OTHER, with_cell(GOOD, at, value))
    assert row.status == "faulty"
    assert (5, COLUMNS[name], name, code) in cells(row)
    assert all(message_of(one["code"], one["told"]) for one in row.faults)


def test_a_comma_against_a_point_is_told_with_what_was_probably_meant(office):
    (fault,) = checked(office, with_cell(GOOD, 6, "1,500,000,000")).faults
    assert "1.500.000.000" in message_of(fault["code"], fault["told"])
    english = [with_cell(GOOD, 6, "1,500,000,000")]
    english = [with_cell(english[0], 8, "1,200,000,000")]
    assert checked(office, *english, number_format="en").status == "ready"


def test_every_fault_of_every_row_is_named_at_once(office):
    bad = ("Lạ", 9, "X", "Y", "z", "W", "1,000,000", None, None, None)
    row = checked(office, bad, with_cell(OTHER, 9, "x"))
    assert {(one[0], one[2]) for one in cells(row)} == {
        (4, "programme"), (4, "shared_with"), (4, "unit"), (4, "year"), (4, "source"), (4, "planned"), (5, "disbursed"),
    }  # fmt: skip


def test_an_amount_in_millions_with_three_decimals_is_a_doubt(office):
    row = checked(office, with_cell(with_cell(with_cell(GOOD, 6, "1,234"), 8, None), 9, None), money_unit=1_000_000)
    assert row.status == "ready"
    assert cells(row, "doubts") == [(4, 7, "planned", "looks_other")]
    assert row.counts["planned"] == 1_234_000
    with pytest.raises(Invalid) as error:
        accept_budget(by=office, import_id=row.pk)
    assert pointers(error) == [("/doubts_right", "required")]
    assert accept_budget(by=office, import_id=row.pk, doubts_right=True).status == "applied"


def test_the_same_line_twice_is_named(office):
    assert cells(checked(office, GOOD, OTHER, GOOD)) == [(6, 0, "", "twice")]


def test_rows_of_totals_and_empty_ones_are_passed_over(office):
    total = ("Tổng cộng", None, None, None, None, None, 99, None, 99, 99)
    row = checked(office, GOOD, (None,) * 10, OTHER, total)
    assert (row.status, row.counts["totals"], row.counts["lines"]) == ("ready", 1, 2)


def test_what_holds_for_the_whole_file_is_declared_once(office, world):
    columns = {"component": 2, "source": 6, "planned": 7}
    given = {"columns": columns, "programme": "NTM", "unit": world.commune.uid, "year": 2023}
    row = checked(office, GOOD, **given)
    assert row.status == "ready"
    accept_budget(by=office, import_id=row.pk)
    line = BudgetLine.objects.get()
    assert (line.programme.code, line.unit, line.year, line.shared_with) == ("NTM", world.commune, 2023, "")


def test_labour_and_land_are_left_to_the_pages_that_count_them(office):
    row = (*GOOD[:5], "Nguồn people_labour", 5_000_000, None, None, 4_000_000)
    assert cells(checked(office, row)) == [(4, 6, "source", "in_kind")]


def test_labour_that_stands_on_the_portal_as_the_file_has_it_is_no_fault(office, world):
    labour_rule()
    make_line(world.commune, source="people_labour", planned=100, disbursed=90, shared_with=("NQ06",))
    row = (*GOOD[:5], "Nguồn people_labour", 30_000_000, None, None, 27_000_000)
    assert checked(office, row).counts["same"] == 1


def test_words_are_declared_and_the_file_checked_anew(office):
    row = checked(office, with_cell(with_cell(GOOD, 3, "X. Thử nhất"), 5, "NS tỉnh"))
    assert {one[3] for one in cells(row)} == {"unknown_word"}
    said = {("unit", "X. Thử nhất"): "commune-1", ("source", "NS tỉnh"): "province", ("year", "x"): "2023"}
    row = declare_words(by=office, import_id=row.pk, said=said)
    assert row.status == "ready"


def test_the_cost_of_a_check_does_not_grow_with_the_rows(office, world):
    def cost(*rows: Any) -> int:
        row = sent(office, *rows)
        layout = first_layout(row)
        with CaptureQueriesContext(
            connection,
        ) as found:
            declare_budget(by=office, import_id=row.pk, layout=layout)
        return len(found)

    few = cost(GOOD)
    many = [with_cell(with_cell(GOOD, 4, year), 1, part) for year in range(2021, 2026) for part in (1, 2)]
    assert cost(*many) == few


# --- Taken over ------------------------------------------------------------------------------------------------------


def test_confirming_stores_all_of_it_once(office, world):
    row = checked(office, GOOD, OTHER)
    row = accept_budget(by=office, import_id=row.pk)
    line = BudgetLine.objects.get(unit=world.commune)
    assert (line.planned, line.allocated, line.disbursed, line.shared_with) == (
        1_500_000_000, 1_200_000_000, 900_000_000, "NQ06",
    )  # fmt: skip
    assert line.tags.get().programme.code == "NQ06"
    assert {e.provenance for e in line.entries.all()} == {"sourced"} and {e.on for e in line.entries.all()} == {ON}
    before = state()
    assert accept_budget(by=office, import_id=row.pk).status == "applied"
    assert state() == before
    kinds = AuditEvent.objects.filter(object_type="budget_import").values_list("kind", flat=True)
    assert sorted(kinds) == ["budget.checked", "budget.imported"]


def test_the_same_file_again_changes_nothing(office):
    accept_budget(by=office, import_id=checked(office, GOOD, OTHER).pk)
    before = state()
    again = checked(office, GOOD, OTHER)
    assert (again.counts["same"], again.counts["new"], again.counts["changed"]) == (2, 0, 0)
    accept_budget(by=office, import_id=again.pk)
    assert state() == before


def test_a_later_file_adds_what_differs_and_less_is_a_doubt(office, world):
    accept_budget(by=office, import_id=checked(office, GOOD).pk)
    later = with_cell(with_cell(GOOD, 9, 1_000_000_000), 6, 1_400_000_000)
    row = checked(office, later, on=date(2024, 1, 31))
    assert cells(row, "doubts") == [(4, 7, "planned", "less")]
    accept_budget(by=office, import_id=row.pk, doubts_right=True)
    line = BudgetLine.objects.get()
    assert (line.planned, line.disbursed) == (1_400_000_000, 1_000_000_000)
    assert line.entries.filter(on=date(2024, 1, 31)).count() == 2


def test_what_changed_since_the_check_stops_the_import(office, world):
    row = checked(office, GOOD)
    make_line(world.commune, planned=2_000_000_000, shared_with=("NQ06",))
    with pytest.raises(Stale):
        accept_budget(by=office, import_id=row.pk)
    row.refresh_from_db()
    assert row.status == "ready" and cells(row, "doubts") == [(4, 7, "planned", "less")]
    assert BudgetEntry.objects.count() == 1


def test_money_carried_over_beyond_what_the_year_before_left_is_named(office, world):
    make_line(world.commune, planned=1_000, allocated=1_000, disbursed=900, shared_with=("NQ06",))
    row = (*GOOD[:4], 2024, GOOD[5], 5_000, 101, None, None)
    assert cells(checked(office, row, on=date(2024, 1, 31))) == [(4, 8, "carried_over", "carried_on")]
    assert checked(office, with_cell(row, 7, 100), on=date(2024, 1, 31)).status == "ready"


def test_a_faulty_file_cannot_be_confirmed_and_a_discarded_one_is_gone(office):
    row = checked(office, with_cell(GOOD, 4, "x"))
    with pytest.raises(Stale):
        accept_budget(by=office, import_id=row.pk)
    discard_budget(by=office, import_id=row.pk)
    with pytest.raises(Stale):
        declare_budget(by=office, import_id=row.pk, layout=Layout.of_json(row.layout))
    with pytest.raises(Stale):
        discard_budget(by=office, import_id=row.pk)


# --- Undone ----------------------------------------------------------------------------------------------------------


def test_an_import_is_taken_back_as_if_it_had_never_come(office, world):
    make_line(world.commune, planned=1_000, allocated=1_000, shared_with=("NQ06",))
    before = state()
    row = accept_budget(by=office, import_id=checked(office, GOOD, OTHER).pk)
    assert BudgetLine.objects.count() == 2
    row = undo_budget(by=office, import_id=row.pk)
    assert (row.status, state()) == ("undone", before)
    assert undo_budget(by=office, import_id=row.pk).status == "undone"


def test_what_rests_on_an_import_keeps_it(office, world):
    row = accept_budget(by=office, import_id=checked(office, GOOD).pk)
    line = BudgetLine.objects.get()
    disburse(by=office, line_id=line.pk, move=money(1_000, on=date(2024, 1, 15)))
    before = state()
    with pytest.raises(Invalid) as error:
        undo_budget(by=office, import_id=row.pk)
    assert pointers(error) == [("/lines", "resting")] and "Thử 1" in str(error.value)
    row.refresh_from_db()
    assert (row.status, state()) == ("applied", before)


def test_money_that_the_next_year_took_keeps_an_import(office, world):
    row = accept_budget(by=office, import_id=checked(office, GOOD).pk)
    after = make_line(world.commune, year=2024, shared_with=("NQ06",), on=date(2024, 1, 31))
    enter_move(by=office, line_id=after.pk, move=money(5, kind="carried_over", on=date(2024, 1, 31)))
    with pytest.raises(Invalid):
        undo_budget(by=office, import_id=row.pk)


@pytest.mark.parametrize("name", ["officer", "verifier_a", "leader", "administrator"])
def test_only_the_coordination_office_brings_files(world, name):
    person = world.people[name]
    with pytest.raises(Forbidden):
        send_budget(by=person, file=upload(workbook(GOOD)), on=ON)
    row = checked(world.people["coordinator"], GOOD)
    for act in (accept_budget, undo_budget, discard_budget):
        with pytest.raises(Forbidden):
            act(by=person, import_id=row.pk)


def test_units_are_known_by_name_with_and_without_their_kind(office, world):
    assert Unit.objects.count() > 2
    for name in ("Thử 1", "xã thử 1", "XÃ THỬ 1", "commune-1"):
        assert checked(office, with_cell(GOOD, 3, name)).status == "ready", name
