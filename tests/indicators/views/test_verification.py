"""Verification by office, and the coordinator's approval, return and reopening."""

from __future__ import annotations

import pytest

from indicators.models import Judgement, Verdict
from indicators.services import reports, values, verification
from tests.factories.world import bring_to, cells, make_report

pytestmark = pytest.mark.django_db


def _tokens(page):
    return {
        f"seen:{v.row.element}": v.token
        for group in page.context["offices"]
        for v in group.rows
        if v.may_verify or v.may_return
    }


def _verdicts(report):
    return {v.element.code: v.state for v in Verdict.objects.filter(report=report).select_related("element")}


def _save(client, report, data, page=None):
    page = page or client.get(f"/reports/{report.pk}/verify/")
    return client.post(f"/reports/{report.pk}/verdicts/", _tokens(page) | data)


def test_an_office_verifies_its_rows_and_judges_where_no_norm_is_known(as_person, world):
    report = bring_to(world, "submitted")
    client = as_person("verifier_b")
    page = client.get(f"/reports/{report.pk}/verify/")
    assert set(_tokens(page)) == {"seen:roads", "seen:insured", "seen:schooling"}
    assert 'name="j:roads:SMALL"' in page.content.decode()
    assert 'name="j:insured:SMALL"' not in page.content.decode()
    assert _save(client, report, {"action": "rest", "j:roads:SMALL": "met"}).status_code == 302
    states = _verdicts(report)
    assert {code for code, state in states.items() if state == "verified"} == {"roads", "insured", "schooling"}
    assert Judgement.objects.get(report=report).outcome == "met"
    shown = client.get(f"/reports/{report.pk}/verify/").content.decode()
    assert "thẩm định của phòng ban" in shown


def test_the_office_sees_what_is_said_not_to_apply_and_why(as_person, world):
    report = make_report(world)
    said = values.CellInput("houses", state="not_applicable", reason="Không có nhà tạm")
    values.save_values(
        by=world.people["officer"], report_id=report.pk, cells=[*cells({("houses", ""): None}), said], all_or_none=True
    )
    reports.submit(by=world.people["officer"], report_id=report.pk)
    page = as_person("verifier_all").get(f"/reports/{report.pk}/verify/").content.decode()
    assert "không áp dụng" in page and "Không có nhà tạm" in page


def test_a_return_needs_its_reason_and_nothing_is_stored_without(as_person, world):
    report = bring_to(world, "submitted")
    client = as_person("verifier_b")
    page = _save(client, report, {"d:roads": "return", "d:insured": "verify"})
    assert page.status_code == 422 and "Ghi lý do trả lại" in page.content.decode()
    assert set(_verdicts(report).values()) == {"open"}
    done = _save(client, report, {"d:roads": "return", "reason:roads": "Thiếu biểu", "d:insured": "verify"})
    assert done.status_code == 302
    states = _verdicts(report)
    assert (states["roads"], states["insured"], states["plan"]) == ("returned", "verified", "open")
    report.refresh_from_db()
    assert report.status == "returned"


def test_a_typed_reason_is_kept_when_the_form_is_refused(as_person, world):
    report = bring_to(world, "submitted")
    page = _save(
        as_person("verifier_b"),
        report,
        {"d:roads": "return", "d:insured": "return", "reason:insured": "Chưa tách nam, nữ"},
    )
    assert page.status_code == 422 and 'value="Chưa tách nam, nữ"' in page.content.decode()


def test_a_value_that_changed_since_it_was_shown_is_not_verified_unseen(as_person, world):
    report = bring_to(world, "submitted")
    verifier = as_person("verifier_b")
    _save(as_person("verifier_a"), report, {"d:plan": "return", "reason:plan": "Thiếu quyết định"})
    before = verifier.get(f"/reports/{report.pk}/verify/")
    values.save_values(
        by=world.people["officer"],
        report_id=report.pk,
        cells=[values.CellInput("insured", "male", raw="91", language="plain")],
        all_or_none=True,
    )
    answer = _save(verifier, report, {"d:insured": "verify"}, page=before)
    assert answer.status_code == 409 and "vừa thay đổi" in answer.content.decode()
    assert _verdicts(report)["insured"] == "open"


