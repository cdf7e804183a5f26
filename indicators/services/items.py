"""Values as other systems send them: one item an element, `{element, value | state, reason, note}`.

An item is taken apart into the same cells that the form saves, so both meet the same checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from indicators.models import ReportedValue
from indicators.selectors.definitions import Definitions, definitions_for
from indicators.services.cells import CellInput, read_cells
from indicators.services.guard import Seen, report_for, require_own_unit
from indicators.services.values import SaveResult, save_values
from mongcai_portal.common.errors import Fault, Invalid, step

FIELDS = frozenset({"element", "value", "state", "reason", "note"})
PART_FIELDS = frozenset({"value", "state", "reason"})
# How items name the element as a whole beside its components.
TOTAL = "total"
State = ReportedValue.State


def save_items(*, by: Any, report_id: int, items: Sequence[object], seen: Seen | None = None) -> SaveResult:
    """Store all items or none; elements that are not named stay as they are.

    Raises:
        Report.DoesNotExist, Forbidden, Stale, Outdated: as `save_values`.
        Invalid: every fault of every item, with pointers such as `/0/element` or `/3/value/male`.
    """
    report, scope = report_for(by=by, report_id=report_id, permission="reports.edit")
    require_own_unit(report, scope)
    definitions = definitions_for(report.period)
    faults: list[Fault] = []
    cells: list[CellInput] = []
    if not items:
        faults.append(Fault("", "empty", _("Danh sách số liệu trống.")))
    for position, item in enumerate(items):
        cells += cells_of(item, definitions, f"/{position}", faults)
    _good, more = read_cells(cells, definitions)
    if faults or more:
        raise Invalid(in_order([*faults, *(fault.as_fault() for fault in more)]))
    return save_values(by=by, report_id=report_id, cells=cells, all_or_none=True, seen=seen)


def cells_of(
    item: object, definitions: Definitions, here: str, faults: list[Fault], fields: frozenset[str] = FIELDS
) -> list[CellInput]:
    """Take an item apart, naming what is wrong with its shape; what it says is checked by `read_cells`."""
    if not isinstance(item, Mapping):
        faults.append(Fault(here, "wrong_type", _("Mỗi phần tử là một đối tượng có element và value hoặc state.")))
        return []
    said = _said(item, fields, here, faults)
    value = said["value"]
    code = item.get("element")
    element = definitions.element(code) if isinstance(code, str) else None
    base = {"element": f"{here}/element", "note": f"{here}/note"}
    if isinstance(value, Mapping) and value:
        cells = []
        for name, raw in value.items():
            there = f"{here}/value{step(name)}"
            if isinstance(raw, Mapping):
                of_part = _said(raw, PART_FIELDS, there, faults)
                places = base | _places(there, f"{there}/value")
            else:
                of_part, places = said | {"value": raw}, base | _places(here, there)
            part = "" if name == TOTAL else str(name)
            cells.append(_cell(code, part, of_part, said["note"], there, places))
        return cells
    places = base | _places(here, f"{here}/value")
    if element is not None and (value is None or isinstance(value, Mapping)):
        # No value: no data, or not applicable, said of the element with all its parts; or something is missing.
        said["value"] = None
        return [_cell(code, cell.part, said, said["note"], f"{here}/value", places) for cell in element.cells]
    return [_cell(code, "", said, said["note"], f"{here}/value", places)]


def _places(here: str, value: str) -> dict[str, str]:
    return {"part": value, "value": value, "state": f"{here}/state", "reason": f"{here}/reason"}


def _said(item: Mapping[str, Any], fields: frozenset[str], here: str, faults: list[Fault]) -> dict[str, Any]:
    """Return what an item says, its texts as texts; name members that nothing reads, and texts that are none."""
    faults += [
        Fault(f"{here}{step(name)}", "unknown_field", _("Không có trường “%(name)s”.") % {"name": name})
        for name in item
        if name not in fields
    ]
    said: dict[str, Any] = {"value": item.get("value"), "state": "", "reason": "", "note": None}
    for name in {"state", "reason", "note"} & fields:
        text = item.get(name)
        if isinstance(text, str):
            said[name] = text
        elif text is not None:
            faults.append(Fault(f"{here}/{name}", "wrong_type", _("Trường này là một chuỗi ký tự.")))
    return said


def _cell(
    code: object, part: str, said: Mapping[str, Any], note: str | None, pointer: str, pointers: Mapping[str, str]
) -> CellInput:
    return CellInput(
        element=code if isinstance(code, str) else "",
        part=part,
        raw=said["value"],
        # Naming the state makes a null or empty value a fault: it must not silently clear the cell.
        state=said["state"] or State.VALUE,
        reason=said["reason"],
        note=note,
        language="plain",
        pointer=pointer,
        pointers=pointers,
    )


def in_order(faults: Sequence[Fault]) -> list[Fault]:
    """Sort by item; an element with several cells says the same thing once."""
    once = {(f.pointer, f.code): f for f in faults}
    return sorted(once.values(), key=lambda f: row_of(f.pointer))


def row_of(pointer: str) -> int:
    """Return which item of a list a fault is about; -1: the list itself."""
    return int(pointer.split("/")[1]) if "/" in pointer else -1
