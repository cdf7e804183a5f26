"""Values of many reports in one call: the form's checks, statements in sets, an answer that can be repeated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from communes.models import Unit
from communes.scope import Scope, scope_of
from indicators.models import Period, Report
from indicators.rules.cells import storable
from indicators.selectors.definitions import Definitions, definitions_by_period
from indicators.services.cell_store import Sheet, compare, derived_faults, store
from indicators.services.cells import CellInput, ReadCell, asked_elsewhere, read_cells
from indicators.services.guard import require
from indicators.services.items import FIELDS, cells_of, in_order, row_of
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.idempotency import answer_kept, answer_of, claim, fingerprint, keep
from mongcai_portal.common.workflow import EDITABLE

OPERATION = "reported-values/bulk"
MAX_ROWS = 10_000
ROW_FIELDS = FIELDS | {"unit", "period"}
Place = tuple[str, str]
# What a row is read by whose report is not there: its shape can be told, its values not.
NOTHING = Definitions((), ())


@dataclass(frozen=True, slots=True)
class BulkAnswer:
    """What a call did: rows that made a value, changed one, changed nothing; and the rows that were refused.

    `refused`: nothing was stored, since a row was faulty and all or none was asked. `replayed`: the first answer.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    refused: bool = False
    replayed: bool = False


def save_bulk(
    *, by: Any, rows: Sequence[object], partial: bool = False, dry_run: bool = False, key: str = ""
) -> BulkAnswer:
    """Store the values of all rows or of none; with `partial` those of every good row.

    With `dry_run` the same checks and the same report, and nothing is stored, neither values nor the key. Otherwise
    `key` names the call: sent again it gets the first answer.

    Raises:
        Forbidden; Invalid: no rows, too many; KeyReused: the key belongs to another call.
    """
    scope = scope_of(by)
    require(scope, "reports.edit")
    if not rows:
        raise Invalid([Fault("", "empty", _("Danh sách số liệu trống."))])
    if len(rows) > MAX_ROWS:
        message = _("Mỗi lần gửi nhiều nhất %(most)s dòng; hãy chia thành nhiều lần.") % {"most": "10.000"}
        raise Invalid([Fault("", "too_many", message)])
    if dry_run:
        return _Call(scope, rows).answer(by, partial=partial, stores=False)
    request = fingerprint({"rows": rows, "partial": partial})
    name: dict[str, Any] = {"by": by, "operation": OPERATION, "key": key, "request": request}
    kept = answer_kept(**name)
    if kept is not None:
        return BulkAnswer(**kept, replayed=True)
    call = _Call(scope, rows)
    with transaction.atomic():
        # The same call at the same time waits here, and then finds the answer.
        slot = claim(**name)
        kept = answer_of(slot)
        if kept is not None:
            return BulkAnswer(**kept, replayed=True)
        answer = call.answer(by, partial=partial, stores=True)
        kept = asdict(answer)
        del kept["replayed"]
        keep(slot, kept)
    return answer


