"""How measures and their explanations are written: one shape everywhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from indicators.models import Outcome, Recognition
from mongcai_portal.common.api.fields import Computed, LocalName, PlainDecimal
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.numbers import plain
from programmes.api.figure_serializers import DATE, DECIMAL, GatheredSerializer, ObservationSerializer, object_of
from programmes.api.money_parts_serializers import MoneyPartsSerializer
from programmes.api.ocop_serializers import EVENT_CODES, PRODUCT_STATES
from programmes.measures.explained import Contribution, Explanation
from programmes.measures.facts import HOME_AREA
from programmes.measures.observed import whole_value
from programmes.measures.values import MeasureValue, Point, Reason, plain_value
from programmes.rules.progress import BEHIND, DOWN, NEUTRAL, NO_DATA, NO_TARGET, ON_TRACK, REACHED, UP

STATUSES = [
    (REACHED, _("đạt mục tiêu")),
    (ON_TRACK, _("đúng tiến độ")),
    (BEHIND, _("chậm tiến độ")),
    (NO_TARGET, _("chưa có mục tiêu")),
    (NO_DATA, _("chưa có số liệu")),
]
REASONS = [(one.value, one.value) for one in Reason]
DIRECTIONS = [(UP, _("càng cao càng tốt")), (DOWN, _("càng thấp càng tốt")), (NEUTRAL, _("không xét"))]
EXAMPLE = {
    "code": "ntm.recognised.advanced",
    "label": "Xã đạt chuẩn nông thôn mới nâng cao",
    "unit": "percent",
    "unit_label": "%",
    "direction": "up",
    "as_of": "2023-12-31",
    "area": "mong-cai",
    "group": "ntm_assessed",
    "numerator": 2,
    "denominator": 5,
    "value": "40.0",
    "baseline": None,
    "target": {"year": 2025, "value": "60.0"},
    "status": "on_track",
    "provenance": "illustrative",
    "computed_at": "2026-11-23T14:02:11+07:00",
    "data_up_to": "2026-11-23T14:01:58+07:00",
    "outdated_since": None,
    "explanation_url": "/api/v1/measures/ntm.recognised.advanced/explanation/?as_of=2023-12-31",
    "reason": "",
    "change": {"since": "2022-12-31", "amount": "1", "counts_units": True},
    "poverty_standard": "",
    "printed": "02/05 xã (đạt 40,0%)",
    "source": "mongcai_2024",
    "source_as_of": "2023-12-31",
    "rests_on_unverified": False,
    "rests_on_judgement": False,
    "illustrative": False,
    "sources_differ": False,
    "computed_value": None,
}


@extend_schema_serializer(examples=[OpenApiExample("ratio", EXAMPLE, response_only=True)])
class MeasureSerializer(serializers.Serializer[MeasureValue]):
    """A measure of an area on a day."""

    code = serializers.CharField()
    label = serializers.CharField(help_text=_("Tên gọi trong ngôn ngữ được yêu cầu."))
    unit = serializers.CharField(help_text=_("Mã đơn vị tính, không đổi theo ngôn ngữ."))
    unit_label = serializers.CharField()
    direction = serializers.ChoiceField(DIRECTIONS)
    as_of = serializers.DateField()
    area = serializers.CharField(help_text=_("uid của địa bàn."))
    group = serializers.CharField(allow_null=True, help_text=_("Nhóm đơn vị là mẫu số."))
    numerator = serializers.IntegerField(
        allow_null=True, help_text=_("Chỉ có ở tỷ lệ; ở tỷ lệ giải ngân là đồng nguyên.")
    )
    denominator = serializers.IntegerField(allow_null=True)
    value = Computed(
        number=True, help_text=_("Chuỗi thập phân; ở tỷ lệ là phần trăm. null: chưa biết; “0” là số không.")
    )
    baseline = Computed(members={"as_of": serializers.DateField(), "value": PlainDecimal()})
    target = Computed(members={"year": serializers.IntegerField(), "value": PlainDecimal()})
    status = serializers.ChoiceField(STATUSES)
    provenance = serializers.ChoiceField(Provenance.choices)
    computed_at = serializers.DateTimeField(allow_null=True)
    data_up_to = serializers.DateTimeField(allow_null=True)
    outdated_since = serializers.DateTimeField(
        source="late.since",
        default=None,
        allow_null=True,
        help_text=_("Con số chưa gồm số liệu được duyệt, hoặc thay đổi trong sổ hộ, từ lúc này; null khi là mới nhất."),
    )
    explanation_url = serializers.SerializerMethodField()
    reason = serializers.ChoiceField(REASONS, help_text=_("Vì sao chưa có giá trị; trống khi có."))
    change = Computed(
        members={
            "since": serializers.DateField(),
            "amount": PlainDecimal(),
            "counts_units": serializers.BooleanField(),
        },
        help_text=_("Thay đổi so với một ngày trước đó."),
    )
    poverty_standard = serializers.CharField(help_text=_("Chuẩn nghèo của số đếm, như nguồn nêu."))
    printed = serializers.CharField(source="observed.printed_vi", default="", help_text=_("Nguyên văn của nguồn."))
    source = serializers.CharField(
        help_text=_(
            "Mã nguồn; household_register, ocop_register, budget_lines: tính từ sổ hộ, từ sổ OCOP, từ các dòng vốn."
        )
    )
    source_as_of = serializers.DateField(source="own_day", allow_null=True)
    rests_on_unverified = serializers.BooleanField(
        source="marks.unverified", help_text=_("Có kết quả dựa trên mức đạt chuẩn chưa đối chiếu với văn bản gốc.")
    )
    rests_on_judgement = serializers.BooleanField(
        source="marks.judged", help_text=_("Có kết quả theo đánh giá của phòng ban vì chưa có mức.")
    )
    illustrative = serializers.BooleanField(source="marks.illustrative", help_text=_("Tính từ số liệu minh họa."))
    sources_differ = serializers.SerializerMethodField(
        help_text=_("Các nguồn của cùng ngày nêu số khác nhau; xem observations của phần giải thích.")
    )
    computed_value = Computed(
        number=True,
        help_text=_("Số tính từ số của từng xã cho cùng ngày, trung bình thì theo dân số; null khi chưa đủ xã."),
    )

    @extend_schema_field(DECIMAL)
    def get_value(self, row: MeasureValue) -> str | None:
        return plain_value(row.unit, row.value)

    @extend_schema_field(object_of(as_of=DATE, value=DECIMAL))
    def get_baseline(self, row: MeasureValue) -> dict[str, Any] | None:
        point: Point | None = row.baseline
        return {"as_of": point.as_of, "value": plain_value(row.unit, point.value)} if point else None

    @extend_schema_field(object_of(year={"type": "integer"}, value=DECIMAL))
    def get_target(self, row: MeasureValue) -> dict[str, Any] | None:
        target = row.target
        return {"year": target.year, "value": plain_value(row.unit, target.value)} if target else None

    @extend_schema_field(object_of(since=DATE, amount=DECIMAL, counts_units={"type": "boolean"}))
    def get_change(self, row: MeasureValue) -> dict[str, Any] | None:
        change = row.change
        if change is None:
            return None
        return {"since": change.since, "amount": plain(change.amount), "counts_units": change.counts_units}

    @extend_schema_field(bool)
    def get_sources_differ(self, row: MeasureValue) -> bool:
        return bool(row.conflict)

    @extend_schema_field(DECIMAL)
    def get_computed_value(self, row: MeasureValue) -> str | None:
        found = row.gathered
        if found is None or not (row.is_gathered or found.day == row.own_day):
            return None
        return plain_value(row.unit, whole_value(row.unit, found))

    def get_explanation_url(self, row: MeasureValue) -> str:
        query = {"as_of": row.as_of.isoformat()}
        if row.area != HOME_AREA:
            query["unit"] = row.area
        if asked := self.context.get("group_asked"):
            query["group"] = asked
        return f"/api/v1/measures/{row.code}/explanation/?{urlencode(query)}"


class MeasureGroupSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = LocalName()
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()
    note = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


class CountedRecognitionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    level = serializers.CharField()
    decision_number = serializers.CharField()
    decided_on = serializers.DateField()
    date_precision = serializers.ChoiceField(Recognition.Precision.choices)
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()


class CountedReportSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    period = serializers.CharField()
    illustrative = serializers.BooleanField()


class CountedAttainmentSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    outcome = serializers.ChoiceField(Outcome.choices)
    criteria_met = serializers.IntegerField()
    criteria_total = serializers.IntegerField()
    rests_on_unverified = serializers.BooleanField(source="unverified")
    rests_on_judgement = serializers.BooleanField(source="judged")
    computed_at = serializers.DateTimeField()
    explanation_url = serializers.SerializerMethodField()

    def get_explanation_url(self, row: Any) -> str:
        return f"/api/v1/attainment/{row.id}/explanation/"


class MissingCriterionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = LocalName()
    outcome = serializers.ChoiceField(Outcome.choices)
    rests_on_unverified = serializers.BooleanField(source="marks.unverified")
    rests_on_judgement = serializers.BooleanField(source="marks.judged")


class MemberSerializer(serializers.Serializer[Contribution]):
    """One member of the denominator."""

    unit = serializers.CharField(source="place.uid")
    name = LocalName(source="place")
    counts = serializers.BooleanField(allow_null=True, help_text=_("Có được tính vào tử số không; null: chưa biết."))
    recognitions = CountedRecognitionSerializer(many=True)
    report = CountedReportSerializer(allow_null=True)
    attainment = CountedAttainmentSerializer(allow_null=True)
    outdated_since = serializers.DateTimeField(
        source="late.since",
        default=None,
        allow_null=True,
        help_text=_("Kết quả chưa gồm số liệu được duyệt từ lúc này; null khi là mới nhất."),
    )
    missing_criteria = MissingCriterionSerializer(many=True, source="missing")


class CountedPartSerializer(serializers.Serializer[Any]):
    """A part of a count; null: so few that the reader may not see how many."""

    code = serializers.CharField()
    name = LocalName()
    number = serializers.IntegerField(allow_null=True)
    of = serializers.IntegerField(allow_null=True, help_text=_("Mọi hộ của phần đó."))


class CohortSerializer(serializers.Serializer[Any]):
    """What became of the households that were poor on a day."""

    since = serializers.DateField(source="since.day")
    since_standard = serializers.CharField(source="since.standard.code")
    standard = serializers.CharField(source="now.standard.code")
    poor = serializers.IntegerField(allow_null=True)
    escaped = serializers.IntegerField(allow_null=True)
    rest = serializers.IntegerField(allow_null=True)


class BreakdownSerializer(serializers.Serializer[Any]):
    """A count of the register of households by its parts."""

    as_of = serializers.DateField(source="day.day", default=None, allow_null=True)
    standard = serializers.CharField(source="day.standard.code", default="")
    by_standard = CountedPartSerializer(many=True, help_text=_("Theo các chuẩn nghèo khác cùng tính trong ngày."))
    by_unit = CountedPartSerializer(many=True)
    by_ethnic_group = CountedPartSerializer(
        many=True, help_text=_("Theo dân tộc của chủ hộ; chỉ cho người phụ trách mọi hộ của địa bàn.")
    )
    by_area_type = CountedPartSerializer(
        many=True, help_text=_("Thành thị, nông thôn; chỉ cho người phụ trách mọi hộ của địa bàn.")
    )
    cohort = CohortSerializer(allow_null=True)
    absent = serializers.ListField(
        source="absent_uids", child=serializers.CharField(), help_text=_("Đơn vị chưa có hộ nào trong sổ.")
    )


class CountedProductSerializer(serializers.Serializer[Any]):
    """A product behind a count of OCOP: the recognition that speaks on the day, and whether the product counts."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    producer = serializers.CharField()
    units = serializers.SerializerMethodField(
        help_text=_("uid của đơn vị trong ngày xem; có nhiều khi chưa rõ là đơn vị nào.")
    )
    stars = serializers.IntegerField(source="certificate.stars")
    event = serializers.ChoiceField(EVENT_CODES)
    state = serializers.ChoiceField(PRODUCT_STATES)
    decision_number = serializers.CharField()
    decided_on = serializers.DateField(source="certificate.decided_on")
    expires_on = serializers.DateField(
        source="certificate.expires_on", help_text=_("Ngày đầu tiên không còn hiệu lực.")
    )
    withdrawn_on = serializers.DateField(source="certificate.withdrawn_on", allow_null=True)
    provenance = serializers.ChoiceField(Provenance.choices)
    counts = serializers.BooleanField()
    counted_before = serializers.BooleanField(
        allow_null=True, help_text=_("Có được tính vào ngày của mốc ban đầu không; null: không rõ.")
    )

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_units(self, row: Any) -> list[str]:
        return [place.uid for place in row.places]


