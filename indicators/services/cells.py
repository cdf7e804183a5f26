"""Reading cells as typed or sent: the one validation engine for form, bulk write and API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.models import ReportedValue
from indicators.rules.types import Value
from indicators.rules.values import impossible
from indicators.selectors.definitions import CellDef, Definitions, ElementDef
from mongcai_portal.common.errors import Fault
from mongcai_portal.common.numbers import NumberFault, format_decimal, parse_decimal, parse_plain, plain

State = ReportedValue.State


@dataclass(frozen=True, slots=True)
class CellInput:
    """A cell as someone typed or sent it.

    `raw` is read in the number format of `language` ("plain": the API's decimal string). A blank `raw` without a
    `state` clears the cell. `lock` is the one the sender saw (0: no value yet; None: do not compare).
    """

    element: str
    part: str = ""
    raw: object = None
    state: str = ""
    reason: str = ""
    note: str | None = None
    lock: int | None = None
    language: str = "vi"
    pointer: str = ""

    @property
    def where(self) -> str:
        return self.pointer or (f"/{self.element}/{self.part}" if self.part else f"/{self.element}")


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell input that passed every check; `state` "" clears."""

    source: CellInput
    element: ElementDef
    state: str
    value: Value | None
    reason: str


def read_cells(cells: Sequence[CellInput], definitions: Definitions) -> tuple[list[ReadCell], list[Fault]]:
    """Return the cells that may be stored, and every fault of the others."""
    good: list[ReadCell] = []
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    elements = {e.code: e for e in definitions.elements}
    for cell in cells:
        element = elements.get(cell.element)
        if element is None:
            faults.append(
                Fault(
                    cell.where,
                    "unknown_element",
                    _("Không có số liệu “%(code)s” trong báo cáo này.") % {"code": cell.element},
                )
            )
            continue
        definition = next((c for c in element.cells if c.part == cell.part), None)
        if definition is None:
            faults.append(Fault(cell.where, "unknown_part", _unknown_part(element, cell.part)))
            continue
        if (cell.element, cell.part) in seen:
            faults.append(Fault(cell.where, "duplicate", _("Số liệu này được gửi hai lần.")))
            continue
        seen.add((cell.element, cell.part))
        found = _read(cell, element, definition)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            good.append(found)
    return good, faults


def _unknown_part(element: ElementDef, part: str) -> str:
    parts = ", ".join(c.part or "total" for c in element.cells)
    if not part:
        return _("Số liệu này gồm các phần: %(parts)s.") % {"parts": parts}
    return _("Số liệu này không có phần “%(part)s”; các phần: %(parts)s.") % {"part": part, "parts": parts}


def _read(cell: CellInput, element: ElementDef, definition: CellDef) -> ReadCell | Fault:
    raw = cell.raw.strip() if isinstance(cell.raw, str) else cell.raw
    blank = raw is None or raw == ""
    if len(cell.reason) > 2000 or len(cell.note or "") > 2000:
        return Fault(cell.where, "too_long", _("Lý do hoặc ghi chú dài quá 2.000 ký tự."))
    if cell.state == State.NOT_APPLICABLE:
        if not cell.reason.strip():
            return Fault(cell.where, "reason_required", _("Ghi lý do vì sao không áp dụng."))
        return ReadCell(cell, element, State.NOT_APPLICABLE, None, cell.reason.strip())
    if cell.state == State.NO_DATA:
        return ReadCell(cell, element, State.NO_DATA, None, cell.reason.strip())
    if cell.state not in ("", State.VALUE):
        return Fault(cell.where, "unknown_state", _("Không có trạng thái “%(state)s”.") % {"state": cell.state})
    if blank:
        if cell.state == State.VALUE:
            return Fault(cell.where, "missing", _("Chưa nhập giá trị."))
        return ReadCell(cell, element, "", None, "")
    value = read_value(raw, definition, cell.language)
    if isinstance(value, tuple):
        return Fault(cell.where, *value)
    return ReadCell(cell, element, State.VALUE, value, "")


def read_value(raw: object, definition: CellDef, language: str) -> Value | tuple[str, str]:
    """Return what was typed or sent as the definition's value, or (code, message) of what is wrong with it."""
    value = _parse(raw, definition, language)
    if isinstance(value, tuple):
        return value
    code = impossible(value, value_type=definition.value_type, unit=definition.unit, scale=definition.scale)
    return value if code is None else (code, _impossible_message(code, value, definition, language))


def _parse(raw: object, definition: CellDef, language: str) -> Value | tuple[str, str]:
    """Return the value, or (code, message) of what is wrong with how it is written."""
    if definition.value_type == "boolean":
        if isinstance(raw, bool):
            return raw
        if language != "plain" and raw in ("true", "false"):
            return raw == "true"
        return "wrong_type", _("Chọn đạt hoặc chưa đạt.")
    if definition.value_type == "choice":
        return str(raw)
    if isinstance(raw, Decimal):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, str):
        return "wrong_type", _('Giá trị phải là số thập phân viết trong chuỗi, ví dụ "96.4".')
    try:
        return parse_plain(raw) if language == "plain" else parse_decimal(raw, language)
    except NumberFault as fault:
        return fault.code, number_message(fault)


def number_message(fault: NumberFault) -> str:
    """Return the user's message for a number that could not be read."""
    if fault.code == "ambiguous":
        whole, fraction = fault.suggestions
        return _("“%(text)s” đọc được hai cách: hãy gõ %(whole)s hoặc %(fraction)s.") % {
            "text": fault.text.strip(),
            "whole": whole,
            "fraction": fraction,
        }
    if fault.code == "wrong_format" and fault.suggestions:
        return _("“%(text)s” không đúng cách viết số. Có phải %(suggestion)s?") % {
            "text": fault.text.strip(),
            "suggestion": fault.suggestions[0],
        }
    if fault.code == "too_long":
        return _("Số quá dài: nhiều nhất 11 chữ số và 4 chữ số thập phân.")
    return _("“%(text)s” không phải là số.") % {"text": fault.text.strip()}


def _impossible_message(code: str, value: Value, definition: CellDef, language: str) -> str:
    if code == "over_100" and isinstance(value, Decimal):
        smaller = value
        while smaller > 100:
            smaller /= 10
        text = plain(smaller) if language == "plain" else format_decimal(smaller, language)
        return _("Tỷ lệ không vượt quá 100%%. Có phải %(suggestion)s?") % {"suggestion": text}
    if code == "not_in_scale":
        return _("Chọn một trong các mức: %(scale)s.") % {"scale": ", ".join(definition.scale)}
    return {
        "negative": _("Giá trị không được âm."),
        "not_whole": _("Số đếm phải là số nguyên."),
    }.get(code, _("Giá trị không đúng kiểu."))
