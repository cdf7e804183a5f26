"""Forms of lists that the register begins with. Fields are optional here: the service names what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communes.models.poverty import PovertyStatus
from communes.rules.register_files.list_layout import FIELDS, ListLayout
from communes.services.reviews.files import KINDS
from mongcai_portal.common.forms import DayField

Choice = tuple[Any, Any]
ACCEPT = ",".join(f".{kind}" for kind in (*KINDS, "jpg"))


class ListForm(forms.Form):
    """The decision by which a list was approved, and the list as a workbook."""

    unit = forms.TypedChoiceField(label=_("Xã, phường"), required=False, coerce=int, empty_value=None)
    standard = forms.ChoiceField(
        label=_("Chuẩn nghèo và năm áp dụng"),
        required=False,
        help_text=_("Đợt rà soát mùa thu phân loại cho năm sau: danh sách duyệt cuối năm 2025 tính cho năm 2026."),
    )
    number = forms.CharField(label=_("Số quyết định"), required=False, max_length=200)
    decided_on = DayField(label=_("Ngày quyết định"), required=False)
    decided_by = forms.CharField(
        label=_("Người ký"), required=False, max_length=300, help_text=_("Chủ tịch UBND xã, phường.")
    )
    on = DayField(
        label=_("Có hiệu lực từ ngày"),
        required=False,
        help_text=_(
            "Từ ngày này hộ được tính là hộ nghèo, hộ cận nghèo trên cổng; các hộ phải có trong sổ vào ngày đó."
        ),
    )
    whole = forms.ChoiceField(
        label=_("Loại hộ trong tệp"),
        required=False,
        choices=[
            ("", _("ghi ở một cột của tệp")),
            (PovertyStatus.POOR, _("mọi hộ trong tệp là hộ nghèo")),
            (PovertyStatus.NEAR_POOR, _("mọi hộ trong tệp là hộ cận nghèo")),
        ],
    )
    file = forms.FileField(
        label=_("Danh sách (tệp Excel)"),
        required=False,
        allow_empty_file=True,
        help_text=_("Tệp .xlsx, tối đa 10 MB. Tệp được mã hóa trong khi chờ và bị xóa khi đã ghi."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    scan = forms.FileField(
        label=_("Bản quét quyết định"),
        required=False,
        allow_empty_file=True,
        help_text=_("Không bắt buộc. PDF, PNG hoặc JPEG, tối đa 20 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, *args: Any, units: Iterable[Choice], standards: Iterable[Choice], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = [("", _("– chọn –")), *units]
        self.fields["standard"].choices = [("", _("– chọn –")), *standards]

    def standard_and_year(self) -> tuple[str, int | None]:
        """Return what was chosen: the code of a standard, and the year that the list counts for."""
        code, _colon, year = str(self.cleaned_data.get("standard") or "").partition(":")
        return code, int(year) if year else None


class ColumnsForm(forms.Form):
    """Where a list stands in its workbook."""

    sheet = forms.ChoiceField(label=_("Trang"), required=False)
    head = forms.IntegerField(label=_("Tiêu đề ở dòng"), required=False)
    first = forms.IntegerField(label=_("Dữ liệu từ dòng"), required=False)

    def __init__(
        self, *args: Any, sheets: Iterable[str], headings: Iterable[Choice], names: Mapping[str, Any], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["sheet"].choices = [(name, name) for name in sheets]
        columns = [("", _("không có")), *headings]
        for key in FIELDS:
            self.fields[f"column_{key}"] = forms.TypedChoiceField(
                label=names[key], required=False, coerce=int, empty_value=None, choices=columns
            )

    def layout(self) -> ListLayout:
        """Return what was declared; what could not be read is what no layout has."""
        data = self.cleaned_data
        columns = {key: data.get(f"column_{key}") for key in FIELDS}
        return ListLayout(
            sheet=data.get("sheet", ""),
            head=data.get("head") or 0,
            first=data.get("first") or 0,
            columns={key: column for key, column in columns.items() if column},
        )


def initial_of(layout: ListLayout) -> dict[str, Any]:
    """Return what the form of columns begins with."""
    own = {f"column_{key}": column for key, column in layout.columns.items()}
    return {"sheet": layout.sheet, "head": layout.head, "first": layout.first, **own}
