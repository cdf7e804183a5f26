"""Resources of this app in the REST API."""

from django.urls import re_path
from rest_framework.routers import SimpleRouter

from programmes.api.chart_views import ChartViewSet
from programmes.api.difficulty_views import DifficultyViewSet
from programmes.api.document_views import PeriodReportViewSet
from programmes.api.money_views import BudgetLineViewSet
from programmes.api.ocop_views import OcopProductViewSet
from programmes.api.programme_views import ProgrammeViewSet
from programmes.api.target_views import TargetViewSet
from programmes.api.task_views import TaskViewSet
from programmes.api.views import MeasureViewSet

router = SimpleRouter()
router.register("measures", MeasureViewSet, basename="api-measure")
router.register("ocop-products", OcopProductViewSet, basename="api-ocop-product")
router.register("programmes", ProgrammeViewSet, basename="api-programme")
router.register("budget-lines", BudgetLineViewSet, basename="api-budget-line")
router.register("targets", TargetViewSet, basename="api-target")
router.register("documents", PeriodReportViewSet, basename="api-document")
router.register("difficulties", DifficultyViewSet, basename="api-difficulty")
router.register("tasks", TaskViewSet, basename="api-task")

urlpatterns = [
    *router.urls,
    # Any name, so that one that is no chart is answered 404 and not led to an address with a slash.
    re_path(r"^charts/(?P<name>[\s\S]+)$", ChartViewSet.as_view({"get": "picture"}), name="api-chart"),
]
