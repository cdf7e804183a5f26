"""Gives every request an id and tells the audit log its channel."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .context import Channel, origin

_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}\Z")


class AuditOriginMiddleware:
    """Takes `X-Request-ID` of the proxy when it is well formed, else makes one, and sends it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _ID.match(given) else uuid.uuid4().hex
        channel = Channel.API if request.path_info.startswith(("/api/", "/oauth/")) else Channel.PAGE
        request.request_id = request_id  # type: ignore[attr-defined]
        with origin(channel, request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response
