"""The base of every view of the API: what is asked, who may, and how lists, objects and tables are answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from mongcai_portal.common.api.asked import FIELDS, FORMAT, FORMATS, JSON, ORDERING, Asked, read_asked
from mongcai_portal.common.api.etags import tag_of
from mongcai_portal.common.api.headings import HEADINGS
from mongcai_portal.common.api.queries import day_asked, unknown_in
from mongcai_portal.common.api.rows import row_writer
from mongcai_portal.common.api.tables import Headings, columns_of, table_answer
from mongcai_portal.common.errors import Invalid

CHUNK = 500  # rows held at a time while a whole list is written to a file


class FormatNegotiation(DefaultContentNegotiation):
    """`format=` is a parameter like any other, whose faults are named; it wins over `Accept`."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        if FORMAT in request.query_params:
            return renderers[0], renderers[0].media_type
        return super().select_renderer(request, renderers, format_suffix)


class PortalViewSet(GenericViewSet[Any]):
    """Asks for a permission and refuses unknown query parameters before anything is read.

    `required_permission`: of the vocabulary in `accounts.permissions`; `required_permissions` names another one for
    single actions; `confirmed_actions` ask a session for the password, too. `query_params`: names that an action reads
    besides paging and filters; `own_params`: how the schema describes those that only this view has, or means otherwise
    than others. `serializer_classes`: of actions that do not use `serializer_class`; what they declare are the fields
    that can be asked for. `file_actions`: those that
    answer with a file or picture, which has no fields. `list_actions`: those that answer with a paged list, hence also
    as a table; `headings` and, for one of them, `action_headings`: of its columns.
    `page_order`: columns without nulls, the last one unique; `orderings`: other orders by their public names.
    `version`: set by an action to the version of the object it answers with, when that can be written (see `etags`).
    """

    required_permission: ClassVar[str] = ""
    required_permissions: ClassVar[Mapping[str, str]] = {}
    confirmed_actions: ClassVar[tuple[str, ...]] = ()
    query_params: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    own_params: ClassVar[Mapping[str, tuple[Mapping[str, Any], Any]]] = {}
    serializer_classes: ClassVar[Mapping[str, type[Any]]] = {}
    list_actions: ClassVar[tuple[str, ...]] = ("list",)
    file_actions: ClassVar[tuple[str, ...]] = ()
    headings: ClassVar[Headings] = {}
    action_headings: ClassVar[Mapping[str, Headings]] = {}
    page_order: ClassVar[tuple[str, ...]] = ("pk",)
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    content_negotiation_class = FormatNegotiation
    version: str = ""

    # --- What is asked ------------------------------------------------------------------------------------------

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        faults = [*unknown_in(request, self.known_params()), *self.asked.faults]
        if faults:
            raise Invalid(faults)

    def permission_needed(self) -> str:
        return self.required_permissions.get(self.action or "", self.required_permission)

    def get_serializer_class(self) -> type[Any]:
        return self.serializer_classes.get(self.action or "") or super().get_serializer_class()

    @property
    def lists(self) -> bool:
        """Whether the present request reads a list."""
        return self.action in self.list_actions and self.request.method in SAFE_METHODS

    def known_params(self) -> set[str]:
        """Return the names that the present request reads from the query string."""
        known = {*self.query_params.get(self.action or "", ()), FORMAT}
        if self.request.method in SAFE_METHODS and self.action not in self.file_actions:
            known.add(FIELDS)
        if self.lists:
            if self.paginator is not None:
                known.update(getattr(self.paginator, "query_params", ()))
            if self.orderings:
                known.add(ORDERING)
        if self.action == "list":
            filterset = getattr(self, "filterset_class", None)
            if filterset is not None:
                known.update(filterset.base_filters)
        return known

    @cached_property
    def asked(self) -> Asked:
        """Fields, order and format; its faults were raised before any action runs."""
        safe = self.request.method in SAFE_METHODS
        fields = list(self.get_serializer_class()().fields) if FIELDS in self.request.query_params and safe else ()
        return read_asked(
            self.request,
            formats=FORMATS if self.lists else (JSON,),
            fields=fields,
            orderings=self.orderings if self.lists else {},
        )

    @property
    def order(self) -> tuple[str, ...]:
        """The columns that the list is sorted by."""
        name = self.asked.ordering.removeprefix("-")
        columns = self.orderings.get(name, self.page_order)
        if not self.asked.ordering.startswith("-"):
            return columns
        return tuple(one.removeprefix("-") if one.startswith("-") else f"-{one}" for one in columns)

    @cached_property
    def as_of(self) -> date:
        """The day asked for; see `day_asked`."""
        return day_asked(self.request)

    @property
    def past(self) -> date | None:
        """The day asked for when it is over; None today and later: what stands is known without its history."""
        return self.as_of if self.as_of < timezone.localdate() else None

    # --- What is answered ---------------------------------------------------------------------------------------

    def page(self, rows: Any, *, described: Callable[[list[Any]], Iterable[Any]] = list, **context: Any) -> Any:
        """Answer with one page of a filtered queryset or of a sequence, or with all of it as a table.

        `described` makes of some rows at a time what the serializer reads.
        """
        writer = self.writer(**context)
        if self.asked.format != JSON:
            return self._table(writer, rows, described)
        page = described(self.paginate_queryset(rows) or [])
        return self.get_paginated_response(list(map(row_writer(writer), page)))

    def one(self, row: Any, *, status: int = 200, **context: Any) -> Response:
        """Answer with one object through the action's serializer."""
        return Response(row_writer(self.writer(**context))(row), status=status)

    def writer(self, **context: Any) -> Any:
        """Return the action's serializer, reduced to the fields asked for and in their order."""
        made: Any = self.get_serializer(context={**self.get_serializer_context(), **context})
        if self.asked.fields:
            made.fields = {name: made.fields[name] for name in self.asked.fields}
        return made

    def _table(self, writer: Any, rows: Any, described: Callable[[list[Any]], Iterable[Any]]) -> HttpResponseBase:
        if isinstance(rows, QuerySet):
            rows = rows.order_by(*self.order).iterator(chunk_size=CHUNK)
        left = iter(rows)
        some = iter(lambda: list(islice(left, CHUNK)), [])
        write = row_writer(writer)
        written = (write(row) for chunk in some for row in described(chunk))
        columns = columns_of(writer.fields, self.column_headings(), self.asked.format)
        name = (self.basename or "").removeprefix("api-") + ("" if self.action == "list" else f"-{self.action}")
        answer, tag = table_answer(self.asked.format, name, columns, written)
        return self._known_by(tag, answer)

    def column_headings(self) -> Headings:
        return {**HEADINGS, **self.headings, **self.action_headings.get(self.action or "", {})}

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        # One caller's answer, and stored nowhere without asking again; the languages' names differ.
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ("Authorization", "Cookie", "Accept-Language"))
        if isinstance(response, Response) and 200 <= response.status_code < 300:
            response.add_post_render_callback(lambda made: self._known_by(tag_of(made.content, self.version), made))
        return response

    def _known_by(self, tag: str, response: HttpResponseBase) -> HttpResponseBase:
        """Name what was answered, and answer 304 to a reader who has it already.

        The work of reading is done by then and only the sending is saved: a tag of what was written cannot forget
        anything that it depends on.
        """
        response["ETag"] = tag
        if self.request.method not in SAFE_METHODS:
            return response
        kept: Any = get_conditional_response(self.request, etag=tag, response=cast(Any, response))
        if kept is not response and isinstance(response, FileResponse) and response.file_to_stream is not None:
            response.file_to_stream.close()
        return cast(HttpResponseBase, kept)
