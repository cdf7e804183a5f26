"""Coming and going."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mongcai_portal.accounts import services
from mongcai_portal.accounts.decorators import public
from mongcai_portal.accounts.forms import LoginForm
from mongcai_portal.accounts.lockout import address_closed, closed_address
from mongcai_portal.accounts.sessions import ADDRESS, AGENT, SEEN, STARTED
from mongcai_portal.common.pages import home_of

TEMPLATE = "accounts/login.html"


def client_ip(request: HttpRequest) -> str:
    """The address that the lock-out counts by."""
    return getattr(request, "axes_ip_address", None) or request.META.get("REMOTE_ADDR", "")


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """Let this browser speak the language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE or 365 * 24 * 3600,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def login_page(request: HttpRequest, *, locked_message: str, username: str) -> HttpResponse:
    """The login page when the name is locked for a while."""
    form = LoginForm(request, initial={"username": username})
    context = {"form": form, "locked_message": locked_message, "next": request.POST.get("next", "")}
    return render(request, TEMPLATE, context, status=429)


class LoginPage(LoginView):
    """The login form; who is signed in already goes on to their page."""

    form_class = LoginForm
    template_name = TEMPLATE
    redirect_authenticated_user = True
    is_public = True

    def get_default_redirect_url(self) -> str:
        return home_of(self.request)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if address_closed(client_ip(request)):
            return closed_address(request)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: LoginForm) -> HttpResponse:
        user = form.get_user()
        super().form_valid(form)
        session = self.request.session
        session[STARTED] = session[SEEN] = time.time()
        session[ADDRESS], session[AGENT] = client_ip(self.request), self.request.headers.get("User-Agent", "")[:300]
        services.record_login(by=user, ip=client_ip(self.request))
        response = HttpResponseRedirect(self.get_success_url())
        set_language_cookie(response, user.language)
        return response

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        username = self.request.POST.get("username", "").strip()
        if username and self.request.POST.get("password"):
            self.request.login_failed_now = True
            services.record_login_failed(username=username, ip=client_ip(self.request))
        return super().form_invalid(form)


@public
@require_POST
def logout_now(request: HttpRequest) -> HttpResponse:
    """Sign out; by POST only, so that no link or picture can do it."""
    if request.user.is_authenticated:
        services.record_logout(by=request.user)
        logout(request)
        messages.success(request, _("Anh/chị đã đăng xuất."))
    response = redirect(settings.LOGIN_URL)
    # The next reader at a shared computer finds no page of this one with Back.
    response["Clear-Site-Data"] = '"cache"'
    return response
