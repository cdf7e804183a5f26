"""The form of a report: as a whole form, and cell by cell."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Period, ReportedValue
from indicators.services import reports, values, verification
from tests.factories.world import bring_to, cells, make_report

from .conftest import JSON, cell_of, posted

pytestmark = pytest.mark.django_db


def _values(report):
    return {
        (v.element.code, v.part): values.value_text(v)
        for v in ReportedValue.objects.filter(report=report).select_related("element")
    }


def test_the_form_asks_for_every_cell_of_the_period(as_person, report):
    page = as_person("officer").get(f"/reports/{report.pk}/")
    assert page.status_code == 200
    assert page.context["total"] == 9
    html = page.content.decode()
    for name in ("plan:", "roads:", "insured:male", "insured:female", "water:", "water:17.1.a", "schooling:14.1.c"):
        assert f'name="v:{name}"' in html
    assert 'name="v:insured:"' not in html
    assert 'style="' not in html and "<style" not in html


def test_a_whole_form_saves_the_good_cells_and_shows_the_faulty_ones_back(as_person, report):
    client = as_person("officer")
    data = posted(client.get(f"/reports/{report.pk}/"))
    data |= {"v:roads:": "88,5", "v:houses:": "0", "v:water:": "142", "v:insured:male": "chín mươi", "v:plan:": "true"}
    page = client.post(f"/reports/{report.pk}/", data)
    assert page.status_code == 422
    assert _values(report) == {("roads", ""): "88.5", ("houses", ""): "0", ("plan", ""): "true"}
    water, male = cell_of(page, "water:"), cell_of(page, "insured:male")
    assert (water.typed.raw, male.typed.raw) == ("142", "chín mươi")
    assert "100%" in water.message and "14,2" in water.message
    assert "chín mươi" in male.message
    html = page.content.decode()
    assert 'value="142"' in html and f'href="#{water.id}"' in html


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("abc", "không phải là số"),
        ("1,234.5", "1234,5"),
        ("76.611", "76,611"),
        ("-3", "không được âm"),
        ("142", "Có phải 14,2?"),
    ],
)
def test_what_is_wrong_in_a_cell_is_told_in_the_readers_language(as_person, report, typed, told):
    client = as_person("officer")
    token = cell_of(client.get(f"/reports/{report.pk}/"), "roads:").token
    answer = client.post(f"/reports/{report.pk}/", {"k:roads:": token, "v:roads:": typed, "language": "vi"}, **JSON)
    assert answer.status_code == 422
    cell = answer.json()["cells"]["roads:"]
    assert cell["status"] == "wrong" and told in cell["message"]
    assert not _values(report)


def test_numbers_are_read_in_the_language_the_form_was_shown_in(as_person, report):
    client = as_person("officer")
    token = cell_of(client.get(f"/reports/{report.pk}/"), "roads:").token
    data = {"k:roads:": token, "v:roads:": "88.5"}
    assert client.post(f"/reports/{report.pk}/", data | {"language": "vi"}, **JSON).status_code == 422
    assert client.post(f"/reports/{report.pk}/", data | {"language": "en"}, **JSON).status_code == 200
    assert _values(report) == {("roads", ""): "88.5"}


def test_a_saved_cell_answers_its_lock_outcome_and_counts(as_person, report):
    client = as_person("officer")
    token = cell_of(client.get(f"/reports/{report.pk}/"), "houses:").token
    answer = client.post(f"/reports/{report.pk}/", {"k:houses:": token, "v:houses:": "0", "language": "vi"}, **JSON)
    body = answer.json()
    assert answer.status_code == 200
    assert body["cells"]["houses:"]["status"] == "saved" and body["cells"]["houses:"]["token"] != token
    assert "outcome-met" in body["rows"]["houses"]
    assert (body["entered"], body["total"]) == (1, 9)
    again = {"k:houses:": body["cells"]["houses:"]["token"], "v:houses:": "2", "language": "vi"}
    assert "outcome-not_met" in client.post(f"/reports/{report.pk}/", again, **JSON).json()["rows"]["houses"]


def test_two_windows_never_overwrite_each_other_silently(as_person, report):
    client = as_person("officer")
    shown = posted(client.get(f"/reports/{report.pk}/"))
    url = f"/reports/{report.pk}/"
    client.post(url, shown | {"v:roads:": "70"})
    second = client.post(url, shown | {"v:roads:": "80", "v:water:": "66"})
    assert second.status_code == 409
    assert _values(report) == {("roads", ""): "70", ("water", ""): "66"}
    cell = cell_of(second, "roads:")
    assert cell.status == "conflict" and cell.typed.raw == "80" and "70" in cell.message

    data = posted(second)
    assert client.post(url, data).status_code == 409, "saving again without a choice still overwrites nothing"
    kept = client.post(url, data | {"mine": f"roads:@{cell.conflict_lock}"})
    assert kept.status_code == 302 and _values(report)["roads", ""] == "80"


def test_the_value_of_the_other_window_can_be_taken(as_person, report):
    client = as_person("officer")
    url = f"/reports/{report.pk}/"
    shown = posted(client.get(url))
    client.post(url, shown | {"v:roads:": "70"})
    conflict = client.post(url, shown | {"v:roads:": "80"})
    assert client.post(url, posted(conflict) | {"theirs": "roads:"}).status_code == 302
    assert _values(report)["roads", ""] == "70"


def test_cells_that_were_not_touched_are_left_to_others(as_person, report):
    client = as_person("officer")
    url = f"/reports/{report.pk}/"
    shown = posted(client.get(url))
    client.post(url, shown | {"v:roads:": "70"})
    assert client.post(url, shown | {"v:water:": "66"}).status_code == 302
    assert _values(report) == {("roads", ""): "70", ("water", ""): "66"}


def test_a_cell_without_a_number_says_why(as_person, report):
    client = as_person("officer")
    url = f"/reports/{report.pk}/"
    shown = posted(client.get(url))
    page = client.post(url, shown | {"s:roads:": "not_applicable", "s:water:": "no_data"})
    assert page.status_code == 422 and "lý do" in cell_of(page, "roads:").message.lower()
    data = posted(page) | {"r:roads:": "Xã đảo, không có đường này"}
    assert client.post(url, data).status_code == 302
    assert _values(report) == {("roads", ""): "not_applicable", ("water", ""): "no_data"}
    shown = posted(client.get(url))
    assert client.post(url, shown | {"v:roads:": "12"}).status_code == 302
    assert _values(report)["roads", ""] == "12"


def test_a_note_without_a_value_is_not_dropped_silently(as_person, report):
    client = as_person("officer")
    shown = posted(client.get(f"/reports/{report.pk}/"))
    page = client.post(f"/reports/{report.pk}/", shown | {"n:roads:": "Theo biểu 02"})
    assert page.status_code == 422 and cell_of(page, "roads:").typed.note == "Theo biểu 02"
    assert "Ghi chú" in cell_of(page, "roads:").message


def test_an_emptied_cell_is_not_entered_again(as_person, world):
    report = bring_to(world, "draft")
    client = as_person("officer")
    shown = posted(client.get(f"/reports/{report.pk}/"))
    client.post(f"/reports/{report.pk}/", shown | {"v:roads:": "", "v:plan:": "", "s:plan:": "clear"})
    assert ("roads", "") not in _values(report) and ("plan", "") not in _values(report)
    assert _values(report)["houses", ""] == "0"


def test_submit_names_every_cell_never_entered_with_a_link(as_person, world):
    report = make_report(world)
    values.save_values(
        by=world.people["officer"],
        report_id=report.pk,
        cells=cells({("roads", ""): None, ("insured", "male"): None}),
        all_or_none=True,
    )
    client = as_person("officer")
    shown = posted(client.get(f"/reports/{report.pk}/"))
    page = client.post(f"/reports/{report.pk}/", shown | {"action": "submit"})
    assert page.status_code == 422
    html = page.content.decode()
    assert 'href="#c-roads-all"' in html and 'href="#c-insured-male"' in html
    done = client.post(f"/reports/{report.pk}/", shown | {"action": "submit", "v:roads:": "90", "v:insured:male": "95"})
    report.refresh_from_db()
    assert done.status_code == 302 and report.status == "submitted"


def test_values_of_the_last_approved_period_are_shown_and_fill_empty_cells_only(as_person, world):
    from datetime import date

    earlier = Period.objects.create(
        code="2022", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31), due_on=date(2023, 1, 15)
    )
    bring_to(world, "approved", report=make_report(world, period=earlier))
    report = make_report(world)
    client = as_person("officer")
    page = client.get(f"/reports/{report.pk}/")
    assert cell_of(page, "roads:").previous == "88,5%" and cell_of(page, "plan:").previous == "đạt"
    client.post(f"/reports/{report.pk}/", posted(page) | {"v:roads:": "50"})
    told = client.post(f"/reports/{report.pk}/", {"action": "copy"}, follow=True).content.decode()
    assert "ô trống bằng số năm 2022." in told
    stored = _values(report)
    assert len(stored) == 9
    assert stored["roads", ""] == "50" and stored["water", ""] == "70" and stored["houses", ""] == "0"


def test_a_submitted_report_is_read_only_and_late_typing_is_named(as_person, world):
    report = bring_to(world, "draft")
    client = as_person("officer")
    shown = posted(client.get(f"/reports/{report.pk}/"))
    reports.submit(by=world.people["officer"], report_id=report.pk)
    assert 'name="v:roads:"' not in client.get(f"/reports/{report.pk}/").content.decode()
    late = client.post(f"/reports/{report.pk}/", shown | {"v:roads:": "12,5"})
    assert late.status_code == 409 and "12,5" in late.content.decode()
    fetched = client.post(f"/reports/{report.pk}/", shown | {"v:roads:": "12,5"}, **JSON)
    assert fetched.status_code == 409 and fetched.json()["stale"] is True
    assert _values(report)["roads", ""] == "88.5"


def test_returned_rows_carry_the_reason(as_person, world):
    report = bring_to(world, "submitted")
    verification.send_back(
        by=world.people["verifier_b"], report_id=report.pk, returns={"roads": "Thiếu biểu tổng hợp đường xã"}
    )
    page = as_person("officer").get(f"/reports/{report.pk}/")
    assert page.content.decode().count("Thiếu biểu tổng hợp đường xã") >= 2
    assert page.context["editable"]


def test_a_foreign_report_is_404_and_a_reader_may_not_type(as_person, report):
    assert as_person("other_officer").get(f"/reports/{report.pk}/").status_code == 404
    assert as_person("other_officer").post(f"/reports/{report.pk}/", {"v:roads:": "1"}).status_code == 404
    leader = as_person("leader")
    assert leader.get(f"/reports/{report.pk}/").status_code == 200
    assert leader.post(f"/reports/{report.pk}/", {"v:roads:": "1"}).status_code == 403


def test_a_json_call_without_a_session_is_401(client, report):
    assert client.post(f"/reports/{report.pk}/", {"v:roads:": "1"}, **JSON).status_code == 401


def _queries(call) -> int:
    with CaptureQueriesContext(connection) as found:
        call()
    return len([q for q in found if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_the_page_costs_the_same_empty_and_full(as_person, world, report):
    client = as_person("officer")
    client.get(f"/reports/{report.pk}/")
    empty = _queries(lambda: client.get(f"/reports/{report.pk}/"))
    values.save_values(by=world.people["officer"], report_id=report.pk, cells=cells(), all_or_none=True)
    full = _queries(lambda: client.get(f"/reports/{report.pk}/"))
    assert empty == full <= 19


def test_saving_one_cell_stays_cheap(as_person, report):
    client = as_person("officer")
    token = cell_of(client.get(f"/reports/{report.pk}/"), "roads:").token
    data = {"k:roads:": token, "v:roads:": "88,5", "language": "vi"}
    assert _queries(lambda: client.post(f"/reports/{report.pk}/", data, **JSON)) <= 16
