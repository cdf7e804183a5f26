"""How criteria sets and data elements are written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from indicators.models import CriteriaSet, DataElementPart, Norm, ValueType
from indicators.models.criteria import Comparison
from mongcai_portal.common.api.fields import LocalName, PlainDecimal, ValueField
from mongcai_portal.common.models import Provenance


class CriteriaSetSerializer(serializers.Serializer[CriteriaSet]):
    """A decree's criteria for one level."""

    code = serializers.CharField()
    name = LocalName()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    level = serializers.CharField(source="level.code", help_text=_("Mức mà bộ tiêu chí mô tả, ví dụ standard."))
    level_name = LocalName(source="level")
    phase = serializers.CharField(source="level.phase")
    rank = serializers.IntegerField(source="level.rank")
    prerequisite = serializers.CharField(source="prerequisite.code", default=None, allow_null=True)
    decision = serializers.CharField()
    issued_on = serializers.DateField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    first_year = serializers.IntegerField(help_text=_("Năm báo cáo đầu tiên được xét theo bộ này."))
    last_year = serializers.IntegerField()
    criteria_declared = serializers.IntegerField()
    indicators_declared = serializers.IntegerField()
    status = serializers.ChoiceField(CriteriaSet.Status.choices)


class NormSerializer(serializers.Serializer[Norm]):
    """A level to reach, as narrow as its part, region, year and group of communes; empty means all of them."""

    part = serializers.CharField()
    region = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    commune_group = serializers.CharField()
    value = serializers.SerializerMethodField()
    derived_from = serializers.SerializerMethodField()
    provenance = serializers.ChoiceField(Provenance.choices)
    decision = serializers.CharField()
    source = serializers.CharField()
    valid_from = serializers.DateField(
        allow_null=True, help_text=_("Ngày mức này bắt đầu áp dụng; null: như phiên bản của chỉ tiêu.")
    )
    issued_on = serializers.DateField(
        source="entry.issued_on", default=None, allow_null=True, help_text=_("Chỉ có ở mức nhập từ văn bản.")
    )
    issuer = serializers.CharField(source="entry.issuer", default="")

    @extend_schema_field(ValueField())
    def get_value(self, norm: Norm) -> Any:
        value = norm.number if norm.number is not None else norm.boolean if norm.boolean is not None else norm.choice
        return None if value == "" else ValueField().to_representation(value)

    @extend_schema_field(
        {
            "type": "object",
            "nullable": True,
            "properties": {
                "set": {"type": "string"},
                "indicator": {"type": "string"},
                "factor": {"type": "string", "format": "decimal", "example": "1.1"},
            },
        }
    )
    def get_derived_from(self, norm: Norm) -> dict[str, str] | None:
        if not norm.derived_set or norm.derived_factor is None:
            return None
        factor = PlainDecimal().to_representation(norm.derived_factor)
        return {"set": norm.derived_set, "indicator": norm.derived_indicator, "factor": factor}


class VersionPartSerializer(serializers.Serializer[Any]):
    """A part of the element that the version judges too."""

    part = serializers.CharField(source="part.code")
    kind = serializers.ChoiceField(DataElementPart.Kind.choices, source="part.kind")
    name = LocalName(source="part")
    value_type = serializers.ChoiceField(ValueType.choices, source="part.value_type")
    comparison = serializers.ChoiceField(Comparison.choices)


class IndicatorVersionSerializer(serializers.Serializer[Any]):
    """What an indicator asks while a decision holds."""

    decision = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    name = LocalName()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    name_provenance = serializers.ChoiceField(Provenance.choices)
    element = serializers.CharField(source="element.code", help_text=_("Mã số liệu mà chỉ tiêu đọc."))
    value_type = serializers.ChoiceField(ValueType.choices)
    unit = serializers.CharField(help_text=_("Đơn vị tính, như trong văn bản."))
    scale = serializers.ListField(child=serializers.CharField(), help_text=_("Các mức xếp loại, từ thấp lên cao."))
    comparison = serializers.ChoiceField(Comparison.choices)
    parts = VersionPartSerializer(many=True)
    norms = NormSerializer(many=True, source="norms_in_force")


class IndicatorSerializer(serializers.Serializer[Any]):
    """An indicator with the version in force on the day; none when it does not hold then."""

    code = serializers.CharField()
    office = serializers.CharField(source="office.code")
    level_set_by = serializers.CharField(help_text=_("Cấp quy định mức đạt chuẩn."))
    applies_if = serializers.CharField(source="applies_if_vi")
    derived_from_attainment = serializers.CharField(
        source="derived_from_attainment.code", default=None, allow_null=True
    )
    versions = IndicatorVersionSerializer(many=True, source="in_force")


class CriterionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = LocalName()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    indicators = IndicatorSerializer(many=True)


class ZoneRuleSerializer(serializers.Serializer[Any]):
    zone = serializers.CharField()
    region = serializers.CharField()
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()


class CriteriaSetDetailSerializer(CriteriaSetSerializer):
    """A set with all it asks on `as_of`."""

    as_of = serializers.SerializerMethodField(help_text=_("Ngày của các phiên bản được trả về."))
    default_region = serializers.CharField()
    zone_rules = serializers.SerializerMethodField()
    criteria = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "date"})
    def get_as_of(self, row: CriteriaSet) -> str:
        return str(self.context["day"].isoformat())

    @extend_schema_field(ZoneRuleSerializer(many=True))
    def get_zone_rules(self, row: CriteriaSet) -> Any:
        return ZoneRuleSerializer(self.context["zone_rules"], many=True).data

    @extend_schema_field(CriterionSerializer(many=True))
    def get_criteria(self, row: CriteriaSet) -> Any:
        return CriterionSerializer(self.context["criteria"], many=True).data


class ElementPartSerializer(serializers.Serializer[Any]):
    """A part of a fact that is typed by itself."""

    part = serializers.CharField(source="code")
    kind = serializers.ChoiceField(DataElementPart.Kind.choices)
    name = LocalName()
    value_type = serializers.ChoiceField(ValueType.choices)
    unit = serializers.CharField()
    scale = serializers.ListField(child=serializers.CharField())


class ReaderSerializer(serializers.Serializer[Any]):
    """Where an element is read."""

    set = serializers.CharField(source="indicator.criterion.criteria_set.code")
    criterion = serializers.IntegerField(source="indicator.criterion.number")
    indicator = serializers.CharField(source="indicator.code")


class DataElementSerializer(serializers.Serializer[Any]):
    """One fact about a unit in a period."""

    code = serializers.CharField()
    name = LocalName()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    value_type = serializers.ChoiceField(ValueType.choices)
    unit = serializers.CharField()
    scale = serializers.ListField(child=serializers.CharField())
    office = serializers.CharField(source="office.code")
    parts = ElementPartSerializer(many=True)
    read_by = ReaderSerializer(many=True, source="readers")
