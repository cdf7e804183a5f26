"""Units, groups and offices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.filters import UnitFilter
from communes.api.serializers import OfficeSerializer, UnitDetailSerializer, UnitGroupSerializer, UnitSerializer
from communes.models import Office, Unit, UnitGroup
from communes.selectors.directory import card, cards, groups_on, unit_by_uid, units_on


@extend_schema_view(
    list=extend_schema(
        summary=_("Các đơn vị trong một ngày"),
        description=_(
            "Các đơn vị tồn tại trong ngày xem và thuộc phạm vi của tài khoản, theo thứ tự tên. Mã hành chính được "
            "dùng lại qua các lần sắp xếp: hãy nhận ra đơn vị bằng uid."
        ),
        responses=UnitSerializer(many=True),
    ),
    retrieve=extend_schema(
        summary=_("Một đơn vị và lịch sử của nó"),
        description=_("Cũng trả lời về đơn vị đã hết hoặc chưa có trong ngày xem: khi đó in_force là false."),
        responses=UnitDetailSerializer,
    ),
)
class UnitViewSet(ScopedViewSet):
    """`units/` and `units/{uid}/`."""

    required_permission = "units.view"
    query_params = {"list": ("as_of",), "retrieve": ("as_of",)}
    queryset = Unit.objects.none()
    filterset_class = UnitFilter
    page_order = ("sort_key", "uid")
    lookup_field = "uid"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    serializer_class = UnitSerializer

    def get_serializer_class(self) -> type[UnitSerializer]:
        return UnitDetailSerializer if self.action == "retrieve" else UnitSerializer

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(units_on(self.as_of, self.scope)))
        return self.get_paginated_response(self.get_serializer(cards(page, self.as_of), many=True).data)

    def retrieve(self, request: Request, uid: str) -> Response:
        return self.one(card(unit_by_uid(uid, self.as_of, self.scope), self.as_of))


@extend_schema_view(
    list=extend_schema(
        summary=_("Các nhóm đơn vị trong một ngày"),
        description=_("Nhóm có tên và có thời hạn: mẫu số của các tỷ lệ được công bố."),
        responses=UnitGroupSerializer(many=True),
    )
)
class UnitGroupViewSet(ScopedViewSet):
    """`unit-groups/`."""

    required_permission = "units.view"
    query_params = {"list": ("as_of",)}
    queryset = UnitGroup.objects.none()
    page_order = ("code",)
    serializer_class = UnitGroupSerializer
    filter_backends = []

    def list(self, request: Request) -> Response:
        return self.page(groups_on(self.as_of))


@extend_schema_view(
    list=extend_schema(summary=_("Các phòng ban thẩm định"), responses=OfficeSerializer(many=True)),
)
class OfficeViewSet(ScopedViewSet):
    """`offices/`."""

    required_permission = "criteria.view"
    queryset = Office.objects.none()
    page_order = ("sort_key", "code")
    serializer_class = OfficeSerializer
    filter_backends = []

    def list(self, request: Request) -> Response:
        return self.page(Office.objects.all())
