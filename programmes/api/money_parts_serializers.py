"""How the money behind a figure is written: by source, by unit, in whole đồng, with the texts it rests on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from mongcai_portal.common.api.fields import LocalName
from mongcai_portal.common.models import Provenance
from programmes.api.money_serializers import DONG


class MoneyPartSerializer(serializers.Serializer[Any]):
    """A part of money behind a figure, in whole đồng."""

    code = serializers.CharField(help_text=_("Mã nguồn vốn, hoặc uid của đơn vị."))
    name = LocalName()
    planned = serializers.IntegerField(source="total.planned", help_text=DONG)
    carried_over = serializers.IntegerField(source="total.carried_over", help_text=DONG)
    allocated = serializers.IntegerField(source="total.allocated", help_text=DONG)
    disbursed = serializers.IntegerField(source="total.disbursed", help_text=DONG)
    lines = serializers.IntegerField(source="total.lines", help_text=_("Số dòng vốn."))


class MoneyLegalSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    provenance = serializers.ChoiceField(Provenance.choices)


class MoneyPartsSerializer(serializers.Serializer[Any]):
    """The lines behind a figure of money that the account sees; the lines themselves are at `budget-lines/`."""

    year = serializers.IntegerField()
    by_source = MoneyPartSerializer(many=True)
    by_unit = MoneyPartSerializer(many=True)
    legal = MoneyLegalSerializer(many=True, help_text=_("Văn bản của chương trình, rồi văn bản chung."))
