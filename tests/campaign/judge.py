"""Afterwards: what people were told against what is stored, in the tables, in the history and in the audit trail."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.campaign.ledger import Cell, Ledger
from tests.factories.live import LiveTown


def _in(reports: Iterable[int]) -> str:
    return "(" + ", ".join(str(int(report)) for report in (*reports, 0)) + ")"


def _number(stored: Any) -> Decimal:
    return Decimal(str(stored)).normalize()


def left_out(ledger: Ledger, *, approvals: int, legs: Iterable[str], kinds: Iterable[str]) -> dict[str, list[float]]:
    """What was asked for and not done: so many approvals, the legs and the kinds of fault that fell away."""
    return {
        "approvals_missing": [max(0, approvals - len(ledger.approved)), 0],
        "legs_not_done": [len([*legs]), 0],
        "kinds_of_fault_missing": [len([*kinds]), 0],
    }


def values(town: LiveTown, ledger: Ledger) -> dict[str, list[str]]:
    """Every value told saved: once in the cell's history, once in the audit trail, the last one in the cell."""
    reports = {report for report, _element, _part in ledger.typed}
    cells: dict[Cell, Decimal] = {}
    for report, element, part, number in town.rows(
        "SELECT v.report_id, e.code, v.part, v.number FROM indicators_reportedvalue v"
        " JOIN indicators_dataelement e ON e.id = v.element_id"
        f" WHERE v.number IS NOT NULL AND v.report_id IN {_in(reports)}"
    ):
        cells[report, element, part] = _number(number)
    history: dict[Cell, list[Decimal]] = defaultdict(list)
    for report, element, part, number in town.rows(
        "SELECT v.report_id, e.code, v.part, v.number FROM indicators_valuechange v"
        " JOIN indicators_dataelement e ON e.id = v.element_id"
        f" WHERE v.number IS NOT NULL AND v.report_id IN {_in(reports)} ORDER BY v.id"
    ):
        history[report, element, part].append(_number(number))
    trail: dict[Cell, list[Decimal]] = defaultdict(list)
    objects = ", ".join(f"'{report}'" for report in (*reports, 0))
    for report, details in town.rows(
        "SELECT object_id, details FROM audit_auditevent WHERE kind = 'report.values_saved' AND object_type = 'report'"
        f" AND object_id IN ({objects}) ORDER BY id"
    ):
        for change in (json.loads(details) if isinstance(details, str) else details)["cells"]:
            try:
                trail[int(report), change["element"], change["part"]].append(_number(change["after"]))
            except ArithmeticError:  # a word, as `true` or `no_data`
                continue
    lost, doubled = [], []
    for cell, told in ledger.typed.items():
        wanted = [_number(value) for value in told]
        if cells.get(cell) != wanted[-1]:
            lost.append(f"{cell}: told {wanted[-1]}, stored {cells.get(cell)}")
        for name, stored in (("history", history[cell]), ("audit", trail[cell])):
            # Before the typing the cell was filled from the period before.
            mine, counts = stored[-len(wanted) :], Counter(stored)
            twice = [value for value, times in Counter(wanted).items() if counts[value] > times]
            doubled += [f"{cell}: {value} {counts[value]} times in the {name}" for value in twice]
            if mine != wanted:
                gone = [value for value in wanted if value not in counts]
                lost += [f"{cell}: {value} not in the {name}" for value in gone]
                if not gone and not twice:
                    lost.append(f"{cell}: {name} is {mine}, told {wanted}")
    return {"values_lost": lost, "values_doubled": doubled}


def moves(town: LiveTown, ledger: Ledger, staged: Iterable[int]) -> dict[str, list[str]]:
    """Every approval and every report handed in: done, done once, and told once."""
    staged = list(staged)
    events: Counter[tuple[str, int]] = Counter()
    for kind, report, count in town.rows(
        "SELECT kind, object_id, count(*) FROM audit_auditevent WHERE object_type = 'report'"
        " AND kind IN ('report.approved', 'report.submitted') GROUP BY kind, object_id"
    ):
        events[kind, int(report)] = count
    status = dict(
        town.rows(f"SELECT id, status FROM indicators_report WHERE id IN {_in([*staged, *ledger.submitted])}")
    )
    approvals = [
        f"report {report}: {ledger.approved.get(report, 'never told')}, {status[report]},"
        f" {events['report.approved', report]} events"
        for report in staged
        if report not in ledger.approved or status[report] != "approved" or events["report.approved", report] != 1
    ]
    submissions = [
        f"report {report}: {status[report]}, {events['report.submitted', report]} events"
        for report in ledger.submitted
        if status[report] != "submitted" or events["report.submitted", report] != 1
    ]
    open_still = town.rows("SELECT id, attempts, error FROM indicators_evaluationrequest WHERE done_at IS NULL")
    return {
        "approvals_wrong": approvals,
        "submissions_wrong": submissions,
        "evaluations_open": [str(row) for row in open_still],
    }


def files(town: LiveTown, ledger: Ledger, folder: Path) -> dict[str, list[str]]:
    """Every file that was told stored: one row, and its bytes on the disk; and no row without its file."""
    rows: Counter[tuple[int, str]] = Counter()
    broken = []
    for report, digest, name in town.rows("SELECT report_id, sha256, file FROM indicators_evidence"):
        rows[report, digest] += 1
        try:
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                broken.append(f"{name} is not what was sent")
        except OSError as fault:
            broken.append(str(fault))
    return {
        "files_lost": [f"{key} told stored" for key in ledger.files if not rows[key]],
        "files_doubled": [f"{key}: {n} rows" for key, n in rows.items() if n > 1 and key in ledger.sent],
        "files_broken": broken,
    }
