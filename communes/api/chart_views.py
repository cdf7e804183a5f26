"""`charts/household-flows.svg`, `.png`, `.json`: who went from which class to which, as the page of flows draws it."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from communes.api.base import ScopedViewSet
from communes.api.statistics_serializers import FlowChartSerializer
from communes.models import HouseholdCount, PovertyStandard
from communes.presenters.flow_chart import chart_title, flow_chart, picture
from communes.selectors.poverty_changes import flow_rows
from communes.services.poverty_changes import ChangesAsked, changes_for
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.api.etags import tag_of
from mongcai_portal.common.charts import MEDIA

NAME = "household-flows"
JSON_TYPE = "application/json"


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
    serializer_class = FlowChartSerializer

    @extend_schema(
        operation_id="charts_household_flows_retrieve",
        summary=_("Biểu đồ hộ từ loại nào sang loại nào giữa hai ngày"),
        description=_(
            "Cần phạm vi households.aggregate. kind là svg, png hoặc json; json là tên của hình và các số mà hình vẽ, "
            "như households/statistics/flows/. Số không được công bố với người gọi cũng không có trong hình; khi "
            "không số nào được công bố thì không có biểu đồ (404)."
        ),
        responses={
            (200, "image/svg+xml"): OpenApiResponse(OpenApiTypes.BINARY),
            (200, "image/png"): OpenApiResponse(OpenApiTypes.BINARY),
            (200, JSON_TYPE): FlowChartSerializer,
        },
        examples=[
            OpenApiExample(
                "2023",
                {
                    "title": (
                        "Hải Sơn: hộ chuyển loại từ hết 31/12/2022 đến hết 31/12/2023, theo Nghị định 07/2021/NĐ-CP"
                    ),
                    "rows": [
                        {
                            "standard": "central_2022_2025",
                            "opening": "2022-12-31",
                            "closing": "2023-12-31",
                            "unit": "hai-son",
                            "unit_name": "Hải Sơn",
                            "before": "poor",
                            "after": "near_poor",
                            "households": 12,
                            "suppressed": False,
                            "outdated_since": None,
                        }
                    ],
                },
                response_only=True,
                media_type=JSON_TYPE,
            )
        ],
    )
    def picture(self, request: Request, kind: str) -> HttpResponseBase:
        """Answer with the chart; the same one again is 304 for a reader who has it."""
        if kind not in ("json", *MEDIA):
            raise NotFound(gettext("Biểu đồ có ba dạng: .svg, .png và .json."))
        asked = ChangesAsked(*(request.query_params.get(name, "") for name in ("standard", "unit", "from", "to")))
        found = changes_for(by=request.user, asked=asked)
        decision = PovertyStandard.objects.get(code=found.standard).decision
        title = chart_title(found, decision)
        chart = flow_chart(found, title) if found.published else None
        if chart is None:
            raise NotFound(gettext("Không có số nào được công bố để vẽ biểu đồ."))
        if kind == "json":
            rows = self.get_serializer({"title": title, "rows": flow_rows(found)}).data
            content, media = JSONRenderer().render(rows), JSON_TYPE
        else:
            content, media = picture(chart, kind), MEDIA[kind]
        answer = HttpResponse(content, content_type=media)
        name = f"{NAME}-{found.opening:%Y-%m-%d}-{found.closing:%Y-%m-%d}.{kind}"
        answer["Content-Disposition"] = content_disposition_header(False, name)
        answer["X-Content-Type-Options"] = "nosniff"
        return self._known_by(tag_of(content, ""), answer)
