"""How attainment, its explanation, the matrix and recognitions are written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from indicators.models import Attainment, Outcome, Recognition
from indicators.selectors.attainment import Explanation
from indicators.selectors.matrix import Matrix, MatrixRow
from mongcai_portal.common.api.fields import LocalName, PlainDecimal, ValueField
from mongcai_portal.common.models import Provenance


def _outdated_since(row: Attainment, context: dict[str, Any]) -> datetime | None:
    """Since when a result is older than it should be, by what the view gave as `late`."""
    late = context.get("late", {}).get((row.unit_id, row.period_id))
    return timezone.localtime(late.since) if late else None


class AttainmentSerializer(serializers.Serializer[Attainment]):
    """Whether a unit attains a set in a period, by computation; recognition is a separate legal act."""

    id = serializers.IntegerField(source="pk")
    unit = serializers.CharField(source="unit.uid")
    set = serializers.CharField(source="criteria_set.code")
    level = serializers.CharField(source="criteria_set.level.code")
    period = serializers.CharField(source="period.code")
    outcome = serializers.ChoiceField(Outcome.choices)
    criteria_met = serializers.IntegerField()
    criteria_total = serializers.IntegerField(help_text=_("Số tiêu chí áp dụng cho đơn vị."))
    indicators_met = serializers.IntegerField()
    indicators_total = serializers.IntegerField()
    rests_on_unverified = serializers.BooleanField(help_text=_("Có mức đạt chuẩn chưa đối chiếu với văn bản gốc."))
    rests_on_judgement = serializers.BooleanField(help_text=_("Có chỉ tiêu do phòng ban đánh giá vì chưa có mức."))
    illustrative = serializers.BooleanField(help_text=_("Tính từ số liệu minh họa."))
    computed_at = serializers.DateTimeField()
    data_up_to = serializers.DateTimeField(help_text=_("Thời điểm của số liệu mới nhất được tính."))
    outdated_since = serializers.SerializerMethodField(
        help_text=_("Kết quả chưa gồm số liệu được duyệt từ lúc này; null khi là mới nhất.")
    )
    explanation_url = serializers.SerializerMethodField()

    def get_outdated_since(self, row: Attainment) -> datetime | None:
        return _outdated_since(row, self.context)

    def get_explanation_url(self, row: Attainment) -> str:
        return f"/api/v1/attainment/{row.pk}/explanation/"


class SignatureSerializer(serializers.Serializer[Any]):
    by = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)


class UsedNormSerializer(serializers.Serializer[Any]):
    """The norm row that decided."""

    value = ValueField()
    comparison = serializers.CharField()
    region = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    commune_group = serializers.CharField()
    decision = serializers.CharField(help_text=_("Văn bản quy định mức này."))
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()
    derived_from = serializers.CharField(
        allow_null=True, help_text=_("Bộ tiêu chí và chỉ tiêu mà mức này suy ra từ đó.")
    )


class PartOutcomeSerializer(serializers.Serializer[Any]):
    """One judged cell."""

    part = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField()
    value = ValueField()
    reason = serializers.CharField()
    norm = UsedNormSerializer(allow_null=True)
    gap = PlainDecimal(allow_null=True, help_text=_("Khoảng cách đến mức đạt chuẩn; âm là còn thiếu."))
    outcome = serializers.ChoiceField(Outcome.choices)


class ExplainedIndicatorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    name_provenance = serializers.ChoiceField(Provenance.choices)
    decision = serializers.CharField()
    element = serializers.CharField()
    office = serializers.CharField()
    outcome = serializers.ChoiceField(Outcome.choices)
    judged = serializers.BooleanField(help_text=_("Kết quả là đánh giá của phòng ban."))
    unverified = serializers.BooleanField()
    rests_on_unverified = serializers.BooleanField(source="unverified")
    rests_on_judgement = serializers.BooleanField(source="judged")
    parts = PartOutcomeSerializer(many=True)
    entered = SignatureSerializer()
    verified = SignatureSerializer()
    note = serializers.CharField()


class ExplainedCriterionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    outcome = serializers.ChoiceField(Outcome.choices)
    judged = serializers.BooleanField()
    unverified = serializers.BooleanField()
    rests_on_unverified = serializers.BooleanField(source="unverified")
    rests_on_judgement = serializers.BooleanField(source="judged")
    indicators = ExplainedIndicatorSerializer(many=True)


class AttainmentExplanationSerializer(serializers.Serializer[Explanation]):
    """The rules run again in front of the reader, criterion by criterion."""

    unit = serializers.CharField()
    set = serializers.CharField()
    level = serializers.CharField()
    period = serializers.CharField()
    report = serializers.IntegerField()
    revision = serializers.IntegerField()
    illustrative = serializers.BooleanField()
    rests_on_unverified = serializers.BooleanField()
    rests_on_judgement = serializers.BooleanField()
    outcome = serializers.ChoiceField(Outcome.choices)
    prerequisite_outcome = serializers.ChoiceField(
        Outcome.choices, allow_null=True, help_text=_("Kết quả ở mức phải đạt trước.")
    )
    agrees_with_stored = serializers.BooleanField(help_text=_("Kết quả tính lại trùng với kết quả đã lưu."))
    submitted = SignatureSerializer()
    approved = SignatureSerializer()
    computed_at = serializers.DateTimeField(allow_null=True)
    data_up_to = serializers.DateTimeField(allow_null=True)
    criteria = ExplainedCriterionSerializer(many=True)


class MatrixCriterionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = LocalName()


class CriterionMarksSerializer(serializers.Serializer[Any]):
    """What the outcome of a criterion rests on."""

    rests_on_unverified = serializers.BooleanField(source="unverified")
    rests_on_judgement = serializers.BooleanField(source="judged")


class MatrixRowSerializer(serializers.Serializer[MatrixRow]):
    unit = serializers.CharField(source="uid")
    name = serializers.SerializerMethodField()
    attainment = serializers.IntegerField(source="attainment.pk")
    outcome = serializers.ChoiceField(Outcome.choices, source="attainment.outcome")
    criteria_met = serializers.IntegerField(source="attainment.criteria_met")
    criteria_total = serializers.IntegerField(source="attainment.criteria_total")
    criteria = serializers.DictField(
        source="outcomes", child=serializers.ChoiceField(Outcome.choices), help_text=_("Kết quả theo số tiêu chí.")
    )
    rests_on_unverified = serializers.BooleanField(source="attainment.rests_on_unverified")
    rests_on_judgement = serializers.BooleanField(source="attainment.rests_on_judgement")
    illustrative = serializers.BooleanField(source="attainment.illustrative")
    criteria_marks = serializers.DictField(
        source="marks",
        child=CriterionMarksSerializer(),
        help_text=_("Kết quả dựa trên gì, theo số tiêu chí; tiêu chí không có trong đây thì chắc chắn."),
    )
    outdated_since = serializers.SerializerMethodField(
        help_text=_("Kết quả chưa gồm số liệu được duyệt từ lúc này; null khi là mới nhất.")
    )

    def get_outdated_since(self, row: MatrixRow) -> datetime | None:
        return _outdated_since(row.attainment, self.context)

    def get_name(self, row: MatrixRow) -> str:
        return LocalName().to_representation(row.version) if row.version else row.uid


class MatrixSerializer(serializers.Serializer[Matrix]):
    """Units × criteria."""

    set = serializers.CharField(source="criteria_set.code")
    period = serializers.CharField(source="period.code")
    criteria = MatrixCriterionSerializer(many=True)
    units = MatrixRowSerializer(many=True, source="rows")


class RecognitionSerializer(serializers.Serializer[Recognition]):
    """A legal act; an unknown decision number is empty."""

    id = serializers.IntegerField(source="pk")
    unit = serializers.CharField(source="unit.uid")
    level = serializers.CharField(source="level.code")
    level_name = LocalName(source="level")
    phase = serializers.CharField(source="level.phase")
    decision_number = serializers.CharField()
    decided_on = serializers.DateField()
    date_precision = serializers.ChoiceField(
        Recognition.Precision.choices, help_text=_("year: nguồn chỉ nêu năm, decided_on là ngày cuối năm đó.")
    )
    signer = serializers.CharField()
    expires_on = serializers.DateField(allow_null=True)
    withdrawn_on = serializers.DateField(allow_null=True)
    withdrawal_decision = serializers.CharField()
    withdrawal_reason = serializers.CharField()
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()
    note = serializers.CharField()
