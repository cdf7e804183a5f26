"""Forms of the register: its filter, a decision from its paper, a withdrawal, and why a record was wrong.

Fields are optional here: what is missing is named by the service, together with everything else.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communes.models import Unit
from indicators.models import ConditionState
from indicators.selectors.register import STATES, RegisterFilter
from indicators.services.decisions import Decision
from indicators.services.recognition import SCAN_KINDS

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
SCAN_HINT = _("PDF, PNG hoặc JPEG, tối đa 20 MB.")
ACCEPT = ",".join(f".{kind}" for kind in (*SCAN_KINDS, "jpg"))


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, input_formats=DAYS, widget=widget, **more)


def scan_field(label: Any, hint: Any = SCAN_HINT) -> forms.FileField:
    """A field for the scan of a decision; the service says what is wrong with it."""
    return forms.FileField(
        label=label,
        required=False,
        allow_empty_file=True,
        help_text=hint,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )


class RegisterFilterForm(forms.Form):
    """What to show; a value that does not exist shows everything."""

    level = forms.CharField(required=False)
    unit = forms.CharField(required=False)
    year = forms.CharField(required=False)
    state = forms.CharField(required=False)

    def wanted(self) -> RegisterFilter:
        self.is_valid()
        data = self.cleaned_data
        year, state = data.get("year", ""), data.get("state", "")
        return RegisterFilter(
            level=data.get("level", ""),
            unit=data.get("unit", ""),
            year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None,
            state=state if state in STATES else "",
        )


class DecisionForm(forms.Form):
    """A decision as it is typed from the paper."""

    unit = forms.ChoiceField(label=_("Xã"), required=False)
    level = forms.ChoiceField(label=_("Mức được công nhận"), required=False)
    decision_number = forms.CharField(label=_("Số quyết định"), required=False, max_length=60)
    decided_on = _day(_("Ngày quyết định"))
    signer = forms.CharField(label=_("Người ký"), required=False, max_length=200)
    expires_on = _day(_("Ngày hết hiệu lực"), help_text=_("Để trống nếu quyết định không ghi thời hạn."))
    scan = scan_field(_("Bản quét quyết định"))
    provenance = forms.ChoiceField(
        label=_("Mức tin cậy"),
        required=False,
        choices=[("sourced", _("đã đối chiếu với văn bản gốc")), ("unverified", _("chưa đối chiếu"))],
    )
    source = forms.CharField(
        label=_("Nguồn"), required=False, max_length=80, help_text=_("Nơi lưu hồ sơ hoặc mã nguồn, nếu có.")
    )
    note = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    difference_reason = forms.CharField(
        label=_("Vì sao vẫn ghi quyết định này"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Bắt buộc khi số liệu hoặc một điều kiện chưa đủ vào ngày quyết định."),
    )
    correction_reason = forms.CharField(
        label=_("Bản ghi cũ sai ở đâu"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    drop_withdrawal = forms.BooleanField(label=_("Việc thu hồi đã ghi là ghi nhầm: bỏ đi"), required=False)

    def __init__(
        self, *args: Any, units: list[tuple[str, str]], levels: list[tuple[str, str]], labels: dict[str, str],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("– chọn xã –")), *units]
        self.fields["level"].choices = [("", _("– chọn mức –")), *levels]
        answers = [("", _("– chọn –")), *ConditionState.choices]
        for name, label in labels.items():
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=answers)

    def decision(self, unit: Unit | None) -> Decision:
        """What was typed; a field that could not be read stays empty, and has its fault here."""
        data = self.cleaned_data
        texts = ("level", "decision_number", "signer", "source", "note", "difference_reason")
        return Decision(
            unit=unit,
            decided_on=data.get("decided_on"),
            expires_on=data.get("expires_on"),
            provenance=data.get("provenance", ""),
            satisfaction=data.get("satisfaction", ""),
            no_debt=data.get("no_debt", ""),
            security=data.get("security", ""),
            **{name: data.get(name, "") for name in texts},
        )


class WithdrawalForm(forms.Form):
    """A withdrawal as it is typed from the paper."""

    decision_number = forms.CharField(label=_("Số quyết định thu hồi"), required=False, max_length=60)
    withdrawn_on = _day(_("Ngày thu hồi"))
    reason = forms.CharField(
        label=pgettext_lazy("withdrawal", "Lý do thu hồi"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    scan = scan_field(_("Bản quét quyết định thu hồi"))


class AnnulmentForm(forms.Form):
    """Why a record should never have been made."""

    reason = forms.CharField(label=_("Lý do hủy bản ghi"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
