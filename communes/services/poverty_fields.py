"""Fields of a file of poverty standards and survey forms: each is checked, and every fault is kept with its place."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from communes.rules.poverty.survey import SMALL_INTEGER
from mongcai_portal.common.fields import FieldReader
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.text import nfc

Row = Mapping[str, Any]


class PovertyReader(FieldReader):
    """Checks the fields that standards and forms share, against what is known already.

    Args:
        sources: codes of the texts that data may name.
        areas: uids of the units that exist.
        forms: codes of the forms that are stored already.
    """

    def __init__(self, sources: Collection[str], areas: Collection[str], forms: Collection[str]) -> None:
        super().__init__()
        self.known_sources, self.known_areas = sources, areas
        self.forms = set(forms)

    def fault(self, pointer: str, code: str, message: str) -> None:
        super().fault(pointer.lstrip("/"), code, message)  # the file itself has no name in pointers

    def code(self, row: Row, pointer: str, seen: set[Any]) -> str:
        code = self.text(row, "code", pointer)
        if code and not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", code):
            self.fault(f"{pointer}/code", "bad_code", _("Mã “%(code)s” không hợp lệ.") % {"code": code})
        self.once(seen, code, f"{pointer}/code")
        return code

    def names(self, row: Row, pointer: str, *stems: str, needed: bool = True) -> dict[str, str]:
        """Return texts in both languages by their field names."""
        fields = [f"{stem}_{language}" for stem in stems or ("name",) for language in ("vi", "en")]
        if needed:
            return {name: nfc(self.text(row, name, pointer)) for name in fields}
        return {name: nfc(str(row.get(name) or "")) for name in fields}

    def fits(self, row: Model, pointer: str) -> None:
        """Name the texts of a row that its columns do not hold."""
        for field in row._meta.concrete_fields:
            text, most = getattr(row, field.attname), field.max_length
            if most and isinstance(text, str) and len(text) > most:
                self.fault(f"{pointer}/{field.name}", "too_long", _("Dài quá %(n)s ký tự.") % {"n": most})

    def whole(self, row: Row, key: str, pointer: str, *, least: int = 1, most: int = SMALL_INTEGER) -> int:
        """Return a whole number within its limits; `least` and a fault when it is none."""
        value = self.need(row, key, pointer)
        if value is None:
            return least
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(
                f"{pointer}/{key}", "not_a_whole_number", _("“%(value)s” không phải là số nguyên.") % {"value": value}
            )
            return least
        if not least <= value <= most:
            told = {"value": value, "least": least, "most": most}
            message = _("%(value)s nằm ngoài giới hạn từ %(least)s đến %(most)s.") % told
            self.fault(f"{pointer}/{key}", "beyond_limits", message)
            return least
        return value

    def mark(self, row: Row, key: str, pointer: str) -> str:
        return self.word(row, key, pointer, Provenance.values)

    def marked(
        self, row: Row, key: str, mark: str, pointer: str, *, least: int = 1, most: int = SMALL_INTEGER
    ) -> int | None:
        """Return a number that may be missing; its mark and the number must agree."""
        provenance = self.mark(row, mark, pointer)
        if provenance == Provenance.MISSING:
            self.absent(row, key, mark, pointer)
            return None
        return self.whole(row, key, pointer, least=least, most=most)

    def absent(self, row: Row, key: str, mark: str, pointer: str) -> None:
        if row.get(key) not in (None, ""):
            told = {"field": key, "mark": mark}
            message = _("“%(field)s” đã có giá trị thì “%(mark)s” không thể là missing.") % told
            self.fault(f"{pointer}/{mark}", "not_missing", message)

    def source(self, row: Row, pointer: str, key: str = "source") -> str:
        code = str(row.get(key) or "")
        self._known_source(code, f"{pointer}/{key}")
        return code

    def _known_source(self, code: str, pointer: str) -> None:
        if code and code not in self.known_sources:
            self.fault(pointer, "unknown_source", _("Không có nguồn “%(code)s”.") % {"code": code})

    def sources(self, row: Row, pointer: str) -> list[str]:
        found = row.get("sources") or []
        if not isinstance(found, list):
            message = _("“%(field)s” phải là một danh sách.") % {"field": "sources"}
            self.fault(f"{pointer}/sources", "not_a_list", message)
            return []
        for at, code in enumerate(found):
            self._known_source(str(code), f"{pointer}/sources/{at}")
        return [str(code) for code in found]
