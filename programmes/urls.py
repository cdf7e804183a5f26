"""Pages of this app."""

from django.urls import path

from programmes.views import budget_imports as files
from programmes.views import difficulties, difficulty_forms, documents, ocop, ocop_acts, ocop_assessments
from programmes.views.budget import budget_line, budget_line_new, budget_lines, conversion_rules_page
from programmes.views.measures import measure_chart, measure_page
from programmes.views.overview import attention_page, overview_page
from programmes.views.programmes import programme, programme_list
from programmes.views.statistics import (
    statistic,
    statistic_correct,
    statistic_new,
    statistic_withdraw,
    statistics,
)
from programmes.views.targets import target, target_new, target_revise, target_withdraw, targets
from programmes.views.task_acts import task, task_file, task_file_new, task_move, task_step, task_step_new
from programmes.views.tasks import task_export, task_new, tasks

PRODUCT, ASSESSMENT = "ocop/<int:product_id>/", "ocop/assessments/<int:assessment_id>/"
RECOGNITION, PHOTO = "ocop/recognitions/<int:certificate_id>/", f"{PRODUCT}photos/<int:photo_id>/"

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
    path("ocop/", ocop.ocop_list, name="ocop_list"),
    path("ocop/export/<str:format>/", ocop.ocop_export, name="ocop_export"),
    path("ocop/new/", ocop_acts.ocop_new, name="ocop_new"),
    path("ocop/notices/<int:notice_id>/", ocop.ocop_notice_dismiss, name="ocop_notice_dismiss"),
    path(PRODUCT, ocop.ocop_product, name="ocop_product"),
    path(f"{PRODUCT}edit/", ocop_acts.ocop_edit, name="ocop_edit"),
    path(f"{PRODUCT}producer/", ocop_acts.ocop_producer, name="ocop_producer"),
    path(f"{PRODUCT}assess/", ocop_acts.ocop_assess, name="ocop_assess"),
    path(f"{PRODUCT}photos/", ocop.ocop_photos, name="ocop_photos"),
    path(f"{PHOTO}file/", ocop.ocop_photo, name="ocop_photo"),
    path(f"{PHOTO}thumbnail/", ocop.ocop_thumbnail, name="ocop_thumbnail"),
    path(ASSESSMENT, ocop_assessments.ocop_assessment, name="ocop_assessment"),
    path(f"{ASSESSMENT}sheets/", ocop_assessments.ocop_sheets, name="ocop_sheets"),
    path(f"{ASSESSMENT}move/", ocop_assessments.ocop_move, name="ocop_move"),
    path(f"{ASSESSMENT}recognise/", ocop_acts.ocop_recognise, name="ocop_recognise"),
    path(f"{RECOGNITION}scan/", ocop_acts.ocop_scan, name="ocop_scan"),
    path(f"{RECOGNITION}scan/file/", ocop.ocop_scan_file, name="ocop_scan_file"),
    path(f"{RECOGNITION}withdraw/", ocop_acts.ocop_withdraw, name="ocop_withdraw"),
    path(f"{RECOGNITION}annul/", ocop_acts.ocop_annul, name="ocop_annul"),
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
    path("difficulties/", difficulties.difficulties, name="difficulty_list"),
    path("difficulties/export/", difficulties.difficulty_export, name="difficulty_export"),
    path("difficulties/new/", difficulty_forms.difficulty_new, name="difficulty_new"),
    path("difficulties/<int:difficulty_id>/", difficulties.difficulty, name="difficulty"),
    path("difficulties/<int:difficulty_id>/edit/", difficulty_forms.difficulty_edit, name="difficulty_edit"),
    path("difficulties/<int:difficulty_id>/move/", difficulties.difficulty_move, name="difficulty_move"),
    path("tasks/", tasks, name="task_list"),
    path("tasks/export/", task_export, name="task_export"),
    path("tasks/new/", task_new, name="task_new"),
    path("tasks/<int:task_id>/", task, name="task"),
    path("tasks/<int:task_id>/move/", task_move, name="task_move"),
    path("tasks/<int:task_id>/steps/", task_step_new, name="task_step_new"),
    path("tasks/<int:task_id>/steps/<int:number>/", task_step, name="task_step"),
    path("tasks/<int:task_id>/files/", task_file_new, name="task_file_new"),
    path("tasks/<int:task_id>/files/<int:attachment_id>/", task_file, name="task_file"),
]
