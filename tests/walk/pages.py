"""Every page of the portal, as whom it opens to, and with what its address is filled: nothing may be missing here.

A route is either a page, and then it is looked at in each state that is worth it, or it is named in `NO_PAGE` with what
it is instead. `tests/meta/test_walk.py` compares both with the URL resolver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

STRANGER = "stranger"
# The role by whom it is held in the demonstration.
PEOPLE = {
    "officer": "officer.bacson",
    "verifier": "verifier.tnmt",
    "coordinator": "coordinator",
    "leader": "leader",
    "admin": "admin",
}
WALKERS = (STRANGER, *PEOPLE)
MEMBERS = frozenset(PEOPLE)
EVERYBODY = frozenset(WALKERS)
WATCHERS = MEMBERS - {"officer"}
OFFICE = frozenset({"coordinator"})
ADMIN = frozenset({"admin"})
# Who looks after households.
KEEPERS = frozenset({"officer", "coordinator"})
OFFICER = frozenset({"officer"})
AUDITORS = OFFICE | ADMIN
# Who writes down what hinders a programme.
WRITERS = frozenset({"officer", "verifier", "coordinator"})


@dataclass(frozen=True)
class Stop:
    """A page in one state.

    `given` fills the address; a value in braces is a name of `scene.py`. `press` is a button that is pressed when the
    page has come, to see what the portal answers (forms are sent past the browser's own checks, as they stand but for
    what is `typed` into fields by name, hidden ones too: an old `lock` is what a second window sends).
    `opens` are the walkers to whom the page opens; to all others it is refused (403, 404, or the login page).
    """

    route: str
    case: str = ""
    given: Mapping[str, str] | None = None
    query: str = ""
    opens: frozenset[str] = MEMBERS
    press: str = ""
    typed: Mapping[str, str] | None = None
    # What is there only when a script has drawn the page.
    ready: str = ""
    status: int = 200

    @property
    def name(self) -> str:
        return f"{self.route}--{self.case}" if self.case else self.route

    def path(self, scene: Mapping[str, Any]) -> str:
        """Return the address on the portal that the scene was made on."""
        if self.route.startswith("/"):
            return self.route + self.query
        from django.urls import reverse

        filled = {key: value.format_map(scene) for key, value in (self.given or {}).items()}
        return reverse(self.route, kwargs=filled) + self.query.format_map(scene)


def _reports(route: str, *cases: str, **more: Any) -> tuple[Stop, ...]:
    return tuple(Stop(route, case, {"report_id": f"{{{case}}}"}, **more) for case in cases)


_DAY = "?as_of=2023-12-31"
_2024 = "?as_of=2024-12-31"
_UNIT = {"uid": "{unit}"}
_ELEMENT = {"report_id": "{evidence_report}", "element": "{evidence_element}"}
_RECOGNITION = {"recognition_id": "{recognition}"}
_REVIEW = {"round_id": "{round}", "review_id": "{review}"}
_DECIDED = {"round_id": "{round_decided}", "review_id": "{review_decided}"}
_POSTED = {"round_id": "{round_posted}", "review_id": "{review_posted}"}
_MET = {"round_id": "{round_posted}", "village_id": "{village_posted}"}
_OVER = {"round_id": "{round_decided}", "village_id": "{village_posted}"}
_HANGING = {"round_id": "{round_posted}"}
_HOUSEHOLD = {"household_id": "{household}"}
_PERSON = {**_HOUSEHOLD, "person_id": "{household_person}"}
_PRODUCT, _CERTIFICATE = {"product_id": "{ocop_product}"}, {"certificate_id": "{ocop_certificate}"}
_YEAR_OF_FLOWS = "?standard=central_2022_2025&from=2022-12-31&to=2023-12-31"
_SAVE = "main form .form-actions button"
_STATUSES = ("draft", "submitted", "returned", "verified", "approved", "reopened")
# The report that is put right anew is another commune's.
_OTHERS = MEMBERS - {"officer"}

STOPS: tuple[Stop, ...] = (
    # Before one is known, and whoever one is.
    Stop("login", opens=EVERYBODY),
    Stop("login", "refused", press="main form button.btn-primary", opens=frozenset({STRANGER})),
    Stop("password_reset", opens=EVERYBODY),
    Stop("password_reset", "refused", press="main form button.btn-primary", opens=frozenset({STRANGER})),
    Stop("password_reset_sent", opens=EVERYBODY),
    Stop("password_reset_done", opens=EVERYBODY),
    Stop("password_reset_confirm", "", {"uidb64": "{uidb64}", "token": "{token}"}, opens=EVERYBODY),
    Stop("password_reset_confirm", "spent", {"uidb64": "{uidb64}", "token": "spent-token"}, opens=EVERYBODY),
    Stop("password_change"),
    Stop("password_change", "refused", press="main form button.btn-primary"),
    Stop("password_confirm"),
    Stop("password_confirm", "refused", press="main form button.btn-primary"),
    Stop("sessions"),
    Stop("/no/such/page/", "not-found", status=404, opens=EVERYBODY),
    # Where the town stands.
    Stop("overview", query=_DAY, opens=WATCHERS),
    Stop("overview", "today", opens=WATCHERS),
    Stop("attention", query=_DAY, opens=WATCHERS),
    Stop("measure", "", {"code": "ntm.attained.standard"}, query=_DAY),
    Stop("measure", "commune", {"code": "ntm.attained.standard"}, query=_DAY + "&unit={unit}"),
    Stop("measure", "households", {"code": "poverty.near_poor.count"}, query=_DAY),
    Stop("measure", "trend", {"code": "income.rural.per_capita"}, query=_2024, ready=".chart.is-drawn"),
    Stop("measure", "directions", {"code": "cooperatives.effective.count"}, query=_2024),
    Stop("measure", "money", {"code": "money.all.disbursement_rate"}, query=_DAY),
    Stop("measure", "money-programme", {"code": "money.ntm.disbursed"}, query=_DAY + "&unit={unit}"),
    Stop("measure", "money-none", {"code": "money.dtts.disbursement_rate"}, query=_DAY),
    Stop("measure", "sources-differ", {"code": "roads.connecting.upgraded_km"}, query=_2024 + "&unit={unit}"),
    # What is planned, and the figures behind it.
    Stop("targets", query=_DAY),
    Stop("targets", "today"),
    Stop("targets", "commune", query=_DAY + "&unit={unit}"),
    Stop("targets", "nothing-found", query=_DAY + "&programme=DTTS"),
    Stop("target", "", {"target_id": "{target}"}, query=_DAY),
    Stop("target", "revised", {"target_id": "{target_revised}"}),
    Stop("target", "late", {"target_id": "{target_late}"}, query=_DAY),
    Stop("target_new", query="?as_of=2023-12-31&measure=income.rural.per_capita", opens=OFFICE),
    Stop("target_new", "refused", press=_SAVE, opens=OFFICE),
    Stop("target_revise", "", {"target_id": "{target}"}, opens=OFFICE),
    Stop("target_revise", "refused", {"target_id": "{target}"}, press=_SAVE, opens=OFFICE),
    Stop("target_withdraw", "", {"target_id": "{target}"}, opens=OFFICE),
    Stop("target_withdraw", "refused", {"target_id": "{target}"}, press=_SAVE, opens=OFFICE),
    Stop("statistics", "", query="?unit={unit}&year=2024"),
    Stop("statistics", "town", query="?unit=mong-cai&year=2023"),
    Stop("statistic", "", {"statistic_id": "{statistic}"}),
    Stop("statistic", "corrected", {"statistic_id": "{statistic_wrong}"}),
    Stop("statistic_new", query="?measure=roads.connecting.upgraded_km&unit={unit}", opens=KEEPERS),
    Stop("statistic_new", "refused", press=_SAVE, opens=KEEPERS),
    Stop("statistic_correct", "", {"statistic_id": "{statistic}"}, opens=KEEPERS),
    Stop("statistic_correct", "refused", {"statistic_id": "{statistic}"}, press=_SAVE, opens=KEEPERS),
    Stop("statistic_withdraw", "", {"statistic_id": "{statistic}"}, opens=KEEPERS),
    Stop("statistic_withdraw", "refused", {"statistic_id": "{statistic}"}, press=_SAVE, opens=KEEPERS),
    Stop("attainment", query=_DAY),
    Stop("attainment", "compared", query=_DAY + "&compare=2022-12-31", opens=MEMBERS),
    Stop("attainment_unit", "", _UNIT, query=_DAY),
    Stop("attainment_criterion", "", {**_UNIT, "number": "17"}, query=_DAY + "&compare=2022-12-31"),
    Stop("attainment_indicator", "", {**_UNIT, "indicator": "17.11"}, query=_DAY),
    Stop("unit_list", query=_DAY),
    Stop("unit_list", "today"),
    Stop("unit", "", _UNIT, query=_DAY),
    Stop("unit", "successor", {"uid": "hai-son-2025"}, query="?as_of=2025-07-01"),
    Stop("criteria_list"),
    Stop("criteria_set", "", {"code": "{set}"}),
    Stop("criteria_set", "draft", {"code": "{set_draft}"}),
    Stop("norm_queue"),
    Stop("norm_enter", "", {"version_id": "{version}"}, opens=OFFICE),
    Stop("norm_enter", "refused", {"version_id": "{version}"}, press="main form button.btn-primary", opens=OFFICE),
    Stop("recognitions", query=_DAY),
    Stop("recognitions", "today"),
    Stop("recognition", "", _RECOGNITION),
    Stop("recognition", "withdrawn", {"recognition_id": "{withdrawn}"}, opens=_OTHERS),
    Stop("recognition", "annulled", {"recognition_id": "{annulled}"}, opens=_OTHERS),
    Stop("recognition", "corrected", {"recognition_id": "{corrected}"}, opens=_OTHERS),
    Stop("recognition_new", opens=OFFICE),
    Stop("recognition_new", "refused", press="main form button.btn-primary", opens=OFFICE),
    Stop("recognition_correct", "", _RECOGNITION, opens=OFFICE),
    Stop("recognition_withdraw", "", _RECOGNITION, opens=OFFICE),
    Stop("recognition_withdraw", "refused", _RECOGNITION, press="main form .form-actions button", opens=OFFICE),
    Stop("recognition_annul", "", _RECOGNITION, opens=OFFICE),
    # The period report.
    Stop("document_list"),
    Stop("document_new", opens=OFFICE),
    Stop("document_new", "refused", press="main form button.btn-primary", opens=OFFICE),
    Stop("document", "", {"paper_id": "{paper}"}, opens=WATCHERS),
    Stop("document", "draft", {"paper_id": "{paper_draft}"}, opens=OFFICE),
    Stop("document", "withdrawn", {"paper_id": "{paper_withdrawn}"}, opens=OFFICE),
    Stop("document_edit", "", {"paper_id": "{paper_draft}"}, opens=OFFICE),
    Stop("document_templates", opens=OFFICE),
    Stop("document_templates", "refused", press="main form button.btn-primary", opens=OFFICE),
    # The reports and what is done with them.
    Stop("report_list"),
    *_reports("report_entry", *_STATUSES[:-1]),
    Stop("report_entry", "reopened", {"report_id": "{reopened}"}, opens=_OTHERS),
    Stop(
        "report_entry", "refused", {"report_id": "{draft}"}, press="button[name=action][value=submit]",
        opens=frozenset({"officer"}),
    ),
    *_reports("report_verify", *_STATUSES[:-1]),
    Stop("report_verify", "reopened", {"report_id": "{reopened}"}, opens=_OTHERS),
    *_reports("report_changes", "draft", "submitted"),
    *_reports("report_comments", "draft", "approved"),
    *_reports("report_revisions", "approved"),
    Stop("report_revisions", "reopened", {"report_id": "{reopened}"}, opens=_OTHERS),
    Stop("report_revision", "", {"report_id": "{approved}", "number": "1"}),
    Stop("value_history", "", {"report_id": "{returned}", "element": "{element}"}),
    Stop("report_evidence", "", _ELEMENT),
    Stop("completeness"),
    Stop("report_open", opens=OFFICE),
    Stop("report_open", "refused", press="main form button.btn-primary", opens=OFFICE),
    Stop("period_list", opens=OFFICE),
    Stop("period_detail", "", {"period": "2024"}, opens=OFFICE),
    Stop("remind", opens=OFFICE),
    Stop("history_import", opens=OFFICE),
    Stop("history_import_one", "faulty", {"import_id": "{import_faulty}"}, opens=OFFICE),
    Stop("history_import_one", "ready", {"import_id": "{import_ready}"}, opens=OFFICE),
    # Tasks.
    Stop("task_list"),
    Stop("task_list", "list", query="?view=list"),
    Stop("task_list", "programme", query="?view=list&programme=GNBV"),
    Stop("task_list", "general", query="?programme=general"),
    Stop("task_list", "none", query="?q=khong-co-viec-nay"),
    Stop("task_new", opens=OFFICE),
    Stop("task_new", "criterion", query="?criterion=17&level=standard&unit={unit}", opens=OFFICE),
    Stop("task_new", "refused", press=_SAVE, opens=OFFICE),
    Stop("task", "open", {"task_id": "{task_open}"}),
    Stop("task", "refused", {"task_id": "{task_open}"}, press="button[name=move][value=report]", opens=OFFICER),
    Stop(
        "task", "second-window", {"task_id": "{task_open}"}, press="button[name=move][value=report]", opens=OFFICER,
        typed={"lock": "99", "text": "Đã làm xong."},
    ),
    Stop("task", "reported", {"task_id": "{task_reported}"}),
    Stop("task", "done", {"task_id": "{task_done}"}),
    Stop("task", "cancelled", {"task_id": "{task_cancelled}"}),
    # Difficulties and proposals.
    Stop("difficulty_list"),
    Stop("difficulty_list", "none", query="?q=khong-co-viec-nay"),
    Stop("difficulty_new", query="?programme=NTM&period=2023", opens=WRITERS),
    Stop("difficulty_new", "refused", press=_SAVE, opens=WRITERS),
    Stop("difficulty", "open", {"difficulty_id": "{difficulty_open}"}),
    Stop(
        "difficulty", "refused", {"difficulty_id": "{difficulty_open}"}, press="button[name=move][value=resolve]",
        opens=OFFICER,
    ),
    Stop("difficulty", "resolved", {"difficulty_id": "{difficulty_resolved}"}),
    Stop("difficulty", "withdrawn", {"difficulty_id": "{difficulty_withdrawn}"}),
    Stop("difficulty_edit", "", {"difficulty_id": "{difficulty_open}"}, opens=WRITERS),
    Stop(
        "difficulty_edit", "second-window", {"difficulty_id": "{difficulty_open}"}, press=_SAVE, opens=WRITERS,
        typed={"lock": "99", "text": "Chậm giải phóng mặt bằng."},
    ),
    Stop("task_new", "difficulty", query="?difficulty={difficulty_open}", opens=OFFICE),
    # Reviews of poor and near-poor households.
    Stop("review_list", opens=KEEPERS),
    Stop("review_open", opens=OFFICER),
    Stop("review_open", "refused", press="main form button.btn-primary", opens=OFFICER),
    Stop("review_round", "", {"round_id": "{round}"}, opens=KEEPERS),
    Stop("review_round", "posted", {"round_id": "{round_posted}"}, opens=KEEPERS),
    Stop("review_round", "decided", {"round_id": "{round_decided}"}, opens=KEEPERS),
    Stop("review_households", "", {"round_id": "{round_decided}"}, opens=KEEPERS),
    Stop("review_sheet", "", _REVIEW, opens=KEEPERS),
    Stop("review_sheet", "refused", _REVIEW, press="button[name=action][value=finish]", opens=OFFICER),
    Stop("review_sheet", "complaint", _POSTED, opens=KEEPERS),
    Stop("review_sheet", "decided", _DECIDED, opens=KEEPERS),
    Stop("review_request", "", {"round_id": "{round}"}, opens=OFFICER),
    Stop("review_request", "refused", {"round_id": "{round}"}, press="main form button.btn-primary", opens=OFFICER),
    Stop("review_meeting", "", _MET, opens=OFFICER),
    Stop("review_meeting", "refused", _MET, press="main form button.btn-primary", opens=OFFICER),
    Stop("review_posting", "", _MET, opens=OFFICER),
    Stop("review_posting_list", "", _MET, opens=KEEPERS),
    Stop("review_posting_list", "decided", _OVER, opens=KEEPERS),
    Stop("days_off", query="?year=2026", opens=KEEPERS),
    Stop("days_off", "by-law", query="?year=2031", opens=KEEPERS),
    Stop("days_off", "refused", query="?year=2026", press="main button[value=add]", opens=OFFICE),
    Stop("review_complaint", "", _POSTED, opens=OFFICER),
    Stop("review_answer", "", _POSTED, opens=OFFICER),
    Stop("review_district", "", _HANGING, opens=OFFICER),
    Stop("review_opinion", "", {"round_id": "{round_decided}"}, opens=OFFICER),
    Stop("review_decision", "", _HANGING, opens=OFFICER),
    Stop("review_decision", "refused", _HANGING, press="main form button.btn-primary", opens=OFFICER),
    Stop("review_refusal", "", {"round_id": "{round}", "review_id": "{review_asked}"}, opens=OFFICER),
    Stop("review_refusal", "letter", {"round_id": "{round}", "review_id": "{review_refused}"}, opens=OFFICER),
    Stop("review_certificate", "", _DECIDED, opens=KEEPERS),
    # The register of households.
    Stop("household_list", opens=KEEPERS),
    Stop("household_list", "gone", query="?state=all", opens=KEEPERS),
    Stop("household_list", "nothing-found", query="?state=gone&village={household_village}", opens=KEEPERS),
    Stop("household", "", _HOUSEHOLD, opens=KEEPERS),
    Stop("household", "past", _HOUSEHOLD, query="?as_of=2023-01-01", opens=KEEPERS),
    Stop("household", "gone", {"household_id": "{household_gone}"}, opens=KEEPERS),
    Stop("household_new", opens=OFFICER),
    Stop("household_new", "refused", press=_SAVE, opens=OFFICER),
    *(Stop(f"household_{what}", "", _HOUSEHOLD, opens=OFFICER) for what in ("edit", "move", "head", "split", "join")),
    Stop("household_split", "refused", _HOUSEHOLD, press=_SAVE, opens=OFFICER),
    Stop("household_join", "refused", _HOUSEHOLD, press=_SAVE, opens=OFFICER),
    Stop("household_end", "", _HOUSEHOLD, opens=OFFICER),
    Stop("household_end", "refused", _HOUSEHOLD, press=_SAVE, opens=OFFICER),
    Stop("household_merge", "", _HOUSEHOLD, opens=OFFICER),
    Stop("household_merge", "refused", _HOUSEHOLD, press=_SAVE, opens=OFFICER),
    Stop("household_person", "", _PERSON, opens=OFFICER),
    Stop("household_leave", "", _PERSON, opens=OFFICER),
    Stop("household_unmask", "", _HOUSEHOLD, opens=KEEPERS),
    Stop("household_unmask", "refused", _HOUSEHOLD, press=_SAVE, opens=KEEPERS),
    Stop("household_seen", "", _HOUSEHOLD, opens=OFFICE),
    Stop("unmaskings", opens=AUDITORS),
    Stop("unmaskings", "nothing-found", query="?until=1999-01-01", opens=AUDITORS),
    Stop("household_imports", opens=KEEPERS),
    Stop("household_imports", "refused", press="main form button.btn-primary", opens=KEEPERS),
    *(
        Stop("household_import", case, {"book_id": f"{{households_{case}}}"}, opens=KEEPERS)
        for case in ("sent", "faulty", "ready", "applied", "undone")
    ),
    Stop("household_import_layout", "", {"book_id": "{households_faulty}"}, opens=KEEPERS),
    Stop(
        "household_import_layout", "refused", {"book_id": "{households_sent}"}, opens=KEEPERS,
        press="main form[method=post] .btn-primary",
    ),
    Stop("opening_lists", opens=KEEPERS),
    Stop("opening_lists", "refused", press="main form button.btn-primary", opens=OFFICER),
    *(
        Stop("opening_list", case, {"list_id": f"{{opening_{case}}}"}, opens=OFFICER)
        for case in ("faulty", "ready", "recorded", "discarded")
    ),
    Stop("household_export", opens=KEEPERS),
    # Counts of poor households: tables to take out, and who went from which class to which.
    Stop("poverty_tables"),
    Stop("poverty_flows"),
    Stop("poverty_flows", "year", query=_YEAR_OF_FLOWS),
    Stop("poverty_flows", "refused", query="?from=2023-12-31&to=2022-12-31", status=422),
    # OCOP products.
    Stop("ocop_list", query=_DAY),
    Stop("ocop_list", "today"),
    Stop("ocop_list", "nothing-found", query="?q=khong-co-gi-het"),
    Stop("ocop_new", opens=OFFICER),
    Stop("ocop_new", "refused", press=_SAVE, opens=OFFICER),
    Stop("ocop_product", "", _PRODUCT),
    *(Stop(f"ocop_{what}", "", _PRODUCT, opens=OFFICER) for what in ("edit", "producer", "assess")),
    Stop("ocop_assess", "refused", _PRODUCT, press=_SAVE, opens=OFFICER),
    *(
        Stop("ocop_assessment", case, {"assessment_id": f"{{ocop_{case}}}"})
        for case in ("draft", "submitted", "returned", "verified", "approved")
    ),
    Stop("ocop_recognise", "", {"assessment_id": "{ocop_approved}"}, opens=OFFICE),
    Stop("ocop_recognise", "refused", {"assessment_id": "{ocop_approved}"}, press=_SAVE, opens=OFFICE),
    Stop("ocop_scan", "", _CERTIFICATE, opens=OFFICE),
    Stop("ocop_scan", "refused", _CERTIFICATE, press=_SAVE, opens=OFFICE),
    Stop("ocop_withdraw", "", _CERTIFICATE, opens=OFFICE),
    Stop("ocop_withdraw", "refused", _CERTIFICATE, press=_SAVE, opens=OFFICE),
    Stop("ocop_annul", "", _CERTIFICATE, opens=OFFICE),
    Stop("measure", "ocop", {"code": "ocop.recognised.count"}, query=_DAY),
    # Programmes and their money.
    Stop("programme_list", query="?year=2023"),
    Stop("programme_list", "mid-year", query="?year=2023&as_of=2023-09-30"),
    Stop("programme_list", "nothing", query="?year=2015"),
    Stop("programme", "", {"code": "NTM"}, query="?year=2023"),
    Stop("programme", "targets", {"code": "GNBV"}, query="?year=2024"),
    Stop("programme", "resolution", {"code": "NQ06"}, query="?year=2023"),
    Stop("programme", "successor", {"code": "MTQG_2026_2035"}, query="?year=2026"),
    Stop("budget_lines", query="?year=2023"),
    Stop("budget_lines", "nothing-found", query="?year=2015"),
    Stop("budget_line", "", {"line_id": "{line}"}),
    Stop("budget_line", "labour", {"line_id": "{line_labour}"}),
    Stop("budget_line", "refused", {"line_id": "{line}"}, press="button[value=move]", opens=OFFICE),
    Stop("budget_line_new", opens=OFFICE),
    Stop("budget_line_new", "refused", press="main form button.btn-primary", opens=OFFICE),
    Stop("conversion_rules"),
    Stop("conversion_rules", "refused", press="main form button.btn-primary", opens=OFFICE),
    Stop("budget_imports", opens=OFFICE),
    Stop("budget_imports", "refused", press="main form button.btn-primary", opens=OFFICE),
    *(
        Stop("budget_import", case, {"finance_id": f"{{money_{case}}}"}, opens=OFFICE)
        for case in ("sent", "faulty", "ready", "applied", "undone")
    ),
    Stop("budget_import_layout", "", {"finance_id": "{money_faulty}"}, opens=OFFICE),
    Stop(
        "budget_import_layout", "refused", {"finance_id": "{money_sent}"}, opens=OFFICE,
        press="main form[method=post] .btn-primary",
    ),
    # Running the portal.
    Stop("audit", opens=AUDITORS),
    Stop("audit", "nothing-found", query="?q=khong-co-gi-het", opens=AUDITORS),
    Stop("jobs", opens=AUDITORS),
    Stop("people", opens=ADMIN),
    Stop("person", "", {"user_id": "{person}"}, opens=ADMIN),
    Stop("person", "invited", {"user_id": "{invited}"}, opens=ADMIN),
    Stop("person_new", opens=ADMIN),
    Stop("person_new", "refused", press="main form button.btn-primary", opens=ADMIN),
    Stop("api_clients", opens=ADMIN),
    Stop("api_docs", ready=".opblock"),
)  # fmt: skip

# What is no page, and what it is instead. An act answers a form and nothing else: that is proved.
ACT, FILE, PART, SERVICE = "act", "file", "part of a page", "for programs"
NO_PAGE: dict[str, str] = {
    **dict.fromkeys(
        (
            "api_client_change", "comment_add", "comment_seen", "criteria_publish", "history_import_confirm",
            "history_import_discard", "person_account", "reminder_dismiss", "report_approve", "report_reopen",
            "role_add", "role_change", "job_cancel", "job_retry", "job_start",
            "evaluations_retry", "household_import_check", "household_import_confirm", "household_import_discard",
            "household_import_undo", "household_import_words", "opening_list_check", "opening_list_discard",
            "opening_list_record", "letters_retry", "set_language", "set_theme",
            "verification_save", "logout", "oauth_token", "review_move", "review_paper", "review_reopen",
            "ocop_photos", "ocop_sheets", "ocop_move", "ocop_notice_dismiss", "budget_import_confirm",
            "budget_import_discard", "budget_import_undo", "budget_import_words",
            "document_act",
            "difficulty_move", "task_file_new", "task_move", "task_step", "task_step_new",
        ),
        ACT,
    ),
    **dict.fromkeys(
        (
            "attainment_export", "audit_export", "completeness_export", "evidence_file", "evidence_thumbnail",
            "history_import_file", "history_template", "household_import_faults", "norm_document", "recognition_scan",
            "poverty_flows_chart", "review_file", "opening_list_scan",
            "ocop_export", "ocop_photo", "ocop_thumbnail", "ocop_scan_file", "budget_import_file",
            "measure_chart",
            "document_word", "document_excel", "document_chart", "document_template",
            "measure_chart", "difficulty_export", "task_export", "task_file",
        ),
        FILE,
    ),
    "recognition_figures": PART,
    **dict.fromkeys(("healthz", "readyz", "api_schema", "api_unknown"), SERVICE),
}  # fmt: skip
API = "api-"  # how the names of the REST API's routes begin


def stops_of(walker: str, *, route: str = "") -> Iterator[Stop]:
    """Yield what opens to a walker."""
    return (stop for stop in STOPS if walker in stop.opens and route in stop.name)
