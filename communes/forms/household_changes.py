"""Forms of what happens to a household; every one rests on the household as its window saw it (`lock`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communes.forms.members import MemberFields, PersonFields, YesNoField
from communes.models import HouseholdMember
from communes.models.households import Began, Ended, Joined, Left, Relation
from mongcai_portal.common.forms import DayField

Groups = Sequence[tuple[str, Any]]
RELATIONS = [("", _("– chọn –")), *Relation.choices]
TRANSFER = Left.TRANSFER.value


class HouseholdFields(forms.Form):
    """A household of its own: code, place, and what is recorded of it as a whole."""

    code = forms.CharField(label=_("Mã hộ"), required=False, max_length=100)
    village = forms.ChoiceField(label=_("Thôn, bản, khu"), required=False)
    on = DayField(label=_("Có trong sổ từ ngày"), error_messages={"required": _("Ghi ngày.")})
    began_as = forms.ChoiceField(
        label=_("Vào sổ do"),
        choices=[(Began.ENTERED.value, _("đã ở đây, nay ghi vào sổ")), (Began.MOVED_IN.value, _("chuyển đến"))],
        initial=Began.ENTERED,
    )
    address = forms.CharField(label=_("Địa chỉ"), required=False, max_length=600)
    no_labour = YesNoField(
        label=_("Hộ không có khả năng lao động"), help_text=_("Không có thành viên nào có khả năng lao động.")
    )
    farming = YesNoField(label=_("Làm nông, lâm, ngư, diêm nghiệp"))
    note = forms.CharField(
        label=_("Ghi chú"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, villages: Groups = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if "village" in self.fields:
            self.fields["village"].choices = [("", _("– chọn –")), *villages]


MemberFormSet = forms.formset_factory(MemberFields, extra=0, max_num=40, absolute_max=60)


class Locked(forms.Form):
    """A change of a household that stands."""

    lock = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EditForm(Locked, HouseholdFields):
    """What was recorded wrongly of the household as a whole."""

    code = village = on = began_as = None  # type: ignore[assignment]  # as Django drops inherited fields


class MoveForm(Locked):
    """Where the household lives from a day on."""

    on = DayField(label=_("Ở nơi mới từ ngày"), error_messages={"required": _("Ghi ngày.")})
    village = forms.ChoiceField(label=_("Thôn, bản, khu nơi đến"), required=False)
    address = forms.CharField(label=_("Địa chỉ nơi đến"), required=False, max_length=600)

    def __init__(self, *args: Any, villages: Groups, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["village"].choices = [("", _("– chọn –")), *villages]


class EndForm(Locked):
    """Why the household leaves the register."""

    because = forms.ChoiceField(
        label=_("Vì sao"),
        choices=[
            (Ended.MOVED_OUT.value, _("cả hộ chuyển ra khỏi thành phố")),
            (Ended.DISSOLVED.value, _("giải thể hộ")),
            (Ended.DIED.value, _("không còn ai sống")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một.")},
    )
    on = DayField(
        label=_("Từ ngày"),
        help_text=_("Ngày đầu tiên hộ không còn trong sổ."),
        error_messages={"required": _("Ghi ngày.")},
    )
    note = forms.CharField(
        label=_("Ghi chú"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class JoinForm(Locked, PersonFields):
    """Who comes to the household: someone new, or someone whom the register knows and who is in no household."""

    because = forms.ChoiceField(
        label=_("Vì sao vào hộ"),
        choices=[
            (Joined.BORN.value, _("mới sinh")),
            (Joined.MOVED_IN.value, _("chuyển đến")),
            (Joined.ENTERED.value, _("đã ở trong hộ, trước đây ghi sót")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một.")},
    )
    on = DayField(label=_("Thuộc hộ từ ngày"), error_messages={"required": _("Ghi ngày.")})
    relation = forms.ChoiceField(label=_("Quan hệ với chủ hộ"), required=False, choices=RELATIONS)
    person = forms.TypedChoiceField(
        label=_("Người từng ở hộ này, nay trở lại"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, known: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [("", _("– không phải, đây là người mới –")), *known]


class LeaveForm(Locked):
    """How someone leaves, and to which household when it is another one of the register."""

    because = forms.ChoiceField(
        label=_("Vì sao rời hộ"),
        choices=[
            (Left.MOVED_OUT.value, _("chuyển ra khỏi thành phố")),
            (Left.DIED.value, _("đã mất")),
            (TRANSFER, _("sang một hộ khác trong sổ")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn một.")},
    )
    on = DayField(
        label=_("Từ ngày"),
        help_text=_("Ngày đầu tiên không còn thuộc hộ; với người đã mất là ngày mất."),
        error_messages={"required": _("Ghi ngày.")},
    )
    to = forms.CharField(label=_("Mã hộ đến"), required=False, max_length=100)
    relation = forms.ChoiceField(label=_("Quan hệ với chủ hộ nơi đến"), required=False, choices=RELATIONS)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class OfMembers(Locked):
    """A change that says something of each member: a choice per person, named `<word>-<number>`."""

    on = DayField(label=_("Từ ngày"), error_messages={"required": _("Ghi ngày.")})

    def __init__(self, *args: Any, members: Sequence[HouseholdMember], **options: Any) -> None:
        super().__init__(*args, **options)
        self.members = members

    def add_choice(self, word: str, member: HouseholdMember, blank: Any) -> None:
        self.fields[f"{word}-{member.person_id}"] = forms.ChoiceField(
            label=member.person.name, required=False, choices=[("", blank), *Relation.choices]
        )

    def said(self, word: str) -> dict[int, str]:
        """What was chosen, by person."""
        found = {row.person_id: self.cleaned_data.get(f"{word}-{row.person_id}", "") for row in self.members}
        return {number: relation for number, relation in found.items() if relation}

    def lines(self, word: str) -> list[tuple[HouseholdMember, forms.BoundField]]:
        """The members with their choices, for the template."""
        names = [(row, f"{word}-{row.person_id}") for row in self.members]
        return [(row, self[name]) for row, name in names if name in self.fields]


class HeadForm(OfMembers):
    """Who is the head from a day on."""

    person = forms.TypedChoiceField(label=_("Chủ hộ mới"), required=False, coerce=int, empty_value=0)
    old_head_leaves = forms.ChoiceField(
        label=_("Chủ hộ cũ"),
        required=False,
        choices=[
            ("", _("vẫn ở trong hộ")),
            (Left.DIED.value, _("đã mất")),
            (Left.MOVED_OUT.value, _("chuyển ra khỏi thành phố")),
        ],
    )

    def __init__(self, *args: Any, members: Sequence[HouseholdMember], **options: Any) -> None:
        super().__init__(*args, members=members, **options)
        # Sent a second time, who is the head already is no mistake.
        others = [row for row in members if self.is_bound or row.relation != Relation.HEAD]
        self.fields["person"].choices = [("", _("– chọn –")), *((row.person_id, row.person.name) for row in others)]
        for row in members:
            self.add_choice("relation", row, _("– suy ra từ quan hệ cũ –"))

    @property
    def relation_lines(self) -> list[tuple[HouseholdMember, forms.BoundField]]:
        return self.lines("relation")


class SplitForm(OfMembers):
    """Who goes on in a new household, where, and who is the head of whom."""

    code = forms.CharField(label=_("Mã hộ mới"), required=False, max_length=100)
    village = forms.ChoiceField(label=_("Thôn, bản, khu"), required=False)
    address = forms.CharField(label=_("Địa chỉ"), required=False, max_length=600)
    head = forms.TypedChoiceField(
        label=_("Chủ hộ của những người ở lại"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Chỉ cần khi chủ hộ hiện nay sang hộ mới."),
    )

    def __init__(self, *args: Any, members: Sequence[HouseholdMember], villages: Groups, **options: Any) -> None:
        super().__init__(*args, members=members, **options)
        self.fields["village"].choices = [("", _("– chọn –")), *villages]
        self.fields["head"].choices = [
            ("", _("chủ hộ hiện nay ở lại")),
            *((row.person_id, row.person.name) for row in members if row.relation != Relation.HEAD),
        ]
        for row in members:
            self.add_choice("goes", row, _("ở lại hộ này"))
            if row.relation != Relation.HEAD:
                self.add_choice("stays", row, _("– suy ra từ quan hệ cũ –"))

    @property
    def going_lines(self) -> list[tuple[HouseholdMember, forms.BoundField]]:
        return self.lines("goes")

    @property
    def staying_lines(self) -> list[tuple[HouseholdMember, forms.BoundField]]:
        return self.lines("stays")


class MergeForm(OfMembers):
    """Into which household all go, and what each is to its head; `seen` says which household the window showed."""

    into = forms.CharField(label=_("Mã hộ nhập vào"), required=False, max_length=100)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, members: Sequence[HouseholdMember], **options: Any) -> None:
        super().__init__(*args, members=members, **options)
        for row in members:
            self.add_choice("relation", row, _("– chọn –"))

    @property
    def relation_lines(self) -> list[tuple[HouseholdMember, forms.BoundField]]:
        return self.lines("relation")
