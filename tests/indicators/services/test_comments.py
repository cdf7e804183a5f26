"""Threads: both sides of one report write, once, for good; each sees what the other said and it has not read."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.scope import scope_of
from indicators.models import Comment, CommentSeen, DataElement, Report
from indicators.selectors.comments import ReportMarks, ThreadMark, report_marks, thread_marks
from indicators.services.comments import UnknownElement, comment, mark_seen
from indicators.services.reports import reopen
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid
from mongcai_portal.common.models import AppendOnly
from tests.factories.world import World, bring_to, fresh, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def report(world: World) -> Report:
    return bring_to(world, "submitted")


def say(
    world: World, report: Report, who: str, text: str = "Vì sao?", *, element: str = "roads", **over: Any
) -> Comment:
    given = {"token": uuid4().hex, **over}
    return comment(by=fresh(world.people[who]), report_id=report.pk, element=element, text=text, **given)


def marks(world: World, report: Report, who: str) -> dict[str, ThreadMark]:
    return thread_marks(report, scope_of(fresh(world.people[who])))


def counted(world: World, report: Report, who: str) -> ReportMarks | None:
    return report_marks([report], scope_of(fresh(world.people[who]))).get(report.pk)


@pytest.mark.parametrize(("who", "side"), [("officer", "commune"), ("verifier_b", "review"), ("coordinator", "review")])
def test_both_sides_of_a_report_write(world: World, report: Report, who: str, side: str) -> None:
    row = say(world, report, who, "  Đề nghị\r\ngiải thích  ")
    assert (row.side, row.by, row.text, row.revision) == (side, who, "Đề nghị\ngiải thích", 1)
    event = AuditEvent.objects.get(kind="report.commented")
    assert (event.details["element"], event.details["comment"], event.actor_name) == ("roads", row.pk, who)


@pytest.mark.parametrize("who", ["verifier_a", "leader", "administrator"])
def test_another_office_and_those_without_the_permission_do_not_write(world: World, report: Report, who: str) -> None:
    with pytest.raises(Forbidden):
        say(world, report, who)
    assert not Comment.objects.exists()


def test_a_foreign_report_does_not_exist(world: World, report: Report) -> None:
    with pytest.raises(Report.DoesNotExist):
        say(world, report, "other_officer")
    row = say(world, report, "officer")
    with pytest.raises(Report.DoesNotExist):
        mark_seen(by=fresh(world.people["other_officer"]), report_id=report.pk, element="roads", upto=row.pk)


def test_an_element_that_is_not_asked_for_has_no_thread(world: World, report: Report) -> None:
    with pytest.raises(UnknownElement):
        say(world, report, "officer", element="castles")


@pytest.mark.parametrize(
    ("text", "token", "codes"),
    [
        (" \n ", None, ["required"]),
        ("x" * 2001, None, ["too_long"]),
        ("x", "", ["invalid"]),
        ("x", "Z" * 32, ["invalid"]),
        ("", "no", ["required", "invalid"]),
    ],
)
def test_every_fault_of_a_remark_is_named(
    world: World, report: Report, text: str, token: str | None, codes: list[str]
) -> None:
    with pytest.raises(Invalid) as error:
        say(world, report, "officer", text, **({} if token is None else {"token": token}))
    assert [f.code for f in error.value.faults] == codes
    assert not Comment.objects.exists()


def test_a_remark_of_the_greatest_length_is_stored(world: World, report: Report) -> None:
    assert len(say(world, report, "officer", "Đ" * 2000).text) == 2000


def test_sent_twice_it_is_stored_once(world: World, report: Report) -> None:
    token = uuid4().hex
    first = say(world, report, "officer", token=token)
    assert say(world, report, "officer", token=token) == first
    assert Comment.objects.count() == AuditEvent.objects.filter(kind="report.commented").count() == 1


@pytest.mark.parametrize(
    "over", [{"text": "Khác"}, {"element": "insured"}, {"who": "verifier_b"}], ids=["text", "element", "person"]
)
def test_a_form_that_sent_something_else_is_told(world: World, report: Report, over: dict[str, str]) -> None:
    token = uuid4().hex
    say(world, report, "officer", token=token)
    with pytest.raises(Invalid) as error:
        say(world, report, **{"who": "officer", **over}, token=token)
    assert [f.code for f in error.value.faults] == ["sent_before"]
    assert Comment.objects.get().text == "Vì sao?"


@pytest.mark.parametrize(
    "attempt",
    [lambda row: row.save(), lambda row: row.delete(), lambda row: Comment.objects.update(text="khác")],
    ids=["save", "delete", "update"],
)
def test_a_remark_is_never_edited_or_removed(world: World, report: Report, attempt: Any) -> None:
    row = say(world, report, "officer")
    with pytest.raises(AppendOnly):
        attempt(Comment.objects.get(pk=row.pk))
    assert Comment.objects.get().text == "Vì sao?"


def test_the_other_side_has_it_unread_until_it_reads_or_answers(world: World, report: Report) -> None:
    row = say(world, report, "verifier_b")
    assert marks(world, report, "officer")["roads"] == ThreadMark(1, unread=True, awaited=False)
    assert marks(world, report, "verifier_b")["roads"] == ThreadMark(1, unread=False, awaited=True)
    assert mark_seen(by=fresh(world.people["officer"]), report_id=report.pk, element="roads", upto=row.pk)
    assert marks(world, report, "officer")["roads"] == ThreadMark(1, unread=False, awaited=False)
    assert marks(world, report, "verifier_b")["roads"] == ThreadMark(1, unread=False, awaited=False)
    say(world, report, "officer", "Theo biểu 02")
    assert marks(world, report, "officer")["roads"] == ThreadMark(2, unread=False, awaited=True)
    assert marks(world, report, "verifier_b")["roads"] == ThreadMark(2, unread=True, awaited=False)


def test_an_answer_is_reading_too(world: World, report: Report) -> None:
    say(world, report, "verifier_b")
    say(world, report, "officer", "Theo biểu 02")
    assert not marks(world, report, "officer")["roads"].unread


def test_another_offices_thread_is_no_news_for_this_one(world: World, report: Report) -> None:
    say(world, report, "officer")
    assert not marks(world, report, "verifier_a")["roads"].unread
    assert counted(world, report, "verifier_a") == ReportMarks(unread=0, awaited=1)
    assert counted(world, report, "verifier_b") == ReportMarks(unread=1, awaited=0)
    assert counted(world, report, "coordinator") == ReportMarks(unread=0, awaited=1)
    assert counted(world, report, "leader") is None


def test_reading_is_noted_once_and_never_goes_back(world: World, report: Report) -> None:
    first, second = say(world, report, "verifier_b"), say(world, report, "verifier_b", "Còn nữa")
    officer = fresh(world.people["officer"])
    assert mark_seen(by=officer, report_id=report.pk, element="roads", upto=second.pk)
    assert not mark_seen(by=officer, report_id=report.pk, element="roads", upto=second.pk)
    assert not mark_seen(by=officer, report_id=report.pk, element="roads", upto=first.pk)
    assert CommentSeen.objects.get().upto == second
    assert AuditEvent.objects.filter(kind="report.comments_seen").count() == 1


def test_what_was_said_after_the_page_was_opened_stays_unread(world: World, report: Report) -> None:
    first = say(world, report, "verifier_b")
    say(world, report, "verifier_b", "Còn nữa")
    mark_seen(by=fresh(world.people["officer"]), report_id=report.pk, element="roads", upto=first.pk)
    assert marks(world, report, "officer")["roads"].unread


@pytest.mark.parametrize("who", ["coordinator", "verifier_a", "leader"])
def test_only_those_it_was_meant_for_mark_it_as_read(world: World, report: Report, who: str) -> None:
    row = say(world, report, "officer")
    with pytest.raises(Forbidden):
        mark_seen(by=fresh(world.people[who]), report_id=report.pk, element="roads", upto=row.pk)


def test_a_mark_names_a_remark_of_that_thread(world: World, report: Report) -> None:
    row = say(world, report, "verifier_b", element="insured")
    with pytest.raises(Comment.DoesNotExist):
        mark_seen(by=fresh(world.people["officer"]), report_id=report.pk, element="roads", upto=row.pk)


def test_remarks_stay_when_the_report_is_reopened(world: World) -> None:
    report = bring_to(world, "approved")
    say(world, report, "verifier_b")
    report = reopen(by=world.people["coordinator"], report_id=report.pk, reason="x")
    assert marks(world, report, "officer")["roads"].unread
    assert say(world, report, "officer", "Đã sửa").revision == 2
    assert marks(world, report, "officer")["roads"].total == 2


def _queries(call: Any) -> int:
    with CaptureQueriesContext(connection) as found:
        call()
    return len(found)


def test_marks_cost_the_same_for_two_remarks_and_for_twenty(world: World, report: Report) -> None:
    scope = scope_of(fresh(world.people["officer"]))
    roads = DataElement.objects.get(code="roads")
    fields = {
        "report": report,
        "revision": 1,
        "element": roads,
        "text": "x",
        "by_id": 1,
        "by": "x",
        "at": report.created_at,
    }

    def fill(number: int) -> None:
        Comment.objects.bulk_create(Comment(**fields, side="review", token=uuid4().hex) for _ in range(number))

    fill(2)
    two = _queries(lambda: thread_marks(report, scope)), _queries(lambda: report_marks([report], scope))
    fill(18)
    more = [report, make_report(world, unit=world.communes[1])]
    twenty = _queries(lambda: thread_marks(report, scope)), _queries(lambda: report_marks(more, scope))
    assert two == twenty == (2, 2)
    assert thread_marks(report, scope)["roads"].total == 20
