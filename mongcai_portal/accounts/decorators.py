"""Who may open a page: every view is either `public`, `signed_in`, or needs a permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from mongcai_portal.common.views.errors import session_expired, wants_page

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
