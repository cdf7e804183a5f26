"""Changing and resetting a password: Django's own steps, our forms and words."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import password_validation
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from mongcai_portal.accounts.decorators import public, signed_in
from mongcai_portal.accounts.forms import ChangePasswordForm, NewPasswordForm, ResetRequestForm
from mongcai_portal.common.pages import home_of


@method_decorator(signed_in, name="dispatch")
class PasswordChange(auth.PasswordChangeView):
    """One's own password, the present one asked first."""

    form_class = ChangePasswordForm
    template_name = "accounts/password_change.html"
    extra_context = {"rules": password_validation.password_validators_help_texts}

    def get_success_url(self) -> str:
        return home_of(self.request)

    def form_valid(self, form: ChangePasswordForm) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("Đã đổi mật khẩu."))
        return response


class PasswordReset(auth.PasswordResetView):
    """Asks for the mail address; the answer is the same whether or not it is known."""

    form_class = ResetRequestForm
    template_name = "accounts/password_reset.html"
    email_template_name = "accounts/mail/password_reset.txt"
    subject_template_name = "accounts/mail/password_reset_subject.txt"
    success_url = reverse_lazy("password_reset_sent")
    is_public = True


class PasswordResetConfirm(auth.PasswordResetConfirmView):
    """The mailed link: a new password, once."""

    form_class = NewPasswordForm
    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("password_reset_done")
    extra_context = {"rules": password_validation.password_validators_help_texts}
    is_public = True


@public
def password_reset_sent(request: HttpRequest) -> HttpResponse:
    """Look into your mail."""
    return render(request, "accounts/password_reset_sent.html")


@public
def password_reset_done(request: HttpRequest) -> HttpResponse:
    """The new password holds."""
    return render(request, "accounts/password_reset_done.html")
