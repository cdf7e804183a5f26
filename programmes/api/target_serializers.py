"""How targets are written for other systems, and how they are sent."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mongcai_portal.common.api.fields import Computed, LocalName, PlainDecimal, StrictSerializer
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.numbers import plain
from programmes.api.figure_serializers import DATE, DECIMAL, object_of
from programmes.api.serializers import STATUSES
from programmes.measures.values import UNIT_LABELS, plain_value
from programmes.rules.progress import NO_TARGET
from programmes.selectors.targets import PlanRow

PLANNED_STATUSES = [one for one in STATUSES if one[0] != NO_TARGET]
TEXT = {"type": "string"}


class TargetSerializer(serializers.Serializer[PlanRow]):
    """A target and how it stands on the day."""

    id = serializers.IntegerField(source="target.id")
    measure = serializers.CharField(source="measure.code")
    label = serializers.CharField(source="measure.label", help_text=_("Tên gọi trong ngôn ngữ được yêu cầu."))
    programme = serializers.CharField(
        source="measure.programme", help_text=_("Mã chương trình: NTM, GNBV, DTTS, NQ06.")
    )
    unit = serializers.CharField(source="place.uid", help_text=_("uid của đơn vị mà chỉ tiêu đặt cho."))
    unit_name = LocalName(source="place")
    group = serializers.CharField(
        source="target.group", allow_null=True, help_text=_("Nhóm đơn vị; null: nhóm của chính con số.")
    )
    unit_code = serializers.CharField(source="measure.unit", help_text=_("Mã đơn vị tính."))
    unit_label = serializers.SerializerMethodField()
    year = serializers.IntegerField(source="target.year")
    value = Computed(number=True, help_text=_("Chỉ tiêu đến ngày cuối của năm."))
    baseline = Computed(
        members={"as_of": serializers.DateField(), "value": PlainDecimal(), "source": serializers.CharField()},
        help_text=_("Điểm xuất phát của kế hoạch, với ngày và nguồn."),
    )
    actual = Computed(
        members={"as_of": serializers.DateField(), "value": PlainDecimal(), "provenance": serializers.CharField()},
        help_text=_("Số mới nhất đến ngày xem, với ngày của chính nó; null: chưa biết."),
    )
    outdated_since = serializers.DateTimeField(
        source="value.late.since",
        default=None,
        allow_null=True,
        help_text=_(
            "Số thực hiện chưa gồm số liệu được duyệt, hoặc thay đổi trong sổ hộ, từ lúc này; null khi là mới nhất."
        ),
    )
    status = serializers.ChoiceField(PLANNED_STATUSES)
    late = serializers.BooleanField(help_text=_("Năm của chỉ tiêu đã qua mà chưa đạt."))
    due = PlainDecimal(help_text=_("Mức mà đường thẳng từ điểm xuất phát đòi hỏi trong ngày xem."))
    way_done = Computed(number=True, help_text=_("Phần trăm quãng đường từ điểm xuất phát; null: không có đường."))
    provenance = serializers.ChoiceField(Provenance.choices, source="target.provenance")
    source = serializers.CharField(source="target.source")

    def get_unit_label(self, row: PlanRow) -> str:
        return str(UNIT_LABELS.get(row.measure.unit, row.measure.unit))

    @extend_schema_field(DECIMAL)
    def get_value(self, row: PlanRow) -> str | None:
        return plain_value(row.measure.unit, row.target.value)

    @extend_schema_field(object_of(as_of=DATE, value=DECIMAL, source=TEXT))
    def get_baseline(self, row: PlanRow) -> dict[str, Any]:
        target = row.target
        value = plain_value(row.measure.unit, target.baseline_value)
        return {"as_of": target.baseline_on, "value": value, "source": target.baseline_source}

    @extend_schema_field(object_of(as_of=DATE, value=DECIMAL, provenance=TEXT))
    def get_actual(self, row: PlanRow) -> dict[str, Any] | None:
        value = row.value
        if value.value is None:
            return None
        figure = plain_value(value.unit, value.value)
        return {"as_of": value.own_day or value.as_of, "value": figure, "provenance": value.provenance}

    @extend_schema_field(DECIMAL)
    def get_way_done(self, row: PlanRow) -> str | None:
        return None if row.way is None else plain(round(row.way * 100, 1))


class _StartBody(StrictSerializer):
    """Where a plan starts from: all three, or the fault says which is missing."""

    as_of = serializers.DateField(required=False, allow_null=True, default=None)
    value = serializers.CharField(required=False, allow_blank=True, default="")
    source = serializers.CharField(required=False, allow_blank=True, default="")


class RevisionBody(StrictSerializer):
    """A plan as it is sent: decimals as strings."""

    value = serializers.CharField(required=False, allow_blank=True, default="")
    unit_code = serializers.CharField(
        required=False, allow_blank=True, default="", help_text=_("Đơn vị tính của văn bản; khác của con số là lỗi.")
    )
    baseline = _StartBody(required=False, default=dict)
    source = serializers.CharField(required=False, allow_blank=True, default="")
    provenance = serializers.CharField(required=False, default=Provenance.SOURCED)
    note = serializers.CharField(required=False, allow_blank=True, default="")


class TargetBody(RevisionBody):
    """A new plan: for what, for whom and for which year."""

    measure = serializers.CharField()
    unit = serializers.CharField()
    group = serializers.CharField(required=False, allow_blank=True, allow_null=True, default="")
    year = serializers.IntegerField()


class ReviseBody(RevisionBody):
    """A plan anew, and why."""

    reason = serializers.CharField(allow_blank=True)


class ReasonBody(StrictSerializer):
    """Why a plan is withdrawn."""

    reason = serializers.CharField(allow_blank=True)


class TargetVersionSerializer(serializers.Serializer[Any]):
    """One version of a plan as it is stored."""

    id = serializers.IntegerField()
    value = PlainDecimal()
    baseline_on = serializers.DateField()
    baseline_value = PlainDecimal()
    baseline_source = serializers.CharField()
    source = serializers.CharField()
    provenance = serializers.ChoiceField(Provenance.choices)
    note = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = serializers.CharField()
    end_reason = serializers.CharField(help_text=_("Vì sao được điều chỉnh hoặc bỏ; trống khi còn hiệu lực."))
    revises = serializers.IntegerField(source="replaces_id", allow_null=True)


class TargetDetailSerializer(serializers.Serializer[Any]):
    """A plan with every version of it, the newest first."""

    id = serializers.IntegerField(source="row.id")
    measure = serializers.CharField(source="row.measure")
    unit = serializers.CharField(source="row.area.uid")
    group = serializers.CharField(source="row.group.code", default=None, allow_null=True)
    year = serializers.IntegerField(source="row.year")
    standing = serializers.SerializerMethodField()
    versions = TargetVersionSerializer(many=True)

    @extend_schema_field(bool)
    def get_standing(self, found: Any) -> bool:
        return found.row.ended_at is None
