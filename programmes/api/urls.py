"""Resources of this app in the REST API."""

from rest_framework.routers import SimpleRouter

from programmes.api.ocop_views import OcopProductViewSet
from programmes.api.views import MeasureViewSet

router = SimpleRouter()
router.register("measures", MeasureViewSet, basename="api-measure")
router.register("ocop-products", OcopProductViewSet, basename="api-ocop-product")

urlpatterns = router.urls
