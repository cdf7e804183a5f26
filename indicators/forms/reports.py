"""The filter of the worklist."""

from __future__ import annotations

from django import forms

from indicators.models import Report
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
