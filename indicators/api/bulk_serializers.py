"""How values of many reports are sent and answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from indicators.api.report_serializers import ValueItemSerializer


class BulkRowSerializer(ValueItemSerializer):
    """One row; for the schema only, the engine of the form reads it."""

    unit = serializers.CharField(help_text=_("uid của xã."))
    period = serializers.CharField(help_text=_("Mã kỳ báo cáo, ví dụ 2023."))


class RejectedSerializer(serializers.Serializer[Any]):
    """One thing that is wrong with a row."""

    row = serializers.IntegerField(help_text=_("Dòng thứ mấy, dòng đầu là 0."))
    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class BulkAnswerSerializer(serializers.Serializer[Any]):
    """What became of the rows; every row counts once."""

    created = serializers.IntegerField(help_text=_("Số dòng ghi số liệu chưa có."))
    updated = serializers.IntegerField(help_text=_("Số dòng đổi số liệu đã có."))
    unchanged = serializers.IntegerField(help_text=_("Số dòng đã đúng như vậy từ trước."))
    rejected = RejectedSerializer(many=True, help_text=_("Mọi lỗi của các dòng không được ghi."))
