"""Resources of this app in the REST API."""

from django.urls import re_path
from rest_framework.routers import SimpleRouter

from communes.api.chart_views import NAME, FlowChartViewSet
from communes.api.household_views import HouseholdViewSet
from communes.api.statistics_views import StatisticsViewSet
from communes.api.views import OfficeViewSet, UnitGroupViewSet, UnitViewSet

router = SimpleRouter()
router.register("units", UnitViewSet, basename="api-unit")
router.register("unit-groups", UnitGroupViewSet, basename="api-unit-group")
router.register("offices", OfficeViewSet, basename="api-office")
router.register("households/statistics", StatisticsViewSet, basename="api-household-statistics")
router.register("households", HouseholdViewSet, basename="api-household")

urlpatterns = [
    *router.urls,
    re_path(
        rf"^charts/{NAME}\.(?P<kind>[\s\S]+)$", FlowChartViewSet.as_view({"get": "picture"}), name="api-flow-chart"
    ),
]
