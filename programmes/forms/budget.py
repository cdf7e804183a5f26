"""Forms of money; what is wrong with what was typed is said by the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mongcai_portal.common.forms import DayField
from programmes.models import BudgetEntry, FundingSource

Choice = tuple[Any, Any]


class MoneyForm(forms.Form):
    """What every movement is typed with."""

    amount = forms.CharField(
        label=_("Số tiền (đồng)"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("Đồng nguyên, ví dụ 1.500.000.000. Nguồn ngày công, đất: ghi số ngày công hoặc m²."),
    )
    on = DayField(label=_("Ngày"), required=False, help_text=_("Ngày của quyết định, hoặc ngày chi."))
    document = forms.CharField(
        label=_("Theo văn bản, chứng từ"),
        required=False,
        help_text=_("Để trống thì khoản này mang dấu chưa đối chiếu."),
    )


class MoveForm(MoneyForm):
    """One movement of a line. `lock`: the line as this window saw it."""

    kind = forms.ChoiceField(label=_("Ghi"), required=False)
    reason = forms.CharField(label=_("Lý do"), required=False, help_text=_("Cần khi ghi giảm (số âm)."))
    lock = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = ("kind", "amount", "on", "document", "reason", "lock")

    def __init__(self, *args: Any, mobilised: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        kinds = BudgetEntry.Kind
        words = {
            kinds.PLANNED: _("giao kế hoạch"), kinds.CARRIED_OVER: _("nhận kéo dài từ năm trước"),
            kinds.ALLOCATED: _("phân bổ"), kinds.DISBURSED: _("giải ngân"),
        }  # fmt: skip
        if mobilised:
            words = {kinds.DISBURSED: _("huy động được"), kinds.PLANNED: _("giao kế hoạch")}
        carry = [] if mobilised else [("carry", _("kéo dài phần còn lại sang năm sau"))]
        self.fields["kind"].choices = [*((kind.value, word) for kind, word in words.items()), *carry]  # type: ignore[attr-defined]


class NewLineForm(MoneyForm):
    """A line, and what is planned of it or was carried over into its year."""

    component = forms.ChoiceField(label=_("Chương trình, thành phần"), required=False)
    unit = forms.ChoiceField(label=_("Đơn vị"), required=False)
    year = forms.IntegerField(label=_("Năm"), required=False)
    source = forms.ChoiceField(label=_("Nguồn vốn"), required=False)
    shared_with = forms.MultipleChoiceField(
        label=_("Dùng chung với"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Khoản này phục vụ cả các chương trình được chọn; mọi tổng vẫn chỉ tính một lần."),
    )
    kind = forms.ChoiceField(
        label=_("Ghi"),
        required=False,
        choices=[(BudgetEntry.Kind.PLANNED, _("kế hoạch giao")), (BudgetEntry.Kind.CARRIED_OVER, _("vốn kéo dài"))],
    )

    field_order = ("component", "unit", "year", "source", "shared_with", "kind", "amount", "on", "document")

    def __init__(
        self,
        *args: Any,
        components: Iterable[Choice],
        units: Iterable[Choice],
        sources: Iterable[Choice],
        programmes: Iterable[Choice],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.fields["component"].choices = [("", _("Chọn")), *components]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("Chọn")), *units]  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", _("Chọn")), *sources]  # type: ignore[attr-defined]
        self.fields["shared_with"].choices = list(programmes)  # type: ignore[attr-defined]


class TagsForm(forms.Form):
    """Which other programmes a line serves."""

    shared_with = forms.MultipleChoiceField(
        label=_("Dùng chung với"), required=False, widget=forms.CheckboxSelectMultiple
    )
    lock = forms.IntegerField(required=False, widget=forms.HiddenInput(attrs={"id": "id_tags_lock"}))

    def __init__(self, *args: Any, programmes: Iterable[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["shared_with"].choices = list(programmes)  # type: ignore[attr-defined]


class ConversionForm(forms.Form):
    """What a working day or a square metre counts as from a day on."""

    measure = forms.ChoiceField(
        label=_("Quy đổi"), required=False, choices=[one for one in FundingSource.Measure.choices if one[0] != "dong"]
    )
    dong = forms.CharField(
        label=_("Bằng (đồng)"), required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    valid_from = DayField(label=_("Áp dụng từ ngày"), required=False)
    basis = forms.CharField(
        label=_("Theo văn bản"),
        required=False,
        help_text=_("Để trống thì mức này mang dấu chưa đối chiếu."),
    )


class LinesFilterForm(forms.Form):
    """What the list of lines is narrowed by; a value that does not exist narrows nothing."""

    programme = forms.SlugField(required=False, max_length=30)
    component = forms.IntegerField(required=False, min_value=1, max_value=99)
    unit = forms.SlugField(required=False, max_length=60)
    source = forms.SlugField(required=False, max_length=40)
    year = forms.IntegerField(required=False, min_value=2011, max_value=2100)

    def value(self, name: str) -> Any:
        """What was asked for under a name, or None; call it after `is_valid`."""
        return self.cleaned_data.get(name) or None
