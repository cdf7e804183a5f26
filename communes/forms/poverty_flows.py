"""Which changes, between which days; what is wrong with them is said by the service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mongcai_portal.common.templatetags.portal import date_vi


class FlowsForm(forms.Form):
    """`days` are those that may be asked for; none: any day."""

    standard = forms.ChoiceField(label=_("Chuẩn nghèo"), required=False)
    unit = forms.ChoiceField(label=_("Xã, phường"), required=False)

    def __init__(
        self,
        *args: Any,
        standards: Iterable[tuple[str, str]],
        units: Iterable[tuple[str, str]],
        days: Sequence[date] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["standard"].choices = list(standards)
        self.fields["unit"].choices = list(units)
        for name, label in (("from", _("Từ hết ngày")), ("to", _("Đến hết ngày"))):
            if days:
                choices = [(day.isoformat(), date_vi(day)) for day in days]
                self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)
            else:
                widget = forms.DateInput(attrs={"type": "date"})
                self.fields[name] = forms.CharField(label=label, required=False, widget=widget)
