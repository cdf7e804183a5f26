"""Forms of tasks. Fields are optional here: what is missing is named by the service, with everything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mongcai_portal.common.forms import DayField
from programmes.models import Task
from programmes.rules.tasks import DUE_SOON, OVERDUE, TITLE, UNDATED
from programmes.selectors.tasks import TaskFilter

CHOOSE = ("", _("– chọn –"))
STANDINGS = [(OVERDUE, _("quá hạn")), (DUE_SOON, _("sắp đến hạn")), (UNDATED, _("không có thời hạn"))]


class FilterForm(forms.Form):
    """What a list or board is narrowed to; what cannot be read asks for nothing."""

    programme = forms.CharField(required=False, max_length=30)
    office = forms.CharField(required=False, max_length=40)
    unit = forms.CharField(required=False, max_length=60)
    status = forms.ChoiceField(required=False, choices=[("", ""), *Task.Status.choices])
    standing = forms.ChoiceField(required=False, choices=[("", ""), *STANDINGS])
    origin = forms.ChoiceField(required=False, choices=[("", ""), *Task.Origin.choices])
    q = forms.CharField(required=False, max_length=200)

    def wanted(self) -> TaskFilter:
        self.is_valid()
        data = self.cleaned_data
        return TaskFilter(**{name: data.get(name) or "" for name in self.fields})


class NewTaskForm(forms.Form):
    """A task to be given."""

    token = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("Nhiệm vụ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Một câu, việc phải làm và kết quả cần có; tối đa %(n)s ký tự.") % {"n": TITLE},
    )
    text = forms.CharField(label=_("Nội dung chi tiết"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    origin = forms.ChoiceField(label=_("Nguồn gốc"), required=False, choices=[CHOOSE, *Task.Origin.choices])
    document = forms.CharField(
        label=pgettext_lazy("task", "Văn bản"),
        required=False,
        help_text=_("Số, ký hiệu; để trống nếu không có văn bản."),
    )
    document_on = DayField(label=pgettext_lazy("task", "Ngày văn bản"), required=False)
    owner = forms.ChoiceField(label=_("Phòng ban chủ trì"), required=False)
    unit = forms.ChoiceField(label=_("Xã, phường"), required=False, help_text=_("Để trống: nhiệm vụ của cả địa bàn."))
    measure = forms.ChoiceField(label=_("Từ con số"), required=False)
    programme = forms.ChoiceField(
        label=pgettext_lazy("task", "Chương trình"),
        required=False,
        help_text=_("Chọn “Việc chung” khi nhiệm vụ không thuộc riêng chương trình nào."),
    )
    level = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    criterion = forms.IntegerField(required=False, min_value=1, max_value=99, widget=forms.HiddenInput)
    difficulty = forms.IntegerField(required=False, min_value=1, max_value=10**15, widget=forms.HiddenInput)
    due_on = DayField(
        label=pgettext_lazy("task", "Thời hạn"), required=False, help_text=_("Đến hết 24:00 của ngày này.")
    )
    no_deadline = forms.BooleanField(label=_("Văn bản không nêu thời hạn"), required=False)
    steps = forms.CharField(
        label=_("Các bước"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một bước; thêm bước sau cũng được."),
    )

    def __init__(
        self,
        *args: Any,
        offices: Sequence[tuple[str, str]],
        units: Sequence[tuple[str, str]],
        measures: Sequence[tuple[str, str]],
        programmes: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # A task of a difficulty is given from the difficulty's page, which says which one.
        if not self["difficulty"].value():
            kept = [one for one in Task.Origin.choices if one[0] != Task.Origin.DIFFICULTY]
            self.fields["origin"].choices = [CHOOSE, *kept]  # type: ignore[attr-defined]
        self.fields["owner"].choices = [CHOOSE, *offices]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("Cả địa bàn")), *units]  # type: ignore[attr-defined]
        self.fields["measure"].choices = [("", _("– không –")), *measures]  # type: ignore[attr-defined]
        self.fields["programme"].choices = [("", _("Việc chung")), *programmes]  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """What is said with a move: text, another deadline; files come beside."""

    text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    due_on = DayField(label=_("Thời hạn mới"), required=False)


class StepForm(forms.Form):
    """A step to be added."""

    step = forms.CharField(label=_("Bước mới"), required=False)
    step_due_on = DayField(label=_("Hạn của bước"), required=False)