class _Call:
    """The rows of a call, checked; the number of queries does not depend on how many there are."""

    def __init__(self, scope: Scope, rows: Sequence[object]) -> None:
        self.scope, self.rows = scope, rows
        self.faults: list[Fault] = []
        self.good: dict[int, list[ReadCell]] = {}  # by report
        self.row_of: dict[int, int] = {}  # the row of a cell, by the cell's identity
        self.rows_in: dict[int, list[int]] = defaultdict(list)  # by report
        self.reports = self._reports()
        self._read()

    def answer(self, by: Any, *, partial: bool, stores: bool) -> BulkAnswer:
        """Return what the call does, and do it when it `stores` and nothing stands against it."""
        reports = self._held() if stores else {r.pk: r for r in self.reports.values() if r.pk in self.rows_in}
        faults = [*self.faults, *self._closed(reports)]
        rejected = {row_of(fault.pointer) for fault in faults}
        sheets = compare(self._work(reports, rejected))
        if derived := derived_faults(sheets):
            faults += derived
            rejected |= {row_of(fault.pointer) for fault in derived}
            sheets = compare(self._work(reports, rejected))
        told = [
            {"row": row_of(f.pointer), "pointer": f.pointer, "code": f.code, "detail": str(f.message)}
            for f in in_order(faults)
        ]
        if rejected and not partial:
            return BulkAnswer(rejected=told, refused=True)
        if stores:
            store(sheets, by=by)
        return BulkAnswer(*self._counts(sheets), rejected=told)

    def _work(self, reports: Mapping[int, Report], rejected: Collection[int]) -> list[tuple[Report, list[ReadCell]]]:
        """Return what is to be stored: a row with one faulty cell is not stored by halves."""
        return [
            (reports[pk], kept)
            for pk, cells in self.good.items()
            if (kept := [read for read in cells if self.row_of[id(read.source)] not in rejected])
        ]

    def _reports(self) -> dict[Place, Report]:
        """Return the reports that the rows speak of, by unit and period; naming the rows whose place is not there."""
        places = {place for row in self.rows if (place := _place(row)) is not None}
        units = {
            unit.uid: unit
            for unit in Unit.objects.visible_to(self.scope).filter(uid__in={unit for unit, _period in places})
        }
        periods = {p.code: p for p in Period.objects.filter(code__in={period for _unit, period in places})}
        found = Report.objects.filter(unit__in=units.values(), period__in=periods.values())
        reports = {(r.unit.uid, r.period.code): r for r in found.select_related("unit", "period")}
        for position, row in enumerate(self.rows):
            if isinstance(row, Mapping):
                self.faults += self._place_faults(row, f"/{position}", units, periods, reports)
        return reports

    def _place_faults(
        self,
        row: Mapping[str, Any],
        here: str,
        units: Mapping[str, Unit],
        periods: Mapping[str, Period],
        reports: Mapping[Place, Report],
    ) -> list[Fault]:
        faults = []
        for name, known, code, message in (
            ("unit", units, "unknown_unit", _("Không có đơn vị này trong phạm vi của tài khoản.")),
            ("period", periods, "unknown_period", _("Kỳ báo cáo này chưa mở.")),
        ):
            given = row.get(name)
            if not isinstance(given, str) or not given:
                faults.append(Fault(f"{here}/{name}", "missing", _("Thiếu trường này.")))
            elif given not in known:
                faults.append(Fault(f"{here}/{name}", code, message))
        if faults:
            return faults
        # The same refusals as of one report: typing belongs to the commune itself.
        if units[row["unit"]].pk not in self.scope.unit_ids:
            message = _("Chỉ cán bộ của xã được nhập và trình báo cáo của xã.")
            return [Fault(f"{here}/unit", "forbidden", message)]
        if (row["unit"], row["period"]) not in reports:
            return [Fault(f"{here}/period", "no_report", _("Xã này chưa có báo cáo cho kỳ đó."))]
        return []

    def _read(self) -> None:
        """Take every row apart and check its cells, report by report."""
        definitions = definitions_by_period({r.period_id: r.period for r in self.reports.values()}.values())
        cells: dict[int, list[CellInput]] = defaultdict(list)
        asked = {}
        for position, row in enumerate(self.rows):
            report = self.reports.get(_place(row) or ("", ""))
            known = definitions[report.period_id] if report else NOTHING
            found = cells_of(row, known, f"/{position}", self.faults, ROW_FIELDS)
            self.row_of |= {id(cell): position for cell in found}
            if report is not None:
                asked[report.pk] = known
                self.rows_in[report.pk].append(position)
                cells[report.pk] += found
        codes = {pk: {element.code for element in known.elements} for pk, known in asked.items()}
        strangers = {cell.element for pk, some in cells.items() for cell in some if cell.element not in codes[pk]}
        elsewhere = asked_elsewhere(strangers)
        for pk, some in cells.items():
            self.good[pk], wrong = read_cells(some, asked[pk], elsewhere)
            self.faults += [fault.as_fault() for fault in wrong]

    def _held(self) -> dict[int, Report]:
        """Take the reports until the transaction ends and return them as they stand: their other writers queue.

        In one order, so that two calls never wait for each other. SQLite knows no row locks and needs none: the
        transaction has written already (its key), and there is one writer at a time.
        """
        mine = Report.objects.filter(pk__in=self.rows_in).order_by("pk").select_for_update(of=("self",))
        return {report.pk: report for report in mine.select_related("unit", "period")}

    def _closed(self, reports: Mapping[int, Report]) -> list[Fault]:
        message = _("Báo cáo này đã được trình, không nhập thêm được.")
        closed = (row for pk, one in reports.items() if one.status not in EDITABLE for row in self.rows_in[pk])
        return [Fault(f"/{row}/period", "report_closed", message) for row in sorted(closed)]

    def _counts(self, sheets: Sequence[Sheet]) -> tuple[int, int, int]:
        """Count rows, not cells: made, when none of its cells stood; changed, when one did; unchanged."""
        made: dict[int, set[bool]] = defaultdict(set)
        same: set[int] = set()
        for sheet in sheets:
            for change in sheet.changes:
                made[self.row_of[id(change.read.source)]].add(change.creates)
            same |= {self.row_of[id(read.source)] for read, _row in sheet.same}
        created = sum(news == {True} and row not in same for row, news in made.items())
        return created, len(made) - created, len(same - set(made))


def _place(row: object) -> Place | None:
    """Return which report a row speaks of, when it says so in a way that could be one."""
    if not isinstance(row, Mapping):
        return None
    unit, period = row.get("unit"), row.get("period")
    if isinstance(unit, str) and isinstance(period, str) and storable(unit) and storable(period):
        return unit, period
    return None
