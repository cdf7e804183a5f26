"""Which report tables, over what: what is wrong with the choice is said by the service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TablesForm(forms.Form):
    """`tables` are numbers of the list."""

    standard = forms.ChoiceField(label=_("Chuẩn nghèo"), required=False)
    year = forms.TypedChoiceField(label=_("Năm"), coerce=int, required=False, empty_value=None)
    unit = forms.ChoiceField(label=_("Xã, phường"), required=False)
    tables = forms.TypedMultipleChoiceField(
        label=_("Biểu"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        standards: Iterable[tuple[str, str]],
        years: Iterable[int],
        units: Iterable[tuple[str, str]],
        tables: Iterable[tuple[int, str]],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["standard"].choices = list(standards)
        self.fields["year"].choices = [(year, str(year)) for year in years]
        self.fields["unit"].choices = list(units)
        self.fields["tables"].choices = list(tables)
