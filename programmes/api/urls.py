"""Resources of this app in the REST API."""

from rest_framework.routers import SimpleRouter

from programmes.api.views import MeasureViewSet

router = SimpleRouter()
router.register("measures", MeasureViewSet, basename="api-measure")

urlpatterns = router.urls
