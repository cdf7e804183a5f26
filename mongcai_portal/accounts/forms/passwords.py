"""Forms of passwords; the writes are services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from mongcai_portal.accounts import services
from mongcai_portal.accounts.models import User

_NEW = {"autocomplete": "new-password"}


class NewPasswordForm(SetPasswordForm):
    """A new password, twice, after the mailed link."""

    new_password1 = forms.CharField(label=_("Mật khẩu mới"), strip=False, widget=forms.PasswordInput(attrs=_NEW))
    new_password2 = forms.CharField(
        label=_("Nhập lại mật khẩu mới"), strip=False, widget=forms.PasswordInput(attrs=_NEW)
    )
    error_messages = {"password_mismatch": _("Hai lần nhập không giống nhau.")}

    def save(self, commit: bool = True) -> User:
        return services.reset_password(user=self.user, new_password=self.cleaned_data["new_password1"], by=self.user)


class ChangePasswordForm(PasswordChangeForm):
    """The present password and a new one, twice."""

    old_password = forms.CharField(
        label=_("Mật khẩu đang dùng"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new_password1 = forms.CharField(label=_("Mật khẩu mới"), strip=False, widget=forms.PasswordInput(attrs=_NEW))
    new_password2 = forms.CharField(
        label=_("Nhập lại mật khẩu mới"), strip=False, widget=forms.PasswordInput(attrs=_NEW)
    )
    error_messages = {
        "password_mismatch": _("Hai lần nhập không giống nhau."),
        "password_incorrect": _("Mật khẩu đang dùng không đúng."),
    }

    def save(self, commit: bool = True) -> User:
        return services.change_password(
            user=self.user,
            old_password=self.cleaned_data["old_password"],
            new_password=self.cleaned_data["new_password1"],
            by=self.user,
        )


class ResetRequestForm(PasswordResetForm):
    """The mail address to send the link to; it never tells whether the address is known."""

    email = forms.EmailField(
        label=_("Thư điện tử"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
        error_messages={
            "required": _("Hãy nhập địa chỉ thư điện tử."),
            "invalid": _("Địa chỉ thư điện tử chưa đúng, ví dụ: ten@quangninh.gov.vn."),
        },
    )

    def get_users(self, email: str) -> Iterable[Any]:
        """People only: the account of a program has no password to reset."""
        people = (user for user in super().get_users(email) if not user.is_service)
        return [user for user in people if services.allow_reset_letter(user=user)]
