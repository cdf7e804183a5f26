"""What no page has to think of again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from mongcai_portal.common.views.errors import bad_request

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


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
