"""How the workbook of past years is laid out: its sheets and columns, known in both languages of the portal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from mongcai_portal.common.sheets import Column, SheetSpec

VALUES, RECOGNITIONS = "values", "recognitions"

SHEETS: dict[str, Any] = {
    VALUES: pgettext_lazy("sheet", "Số liệu"),
    RECOGNITIONS: pgettext_lazy("sheet", "Công nhận"),
    "guide": pgettext_lazy("sheet", "Hướng dẫn"),
    "codes": pgettext_lazy("sheet", "Danh mục"),
}
# Key, heading, whether the column must be there.
VALUE_COLUMNS: tuple[tuple[str, Any, bool], ...] = (
    ("unit", _("Xã"), True),
    ("period", _("Kỳ"), True),
    ("element", _("Mã số liệu"), True),
    ("value", _("Giá trị"), True),
    ("state", _("Tình trạng"), False),
    ("reason", _("Lý do"), False),
    ("note", _("Ghi chú"), False),
    ("name", _("Tên số liệu (để đọc)"), False),
    ("measure", _("Đơn vị tính (để đọc)"), False),
)
RECOGNITION_COLUMNS: tuple[tuple[str, Any, bool], ...] = (
    ("unit", _("Xã"), True),
    ("level", _("Mức"), True),
    ("decision_number", _("Số quyết định"), True),
    ("decided_on", _("Ngày quyết định"), True),
    ("signer", _("Người ký"), False),
    ("expires_on", _("Ngày hết hiệu lực"), False),
    ("withdrawal_decision", _("Số quyết định thu hồi"), False),
    ("withdrawn_on", _("Ngày thu hồi"), False),
    ("withdrawal_reason", _("Lý do thu hồi"), False),
    ("source", _("Nguồn"), False),
    ("note", _("Ghi chú"), False),
)
COLUMNS = {VALUES: VALUE_COLUMNS, RECOGNITIONS: RECOGNITION_COLUMNS}

STATE_WORDS: dict[str, Any] = {
    "value": _("có số liệu"),
    "no_data": _("chưa có số liệu"),
    "not_applicable": _("không áp dụng"),
}
YES_NO: dict[bool, tuple[Any, ...]] = {
    True: (pgettext_lazy("answer", "đạt"), _("có"), "true"),
    False: (pgettext_lazy("answer", "chưa đạt"), _("không"), "false"),
}


def both(text: Any) -> tuple[str, str]:
    """Return a text in Vietnamese and in English: a workbook may come from a reader of either."""
    with override("vi"):
        vietnamese = str(text)
    with override("en"):
        return vietnamese, str(text)


def specs() -> list[SheetSpec]:
    """The sheets that are read."""
    return [
        SheetSpec(key, both(SHEETS[key]), tuple(Column(name, both(head), must) for name, head, must in COLUMNS[key]))
        for key in (VALUES, RECOGNITIONS)
    ]
