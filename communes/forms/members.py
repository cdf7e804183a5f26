"""Fields of a person of the register; what is wrong with them is said by the services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communes.models import Person
from communes.models.households import Relation
from communes.models.persons import Allowance, BirthPrecision, Education, Nutrition, Schooling, Sex, Work
from communes.rules.births import read_birth, write_birth
from communes.rules.ethnic_groups import ETHNIC_GROUPS, FOREIGN
from communes.services.households import PersonEntry
from mongcai_portal.common.errors import Fault

Choices = Iterable[tuple[str, Any]]
UNKNOWN = _("– chưa ghi –")
YES_NO = (("", UNKNOWN), ("yes", _("có")), ("no", _("không")))


def words(choices: Choices) -> list[tuple[str, Any]]:
    return [("", UNKNOWN), *choices]


class BirthField(forms.CharField):
    """A birth as exactly as it is known; cleaned to the first day that it leaves open, and its precision."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "placeholder": "02/01/1980"}
        super().__init__(max_length=20, required=False, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> tuple[date | None, str]:
        text = super().clean(value)
        if not text:
            return None, BirthPrecision.DAY
        found = read_birth(text)
        if found is None:
            raise forms.ValidationError(_("Ghi ngày sinh dạng 02/01/1980, 01/1980 hoặc 1980."), code="unreadable")
        return found


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not recorded."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=YES_NO, required=False, coerce=lambda value: value == "yes", empty_value=None, **options
        )


class PersonFields(forms.Form):
    """What is said of one person."""

    name = forms.CharField(
        label=_("Họ và tên"), required=False, max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth = BirthField(label=_("Ngày sinh"))
    sex = forms.ChoiceField(label=_("Giới tính"), required=False, choices=words(Sex.choices))
    ethnicity = forms.ChoiceField(
        label=_("Dân tộc"),
        required=False,
        choices=words([*ETHNIC_GROUPS.items(), (FOREIGN, _("người nước ngoài"))]),
    )
    identity_number = forms.CharField(
        label=_("Số định danh"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )
    schooling = forms.ChoiceField(label=_("Đang học"), required=False, choices=words(Schooling.choices))
    education = forms.ChoiceField(label=_("Trình độ"), required=False, choices=words(Education.choices))
    work = forms.ChoiceField(label=_("Việc làm"), required=False, choices=words(Work.choices))
    health_insurance = YesNoField(label=_("Bảo hiểm y tế"))
    allowance = forms.ChoiceField(label=_("Trợ cấp xã hội"), required=False, choices=words(Allowance.choices))
    meritorious = YesNoField(label=_("Người có công"))
    nutrition = forms.ChoiceField(label=_("Dinh dưỡng (trẻ em)"), required=False, choices=words(Nutrition.choices))

    DETAILS = ("schooling", "education", "work", "health_insurance", "allowance", "meritorious", "nutrition")

    def details(self) -> list[forms.BoundField]:
        """The fields that a form shows behind the first ones."""
        return [self[name] for name in self.DETAILS]

    @property
    def details_filled(self) -> bool:
        """Whether something stands in them, or is wrong there: they are then shown at once."""
        return any(self[name].value() not in (None, "") or self[name].errors for name in self.DETAILS)

    def person_values(self) -> dict[str, Any]:
        """What was said, by field of `PersonEntry`; call it after `is_valid`, which may have found faults."""
        data = self.cleaned_data
        birth, precision = data.get("birth") or (None, BirthPrecision.DAY)
        plain = ("name", "sex", "ethnicity", "identity_number", "schooling", "education", "work", "allowance")
        return {
            **{name: data.get(name) or "" for name in (*plain, "nutrition")},
            "birth_date": birth,
            "birth_precision": precision,
            "health_insurance": data.get("health_insurance"),
            "meritorious": data.get("meritorious"),
        }

    def entry(self) -> PersonEntry:
        return PersonEntry(**self.person_values())


class MemberFields(PersonFields):
    """A person, and what they are to the head."""

    relation = forms.ChoiceField(
        label=_("Quan hệ với chủ hộ"), required=False, choices=[("", _("– chọn –")), *Relation.choices]
    )
    field_order = ("relation", "name", "birth", "sex", "ethnicity", "identity_number")

    @property
    def is_blank(self) -> bool:
        """Whether nobody was typed here; a relation alone says nothing."""
        return all(not str(self.data.get(self.add_prefix(name), "")).strip() for name in PersonFields.base_fields)


class CorrectPersonForm(PersonFields):
    """A member as recorded, to be put right; an empty number leaves the recorded one."""

    drop_identity = forms.BooleanField(label=_("Xóa số định danh đã ghi"), required=False)
    lock = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def changes(self) -> dict[str, Any]:
        """What `correct_person` is told."""
        found = self.person_values()
        if not found["identity_number"] and not self.cleaned_data.get("drop_identity"):
            del found["identity_number"]
        return found


def person_initial(person: Person) -> dict[str, Any]:
    """A person as the form shows them; the identity number never."""
    words_of = {True: "yes", False: "no", None: ""}
    return {
        "name": person.name,
        "birth": write_birth(person.birth_date, person.birth_precision),
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "schooling": person.schooling,
        "education": person.education,
        "work": person.work,
        "health_insurance": words_of[person.health_insurance],
        "allowance": person.allowance,
        "meritorious": words_of[person.meritorious],
        "nutrition": person.nutrition,
        "lock": person.lock,
    }


# Where the services' names of a person's fields stand on the form.
PERSON_PLACES = {"/birth_date": "birth", "/birth_precision": "birth"}


def put_faults(form: forms.Form, faults: Iterable[Fault], places: Mapping[str, str] | None = None) -> None:
    """Put every fault at its field, once, and those of no field above the form."""
    known = {**PERSON_PLACES, **(places or {})}
    # What could not be read was held against the rules as something else: only that it cannot be read is true of it.
    unreadable = set(form.errors)
    for fault in faults:
        name: str | None = known.get(fault.pointer, fault.pointer.lstrip("/"))
        if name not in form.fields:
            name = None
        message = fault.message
        if fault.code == "unknown" and name and not form[name].value():
            message = _("Chọn một.")  # nothing was chosen, which is no wrong choice
        if name not in unreadable and message not in form.errors.get(name or "__all__", ()):
            form.add_error(name, message)
