"""Criteria sets and data elements."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.filters import KeyFilter
from communes.models import Office
from indicators.api.criteria_serializers import (
    CriteriaSetDetailSerializer,
    CriteriaSetSerializer,
    DataElementSerializer,
)
from indicators.api.headings import HEADINGS, MEASURED
from indicators.models import CriteriaSet, DataElement, IndicatorVersion, Level
from indicators.selectors.catalogue import (
    criteria_of,
    criteria_set_by_code,
    criteria_sets,
    data_elements,
    law_day,
    zone_rules,
)
from mongcai_portal.common.api.queries import day_asked


class CriteriaSetFilter(django_filters.FilterSet):
    level = KeyFilter(Level.objects.all(), field_name="level", label=_("Mã mức, ví dụ standard."))
    status = django_filters.ChoiceFilter(choices=CriteriaSet.Status.choices, label=_("Tình trạng."))

    class Meta:
        model = CriteriaSet
        fields = ("level", "status")


class DataElementFilter(django_filters.FilterSet):
    office = KeyFilter(Office.objects.all(), field_name="office", label=_("Mã phòng ban thẩm định."))
    set = KeyFilter(
        CriteriaSet.objects.all(), method="read_by", label=_("Mã bộ tiêu chí đọc số liệu này trong ngày xem.")
    )

    class Meta:
        model = DataElement
        fields = ("office",)

    @extend_schema_field(OpenApiTypes.STR)
    def read_by(self, queryset: QuerySet[DataElement], name: str, value: CriteriaSet) -> QuerySet[DataElement]:
        rows = IndicatorVersion.objects.in_force(day_asked(self.request))
        return queryset.filter(pk__in=rows.filter(indicator__criterion__criteria_set=value).values("element"))


@extend_schema_view(
    list=extend_schema(
        summary=_("Các bộ tiêu chí"),
        description=_("Không có as_of: mọi bộ tiêu chí; có as_of: các bộ còn hiệu lực trong ngày đó."),
        responses=CriteriaSetSerializer(many=True),
    ),
    retrieve=extend_schema(
        summary=_("Một bộ tiêu chí: tiêu chí, chỉ tiêu, mức đạt chuẩn"),
        description=_(
            "Phiên bản chỉ tiêu và mức đạt chuẩn có hiệu lực trong ngày xem, kèm văn bản và nguồn. Không có as_of: như "
            "hiện nay, hoặc như ngày cuối cùng bộ tiêu chí còn hiệu lực."
        ),
        responses=CriteriaSetDetailSerializer,
    ),
)
class CriteriaSetViewSet(ScopedViewSet):
    """`criteria-sets/` and `criteria-sets/{code}/`."""

    headings = HEADINGS
    required_permission = "criteria.view"
    query_params = {"list": ("as_of",), "retrieve": ("as_of",)}
    queryset = CriteriaSet.objects.none()
    filterset_class = CriteriaSetFilter
    page_order = ("first_year", "level__rank", "code")
    lookup_field = "code"
    lookup_value_regex = r"[-\w.]+"
    serializer_class = CriteriaSetSerializer
    serializer_classes = {"retrieve": CriteriaSetDetailSerializer}

    def list(self, request: Request) -> Response:
        day = self.as_of if "as_of" in request.query_params else None
        return self.page(self.filter_queryset(criteria_sets(day)))

    def retrieve(self, request: Request, code: str) -> Response:
        row = criteria_set_by_code(code)
        day = day_asked(request, default=law_day(row, timezone.localdate()))
        return self.one(row, day=day, criteria=criteria_of(row, day), zone_rules=zone_rules(row))


@extend_schema_view(
    list=extend_schema(
        summary=_("Các số liệu được hỏi"),
        description=_("Mỗi số liệu nhập một lần và được nhiều chỉ tiêu đọc, mỗi chỉ tiêu với mức đạt chuẩn của mình."),
        responses=DataElementSerializer(many=True),
    ),
    retrieve=extend_schema(summary=_("Một số liệu"), responses=DataElementSerializer),
)
class DataElementViewSet(ScopedViewSet):
    """`data-elements/` and `data-elements/{code}/`."""

    headings = MEASURED
    required_permission = "criteria.view"
    query_params = {"list": ("as_of",), "retrieve": ("as_of",)}
    queryset = DataElement.objects.none()
    filterset_class = DataElementFilter
    page_order = ("code",)
    lookup_field = "code"
    lookup_value_regex = r"[-\w.]+"
    serializer_class = DataElementSerializer

    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(data_elements(self.as_of)))

    def retrieve(self, request: Request, code: str) -> Response:
        return self.one(data_elements(self.as_of).get(code=code))
