"""How figures are written: as sources printed them, as communes contribute to them, and over time."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mongcai_portal.common.api.fields import Computed, LocalName, PlainDecimal
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.numbers import plain, round_half_up
from programmes.measures.parts import Gathered
from programmes.measures.words import KNOWN, PLANNED, PROJECTED
from programmes.rules.gather import MEAN, SHARE, SUM

DECIMAL = {"type": "string", "format": "decimal", "nullable": True, "example": "40.0"}
DATE = {"type": "string", "format": "date"}
KINDS = [(KNOWN, _("số đã biết")), (PLANNED, _("chỉ tiêu")), (PROJECTED, _("dự báo, không phải số liệu"))]
HOWS = [(SUM, _("tổng")), (SHARE, _("tổng tử số chia tổng mẫu số")), (MEAN, _("trung bình theo dân số"))]


def object_of(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "nullable": True, "properties": properties, "required": list(properties)}


class ObservationSerializer(serializers.Serializer[Any]):
    """A figure as a source printed it."""

    id = serializers.IntegerField(help_text=_("0: không phải bản ghi riêng mà là số trong báo cáo đã duyệt."))
    as_of = serializers.DateField()
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    value = PlainDecimal(allow_null=True)
    printed = serializers.CharField(source="printed_vi")
    poverty_standard = serializers.CharField()
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()
    source_title = serializers.CharField()
    source_url = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    note = serializers.CharField()


class GatheredPartSerializer(serializers.Serializer[Any]):
    """What one commune contributes to a figure of the area."""

    unit = serializers.CharField(source="place.uid")
    name = LocalName(source="place")
    value = PlainDecimal(source="part.value", allow_null=True)
    numerator = serializers.IntegerField(source="part.numerator", allow_null=True)
    denominator = serializers.IntegerField(source="part.denominator", allow_null=True)
    people = serializers.IntegerField(
        source="part.people", allow_null=True, help_text=_("Dân số, quyền số của trung bình.")
    )
    sources_differ = serializers.BooleanField(source="conflict")
    observations = ObservationSerializer(source="facts", many=True)


class GatheredSerializer(serializers.Serializer[Any]):
    """A figure of the area from those of its communes on one day: sums, then the division."""

    as_of = serializers.DateField(source="day")
    how = serializers.ChoiceField(HOWS)
    group = serializers.CharField()
    numerator = serializers.IntegerField(source="whole.numerator", default=None, allow_null=True)
    denominator = serializers.IntegerField(source="whole.denominator", default=None, allow_null=True)
    value = Computed(number=True, help_text=_("null khi chưa đủ xã."))
    provenance = serializers.ChoiceField(Provenance.choices)
    parts = GatheredPartSerializer(many=True)
    hidden = serializers.IntegerField(help_text=_("Số xã ngoài phạm vi của tài khoản."))

    @extend_schema_field(DECIMAL)
    def get_value(self, row: Gathered) -> str | None:
        return None if row.whole is None else plain(round_half_up(row.whole.value, 4))


class PointSerializer(serializers.Serializer[Any]):
    """A value over time: known, planned, or projected, which is no figure."""

    as_of = serializers.DateField()
    kind = serializers.ChoiceField(KINDS)
    value = PlainDecimal()
    numerator = serializers.IntegerField(allow_null=True)
