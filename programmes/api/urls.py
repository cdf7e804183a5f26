"""Resources of this app in the REST API."""

from rest_framework.routers import SimpleRouter

from programmes.api.document_views import PeriodReportViewSet
from programmes.api.views import MeasureViewSet

router = SimpleRouter()
router.register("measures", MeasureViewSet, basename="api-measure")
router.register("documents", PeriodReportViewSet, basename="api-document")

urlpatterns = router.urls