def test_another_offices_rows_offer_nothing(as_person, world):
    report = bring_to(world, "submitted")
    page = as_person("verifier_a").get(f"/reports/{report.pk}/verify/").content.decode()
    assert 'name="d:plan"' in page and 'name="d:roads"' not in page
    forced = as_person("verifier_a").post(f"/reports/{report.pk}/verdicts/", {"seen:roads": "x", "d:roads": "verify"})
    assert forced.status_code in (403, 409) and _verdicts(report)["roads"] == "open"


def test_the_coordinator_approves_once_and_the_second_window_is_told(as_person, world):
    report = bring_to(world, "verified")
    first, second = as_person("coordinator"), as_person("coordinator")
    lock = first.get(f"/reports/{report.pk}/verify/").context["report"].lock
    assert first.post(f"/reports/{report.pk}/approve/", {"lock": lock}).status_code == 302
    told = second.post(f"/reports/{report.pk}/approve/", {"lock": lock})
    assert told.status_code == 409
    assert "đã được phê duyệt lúc" in told.content.decode() and "bởi coordinator" in told.content.decode()


def test_the_coordinator_sends_back_any_row_after_verification(as_person, world):
    report = bring_to(world, "verified")
    client = as_person("coordinator")
    assert _save(client, report, {"d:houses": "return", "reason:houses": "Số nhà tạm chưa khớp"}).status_code == 302
    report.refresh_from_db()
    assert report.status == "returned" and _verdicts(report)["houses"] == "returned"


def test_reopening_needs_a_reason(as_person, world):
    report = bring_to(world, "approved")
    client = as_person("coordinator")
    assert client.post(f"/reports/{report.pk}/reopen/", {"reason": " "}).status_code == 422
    assert client.post(f"/reports/{report.pk}/reopen/", {"reason": "Sai số hộ"}).status_code == 302
    report.refresh_from_db()
    assert (report.status, report.revision, report.approved_revision) == ("draft", 2, 1)
    assert "Sai số hộ" in client.get(f"/reports/{report.pk}/verify/").content.decode()


@pytest.mark.parametrize("name", ["officer", "leader", "verifier_a"])
def test_only_the_coordinator_approves(as_person, world, name):
    report = bring_to(world, "verified")
    assert as_person(name).post(f"/reports/{report.pk}/approve/", {}).status_code == 403
    report.refresh_from_db()
    assert report.status == "verified"


def test_a_foreign_report_is_404(as_person, world):
    report = bring_to(world, "submitted")
    assert as_person("other_officer").get(f"/reports/{report.pk}/verify/").status_code == 404


def test_history_names_who_did_what(as_person, world):
    report = bring_to(world, "approved")
    reports.reopen(by=world.people["coordinator"], report_id=report.pk, reason="Bổ sung")
    events = as_person("coordinator").get(f"/reports/{report.pk}/verify/").context["history"]
    assert [(e.icon, e.by) for e in events] == [
        ("file-text", "coordinator"),
        ("send", "officer"),
        ("clipboard-check", "verifier_all"),
        ("circle-check", "coordinator"),
        ("lock-open", "coordinator"),
    ]


def test_history_keeps_the_send_back_and_its_reasons_after_the_report_came_again(as_person, world):
    report = bring_to(world, "submitted")
    verification.send_back(by=world.people["verifier_b"], report_id=report.pk, returns={"roads": "Thiếu biểu đường"})
    bring_to(world, "submitted", report=report, changes={("roads", ""): "90"})
    for path in (f"/reports/{report.pk}/", f"/reports/{report.pk}/verify/"):
        page = as_person("coordinator").get(path)
        events = page.context["history"]
        assert [(e.icon, e.by) for e in events] == [
            ("file-text", "coordinator"),
            ("send", "officer"),
            ("arrow-back-up", "verifier_b"),
            ("send", "officer"),
        ]
        assert events[2].returns == (("1.2 Số liệu roads", "Thiếu biểu đường"),)
        assert "1.2 Số liệu roads: Thiếu biểu đường" in page.content.decode()


@pytest.mark.parametrize("lock", ["²", "9" * 5000, "-1"])
def test_a_garbled_lock_approves_nothing(as_person, world, lock):
    report = bring_to(world, "verified")
    assert as_person("coordinator").post(f"/reports/{report.pk}/approve/", {"lock": lock}).status_code == 409
    report.refresh_from_db()
    assert report.status == "verified"
