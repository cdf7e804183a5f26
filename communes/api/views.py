"""Units, groups and offices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.filters import UnitFilter
from communes.api.headings import HEADINGS
from communes.api.serializers import OfficeSerializer, UnitDetailSerializer, UnitGroupSerializer, UnitSerializer
from communes.models import Office, UnitGroup, UnitVersion
from communes.selectors.directory import UnitCard, cards, groups_on, unit_by_uid, versions_on


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

    headings = HEADINGS
    required_permission = "units.view"
    query_params = {"list": ("as_of",), "retrieve": ("as_of",)}
    queryset = UnitVersion.objects.none()
    filterset_class = UnitFilter
    page_order = ("sort_key", "unit__uid")
    lookup_field = "uid"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    orderings = {"name": page_order, "uid": ("unit__uid",)}
    serializer_class = UnitSerializer
    serializer_classes = {"retrieve": UnitDetailSerializer}

    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(versions_on(self.as_of, self.scope)), described=self._cards)

    def retrieve(self, request: Request, uid: str) -> Response:
        (described,) = cards([unit_by_uid(uid, self.scope)], self.as_of, self.asked.wants)
        return self.one(described)

    def _cards(self, page: list[UnitVersion]) -> list[UnitCard]:
        return cards([version.unit for version in page], self.as_of, self.asked.wants)


@extend_schema_view(
    list=extend_schema(
        summary=_("Các nhóm đơn vị trong một ngày"),
        description=_("Nhóm có tên và có thời hạn: mẫu số của các tỷ lệ được công bố."),
        responses=UnitGroupSerializer(many=True),
    )
)
class UnitGroupViewSet(ScopedViewSet):
    """`unit-groups/`."""

    headings = HEADINGS
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

    headings = HEADINGS
    required_permission = "criteria.view"
    queryset = Office.objects.none()
    page_order = ("sort_key", "code")
    serializer_class = OfficeSerializer
    filter_backends = []

    def list(self, request: Request) -> Response:
        return self.page(Office.objects.all())
