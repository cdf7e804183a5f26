"""Language and light."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from mongcai_portal.accounts import services
from mongcai_portal.accounts.decorators import public
from mongcai_portal.accounts.models.user import Language
from mongcai_portal.common.pages import THEMES, home_of

from .login import set_language_cookie


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page that asked, when it is one of ours."""
    for url in (request.POST.get("next"), request.headers.get("Referer")):
        if url and url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return HttpResponseRedirect(url)
    return HttpResponseRedirect(home_of(request))


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language, here and for the account."""
    language = request.POST.get("language", "")
    response = _back(request)
    if language in Language.values:
        translation.activate(language)
        if request.user.is_authenticated:
            services.set_language(user=request.user, language=language, by=request.user)
        set_language_cookie(response, language)
    return response


@public
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or the machine's own choice in a cookie."""
    theme = request.POST.get("theme", "")
    response = _back(request)
    if theme in THEMES:
        response.set_cookie(
            settings.THEME_COOKIE_NAME,
            theme,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response
