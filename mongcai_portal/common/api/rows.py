"""Rows of an answer: how a serializer's fields are read and written is worked out once a page, not once a row.

DRF asks all of it again for each field of each row, which costs more than the queries of a page. What is written is the
same to the byte: whatever is not one of the plain cases below is left to the field itself.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models.manager import BaseManager
from django.utils.timezone import get_current_timezone
from rest_framework import serializers
from rest_framework.fields import SkipField

Step = Callable[[Any], Any]


def row_writer(serializer: Any) -> Callable[[Any], dict[str, Any]]:
    """Return what `serializer.to_representation` is, for as long as its context, the language and the zone stay."""
    if not _is(serializer, "to_representation", serializers.Serializer):
        return serializer.to_representation  # type: ignore[no-any-return]
    shown = [(name, field) for name, field in serializer.fields.items() if not field.write_only]
    steps = [(name, _reader(field), _writer(field)) for name, field in shown]

    def write(row: Any) -> dict[str, Any]:
        written = {}
        for name, read, tell in steps:
            try:
                value = read(row)
            except SkipField:
                continue
            written[name] = None if value is None else tell(value)
        return written

    return write


def _is(field: Any, method: str, kind: type) -> bool:
    """Whether a field's method is that of the class and not one of its own."""
    return getattr(type(field), method) is getattr(kind, method)


def _reader(field: Any) -> Step:
    """Return what `field.get_attribute` is: a plain attribute at once, all else as the field finds it."""
    if not _is(field, "get_attribute", serializers.Field):
        return field.get_attribute  # type: ignore[no-any-return]
    if not field.source_attrs:
        return _itself
    find = attrgetter(".".join(field.source_attrs))

    def read(row: Any) -> Any:
        if isinstance(row, dict):
            return field.get_attribute(row)
        try:
            value = find(row)
        except (AttributeError, ObjectDoesNotExist):
            return field.get_attribute(row)
        return field.get_attribute(row) if callable(value) else value

    return read


def _writer(field: Any) -> Step:
    """Return what `field.to_representation` is of a value that is there."""
    if isinstance(field, serializers.Serializer):
        return row_writer(field)
    if _is(field, "to_representation", serializers.ListSerializer):
        write = row_writer(field.child)
        return lambda rows: [write(row) for row in (rows.all() if isinstance(rows, BaseManager) else rows)]
    if _is(field, "to_representation", serializers.SerializerMethodField):
        return getattr(field.parent, field.method_name)  # type: ignore[no-any-return]
    if _is(field, "to_representation", serializers.CharField):
        return str
    if _is(field, "to_representation", serializers.IntegerField):
        return int
    if isinstance(field, serializers.DateTimeField) and not hasattr(field, "timezone"):
        field.timezone = get_current_timezone()  # the field would ask for it with every row
    return field.to_representation  # type: ignore[no-any-return]


def _itself(row: Any) -> Any:
    return row
