"""The side panel: one address is a page of its own, and the content of the panel when htmx asks for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from mongcai_portal.common.views.errors import is_fragment


def page_or_panel(request: HttpRequest, page: str, panel: str, context: dict[str, Any]) -> HttpResponse:
    """Answer with the panel's content to htmx, with the page to everyone else.

    Neither may be shown for the other: a browser that goes back would paint the bare content as a page.
    """
    response = render(request, panel if is_fragment(request) else page, context)
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "private, no-store"
    return response
