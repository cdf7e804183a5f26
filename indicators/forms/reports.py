"""Forms of the worklist: its filter, opening a period, opening a report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.models import Period, Report
from indicators.selectors.worklist import WorklistFilter


class FilterForm(forms.Form):
    """What to show; a value that does not exist shows everything."""

    period = forms.CharField(required=False)
    status = forms.CharField(required=False)
    unit = forms.CharField(required=False)

    def wanted(self) -> WorklistFilter:
        self.is_valid()
        data = self.cleaned_data
        status = data.get("status", "")
        return WorklistFilter(
            data.get("period", ""), status if status in Report.Status.values else "", data.get("unit", "")
        )


class OpenReportForm(forms.Form):
    """A unit and a period; which are possible is said by the service."""

    period = forms.ModelChoiceField(
        label=_("Kỳ báo cáo"), queryset=Period.objects.order_by("-ends_on"), to_field_name="code"
    )
    unit = forms.ChoiceField(label=_("Xã"))

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("– chọn xã –")), *units]


class OpenPeriodForm(forms.Form):
    """A period and its deadline."""

    period = forms.CharField(label=_("Mã kỳ"), max_length=7, help_text=_("Ví dụ: 2024, 2024-H1, 2024-Q3, 2024-11."))
    due_on = forms.DateField(
        label=_("Hạn nộp (24:00 ngày)"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
