"""Long work as other systems follow it: how far it is, and what came of it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from indicators.api.headings import HEADINGS
from indicators.presenters.jobs import error_words
from indicators.selectors.jobs import jobs_seen
from mongcai_portal.common.api.fields import Computed
from mongcai_portal.common.jobs import label_of
from mongcai_portal.common.models import Job


class ProgressSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True, help_text=_("null khi chưa biết."))


class JobErrorSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class JobSerializer(serializers.ModelSerializer[Job]):
    """One piece of long work."""

    label = serializers.SerializerMethodField()
    progress = ProgressSerializer(source="*")
    error = Computed(members=JobErrorSerializer().fields)
    result = serializers.DictField(help_text=_("Kết quả khi đã xong; nội dung tùy loại việc."))
    asked_by = serializers.CharField(help_text=_("Rỗng khi do lịch chạy yêu cầu."))

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "label",
            "state",
            "progress",
            "attempts",
            "result",
            "error",
            "asked_by",
            "asked_at",
            "started_at",
            "finished_at",
        )
        read_only_fields = fields

    @extend_schema_field(str)
    def get_label(self, row: Job) -> str:
        return label_of(row.kind)

    @extend_schema_field(JobErrorSerializer(allow_null=True))
    def get_error(self, row: Job) -> dict[str, str] | None:
        return {"code": row.error, "detail": error_words(row.error)} if row.error else None


class JobFilter(django_filters.FilterSet):
    kind = django_filters.CharFilter(label=_("Mã loại việc."))
    state = django_filters.ChoiceFilter(choices=Job.State.choices, label=_("Trạng thái."))

    class Meta:
        model = Job
        fields = ("kind", "state")


@extend_schema_view(
    list=extend_schema(
        summary=_("Các công việc dài chạy nền"),
        description=_("Mới nhất trước. Việc đã kết thúc được giữ một thời gian rồi xóa."),
        responses=JobSerializer(many=True),
    ),
    retrieve=extend_schema(
        summary=_("Một công việc dài: trạng thái, tiến độ, kết quả, lỗi"),
        description=_("Một việc gặp lỗi mà còn được chạy lại có state là waiting và error là lỗi lần trước."),
        responses=JobSerializer,
    ),
)
class JobViewSet(ScopedViewSet):
    """`jobs/` and `jobs/{id}/`."""

    headings = HEADINGS
    required_permission = "jobs.view"
    queryset = Job.objects.none()
    filterset_class = JobFilter
    page_order = ("-pk",)
    lookup_value_regex = r"[0-9]{1,18}"
    serializer_class = JobSerializer

    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(jobs_seen()))

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.one(jobs_seen().get(pk=int(pk)))
