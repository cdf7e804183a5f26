"""Reports: read, opened, filled and moved through the same services as the pages."""

from __future__ import annotations

from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.filters import KeyFilter
from communes.models import Office, Unit
from communes.scope import scope_of
from indicators.api.headings import HEADINGS, MEASURED
from indicators.api.report_serializers import (
    ElementValueSerializer,
    MoveSerializer,
    OpenReportSerializer,
    ReopenSerializer,
    ReportDetailSerializer,
    ReportSerializer,
    SendBackSerializer,
    ValueItemSerializer,
    ValuesSavedSerializer,
    VerifySerializer,
)
from indicators.models import Period, Report
from indicators.selectors.register_rows import knows_register
from indicators.selectors.reporting import report_cards, reports_seen, values_of, verdicts_of, waiting_for
from indicators.selectors.versions import report_version
from indicators.services import reports, verification
from indicators.services.items import save_items
from indicators.services.opening import open_report_by_keys
from mongcai_portal.common.api.conditions import ConditionalWrites
from mongcai_portal.common.errors import Fault, Invalid


def units_seen(request: Any) -> QuerySet[Unit]:
    return Unit.objects.visible_to(scope_of(request.user)) if request is not None else Unit.objects.none()


class ReportFilter(django_filters.FilterSet):
    unit = KeyFilter(units_seen, "uid", field_name="unit", label=_("uid của đơn vị."))
    period = KeyFilter(Period.objects.all(), field_name="period", label=_("Mã kỳ báo cáo."))
    status = django_filters.ChoiceFilter(choices=Report.Status.choices, label=_("Trạng thái của lần lập hiện hành."))
    office = KeyFilter(
        Office.objects.all(),
        method="waits",
        label=_("Mã phòng ban: các báo cáo còn số liệu chờ phòng ban đó thẩm định."),
    )

    class Meta:
        model = Report
        fields = ("unit", "period", "status")

    @extend_schema_field(OpenApiTypes.STR)
    def waits(self, queryset: QuerySet[Report], name: str, value: Office) -> QuerySet[Report]:
        return waiting_for(queryset, value)


def _moved(faults: Any, place: dict[str, str]) -> Invalid:
    """Point a service's faults, which name elements (`/code`), at the members of the body that named them."""
    return Invalid(
        Fault(place.get(fault.pointer.lstrip("/"), fault.pointer), fault.code, fault.message) for fault in faults
    )


