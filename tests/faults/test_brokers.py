"""The same portal on Redis and on RabbitMQ: worker and beat find each other there, and the main job works.

And with several workers: of different queues and of the same, one of them killed.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import pytest
import requests

from tests.bench.latency import shown
from tests.components import RABBITMQ_URL
from tests.factories.live import RECOVERED_SECONDS, SWEPT_SECONDS, LiveTown
from tests.factories.windows import send
from tests.portal import BASE_DIR, WORKER_PROCESSES, Portal, wait_until

pytestmark = pytest.mark.worker
END_2024 = date(2024, 12, 31)
RECEIVED = re.compile(r"Task ([\w.]+)\[[-\w]+\] received")


def test_worker_takes_what_beat_sends(portal_on_broker: Portal) -> None:
    log = portal_on_broker.var / "log" / "worker.log"
    taken = log.read_text().count("indicators.tasks.sweep_requests")
    wait_until(
        lambda: log.read_text().count("indicators.tasks.sweep_requests") > taken, 15, "the worker takes another sweep"
    )
    assert requests.get(f"{portal_on_broker.url}/readyz", timeout=5).json()["checks"]["queue"] == "ok"
    assert not (portal_on_broker.var / "broker").exists(), "the folder queue is not in use"


def test_an_approval_reaches_the_worker_and_the_leader_sees_the_new_ratio(portal_on_broker: Portal) -> None:
    town = LiveTown(portal_on_broker)
    [report] = town.stage("verified", "bac-son").values()
    leader = town.window("leader")
    before = shown(leader, END_2024)
    assert town.coordinator(report).approves().status == 200
    town.wait_for_outcome(report, "met", SWEPT_SECONDS)
    assert shown(leader, END_2024) == before + 1
    log = (portal_on_broker.var / "log" / "worker.log").read_text()
    assert "indicators.tasks.evaluate_request" in log, "by its message, not only by the sweep"


def test_a_job_started_on_the_page_runs_and_tells_what_it_found(portal_on_broker: Portal) -> None:
    admin = LiveTown(portal_on_broker).window("admin")
    send(admin, admin.get("/jobs/").form("/jobs/start/"), kind="recheck")
    wait_until(lambda: "để so: 0 sai khác" in admin.get("/jobs/").text, SWEPT_SECONDS, "the check has ended")


@contextmanager
def worker(portal: Portal, name: str, *queues: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """One more worker of the portal, for these queues only."""
    log = portal.var / "log" / f"{name}.log"
    names = ",".join(f"{portal.queue}.{queue}" for queue in queues)
    command = [
        *(sys.executable, "-m", "celery", "--app", "mongcai_portal", "worker", "--loglevel", "INFO"),
        *("--queues", names, "--concurrency", "1", "--hostname", f"{name}@test", "--without-gossip"),
        *("--without-mingle", "--without-heartbeat"),
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=BASE_DIR, env=portal.environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process, log
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


# On one broker: how work is spread is the same on both, and bringing three workers up costs a minute.
@pytest.mark.parametrize(
    "portal_on_broker",
    [pytest.param(RABBITMQ_URL, id="rabbitmq", marks=pytest.mark.rabbitmq)],
    indirect=True,
    scope="module",
)
@pytest.mark.postgres
def test_workers_by_queue_share_the_work_and_one_that_is_killed_is_made_good(portal_on_broker: Portal) -> None:
    town = LiveTown(portal_on_broker)
    attains, misses = ("hai-son", "quang-nghia", "vinh-trung"), ("hai-dong", "hai-tien", "vinh-thuc")
    reports = town.stage("verified", *attains, period="2024-02", short=misses)
    with ExitStack() as stack:
        first, second, other = (
            stack.enter_context(worker(portal_on_broker, name, *queues))
            for name, queues in (
                ("evaluate-1", ("evaluate",)),
                ("evaluate-2", ("evaluate",)),
                ("other", ("maintenance", "mail")),
            )
        )
        for _process, log in (first, second, other):
            wait_until(lambda log=log: " ready." in log.read_text(), 30, f"{log.stem} takes messages")
        # From here on the worker of all queues takes nothing: what is done, these three do.
        with town.worker_stopped():
            # A turn every 10 s; RabbitMQ gives the stopped worker as many as it has processes, and waits for answers.
            wait_until(
                lambda: "common.tasks.run_jobs" in RECEIVED.findall(other[1].read_text()),
                10 * (WORKER_PROCESSES + 2),
                lambda: f"the jobs' turn comes to its worker\n{portal_on_broker.logs()}",
            )
            coordinator = town.window("coordinator")
            for at, report in enumerate(reports.values()):
                if at == 2:
                    os.killpg(first[0].pid, signal.SIGKILL)
                if at == 4:
                    other[0].send_signal(signal.SIGSTOP)  # who works on other queues is not waited for
                form = coordinator.get(f"/reports/{report}/verify/").form(f"/reports/{report}/approve/")
                assert send(coordinator, form).status == 200
            for uid, report in reports.items():
                town.wait_for_outcome(report, "met" if uid in attains else "not_met", 3 * RECOVERED_SECONDS)
        taken = {log.stem: set(RECEIVED.findall(log.read_text())) for _process, log in (first, second, other)}
    evaluating = {"indicators.tasks.evaluate_request", "indicators.tasks.sweep_requests"}
    signs = {"common.tasks.worker_heartbeat"}
    assert "indicators.tasks.evaluate_request" in taken["evaluate-2"]
    assert taken["evaluate-1"] | taken["evaluate-2"] <= evaluating | signs
    assert "common.tasks.run_jobs" in taken["other"] and not taken["other"] & evaluating
    town.nothing_differs()
