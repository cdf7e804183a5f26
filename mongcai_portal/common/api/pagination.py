"""Cursor paging: a page starts after the last row of the one before, so rows that come or go shift nothing."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from mongcai_portal.common.errors import Fault, Invalid

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000
NEXT, PREVIOUS = "n", "p"


class KeysetPagination(BasePagination):
    """Pages a queryset by the view's `order` (columns without nulls, the last one unique), or a plain sequence.

    The cursor is opaque to callers; one that was not made here is a fault at `/cursor`.
    """

    query_params = ("cursor", "page_size")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.order: tuple[str, ...] = view.order
        self.ordering: str = view.asked.ordering
        self.size = self._page_size()
        direction, values = self._cursor()
        backwards = direction == PREVIOUS
        if isinstance(queryset, QuerySet):
            rows = self._of_queryset(queryset, values, backwards)
        else:
            rows = self._of_sequence(queryset, values, backwards)
        more = len(rows) > self.size
        rows = rows[: self.size]
        if backwards:
            rows.reverse()
        self.has_next = backwards or more
        self.has_previous = more if backwards else values is not None
        self.rows = rows
        return [row for _key, row in rows]

    def get_paginated_response(self, data: Any) -> Response:
        first, last = (self.rows[0][0], self.rows[-1][0]) if self.rows else (None, None)
        return Response(
            {
                "next": self._link(NEXT, last) if self.has_next and last else None,
                "previous": self._link(PREVIOUS, first) if self.has_previous and first else None,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "example": "https://portal.example/api/v1/units/?cursor=WyJuIiwxMDBd"},
                "previous": {**link, "example": None},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": _("Con trỏ trang, lấy từ next hoặc previous của trang trước."),
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": _("Số dòng mỗi trang."),
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": MAX_PAGE_SIZE,
                    "default": DEFAULT_PAGE_SIZE,
                },
            },
        ]

    def _page_size(self) -> int:
        text = self.request.query_params.get("page_size")
        if text is None:
            return DEFAULT_PAGE_SIZE
        if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MAX_PAGE_SIZE):
            message = _("Số dòng mỗi trang là số nguyên từ 1 đến %(max)s.") % {"max": MAX_PAGE_SIZE}
            raise Invalid([Fault("/page_size", "out_of_range", message)])
        return int(text)

    def _cursor(self) -> tuple[str, list[Any] | None]:
        text = self.request.query_params.get("cursor")
        if text is None:
            return NEXT, None
        try:
            direction, *values = json.loads(urlsafe_b64decode(text.encode("ascii")))
        except (ValueError, TypeError, RecursionError):
            raise _wrong_cursor() from None
        scalars = all(type(v) is int or (isinstance(v, str) and v.isprintable()) for v in values)
        ways = {name + self.ordering: name for name in (NEXT, PREVIOUS)}  # a cursor belongs to one order
        if not isinstance(direction, str) or direction not in ways or not values or not scalars:
            raise _wrong_cursor()
        return ways[direction], values

    def _of_queryset(self, queryset: QuerySet[Any], values: list[Any] | None, backwards: bool) -> list[tuple[Any, Any]]:
        columns = [(name.lstrip("-"), name.startswith("-") != backwards) for name in self.order]
        if values is not None:
            if len(values) != len(columns):
                raise _wrong_cursor()
            try:
                queryset = queryset.filter(_after(columns, values))
            except (ValueError, TypeError, ValidationError, OverflowError):
                raise _wrong_cursor() from None
        queryset = queryset.order_by(*(("-" if down else "") + name for name, down in columns))
        rows = list(queryset[: self.size + 1])
        return [([_plain(_attribute(row, name)) for name, _down in columns], row) for row in rows]

    def _of_sequence(self, items: Sequence[Any], values: list[Any] | None, backwards: bool) -> list[tuple[Any, Any]]:
        indexed = [([position], item) for position, item in enumerate(items)]
        if values is None:
            return indexed[: self.size + 1]
        (start,) = values if len(values) == 1 and isinstance(values[0], int) else (None,)
        if start is None or not 0 <= start <= len(indexed):
            raise _wrong_cursor()
        if backwards:
            return indexed[max(0, start - self.size - 1) : start][::-1]
        return indexed[start + 1 : start + self.size + 2]

    def _link(self, direction: str, values: list[Any]) -> str:
        text = json.dumps([direction + self.ordering, *values], separators=(",", ":"), ensure_ascii=False)
        cursor = urlsafe_b64encode(text.encode()).decode("ascii")
        return str(replace_query_param(self.request.build_absolute_uri(), "cursor", cursor))


def _after(columns: list[tuple[str, bool]], values: list[Any]) -> Q:
    """Return the condition that a row comes after these values, column by column."""
    condition = Q()
    for position, (name, down) in enumerate(columns):
        same = Q(**{columns[i][0]: values[i] for i in range(position)})
        condition |= same & Q(**{f"{name}__{'lt' if down else 'gt'}": values[position]})
    return condition


def _attribute(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else str(value)


def _wrong_cursor() -> Invalid:
    message = _("Con trỏ trang không dùng được; hãy lấy lại từ trang đầu.")
    return Invalid([Fault("/cursor", "invalid", message)])
