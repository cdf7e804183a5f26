"""Figures as people and other systems send them: read, held against what their unit allows, every fault named."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from communes.models import Unit, UnitVersion
from communes.scope import Scope
from mongcai_portal.common.errors import Fault, Forbidden
from mongcai_portal.common.number_words import number_message
from mongcai_portal.common.numbers import NumberFault, parse_decimal, parse_plain
from mongcai_portal.common.text import nfc
from programmes.measures.facts import HOME_AREA
from programmes.measures.values import PERCENT, UNIT_LABELS, Measure
from programmes.rules.limits import NEGATIVE, NOT_WHOLE, OVER_PERCENT, beyond

PLAIN = "plain"  # the language of numbers in the API
SOURCE_LENGTH = 200
# A figure of later than this, or a plan for later, is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass
class Reader:
    """Collects the faults of what was sent; what cannot be read is None."""

    language: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, name: str, code: str, message: str) -> None:
        self.faults.append(Fault(f"/{name}", code, message))

    def number(self, name: str, text: str, unit: str) -> Decimal | None:
        """Read a value of a unit; an empty text is None without a fault."""
        plain = nfc(text).strip()
        if not plain:
            return None
        if plain.endswith("%") and unit != PERCENT:
            self.wrong_unit(name, unit, "%")
            return None
        try:
            value = parse_plain(plain) if self.language == PLAIN else parse_decimal(plain, self.language)
        except NumberFault as fault:
            self.fault(name, fault.code, number_message(fault))
            return None
        why = beyond(unit, value)
        if why:
            self.fault(name, why, limit_message(why))
            return None
        return value

    def count(self, name: str, text: str) -> int | None:
        """Read a whole number of a ratio."""
        value = self.number(name, text, "person")
        return None if value is None else int(value)

    def unit(self, name: str, typed: str, measure: Measure | None) -> None:
        """Hold the unit that was named against the measure's own; none named is the measure's."""
        if measure is not None and typed and typed != measure.unit:
            self.wrong_unit(name, measure.unit, str(UNIT_LABELS.get(typed, typed)))

    def wrong_unit(self, name: str, right: str, typed: str) -> None:
        words = {"right": UNIT_LABELS.get(right, right), "typed": typed}
        self.fault(name, "wrong_unit", _("Con số này tính bằng %(right)s, không phải %(typed)s.") % words)

    def line(self, name: str, text: str, *, needed: str = "", longest: int = SOURCE_LENGTH) -> str:
        """Read one line of text; `needed` is what is said when there is none."""
        plain = " ".join(nfc(text).split())
        if not plain and needed:
            self.fault(name, "required", needed)
        if len(plain) > longest:
            self.fault(name, "too_long", _("Nhiều nhất %(n)s ký tự.") % {"n": longest})
        return plain

    def paragraph(self, name: str, text: str, *, needed: str = "") -> str:
        """Read a text of several lines."""
        plain = nfc(text).strip()
        if not plain and needed:
            self.fault(name, "required", needed)
        return plain

    def trust(self, name: str, mark: str, allowed: frozenset[str]) -> str:
        if mark not in allowed:
            self.fault(name, "unknown", _("Chọn mức tin cậy của nguồn."))
        return mark


def limit_message(why: str) -> str:
    """What is said of a value that its unit does not allow."""
    return {
        NEGATIVE: _("Giá trị không được nhỏ hơn 0."),
        OVER_PERCENT: _("Tỷ lệ phần trăm nằm trong khoảng từ 0 đến 100."),
        NOT_WHOLE: _("Con số này đếm từng cái nên phải là số nguyên."),
    }[why]


def unit_of(reader: Reader, scope: Scope, uid: str, *, name: str = "unit") -> Unit | None:
    """Return the unit that was named, if the account sees it: the town's figures are everyone's."""
    units = Unit.objects.all() if uid == HOME_AREA else Unit.objects.visible_to(scope)
    found = units.filter(uid=uid).first()
    if found is None:
        reader.fault(name, "unknown", _("Không có đơn vị này trong phạm vi của tài khoản."))
    return found


def version_of(unit: Unit, day: date) -> UnitVersion | None:
    """Return what a unit was on a day; None when it did not exist."""
    return UnitVersion.objects.in_force(day).filter(unit=unit).first()


def may_for(scope: Scope, permission: str, unit_id: int | None) -> bool:
    """Whether one of the roles has the permission for a unit; None for the whole town."""
    units = scope.units_with(permission)
    return units is None or (unit_id is not None and unit_id in units)


def require_for(scope: Scope, permission: str, unit_id: int | None) -> None:
    """Raise Forbidden unless the account may do this for the unit."""
    if not may_for(scope, permission, unit_id):
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))


def same(row: Any, content: dict[str, Any]) -> bool:
    """Whether a stored row says exactly this."""
    return all(getattr(row, name) == value for name, value in content.items())
