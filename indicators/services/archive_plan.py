"""What a workbook of past years holds once it was read: checked rows, faults by address."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from indicators.selectors.archive import UnitIndex
from indicators.services.reports import REPORTING_KINDS
from mongcai_portal.common.sheets import SheetRow
from mongcai_portal.common.templatetags.portal import date_vi


@dataclass(frozen=True, slots=True)
class StagedValue:
    """A checked cell of a past report; `number` as a plain decimal string, so that it survives as JSON."""

    where: str
    unit_id: int
    period: str
    element_id: int
    element: str
    part: str
    state: str
    number: str | None
    boolean: bool | None
    choice: str
    reason: str
    note: str

    @property
    def key(self) -> tuple[int, str, int, str]:
        return self.unit_id, self.period, self.element_id, self.part


@dataclass(frozen=True, slots=True)
class StagedAct:
    """A checked decision of recognition; days as 2022-07-22."""

    where: str
    unit_id: int
    level: str
    decided_on: str
    date_precision: str
    decision_number: str
    signer: str
    expires_on: str | None
    withdrawn_on: str | None
    withdrawal_decision: str
    withdrawal_reason: str
    source: str
    note: str


@dataclass(slots=True)
class Plan:
    """What a workbook holds: checked cells and decisions, faults by address, and how many rows were left empty."""

    values: list[StagedValue] = field(default_factory=list)
    acts: list[StagedAct] = field(default_factory=list)
    faults: list[dict[str, str]] = field(default_factory=list)
    blank: int = 0
    ignored: tuple[str, ...] = ()

    def fault(self, where: str, code: str, message: str, given: str = "") -> None:
        self.faults.append({"where": where, "code": code, "message": str(message), "given": given})

    def as_json(self) -> dict[str, Any]:
        return {"values": [list(asdict(v).values()) for v in self.values], "acts": [asdict(a) for a in self.acts]}

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> Plan:
        return cls([StagedValue(*row) for row in stored["values"]], [StagedAct(**row) for row in stored["acts"]])


class SheetReader:
    """What both sheets need: the plan, and units by name."""

    def __init__(self, plan: Plan, units: UnitIndex, today: date) -> None:
        self.plan, self.units, self.today = plan, units, today

    def unit(self, row: SheetRow, day: date | None) -> int | None:
        """Return the commune of a row on a day (None: any day), after naming what is wrong with it."""
        text, here = row.text("unit"), row.where("unit")
        if not text:
            self.plan.fault(here, "missing", _("Chưa ghi xã."))
            return None
        found = self.units.find(text)
        if not found:
            self.plan.fault(here, "unknown_unit", _("Không có xã nào tên như vậy."), text)
            return None
        if day is None:
            return next(iter(found)) if len(found) == 1 else None
        then = {pk: version for pk in found if (version := self.units.on(pk, day)) is not None}
        communes = [pk for pk, version in then.items() if version.kind in REPORTING_KINDS]
        if len(communes) == 1:
            return communes[0]
        if len(communes) > 1:
            self.plan.fault(here, "ambiguous_unit", _("Có nhiều xã tên như vậy: hãy ghi uid của xã."), text)
        elif then:
            message = _("Vào ngày %(day)s đơn vị này không phải là xã.") % {"day": date_vi(day)}
            self.plan.fault(here, "not_a_commune", message, text)
        else:
            message = _("Xã này không tồn tại vào ngày %(day)s.") % {"day": date_vi(day)}
            self.plan.fault(here, "not_in_force", message, text)
        return None
