"""What the register's list is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communes.selectors.households import RegistryFilter

STANDING, GONE, ALL = "standing", "gone", "all"
STATES = ((STANDING, _("đang trong sổ")), (GONE, _("đã ra khỏi sổ")), (ALL, _("tất cả")))


class RegistryForm(forms.Form):
    """Unit, village, state, and class under a standard (`code:status`); a value that does not exist narrows nothing."""

    unit = forms.CharField(required=False, max_length=60)
    village = forms.CharField(required=False, max_length=80)
    state = forms.ChoiceField(required=False, choices=STATES)
    of_class = forms.CharField(required=False, max_length=90)
    start = forms.IntegerField(required=False, min_value=0, max_value=10_000_000)

    def value(self, name: str) -> Any:
        """What was asked for under a name, or nothing; call it after `is_valid`."""
        return self.cleaned_data.get(name) or ""

    def wanted(self, q: str, *, unit: int | None, village: int | None) -> RegistryFilter:
        state = self.value("state") or STANDING
        return RegistryFilter(
            q=q,
            villages=() if village is None else (village,),
            gone=state in (GONE, ALL),
            standing=state in (STANDING, ALL),
            unit=unit,
            standard=self.value("of_class").partition(":")[0],
            status=self.value("of_class").partition(":")[2],
        )


class SearchForm(forms.Form):
    """What the reader looks for: it comes in the body of a request, never in an address."""

    q = forms.CharField(required=False, max_length=200, strip=True)
