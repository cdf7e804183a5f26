"""What to look for in the log."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.selectors import AuditFilter
from mongcai_portal.common.forms import DayField

LONGEST_ID = 2**63 - 1


class AuditForm(forms.Form):
    """Conditions of a search; one that cannot be read is told, and the others hold."""

    who = forms.CharField(label=_("Ai làm"), required=False, max_length=200)
    q = forms.CharField(label=_("Có chữ"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Việc đã làm"), required=False, choices=[("", _("Mọi việc")), *Kind.choices])
    since = DayField(label=_("Từ ngày"), required=False)
    until = DayField(label=_("Đến hết ngày"), required=False)
    actor = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    type = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    id = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    unit = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=0, max_value=LONGEST_ID, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, min_value=0, max_value=LONGEST_ID, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or {}
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("Ngày cuối không được trước ngày đầu."))
        return data

    def wanted(self) -> AuditFilter:
        """The filter; conditions at fault ask for nothing."""
        self.is_valid()
        data = self.cleaned_data
        return AuditFilter(
            who=data.get("who", ""),
            q=data.get("q", ""),
            kind=data.get("kind", ""),
            actor=data.get("actor", ""),
            obj_type=data.get("type", ""),
            obj_id=data.get("id", ""),
            unit=data.get("unit", ""),
            since=data.get("since"),
            until=data.get("until"),
        )
