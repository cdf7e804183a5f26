"""Reading the decisions of a workbook of past years, each held against the law and the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from indicators.selectors.archive import level_index
from indicators.services.archive_plan import SheetReader, StagedAct
from indicators.services.recognition_checks import Act, act_faults, ground_for
from mongcai_portal.common.errors import Fault
from mongcai_portal.common.sheets import Sheet, SheetRow, day_of
from mongcai_portal.common.text import search_key


class ActReader(SheetReader):
    """The sheet of decisions: one row a recognition."""

    def read(self, sheet: Sheet) -> None:
        levels = level_index()
        rows: list[tuple[SheetRow, StagedAct, Act]] = []
        first: dict[tuple[int, str, str], str] = {}
        for row in sheet.rows:
            found = self.row(row, levels)
            if found is None:
                continue
            staged, act = found
            key = (staged.unit_id, staged.level, staged.decided_on)
            if key in first:
                message = _("Quyết định này đã có ở %(where)s.") % {"where": first[key]}
                self.plan.fault(row.where("decided_on"), "duplicate", message, row.text("decided_on"))
                continue
            first[key] = row.where("decided_on")
            rows.append((row, staged, act))
        self.check(rows)

    def row(self, row: SheetRow, levels: dict[str, Any]) -> tuple[StagedAct, Act] | None:
        before = len(self.plan.faults)
        days = {name: self.day(row, name) for name in ("decided_on", "expires_on", "withdrawn_on")}
        decided, whole_year = days["decided_on"] or (None, False)
        if decided is None and not row.text("decided_on"):
            self.plan.fault(row.where("decided_on"), "missing", _("Chưa ghi ngày quyết định."))
        unit_id = self.unit(row, decided)
        level = levels.get(search_key(row.text("level")))
        if not row.text("level"):
            self.plan.fault(row.where("level"), "missing", _("Chưa ghi mức được công nhận."))
        elif level is None:
            self.plan.fault(row.where("level"), "unknown_level", _("Không có mức này."), row.text("level"))
        for name, most in (("decision_number", 60), ("signer", 200), ("withdrawal_decision", 60), ("source", 80)):
            if len(row.text(name)) > most:
                self.plan.fault(row.where(name), "too_long", _("Dài quá %(n)s ký tự.") % {"n": most})
        withdrawn = days["withdrawn_on"]
        if withdrawn is None and (row.text("withdrawal_decision") or row.text("withdrawal_reason")):
            if not row.text("withdrawn_on"):
                self.plan.fault(row.where("withdrawn_on"), "missing", _("Có thu hồi thì ghi ngày thu hồi."))
        elif withdrawn is not None and not row.text("withdrawal_decision"):
            self.plan.fault(row.where("withdrawal_decision"), "missing", _("Có thu hồi thì ghi số quyết định thu hồi."))
        if len(self.plan.faults) > before or unit_id is None or level is None or decided is None:
            return None
        expires = days["expires_on"]
        act = Act(unit_id, level.code, decided, expires[0] if expires else None, withdrawn[0] if withdrawn else None)
        texts = ("decision_number", "signer", "withdrawal_decision", "withdrawal_reason", "source", "note")
        staged = StagedAct(
            where=row.where("decided_on"),
            unit_id=unit_id,
            level=level.code,
            decided_on=decided.isoformat(),
            date_precision="year" if whole_year else "day",
            expires_on=act.expires_on.isoformat() if act.expires_on else None,
            withdrawn_on=act.withdrawn_on.isoformat() if act.withdrawn_on else None,
            **{name: row.text(name) for name in texts},
        )
        return staged, act

    def day(self, row: SheetRow, name: str) -> tuple[date, bool] | None:
        cell = row.cells.get(name)
        if cell is None:
            return None
        try:
            return day_of(cell)
        except ValueError:
            message = _("Không đọc được ngày: dùng ô kiểu ngày, hoặc viết 31/12/2019; chỉ biết năm thì viết 2019.")
            self.plan.fault(cell.address, "unreadable_day", message, cell.text)
            return None

    def check(self, rows: list[tuple[SheetRow, StagedAct, Act]]) -> None:
        """Hold every decision against the law, the register, and the other rows."""
        fields = {"/unit": "unit", "/level": "level", "/decided_on": "decided_on", "/expires_on": "expires_on"}
        found = unlawful([act for _row, _staged, act in rows], today=self.today)
        for (row, staged, _act), faults in zip(rows, found, strict=True):
            for fault in faults:
                name = fields.get(fault.pointer, "withdrawn_on")
                self.plan.fault(row.where(name), fault.code, fault.message, row.text(name))
            if not faults:
                self.plan.acts.append(staged)


def unlawful(acts: Sequence[Act], *, today: date) -> list[list[Fault]]:
    """Return the faults of each act beside the register and the other acts: three queries.

    That one is recorded already is no fault here: it is compared with its record.
    """
    ground = ground_for({act.unit_id for act in acts if act.unit_id is not None})
    known = {(unit_id, act.level, act.decided_on) for unit_id, own in ground.standing.items() for act in own}
    for act in acts:
        if (act.unit_id, act.level, act.decided_on) not in known:
            ground.add(act)
    return [[f for f in act_faults(act, ground, today=today) if f.code != "duplicate"] for act in acts]


def act_of(staged: StagedAct) -> Act:
    """Return a staged decision as the law's check reads it."""
    days = [
        date.fromisoformat(day) if day else None for day in (staged.decided_on, staged.expires_on, staged.withdrawn_on)
    ]
    return Act(staged.unit_id, staged.level, *days)
