"""Resources of this app in the REST API."""

from rest_framework.routers import SimpleRouter

from programmes.api.target_views import TargetViewSet
from programmes.api.views import MeasureViewSet

router = SimpleRouter()
router.register("measures", MeasureViewSet, basename="api-measure")
router.register("targets", TargetViewSet, basename="api-target")

urlpatterns = router.urls
