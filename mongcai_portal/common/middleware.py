"""What no page has to think of again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from mongcai_portal.common.views.errors import bad_request, too_large

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class RefuseTooLargeMiddleware:
    """Answer 413 to a form above `MAX_REQUEST_BYTES` before any of it is read: it would fill the disk first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        if size > settings.MAX_REQUEST_BYTES:
            return too_large(request)
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
