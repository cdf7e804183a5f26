"""Pages of this app."""

from django.urls import path

from programmes.views import documents
from programmes.views.measures import measure_page
from programmes.views.overview import attention_page, overview_page

urlpatterns = [
    path("", overview_page, name="overview"),
    path("attention/", attention_page, name="attention"),
    path("documents/", documents.document_list, name="document_list"),
    path("documents/new/", documents.document_new, name="document_new"),
    path("documents/templates/", documents.document_templates, name="document_templates"),
    path("documents/templates/<int:number>.docx", documents.document_template, name="document_template"),
    path("documents/<int:paper_id>/", documents.document, name="document"),
    path("documents/<int:paper_id>/edit/", documents.document_edit, name="document_edit"),
    path("documents/<int:paper_id>/<slug:act>/", documents.document_act, name="document_act"),
    path("documents/<int:paper_id>/report.docx", documents.document_word, name="document_word"),
    path("documents/<int:paper_id>/report.xlsx", documents.document_excel, name="document_excel"),
    path("documents/<int:paper_id>/charts/<slug:chart>.<slug:kind>", documents.document_chart, name="document_chart"),
    path("measures/<str:code>/", measure_page, name="measure"),
]
