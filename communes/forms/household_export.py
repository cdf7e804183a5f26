"""Which households leave as a file, as what, and with whose numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mongcai_portal.common.exports import CSV, XLSX


class ExportForm(forms.Form):
    """What is wrong with it is said by the service."""

    unit = forms.TypedChoiceField(label=_("Xã, phường"), required=False, coerce=int, empty_value=None)
    format = forms.ChoiceField(label=_("Loại tệp"), choices=[(XLSX, "Excel (.xlsx)"), (CSV, "CSV")])
    numbers = forms.BooleanField(label=_("Kèm số định danh đầy đủ"), required=False)
    purpose = forms.CharField(
        label=_("Xuất số định danh để làm gì"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Chỉ cần khi kèm số định danh. Mục đích được ghi vào nhật ký của từng hộ."),
    )

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], every: bool, numbers: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = [*([("", _("Mọi xã, phường"))] if every else []), *units]
        if not numbers:
            del self.fields["numbers"], self.fields["purpose"]
