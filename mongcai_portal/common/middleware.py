"""What no page has to think of again."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.translation import gettext as _

from mongcai_portal.common.views.errors import answer, bad_request, too_large

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


# Of a method that nothing here is made for: an echo of headers, or another machine.
REFUSED_METHODS = ("TRACE", "TRACK", "CONNECT")


class ProxyMiddleware:
    """Takes the caller's address from our own proxy, and from nobody else.

    The last entry of `X-Forwarded-For` is what the proxy saw; the ones before it are what the caller claims.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("REMOTE_ADDR") in settings.TRUSTED_PROXIES:
            named = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
            try:
                request.META["REMOTE_ADDR"] = str(ip_address(named))
            except ValueError:
                pass  # the proxy names nobody: its own probe
        return self.get_response(request)


class GuardMiddleware:
    """Refuses methods that nothing is made for and the API in clear; keeps answers out of caches and other sites.

    A page that says nothing of caching may be kept by this reader's browser alone, which asks again before it shows
    it; what holds personal data says `no-store` by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._refusal(request) or self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponse | None:
        if request.method in REFUSED_METHODS:
            return HttpResponse(status=405)
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path.startswith(("/api/", "/oauth/")):
            return answer(
                request,
                status=403,
                code="https_required",
                title=_("Chỉ nhận lời gọi qua HTTPS"),
                detail=_("Lời gọi này đã đi qua mạng không mã hóa: hãy đổi mã bí mật rồi gọi lại bằng https://."),
                template="errors/403.html",
            )
        return None


class CompressPagesMiddleware(GZipMiddleware):
    """Compress pages and their parts for browsers that take it: a matrix of 500 communes is a tenth of its size then.

    Django's own adds bytes of random length, so that nobody learns a secret from how well a page compresses. Files go
    as they are (most are compressed already), and so do answers of the API: compressing would make their entity tags
    weak, and `If-Match` needs strong ones.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class RefuseTooLargeMiddleware:
    """Answer 413 to a form or body above the limit before any of it is read: it would fill disk or memory first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        limit = settings.MAX_API_BYTES if request.path.startswith("/api/") else settings.MAX_REQUEST_BYTES
        if size > limit:
            return too_large(request, limit)
        return self.get_response(request)


class RefuseNulMiddleware:
    """Answer 400 to a form or address with a NUL character: PostgreSQL stores none, and nobody types one.

    The API names the place of each by itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        data = [request.GET]
        if request.method == "POST" and request.content_type in FORMS:
            data.append(request.POST)
        if any("\0" in text for query in data for key, values in query.lists() for text in (key, *values)):
            return bad_request(request)
        return None
