"""Forms of review rounds. Fields are optional here: what is missing is named by the service, with everything else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from communes.models import Complaint, HouseholdReview, ReviewRound
from communes.rules.reviews.sheet import CellSpec
from communes.selectors.reviews.sheets import digest
from communes.services.reviews.files import KINDS
from communes.services.reviews.sheets import CellTyped

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]
ACCEPT = ",".join(f".{kind}" for kind in (*KINDS, "jpg"))
MONTHS = [(str(n), f"{n:02d}") for n in range(1, 13)]


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, input_formats=DAYS, widget=widget, **more)


def _paper(label: Any, **more: Any) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        allow_empty_file=True,
        help_text=_("PDF, PNG hoặc JPEG, tối đa 20 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        **more,
    )


def _text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more)


def _line(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, **more)


class OpenForm(forms.Form):
    """A round to be opened."""

    unit = forms.ChoiceField(label=_("Xã, phường"), required=False)
    kind = forms.ChoiceField(label=_("Loại đợt"), required=False, choices=ReviewRound.Kind.choices)
    held_in = forms.IntegerField(label=_("Năm tổ chức"), required=False)
    month = forms.ChoiceField(
        label=_("Tháng"), required=False, choices=[("", "–"), *MONTHS], help_text=_("Chỉ với đợt thường xuyên.")
    )
    on = _day(_("Ngày mở đợt"))

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units


class RequestForm(forms.Form):
    """A household that asks for a review."""

    household = _line(_("Mã hộ"), max_length=40, help_text=_("Mã trong sổ hộ của xã."))
    reason = forms.ChoiceField(
        label=_("Giấy đề nghị"),
        required=False,
        choices=[choice for choice in HouseholdReview.Reason.choices if choice[0] != HouseholdReview.Reason.REGISTER],
    )
    on = _day(_("Ngày đề nghị"))
    paper = _paper(_("Ảnh hoặc bản quét giấy đề nghị"))

    def __init__(self, *args: Any, average: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not average:  # the round does not take these
            asked = HouseholdReview.Reason.AVERAGE
            self.fields["reason"].choices = [one for one in self.fields["reason"].choices if one[0] != asked]


class MeetingForm(forms.Form):
    """The meeting of a village, from its minutes."""

    held_on = _day(_("Ngày họp"))
    chaired_by = _line(_("Người chủ trì"), max_length=120, help_text=_("Trưởng thôn, trưởng bản, trưởng khu."))
    present = forms.IntegerField(label=_("Số người dự họp"), required=False)
    agreeing = forms.IntegerField(label=_("Số người đồng ý"), required=False)
    review_again = forms.BooleanField(
        label=_("Xác nhận: không đủ tỷ lệ đồng ý, các hộ của thôn được rà soát lại"), required=False
    )
    minutes = _paper(_("Bản quét biên bản họp dân (Mẫu 02)"))


class PostingForm(forms.Form):
    """A public posting."""

    posted_on = _day(_("Ngày niêm yết"))
    place = _line(_("Nơi niêm yết"), max_length=300, help_text=_("Trụ sở UBND xã, nhà văn hóa thôn, loa truyền thanh…"))


class ComplaintForm(forms.Form):
    """A complaint about a household's result."""

    received_on = _day(_("Ngày nhận"))
    text = _text(_("Nội dung khiếu nại"), rows=4)


class AnswerForm(forms.Form):
    """What a complaint's re-check came to."""

    answered_on = _day(_("Ngày trả lời"))
    outcome = forms.ChoiceField(
        label=_("Kết quả phúc tra"), required=False, choices=[("", _("– chọn –")), *Complaint.Outcome.choices]
    )
    answer = _text(_("Nội dung trả lời"), rows=4)


class DistrictReportForm(forms.Form):
    """The result as it was sent to the chairman of the district."""

    number = _line(_("Số báo cáo"), max_length=60)
    sent_on = _day(_("Ngày gửi"))


class OpinionForm(forms.Form):
    """The opinion of the chairman of the district, from its paper."""

    number = _line(_("Số văn bản"), max_length=60)
    answered_on = _day(_("Ngày văn bản"))
    opinion = _text(_("Nội dung ý kiến"), rows=5)


class DecisionForm(forms.Form):
    """The decision as it is typed from the signed paper; why it is late, and that some left, where that is so."""

    number = _line(_("Số quyết định"), max_length=60)
    decided_on = _day(_("Ngày quyết định"))
    late_reason = _text(
        _("Lý do quyết định muộn"), rows=2, max_length=1000, help_text=_("Chỉ ghi khi ngày quyết định sau hạn của đợt.")
    )
    signer = _line(_("Người ký"), max_length=120, help_text=_("Chủ tịch UBND xã, phường."))
    scan = _paper(_("Bản quét quyết định"))
    without_gone = forms.BooleanField(
        label=_("Xác nhận: quyết định không gồm các hộ không còn ở xã, phường được nêu"), required=False
    )


class RefusalForm(forms.Form):
    """The written answer that refuses a request."""

    number = _line(_("Số văn bản"), max_length=60)
    refused_on = _day(_("Ngày văn bản"))
    signer = _line(_("Người ký"), max_length=120)
    reasons = _text(_("Lý do không chấp thuận"), rows=5)


class ReasonForm(forms.Form):
    """Why something goes back."""

    reason = _text(_("Lý do"), rows=2, max_length=1000)


class SheetPost:
    """The fields of a posted sheet that someone changed.

    Per field five names, as the form of a report has: `v:` the value, `k:` a token of what the window was shown; `s:`,
    `r:` and `n:` stay empty. A field that still reads as it was shown is left alone, so that a whole form never
    overwrites what others typed meanwhile.
    """

    def __init__(self, data: Mapping[str, str], specs: tuple[CellSpec, ...]) -> None:
        asked = data.get("language") or (get_language() or "vi")
        self.language = "en" if asked.startswith("en") else "vi"
        self.typed: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.cells: list[CellTyped] = []
        mine_name, _at, mine_lock = data.get("mine", "").rpartition("@")
        for spec in specs:
            if f"k:{spec.name}" in data and data.get("theirs") != spec.name:
                self._read(data, spec.name, mine_lock if mine_name == spec.name else None)

    def _read(self, data: Mapping[str, str], name: str, forced: str | None) -> None:
        text = data.get(f"v:{name}", "").strip()
        token = data.get(f"k:{name}", "")
        lock, _sep, seen = token.partition("~")
        if forced is None and digest(text) == seen:
            return
        self.typed[name], self.tokens[name] = text, token
        number = forced if forced is not None else lock
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
        self.cells.append(CellTyped(name, text, known, self.language))
