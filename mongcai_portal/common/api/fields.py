"""Serializer fields of values that the API writes in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from mongcai_portal.common.numbers import plain


@extend_schema_field({"type": "string"})
class LocalName(serializers.Field):  # type: ignore[type-arg]  # not subscriptable at run time
    """The name in the language asked, of an object that carries it in both."""

    def __init__(self, stem: str = "name", **options: Any) -> None:
        self.stem = stem
        options.setdefault("help_text", _("Tên trong ngôn ngữ được yêu cầu (Accept-Language)."))
        super().__init__(read_only=True, source=options.pop("source", "*"), **options)

    def to_representation(self, value: Any) -> str:
        language = "en" if (get_language() or "vi").startswith("en") else "vi"
        return str(getattr(value, f"{self.stem}_{language}") or getattr(value, f"{self.stem}_vi"))


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "boolean"}], "nullable": True, "example": "96.4"})
class ValueField(serializers.Field):  # type: ignore[type-arg]  # not subscriptable at run time
    """A reported value or a norm: a decimal string, a boolean, or a word of a scale; null when there is none."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", _("Chuỗi thập phân, đúng/sai, hoặc một mức xếp loại."))
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> Any:
        return plain(value) if isinstance(value, Decimal) else value


@extend_schema_field({"type": "string", "format": "decimal", "nullable": True, "example": "40.0"})
class PlainDecimal(serializers.Field):  # type: ignore[type-arg]  # not subscriptable at run time
    """A decimal as a string without exponent or trailing zeros; null stays null, zero is `"0"`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Decimal) -> str:
        return plain(value)


class Computed(serializers.SerializerMethodField):
    """A method's answer that a table can lay out: `number`, or an object with known `members`.

    `members` maps each to the field that says how its cell is read; its value is written by the method all the same.
    """

    def __init__(self, *, number: bool = False, members: Mapping[str, Any] | None = None, **options: Any) -> None:
        self.number = number
        self.members = members or {}
        super().__init__(**options)


class StrictSerializer(serializers.Serializer[Any]):
    """A body whose unknown members are faults: a mistyped name must not be ignored."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        faults = {name: [ErrorDetail(UNKNOWN_FIELD % {"name": name}, code="unknown_field")] for name in sorted(unknown)}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            detail = error.detail if isinstance(error.detail, dict) else {}
            raise serializers.ValidationError({**detail, **faults}) from error
        if faults:
            raise serializers.ValidationError(faults)
        return value


UNKNOWN_FIELD = _("Không có trường “%(name)s”.")
