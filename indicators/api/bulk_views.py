"""Values of many reports in one call."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.api.bulk_serializers import BulkAnswerSerializer, BulkRowSerializer
from indicators.models import ReportedValue
from indicators.services.bulk import BulkAnswer, save_bulk
from mongcai_portal.common.api.conditions import flag_asked
from mongcai_portal.common.api.problems import refusal
from mongcai_portal.common.api.views import PortalViewSet
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.idempotency import HEADER, key_of

REPLAYED = "Idempotent-Replayed"


class ReportedValueViewSet(PortalViewSet):
    """`reported-values/bulk/`."""

    required_permission = "reports.edit"
    query_params = {"bulk": ("partial", "dry_run")}
    keyed = frozenset({"bulk"})
    queryset = ReportedValue.objects.none()
    serializer_class = BulkAnswerSerializer

    @extend_schema(
        summary=_("Ghi số liệu của nhiều báo cáo cùng lúc"),
        description=_(
            "Nhiều nhất 10.000 dòng. Kiểm tra như khi nhập vào biểu: phạm vi, quyền, trạng thái báo cáo, giá trị. Có "
            "dòng lỗi thì không ghi dòng nào, trừ khi partial=true. dry_run=true kiểm tra và trả lời như thật nhưng "
            "không ghi gì, và không cần Idempotency-Key. Gửi lại cùng mã và cùng nội dung thì nhận câu trả lời đầu "
            "tiên (kèm Idempotent-Replayed: true) và không ghi gì thêm; câu trả lời được giữ 7 ngày. Lời gọi cùng mã "
            "đang được xử lý thì lời gọi sau chờ. Báo cáo phải được mở trước."
        ),
        request=BulkRowSerializer(many=True),
        responses=BulkAnswerSerializer,
        examples=[
            # Of one row; the schema puts it into a list.
            OpenApiExample(
                "not applicable",
                {
                    "unit": "hai-dong",
                    "period": "2023",
                    "element": "main_field_roads_allowing_goods_transport",
                    "state": "not_applicable",
                    "reason": "Xã đảo không có đường nội đồng",
                },
                request_only=True,
            ),
        ],
    )
    @action(detail=False, methods=["post"], filter_backends=[], pagination_class=None)
    def bulk(self, request: Request) -> Response:
        dry_run, partial = flag_asked(request, "dry_run"), flag_asked(request, "partial")
        # A rehearsal leaves nothing behind that could be repeated.
        key = "" if dry_run else key_of(request.headers.get(HEADER))
        rows = request.data
        if not isinstance(rows, list):
            raise Invalid([Fault("", "wrong_type", gettext("Nội dung gửi lên là một danh sách."))])
        result = save_bulk(by=request.user, rows=rows, partial=partial, dry_run=dry_run, key=key)
        answer = self._refused(result) if result.refused else Response(BulkAnswerSerializer(result).data)
        if result.replayed:
            answer[REPLAYED] = "true"
        return answer  # type: ignore[return-value]  # a refusal is a plain answer of Django

    @staticmethod
    def _refused(result: BulkAnswer) -> object:
        faults = [Fault(one["pointer"], one["code"], one["detail"]) for one in result.rejected]
        rows = len({one["row"] for one in result.rejected})
        detail = gettext("%(n)s dòng có lỗi nên không dòng nào được ghi.") % {"n": rows}
        return refusal(
            400,
            "invalid",
            gettext("Dữ liệu gửi lên có lỗi"),
            detail,
            faults,
            **BulkAnswerSerializer(result).data,
        )
