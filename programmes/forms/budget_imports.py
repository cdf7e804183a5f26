"""Forms of the import of money: which file, how it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mongcai_portal.common.forms import DayField
from programmes.rules.budget_files.layout import FIELDS, LAST_YEAR, Layout

Choice = tuple[Any, Any]
NAMES = {
    "programme": _("chương trình"),
    "component": _("nội dung thành phần, dự án"),
    "shared_with": _("dùng chung với"),
    "unit": _("đơn vị"),
    "year": _("năm"),
    "source": _("nguồn vốn"),
    "planned": _("kế hoạch giao"),
    "carried_over": _("kế hoạch năm trước kéo dài"),
    "allocated": _("đã phân bổ"),
    "disbursed": _("đã giải ngân"),
}


class SendForm(forms.Form):
    """The workbook, and up to which day its figures go; the service says what is wrong."""

    file = forms.FileField(
        label=_("Tệp Excel"),
        required=False,
        allow_empty_file=True,
        help_text=_("Tệp .xlsx của phòng tài chính, tối đa 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    on = DayField(
        label=_("Số liệu đến hết ngày"),
        required=False,
        help_text=_("Các số trong tệp là lũy kế của năm đến ngày này; cổng chỉ ghi phần chênh lệch."),
    )


class HeadForm(forms.Form):
    """Where a sheet's heading stands and where its data begin."""

    sheet = forms.ChoiceField(label=_("Trang"))
    head_first = forms.IntegerField(label=_("Tiêu đề từ dòng"), min_value=1, max_value=999)
    head_last = forms.IntegerField(label=_("Tiêu đề đến dòng"), min_value=1, max_value=999)
    data_first = forms.IntegerField(label=_("Dữ liệu từ dòng"), min_value=2, max_value=9999)

    def __init__(self, *args: Any, sheets: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]


class LayoutForm(HeadForm):
    """Which field stands in which column, what holds for every row, and how amounts are written."""

    sheet = forms.ChoiceField(widget=forms.HiddenInput)
    head_first = forms.IntegerField(widget=forms.HiddenInput)
    head_last = forms.IntegerField(widget=forms.HiddenInput)
    data_first = forms.IntegerField(widget=forms.HiddenInput)
    programme = forms.ChoiceField(label=_("Chương trình của cả tệp"), required=False)
    unit = forms.ChoiceField(label=_("Đơn vị của cả tệp"), required=False)
    year = forms.IntegerField(label=_("Năm của cả tệp"), required=False)
    number_format = forms.ChoiceField(
        label=_("Số dạng chữ viết kiểu nào"),
        required=False,
        choices=[("vi", _("kiểu Việt Nam: 1.234,5")), ("en", _("kiểu Anh: 1,234.5"))],
        help_text=_("Cổng không đoán: số viết theo kiểu kia được nêu là lỗi."),
    )
    money_unit = forms.TypedChoiceField(
        label=_("Đơn vị tính"),
        required=False,
        coerce=int,
        empty_value=0,
        choices=[(1, _("đồng")), (1_000, _("nghìn đồng")), (1_000_000, _("triệu đồng")), (10**9, _("tỷ đồng"))],
    )

    def __init__(
        self,
        *args: Any,
        headings: Iterable[Choice],
        programmes: Iterable[Choice],
        units: Iterable[Choice],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        columns = [("", _("không có")), *headings]
        for name in FIELDS:
            self.fields[f"column_{name}"] = forms.TypedChoiceField(
                label=NAMES[name], required=False, coerce=int, empty_value=None, choices=columns
            )
        by_row = ("", _("theo từng dòng"))
        self.fields["programme"].choices = [by_row, *programmes]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [by_row, *units]  # type: ignore[attr-defined]

    def layout(self, before: Layout) -> Layout:
        """Return what was declared, with the words that were declared before."""
        data: Mapping[str, Any] = self.cleaned_data
        columns = {name: data[f"column_{name}"] for name in FIELDS if data.get(f"column_{name}")}
        year = data.get("year")
        return replace(
            before,
            sheet=data.get("sheet", ""),
            head_first=data.get("head_first") or 0,
            head_last=data.get("head_last") or 0,
            data_first=data.get("data_first") or 0,
            columns=columns,
            programme=data.get("programme", ""),
            unit=data.get("unit", ""),
            year=LAST_YEAR + 1 if "year" in self.errors else year,
            number_format=data.get("number_format", ""),
            money_unit=data.get("money_unit") or 0,
        )


def initial_of(layout: Layout) -> dict[str, Any]:
    """Return what the form begins with."""
    stored = layout.as_json()
    columns = stored.pop("columns")
    return {**stored, **{f"column_{name}": column for name, column in columns.items()}}
