"""Forms of OCOP. Fields are optional here: what is missing is named by the service, together with everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.recognition import scan_field
from mongcai_portal.common.forms import DayField
from programmes.models import OcopAssessment, OcopLevel, OcopProducer
from programmes.selectors.ocop import ASKED, OcopFilter
from programmes.services.ocop import Decision, ProducerEntry, ProductEntry, SheetTyped

Choices = list[tuple[str, str]]
ROWS_MORE, ROWS_MOST = 5, 30
CHOOSE = _("– chọn –")


def _text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more)


def _line(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, **more)


class Locked(forms.Form):
    """A form that rests on what its window saw."""

    lock = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def seen(self) -> int | None:
        """The version that the window saw; one that says nothing readable saw none that stands."""
        found = self.cleaned_data.get("lock")
        return -1 if found is None else int(found)


class OcopFilterForm(forms.Form):
    """What to show; a value that does not exist shows everything."""

    unit = forms.CharField(required=False)
    group = forms.CharField(required=False)
    stars = forms.CharField(required=False)
    state = forms.CharField(required=False)
    q = forms.CharField(required=False, max_length=200)

    def wanted(self) -> OcopFilter:
        self.is_valid()
        data = self.cleaned_data
        stars, state = data.get("stars", ""), data.get("state", "")
        return OcopFilter(
            unit=data.get("unit", ""),
            group=data.get("group", ""),
            stars=int(stars) if stars in ("3", "4", "5") else None,
            state=state if state in ASKED else "",
            q=data.get("q", ""),
        )


class ProductForm(Locked):
    """A product as it is typed."""

    name = _line(_("Tên sản phẩm"))
    group = forms.ChoiceField(label=_("Nhóm sản phẩm"), required=False)
    protected_name = _line(
        _("Tên được bảo hộ"), help_text=_("Chỉ dẫn địa lý, nhãn hiệu tập thể hoặc chứng nhận, nếu có.")
    )
    description = _text(_("Mô tả"), 4)

    def __init__(self, *args: Any, groups: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", CHOOSE), *groups]

    def entry(self) -> ProductEntry:
        data = self.cleaned_data
        names = ("name", "group", "protected_name", "description")
        return ProductEntry(**{name: data.get(name, "") for name in names})


class NewProductForm(ProductForm):
    """A product with where it is made and by whom: a producer of the list, or a new one."""

    unit = forms.ChoiceField(label=_("Xã, phường nơi làm ra"), required=False)
    producer = forms.ChoiceField(
        label=_("Chủ thể đã có trong sổ"), required=False, help_text=_("Để trống nếu là chủ thể mới.")
    )
    producer_name = _line(_("Tên chủ thể mới"))
    producer_form = forms.ChoiceField(
        label=_("Loại hình"), required=False, choices=[("", CHOOSE), *OcopProducer.Form.choices]
    )
    producer_address = _line(_("Địa chỉ"))

    def __init__(self, *args: Any, units: Choices, producers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", CHOOSE), *units] if len(units) != 1 else units
        self.fields["producer"].choices = [("", _("– chủ thể mới –")), *producers]

    def producer_entry(self) -> int | ProducerEntry:
        data = self.cleaned_data
        if data.get("producer"):
            return int(data["producer"])
        return ProducerEntry(*(data.get(f"producer_{name}", "") for name in ("name", "form", "address")))


class ProducerForm(Locked):
    """A producer as it is typed."""

    name = _line(_("Tên chủ thể"))
    form = forms.ChoiceField(label=_("Loại hình"), required=False, choices=[("", CHOOSE), *OcopProducer.Form.choices])
    address = _line(_("Địa chỉ"))

    def entry(self) -> ProducerEntry:
        return ProducerEntry(*(self.cleaned_data.get(name, "") for name in ("name", "form", "address")))


class OpenForm(forms.Form):
    """An assessment to be opened."""

    purpose = forms.ChoiceField(
        label=_("Mục đích đánh giá"), required=False, choices=[("", CHOOSE), *OcopAssessment.Purpose.choices]
    )
    note = _text(
        _("Xã xác nhận về hồ sơ"),
        help_text=_("Nguồn gốc nguyên liệu địa phương, sử dụng lao động địa phương, nguồn gốc ý tưởng."),
    )


class SessionForm(Locked):
    """The session of a council; the sheets of its members stand below it."""

    council = forms.ChoiceField(label=_("Hội đồng"), required=False, choices=[("", CHOOSE), *OcopLevel.choices])
    assessed_on = DayField(label=_("Ngày họp chấm"), required=False)


class SettleForm(Locked):
    """Settling the result."""

    disqualified_because = _text(
        _("Yêu cầu ngoài điểm mà sản phẩm không đạt"), 2, help_text=_("Để trống nếu sản phẩm đạt mọi yêu cầu.")
    )


class ReasonForm(Locked):
    """Why a dossier is sent back."""

    reason = _text(_("Lý do"))


class DecisionForm(forms.Form):
    """A decision as it is typed from the paper."""

    level = forms.ChoiceField(
        label=_("Cấp ban hành quyết định"), required=False, choices=[("", CHOOSE), *OcopLevel.choices]
    )
    decision_number = _line(_("Số quyết định"))
    decided_on = DayField(label=_("Ngày quyết định"), required=False)
    signer = _line(_("Người ký"))
    source = _line(_("Nguồn"), help_text=_("Nơi lưu hồ sơ hoặc mã nguồn, nếu có."))
    note = _text(_("Ghi chú"), 2)
    scan = scan_field(_("Bản quét quyết định"), _("Nếu có: PDF, PNG hoặc JPEG, tối đa 20 MB; có thể thêm sau."))

    def decision(self, stars: int | None) -> Decision:
        data = self.cleaned_data
        texts = ("level", "decision_number", "signer", "source", "note")
        return Decision(stars=stars, decided_on=data.get("decided_on"), **{name: data.get(name, "") for name in texts})


class ScanForm(forms.Form):
    """The paper of a decision that was recorded without it."""

    scan = scan_field(_("Bản quét quyết định"))


class WithdrawalForm(forms.Form):
    """A withdrawal as it is typed from the paper."""

    decision_number = _line(_("Số quyết định thu hồi"))
    withdrawn_on = DayField(label=_("Ngày thu hồi"), required=False)
    reason = _text(_("Lý do"))


class AnnulmentForm(forms.Form):
    """Why a record should never have been made."""

    reason = _text(_("Lý do hủy bản ghi"))


def sheets_typed(data: Mapping[str, Any]) -> list[SheetTyped]:
    """Return the sheets of a form as they were typed, row by row; rows that were not sent end it."""
    found = []
    for at in range(ROWS_MOST):
        if f"member-{at}" not in data:
            break
        values: Iterable[str] = (str(data.get(f"{name}-{at}", "")) for name in ("member", "a", "b", "c"))
        found.append(SheetTyped(*values))
    return found
