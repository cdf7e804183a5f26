"""Pages of this app."""

from django.urls import path

from programmes.views.measures import measure_page
from programmes.views.overview import attention_page, overview_page

urlpatterns = [
    path("", overview_page, name="overview"),
    path("attention/", attention_page, name="attention"),
    path("measures/<str:code>/", measure_page, name="measure"),
]
