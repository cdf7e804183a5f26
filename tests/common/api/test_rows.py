"""Rows are written to the byte as the serializer itself writes them, whatever its fields are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Manager
from django.utils import timezone
from rest_framework import serializers

from mongcai_portal.common.api.fields import LocalName, PlainDecimal, ValueField
from mongcai_portal.common.api.rows import row_writer

MOMENT = datetime(2023, 12, 31, 18, 30, tzinfo=UTC)


class Named(serializers.Serializer):
    code = serializers.CharField()
    name = LocalName()


class Shouted(serializers.Serializer):
    """One that writes in its own way."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {"code": instance.code.upper()}


class Commune(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    code = serializers.CharField()
    whole = serializers.CharField(source="*")
    kind = serializers.ChoiceField([("xa", "Xã"), ("phuong", "Phường")])
    met = serializers.BooleanField()
    amount = PlainDecimal(allow_null=True)
    value = ValueField()
    on = serializers.DateField()
    at = serializers.DateTimeField(allow_null=True)
    at_utc = serializers.DateTimeField(source="at", default_timezone=UTC)
    population = serializers.IntegerField(source="counted")
    parent = serializers.CharField(source="above.code", default=None, allow_null=True)
    region = serializers.CharField(source="above.region", required=False)
    office = serializers.CharField(source="owner.code", allow_null=True)
    secret = serializers.CharField(write_only=True)
    above = Named(allow_null=True)
    loud = Shouted(source="above", allow_null=True)
    villages = Named(many=True)
    words = serializers.ListField(child=serializers.CharField())
    path = serializers.SerializerMethodField()

    def get_path(self, row: Any) -> str:
        return f"{self.context['base']}/{self.fields['code'].get_attribute(row)}"


class Villages(Manager):
    """Rows behind another one, which the writer has to ask for."""

    def all(self) -> Any:
        return [SimpleNamespace(code="v1", name_vi="Thôn 1", name_en="Village 1")]


ABOVE = SimpleNamespace(code="mong-cai", name_vi="Móng Cái", name_en="Mong Cai", region="east")


@dataclass
class Row:
    pk: int = 7
    code: str = "hai-son"
    kind: str = "xa"
    met: bool = True
    amount: Decimal | None = Decimal("40.00")
    value: Any = Decimal("0")
    on: date = date(2023, 12, 31)
    at: datetime | None = MOMENT
    above: Any = field(default_factory=lambda: ABOVE)
    owner: Any = field(default_factory=lambda: ABOVE, repr=False)
    villages: Any = field(default_factory=list)
    words: list[str] = field(default_factory=lambda: ["a", "b"])

    def counted(self) -> int:
        return 1200


class Orphan(Row):
    @property
    def owner(self) -> Any:
        raise ObjectDoesNotExist

    @owner.setter
    def owner(self, given: Any) -> None:
        pass


def both(row: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the writer writes, and what the serializer does."""
    context = {"base": "/units"}
    return row_writer(Commune(context=context))(row), Commune(context=context).to_representation(row)


@pytest.mark.parametrize(
    "row",
    [
        Row(),
        Row(villages=Villages()),
        Row(villages=Villages().all()),
        Row(amount=None, value=None, at=None, above=None, kind="other", met=None),
        Row(code=12, pk="12", value=True, words=[]),
        Orphan(),
        {**vars(Row()), "counted": 3},
    ],
    ids=["plain", "a manager", "a list", "nothing", "other types", "a row that is gone", "a mapping"],
)
def test_a_row_is_written_as_the_serializer_writes_it(row: Any) -> None:
    written, expected = both(row)
    assert written == expected
    assert list(written) == list(expected)


def test_what_is_only_written_to_is_left_out_and_so_is_what_is_not_there() -> None:
    written, _expected = both(Row(above=None))
    assert "secret" not in written
    assert "region" not in written
    assert written["parent"] is None


def test_moments_are_told_in_the_zone_of_the_portal_or_in_the_fields_own() -> None:
    written, _expected = both(Row())
    assert written["at"] == "2024-01-01T01:30:00+07:00"
    assert written["at_utc"] == "2023-12-31T18:30:00Z"
    with timezone.override(UTC):
        assert both(Row())[0]["at"] == "2023-12-31T18:30:00Z"


def test_an_attribute_that_is_missing_is_the_same_error() -> None:
    with pytest.raises(AttributeError, match="`kind` on serializer `Commune`"):
        row_writer(Commune(context={"base": ""}))(SimpleNamespace(pk=1, code="x"))


def test_fields_that_were_taken_away_are_not_written() -> None:
    serializer = Named()
    serializer.fields = {"name": serializer.fields["name"]}
    assert row_writer(serializer)(ABOVE) == {"name": "Móng Cái"}
