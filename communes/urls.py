"""Pages of this app."""

from django.urls import URLPattern, path

from communes.views import (
    audit,
    clients,
    days_off,
    household,
    household_changes,
    household_export,
    household_imports,
    household_lineage,
    household_new,
    household_people,
    opening_lists,
    people,
    poverty_flows,
    poverty_tables,
    registry,
    review_acts,
    review_district,
    review_papers,
    review_sheets,
    reviews,
)

ROUND = "households/reviews/<int:round_id>/"
REVIEWED = f"{ROUND}households/<int:review_id>/"
VILLAGE = f"{ROUND}villages/<int:village_id>/"

LISTED = "households/opening/<int:list_id>/"
ONE, PERSON = "households/<int:household_id>/", "households/<int:household_id>/people/<int:person_id>/"

urlpatterns: list[URLPattern] = [
    path("users/", people.people_list, name="people"),
    path("users/new/", people.person_new, name="person_new"),
    path("users/<int:user_id>/", people.person, name="person"),
    path("users/<int:user_id>/account/", people.person_account, name="person_account"),
    path("users/<int:user_id>/roles/", people.role_add, name="role_add"),
    path("users/<int:user_id>/roles/<int:assignment_id>/", people.role_change, name="role_change"),
    path("audit/", audit.audit_list, name="audit"),
    path("audit/export/", audit.audit_export, name="audit_export"),
    path("households/reviews/", reviews.review_list, name="review_list"),
    path("households/reviews/days-off/", days_off.days_off, name="days_off"),
    path("households/reviews/open/", reviews.review_open, name="review_open"),
    path(ROUND, reviews.review_round, name="review_round"),
    path(f"{ROUND}move/", reviews.review_move, name="review_move"),
    path(f"{ROUND}request/", reviews.review_request, name="review_request"),
    path(f"{ROUND}district/", review_district.review_district, name="review_district"),
    path(f"{ROUND}district/opinion/", review_district.review_opinion, name="review_opinion"),
    path(f"{ROUND}decision/", review_acts.review_decision, name="review_decision"),
    path(f"{ROUND}files/<int:file_id>/", reviews.review_file, name="review_file"),
    path(f"{VILLAGE}meeting/", review_acts.review_meeting, name="review_meeting"),
    path(f"{VILLAGE}posting/", review_acts.review_posting, name="review_posting"),
    path(f"{VILLAGE}posting/list/", review_papers.review_posting_list, name="review_posting_list"),
    path(f"{ROUND}households/", review_sheets.review_households, name="review_households"),
    path(REVIEWED, review_sheets.review_sheet, name="review_sheet"),
    path(f"{REVIEWED}reopen/", review_sheets.review_reopen, name="review_reopen"),
    path(f"{REVIEWED}papers/", review_sheets.review_paper, name="review_paper"),
    path(f"{REVIEWED}complaint/", review_acts.review_complaint, name="review_complaint"),
    path(f"{REVIEWED}answer/", review_acts.review_answer, name="review_answer"),
    path(f"{REVIEWED}refusal/", review_acts.review_refusal, name="review_refusal"),
    path(f"{REVIEWED}certificate/", review_papers.review_certificate, name="review_certificate"),
    path("households/", registry.household_list, name="household_list"),
    path("households/tables/", poverty_tables.poverty_tables, name="poverty_tables"),
    path("households/flows/", poverty_flows.poverty_flows, name="poverty_flows"),
    path("households/flows/<str:format>/", poverty_flows.poverty_flows_chart, name="poverty_flows_chart"),
    path("households/unmaskings/", household.unmasking_list, name="unmaskings"),
    path("households/opening/", opening_lists.opening_lists, name="opening_lists"),
    path(LISTED, opening_lists.opening_list, name="opening_list"),
    path(f"{LISTED}scan/", opening_lists.opening_list_scan, name="opening_list_scan"),
    path(f"{LISTED}record/", opening_lists.opening_list_record, name="opening_list_record"),
    path(f"{LISTED}check/", opening_lists.opening_list_check, name="opening_list_check"),
    path(f"{LISTED}discard/", opening_lists.opening_list_discard, name="opening_list_discard"),
    path("households/new/", household_new.household_new, name="household_new"),
    path(ONE, household.household, name="household"),
    path(f"{ONE}seen/", household.household_seen, name="household_seen"),
    path(f"{ONE}unmask/", household.household_unmask, name="household_unmask"),
    path(f"{ONE}edit/", household_changes.household_edit, name="household_edit"),
    path(f"{ONE}move/", household_changes.household_move, name="household_move"),
    path(f"{ONE}end/", household_changes.household_end, name="household_end"),
    path(f"{ONE}head/", household_changes.household_head, name="household_head"),
    path(f"{ONE}split/", household_lineage.household_split, name="household_split"),
    path(f"{ONE}merge/", household_lineage.household_merge, name="household_merge"),
    path(f"{ONE}people/new/", household_people.household_join, name="household_join"),
    path(PERSON, household_people.household_person, name="household_person"),
    path(f"{PERSON}leave/", household_people.household_leave, name="household_leave"),
    path("households/export/", household_export.household_export, name="household_export"),
    path("households/imports/", household_imports.household_imports, name="household_imports"),
    path("households/imports/<int:book_id>/", household_imports.household_import, name="household_import"),
    path(
        "households/imports/<int:book_id>/layout/",
        household_imports.household_import_layout,
        name="household_import_layout",
    ),
    path(
        "households/imports/<int:book_id>/faults/",
        household_imports.household_import_faults,
        name="household_import_faults",
    ),
    *(
        path(
            f"households/imports/<int:book_id>/{act}/",
            getattr(household_imports, f"household_import_{act}"),
            name=f"household_import_{act}",
        )
        for act in ("confirm", "check", "words", "discard", "undo")
    ),
    path("api-clients/", clients.client_list, name="api_clients"),
    path("api-clients/<int:client_id>/", clients.client_change, name="api_client_change"),
]
