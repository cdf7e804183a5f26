"""Pages of this app."""

from django.urls import path

from indicators.views import (
    attainment,
    completeness,
    criteria,
    entry,
    norms,
    opening,
    periods,
    reminders,
    reports,
    units,
    verification,
)
from indicators.views.revisions import report_changes, report_revision, report_revisions
from indicators.views.trace import comment_add, comment_seen, report_comments, value_history

urlpatterns = [
    path("units/", units.units, name="unit_list"),
    path("units/<slug:uid>/", units.unit, name="unit"),
    path("attainment/", attainment.attainment_list, name="attainment"),
    path("attainment/export.<slug:format>", attainment.attainment_export, name="attainment_export"),
    path("attainment/<slug:uid>/", attainment.attainment_unit, name="attainment_unit"),
    path("attainment/<slug:uid>/criteria/<int:number>/", attainment.attainment_criterion, name="attainment_criterion"),
    path(
        "attainment/<slug:uid>/indicators/<str:indicator>/",
        attainment.attainment_indicator,
        name="attainment_indicator",
    ),
    path("criteria/", criteria.criteria_list, name="criteria_list"),
    path("criteria/norms/", norms.norm_queue_page, name="norm_queue"),
    path("criteria/norms/<int:version_id>/", norms.norm_enter, name="norm_enter"),
    path("criteria/norms/documents/<int:document_id>/", norms.norm_document, name="norm_document"),
    path("criteria/<str:code>/", criteria.criteria_set, name="criteria_set"),
    path("criteria/<str:code>/publish/", criteria.criteria_publish, name="criteria_publish"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/open/", opening.report_open, name="report_open"),
    path("reports/completeness/", completeness.completeness, name="completeness"),
    path("reports/completeness/export/", completeness.completeness_export, name="completeness_export"),
    path("reports/remind/", reminders.remind_page, name="remind"),
    path("reminders/<int:reminder_id>/dismiss/", reminders.reminder_dismiss, name="reminder_dismiss"),
    path("periods/", periods.period_list, name="period_list"),
    path("periods/<slug:period>/", periods.period_detail, name="period_detail"),
    path("reports/<int:report_id>/", entry.report_entry, name="report_entry"),
    path("reports/<int:report_id>/verify/", verification.report_verify, name="report_verify"),
    path("reports/<int:report_id>/verdicts/", verification.verification_save, name="verification_save"),
    path("reports/<int:report_id>/approve/", verification.report_approve, name="report_approve"),
    path("reports/<int:report_id>/reopen/", verification.report_reopen, name="report_reopen"),
    path("reports/<int:report_id>/revisions/", report_revisions, name="report_revisions"),
    path("reports/<int:report_id>/revisions/<int:number>/", report_revision, name="report_revision"),
    path("reports/<int:report_id>/changes/", report_changes, name="report_changes"),
    path("reports/<int:report_id>/comments/", report_comments, name="report_comments"),
    path("reports/<int:report_id>/values/<slug:element>/", value_history, name="value_history"),
    path("reports/<int:report_id>/values/<slug:element>/comments/", comment_add, name="comment_add"),
    path("reports/<int:report_id>/values/<slug:element>/seen/", comment_seen, name="comment_seen"),
]
