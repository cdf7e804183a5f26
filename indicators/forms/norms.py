"""The form of a norm: texts as they were typed, so that a refused form shows each of them again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.selectors.norm_queue import KINDS, QueueFilter
from indicators.services.norm_reading import NormTyped

_TEXTS = ("value", "region", "year", "group", "valid_from", "decision", "issued_on", "issuer", "reason")
_DAY = {"inputmode": "numeric", "autocomplete": "off", "placeholder": "dd/mm/yyyy"}


class QueueFilterForm(forms.Form):
    """What the queue shows; a value that does not exist shows everything."""

    set = forms.CharField(required=False)
    office = forms.CharField(required=False)
    kind = forms.CharField(required=False)

    def wanted(self) -> QueueFilter:
        self.is_valid()
        data = self.cleaned_data
        kind = data.get("kind", "")
        return QueueFilter(data.get("set", ""), data.get("office", ""), kind if kind in KINDS else "")


class NormForm(forms.Form):
    """What is typed for a norm; what is wrong with it the service says, of all fields at once."""

    value = forms.CharField(label=_("Mức đạt chuẩn"), required=False)
    region = forms.ChoiceField(label=_("Vùng"), required=False)
    year = forms.ChoiceField(label=_("Năm"), required=False)
    group = forms.ChoiceField(label=_("Nhóm xã"), required=False)
    valid_from = forms.CharField(
        label=_("Áp dụng từ ngày"),
        required=False,
        widget=forms.TextInput(_DAY),
        help_text=_("Để trống nếu áp dụng suốt thời gian của chỉ tiêu."),
    )
    decision = forms.CharField(
        label=_("Số, ký hiệu văn bản"),
        required=False,
        widget=forms.TextInput({"placeholder": "1234/QĐ-UBND", "autocomplete": "off"}),
    )
    issued_on = forms.CharField(label=_("Ngày ban hành"), required=False, widget=forms.TextInput(_DAY))
    issuer = forms.CharField(label=_("Cơ quan ban hành"), required=False)
    scan = forms.FileField(
        label=_("Bản quét văn bản"),
        required=False,
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg,.webp"}),
        help_text=_("PDF hoặc ảnh, không quá 20 MB."),
    )
    reason = forms.CharField(
        label=_("Ghi chú, lý do"),
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Bắt buộc khi thay một mức đã có nguồn."),
    )

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], number: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("region", "year", "group"):
            self.fields[name].choices = choices[name]
            self.fields[name].widget.attrs["class"] = "form-select"
        if not choices["group"][1:]:
            del self.fields["group"]
        if number:
            self.fields["value"].widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        else:
            self.fields["value"].widget = forms.Select({"class": "form-select"}, choices["value"])

    def typed(self, *, document: int | None, language: str) -> NormTyped:
        """Return the texts as they were posted, whatever they are."""
        return NormTyped(
            **{name: str(self.data.get(name, "")) for name in _TEXTS}, document=document, language=language
        )

    def show(self, faults: dict[str, list[str]]) -> None:
        """Put the faults beside their fields; one of a field that is not shown stands above all."""
        self.is_valid()
        self._errors = forms.utils.ErrorDict()
        for name, messages in faults.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)
