"""Figures and plans as they are typed; what is wrong with them is said by the services, all at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.measures.values import UNIT_LABELS
from programmes.services.statistic_reading import StatisticTyped
from programmes.services.target_reading import TargetTyped

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
MARKS = [("sourced", _("đã đối chiếu với văn bản gốc")), ("unverified", _("chưa đối chiếu"))]
Choices = list[tuple[str, Any]]


def _number(label: Any, **more: Any) -> forms.CharField:
    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, widget=widget, max_length=40, **more)


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, input_formats=DAYS, widget=widget, **more)


def _text(label: Any, rows: int = 2, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more)


def _line(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, **more)


def _choice(label: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, **more)


def _units() -> Choices:
    return [("", _("– chọn –")), *UNIT_LABELS.items()]


class StatisticForm(forms.Form):
    """A figure with its source."""

    measure = _choice(_("Con số"))
    unit = _choice(_("Đơn vị hành chính"))
    as_of = _day(_("Số liệu tính đến ngày"), help_text=_("Số liệu của cả năm: ngày 31/12 của năm đó."))
    value = _number(_("Giá trị"), help_text=_("Số không thì nhập 0; chưa biết thì không nhập."))
    numerator = _number(_("Tử số"), help_text=_("Chỉ với tỷ lệ: có tử số, mẫu số thì mới cộng được nhiều xã."))
    denominator = _number(_("Mẫu số"))
    unit_code = _choice(_("Đơn vị tính"), help_text=_("Đơn vị mà nguồn dùng; khác đơn vị của con số thì không ghi."))
    printed = _line(_("Nguyên văn của nguồn"), help_text=_("Chép đúng như nguồn viết, kể cả dấu chấm, dấu phẩy."))
    source = _line(_("Nguồn"), help_text=_("Số và ngày của văn bản, báo cáo, hoặc nơi công bố."))
    provenance = _choice(_("Mức tin cậy"), choices=MARKS)
    note = _text(_("Ghi chú"))
    reason = _text(_("Vì sao sửa"))

    def __init__(self, *args: Any, measures: Choices, units: Choices, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [("", _("– chọn con số –")), *measures]
        self.fields["unit"].choices = [("", _("– chọn đơn vị –")), *units]
        self.fields["unit_code"].choices = _units()
        if correcting:
            del self.fields["measure"], self.fields["unit"]
        else:
            del self.fields["reason"]

    def typed(self, language: str, **fixed: str) -> StatisticTyped:
        """What was typed, whatever it is; a day that could not be read stays empty and has its fault here."""
        self.is_valid()
        names = ("measure", "unit", "value", "numerator", "denominator", "unit_code", "printed", "source", "provenance")
        given = {name: str(self.data.get(name, "")) for name in (*names, "note")} | fixed
        return StatisticTyped(as_of=self.cleaned_data.get("as_of"), language=language, **given)


class TargetForm(forms.Form):
    """A plan, and where it starts from."""

    measure = _choice(_("Con số"))
    unit = _choice(_("Đặt cho"))
    group = _choice(_("Nhóm đơn vị"), help_text=_("Để trống thì theo nhóm của chính con số."))
    year = forms.CharField(
        label=_("Năm"),
        required=False,
        max_length=10,
        help_text=_("Chỉ tiêu đến ngày cuối của năm."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    value = _number(_("Chỉ tiêu"))
    unit_code = _choice(_("Đơn vị tính"), help_text=_("Đơn vị mà văn bản dùng; khác đơn vị của con số thì không ghi."))
    baseline_value = _number(_("Giá trị ban đầu"))
    baseline_on = _day(_("Ngày của giá trị ban đầu"))
    baseline_source = _line(_("Nguồn của giá trị ban đầu"))
    source = _line(_("Văn bản đặt chỉ tiêu"), help_text=_("Số, ngày của kế hoạch, nghị quyết, kết luận."))
    provenance = _choice(_("Mức tin cậy"), choices=MARKS)
    note = _text(_("Ghi chú"))
    reason = _text(_("Vì sao điều chỉnh"))

    def __init__(
        self, *args: Any, measures: Choices, units: Choices, groups: Choices, revising: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = [("", _("– chọn con số –")), *measures]
        self.fields["unit"].choices = [("", _("– chọn đơn vị –")), *units]
        self.fields["group"].choices = [("", _("– nhóm của con số –")), *groups]
        self.fields["unit_code"].choices = _units()
        for name in ("measure", "unit", "group", "year") if revising else ("reason",):
            del self.fields[name]

    def typed(self, language: str) -> TargetTyped:
        """What was typed, whatever it is; a day that could not be read stays empty and has its fault here."""
        self.is_valid()
        names = ("measure", "unit", "group", "year", "value", "unit_code", "baseline_value", "baseline_source")
        given = {name: str(self.data.get(name, "")) for name in (*names, "source", "provenance", "note")}
        return TargetTyped(baseline_on=self.cleaned_data.get("baseline_on"), language=language, **given)


class ReasonForm(forms.Form):
    """Why a figure or a plan is withdrawn."""

    reason = _text(_("Lý do"), rows=3)