@extend_schema_view(
    list=extend_schema(
        summary=_("Các báo cáo"),
        description=_("Báo cáo thuộc phạm vi của tài khoản, mới nhất trước."),
        responses=ReportSerializer(many=True),
    ),
    retrieve=extend_schema(summary=_("Một báo cáo và ý kiến thẩm định từng số liệu"), responses=ReportDetailSerializer),
    create=extend_schema(
        summary=_("Mở báo cáo của một xã cho một kỳ"),
        request=OpenReportSerializer,
        responses={201: ReportDetailSerializer},
        examples=[OpenApiExample("2023", {"unit": "hai-son", "period": "2023"}, request_only=True)],
    ),
)
class ReportViewSet(ConditionalWrites, ScopedViewSet):
    """`reports/` and `reports/{id}/` with values and moves."""

    headings = HEADINGS
    required_permission = "reports.view"
    query_params = {"values": ("revision",)}
    conditional = frozenset({"values", "submit", "verify", "send_back", "approve", "reopen"})
    queryset = Report.objects.none()
    filterset_class = ReportFilter
    page_order = ("-pk",)
    lookup_value_regex = r"[0-9]{1,18}"
    orderings = {"id": ("pk",), "due_on": ("period__due_on", "pk"), "unit": ("unit__uid", "pk")}
    action_headings = {"values": MEASURED}
    list_actions = ("list", "values")
    serializer_class = ReportDetailSerializer
    serializer_classes = {"list": ReportSerializer, "values": ElementValueSerializer}

    def list(self, request: Request) -> Response:
        rows = reports_seen(self.scope, counted=self.asked.wants("elements"))
        return self.page(self.filter_queryset(rows), described=partial(report_cards, shown=self.asked.wants))

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._detail(int(pk))

    def create(self, request: Request) -> Response:
        asked = self._body(OpenReportSerializer)
        report = open_report_by_keys(by=request.user, unit=asked["unit"], period=asked["period"])
        answer = self._detail(report.pk, status=201)
        answer["Location"] = f"{request.path}{report.pk}/"
        return answer

    @extend_schema(
        methods=["GET"],
        summary=_("Số liệu của một báo cáo"),
        description=_(
            "Mọi số liệu được hỏi, theo thứ tự của biểu. not_entered, no_data, not_applicable và số 0 là bốn điều khác "
            "nhau. Lần lập cũ vẫn đọc được bằng revision."
        ),
        responses=ElementValueSerializer(many=True),
        filters=False,
    )
    @extend_schema(
        methods=["PUT"],
        summary=_("Ghi số liệu: tất cả hoặc không gì cả"),
        description=_(
            "Chỉ động đến các số liệu được nêu. Mọi lỗi được nêu cùng lúc, ví dụ tại /0/element, /1/value/male."
        ),
        request=ValueItemSerializer(many=True),
        responses=ValuesSavedSerializer,
        parameters=[],
    )
    @action(detail=True, methods=["get", "put"], url_path="values", filter_backends=[])
    def values(self, request: Request, pk: str) -> Response:
        if request.method == "PUT":
            return self._save(int(pk))
        self.version = report_version(int(pk))
        report = reports_seen(self.scope).get(pk=int(pk))
        return self.page(values_of(report, revision=self._revision(), exact=knows_register(self.scope, report)))

    @extend_schema(summary=_("Trình báo cáo"), request=MoveSerializer, responses=ReportDetailSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        reports.submit(by=request.user, report_id=int(pk), lock=self._body(MoveSerializer)["lock"], seen=self.seen())
        return self._detail(int(pk))

    @extend_schema(
        summary=_("Thẩm định"),
        description=_("Báo cáo thành đã thẩm định khi không còn số liệu nào chờ hoặc bị trả lại."),
        request=VerifySerializer,
        responses=ReportDetailSerializer,
        examples=[
            OpenApiExample("all of the office", {}, request_only=True),
            OpenApiExample(
                "with a judgement",
                {
                    "elements": ["village_inter_village_roads_hardened_passable"],
                    "judgements": {"village_inter_village_roads_hardened_passable": "met"},
                },
                request_only=True,
            ),
        ],
    )
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        asked = self._body(VerifySerializer)
        place = {code: f"/judgements/{code}" for code in asked["judgements"]}
        place |= {code: f"/elements/{position}" for position, code in enumerate(asked["elements"] or ())}
        try:
            verification.verify(by=request.user, report_id=int(pk), seen=self.seen(), **asked)
        except Invalid as error:
            raise _moved(error.faults, place) from error
        return self._detail(int(pk))

    @extend_schema(
        summary=_("Trả lại số liệu, mỗi số liệu một lý do"),
        description=_("Ý kiến của các phòng ban khác được giữ nguyên."),
        request=SendBackSerializer,
        responses=ReportDetailSerializer,
        examples=[
            OpenApiExample(
                "one element",
                {
                    "elements": [
                        {"element": "health_insurance_coverage_men_women", "reason": "Chưa khớp số của Bảo hiểm xã hội"}
                    ]
                },
                request_only=True,
            )
        ],
    )
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        asked = self._body(SendBackSerializer)
        returns = {one["element"]: one["reason"] for one in asked["elements"]}
        place = {one["element"]: f"/elements/{position}" for position, one in enumerate(asked["elements"])}
        try:
            verification.send_back(
                by=request.user, report_id=int(pk), returns=returns, lock=asked["lock"], seen=self.seen()
            )
        except Invalid as error:
            raise _moved(error.faults, place) from error
        return self._detail(int(pk))

    @extend_schema(
        summary=_("Phê duyệt"),
        description=_("Kết quả đạt chuẩn được tính lại ngay sau đó, ở nền. Người trình không được phê duyệt."),
        request=MoveSerializer,
        responses=ReportDetailSerializer,
    )
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        reports.approve(by=request.user, report_id=int(pk), lock=self._body(MoveSerializer)["lock"], seen=self.seen())
        return self._detail(int(pk))

    @extend_schema(
        summary=_("Mở lại báo cáo đã duyệt"),
        description=_("Tạo một lần lập mới; lần đã duyệt vẫn được tính cho đến khi lần mới được duyệt."),
        request=ReopenSerializer,
        responses=ReportDetailSerializer,
        examples=[OpenApiExample("reason", {"reason": "Sửa số hộ theo kết quả rà soát"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        reports.reopen(by=request.user, report_id=int(pk), seen=self.seen(), **self._body(ReopenSerializer))
        return self._detail(int(pk))

    def _body(self, serializer_class: Any) -> dict[str, Any]:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _detail(self, pk: int, status: int = 200) -> Response:
        # Read before what it stands for: at worst it is too old, and the next write is told so.
        self.version = report_version(pk)
        report = reports_seen(self.scope, counted=self.asked.wants("elements")).get(pk=pk)
        (card,) = report_cards([report], self.asked.wants)
        return self.one(card, status=status, verdicts=verdicts_of(report) if self.asked.wants("verdicts") else ())

    def _revision(self) -> int | None:
        text = self.request.query_params.get("revision")
        if text is None:
            return None
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0

    def _save(self, pk: int) -> Response:
        items = self.request.data
        if not isinstance(items, list):
            raise Invalid([Fault("", "wrong_type", _("Nội dung gửi lên là một danh sách."))])
        result = save_items(by=self.request.user, report_id=pk, items=items, seen=self.seen())
        # As this write left it: what others wrote since is not in the answer either.
        self.version = result.version
        report = reports_seen(self.scope).get(pk=pk)
        unchanged = sum(cell.unchanged for cell in result.saved)
        answer = {
            "changed": len(result.saved) - unchanged,
            "unchanged": unchanged,
            "results": values_of(report, only={cell.element for cell in result.saved}),
        }
        return Response(ValuesSavedSerializer(answer).data)