class MeasureExplanationSerializer(serializers.Serializer[Explanation]):
    """A measure with the population of its denominator, member by member."""

    measure = MeasureSerializer(source="value")
    rule = serializers.CharField(help_text=_("Cách tính, bằng lời."))
    group = MeasureGroupSerializer(allow_null=True)
    members = MemberSerializer(many=True)
    hidden = serializers.IntegerField(help_text=_("Số thành viên ngoài phạm vi của tài khoản."))
    observations = ObservationSerializer(many=True)
    households = BreakdownSerializer(allow_null=True)
    products = CountedProductSerializer(many=True)
    money = MoneyPartsSerializer(allow_null=True, help_text=_("Các dòng vốn đứng sau con số về vốn."))
    gathered = GatheredSerializer(
        source="value.gathered", default=None, allow_null=True, help_text=_("Tính từ số của từng xã.")
    )
    programme = serializers.CharField(
        help_text=_("Mã chương trình: NTM, GNBV, DTTS, NQ06, MTQG_2026_2035; trống: mọi chương trình.")
    )
    breakthrough = serializers.CharField(
        help_text=_("Khâu đột phá mà con số thuộc về: production, environment, income; trống khi không thuộc.")
    )
    projection = Computed(
        members={"as_of": serializers.DateField(), "value": PlainDecimal(), "points": serializers.IntegerField()},
        help_text=_("Dự báo đến cuối giai đoạn theo đường thẳng; không phải số liệu. null khi không đủ số để dự báo."),
    )

    @extend_schema_field(object_of(as_of=DATE, value=DECIMAL, points={"type": "integer"}))
    def get_projection(self, row: Explanation) -> dict[str, Any] | None:
        line = row.trend.projection if row.trend else None
        if line is None or line.ends is None:
            return None
        return {"as_of": line.ends.day, "value": plain(line.ends.value), "points": line.points}
