"""Evidence on the pages: plain forms and scripts, who is served a file, and how."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Evidence, Report
from indicators.services.evaluation import evaluate
from indicators.services.evidence import attach
from tests.factories import files
from tests.factories.files import upload
from tests.factories.world import World, bring_to, fresh, make_report
from tests.indicators.views.conftest import posted

SCRIPT = {"headers": {"hx-request": "true"}}


def page_of(report: Report, element: str = "roads") -> str:
    return f"/reports/{report.pk}/evidence/{element}/"


def attached(world: World, report: Report, *sent: Any, who: str = "officer", element: str = "roads") -> Evidence:
    sent = sent or (upload("Biên bản nghiệm thu.pdf"),)
    return attach(by=fresh(world.people[who]), report_id=report.pk, element=element, files=sent).added[0]


def file_of(row: Evidence) -> str:
    return f"/reports/{row.report_id}/evidence/{row.pk}/file/"


def test_a_plain_form_attaches_and_removes(world, report, as_person):
    officer = as_person("officer")
    page = officer.get(page_of(report))
    assert 'enctype="multipart/form-data"' in page.content.decode()
    answer = officer.post(page_of(report), {"files": [upload("a.pdf"), upload("b.png")]}, follow=True)
    text = answer.content.decode()
    assert "Đã thêm 2 tệp." in text and "a.pdf" in text and "b.png" in text
    row = Evidence.objects.get(name="a.pdf")
    answer = officer.post(page_of(report), {"remove": row.pk}, follow=True)
    assert "Đã bỏ “a.pdf”." in answer.content.decode()
    assert list(Evidence.objects.values_list("name", flat=True)) == ["b.png"]
    assert "đã được bỏ trước đó" in officer.post(page_of(report), {"remove": row.pk}, follow=True).content.decode()


@pytest.mark.parametrize("given", ["", "x", "²", "9" * 30])
def test_a_made_up_row_to_remove_changes_nothing(world, report, as_person, given):
    attached(world, report)
    assert as_person("officer").post(page_of(report), {"remove": given}).status_code == 302
    assert Evidence.objects.count() == 1


def test_faults_are_named_beside_the_value_and_nothing_is_stored(world, report, as_person):
    sent = [upload("tốt.pdf"), upload("giả.pdf", files.EXE), upload("hình.svg", files.SVG)]
    for more, shell in (({}, True), (SCRIPT, False)):
        for file in sent:
            file.seek(0)
        answer = as_person("officer").post(page_of(report), {"files": sent}, **more)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert ("<html" in text) is shell
        assert "Lần gửi này không tệp nào được lưu." in text
        assert "“giả.pdf” không phải là tệp PDF: nội dung là EXE." in text and "“hình.svg” không thuộc loại" in text
    assert not Evidence.objects.exists()


def test_a_script_gets_the_part_of_the_value_back(world, report, as_person):
    answer = as_person("officer").post(page_of(report), {"files": [upload("a.pdf")]}, **SCRIPT)
    text = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in text
    assert 'data-evidence="roads"' in text and 'data-count="1"' in text and "Đã thêm 1 tệp." in text


def test_a_submitted_report_says_so(world, report, as_person):
    bring_to(world, "submitted", report=report)
    answer = as_person("officer").post(page_of(report), {"files": [upload("a.pdf")]}, **SCRIPT)
    assert answer.status_code == 409
    assert "Báo cáo đã được trình" in answer.content.decode()


def test_typed_cells_are_saved_on_the_way_to_the_evidence_of_a_value(world, report, as_person):
    officer = as_person("officer")
    data = posted(officer.get(f"/reports/{report.pk}/")) | {"v:roads:": "88,5", "action": "evidence:roads"}
    answer = officer.post(f"/reports/{report.pk}/", data)
    assert answer["Location"] == page_of(report)
    assert report.values.get(element__code="roads").number == 88.5
    data |= {"v:roads:": "nhiều"}
    answer = officer.post(f"/reports/{report.pk}/", data)
    assert answer.status_code == 422 and "nhiều" in answer.content.decode()


def test_files_stand_on_the_form_beside_the_value_for_the_verifier_and_in_the_explanation(world, report, as_person):
    row = attached(world, report)
    bring_to(world, "approved", report=report)
    evaluate()
    for who, path in (
        ("officer", f"/reports/{report.pk}/"),
        ("verifier_b", f"/reports/{report.pk}/verify/"),
        ("coordinator", f"/reports/{report.pk}/verify/"),
        ("leader", f"/attainment/{world.commune.uid}/"),
        ("leader", page_of(report)),
    ):
        text = as_person(who).get(path).content.decode()
        assert row.name in text and file_of(row) in text and 'data-preview="frame"' in text, path
        assert 'name="remove"' not in text


def test_a_note_on_a_value_is_shown_to_the_verifier(world, report, as_person):
    from indicators.services.values import CellInput, save_values

    cell = CellInput(element="roads", raw="88.5", language="plain", note="Theo biên bản 12/2023")
    save_values(by=world.people["officer"], report_id=report.pk, cells=[cell], all_or_none=True)
    bring_to(world, "submitted", report=report)
    assert "Theo biên bản 12/2023" in as_person("verifier_b").get(f"/reports/{report.pk}/verify/").content.decode()


def test_a_verifier_is_told_when_the_evidence_changed_under_the_window(world, report, as_person):
    bring_to(world, "submitted", report=report)
    verifier = as_person("verifier_all")
    page = verifier.get(f"/reports/{report.pk}/verify/")
    token = next(v.token for group in page.context["offices"] for v in group.rows if v.row.element == "roads")
    Report.objects.filter(pk=report.pk).update(status="returned")
    attached(world, report)
    data = {"seen:roads": token, "d:roads": "verify"}
    answer = verifier.post(f"/reports/{report.pk}/verdicts/", data)
    assert answer.status_code == 409 and "vừa thay đổi" in answer.content.decode()


def test_the_explanation_shows_the_files_of_the_approved_revision(world, report, as_person):
    from indicators.services.evidence import remove
    from indicators.services.reports import reopen

    row = attached(world, report)
    bring_to(world, "approved", report=report)
    evaluate()
    reopen(by=world.people["coordinator"], report_id=report.pk, reason="Sai")
    remove(by=fresh(world.people["officer"]), report_id=report.pk, evidence_id=row.pk)
    attached(world, report, upload("mới.pdf", files.pdf_bytes("mới")))
    for path in (f"/attainment/{world.commune.uid}/", f"/reports/{report.pk}/revisions/1/"):
        text = as_person("leader").get(path).content.decode()
        assert row.name in text and "mới.pdf" not in text, path
    assert row.name in as_person("officer").get(page_of(report) + "?revision=1").content.decode()
    assert row.name not in as_person("officer").get(page_of(report)).content.decode()
    for odd in ("0", "9", "x", "²"):
        assert as_person("officer").get(f"{page_of(report)}?revision={odd}").context["revision"] == 2


def test_a_file_is_served_with_its_vietnamese_name_and_nothing_may_be_made_of_it(world, report, as_person):
    content = files.pdf_bytes("Biên bản")
    row = attached(world, report, upload("Biên bản nghiệm thu.pdf", content))
    shown = as_person("officer").get(file_of(row))
    assert b"".join(shown.streaming_content) == content
    assert shown["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"] == f"inline; filename*=utf-8''{quote(row.name)}"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Cache-Control"] == "private, no-store"
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    kept = as_person("officer").get(file_of(row) + "?download")
    assert kept["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(row.name)}"
    assert kept["X-Frame-Options"] == "DENY"
    assert "sandbox" in kept["Content-Security-Policy"]


def test_pictures_are_sandboxed_and_office_files_only_downloaded(world, report, as_person):
    officer = as_person("officer")
    picture = attached(world, report, upload("a.png"))
    shown = officer.get(file_of(picture))
    assert shown["Content-Disposition"].startswith("inline") and "sandbox" in shown["Content-Security-Policy"]
    small = officer.get(f"/reports/{report.pk}/evidence/{picture.pk}/thumbnail/")
    assert small["Content-Type"] == "image/webp" and small["Cache-Control"] == "private, no-store"
    table = attached(world, report, upload("a.xlsx"))
    assert officer.get(file_of(table))["Content-Disposition"].startswith("attachment")
    assert officer.get(f"/reports/{report.pk}/evidence/{table.pk}/thumbnail/").status_code == 404


def test_no_other_page_may_be_framed(report, as_person):
    page = as_person("officer").get(f"/reports/{report.pk}/")
    assert page["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("what", ["file", "thumbnail"])
def test_a_file_is_served_to_those_in_scope_only(world, report, as_person, client, what):
    row = attached(world, report, upload("a.png"))
    path = f"/reports/{report.pk}/evidence/{row.pk}/{what}/"
    for who in ("officer", "verifier_a", "coordinator", "leader"):
        assert as_person(who).get(path).status_code == 200, who
    assert as_person("other_officer").get(path).status_code == 404
    own = make_report(world, unit=world.communes[1])
    # Nor can a file of another report be reached through a report of one's own.
    around = f"/reports/{own.pk}/evidence/{row.pk}/{what}/"
    assert as_person("other_officer").get(around).status_code == 404
    assert client.get(path).status_code == 302
    assert as_person("officer").post(path).status_code == 405


def test_others_may_look_but_not_attach(world, report, as_person):
    for who, status in (("verifier_a", 403), ("leader", 403), ("other_officer", 404)):
        answer = as_person(who).post(page_of(report), {"files": [upload("a.pdf")]})
        assert answer.status_code == status, who
    assert as_person("other_officer").get(page_of(report)).status_code == 404
    assert "data-evidence-input" not in as_person("verifier_a").get(page_of(report)).content.decode()
    assert as_person("officer").get(page_of(report, "no_such")).status_code == 404
    assert not Evidence.objects.exists()


def test_a_row_without_its_file_is_not_found(world, report, as_person):
    row = attached(world, report)
    row.file.storage.delete(row.file.name)
    assert as_person("officer").get(file_of(row)).status_code == 404


@pytest.mark.parametrize("path", ["", "verify/"])
def test_the_cost_of_a_report_does_not_grow_with_its_files(world, report, as_person, path):
    client = as_person("verifier_all")
    client.get(f"/reports/{report.pk}/{path}")  # a process learns the period's criteria once
    counts = []
    for count in (2, 18):
        for n in range(count):
            element = ("roads", "plan")[n % 2]
            attached(world, report, upload("a.pdf", files.pdf_bytes(f"{count} {n}")), element=element)
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/reports/{report.pk}/{path}").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]
