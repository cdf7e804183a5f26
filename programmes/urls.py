"""Pages of this app."""

from django.urls import path

from programmes.views.measures import measure_page
from programmes.views.overview import overview_page

urlpatterns = [
    path("", overview_page, name="overview"),
    path("measures/<str:code>/", measure_page, name="measure"),
]
