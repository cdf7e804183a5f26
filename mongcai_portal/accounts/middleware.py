"""How long a session lives, in which language it speaks, and who must change their password first."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from mongcai_portal.common.views.errors import answer, wants_json, wants_page

from . import services
from .sessions import SEEN, STARTED

# Saving the session with every request would write to the database with every request.
SEEN_STEP = 60

Handler = Callable[[HttpRequest], HttpResponse]


def has_session(request: HttpRequest) -> bool:
    """Whether a session was sent at all; otherwise the user need not be looked up."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class SessionLifeMiddleware:
    """Ends a session after `PORTAL_SESSION_IDLE` seconds without a request, and after `PORTAL_SESSION_ABSOLUTE` anyway.

    A request that a page makes by itself (header `X-Portal-Background`) does not count as being at work.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_session(request) and request.user.is_authenticated:
            self._age(request)
        return self.get_response(request)

    def _age(self, request: HttpRequest) -> None:
        now = time.time()
        session = request.session
        started, seen = session.get(STARTED), session.get(SEEN)
        if started is None or seen is None:
            session[STARTED] = session[SEEN] = now
            return
        idle, absolute = now - seen > settings.PORTAL_SESSION_IDLE, now - started > settings.PORTAL_SESSION_ABSOLUTE
        if idle or absolute:
            services.record_session_expired(user=request.user, reason="idle" if idle else "absolute")
            logout(request)
            if wants_page(request):
                messages.info(request, _("Phiên làm việc đã hết vì lâu không thao tác. Anh/chị đăng nhập lại nhé."))
        elif now - seen > SEEN_STEP and "X-Portal-Background" not in request.headers:
            session[SEEN] = now


class VietnameseFirstMiddleware(LocaleMiddleware):
    """Pages are Vietnamese until someone switches: office machines often run an English browser.

    Programs ask the API for a language by `Accept-Language`.
    """

    def process_request(self, request: HttpRequest) -> None:
        if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or wants_json(request):
            super().process_request(request)
            return
        translation.activate(settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


class UserLanguageMiddleware:
    """Speaks the user's language on a browser where none was chosen; the switch and the login set the cookie."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
            and has_session(request)
            and request.user.is_authenticated
        ):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class PasswordDueMiddleware:
    """Leads whoever must change the password to that page, and lets nothing else happen before."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_session(request) and request.user.is_authenticated and request.user.must_change_password:
            allowed = {reverse(name) for name in ("password_change", "logout", "set_language", "set_theme")}
            if request.path_info not in allowed:
                if wants_page(request):
                    return redirect("password_change")
                return answer(
                    request,
                    status=403,
                    code="password_due",
                    title=_("Cần đổi mật khẩu"),
                    detail=_("Hãy đổi mật khẩu trước khi làm việc tiếp."),
                    template="errors/403.html",
                )
        return self.get_response(request)
