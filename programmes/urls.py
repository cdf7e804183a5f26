"""Pages of this app."""

from django.urls import path

from programmes.views import budget_imports as files
from programmes.views.budget import budget_line, budget_line_new, budget_lines, conversion_rules_page
from programmes.views.measures import measure_page
from programmes.views.overview import attention_page, overview_page
from programmes.views.programmes import programme, programme_list

urlpatterns = [
    path("", overview_page, name="overview"),
    path("attention/", attention_page, name="attention"),
    path("measures/<str:code>/", measure_page, name="measure"),
    path("programmes/", programme_list, name="programme_list"),
    path("programmes/lines/", budget_lines, name="budget_lines"),
    path("programmes/lines/new/", budget_line_new, name="budget_line_new"),
    path("programmes/lines/<int:line_id>/", budget_line, name="budget_line"),
    path("programmes/conversions/", conversion_rules_page, name="conversion_rules"),
    path("programmes/files/", files.budget_imports, name="budget_imports"),
    path("programmes/files/<int:finance_id>/", files.budget_import, name="budget_import"),
    path("programmes/files/<int:finance_id>/layout/", files.budget_import_layout, name="budget_import_layout"),
    path("programmes/files/<int:finance_id>/file/", files.budget_import_file, name="budget_import_file"),
    path("programmes/files/<int:finance_id>/words/", files.budget_import_words, name="budget_import_words"),
    path("programmes/files/<int:finance_id>/confirm/", files.budget_import_confirm, name="budget_import_confirm"),
    path("programmes/files/<int:finance_id>/discard/", files.budget_import_discard, name="budget_import_discard"),
    path("programmes/files/<int:finance_id>/undo/", files.budget_import_undo, name="budget_import_undo"),
    path("programmes/<str:code>/", programme, name="programme"),
]
