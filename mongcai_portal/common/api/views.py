"""The base of every view of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.viewsets import GenericViewSet

from mongcai_portal.common.api.etags import tag_of
from mongcai_portal.common.api.queries import day_asked, refuse_unknown


class PortalViewSet(GenericViewSet[Any]):
    """Asks for a permission and refuses unknown query parameters before anything is read.

    `required_permission`: of the vocabulary in `accounts.permissions`; `required_permissions` names another one for
    single actions. `query_params`: names that an action reads besides paging and filters. `version`: set by an action
    to the version of the object it answers with, when that can be written (see `etags`).
    """

    required_permission: ClassVar[str] = ""
    required_permissions: ClassVar[Mapping[str, str]] = {}
    query_params: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    version: str = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self.known_params())

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        # One caller's answer, and stored nowhere without asking again; the languages' names differ.
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ("Authorization", "Cookie", "Accept-Language"))
        if isinstance(response, Response) and 200 <= response.status_code < 300:
            response.add_post_render_callback(self._tagged)
        return response

    def _tagged(self, response: HttpResponse) -> HttpResponse:
        """Name what was answered, and answer 304 to a caller who has it already.

        The work of reading is done by then and only the sending is saved: a tag of the bytes themselves cannot
        forget anything that they depend on.
        """
        tag = tag_of(response.content, self.version)
        response["ETag"] = tag
        if self.request.method not in SAFE_METHODS:
            return response
        return get_conditional_response(self.request, etag=tag, response=response) or response

    def permission_needed(self) -> str:
        return self.required_permissions.get(self.action or "", self.required_permission)

    def known_params(self) -> set[str]:
        """Return the names that the present action reads from the query string."""
        known = {*self.query_params.get(self.action or "", ()), api_settings.URL_FORMAT_OVERRIDE} - {None}
        if self.action == "list":
            if self.paginator is not None:
                known.update(getattr(self.paginator, "query_params", ()))
            filterset = getattr(self, "filterset_class", None)
            if filterset is not None:
                known.update(filterset.base_filters)
        return known

    @cached_property
    def as_of(self) -> date:
        """The day asked for; see `day_asked`."""
        return day_asked(self.request)

    def page(self, rows: Any, **context: Any) -> Response:
        """Answer with one page of a filtered queryset or of a sequence, through the action's serializer."""
        page = self.paginate_queryset(rows)
        serializer = self.get_serializer(page, many=True, context={**self.get_serializer_context(), **context})
        return self.get_paginated_response(serializer.data)

    def one(self, row: Any, *, status: int = 200, **context: Any) -> Response:
        """Answer with one object through the action's serializer."""
        serializer = self.get_serializer(row, context={**self.get_serializer_context(), **context})
        return Response(serializer.data, status=status)
