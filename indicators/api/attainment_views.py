"""Attainment (computed) and recognitions (legal acts)."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.filters import KeyFilter
from indicators.api.attainment_serializers import (
    AttainmentExplanationSerializer,
    AttainmentSerializer,
    MatrixSerializer,
    RecognitionSerializer,
)
from indicators.api.explained import explained
from indicators.api.headings import HEADINGS
from indicators.api.report_views import units_seen
from indicators.models import Attainment, CriteriaSet, Level, Period, Recognition
from indicators.selectors.attainment import explain
from indicators.selectors.freshness import late_results
from indicators.selectors.matrix import attainment_seen, attainments, matrix_of, with_names
from mongcai_portal.common.errors import Fault, Invalid


class AttainmentFilter(django_filters.FilterSet):
    unit = KeyFilter(units_seen, "uid", field_name="unit", label=_("uid của đơn vị."))
    set = KeyFilter(CriteriaSet.objects.all(), field_name="criteria_set", label=_("Mã bộ tiêu chí."))
    level = KeyFilter(Level.objects.all(), field_name="criteria_set__level", label=_("Mã mức, ví dụ standard."))
    period = KeyFilter(
        Period.objects.all(), method="of_period", label=_("Mã kỳ; không có thì kỳ cuối cùng kết thúc đến ngày xem.")
    )

    class Meta:
        model = Attainment
        fields = ("unit",)

    @extend_schema_field(OpenApiTypes.STR)
    def of_period(self, queryset, name, value):  # type: ignore[no-untyped-def]
        return queryset.filter(period=value)


@extend_schema_view(
    list=extend_schema(
        summary=_("Kết quả đạt chuẩn, tính từ số liệu đã duyệt"),
        description=_(
            "Mỗi dòng một đơn vị, một bộ tiêu chí, một kỳ: kỳ đã duyệt cuối cùng đến ngày xem, hoặc kỳ được nêu."
        ),
        responses=AttainmentSerializer(many=True),
    ),
    retrieve=extend_schema(summary=_("Một kết quả đạt chuẩn"), responses=AttainmentSerializer),
)
class AttainmentViewSet(ScopedViewSet):
    """`attainment/`, its explanation and the matrix."""

    headings = HEADINGS
    required_permission = "attainment.view"
    query_params = {"list": ("as_of",), "matrix": ("set", "period")}
    required_params = {"matrix": ("set", "period")}
    queryset = Attainment.objects.none()
    filterset_class = AttainmentFilter
    page_order = ("unit__uid", "pk")
    lookup_value_regex = r"[0-9]{1,18}"
    orderings = {
        "unit": page_order,
        "computed_at": ("computed_at", "pk"),
        "criteria_met": ("criteria_met", "pk"),
    }
    serializer_class = AttainmentSerializer
    serializer_classes = {"explanation": AttainmentExplanationSerializer, "matrix": MatrixSerializer}

    def list(self, request: Request) -> Response:
        code = request.query_params.get("period")
        period = Period.objects.filter(code=code).first() if code else None
        rows = self.filter_queryset(attainments(self.scope, self.as_of, period))
        return self.page(rows, described=with_names, late=late_results())

    def retrieve(self, request: Request, pk: str) -> Response:
        return self.one(attainment_seen(self.scope, int(pk)), late=late_results())

    @extend_schema(
        summary=_("Vì sao: từng tiêu chí, từng chỉ tiêu"),
        description=_(
            "Giá trị, mức đạt chuẩn (văn bản, nguồn), khoảng cách, kết quả, ai nhập, ai thẩm định, ai duyệt và khi nào."
        ),
        responses=AttainmentExplanationSerializer,
    )
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def explanation(self, request: Request, pk: str) -> Response:
        row = attainment_seen(self.scope, int(pk))
        found = explain(row.unit_id, row.criteria_set.code, row.period.ends_on, period=row.period)
        if found is None:
            raise Attainment.DoesNotExist
        return self.one(explained(row, found))

    @extend_schema(
        summary=_("Ma trận đơn vị × tiêu chí"),
        description=_("Kết quả từng tiêu chí của mọi đơn vị trong phạm vi, cho một bộ tiêu chí và một kỳ."),
        responses=MatrixSerializer,
        filters=False,
    )
    @action(detail=False, methods=["get"], filter_backends=[], pagination_class=None)
    def matrix(self, request: Request) -> Response:
        criteria_set = CriteriaSet.objects.filter(code=request.query_params.get("set", "")).first()
        period = Period.objects.filter(code=request.query_params.get("period", "")).first()
        faults = []
        for name, found in (("set", criteria_set), ("period", period)):
            if found is None and not request.query_params.get(name):
                faults.append(Fault(f"/{name}", "required", gettext("Cần tham số này.")))
            elif found is None:
                faults.append(
                    Fault(f"/{name}", "invalid_choice", gettext("Không có mã này trong phạm vi của tài khoản."))
                )
        if criteria_set is None or period is None:
            raise Invalid(faults)
        return self.one(matrix_of(criteria_set, period, self.scope), late=late_results())


class RecognitionFilter(django_filters.FilterSet):
    unit = KeyFilter(units_seen, "uid", field_name="unit", label=_("uid của đơn vị."))
    level = KeyFilter(Level.objects.all(), field_name="level", label=_("Mã mức, ví dụ standard."))

    class Meta:
        model = Recognition
        fields = ("unit", "level")


@extend_schema_view(
    list=extend_schema(
        summary=_("Các quyết định công nhận còn hiệu lực trong ngày xem"),
        description=_("Quyết định đến ngày xem, chưa hết hạn và chưa bị thu hồi, bất kể được nhập vào cổng khi nào."),
        responses=RecognitionSerializer(many=True),
    )
)
class RecognitionViewSet(ScopedViewSet):
    """`recognitions/`."""

    headings = HEADINGS
    required_permission = "recognitions.view"
    query_params = {"list": ("as_of",)}
    queryset = Recognition.objects.none()
    filterset_class = RecognitionFilter
    page_order = ("decided_on", "pk")
    orderings = {"decided_on": page_order, "unit": ("unit__uid", "decided_on", "pk")}
    serializer_class = RecognitionSerializer

    def list(self, request: Request) -> Response:
        rows = Recognition.objects.visible_to(self.scope).in_force(self.as_of).select_related("unit", "level")
        return self.page(self.filter_queryset(rows))
