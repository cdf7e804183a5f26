"""Forms of the import of past years: which template, which file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.models import HistoryImport
from indicators.selectors.archive_pages import past_years


class TemplateForm(forms.Form):
    """Which years stand in the template; a year that is not offered is left out."""

    year = forms.TypedMultipleChoiceField(label=_("Các năm"), required=False, coerce=int)

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in past_years(today)]

    def years(self) -> list[int]:
        self.is_valid()
        return list(self.cleaned_data.get("year", []))


class ImportForm(forms.Form):
    """The workbook and how numbers are written in it; what is wrong with them is said by the service."""

    file = forms.FileField(
        label=_("Tệp Excel"),
        required=False,
        allow_empty_file=True,
        help_text=_("Tệp .xlsx theo mẫu, tối đa 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    number_format = forms.ChoiceField(
        label=_("Số dạng chữ trong tệp viết kiểu nào"),
        required=False,
        choices=HistoryImport.NumberFormat.choices,
        help_text=_("Cổng không đoán: một số đọc được hai cách sẽ được nêu là lỗi."),
    )
