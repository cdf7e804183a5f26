"""`/jobs/`: what runs, what ran and when the rest will; who may do something about it; quiet while nothing changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import EvaluationRequest, Reminder
from indicators.services.evaluation import run_requests
from mongcai_portal.common import heartbeats, jobs
from mongcai_portal.common.models import Job, ScheduledTask
from tests.factories.world import World, bring_to, make_communes, make_report

FRAGMENT = {"headers": {"HX-Request": "true"}}


def text(answer: Any) -> str:
    """The page without tags, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def put(kind: str, **values: Any) -> Job:
    moment = timezone.now()
    ended = {"finished_at": moment} if values.get("state") in ("done", "failed", "cancelled") else {}
    return Job.objects.create(kind=kind, **{"asked_at": moment, "not_before": moment, **ended, **values})


@pytest.mark.parametrize(
    ("name", "code"),
    [("administrator", 200), ("coordinator", 200), ("leader", 403), ("officer", 403), ("verifier_a", 403)],
)
def test_who_opens_the_page(as_person: Callable[[str], Client], name: str, code: int) -> None:
    assert as_person(name).get("/jobs/").status_code == code


def test_work_stands_with_progress_error_and_attempts_in_words(
    world: World, as_person: Callable[[str], Client]
) -> None:
    now = timezone.now()
    put("recheck", state="running", done=400, total=1600, attempts=2, taken_at=now, asked_by="Quản trị")
    put("evaluate_all", not_before=now + timedelta(minutes=2), attempts=1, error="OperationalError")
    put("recheck", state="done", result={"pairs": 1600, "differences": 3}, attempts=1)
    put("remove_unused_files", state="failed", error="lost", attempts=3)
    put("clear_past_work", state="cancelled", cancelled_by="Lê Thị Quản Trị")
    page = text(as_person("administrator").get("/jobs/"))
    assert "đang chạy 400/1600" in page and "lần chạy thứ 2, nhiều nhất 3 lần" in page
    assert "chờ chạy lại lúc" in page and "Cơ sở dữ liệu không trả lời" in page
    assert "Đã tính lại 1600 báo cáo để so: 3 sai khác" in page
    assert "không chạy được" in page and "Bộ xử lý dừng giữa chừng" in page
    assert "Lê Thị Quản Trị đã hủy" in page


def test_an_evaluation_stands_with_its_commune_and_what_failed(
    world: World, as_person: Callable[[str], Client]
) -> None:
    report = bring_to(world, "approved")
    EvaluationRequest.objects.update(error="ValueError: secret of 10.1.2.3", attempts=4)
    page = text(as_person("administrator").get("/jobs/"))
    assert f"Xã Thử 1 · {report.period.code}" in page
    assert "lỗi, sẽ tự chạy lại" in page and "ValueError" in page and "10.1.2.3" not in page
    assert "1 báo cáo tính bị lỗi" in page and "Tính lại ngay" in page
    EvaluationRequest.objects.update(error="", attempts=0)
    run_requests()
    page = text(as_person("administrator").get("/jobs/"))
    assert "Không có việc nào đang chờ" in page and f"Xã Thử 1 · {report.period.code}" in page


def test_only_who_manages_is_offered_buttons_and_a_forged_one_is_refused(
    world: World, as_person: Callable[[str], Client]
) -> None:
    job = put("recheck")
    ended = put("evaluate_all", state="failed", error="OSError")
    admin, other = as_person("administrator"), as_person("coordinator")
    places = [f"/jobs/{job.pk}/cancel/", f"/jobs/{ended.pk}/retry/", "/jobs/start/"]
    for place in places:
        assert place in admin.get("/jobs/").content.decode()
        assert place not in other.get("/jobs/").content.decode()
        assert other.post(place, {"kind": "clear_past_work"}).status_code == 403
    assert set(Job.objects.values_list("state", flat=True)) == {"waiting", "failed"}


def test_cancel_retry_and_start_say_what_came_of_them(as_person: Callable[[str], Client]) -> None:
    admin = as_person("administrator")
    job = put("recheck")
    assert "đã hủy, việc này không chạy nữa" in text(admin.post(f"/jobs/{job.pk}/cancel/", follow=True))
    assert "đã được xử lý ở cửa sổ khác" in text(admin.post(f"/jobs/{job.pk}/cancel/", follow=True))
    assert "xếp vào hàng chờ để chạy lại" in text(admin.post(f"/jobs/{job.pk}/retry/", follow=True))
    Job.objects.update(state="running", taken_at=timezone.now())
    assert "đang dừng ở bước kế tiếp" in text(admin.post(f"/jobs/{job.pk}/cancel/", follow=True))
    assert "đã xếp vào hàng chờ" in text(admin.post("/jobs/start/", {"kind": "clear_past_work"}, follow=True))
    assert "Không có công việc “rm”" in text(admin.post("/jobs/start/", {"kind": "rm"}, follow=True))
    assert "Không còn báo cáo nào" in text(admin.post("/jobs/evaluations/retry/", follow=True))
    assert "Không còn thư nào" in text(admin.post("/jobs/letters/retry/", follow=True))
    assert admin.post("/jobs/404404/cancel/").status_code == 404
    assert admin.get(f"/jobs/{job.pk}/cancel/").status_code == 405


