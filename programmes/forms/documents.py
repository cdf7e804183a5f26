"""Forms of the period report: of what, its letterhead, why it is withdrawn, a new version of the template.

Fields are optional here: what is missing is named by the service, together with everything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mongcai_portal.common.forms import DayField
from programmes.reports.letterhead import Letterhead


class PeriodForm(forms.Form):
    """Of which area, from when to when."""

    area = forms.ChoiceField(label=_("Địa bàn"), required=False)
    since = DayField(label=_("Từ ngày"), required=False)
    until = DayField(label=_("Đến hết ngày"), required=False)

    def __init__(self, *args: Any, areas: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = list(areas)  # type: ignore[attr-defined]


class LetterheadForm(forms.Form):
    """What the office writes around the figures."""

    title = forms.CharField(label=_("Trích yếu"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    superior = forms.CharField(label=_("Cơ quan chủ quản"), required=False, help_text=_("Để trống nếu không ghi."))
    agency = forms.CharField(label=_("Cơ quan ban hành"), required=False)
    number = forms.CharField(
        label=_("Số, ký hiệu"), required=False, help_text=_("Ví dụ 45/BC-UBND; để trống nếu văn thư ghi sau.")
    )
    place = forms.CharField(label=_("Địa danh"), required=False)
    issued_on = DayField(label=_("Ngày ban hành"), required=False)
    signer_title = forms.CharField(
        label=_("Quyền hạn, chức vụ người ký"),
        required=False,
        help_text=_("Mỗi dòng như trên văn bản, ví dụ KT. CHỦ TỊCH ở dòng trên, PHÓ CHỦ TỊCH ở dòng dưới."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    signer = forms.CharField(label=_("Họ tên người ký"), required=False)
    recipients = forms.CharField(
        label=_("Nơi nhận"),
        required=False,
        help_text=_("Mỗi nơi một dòng; mẫu tự thêm “Lưu: VT”."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    remarks = forms.CharField(
        label=_("Nhận xét, kiến nghị"),
        required=False,
        help_text=_("Mỗi đoạn một dòng; không bắt buộc."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    template = forms.TypedChoiceField(label=_("Mẫu văn bản"), required=False, coerce=int, empty_value=0)

    def __init__(self, *args: Any, templates: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = list(templates)  # type: ignore[attr-defined]

    def letterhead(self) -> Letterhead:
        """Return what was typed; a day that could not be read is none."""
        data = self.cleaned_data
        day = data.get("issued_on")
        texts = {name: data.get(name, "") for name in self.fields if name not in ("issued_on", "template")}
        return Letterhead(**texts, issued_on=day if isinstance(day, date) else None)


class WithdrawalForm(forms.Form):
    """Why a published report is taken back."""

    reason = forms.CharField(label=_("Lý do thu hồi"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class TemplateForm(forms.Form):
    """A Word file as the next version of the template."""

    file = forms.FileField(
        label=_("Tệp Word"),
        required=False,
        allow_empty_file=True,
        help_text=_("Tệp .docx, tối đa 5 MB, không có macro và liên kết ra ngoài."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
    note = forms.CharField(label=_("Thay đổi gì so với phiên bản trước"), required=False)
