"""OCOP products on a day."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid
from programmes.api.headings import OCOP_HEADINGS
from programmes.api.ocop_serializers import OcopProductDetailSerializer, OcopProductSerializer
from programmes.models import OcopGroup, OcopProduct
from programmes.selectors.ocop import ASKED, OcopFilter, register_on
from programmes.selectors.ocop_pages import product_page, unit_of

FILTERS = ("unit", "group", "stars", "state", "q")
STARS = ("3", "4", "5")


@extend_schema_view(
    list=extend_schema(
        summary=_("Sản phẩm OCOP trong một ngày"),
        description=_(
            "Mỗi sản phẩm một dòng, theo quyết định công nhận mới nhất đến ngày xem. Số còn hiệu lực: "
            "state=live (gồm cả sắp hết hiệu lực); lũy kế: mọi dòng trừ state=never."
        ),
        responses=OcopProductSerializer(many=True),
    ),
    retrieve=extend_schema(
        summary=_("Một sản phẩm OCOP với các lần đánh giá và công nhận"), responses=OcopProductDetailSerializer
    ),
)
class OcopProductViewSet(ScopedViewSet):
    """`ocop-products/` and `ocop-products/{id}/`."""

    headings = OCOP_HEADINGS
    required_permission = Permission.OCOP_VIEW
    query_params = {"list": ("as_of", *FILTERS), "retrieve": ("as_of",)}
    own_params = {
        "unit": ({"type": "string", "example": "hai-dong"}, _("uid của đơn vị trong ngày xem.")),
        "group": ({"type": "string", "example": "food"}, _("Mã nhóm sản phẩm.")),
        "stars": ({"type": "integer", "enum": [3, 4, 5]}, _("Số sao đang còn hiệu lực.")),
        "state": ({"type": "string", "enum": list(ASKED)}, _("Tình trạng trong ngày xem.")),
        "q": ({"type": "string"}, _("Tìm theo tên sản phẩm, chủ thể; có dấu hay không dấu.")),
    }
    queryset = OcopProduct.objects.none()
    filter_backends = []
    lookup_value_regex = "[0-9]+"
    serializer_class = OcopProductSerializer
    serializer_classes = {"retrieve": OcopProductDetailSerializer}

    def list(self, request: Request) -> Response:
        return self.page(register_on(self.scope, self.as_of, self._wanted()).rows)

    def retrieve(self, request: Request, pk: str) -> Response:
        page = product_page(self.scope, int(pk), self.as_of)
        return self.one(_Detail(page))

    def _wanted(self) -> OcopFilter:
        query = self.request.query_params
        given = {name: query.get(name, "") for name in FILTERS}
        checks = {
            "unit": lambda text: unit_of(self.scope, text) is not None,
            "group": lambda text: OcopGroup.objects.filter(code=text).exists(),
            "stars": lambda text: text in STARS,
            "state": lambda text: text in ASKED,
        }
        faults = [
            Fault(f"/{name}", "invalid_choice", gettext("Không có mã này trong phạm vi của tài khoản."))
            for name, right in checks.items()
            if name in query and not right(given[name])
        ]
        if faults:
            raise Invalid(faults)
        return OcopFilter(
            unit=given["unit"],
            group=given["group"],
            stars=int(given["stars"]) if given["stars"] else None,
            state=given["state"],
            q=given["q"],
        )


class _Detail:
    """A product's row with its acts, as one object for the serializer."""

    def __init__(self, page: Any) -> None:
        self._row = page.row
        self.recognitions, self.assessments = page.recognitions, page.assessments

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
