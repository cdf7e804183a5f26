"""Asking for identity numbers, and reviewing who asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communes.forms.audit import LONGEST_ID
from communes.services.households.reading import PURPOSE_AT_LEAST, PURPOSE_AT_MOST
from mongcai_portal.common.forms import DayField


class UnmaskForm(forms.Form):
    """Whose numbers, and what for; `token` is good for one answer."""

    person = forms.TypedChoiceField(label=_("Của ai"), required=False, coerce=int, empty_value=None)
    purpose = forms.CharField(
        label=_("Xem để làm gì"),
        required=False,
        max_length=PURPOSE_AT_MOST * 2,
        help_text=_("Ít nhất 10 ký tự, ví dụ: đối chiếu hồ sơ bảo hiểm y tế. Mục đích được ghi vào nhật ký."),
        widget=forms.Textarea(attrs={"rows": 3, "minlength": PURPOSE_AT_LEAST}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [("", _("Cả hộ")), *people]


class BeforeForm(forms.Form):
    """From which event of the log a list goes on to older ones; what cannot be read begins at the latest."""

    before = forms.IntegerField(required=False, min_value=0, max_value=LONGEST_ID)


class UnmaskingsForm(forms.Form):
    """Who, in which unit and when; a value that cannot be read narrows nothing."""

    who = forms.CharField(label=_("Ai xem"), required=False, max_length=150)
    unit = forms.ChoiceField(label=_("Xã, phường"), required=False)
    since = DayField(label=_("Từ ngày"), required=False)
    until = DayField(label=_("Đến hết ngày"), required=False)
    before = forms.IntegerField(required=False, min_value=0)
    after = forms.IntegerField(required=False, min_value=0)

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = [("", _("Mọi xã, phường")), *units]

    def asked(self) -> dict[str, Any]:
        """What `selectors.unmaskings` takes; call it after `is_valid`."""
        data = self.cleaned_data
        words = {name: data.get(name) or "" for name in ("who", "unit")}
        return words | {name: data.get(name) for name in ("since", "until", "before", "after")}
