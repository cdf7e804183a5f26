"""Reading fields of reference files: each is checked, and every fault is kept with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mongcai_portal.common.errors import Fault


class FieldReader:
    """Collects faults instead of stopping at the first; a faulty field reads as empty."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, pointer: str, code: str, message: str) -> None:
        self.faults.append(Fault("/" + pointer, code, message))

    def need(self, row: Mapping[str, Any], key: str, pointer: str) -> Any:
        """Return a field that must be there; None and a fault when it is not."""
        value = row.get(key)
        if value is None or value == "":
            self.fault(f"{pointer}/{key}", "missing", _("Thiếu trường “%(field)s”.") % {"field": key})
            return None
        return value

    def text(self, row: Mapping[str, Any], key: str, pointer: str) -> str:
        value = self.need(row, key, pointer)
        return "" if value is None else str(value)

    def day(self, row: Mapping[str, Any], key: str, pointer: str, *, needed: bool = True) -> date | None:
        value = self.need(row, key, pointer) if needed else row.get(key)
        if value in (None, ""):
            return None
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fault(f"{pointer}/{key}", "not_a_date", _("“%(value)s” không phải là ngày.") % {"value": value})
            return None

    def word(self, row: Mapping[str, Any], key: str, pointer: str, words: Iterable[str]) -> str:
        """Return a word of a vocabulary."""
        value = self.text(row, key, pointer)
        if value and value not in set(words):
            self.fault(
                f"{pointer}/{key}",
                f"unknown_{key}",
                _("“%(value)s” không có trong danh mục (%(field)s).") % {"value": value, "field": key},
            )
        return value

    def once(self, seen: set[Any], value: Any, pointer: str) -> None:
        """Note a key that may come once only."""
        if value in seen:
            self.fault(pointer, "duplicate", _("Mã “%(code)s” bị lặp lại.") % {"code": value})
        seen.add(value)
