"""Period reports as the API writes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from programmes.models import PeriodReport
from programmes.reports.registry import Figure
from programmes.reports.snapshot import figures_of, late_in

PATH = "/api/v1/documents"


class FigureSerializer(serializers.Serializer[Figure]):
    """A figure of a report, as it stands in it."""

    key = serializers.CharField(help_text=_("Khóa không đổi; của con số chủ yếu là mã của nó."))
    label = serializers.CharField()
    text = serializers.CharField(help_text=_("Như viết trong báo cáo, trong ngôn ngữ được yêu cầu."))
    unit = serializers.CharField(help_text=_("uid của xã; trống: của cả địa bàn."))


class PeriodReportSerializer(serializers.Serializer[PeriodReport]):
    """A report of the list."""

    id = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    area = serializers.CharField(source="area.uid", help_text=_("uid của địa bàn."))
    since = serializers.DateField(help_text=_("Ngày đầu kỳ."))
    until = serializers.DateField(help_text=_("Ngày cuối kỳ."))
    status = serializers.ChoiceField(PeriodReport.Status.choices)
    number = serializers.CharField(help_text=_("Số, ký hiệu; trống khi chưa ghi."))
    issued_on = serializers.DateField(allow_null=True)
    figures_taken_at = serializers.DateTimeField(source="refreshed_at")
    published_at = serializers.DateTimeField(allow_null=True)
    published_by = serializers.CharField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    sha256 = serializers.SerializerMethodField(help_text=_("Của tệp Word đã phát hành; trống khi còn là bản nháp."))
    file_url = serializers.SerializerMethodField(help_text=_("Địa chỉ của tệp Word."))

    def get_sha256(self, row: PeriodReport) -> str:
        return row.document.sha256 if row.status != PeriodReport.Status.DRAFT else ""

    def get_file_url(self, row: PeriodReport) -> str:
        return f"{PATH}/{row.pk}/file/"


class PeriodReportDetailSerializer(PeriodReportSerializer):
    """One report with every figure that it states."""

    figures = serializers.SerializerMethodField()
    outdated = serializers.SerializerMethodField(
        help_text=_("Con số nào chưa gồm số liệu được duyệt mới nhất khi lấy số, theo tên gọi.")
    )

    @extend_schema_field(FigureSerializer(many=True))
    def get_figures(self, row: PeriodReport) -> list[dict[str, Any]]:
        return list(FigureSerializer(list(figures_of(row.figures).values()), many=True).data)

    def get_outdated(self, row: PeriodReport) -> list[str]:
        return list(late_in(row.figures))
