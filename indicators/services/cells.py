"""Reading cells as typed or sent, each against its element: the words of `rules.cells`, the one validation engine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.models import DataElement, ReportedValue
from indicators.rules import cells as engine
from indicators.rules.cells import Said, Shape, Wrong, storable
from indicators.rules.types import Value
from indicators.selectors.definitions import CellDef, Definitions, ElementDef
from mongcai_portal.common.errors import Fault, step
from mongcai_portal.common.number_words import number_message
from mongcai_portal.common.numbers import NumberFault, format_decimal, plain

State = ReportedValue.State


@dataclass(frozen=True, slots=True)
class CellInput:
    """A cell as someone typed or sent it.

    `raw` is read in the number format of `language` ("plain": the API's decimal string). A blank `raw` without a
    `state` clears the cell. `lock` is the one the sender saw (0: no value yet; None: do not compare). `pointer` is
    where a fault is shown; `pointers` names other places of a fault about the element, part, state, reason or note.
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
    pointers: Mapping[str, str] = field(default_factory=dict)

    def where(self, about: str = "value") -> str:
        """Return where a fault about one of the fields is shown."""
        own = self.pointer or (step(self.element) + (step(self.part) if self.part else ""))
        return self.pointers.get(about, own)


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell input that passed every check; `state` "" clears."""

    source: CellInput
    element: ElementDef
    state: str
    value: Value | None
    reason: str


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell input, and with which of its fields."""

    source: CellInput
    about: str
    code: str
    message: str

    def as_fault(self) -> Fault:
        return Fault(self.source.where(self.about), self.code, self.message)


def read_cells(
    cells: Sequence[CellInput], definitions: Definitions, elsewhere: Collection[str] | None = None
) -> tuple[list[ReadCell], list[CellFault]]:
    """Return the cells of one report that may be stored, and every fault of the others.

    Args:
        elsewhere: the codes among the unknown ones that other periods ask for, when the caller has looked them up for
            many reports at once (`asked_elsewhere`).
    """
    good: list[ReadCell] = []
    faults: list[CellFault] = []
    first: dict[tuple[str, str], CellInput] = {}
    elements = {e.code: e for e in definitions.elements}
    if elsewhere is None:
        elsewhere = asked_elsewhere(cell.element for cell in cells if cell.element not in elements)
    for cell in cells:
        place = _place(cell, elements.get(cell.element), elsewhere)
        if isinstance(place, CellFault):
            faults.append(place)
            continue
        element, definition = place
        key = (cell.element, cell.part)
        if key in first:
            message = _("Số liệu này được gửi hai lần; lần đầu ở %(where)s.") % {"where": first[key].where()}
            faults.append(CellFault(cell, "part", "duplicate", message))
            continue
        first[key] = cell
        shape = Shape(definition.value_type, definition.unit, definition.scale)
        found = engine.check(Said(cell.raw, cell.state, cell.reason, cell.note, cell.language), shape)
        if isinstance(found, tuple):
            faults += [CellFault(cell, wrong.about, wrong.code, message_of(wrong)) for wrong in found]
        else:
            good.append(ReadCell(cell, element, found.state, found.value, found.reason))
    return good, faults


def asked_elsewhere(codes: Iterable[str]) -> frozenset[str]:
    """Return those of the codes that are data elements at all: one query, none when there is nothing to ask."""
    asked = {code for code in codes if code and storable(code)}
    return (
        frozenset(DataElement.objects.filter(code__in=asked).values_list("code", flat=True)) if asked else frozenset()
    )


def _place(
    cell: CellInput, element: ElementDef | None, elsewhere: Collection[str]
) -> tuple[ElementDef, CellDef] | CellFault:
    """Return the element and the cell that an input speaks of."""
    if not cell.element:
        return CellFault(cell, "element", "missing", _("Chưa ghi mã số liệu."))
    if element is None and cell.element in elsewhere:
        message = _("Bộ tiêu chí của kỳ này không dùng số liệu “%(code)s”.") % {"code": cell.element}
        return CellFault(cell, "element", "not_asked", message)
    if element is None:
        message = _("Không có số liệu nào có mã “%(code)s”.") % {"code": cell.element}
        return CellFault(cell, "element", "unknown_element", message)
    definition = next((c for c in element.cells if c.part == cell.part), None)
    if definition is None:
        return CellFault(cell, "part", "unknown_part", _unknown_part(element, cell.part))
    return element, definition


def _unknown_part(element: ElementDef, part: str) -> str:
    parts = ", ".join(c.part or "total" for c in element.cells)
    if not part:
        return _("Số liệu này gồm các phần: %(parts)s.") % {"parts": parts}
    return _("Số liệu này không có phần “%(part)s”; các phần: %(parts)s.") % {"part": part, "parts": parts}


def read_value(raw: object, definition: CellDef, language: str) -> Value | tuple[str, str]:
    """Return what was typed or sent as the definition's value, or (code, message) of what is wrong with it."""
    value = engine.read_value(raw, Shape(definition.value_type, definition.unit, definition.scale), language)
    return (value.code, message_of(value)) if isinstance(value, Wrong) else value


def message_of(wrong: Wrong) -> str:
    """Return the user's message for a fault of the engine."""
    fault = wrong.told.get("fault")
    if isinstance(fault, NumberFault):
        return number_message(fault)
    shape = wrong.told.get("shape")
    if wrong.code == "wrong_type" and isinstance(shape, Shape):
        if shape.value_type == "boolean":
            return _("Chọn đạt hoặc chưa đạt.")
        return _('Giá trị phải là số thập phân viết trong chuỗi, ví dụ "96.4".')
    if wrong.code == "over_100":
        return _over_100(wrong.told["value"], str(wrong.told["language"]))
    if wrong.code == "not_in_scale" and isinstance(shape, Shape):
        return _("Chọn một trong các mức: %(scale)s.") % {"scale": ", ".join(shape.scale)}
    if wrong.code == "unknown_state":
        known = ", ".join(f"{label} ({value})" for value, label in State.choices if value != State.VALUE)
        return _("Không có tình trạng “%(state)s”; các tình trạng: %(known)s.") % {**wrong.told, "known": known}
    return {
        "negative": _("Giá trị không được âm."),
        "not_whole": _("Số đếm phải là số nguyên."),
        "missing": _("Chưa nhập giá trị."),
        "note_alone": _("Ghi chú được lưu cùng số liệu: hãy nhập số hoặc chọn tình trạng của ô."),
        "value_and_state": _("Ô này vừa có giá trị vừa chọn tình trạng khác: hãy để lại một."),
        "reason_required": _("Ghi lý do vì sao không áp dụng."),
        "reason_without_state": _("Lý do chỉ đi cùng tình trạng của ô; bên cạnh giá trị hãy dùng ghi chú."),
        "too_long": _("Lý do hoặc ghi chú dài quá 2.000 ký tự."),
        "null_characters": _("Có ký tự không dùng được."),
    }.get(wrong.code, _("Giá trị không đúng kiểu."))


def _over_100(value: object, language: str) -> str:
    smaller = value if isinstance(value, Decimal) else Decimal(0)
    while smaller > 100:
        smaller /= 10
    text = plain(smaller) if language == engine.PLAIN else format_decimal(smaller, language)
    return _("Tỷ lệ không vượt quá 100%%. Có phải %(suggestion)s?") % {"suggestion": text}
