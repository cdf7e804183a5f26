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

    def rows(self, row: Mapping[str, Any], key: str, pointer: str) -> list[Mapping[str, Any]]:
        """Return a list of mappings; an absent one is empty, anything else a fault at its place."""
        value = row.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(f"{pointer}/{key}", "not_a_list", _("“%(field)s” phải là một danh sách.") % {"field": key})
            return []
        for at, one in enumerate(value):
            if not isinstance(one, Mapping):
                self.fault(
                    f"{pointer}/{key}/{at}",
                    "not_a_mapping",
                    _("Mỗi mục của “%(field)s” phải có các trường.") % {"field": key},
                )
        # A faulty item reads as an empty one: the places of those after it stay as they are in the file.
        return [one if isinstance(one, Mapping) else {} for one in value]

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
