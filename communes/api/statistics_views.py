"""Counts of households for dashboards and other systems: no household, and no number that gives a few away."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.headings import FLOW_HEADINGS, STATISTICS_HEADINGS
from communes.api.statistics_serializers import FlowSerializer, StatisticsSerializer
from communes.models import HouseholdCount, PovertyStandard
from communes.selectors.poverty_changes import flow_rows, may_ask
from communes.selectors.poverty_published import CLASSES, statistics, years_counted
from communes.selectors.poverty_tables.tables import reach_of
from communes.services.poverty_changes import ChangesAsked, changes_for
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.errors import Fault, Invalid


@extend_schema_view(
    list=extend_schema(
        summary=_("Số hộ theo đơn vị, năm và loại hộ, của một chuẩn nghèo"),
        description=_(
            "Cần phạm vi households.aggregate. Hỏi theo năm (year), không theo ngày: số của một năm là số đếm từ sổ hộ "
            "vào ngày 31/12 năm đó, của năm nay là vào hôm nay; as_of ghi ngày ấy. Không có year: mọi năm có số. "
            "Số từ 1 đến 4, và những số khác cho phép tính ngược ra nó, không được công bố với bên ngoài (households "
            "là null, suppressed là true); ai phụ trách hộ của đơn vị nào thì thấy đủ số của đơn vị đó."
        ),
        responses=StatisticsSerializer(many=True),
        filters=False,
        examples=[
            OpenApiExample(
                "2023",
                {
                    "year": 2023, "as_of": "2023-12-31", "standard": "central_2022_2025", "unit": "hai-son",
                    "unit_name": "Hải Sơn", "status": "near_poor", "households": 14, "suppressed": False,
                    "outdated_since": None,
                },
                response_only=True,
            )
        ],
    ),
    flows=extend_schema(
        summary=_("Số hộ từ loại nào sang loại nào giữa hai ngày, của một chuẩn nghèo"),
        description=_(
            "Cần phạm vi households.aggregate. Đầu kỳ, cộng hộ chuyển đến, trừ hộ chuyển đi, bằng cuối kỳ. "
            "Ai phụ trách hộ của đơn vị nào thì hỏi được hai ngày bất kỳ của đơn vị đó; người khác được biết số của "
            "mọi đơn vị gộp lại, vào ngày cuối các năm và hôm nay, không có số từ 1 đến 4 và những số cho phép tính "
            "ngược ra nó. Không có unit: mọi đơn vị gộp lại, hoặc từng đơn vị mà mình phụ trách."
        ),
        responses=FlowSerializer(many=True),
        filters=False,
        examples=[
            OpenApiExample(
                "2023",
                {
                    "standard": "central_2022_2025", "opening": "2022-12-31", "closing": "2023-12-31",
                    "unit": "hai-son", "unit_name": "Hải Sơn", "before": "poor", "after": "near_poor",
                    "households": 12, "suppressed": False, "outdated_since": None,
                },
                response_only=True,
            )
        ],
    ),
)  # fmt: skip
class StatisticsViewSet(ScopedViewSet):
    """`households/statistics/`."""

    headings = STATISTICS_HEADINGS
    required_permission = Permission.MEASURES_VIEW
    needs_scope = "households.aggregate"
    query_params = {
        "list": ("standard", "year", "unit", "status"),
        "flows": ("standard", "from", "to", "unit"),
    }
    required_params = {"list": ("standard",), "flows": ("standard", "from", "to")}
    list_actions = ("list", "flows")
    action_headings = {"flows": FLOW_HEADINGS}
    serializer_classes = {"flows": FlowSerializer}
    queryset = HouseholdCount.objects.none()
    filter_backends = []
    serializer_class = StatisticsSerializer

    def list(self, request: Request) -> Response:
        standard, years, unit, status = self._chosen(request)
        rows = statistics(self.scope, standard, years, today=timezone.localdate(), unit=unit, status=status)
        return self.page(rows)

    @action(detail=False)
    def flows(self, request: Request) -> Response:
        """Answer with the changes of the unit asked for, or of all that the caller may ask for."""
        asked = ChangesAsked(*(request.query_params.get(name, "") for name in ("standard", "unit", "from", "to")))
        units = [asked.unit]
        if not asked.unit and not may_ask(self.scope, None):
            units = [one.unit.uid for one in reach_of(self.scope, timezone.localdate()).units] or [""]
        found = [changes_for(by=request.user, asked=replace(asked, unit=unit)) for unit in units]
        return self.page([row for one in found for row in flow_rows(one)])

    def _chosen(self, request: Request) -> tuple[str, tuple[int, ...], str, str]:
        """Read the parameters; every fault is named at once.

        Raises:
            Invalid: no standard, or one of them names nothing.
        """
        given = {name: request.query_params.get(name, "") for name in self.query_params["list"]}
        faults = []
        known = PovertyStandard.objects.filter(code=given["standard"]).exists()
        if not given["standard"]:
            faults.append(Fault("/standard", "required", gettext("Cần tham số này.")))
        elif not known:
            faults.append(Fault("/standard", "invalid_choice", gettext("Không có chuẩn nghèo nào có mã này.")))
        years = years_counted(given["standard"], timezone.localdate()) if known else ()
        if given["year"] and known:
            asked = [year for year in years if str(year) == given["year"]]
            if not asked:
                message = gettext("Chuẩn nghèo này không có số đếm của năm “%(year)s”.") % {"year": given["year"]}
                faults.append(Fault("/year", "invalid_choice", message))
            years = tuple(asked)
        if given["status"] and given["status"] not in CLASSES:
            faults.append(Fault("/status", "invalid_choice", gettext("Không có loại hộ này.")))
        if faults:
            raise Invalid(faults)
        return given["standard"], years, given["unit"], given["status"]
