"""Routes of the REST API, version 1: each app adds its own; the schema and its pages stand beside them."""

from django.urls import include, path, re_path

from mongcai_portal.common.api.docs import DocsView, SchemaView, UnknownView

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("docs/", DocsView.as_view(url_name="api_schema"), name="api_docs"),
    path("", include("communes.api.urls")),
    path("", include("indicators.api.urls")),
    path("", include("programmes.api.urls")),
    # With a closing slash only: an address that merely lacks it is still led to the right one.
    re_path(r"^.*/\Z", UnknownView.as_view(), name="api_unknown"),
]
