"""Pages of this app."""

from django.urls import path

from programmes.views.measures import measure_chart, measure_page
from programmes.views.overview import attention_page, overview_page
from programmes.views.statistics import (
    statistic,
    statistic_correct,
    statistic_new,
    statistic_withdraw,
    statistics,
)
from programmes.views.targets import target, target_new, target_revise, target_withdraw, targets

urlpatterns = [
    path("", overview_page, name="overview"),
    path("attention/", attention_page, name="attention"),
    path("measures/<str:code>/", measure_page, name="measure"),
    path("measures/<str:code>/chart.<str:format>", measure_chart, name="measure_chart"),
    path("statistics/", statistics, name="statistics"),
    path("statistics/new/", statistic_new, name="statistic_new"),
    path("statistics/<int:statistic_id>/", statistic, name="statistic"),
    path("statistics/<int:statistic_id>/correct/", statistic_correct, name="statistic_correct"),
    path("statistics/<int:statistic_id>/withdraw/", statistic_withdraw, name="statistic_withdraw"),
    path("targets/", targets, name="targets"),
    path("targets/new/", target_new, name="target_new"),
    path("targets/<int:target_id>/", target, name="target"),
    path("targets/<int:target_id>/revise/", target_revise, name="target_revise"),
    path("targets/<int:target_id>/withdraw/", target_withdraw, name="target_withdraw"),
]
