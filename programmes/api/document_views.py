"""`documents/`: period reports, their figures and their Word files."""

from __future__ import annotations

from typing import Any

import django_filters
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.filters import KeyFilter
from communes.models import Unit
from mongcai_portal.common.contents import KINDS
from mongcai_portal.common.files import serve_file
from programmes.api.document_serializers import PeriodReportDetailSerializer, PeriodReportSerializer
from programmes.api.headings import DOCUMENT_HEADINGS
from programmes.models import PeriodReport
from programmes.selectors.documents import report_seen, report_version, reports_for
from programmes.services.document_files import document_of, file_name

WORD = KINDS["docx"].media_type


class PeriodReportFilter(django_filters.FilterSet):
    """By area, and by status for those who see more than published ones."""

    area = KeyFilter(Unit.objects.all(), "uid", field_name="area", label=_("uid của địa bàn."))
    status = django_filters.ChoiceFilter(choices=PeriodReport.Status.choices, label=_("Tình trạng."))

    class Meta:
        model = PeriodReport
        fields = ("area", "status")


@extend_schema_view(
    list=extend_schema(
        summary=_("Các báo cáo giai đoạn"),
        description=_("Báo cáo đã phát hành; người soạn thấy cả bản nháp và báo cáo đã thu hồi."),
        responses=PeriodReportSerializer(many=True),
    ),
    retrieve=extend_schema(
        summary=_("Một báo cáo với mọi con số của nó"),
        description=_("Con số của báo cáo đã phát hành là số của ngày phát hành, dù số liệu trên cổng đã thay đổi."),
        responses=PeriodReportDetailSerializer,
    ),
)
class PeriodReportViewSet(ScopedViewSet):
    """`documents/`, `documents/{id}/` and its file."""

    headings = DOCUMENT_HEADINGS
    required_permission = "documents.view"
    queryset = PeriodReport.objects.none()
    filterset_class = PeriodReportFilter
    page_order = ("-until", "-pk")
    file_actions = ("file",)
    serializer_class = PeriodReportSerializer
    serializer_classes = {"retrieve": PeriodReportDetailSerializer}
    lookup_value_regex = r"[0-9]{1,18}"

    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(reports_for(self.scope)))  # type: ignore[no-any-return]

    def retrieve(self, request: Request, pk: str) -> Response:
        report = self._report(pk)
        self.version = report_version(report)
        return self.one(report)

    @extend_schema(
        summary=_("Tệp Word của báo cáo"),
        description=_("Của báo cáo đã phát hành là đúng tệp được giữ lúc phát hành (sha256)."),
        responses={(200, WORD): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def file(self, request: Request, pk: str) -> HttpResponseBase:
        report = self._report(pk)
        if report.status != PeriodReport.Status.DRAFT:
            return self._known_by(f'"{report.document.sha256}"', serve_file(report.document, inline=False))
        answer = HttpResponse(document_of(report), content_type=WORD)
        answer["Content-Disposition"] = content_disposition_header(True, f"{file_name(report)}.docx")
        return self._known_by(f'"{report_version(report)}"', answer)

    def _report(self, pk: str) -> Any:
        try:
            return report_seen(self.scope, int(pk))
        except PeriodReport.DoesNotExist:
            raise NotFound(gettext("Không có báo cáo này.")) from None
