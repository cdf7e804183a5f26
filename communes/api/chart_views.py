"""`charts/household-flows.svg`, `.png`: who went from which class to which, as the page of flows draws it."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from communes.api.base import ScopedViewSet
from communes.api.statistics_serializers import FlowSerializer
from communes.models import HouseholdCount, PovertyStandard
from communes.presenters.flow_chart import PICTURES, chart_title, flow_chart, picture
from communes.services.poverty_changes import ChangesAsked, changes_for
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.api.etags import tag_of

NAME = "household-flows"


class FlowChartViewSet(ScopedViewSet):
    """The chart of changes between classes. What it shows are the rows of `households/statistics/flows/`."""

    required_permission = Permission.MEASURES_VIEW
    needs_scope = "households.aggregate"
    query_params: ClassVar = {"picture": ("standard", "from", "to", "unit")}
    required_params: ClassVar = {"picture": ("standard", "from", "to")}
    list_actions = ()
    file_actions = ("picture",)
    filter_backends = []
    queryset = HouseholdCount.objects.none()
    serializer_class = FlowSerializer

    @extend_schema(
        operation_id="charts_household_flows_retrieve",
        summary=_("Biểu đồ hộ từ loại nào sang loại nào giữa hai ngày"),
        description=_(
            "Cần phạm vi households.aggregate. Số không được công bố với người gọi cũng không có trong hình; khi không "
            "số nào được công bố thì không có biểu đồ (404)."
        ),
        responses={
            (200, "image/svg+xml"): OpenApiResponse(OpenApiTypes.BINARY),
            (200, "image/png"): OpenApiResponse(OpenApiTypes.BINARY),
        },
    )
    def picture(self, request: Request, kind: str) -> HttpResponseBase:
        """Answer with the chart; the same one again is 304 for a reader who has it."""
        if kind not in PICTURES:
            raise NotFound(gettext("Biểu đồ này có hai dạng: .svg và .png."))
        asked = ChangesAsked(*(request.query_params.get(name, "") for name in ("standard", "unit", "from", "to")))
        found = changes_for(by=request.user, asked=asked)
        decision = PovertyStandard.objects.get(code=found.standard).decision
        chart = flow_chart(found, chart_title(found, decision)) if found.published else None
        if chart is None:
            raise NotFound(gettext("Không có số nào được công bố để vẽ biểu đồ."))
        content = picture(chart, kind)
        answer = HttpResponse(content, content_type=PICTURES[kind])
        name = f"{NAME}-{found.opening:%Y-%m-%d}-{found.closing:%Y-%m-%d}.{kind}"
        answer["Content-Disposition"] = content_disposition_header(False, name)
        answer["X-Content-Type-Options"] = "nosniff"
        return self._known_by(tag_of(content, ""), answer)
