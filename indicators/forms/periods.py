"""Forms of periods: a new one, another deadline, and opening its reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.models import Period
from mongcai_portal.common.forms import DayField

ALL, TICKED, GROUP = "all", "ticked", "group:"
TICK = "u:"


class OpenPeriodForm(forms.Form):
    """A period and its deadline."""

    period = forms.CharField(
        label=_("Mã kỳ"),
        max_length=7,
        help_text=_("Năm 2024, sáu tháng 2024-H1, quý 2024-Q3 hoặc tháng 2024-11; ngày đầu và ngày cuối tự tính."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    due_on = DayField(label=_("Hạn nộp (24:00 ngày)"))


class DeadlineForm(forms.Form):
    """Another deadline, and why; `seen` is the one that the window showed."""

    due_on = DayField(label=_("Hạn nộp mới (24:00 ngày)"))
    reason = forms.CharField(
        label=_("Lý do"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen = forms.DateField(required=False, widget=forms.HiddenInput)


class OpenReportsForm(forms.Form):
    """A period and which communes: all, a group's, or those ticked (fields `u:<uid>`)."""

    period = forms.ModelChoiceField(
        label=_("Kỳ báo cáo"), queryset=Period.objects.order_by("-ends_on"), to_field_name="code"
    )
    which = forms.ChoiceField(label=_("Xã nào"), initial=ALL)

    def __init__(self, data: Any = None, *, groups: Sequence[str] = (), **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["which"].choices = [(code, code) for code in (ALL, *(GROUP + code for code in groups), TICKED)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.cleaned_data.get("which") not in (None, TICKED) and ticked(self.data):
            # Neither reading is safe to guess: one of them opens what was not asked for.
            self.add_error("which", _("Anh/chị đánh dấu một số xã nhưng chọn mở cho nhóm khác; hãy chọn một cách."))
        return data

    def units(self, *, everything: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
        """The uids that were asked for."""
        which = self.cleaned_data["which"]
        if which == ALL:
            return list(everything)
        return list(groups[which.removeprefix(GROUP)]) if which.startswith(GROUP) else ticked(self.data)


def ticked(data: Mapping[str, Any]) -> list[str]:
    """The uids whose box is ticked."""
    return [name.removeprefix(TICK) for name in data if name.startswith(TICK)]
