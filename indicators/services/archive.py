"""Bringing past years from the archive: checked and staged first, then confirmed, all of it or nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Unit, UnitVersion
from communes.scope import scope_of
from indicators.models import (
    HistoryImport,
    Level,
    Period,
    Recognition,
    Report,
    ReportedValue,
    ReportRevision,
    ValueChange,
)
from indicators.selectors.archive import Pair
from indicators.services.archive_acts import act_of, unlawful
from indicators.services.archive_compare import Difference, compare
from indicators.services.archive_file import read_history
from indicators.services.archive_plan import Plan, StagedAct, StagedValue
from indicators.services.cell_store import SAID
from indicators.services.evaluation import request_evaluations
from indicators.services.guard import require
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import About, record, record_many
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.periods import parse_period
from mongcai_portal.common.uploads import check_upload

MAX_BYTES = 10 * 1024 * 1024
# Rows a statement: SQLite binds at most so many values at once, and Django cuts batches to that itself.
BATCH = 2_000
Status = HistoryImport.Status


def stage_import(*, by: Any, file: File[Any] | None, number_format: str = "vi") -> HistoryImport:
    """Check a workbook and keep it with its dry run; nothing else is stored.

    Raises:
        Forbidden; Invalid: no file, not an Excel workbook, too large, or no number format declared.
    """
    scope = scope_of(by)
    require(scope, "reports.import")
    faults = []
    if number_format not in HistoryImport.NumberFormat.values:
        message = _("Chọn cách viết số trong tệp.")
        faults.append(Fault("/number_format", "required", message))
    try:
        checked = check_upload(file, kinds=("xlsx",), max_bytes=MAX_BYTES)
    except ValidationError as error:
        faults += [Fault("/file", str(one.code), one.messages[0]) for one in error.error_list]
        raise Invalid(faults) from None
    if faults or file is None:
        raise Invalid(faults)
    plan = read_history(file.file, number_format=number_format, scope=scope, today=timezone.localdate())  # type: ignore[arg-type]
    found = compare(plan)
    file.seek(0)
    row = HistoryImport.of(
        file,
        checked,
        by=by,
        number_format=number_format,
        checked_at=timezone.now(),
        status=_status(plan, found),
        faults=plan.faults,
        conflicts=found.conflicts,
        plan=plan.as_json(),
        counts=found.counts | {"blank": plan.blank, "ignored": list(plan.ignored), "faults": len(plan.faults)},
    )
    with transaction.atomic():
        row.save()
        _tell(row, Kind.HISTORY_CHECKED, by, **_told(row))
    return row


def apply_import(*, by: Any, import_id: int) -> HistoryImport:
    """Store what a checked workbook brings: all of it in one transaction, once; done again it changes nothing.

    New reports are approved and marked as brought from the archive; nobody submitted or verified them on the portal.

    Raises:
        HistoryImport.DoesNotExist, Forbidden; Stale: discarded, faulty, or the portal has changed since the dry run
        (then the import holds the new one).
    """
    require(scope_of(by), "reports.import")
    row = HistoryImport.objects.get(pk=import_id)
    if row.status == Status.APPLIED:
        return row
    if row.status != Status.READY:
        raise Stale(_("Tệp này không còn chờ xác nhận: %(status)s.") % {"status": row.get_status_display()})
    plan = Plan.of_json(row.plan)
    found = compare(plan)
    broken = [f for faults in unlawful([act_of(act) for act in found.acts], today=timezone.localdate()) for f in faults]
    if broken:
        message = _("Sổ công nhận đã thay đổi sau khi kiểm tra tệp: %(fault)s Hãy gửi lại tệp.")
        raise Stale(message % {"fault": broken[0].message})
    if found.conflicts:
        _keep_conflicts(row, found)
        raise Stale(_("Số liệu trên cổng đã thay đổi sau khi kiểm tra tệp: xem lại các chỗ khác nhau."))
    moment = timezone.now()
    made = _Rows(by, row, found, moment)
    try:
        with transaction.atomic():
            # The row first: a second window finds it taken, and whoever opens one of these reports has to wait.
            if not HistoryImport.objects.filter(pk=row.pk, status=Status.READY).update(
                status=Status.APPLIED, decided_by=str(by), decided_at=moment
            ):
                return _applied(row.pk)
            made.store()
            _tell(row, Kind.HISTORY_IMPORTED, by, **_told(row))
    except IntegrityError:
        _keep_conflicts(row, compare(plan))
        raise Stale(_("Số liệu trên cổng đã thay đổi sau khi kiểm tra tệp: xem lại các chỗ khác nhau.")) from None
    row.refresh_from_db()
    return row


def _applied(import_id: int) -> HistoryImport:
    """Return an import that another window confirmed first; one that it put aside was not stored."""
    row = HistoryImport.objects.get(pk=import_id)
    if row.status != Status.APPLIED:
        raise Stale(_("Tệp này không còn chờ xác nhận: %(status)s.") % {"status": row.get_status_display()})
    return row


def discard_import(*, by: Any, import_id: int) -> HistoryImport:
    """Put a checked workbook aside; it stays readable.

    Raises:
        HistoryImport.DoesNotExist, Forbidden; Stale: it was applied or discarded already.
    """
    require(scope_of(by), "reports.import")
    row = HistoryImport.objects.get(pk=import_id)
    with transaction.atomic():
        if not HistoryImport.objects.filter(pk=row.pk, status__in=[Status.READY, Status.FAULTY]).update(
            status=Status.DISCARDED, decided_by=str(by), decided_at=timezone.now()
        ):
            raise Stale(_("Tệp này không còn chờ xác nhận: %(status)s.") % {"status": row.get_status_display()})
        _tell(row, Kind.HISTORY_DISCARDED, by)
    row.refresh_from_db()
    return row


def _status(plan: Plan, found: Difference) -> str:
    return Status.FAULTY if plan.faults or found.conflicts else Status.READY


def _keep_conflicts(row: HistoryImport, found: Difference) -> None:
    HistoryImport.objects.filter(pk=row.pk, status=Status.READY).update(
        status=Status.FAULTY if found.conflicts else Status.READY,
        conflicts=found.conflicts,
        counts=row.counts | found.counts,
        checked_at=timezone.now(),
    )


def _told(row: HistoryImport) -> dict[str, Any]:
    return {"file": row.name, "sha256": row.sha256, "counts": row.counts}


def _tell(row: HistoryImport, kind: str, by: Any, **details: Any) -> None:
    record(kind=kind, by=by, obj_type="history_import", obj_id=row.pk, label=row.name, **details)


class _Rows:
    """Everything an import stores, made ready before the transaction begins, so that it stays short."""

    def __init__(self, by: Any, source: HistoryImport, found: Difference, moment: Any) -> None:
        self.by, self.source, self.found, self.moment = by, source, found, moment
        units = {pair[0] for pair in found.reports} | {act.unit_id for act in found.acts}
        self.uids = dict(Unit.objects.filter(pk__in=units).values_list("pk", "uid"))
        self.versions: dict[int, list[UnitVersion]] = {}
        for version in UnitVersion.objects.filter(unit__in=units):
            self.versions.setdefault(version.unit_id, []).append(version)
        self.levels = {level.code: level for level in Level.objects.all()}
        self.spans = {code: parse_period(code) for _unit, code in found.reports}
        # The cells of reports that do not exist yet, by report.
        self.cells = {pair: [self._value(cell) for cell in cells] for pair, cells in found.reports.items()}
        self.acts = [self._act(act) for act in found.acts]

    def store(self) -> None:
        """Write it all; the number of statements depends on batches, not on rows."""
        periods = self._periods()
        reports = Report.objects.bulk_create(
            [
                Report(
                    unit_id=unit_id,
                    period=periods[code],
                    status=Report.Status.APPROVED,
                    approved_revision=1,
                    created_at=self.moment,
                )
                for unit_id, code in self.cells
            ],
            batch_size=BATCH,
        )
        self._require_ids(reports)
        ReportRevision.objects.bulk_create([self._revision(report) for report in reports], batch_size=BATCH)
        values = []
        for report, cells in zip(reports, self.cells.values(), strict=True):
            for cell in cells:
                cell.report = report
                values.append(cell)
        ReportedValue.objects.bulk_create(values, batch_size=BATCH)
        self._begin_histories()
        acts = Recognition.objects.bulk_create(self.acts, batch_size=BATCH)
        record_many(
            kind=Kind.REPORT_IMPORTED,
            by=self.by,
            about=[self._told_report(pair, report) for pair, report in zip(self.cells, reports, strict=True)],
        )
        record_many(kind=Kind.RECOGNITION_ISSUED, by=self.by, about=[self._told_act(act) for act in acts])
        request_evaluations([(report.unit_id, report.period_id) for report in reports])

    def _require_ids(self, reports: list[Report]) -> None:
        """Both databases return the numbers of rows they were given in bulk."""
        if any(report.pk is None for report in reports):
            raise IntegrityError("no ids of reports")

    def _periods(self) -> dict[str, Period]:
        """Return the periods by code; those of past years that nobody opened are made, due on their last day."""
        found = {p.code: p for p in Period.objects.filter(code__in=list(self.spans))}
        missing = [span for code, span in self.spans.items() if code not in found]
        Period.objects.bulk_create(
            Period(code=s.code, starts_on=s.starts_on, ends_on=s.ends_on, due_on=s.ends_on) for s in missing
        )
        if missing:
            found = {p.code: p for p in Period.objects.filter(code__in=list(self.spans))}
            about = [
                About("period", found[s.code].pk, s.code, "", {"due_on": s.ends_on, "import": self.source.pk})
                for s in missing
            ]
            record_many(kind=Kind.PERIOD_OPENED, by=self.by, about=about)
        return found

    def _value(self, cell: StagedValue) -> ReportedValue:
        return ReportedValue(
            revision=1,
            element_id=cell.element_id,
            part=cell.part,
            state=cell.state,
            number=cell.number,
            boolean=cell.boolean,
            choice=cell.choice,
            reason=cell.reason,
            note=cell.note,
            entered_by=str(self.by),
            entered_at=self.moment,
        )

    def _begin_histories(self) -> None:
        """Write the first row of every cell's history: it came as it is. Copied within the database, in one statement.

        Made one by one, these rows would hold the database for another second (SQLite has one writer at a time).
        """
        name = connection.ops.quote_name
        copied = ", ".join(name(column) for column in ("report_id", "revision", "element_id", "part", *SAID))
        change, value, revision = (name(model._meta.db_table) for model in (ValueChange, ReportedValue, ReportRevision))
        sql = (
            f"INSERT INTO {change} ({copied}, {name('by')}, {name('at')}) "  # noqa: S608 - names of our own tables
            f"SELECT {copied}, {name('entered_by')}, {name('entered_at')} FROM {value} "
            f"WHERE report_id IN (SELECT report_id FROM {revision} WHERE imported_from_id = %s)"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.source.pk])

    def _revision(self, report: Report) -> ReportRevision:
        return ReportRevision(
            report=report,
            number=1,
            opened_by=str(self.by),
            opened_at=self.moment,
            approved_by=str(self.by),
            approved_at=self.moment,
            imported_from=self.source,
        )

    def _act(self, act: StagedAct) -> Recognition:
        texts = ("decision_number", "signer", "withdrawal_decision", "withdrawal_reason", "source", "note")
        return Recognition(
            unit_id=act.unit_id,
            level=self.levels[act.level],
            decided_on=date.fromisoformat(act.decided_on),
            date_precision=act.date_precision,
            expires_on=date.fromisoformat(act.expires_on) if act.expires_on else None,
            withdrawn_on=date.fromisoformat(act.withdrawn_on) if act.withdrawn_on else None,
            # The paper is not at hand: the record waits to be put right with its scan.
            provenance=Provenance.UNVERIFIED,
            imported_from=self.source,
            recorded_by=str(self.by),
            recorded_at=self.moment,
            **{name: getattr(act, name) for name in texts},
        )

    def _name(self, unit_id: int, day: date) -> str:
        version = next((v for v in self.versions[unit_id] if v.holds_on(day)), None)
        return version.name_vi if version else self.uids[unit_id]

    def _told_report(self, pair: Pair, report: Report) -> About:
        unit_id, code = pair
        label = f"{self._name(unit_id, self.spans[code].ends_on)} · {code}"
        details = {"revision": 1, "import": self.source.pk, "file": self.source.name, "cells": len(self.cells[pair])}
        return About("report", report.pk, label, self.uids[unit_id], details)

    def _told_act(self, act: Recognition) -> About:
        label = f"{self._name(act.unit_id, act.decided_on)} · {act.level.code}"
        details = {
            "level": act.level.code,
            "decided_on": act.decided_on.isoformat(),
            "decision_number": act.decision_number,
            "import": self.source.pk,
            "file": self.source.name,
        }
        return About("recognition", act.pk, label, self.uids[act.unit_id], details)
