"""Forms of difficulties. Fields are optional here: what is missing is named by the service, with everything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mongcai_portal.common.forms import DayField
from programmes.models import Difficulty, DifficultyProposal
from programmes.rules.difficulties import MOST_PROPOSALS, REOPEN, RESOLVE, WITHDRAW
from programmes.selectors.difficulties import DifficultyFilter
from programmes.services.difficulties import DifficultyTyped, Proposed

CHOOSE = ("", _("– chọn –"))
Choices = Sequence[tuple[str, str]]
Grouped = Sequence[tuple[str, Choices]]


class FilterForm(forms.Form):
    """What a list is narrowed to; what cannot be read asks for nothing."""

    programme = forms.CharField(required=False, max_length=30)
    unit = forms.CharField(required=False, max_length=60)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *Difficulty.Kind.choices])
    status = forms.ChoiceField(required=False, choices=[("", ""), *Difficulty.Status.choices])
    period = forms.RegexField(r"^\d{4}(-(H[12]|Q[1-4]|0[1-9]|1[0-2]))?$", required=False)
    office = forms.CharField(required=False, max_length=40)
    addressee = forms.ChoiceField(required=False, choices=[("", ""), *DifficultyProposal.Addressee.choices])
    q = forms.CharField(required=False, max_length=200)

    def wanted(self) -> DifficultyFilter:
        self.is_valid()
        data = self.cleaned_data
        return DifficultyFilter(**{name: data.get(name) or "" for name in self.fields})


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """The two fields of one proposal."""

    number: int
    addressee: Any
    text: Any


class DifficultyForm(forms.Form):
    """An entry with its causes and proposals; a row of a proposal that is left empty is none.

    Args:
        rows: how many rows of proposals are offered.
    """

    token = forms.RegexField(r"^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)
    programme = forms.ChoiceField(label=pgettext_lazy("difficulty", "Chương trình"), required=False)
    period = forms.ChoiceField(label=_("Kỳ báo cáo"), required=False)
    unit = forms.ChoiceField(label=_("Xã, phường"), required=False)
    office = forms.ChoiceField(label=_("Phòng ban theo dõi"), required=False)
    kind = forms.ChoiceField(label=_("Loại nội dung"), required=False, choices=[CHOOSE, *Difficulty.Kind.choices])
    text = forms.CharField(
        label=_("Tồn tại, khó khăn"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Viết thành câu như trong báo cáo: việc gì, ở đâu, mức độ nào."),
    )
    cause_objective = forms.CharField(
        label=_("Nguyên nhân khách quan"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    cause_subjective = forms.CharField(
        label=_("Nguyên nhân chủ quan"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        *args: Any,
        programmes: Choices,
        periods: Grouped,
        units: Choices,
        offices: Choices,
        whole_town: bool,
        rows: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, auto_id="%s", **kwargs)
        first = ("", _("Cả địa bàn")) if whole_town else CHOOSE
        for name, choices in (
            ("programme", [CHOOSE, *programmes]),
            ("period", [CHOOSE, *periods]),
            ("unit", [first, *units]),
            ("office", [CHOOSE, *offices]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.rows = min(max(rows, 1), MOST_PROPOSALS)
        for at in range(self.rows):
            self.fields[f"proposals_{at}_addressee"] = forms.ChoiceField(
                label=pgettext_lazy("difficulty", "Kiến nghị với"),
                required=False,
                choices=[CHOOSE, *DifficultyProposal.Addressee.choices],
            )
            self.fields[f"proposals_{at}_text"] = forms.CharField(
                label=_("Nội dung kiến nghị"), required=False, widget=forms.Textarea(attrs={"rows": 2})
            )

    def proposal_rows(self) -> Iterator[ProposalRow]:
        for at in range(self.rows):
            yield ProposalRow(at + 1, self[f"proposals_{at}_addressee"], self[f"proposals_{at}_text"])

    def typed(self) -> DifficultyTyped:
        """Return what was typed, as far as it could be read."""
        self.is_valid()
        data = self.cleaned_data
        names = ("programme", "kind", "period", "office", "text", "unit", "cause_objective", "cause_subjective")
        return DifficultyTyped(
            **{name: data.get(name, "") for name in names},
            # Every row keeps its place, so that a fault stands at its own.
            proposals=[
                Proposed(data.get(f"proposals_{at}_addressee", ""), data.get(f"proposals_{at}_text", ""))
                for at in range(self.rows)
            ],
        )


# What each move asks for in words.
ASKED = {RESOLVE: _("Đã giải quyết thế nào"), REOPEN: _("Lý do mở lại"), WITHDRAW: _("Lý do rút")}


class MoveForm(forms.Form):
    """What is said with a move: how or why, and the day it was settled.

    Args:
        move: one of `rules.difficulties.MOVES`; a page has the forms of several.
    """

    text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 4000}))
    resolved_on = DayField(label=_("Ngày giải quyết xong"), required=False)

    def __init__(self, *args: Any, move: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"%s-{move}", **kwargs)
        self.fields["text"].label = ASKED.get(move)
        self.fields["resolved_on"].widget.attrs["max"] = timezone.localdate().isoformat()
