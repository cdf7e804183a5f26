"""How reports and their values are written, and what moves take."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from indicators.models import DataElementPart, Report, ReportedValue, ValueType, Verdict
from indicators.selectors.reporting import MIXED, NOT_ENTERED, CellValue, ElementValue, ReportCard
from mongcai_portal.common.api.fields import Computed, LocalName, StrictSerializer, ValueField

CELL_STATES = [*ReportedValue.State.choices, (NOT_ENTERED, _("chưa nhập"))]
STATES = [*CELL_STATES, (MIXED, _("các phần khác nhau"))]
SENT_STATES = [choice for choice in ReportedValue.State.choices if choice[0] != ReportedValue.State.VALUE]
CELL_KINDS = [("whole", _("chung")), *DataElementPart.Kind.choices]
VALUE_SCHEMA: dict[str, Any] = {
    "oneOf": [
        {"type": "string", "description": "decimal, or a word of the scale"},
        {"type": "boolean"},
        {"type": "object", "additionalProperties": {}, "description": "by part: male, female, component code, total"},
    ],
    "nullable": True,
    "example": "96.4",
}


class RevisionSerializer(serializers.Serializer[Any]):
    """One pass of a report through the workflow."""

    number = serializers.IntegerField()
    opened_by = serializers.CharField()
    opened_at = serializers.DateTimeField()
    reason = serializers.CharField(help_text=_("Lý do mở lại; trống ở lần lập đầu."))
    submitted_by = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    approved_by = serializers.CharField()
    approved_at = serializers.DateTimeField(allow_null=True)
    imported = serializers.BooleanField(
        read_only=True, help_text=_("Nhập từ hồ sơ các năm trước: trên cổng không ai trình hay thẩm định.")
    )


class ImportedSerializer(serializers.Serializer[Any]):
    """From which file of past years a report was brought, by whom and when."""

    file = serializers.CharField()
    by = serializers.CharField(source="approved_by")
    at = serializers.DateTimeField(source="approved_at")


class CountsSerializer(serializers.Serializer[Any]):
    """How many elements stand where, in the current revision; all zero before it was first submitted."""

    open = serializers.IntegerField(source="elements_open")
    verified = serializers.IntegerField(source="elements_verified")
    returned = serializers.IntegerField(source="elements_returned")


NAME = LocalName()


class ReportSerializer(serializers.Serializer[ReportCard]):
    """A unit's report for a period."""

    id = serializers.IntegerField(source="report.pk")
    unit = serializers.CharField(source="report.unit.uid")
    unit_name = serializers.SerializerMethodField(help_text=_("Tên đơn vị vào ngày cuối kỳ."))
    period = serializers.CharField(source="report.period.code")
    starts_on = serializers.DateField(source="report.period.starts_on")
    ends_on = serializers.DateField(source="report.period.ends_on")
    due_on = serializers.DateField(source="report.period.due_on", help_text=_("Hạn nộp, đến 24 giờ giờ Việt Nam."))
    status = serializers.ChoiceField(Report.Status.choices, source="report.status")
    revision = serializers.IntegerField(source="report.revision")
    approved_revision = serializers.IntegerField(
        source="report.approved_revision",
        allow_null=True,
        help_text=_("Lần lập được tính; báo cáo mở lại vẫn tính theo lần đã duyệt."),
    )
    lock = serializers.IntegerField(
        source="report.lock", help_text=_("Tăng sau mỗi lần chuyển bước; gửi kèm để không đè lên cửa sổ khác.")
    )
    illustrative = serializers.BooleanField(
        source="report.illustrative", help_text=_("Số liệu minh họa, không phải số thật.")
    )
    imported = ImportedSerializer(
        read_only=True,
        allow_null=True,
        help_text=_("Nguồn của lần lập được tính, nếu nhập từ hồ sơ các năm trước; không thì null."),
    )
    elements = CountsSerializer(source="report")
    revisions = RevisionSerializer(many=True)

    def get_unit_name(self, card: ReportCard) -> str:
        return NAME.to_representation(card.unit_name) if card.unit_name else card.report.unit.uid


class VerdictSerializer(serializers.Serializer[Verdict]):
    """What the sector office says of an element."""

    element = serializers.CharField(source="element.code")
    office = serializers.CharField(source="office.code", default=None, allow_null=True)
    state = serializers.ChoiceField(Verdict.State.choices)
    reason = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)


class ReportDetailSerializer(ReportSerializer):
    """A report with the verdict of every element."""

    verdicts = serializers.SerializerMethodField()

    @extend_schema_field(VerdictSerializer(many=True))
    def get_verdicts(self, card: ReportCard) -> Any:
        return VerdictSerializer(self.context["verdicts"], many=True).data


class OpenReportSerializer(StrictSerializer):
    """Which report to open."""

    unit = serializers.CharField(help_text=_("uid của xã."))
    period = serializers.CharField(help_text=_("Mã kỳ đã mở, ví dụ 2023."))


class CellSerializer(serializers.Serializer[CellValue]):
    """One cell exactly as stored."""

    part = serializers.CharField(source="definition.part", help_text=_("Trống: số liệu chung."))
    kind = serializers.ChoiceField(CELL_KINDS, source="definition.kind")
    name = LocalName(source="definition")
    value_type = serializers.ChoiceField(ValueType.choices, source="definition.value_type")
    unit = serializers.CharField(source="definition.unit")
    state = serializers.ChoiceField(CELL_STATES)
    value = ValueField()
    reason = serializers.CharField()
    note = serializers.CharField()
    entered_by = serializers.CharField()
    entered_at = serializers.DateTimeField(allow_null=True)
    derived_from = serializers.CharField(
        help_text=_("Tính từ sổ hộ (poor_and_near_poor_rate), không ghi được; trống khi được nhập.")
    )


