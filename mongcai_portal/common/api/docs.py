"""The schema, its human pages, and the answer to an address that does not exist."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class SchemaView(SpectacularAPIView):
    """`schema/`: needs an identity, no particular permission."""

    def _get_filename(self, request: Request, version: Any) -> str:
        return "openapi." + str(self.perform_content_negotiation(request, force=True)[0].format)


class DocsView(SpectacularSwaggerSplitView):
    """`docs/`: pages from the portal's own files; the script is a resource of its own, as the content policy asks."""

    title = "API v1"

    def handle_exception(self, error: Exception) -> Any:
        """Lead a reader without a session to the login form; programs get their 401."""
        if isinstance(error, NotAuthenticated) and "text/html" in self.request.headers.get("Accept", ""):
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(error)


class UnknownView(APIView):
    """Any other address under the API: a problem document instead of a page, after the question who asks."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise NotFound(_("Không có địa chỉ này trong API."))

    post = put = patch = delete = get