def test_letters_that_wait_or_were_given_up_are_counted(world: World, as_person: Callable[[str], Client]) -> None:
    for unit, mail, error in ((0, "waiting", ""), (1, "failed", "SMTPServerDisconnected: mail.example")):
        Reminder.objects.create(
            period=world.period, unit=world.communes[unit], recipient=world.people["officer"], kind="overdue",
            day=timezone.localdate(), created_at=timezone.now(), mail=mail, error=error, attempts=6 if error else 0,
        )  # fmt: skip
    page = text(as_person("administrator").get("/jobs/"))
    assert "1 lời nhắc chờ gửi thư" in page
    assert "1 thư không gửi được Nhắc nộp báo cáo: 1 thư, gửi nhiều nhất 6 lần; lần cuối:" in page
    assert "không kết nối được máy chủ thư (SMTPServerDisconnected) Gửi lại" in page and "mail.example" not in page


def test_the_page_polls_and_is_answered_only_when_something_changed(as_person: Callable[[str], Client]) -> None:
    admin = as_person("administrator")
    page = admin.get("/jobs/").content.decode()
    [place] = re.findall(r'id="work" hx-get="([^"]+)"', page)
    assert admin.get(place, **FRAGMENT).status_code == 204
    assert admin.get(place).status_code == 200, "an address that someone opens is a page"
    job = put("recheck", state="running", done=1, total=4, taken_at=timezone.now())
    answer = admin.get(place, **FRAGMENT)
    assert answer.status_code == 200 and "1/4" in text(answer)
    [place] = re.findall(r'id="work" hx-get="([^"]+)"', answer.content.decode())
    assert admin.get(place, **FRAGMENT).status_code == 204
    Job.objects.filter(pk=job.pk).update(done=2)
    assert "2/4" in text(admin.get(place, **FRAGMENT))


def test_silent_workers_and_a_late_schedule_are_told(as_person: Callable[[str], Client]) -> None:
    heartbeats.beat("beat")
    past = timezone.now() - timedelta(minutes=5)
    ScheduledTask.objects.create(name="recheck", last_at=past, next_at=past)
    page = text(as_person("administrator").get("/jobs/"))
    assert "Bộ hẹn giờ: đang hoạt động" in page
    assert "Tính kết quả: im lặng, chưa lần nào" in page
    assert "hằng ngày lúc 01:30" in page and "lẽ ra đã chạy lúc" in page
    assert "bộ hẹn giờ chưa báo" in page


def test_past_work_is_read_in_pages_without_a_gap(world: World, as_person: Callable[[str], Client]) -> None:
    start = timezone.now()
    for n in range(70):
        put("recheck", state="done", result={"pairs": n, "differences": 0}, finished_at=start - timedelta(minutes=n))
    admin, place, seen = as_person("administrator"), "/jobs/", []
    while place and len(seen) < 100:
        answer = admin.get(place)
        seen += [int(n) for n in re.findall(r"Đã tính lại (\d+) báo cáo", text(answer))]
        older = re.findall(r'id="older" rel="next" href="([^"]+)"', answer.content.decode())
        place = older[0] if older else ""
    assert seen == list(range(70)) and place == ""
    assert admin.get("/jobs/?before=nonsense").status_code == 200


def test_the_page_costs_the_same_with_two_rows_and_with_many(world: World, as_person: Callable[[str], Client]) -> None:
    admin = as_person("administrator")

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            assert admin.get("/jobs/").status_code == 200
        return len(found)

    bring_to(world, "approved")
    put("recheck", state="done", result={"pairs": 1, "differences": 0})
    count()  # a session's first page costs more
    few = count()
    for unit in make_communes(world.town, 8, start=10):
        make_report(world, unit=unit)
        EvaluationRequest.objects.create(unit=unit, period=world.period, requested_at=timezone.now())
    for _ in range(40):
        put("recheck", state="done", result={"pairs": 1, "differences": 0})
    for kind in jobs.kinds():
        put(kind.code)
    assert count() == few