class ElementValueSerializer(serializers.Serializer[ElementValue]):
    """An element of a report. `value` is written as `PUT` takes it; `cells` tell every part by itself."""

    element = serializers.CharField(source="element.code")
    name = LocalName(source="element")
    office = serializers.CharField(source="element.office_code")
    value_type = serializers.ChoiceField(ValueType.choices, source="element.value_type")
    unit = serializers.CharField(source="element.unit")
    state = serializers.ChoiceField(STATES)
    value = Computed(number=True)
    reason = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    verdict = serializers.ChoiceField(Verdict.State.choices, source="verdict.state", default=None, allow_null=True)
    verdict_reason = serializers.CharField(source="verdict.reason", default="")
    cells = CellSerializer(many=True)

    @extend_schema_field(VALUE_SCHEMA)
    def get_value(self, row: ElementValue) -> Any:
        written = {c.definition.part or "total": self._written(c) for c in row.cells}
        if row.whole:
            return written["total"]
        return written if any(c.state == ReportedValue.State.VALUE for c in row.cells) else None

    def get_reason(self, row: ElementValue) -> str:
        return _said([c.reason for c in row.cells])

    def get_note(self, row: ElementValue) -> str:
        return _said([c.note for c in row.cells])

    @staticmethod
    def _written(cell: CellValue) -> Any:
        return None if cell.value is None else ValueField().to_representation(cell.value)


def _said(texts: list[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


class ValuesSavedSerializer(serializers.Serializer[Any]):
    """What a `PUT` did, and how the named elements stand now."""

    changed = serializers.IntegerField(help_text=_("Số ô đã đổi."))
    unchanged = serializers.IntegerField(help_text=_("Số ô đã đúng như vậy từ trước."))
    results = ElementValueSerializer(many=True)


@extend_schema_serializer(
    many=False,
    examples=[
        OpenApiExample(
            "number", {"element": "households_solid_semi_solid_housing", "value": "96.4"}, request_only=True
        ),
        OpenApiExample(
            "sexes",
            {"element": "health_insurance_coverage_men_women", "value": {"male": "95", "female": "96.4"}},
            request_only=True,
        ),
        OpenApiExample(
            "not applicable",
            {
                "element": "main_field_roads_allowing_goods_transport",
                "state": "not_applicable",
                "reason": "Xã đảo không có đường nội đồng",
            },
            request_only=True,
        ),
    ],
)
class ValueItemSerializer(serializers.Serializer[Any]):
    """One item of a `PUT`; for the schema only, the engine of the form reads it."""

    element = serializers.CharField(help_text=_("Mã số liệu."))
    value = serializers.JSONField(
        required=False,
        help_text=_(
            "Chuỗi thập phân, đúng/sai, mức xếp loại, hoặc theo phần: {male, female}, {mã thành phần, total}. Mỗi phần "
            "cũng nhận {state, reason}."
        ),
    )
    state = serializers.ChoiceField(SENT_STATES, required=False)
    reason = serializers.CharField(required=False, help_text=_("Bắt buộc với not_applicable."))
    note = serializers.CharField(required=False)


class MoveSerializer(StrictSerializer):
    """What every move takes."""

    lock = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text=_("lock đã thấy; khác đi thì trả lời 409.")
    )


class VerifySerializer(MoveSerializer):
    """What to verify; without `elements` all that wait for the caller's offices."""

    elements = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True, default=None)
    judgements = serializers.DictField(
        child=serializers.JSONField(),
        required=False,
        default=dict,
        help_text=_("Chỉ nơi chưa có mức đạt chuẩn: mã số liệu → met hoặc not_met, hoặc → {mã bộ tiêu chí: met}."),
    )

    def validate_judgements(self, value: dict[str, Any]) -> dict[str, Any]:
        wrong = {
            element: _("Đánh giá chỉ có thể là đạt hoặc chưa đạt.")
            for element, said in value.items()
            if not isinstance(said, str)
            and not (isinstance(said, dict) and all(isinstance(one, str) for one in said.values()))
        }
        if wrong:
            raise serializers.ValidationError({key: [text] for key, text in wrong.items()})
        return value


class ReturnSerializer(StrictSerializer):
    element = serializers.CharField()
    reason = serializers.CharField(allow_blank=True, required=False, default="")


class SendBackSerializer(MoveSerializer):
    """What is sent back, each with its reason."""

    elements = ReturnSerializer(many=True)

    def validate_elements(self, value: list[dict[str, str]]) -> list[dict[str, str]]:
        seen: set[str] = set()
        faults: list[dict[str, Any]] = []
        for one in value:
            twice = one["element"] in seen
            faults.append({"element": [_("Số liệu này được gửi hai lần.")]} if twice else {})
            seen.add(one["element"])
        if any(faults):
            raise serializers.ValidationError(faults)
        return value


class ReopenSerializer(MoveSerializer):
    """Why an approved report is opened again."""

    reason = serializers.CharField(allow_blank=True, required=False, default="")
