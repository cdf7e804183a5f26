"""Forms of the import of households: which file, how it is read, what its words mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communes.rules.register_files.fields import FIELDS
from communes.rules.register_files.layout import (
    DMY,
    HEADS,
    MDY,
    MEMBERS,
    MONTH,
    SERIAL,
    TRUE_DATE,
    YEAR,
    YMD,
    Layout,
)
from mongcai_portal.common.forms import DayField

Choice = tuple[Any, Any]


class SendForm(forms.Form):
    """The workbook, whose it is, and since when its households are in the register; the service says what is wrong."""

    file = forms.FileField(
        label=_("Tệp Excel"),
        required=False,
        allow_empty_file=True,
        help_text=_("Tệp .xlsx do phần mềm khác xuất ra, tối đa 20 MB. Tệp được mã hóa trong khi chờ."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    source = forms.TypedChoiceField(
        label=_("Nguồn tệp"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Nguồn đã lưu thì cách đọc tệp được điền sẵn."),
    )
    unit = forms.TypedChoiceField(label=_("Xã, phường"), required=False, coerce=int, empty_value=None)
    on = DayField(
        label=_("Các hộ có trong sổ từ ngày"),
        required=False,
        help_text=_("Ngày bắt đầu theo dõi các hộ của tệp trên cổng."),
    )

    def __init__(self, *args: Any, units: Iterable[Choice], town: bool, sources: Iterable[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["source"].choices = [("", _("Nguồn mới")), *sources]
        first = [("", _("Mọi xã, phường"))] if town else []
        self.fields["unit"].choices = [*first, *units]


class HeadForm(forms.Form):
    """Where a sheet's heading stands and where its data begin."""

    sheet = forms.ChoiceField(label=_("Trang"))
    head_first = forms.IntegerField(label=_("Tiêu đề từ dòng"), min_value=1, max_value=999)
    head_last = forms.IntegerField(label=_("Tiêu đề đến dòng"), min_value=1, max_value=999)
    data_first = forms.IntegerField(label=_("Dữ liệu từ dòng"), min_value=2, max_value=9999)

    def __init__(self, *args: Any, sheets: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["sheet"].choices = [(name, name) for name in sheets]


class LayoutForm(HeadForm):
    """Which field stands in which column, and in which formats; what is wrong with it is said by the service."""

    sheet = forms.ChoiceField(widget=forms.HiddenInput)
    head_first = forms.IntegerField(widget=forms.HiddenInput)
    head_last = forms.IntegerField(widget=forms.HiddenInput)
    data_first = forms.IntegerField(widget=forms.HiddenInput)
    rows_are = forms.ChoiceField(
        label=_("Mỗi dòng là"),
        choices=[(MEMBERS, _("một nhân khẩu")), (HEADS, _("một hộ, chỉ có chủ hộ"))],
    )
    first_row_only = forms.BooleanField(
        label=_("Mã hộ và thông tin của hộ chỉ ghi ở dòng đầu của mỗi hộ"), required=False
    )
    day_shapes = forms.MultipleChoiceField(
        label=_("Ngày sinh trong tệp viết kiểu nào"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (DMY, _("ngày/tháng/năm: 03/04/1980 là 3 tháng 4")),
            (MDY, _("tháng/ngày/năm: 03/04/1980 là 4 tháng 3")),
            (YMD, _("năm-tháng-ngày: 1980-04-03")),
            (MONTH, _("chỉ tháng và năm: 04/1980")),
            (YEAR, _("chỉ năm: 1980")),
            (TRUE_DATE, _("ô kiểu ngày của Excel")),
            (SERIAL, _("số ngày của Excel: 29314")),
        ],
        help_text=_("Chọn mọi kiểu có trong tệp. Kiểu không chọn được nêu là lỗi, cổng không đoán."),
    )
    number_format = forms.ChoiceField(
        label=_("Số trong tệp viết kiểu nào"),
        choices=[("vi", _("kiểu Việt Nam: 1.500.000,5")), ("en", _("kiểu Anh: 1,500,000.5"))],
    )
    income_unit = forms.TypedChoiceField(
        label=_("Thu nhập tính theo"),
        coerce=int,
        choices=[
            (1, pgettext_lazy("unit of income", "đồng/người/tháng")),
            (1000, _("nghìn đồng/người/tháng")),
            (1_000_000, _("triệu đồng/người/tháng")),
        ],
    )
    blank_is_no = forms.BooleanField(label=_("Ô trống ở cột có/không nghĩa là không"), required=False)
    save_as = forms.CharField(
        label=_("Lưu cách đọc này cho nguồn"),
        required=False,
        max_length=200,
        help_text=_("Ví dụ: tên phần mềm đã xuất tệp. Để trống thì không lưu."),
    )

    def __init__(
        self, *args: Any, headings: Mapping[int, str], names: Mapping[str, Any], sheets: Iterable[str], **more: Any
    ) -> None:
        super().__init__(*args, sheets=sheets, **more)
        columns = [("", _("không có"))] + [(column, text) for column, text in headings.items()]
        for spec in FIELDS:
            self.fields[f"column_{spec.key}"] = forms.TypedChoiceField(
                label=names[spec.key], required=False, coerce=int, empty_value=None, choices=columns
            )

    def layout(self, before: Layout) -> Layout:
        """Return what was declared; the words of an earlier declaration stay."""
        data = self.cleaned_data
        columns = {spec.key: data.get(f"column_{spec.key}") for spec in FIELDS}
        return Layout(
            sheet=data.get("sheet", before.sheet),
            head_first=data.get("head_first", before.head_first),
            head_last=data.get("head_last", before.head_last),
            data_first=data.get("data_first", before.data_first),
            columns={key: column for key, column in columns.items() if column},
            rows_are=data.get("rows_are", ""),
            first_row_only=data.get("first_row_only", False),
            day_shapes=tuple(data.get("day_shapes", ())),
            number_format=data.get("number_format", ""),
            income_unit=data.get("income_unit", 0),
            blank_is_no=data.get("blank_is_no", False),
            words=before.words,
        )


def initial_of(layout: Layout, source: str = "") -> dict[str, Any]:
    """Return a layout as the form shows it."""
    columns = {f"column_{key}": column for key, column in layout.columns.items()}
    return {**layout.as_json(), **columns, "save_as": source}
