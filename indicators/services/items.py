"""Values as other systems send them: one item an element, `{element, value | state, reason, note}`.

An item is taken apart into the same cells that the form saves, so both meet the same checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from indicators.models import ReportedValue
from indicators.selectors.definitions import Definitions, ElementDef, definitions_for
from indicators.services.cells import CellInput, read_cells
from indicators.services.guard import report_for, require_own_unit
from indicators.services.values import SaveResult, save_values
from mongcai_portal.common.errors import Fault, Invalid

FIELDS = frozenset({"element", "value", "state", "reason", "note"})
PART_FIELDS = frozenset({"value", "state", "reason"})
# How items name the element as a whole beside its components.
TOTAL = "total"
State = ReportedValue.State


def save_items(*, by: Any, report_id: int, items: Sequence[object]) -> SaveResult:
    """Store all items or none; elements that are not named stay as they are.

    Raises:
        Report.DoesNotExist, Forbidden, Stale: as `save_values`.
        Invalid: every fault of every item, with pointers such as `/0/element` or `/3/value/male`.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.edit")
    require_own_unit(report, scope)
    definitions = definitions_for(report.period)
    cells, faults = cells_of(items, definitions)
    _good, more = read_cells(cells, definitions)
    if faults or more:
        raise Invalid(_in_order([*faults, *(_placed(fault) for fault in more)]))
    return save_values(by=by, report_id=report_id, cells=cells, all_or_none=True)


def cells_of(items: Sequence[object], definitions: Definitions) -> tuple[list[CellInput], list[Fault]]:
    """Take items apart; their shape is checked here, their values by `read_cells`."""
    cells: list[CellInput] = []
    faults: list[Fault] = []
    if not items:
        faults.append(Fault("", "empty", _("Danh sách số liệu trống.")))
    for position, item in enumerate(items):
        here = f"/{position}"
        if not isinstance(item, Mapping):
            faults.append(Fault(here, "wrong_type", _("Mỗi phần tử là một đối tượng có element và value hoặc state.")))
            continue
        found = [*_shape(item, FIELDS, here), *_texts(item, here)]
        element = _element(item, definitions, here, found)
        faults += found
        if element is not None and not found:
            cells += _cells(item, element, here, faults)
    return cells, faults


def _element(item: Mapping[str, Any], definitions: Definitions, here: str, faults: list[Fault]) -> ElementDef | None:
    code = item.get("element")
    if not isinstance(code, str) or not code:
        faults.append(Fault(f"{here}/element", "missing", _("Ghi mã số liệu (element).")))
        return None
    element = definitions.element(code)
    if element is None:
        message = _("Không có số liệu “%(code)s” trong báo cáo này.") % {"code": code}
        faults.append(Fault(f"{here}/element", "unknown_element", message))
    return element


def _shape(item: Mapping[str, Any], fields: frozenset[str], here: str) -> list[Fault]:
    faults = [
        Fault(f"{here}/{name}", "unknown_field", _("Không có trường “%(name)s”.") % {"name": name})
        for name in item
        if name not in fields
    ]
    state = item.get("state")
    given = state not in (None, "", State.VALUE)
    if given and "value" in item:
        faults.append(Fault(f"{here}/state", "value_and_state", _("Gửi value hoặc state, không gửi cả hai.")))
    if not given and "value" not in item:
        faults.append(Fault(f"{here}/value", "missing", _("Chưa có value hoặc state.")))
    if not given and item.get("reason"):
        message = _("Lý do (reason) chỉ đi cùng state; với value hãy dùng note.")
        faults.append(Fault(f"{here}/reason", "reason_without_state", message))
    return faults


def _texts(item: Mapping[str, Any], here: str) -> list[Fault]:
    faults = []
    for name in ("state", "reason", "note"):
        text = item.get(name)
        if text is None:
            continue
        if not isinstance(text, str):
            faults.append(Fault(f"{here}/{name}", "wrong_type", _("Trường này là một chuỗi ký tự.")))
        elif "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
            # No database stores these.
            faults.append(Fault(f"{here}/{name}", "null_characters", _("Có ký tự không dùng được.")))
    return faults


def _cells(item: Mapping[str, Any], element: ElementDef, here: str, faults: list[Fault]) -> list[CellInput]:
    note = item.get("note")
    value = item.get("value")
    if "value" not in item:
        return [
            _cell(element.code, cell.part, item, note, f"{here}/state")
            for cell in element.cells  # no data, or not applicable: said of the element with all its parts
        ]
    if not isinstance(value, Mapping):
        return [_cell(element.code, "", {"value": value}, note, f"{here}/value")]
    if not value:
        faults.append(Fault(f"{here}/value", "missing", _("Chưa nhập giá trị.")))
    cells = []
    for name, raw in value.items():
        there = f"{here}/value/{name}"
        part = "" if name == TOTAL else str(name)
        if not isinstance(raw, Mapping):
            cells.append(_cell(element.code, part, {"value": raw}, note, there))
            continue
        found = [*_shape(raw, PART_FIELDS, there), *_texts(raw, there)]
        faults += found
        if not found:
            where = f"{there}/value" if "value" in raw else f"{there}/state"
            cells.append(_cell(element.code, part, raw, note, where))
    return cells


def _cell(element: str, part: str, said: Mapping[str, Any], note: str | None, pointer: str) -> CellInput:
    return CellInput(
        element=element,
        part=part,
        raw=said.get("value"),
        # Naming the state makes a null or empty value a fault: it must not silently clear the cell.
        state=said.get("state") or State.VALUE,
        reason=said.get("reason") or "",
        note=note,
        language="plain",
        pointer=pointer,
    )


def _placed(fault: Fault) -> Fault:
    """Move a fault about the reason from the state to the reason."""
    if fault.code == "reason_required" and fault.pointer.endswith("/state"):
        return Fault(fault.pointer.removesuffix("/state") + "/reason", fault.code, fault.message)
    return fault


def _in_order(faults: Sequence[Fault]) -> list[Fault]:
    """Sort by item; an element with several cells says the same thing once."""
    once = {(f.pointer, f.code): f for f in faults}
    return sorted(once.values(), key=lambda f: int(f.pointer.split("/")[1]) if "/" in f.pointer else -1)
