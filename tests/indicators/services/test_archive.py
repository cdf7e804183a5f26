"""Past years come from Excel: checked cell by cell, staged, and stored whole or not at all, once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook

from communes.models import UnitVersion
from communes.scope import scope_of
from indicators.models import (
    Attainment,
    DataElement,
    EvaluationRequest,
    HistoryImport,
    Level,
    Period,
    Recognition,
    Report,
    ReportedValue,
)
from indicators.rules.completeness import Ratio, Stage, Timing
from indicators.selectors.completeness import completeness_grid
from indicators.services import archive as archive_service
from indicators.services.archive import apply_import, discard_import, stage_import
from indicators.services.evaluation import run_requests
from indicators.services.reports import open_report, reopen, submit
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from programmes.selectors.reporting import reporting
from tests.factories.files import EXE, MEDIA_TYPES, upload, zip_bomb
from tests.factories.world import GOOD, World, bring_to, fresh, make_communes, make_period, make_report, make_world

pytestmark = pytest.mark.django_db
VALUES = ("Xã", "Kỳ", "Mã số liệu", "Giá trị", "Tình trạng", "Lý do", "Ghi chú")
ACTS = ("Xã", "Mức", "Số quyết định", "Ngày quyết định", "Người ký", "Ngày hết hiệu lực",
        "Số quyết định thu hồi", "Ngày thu hồi", "Lý do thu hồi", "Nguồn", "Ghi chú")  # fmt: skip
Row = tuple[Any, ...]


@pytest.fixture
def world() -> World:
    return make_world()


def book(
    values: Iterable[Row] = (), acts: Iterable[Row] | None = None, change: Callable[[Any], None] | None = None
) -> SimpleUploadedFile:
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Số liệu"
    for row in (VALUES, *values):
        sheet.append(row)
    if acts is not None:
        second = workbook.create_sheet("Công nhận")
        for row in (ACTS, *acts):
            second.append(row)
    if change:
        change(workbook)
    stream = BytesIO()
    workbook.save(stream)
    return SimpleUploadedFile("qua-khu.xlsx", stream.getvalue(), MEDIA_TYPES["xlsx"])


def good(unit: str = "Thử 1", period: object = 2022) -> list[Row]:
    """A whole good report as rows."""
    return [
        (unit, period, f"{element}:{part}" if part else element, _raw(value)) for (element, part), value in GOOD.items()
    ]


def _raw(value: object) -> object:
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def stage(world: World, file: Any, number_format: str = "vi", who: str = "coordinator") -> HistoryImport:
    return stage_import(by=world.people[who], file=file, number_format=number_format)


def confirm(world: World, row: HistoryImport) -> HistoryImport:
    return apply_import(by=world.people["coordinator"], import_id=row.pk)


def faults(world: World, *rows: Row, **more: Any) -> list[tuple[str, str]]:
    """The faults of a workbook as (cell, code); nothing else than the staged import is stored."""
    number_format = more.pop("number_format", "vi")
    before = Report.objects.count(), Recognition.objects.count()
    row = stage(world, book(rows, **more), number_format)
    assert (Report.objects.count(), Recognition.objects.count()) == before
    assert (row.status == "faulty") == bool(row.faults)
    return [(f["where"], f["code"]) for f in row.faults]


# --- The whole way -----------------------------------------------------------------------------------------------


def test_a_good_workbook_becomes_approved_reports_marked_as_brought_from_the_archive(world: World) -> None:
    row = stage(world, book(good()))
    assert (row.status, row.faults, row.conflicts) == ("ready", [], [])
    assert {k: row.counts[k] for k in ("reports", "values", "acts", "same")} == {
        "reports": 1, "values": len(GOOD), "acts": 0, "same": 0,
    }  # fmt: skip
    assert not Report.objects.exists()
    row = confirm(world, row)
    report = Report.objects.get()
    revision = report.revisions.get()
    assert (row.status, row.decided_by) == ("applied", "coordinator")
    assert (report.status, report.approved_revision, report.illustrative) == ("approved", 1, False)
    assert (revision.imported_from, revision.submitted_by, revision.approved_by) == (row, "", "coordinator")
    assert Period.objects.get(code="2022").due_on == date(2022, 12, 31)
    stored = {(v.element.code, v.part): v for v in report.values.select_related("element")}
    assert stored["houses", ""].number == 0
    assert stored["plan", ""].boolean is True
    assert stored["schooling", "14.1.c"].choice == "mức độ 2"
    assert not report.verdicts.exists()
    # The history of a cell begins with what came from the archive.
    assert {(c.element.code, c.part, c.number) for c in report.changes.select_related("element")} == {
        (v.element.code, v.part, v.number) for v in stored.values()
    }


def test_evaluation_follows_for_all_of_them(world: World) -> None:
    confirm(world, stage(world, book([*good(), *good(period=2021)])))
    assert EvaluationRequest.objects.filter(done_at__isnull=True).count() == 2
    run_requests()
    # Nobody judged where no norm is known: that stays open, and the rest is met.
    assert {(a.period.code, a.criteria_met) for a in Attainment.objects.all()} == {("2021", 3), ("2022", 3)}


def test_confirming_again_and_sending_the_same_file_again_change_nothing(world: World) -> None:
    row = confirm(world, stage(world, book(good())))
    before = list(ReportedValue.objects.order_by("pk").values()), AuditEvent.objects.count()
    assert confirm(world, row).decided_at == row.decided_at
    assert (list(ReportedValue.objects.order_by("pk").values()), AuditEvent.objects.count()) == before
    again = stage(world, book(good()))
    assert (again.status, again.counts["same"], again.counts["values"]) == ("ready", len(GOOD), 0)
    confirm(world, again)
    assert list(ReportedValue.objects.order_by("pk").values()) == before[0]
    assert Report.objects.count() == 1


def test_every_step_is_in_the_audit_trail(world: World) -> None:
    acts = [("Thử 1", "standard", "5/QĐ", date(2020, 5, 1))]
    row = confirm(world, stage(world, book(good(), acts)))
    told = [(e.kind, e.object_label) for e in AuditEvent.objects.order_by("id")]
    assert ("history.checked", "qua-khu.xlsx") in told
    assert ("history.imported", "qua-khu.xlsx") in told
    assert ("report.imported", "Xã Thử 1 · 2022") in told
    assert ("recognition.issued", "Xã Thử 1 · standard") in told
    assert ("period.opened", "2022") in told
    event = AuditEvent.objects.get(kind="report.imported")
    assert event.details["file"] == "qua-khu.xlsx"
    assert AuditEvent.objects.get(kind="history.imported").details["sha256"] == row.sha256


def test_a_year_that_no_set_judges_takes_every_element_there_is(world: World) -> None:
    row = confirm(world, stage(world, book(good(period=2015))))
    assert row.counts["values"] == len(GOOD)
    run_requests()
    assert not Attainment.objects.exists()


def test_states_stay_apart(world: World) -> None:
    rows = [
        ("Thử 1", 2022, "roads", 0),
        ("Thử 1", 2022, "houses", None, "chưa có số liệu"),
        ("Thử 1", 2022, "water", None, "không áp dụng", "Không có nước sạch tập trung"),
        ("Thử 1", 2022, "plan", None),
    ]
    row = confirm(world, stage(world, book(rows)))
    found = {v.element.code: (v.state, v.number, v.reason) for v in ReportedValue.objects.select_related("element")}
    assert found == {
        "roads": ("value", Decimal(0), ""),
        "houses": ("no_data", None, ""),
        "water": ("not_applicable", None, "Không có nước sạch tập trung"),
    }
    assert row.counts["blank"] == 1


@pytest.mark.parametrize(
    "name",
    ["Thử 1", "Xã Thử 1", "xã  thử 1", unicodedata.normalize("NFD", "Xã Thử 1"), "XÃ THỬ 1", "Test 1", "commune-1"],
)
def test_a_commune_is_known_in_every_spelling(world: World, name: str) -> None:
    row = confirm(world, stage(world, book([(name, 2022, "roads", 50)])))
    assert row.counts["values"] == 1
    assert Report.objects.get().unit == world.commune


def test_texts_are_numbers_in_the_declared_format_only(world: World) -> None:
    assert confirm(world, stage(world, book([("Thử 1", 2022, "roads", "88,5")]))).counts["values"] == 1
    assert ReportedValue.objects.get().number == Decimal("88.5")
    english = stage(world, book([("Thử 1", 2021, "roads", "88.5")]), "en")
    assert english.status == "ready"
    assert faults(world, ("Thử 1", 2020, "roads", "88.5")) == [("Số liệu!D2", "wrong_format")]
    assert faults(world, ("Thử 1", 2020, "roads", "76.611")) == [("Số liệu!D2", "ambiguous")]
    assert faults(world, ("Thử 1", 2020, "roads", "88,5"), number_format="en") == [("Số liệu!D2", "wrong_format")]


def test_a_cell_shown_as_a_percentage_is_read_as_it_is_shown(world: World) -> None:
    def percent(workbook: Any) -> None:
        workbook.active["D2"].number_format = "0.0%"

    confirm(world, stage(world, book([("Thử 1", 2022, "roads", 0.885)], change=percent)))
    assert ReportedValue.objects.get().number == Decimal("88.5")
    assert faults(world, ("Thử 1", 2021, "houses", 0.5), change=percent) == [("Số liệu!D2", "percent")]


# --- Every fault by its cell -------------------------------------------------------------------------------------


def test_every_fault_of_a_workbook_is_named_by_sheet_and_cell_at_once(world: World) -> None:
    rows: list[Row] = [
        ("Thử 1", 2022, "roads", 142),
        ("Thử 9", 2022, "roads", 50),
        ("Thử 1", "năm 22", "roads", 50),
        ("Thử 1", 2022, "road", 50),
        ("Thử 1", 2022, "insured", 50),
        ("Thử 1", 2022, "insured:child", 50),
        ("Thử 1", 2022, "houses", 2.5),
        ("Thử 1", 2022, "water", -1),
        ("Thử 1", 2022, "water:17.1.a", None, "không áp dụng"),
        ("Thử 1", 2022, "plan", "có lẽ"),
        ("Thử 1", 2022, "schooling:14.1.c", "mức độ 9"),
        ("Thử 1", 2022, "schooling:14.1.a", date(2022, 4, 1)),
        ("Thử 2", 2022, "roads", 50, "đang chờ"),
        ("Thử 2", 2022, "water", 50, "chưa có số liệu"),
        (None, None, None, 50),
    ]
    assert faults(world, *rows) == [
        ("Số liệu!D2", "over_100"),
        ("Số liệu!A3", "unknown_unit"),
        ("Số liệu!B4", "unknown_period"),
        ("Số liệu!C5", "unknown_element"),
        ("Số liệu!C6", "unknown_part"),
        ("Số liệu!C7", "unknown_part"),
        ("Số liệu!D8", "not_whole"),
        ("Số liệu!D9", "negative"),
        ("Số liệu!F10", "reason_required"),
        ("Số liệu!D11", "wrong_type"),
        ("Số liệu!D12", "not_in_scale"),
        ("Số liệu!D13", "date"),
        ("Số liệu!E14", "unknown_state"),
        ("Số liệu!E15", "value_and_state"),
        ("Số liệu!A16", "missing"),
        ("Số liệu!B16", "missing"),
        ("Số liệu!C16", "missing"),
    ]


def test_a_fault_says_what_stands_in_the_cell_and_what_is_wrong_with_it(world: World) -> None:
    row = stage(world, book([("Thử 1", 2022, "roads", 142)]))
    assert row.faults == [
        {
            "where": "Số liệu!D2",
            "code": "over_100",
            "message": "Tỷ lệ không vượt quá 100%. Có phải 14,2?",
            "given": "142",
        }
    ]


def test_the_same_figure_twice_names_the_first_cell_whatever_the_spelling(world: World) -> None:
    row = stage(world, book([("Thử 1", 2022, "roads", 50), ("Xã THỬ 1", "2022", "roads", 50)]))
    assert [(f["where"], f["code"]) for f in row.faults] == [("Số liệu!C3", "duplicate")]
    assert "Số liệu!D2" in row.faults[0]["message"]


def test_a_period_of_the_current_year_is_not_brought_from_the_archive_even_when_it_has_ended(world: World) -> None:
    year = timezone.localdate().year
    assert faults(world, ("Thử 1", year, "roads", 50), ("Thử 1", f"{year}-01", "roads", 50)) == [
        ("Số liệu!B2", "current_year"),
        ("Số liệu!B3", "current_year"),
    ]


def test_a_commune_of_another_time_and_a_ward_are_refused_by_the_day(world: World) -> None:
    UnitVersion.objects.filter(unit=world.commune).update(valid_to=date(2022, 12, 30))
    UnitVersion.objects.filter(unit=world.communes[1]).update(kind="ward")
    assert faults(world, ("Thử 1", 2022, "roads", 50), ("Thử 2", 2022, "roads", 50)) == [
        ("Số liệu!A2", "not_in_force"),
        ("Số liệu!A3", "not_a_commune"),
    ]
    assert faults(world, ("Thử 1", 2021, "roads", 50)) == []


def test_an_element_that_the_period_does_not_ask_for_is_named(world: World) -> None:
    DataElement.objects.create(
        code="spare", name_vi="Dư", name_en="Spare", value_type="percent", unit="%", office=world.offices["a"]
    )
    assert faults(world, ("Thử 1", 2022, "spare", 50)) == [("Số liệu!C2", "not_asked")]
    assert faults(world, ("Thử 1", 2015, "spare", 50)) == []


def test_merged_cells_hidden_rows_and_uncomputed_formulas_are_named(world: World) -> None:
    def spoil(workbook: Any) -> None:
        workbook.active["D2"] = "=10+20"
        workbook.active.merge_cells("F2:G2")
        workbook.active.row_dimensions[3].hidden = True

    rows = [("Thử 1", 2022, "roads", 50), ("Thử 2", 2022, "roads", 50)]
    found = faults(world, *rows, change=spoil)
    assert {("Số liệu!D2", "uncomputed"), ("Số liệu!A3", "hidden_row"), ("Số liệu!F2", "merged")} <= set(found)


def test_decisions_are_checked_against_law_register_and_each_other(world: World) -> None:
    acts: list[Row] = [
        ("Thử 1", "standard", "1/QĐ", "01/05/2018"),
        ("Thử 1", "Standard", "1/QĐ", date(2018, 5, 1)),
        ("Thử 1", "vàng", "2/QĐ", "2019"),
        ("Thử 1", "standard", "3/QĐ", "2019-05-01"),
        ("Thử 2", "advanced", "4/QĐ", "01/05/2019"),
        ("Thử 2", "standard", "5/QĐ", "01/05/2020", None, "01/05/2019", None, "30/04/2020"),
        ("Thử 3", "standard", "6/QĐ", "01/05/2020"),
    ]
    assert faults(world, acts=acts) == [
        ("Công nhận!D3", "duplicate"),
        ("Công nhận!B4", "unknown_level"),
        ("Công nhận!D5", "unreadable_day"),
        ("Công nhận!B6", "lower_missing"),
        ("Công nhận!G7", "missing"),
        ("Công nhận!A8", "unknown_unit"),
    ]


def test_a_withdrawal_before_its_recognition_is_named_by_its_cell(world: World) -> None:
    acts = [("Thử 1", "standard", "5/QĐ", "01/05/2020", None, None, "6/QĐ", "30/04/2020")]
    assert faults(world, acts=acts) == [("Công nhận!H2", "before_decision")]


def test_decisions_may_rest_on_each_other_in_any_order(world: World) -> None:
    acts = [
        ("Thử 1", "advanced", "9/QĐ", "01/05/2022"),
        ("Thử 1", "standard", "1/QĐ", 2018, "Chủ tịch", None, "7/QĐ", "01/05/2023", "Tụt chuẩn", "Kho lưu trữ"),
    ]
    row = confirm(world, stage(world, book(acts=acts)))
    assert row.counts["acts"] == 2
    old = Recognition.objects.get(level__code="standard")
    assert (old.decided_on, old.date_precision, old.provenance) == (date(2018, 12, 31), "year", "unverified")
    assert (old.withdrawn_on, old.withdrawal_reason, old.source) == (date(2023, 5, 1), "Tụt chuẩn", "Kho lưu trữ")
    assert old.imported_from == row
    again = stage(world, book(acts=acts))
    assert (again.counts["same"], again.counts["acts"]) == (2, 0)


def test_a_workbook_without_its_sheets_or_without_rows_says_so(world: World) -> None:
    def rename(workbook: Any) -> None:
        workbook.active.title = "Sheet1"

    assert faults(world, change=rename) == [("", "no_sheet")]
    assert faults(world) == [("", "empty")]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (None, "missing"),
        (upload("a.pdf"), "type_not_allowed"),
        (upload("a.xlsx", EXE), "type_mismatch"),
        (upload("a.xlsx", b""), "empty"),
        (upload("a.xlsx", zip_bomb()), "type_mismatch"),
    ],
)
def test_what_is_no_workbook_is_refused_and_nothing_is_kept(world: World, file: Any, code: str) -> None:
    with pytest.raises(Invalid) as error:
        stage(world, file)
    assert [(f.pointer, f.code) for f in error.value.faults] == [("/file", code)]
    assert not HistoryImport.objects.exists()


def test_the_number_format_is_declared(world: World) -> None:
    with pytest.raises(Invalid) as error:
        stage(world, book(good()), "")
    assert [f.pointer for f in error.value.faults] == ["/number_format"]


# --- What stands already -----------------------------------------------------------------------------------------


def test_an_approved_report_is_not_overwritten_and_both_values_are_told(world: World) -> None:
    report = bring_to(world, "approved")
    row = stage(world, book([("Thử 1", 2023, "roads", 50), ("Thử 1", 2023, "water", 70)]))
    assert (row.status, row.counts["same"]) == ("faulty", 1)
    (conflict,) = row.conflicts
    assert (conflict["where"], conflict["code"]) == ("Số liệu!D2", "differs")
    assert (conflict["stored"], conflict["given"], conflict["report"]) == ("88.5", "50", report.pk)
    with pytest.raises(Stale):
        confirm(world, row)
    assert ReportedValue.objects.get(report=report, element__code="roads").number == Decimal("88.5")


def test_a_report_that_someone_works_on_is_left_alone(world: World) -> None:
    report = make_report(world)
    row = stage(world, book([("Thử 1", 2023, "roads", 50)]))
    assert [(c["where"], c["code"], c["report"]) for c in row.conflicts] == [("Số liệu!D2", "report_open", report.pk)]


def test_a_reopened_report_is_left_alone_too(world: World) -> None:
    report = bring_to(world, "approved")
    reopen(by=world.people["coordinator"], report_id=report.pk, reason="Sai số")
    row = stage(world, book([("Thử 1", 2023, "roads", 88.5)]))
    assert [c["code"] for c in row.conflicts] == ["report_open"]


def test_an_imported_report_is_reopened_like_any_other(world: World) -> None:
    confirm(world, stage(world, book(good())))
    report = reopen(by=world.people["coordinator"], report_id=Report.objects.get().pk, reason="Sai số")
    assert [r.imported_from_id is not None for r in report.revisions.order_by("number")] == [True, False]


def test_a_decision_that_differs_from_its_record_is_a_conflict(world: World) -> None:
    level = Level.objects.get(code="standard")
    Recognition.objects.create(
        unit=world.commune, level=level, decided_on=date(2020, 5, 1), provenance="sourced", decision_number="1/QĐ"
    )
    row = stage(world, book(acts=[("Thử 1", "standard", "2/QĐ", "01/05/2020")]))
    assert [(c["code"], c["stored"], c["given"]) for c in row.conflicts] == [("act_differs", "1/QĐ", "2/QĐ")]
    same = stage(world, book(acts=[("Thử 1", "standard", None, "01/05/2020")]))
    assert (same.status, same.counts["same"]) == ("ready", 1)


def test_one_conflict_keeps_everything_out(world: World) -> None:
    bring_to(world, "approved")
    row = stage(world, book([("Thử 1", 2023, "roads", 50), *good(period=2022), *good("Thử 2", 2022)]))
    with pytest.raises(Stale):
        confirm(world, row)
    assert Report.objects.count() == 1


# --- All or nothing ----------------------------------------------------------------------------------------------


def test_a_failure_in_the_middle_stores_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = stage(world, book(good(), [("Thử 1", "standard", "1/QĐ", "01/05/2018")]))

    def fail(*args: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(archive_service, "request_evaluations", fail)
    with pytest.raises(RuntimeError):
        confirm(world, row)
    assert not Report.objects.exists()
    assert not ReportedValue.objects.exists()
    assert not Recognition.objects.exists()
    assert not Period.objects.filter(code="2022").exists()
    assert HistoryImport.objects.get().status == "ready"


def test_a_report_opened_after_the_dry_run_stops_the_import_and_is_told(world: World) -> None:
    row = stage(world, book(good(period=2023)))
    open_report(by=world.people["coordinator"], unit=world.commune, period=world.period)
    with pytest.raises(Stale):
        confirm(world, row)
    row.refresh_from_db()
    assert (row.status, [c["code"] for c in row.conflicts]) == ("faulty", ["report_open"])
    assert Report.objects.get().status == "draft"


def test_a_report_opened_between_the_look_and_the_writing_stops_it_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = stage(world, book(good(period=2023)))
    compare = archive_service.compare
    seen: list[int] = []

    def slow(plan: Any) -> Any:
        found = compare(plan)
        if not seen:
            seen.append(1)
            open_report(by=world.people["coordinator"], unit=world.commune, period=world.period)
        return found

    monkeypatch.setattr(archive_service, "compare", slow)
    with pytest.raises(Stale):
        confirm(world, row)
    row.refresh_from_db()
    assert row.status == "faulty"
    assert not ReportedValue.objects.exists()


def test_a_second_window_finds_it_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = stage(world, book(good()))
    compare = archive_service.compare
    seen: list[int] = []

    def slow(plan: Any) -> Any:
        found = compare(plan)
        if not seen:
            seen.append(1)
            confirm(world, row)  # the other window is quicker
        return found

    monkeypatch.setattr(archive_service, "compare", slow)
    assert confirm(world, row).status == "applied"
    assert Report.objects.count() == 1
    assert AuditEvent.objects.filter(kind="history.imported").count() == 1


def test_a_decision_whose_ground_was_taken_away_meanwhile_is_not_stored(world: World) -> None:
    level = Level.objects.get(code="standard")
    base = Recognition.objects.create(
        unit=world.commune, level=level, decided_on=date(2018, 5, 1), provenance="sourced"
    )
    row = stage(world, book(acts=[("Thử 1", "advanced", "2/QĐ", "01/05/2022")]))
    assert row.status == "ready"
    Recognition.objects.filter(pk=base.pk).update(annulled_at=timezone.now(), annulment_reason="Nhầm")
    with pytest.raises(Stale):
        confirm(world, row)
    assert not Recognition.objects.exists()


def test_a_discarded_workbook_stays_readable_and_is_not_stored(world: World) -> None:
    row = discard_import(by=world.people["coordinator"], import_id=stage(world, book(good())).pk)
    assert row.status == "discarded"
    for again in (
        lambda: confirm(world, row),
        lambda: discard_import(by=world.people["coordinator"], import_id=row.pk),
    ):
        with pytest.raises(Stale):
            again()
    assert not Report.objects.exists()


@pytest.mark.parametrize("first", ["discarded", "applied"])
def test_a_confirmation_that_comes_second_says_stored_only_when_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    row = stage(world, book(good()))
    compare = archive_service.compare

    def meanwhile(plan: Any) -> Any:
        found = compare(plan)
        monkeypatch.setattr(archive_service, "compare", compare)
        if first == "discarded":
            discard_import(by=world.people["coordinator"], import_id=row.pk)
        else:
            confirm(world, row)
        return found

    monkeypatch.setattr(archive_service, "compare", meanwhile)
    if first == "applied":
        assert confirm(world, row).status == "applied"
    else:
        with pytest.raises(Stale):
            confirm(world, row)
    assert Report.objects.count() == (first == "applied")


def test_a_report_from_the_archive_that_is_submitted_again_is_not_late(world: World) -> None:
    confirm(world, stage(world, book(good())))
    report = Report.objects.get()
    reopen(by=world.people["coordinator"], report_id=report.pk, reason="Số liệu sai")
    submit(by=world.people["officer"], report_id=report.pk)
    report.refresh_from_db()
    assert (report.status, report.submitted_first_at) == ("submitted", None)
    # The deadline moved: others are asked now, and still nobody knows when this one came first.
    Period.objects.filter(code="2022").update(due_on=date(2023, 1, 31))
    period = Period.objects.get(code="2022")
    cell = completeness_grid(scope=scope_of(fresh(world.people["officer"])), periods=[period]).lines[0].cells[0]
    assert (cell.timing, cell.late_days, cell.complete) == (Timing.UNKNOWN, 0, True)


def test_a_year_that_the_archive_alone_brought_makes_nobody_late(world: World) -> None:
    confirm(world, stage(world, book(good())))
    period = Period.objects.get(code="2022")

    def other(name: str = "coordinator") -> tuple[Any, Any]:
        grid = completeness_grid(scope=scope_of(fresh(world.people[name])), periods=[period])
        return grid, next(line.cells[0] for line in grid.lines if line.uid == "commune-2")

    for name in ("coordinator", "other_officer"):
        grid, cell = other(name)
        assert (cell.stage, cell.timing, cell.late_days) == (Stage.NOT_OPENED, Timing.UNKNOWN, 0)
        assert (grid.timeliness, grid.columns[0].timed) == (Ratio(0, 0), False)
    assert other()[0].completeness == Ratio(1, 2)
    assert reporting().periods[0].archived
    # Who opens a report of that year asks for it: from then on the deadline counts.
    open_report(by=world.people["coordinator"], unit=world.communes[1], period=period)
    grid, cell = other()
    assert (cell.timing, grid.columns[0].timed, grid.timeliness) == (Timing.MISSING, True, Ratio(0, 1))
    assert not reporting().periods[0].archived


def test_a_period_that_the_coordinator_opened_keeps_its_deadline_beside_imports(world: World) -> None:
    period = make_period("2022")
    confirm(world, stage(world, book(good())))
    grid = completeness_grid(scope=scope_of(fresh(world.people["coordinator"])), periods=[period])
    assert [line.cells[0].timing for line in grid.lines] == [Timing.UNKNOWN, Timing.MISSING]


@pytest.mark.parametrize("who", ["officer", "verifier_a", "leader", "administrator"])
def test_only_the_coordinator_brings_past_years(world: World, who: str) -> None:
    row = stage(world, book(good()))
    for call in (
        lambda: stage(world, book(good()), who=who),
        lambda: apply_import(by=world.people[who], import_id=row.pk),
        lambda: discard_import(by=world.people[who], import_id=row.pk),
    ):
        with pytest.raises(Forbidden):
            call()


# --- Size --------------------------------------------------------------------------------------------------------


def _cost(world: World, file: Any) -> tuple[int, int]:
    """Queries of the dry run, and of the confirmation without inserts."""
    with CaptureQueriesContext(connection) as asked:
        row = stage(world, file)
    assert row.status == "ready", row.faults[:3]
    with CaptureQueriesContext(connection) as written:
        confirm(world, row)
    return len(asked), len([q for q in written if q["sql"].startswith(("SELECT", "UPDATE"))])


def test_the_queries_do_not_grow_with_communes(world: World) -> None:
    stage(world, book(good("Thử 2", 2021)))  # a process keeps the definitions of a period
    few = _cost(world, book(good("Thử 1", 2021)))
    units = make_communes(world.town, 20, start=10)
    many = _cost(world, book([row for n in range(len(units)) for row in good(f"Thử {n + 10}", 2021)]))
    assert many[0] == few[0]
    assert many[1] <= few[1]


def test_ten_years_of_nine_communes_and_all_elements_come_in_one_workbook(world: World) -> None:
    """9 communes × 10 years × 127 elements."""
    DataElement.objects.bulk_create(
        DataElement(
            code=f"e{n}", name_vi=f"Số {n}", name_en=f"No {n}", value_type="percent", unit="%",
            office=world.offices["a"],
        )
        for n in range(127)
    )  # fmt: skip
    make_communes(world.town, 9, start=10)
    rows = [(f"Thử {10 + c}", 2011 + y, f"e{n}", 50 + n / 10) for c in range(9) for y in range(10) for n in range(127)]
    row = stage(world, book(rows))
    assert (row.status, row.counts["values"]) == ("ready", 9 * 10 * 127)
    with CaptureQueriesContext(connection) as written:
        confirm(world, row)
    assert ReportedValue.objects.count() == 9 * 10 * 127
    # Statements of many rows each, as many as a database binds values at once; never one a row.
    assert len(written) < 9 * 10 * 127 / 50
