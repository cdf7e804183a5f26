"""What beat tells of its schedule, and on which queue each task travels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery.beat import ScheduleEntry
from celery.schedules import crontab, schedule
from django.conf import settings
from django.utils import timezone

from mongcai_portal.celery import app
from mongcai_portal.common.beat import record_schedule
from mongcai_portal.common.models import ScheduledTask


def entry(name: str, when: Any, **more: Any) -> ScheduleEntry:
    return ScheduleEntry(name=name, task="x", schedule=when, app=app, **more)


@pytest.mark.django_db
def test_every_entry_is_stored_with_its_last_and_next_time_and_a_removed_one_goes() -> None:
    sent = timezone.now() - timedelta(seconds=3)
    swept = entry("sweep", schedule(5.0, app=app), last_run_at=sent, total_run_count=7)
    nightly = entry("nightly", crontab(hour=1, minute=30, app=app))
    record_schedule({"sweep": swept, "nightly": nightly})
    rows = {row.name: row for row in ScheduledTask.objects.all()}
    assert rows["sweep"].last_at == sent
    assert 1 < (rows["sweep"].next_at - timezone.now()).total_seconds() < 2.5
    assert rows["nightly"].last_at is None, "beat has not sent it yet"
    assert (timezone.localtime(rows["nightly"].next_at).hour, timezone.localtime(rows["nightly"].next_at).minute) == (
        1,
        30,
    )
    record_schedule({"nightly": nightly})
    assert list(ScheduledTask.objects.values_list("name", flat=True)) == ["nightly"]


@pytest.mark.django_db
def test_a_beat_that_lost_its_file_does_not_say_that_nothing_was_ever_sent() -> None:
    sent = timezone.now() - timedelta(hours=3)
    record_schedule(
        {"nightly": entry("nightly", crontab(hour=1, minute=30, app=app), last_run_at=sent, total_run_count=1)}
    )
    record_schedule({"nightly": entry("nightly", crontab(hour=1, minute=30, app=app))})
    assert ScheduledTask.objects.get(name="nightly").last_at == sent
    again = timezone.now()
    record_schedule(
        {"nightly": entry("nightly", crontab(hour=1, minute=30, app=app), last_run_at=again, total_run_count=1)}
    )
    assert ScheduledTask.objects.get(name="nightly").last_at == again


def test_every_task_of_the_portal_travels_on_a_queue_that_workers_take() -> None:
    app.loader.import_default_modules()
    names = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    own = {name for name in app.tasks if not name.startswith("celery.")}
    routed = {name: app.amqp.router.route({}, name)["queue"].name for name in own}
    assert set(routed.values()) <= names
    assert own - set(settings.CELERY_TASK_ROUTES) == {"common.tasks.worker_heartbeat"}, "each names its queue itself"
    evaluating = {name for name, queue in routed.items() if queue.endswith(".evaluate")}
    assert evaluating == {"indicators.tasks.evaluate_request", "indicators.tasks.sweep_requests"}


def test_every_entry_of_the_schedule_names_a_task_and_a_job_that_exist() -> None:
    from mongcai_portal.common import jobs

    app.loader.import_default_modules()
    known = {kind.code for kind in jobs.kinds()}
    for name, one in settings.CELERY_BEAT_SCHEDULE.items():
        assert one["task"] in app.tasks, name
        if one["task"] == "common.tasks.ask_job":
            assert one["args"][0] in known, name
