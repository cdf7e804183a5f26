"""The base of every view of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.viewsets import GenericViewSet

from mongcai_portal.common.api.queries import day_asked, refuse_unknown


class PortalViewSet(GenericViewSet[Any]):
    """Asks for a permission and refuses unknown query parameters before anything is read.

    `required_permission`: of the vocabulary in `accounts.permissions`; `required_permissions` names another one for
    single actions. `query_params`: names that an action reads besides paging and filters.
    """

    required_permission: ClassVar[str] = ""
    required_permissions: ClassVar[Mapping[str, str]] = {}
    query_params: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, self.known_params())

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
