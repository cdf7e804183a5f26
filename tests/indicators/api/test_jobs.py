"""Long work over the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from mongcai_portal.common.models import Job
from tests.factories.clients import make_caller

pytestmark = pytest.mark.django_db


def put(kind: str, **values: Any) -> Job:
    moment = timezone.now()
    return Job.objects.create(kind=kind, **{"asked_at": moment, "not_before": moment, **values})


def test_a_job_tells_state_progress_result_and_error() -> None:
    done = put("recheck", state="done", result={"pairs": 27, "differences": 0}, finished_at=timezone.now(), attempts=1)
    job = put("recheck", state="running", done=3, total=9, attempts=2, error="OperationalError", asked_by="Quản trị")
    body = make_caller("coordinator").get(f"jobs/{job.pk}/").json()
    assert (body["id"], body["kind"], body["label"], body["state"]) == (
        job.pk, "recheck", "Đối chiếu lại mọi kết quả", "running",
    )  # fmt: skip
    assert body["progress"] == {"done": 3, "total": 9}
    assert body["error"]["code"] == "OperationalError" and "Cơ sở dữ liệu" in body["error"]["detail"]
    assert (body["attempts"], body["asked_by"], body["finished_at"]) == (2, "Quản trị", None)
    body = make_caller("administrator").get(f"jobs/{done.pk}/").json()
    assert (body["state"], body["result"], body["error"]) == ("done", {"pairs": 27, "differences": 0}, None)
    assert body["progress"] == {"done": 0, "total": None}


def test_jobs_are_listed_newest_first_and_filtered() -> None:
    first, second = put("recheck"), put("evaluate_all")
    caller = make_caller("coordinator")
    assert [one["id"] for one in caller.get("jobs/").json()["results"]] == [second.pk, first.pk]
    assert [one["id"] for one in caller.get("jobs/?kind=recheck&state=waiting").json()["results"]] == [first.pk]
    assert caller.get("jobs/?state=running").json()["results"] == []
    assert caller.get("jobs/?state=sleeping").status_code == 400
    assert caller.get("jobs/?color=red").status_code == 400


def test_who_may_not_see_jobs_is_refused_and_an_unknown_one_is_not_found() -> None:
    job = put("recheck")
    assert make_caller("leader").get(f"jobs/{job.pk}/").status_code == 403
    assert make_caller("leader").get("jobs/").status_code == 403
    assert make_caller("coordinator").get("jobs/404404/").status_code == 404
