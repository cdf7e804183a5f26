"""How OCOP products are written: the product on a day, and one with its assessments and recognitions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mongcai_portal.common.api.fields import LocalName, PlainDecimal
from mongcai_portal.common.models import Provenance
from programmes.models import OcopAssessment, OcopLevel, OcopPart, OcopProducer
from programmes.rules.ocop import EVENTS, STATES
from programmes.selectors.ocop import ProductRow
from programmes.selectors.ocop_pages import ANNULLED, SUPERSEDED


def codes(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


PRODUCT_STATES = codes(*STATES)
RECOGNITION_STATES = codes(*STATES, ANNULLED, SUPERSEDED)
EVENT_CODES = codes(*EVENTS)


class OcopProductSerializer(serializers.Serializer[ProductRow]):
    """A product on the day asked for; `stars` are null while it lives on no recognition."""

    id = serializers.IntegerField(source="product.pk")
    name = serializers.CharField(source="product.name")
    protected_name = serializers.CharField(source="product.protected_name")
    producer = serializers.CharField(source="product.producer.name")
    producer_form = serializers.ChoiceField(OcopProducer.Form.choices, source="product.producer.form")
    units = serializers.SerializerMethodField(
        help_text=_("uid của đơn vị trong ngày xem; có nhiều khi chưa rõ là đơn vị nào.")
    )
    group = serializers.CharField(source="product.group.code")
    group_name = LocalName(source="product.group")
    state = serializers.ChoiceField(PRODUCT_STATES)
    stars = serializers.SerializerMethodField()
    event = serializers.ChoiceField(codes("", *EVENTS), help_text=_("Lần công nhận mới nhất là gì; rỗng khi chưa có."))
    potential_five_stars = serializers.SerializerMethodField(
        help_text=_("Tỉnh chấm từ 90 điểm, chờ trung ương quyết định; chưa tính là 4 sao hay 5 sao.")
    )
    decision_number = serializers.CharField(source="last.decision_number", default="")
    decided_on = serializers.DateField(source="last.decided_on", default=None, allow_null=True)
    expires_on = serializers.DateField(
        source="last.expires_on", default=None, allow_null=True, help_text=_("Ngày đầu tiên không còn hiệu lực.")
    )
    withdrawn_on = serializers.DateField(source="last.withdrawn_on", default=None, allow_null=True)
    provenance = serializers.ChoiceField(Provenance.choices, source="product.provenance")
    source = serializers.CharField(source="product.source")

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_units(self, row: ProductRow) -> list[str]:
        return [place.unit.uid for place in row.places]

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_stars(self, row: ProductRow) -> int | None:
        return row.last.stars if row.holds and row.last is not None else None

    def get_potential_five_stars(self, row: ProductRow) -> bool:
        return row.potential is not None


class OcopSheetSerializer(serializers.Serializer[Any]):
    """A member's sheet."""

    member = serializers.CharField()
    a = PlainDecimal(source="points_a")
    b = PlainDecimal(source="points_b")
    c = PlainDecimal(source="points_c")


class OcopPartSerializer(serializers.Serializer[OcopPart]):
    """A part of a scale, as its decision names it."""

    code = serializers.CharField(help_text=_("a, b hoặc c."))
    name = LocalName()
    items = LocalName("items", help_text=_("Các nội dung của phần; trống khi chưa rõ."))
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()


class OcopAssessmentSerializer(serializers.Serializer[Any]):
    """An assessment: averages are cut at four decimals, never rounded."""

    id = serializers.IntegerField()
    purpose = serializers.ChoiceField(OcopAssessment.Purpose.choices)
    status = serializers.ChoiceField(OcopAssessment.Status.choices)
    council = serializers.ChoiceField([("", ""), *OcopLevel.choices])
    assessed_on = serializers.DateField(allow_null=True)
    scale = serializers.CharField(source="scale.code", default="", help_text=_("Mã thang điểm của ngày họp chấm."))
    parts = OcopPartSerializer(
        many=True, source="scale.parts", default=[], help_text=_("Các phần của thang điểm; trống khi chưa họp chấm.")
    )
    points_a = PlainDecimal(allow_null=True)
    points_b = PlainDecimal(allow_null=True)
    points_c = PlainDecimal(allow_null=True)
    total = PlainDecimal(allow_null=True)
    stars = serializers.IntegerField(allow_null=True)
    result = serializers.ChoiceField([("", ""), *OcopAssessment.Result.choices])
    provenance = serializers.ChoiceField(Provenance.choices)
    sheets = OcopSheetSerializer(many=True)


class OcopRecognitionSerializer(serializers.Serializer[Any]):
    """A recognition of a product: what it was, and how it stands on the day."""

    id = serializers.IntegerField(source="recognition.pk")
    assessment = serializers.IntegerField(source="recognition.assessment_id")
    stars = serializers.IntegerField(source="recognition.stars")
    level = serializers.ChoiceField(OcopLevel.choices, source="recognition.level")
    event = serializers.ChoiceField(codes("", *EVENTS))
    state = serializers.ChoiceField(RECOGNITION_STATES)
    decision_number = serializers.CharField(source="recognition.decision_number")
    decided_on = serializers.DateField(source="recognition.decided_on")
    expires_on = serializers.DateField(source="recognition.expires_on")
    withdrawn_on = serializers.DateField(source="recognition.withdrawn_on", allow_null=True)
    withdrawal_reason = serializers.CharField(source="recognition.withdrawal_reason")
    provenance = serializers.ChoiceField(Provenance.choices, source="recognition.provenance")


class OcopProductDetailSerializer(OcopProductSerializer):
    """A product with its assessments and recognitions, the newest first."""

    description = serializers.CharField(source="product.description")
    recognitions = OcopRecognitionSerializer(many=True)
    assessments = OcopAssessmentSerializer(many=True)
