"""A day off, or days of rest that are worked; what is wrong with it is said by the service."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DayOffForm(forms.Form):
    """`until` empty: one day."""

    day = forms.DateField(
        label=_("Từ ngày"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Đến hết ngày"),
        required=False,
        help_text=_("Để trống khi chỉ một ngày."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    works = forms.ChoiceField(
        label=_("Là ngày"), choices=[("off", _("nghỉ")), ("work", _("làm bù vào ngày nghỉ cuối tuần"))], required=False
    )
    name_vi = forms.CharField(label=_("Tên"), required=False, max_length=200)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), required=False, max_length=200)
    basis = forms.CharField(
        label=_("Theo văn bản"),
        required=False,
        max_length=300,
        help_text=_("Số và ngày của thông báo nghỉ. Để trống thì ngày mang dấu chưa đối chiếu."),
    )
