"""Forms of accounts; what is wrong with an entry is said by the services, so the fields themselves are lenient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communes.services.people import BY_LINK, ONCE, Grant
from mongcai_portal.accounts.models.user import Language
from mongcai_portal.accounts.roles import ROLE_CHOICES
from mongcai_portal.common.forms import DayField

Choices = Sequence[tuple[str, str]]


class PeopleFilterForm(forms.Form):
    """What to show; a value that does not exist shows everything."""

    q = forms.CharField(required=False, max_length=200)
    role = forms.CharField(required=False)
    state = forms.CharField(required=False)


class RoleFields(forms.Form):
    """A role, where it holds, and while."""

    role = forms.ChoiceField(label=_("Vai trò"), required=False, choices=[("", _("– chưa giao –")), *ROLE_CHOICES])
    unit = forms.ChoiceField(label=_("Xã, phường"), required=False)
    office = forms.ChoiceField(label=_("Phòng ban"), required=False)
    valid_from = DayField(label=_("Từ ngày"), required=False)
    valid_to = DayField(label=_("Đến hết ngày"), required=False)

    def __init__(self, *args: Any, units: Choices, offices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = [("", _("– không gắn với xã –")), *units]
        self.fields["office"].choices = [("", _("– không gắn với phòng ban –")), *offices]

    def grant(self) -> Grant | None:
        """The role that was asked for, or None; call it after `is_valid`."""
        data = self.cleaned_data
        if not any(data.get(name) for name in ("role", "unit", "office")):
            return None
        return Grant(
            data.get("role", ""),
            data.get("unit", ""),
            data.get("office", ""),
            data.get("valid_from"),
            data.get("valid_to"),
        )


class RoleForm(RoleFields):
    """One role more."""

    field_order = ("role", "unit", "office", "valid_from", "valid_to")


class NewPersonForm(RoleFields):
    """A new account with its first role."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        required=False,
        max_length=80,
        help_text=_("Chữ không dấu, số và các dấu . _ @ -, ví dụ: ha.nguyen"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    full_name = forms.CharField(label=_("Họ và tên"), required=False, max_length=150)
    email = forms.CharField(
        label=_("Thư điện tử"), required=False, max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    language = forms.ChoiceField(label=_("Ngôn ngữ"), choices=Language.choices, initial=Language.VI)
    password_by = forms.ChoiceField(
        label=_("Mật khẩu ban đầu"),
        choices=[
            (BY_LINK, _("Gửi thư có đường dẫn tự đặt mật khẩu (24 giờ)")),
            (ONCE, _("Mật khẩu một lần, hiện ngay sau khi tạo; phải đổi khi đăng nhập")),
        ],
        initial=BY_LINK,
    )
    field_order = ("username", "full_name", "email", "language")


class PersonForm(forms.Form):
    """Name, address and language; `lock` is the account as the window saw it."""

    full_name = forms.CharField(label=_("Họ và tên"), required=False, max_length=150)
    email = forms.CharField(
        label=_("Thư điện tử"), required=False, max_length=254, widget=forms.TextInput(attrs={"inputmode": "email"})
    )
    language = forms.ChoiceField(label=_("Ngôn ngữ"), choices=Language.choices)
    lock = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RoleDaysForm(forms.Form):
    """The days of a role that is held; the seen ones say what the window showed."""

    valid_from = DayField(required=False)
    valid_to = DayField(required=False)
    seen_from = forms.DateField(required=False)
    seen_to = forms.DateField(required=False)


class ClientForm(forms.Form):
    """Another system: its name, role, places and scopes."""

    name = forms.CharField(label=_("Tên phần mềm"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Vai trò"), choices=ROLE_CHOICES)
    units = forms.MultipleChoiceField(label=_("Xã, phường"), required=False)
    offices = forms.MultipleChoiceField(label=_("Phòng ban"), required=False)
    scopes = forms.MultipleChoiceField(label=_("Phạm vi"), required=False)

    def __init__(self, *args: Any, units: Choices, offices: Choices, scopes: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("units", units), ("offices", offices), ("scopes", scopes)):
            self.fields[name].choices = choices
            self.fields[name].widget.attrs["size"] = min(6, max(3, len(choices)))
