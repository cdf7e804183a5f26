"""Resources of this app in the REST API."""

from rest_framework.routers import SimpleRouter

from indicators.api.attainment_views import AttainmentViewSet, RecognitionViewSet
from indicators.api.bulk_views import ReportedValueViewSet
from indicators.api.criteria_views import CriteriaSetViewSet, DataElementViewSet
from indicators.api.job_views import JobViewSet
from indicators.api.report_views import ReportViewSet

router = SimpleRouter()
router.register("criteria-sets", CriteriaSetViewSet, basename="api-criteria-set")
router.register("data-elements", DataElementViewSet, basename="api-data-element")
router.register("reports", ReportViewSet, basename="api-report")
router.register("reported-values", ReportedValueViewSet, basename="api-reported-value")
router.register("attainment", AttainmentViewSet, basename="api-attainment")
router.register("recognitions", RecognitionViewSet, basename="api-recognition")
router.register("jobs", JobViewSet, basename="api-job")

urlpatterns = router.urls
