"""All routes. Public ones are the login pages, the language switch, health and the token endpoint; nothing else."""

from django.urls import include, path

from mongcai_portal import health
from mongcai_portal.accounts.oauth import ClientTokenView

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("oauth/token/", ClientTokenView.as_view(), name="oauth_token"),
    path("api/v1/", include("mongcai_portal.api_urls")),
    path("", include("mongcai_portal.accounts.urls")),
    path("", include("communes.urls")),
    path("", include("indicators.urls")),
    path("", include("programmes.urls")),
]

handler400 = "mongcai_portal.common.views.errors.bad_request"
handler403 = "mongcai_portal.common.views.errors.forbidden"
handler404 = "mongcai_portal.common.views.errors.not_found"
handler500 = "mongcai_portal.common.views.errors.server_error"
