"""How counts of households are written for systems that may not see households."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from communes.selectors.poverty_changes import SIDES
from communes.selectors.poverty_published import CLASSES, StatisticsRow
from mongcai_portal.common.api.fields import LocalName


class StatisticsSerializer(serializers.Serializer[StatisticsRow]):
    """How many households of a unit are of a class under a standard at the end of a year."""

    year = serializers.IntegerField()
    as_of = serializers.DateField(help_text=_("Ngày của số đếm: ngày cuối năm, của năm nay là hôm nay."))
    standard = serializers.CharField(help_text=_("Mã chuẩn nghèo."))
    unit = serializers.CharField(allow_null=True, help_text=_("uid của đơn vị; null: mọi đơn vị."))
    unit_name = LocalName(source="name", default=None, allow_null=True)
    status = serializers.ChoiceField(
        CLASSES, help_text=_("poor, near_poor, others: các hộ còn lại, kể cả hộ chưa xác định; total: mọi hộ.")
    )
    households = serializers.IntegerField(allow_null=True, help_text=_("null: không công bố."))
    suppressed = serializers.BooleanField(
        help_text=_("Không công bố, để không ai nhận ra hộ nào từ số nhỏ hay từ phép trừ.")
    )
    outdated_since = serializers.DateTimeField(
        allow_null=True, help_text=_("Số đếm chưa gồm thay đổi trong sổ hộ từ lúc này; null khi là mới nhất.")
    )


class FlowSerializer(serializers.Serializer[Any]):
    """How many households of a unit were of one class on a day and are of another on a later one."""

    standard = serializers.CharField(help_text=_("Mã chuẩn nghèo."))
    opening = serializers.DateField(help_text=_("Đầu kỳ: tình trạng vào hết ngày này."))
    closing = serializers.DateField(help_text=_("Cuối kỳ: tình trạng vào hết ngày này."))
    unit = serializers.CharField(allow_null=True, help_text=_("uid của đơn vị; null: mọi đơn vị."))
    unit_name = LocalName(source="name", default=None, allow_null=True)
    before = serializers.ChoiceField(
        SIDES,
        help_text=_("Loại hộ ở đầu kỳ: poor, near_poor, others (hộ khác trong sổ), absent (ngoài sổ hoặc đơn vị)."),
    )
    after = serializers.ChoiceField(SIDES, help_text=_("Loại hộ ở cuối kỳ."))
    households = serializers.IntegerField(allow_null=True, help_text=_("null: không công bố."))
    suppressed = serializers.BooleanField(
        help_text=_("Không công bố, để không ai nhận ra hộ nào từ số nhỏ hay từ phép trừ.")
    )
    outdated_since = serializers.DateTimeField(
        allow_null=True,
        help_text=_(
            "Số đếm mà việc công bố dựa vào chưa gồm thay đổi trong sổ hộ từ lúc này; null khi là mới nhất, hoặc khi "
            "người gọi phụ trách hộ của đơn vị: số của họ đếm thẳng từ sổ hộ."
        ),
    )


class FlowChartSerializer(serializers.Serializer[Any]):
    """The chart of changes between classes as numbers: what it is called, and the rows that it draws."""

    title = serializers.CharField(help_text=_("Tên của hình, theo ngôn ngữ được yêu cầu."))
    rows = FlowSerializer(many=True)
