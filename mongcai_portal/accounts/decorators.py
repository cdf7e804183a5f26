"""Who may open a page: every view is either `public`, `signed_in`, or needs a permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from mongcai_portal.common.views.errors import session_expired, wants_page

from .sessions import lately_confirmed

View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Mark a view that anyone may open; the sweep over all routes lists these."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Answer someone who is not signed in: a page goes to the login form, a fragment or JSON call gets 401.

    A login page swapped into a cell would eat what was typed. The same holds for a form that was filled in while the
    session ended: it gets a 401 page, and Back still has the text.
    """
    if wants_page(request) and request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    return session_expired(request)


def signed_in(view: View) -> View:
    """Let in whoever has an account, with any role or none."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.required_permission = None  # type: ignore[attr-defined]
    return guarded


def confirmed(view: View) -> View:
    """Let in whoever gave the password within `PORTAL_CONFIRMED_FOR` seconds; others are asked for it first.

    A form is taken for twice as long: who opened its page in time may finish it. Stands below `require`.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reading = request.method in ("GET", "HEAD")
        if lately_confirmed(request.session, times=1 if reading else 2):
            return view(request, *args, **kwargs)
        if not wants_page(request):
            return session_expired(request)
        if not reading:
            messages.warning(request, _("Chưa có gì được lưu: hãy xác nhận mật khẩu rồi làm lại bước vừa rồi."))
        back = request.get_full_path() if reading else request.headers.get("Referer", "/")
        return redirect_to_login(back, reverse("password_confirm"))

    return guarded


def require(permission: str) -> Callable[[View], View]:
    """Let in whoever holds the permission; someone else who is signed in gets the 403 page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            if not request.user.has_perm(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.required_permission = str(permission)  # type: ignore[attr-defined]
        return guarded

    return decorate
