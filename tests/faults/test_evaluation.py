"""A worker killed while it computes, a broker that forgets: the result is right without anyone's help."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.factories.live import RECOVERED_SECONDS, SWEPT_SECONDS, LiveTown
from tests.factories.windows import send
from tests.portal import WORKER_PROCESSES, wait_until

pytestmark = pytest.mark.worker

# The obstacle stands between the second and the third table of results: what is computed is half written. A server's
# process sleeps on when its client was killed, and holds what it locked; so it sleeps no longer than the test looks.
_SLOW_SQLITE = """
    CREATE TRIGGER slow BEFORE INSERT ON indicators_attainment BEGIN
        SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 200000000)
                              SELECT x FROM n);
    END"""
_SLOW_POSTGRES = """
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(15); RETURN NEW; END';
    CREATE TRIGGER slow BEFORE INSERT ON indicators_attainment FOR EACH ROW EXECUTE FUNCTION slow()"""


@contextmanager
def writing_results_takes_long(town: LiveTown) -> Iterator[None]:
    sqlite = town.portal.database.url.startswith("sqlite")
    town.rows(_SLOW_SQLITE if sqlite else _SLOW_POSTGRES)
    try:
        yield
    finally:
        town.rows("DROP TRIGGER slow" if sqlite else "DROP FUNCTION slow() CASCADE")


def test_a_worker_killed_in_mid_evaluation_leaves_nothing_half_done_and_the_result_comes(town: LiveTown) -> None:
    [report] = town.stage("verified", "bac-son").values()
    wait_until(lambda: len(town.worker_family()) == WORKER_PROCESSES, 15, "the worker and its pool stand")
    with writing_results_takes_long(town):
        assert town.coordinator(report).approves().status == 200
        wait_until(lambda: town.evaluations_under_way() == 1, 10, "a worker computes", pause=0.02)
        assert town.attained(report) is None
        town.signal_worker(signal.SIGKILL)
        assert town.attained(report) is None
        assert town.rows(
            "SELECT count(*) FROM indicators_criterionresult c JOIN indicators_report r"
            f" ON r.unit_id = c.unit_id AND r.period_id = c.period_id WHERE r.id = {report}"
        ) == [(0,)], "half of a result is no result"
    town.wait_for_outcome(report, "met", RECOVERED_SECONDS)
    [(attempts,)] = town.rows(
        "SELECT q.attempts FROM indicators_evaluationrequest q JOIN indicators_report r"
        f" ON r.unit_id = q.unit_id AND r.period_id = q.period_id WHERE r.id = {report}"
    )
    assert attempts >= 2, "it really was taken before"
    town.nothing_differs()


def test_a_worker_killed_again_and_again_under_a_pile_of_work_gets_all_of_it_right(town: LiveTown) -> None:
    attains = ("hai-son", "quang-nghia", "hai-xuan", "van-ninh")
    misses = ("hai-dong", "hai-tien", "vinh-trung", "vinh-thuc")
    reports = town.stage("verified", *attains, period="2024-01", short=misses)
    with town.worker_stopped():
        for report in reports.values():
            assert town.coordinator(report).approves().status == 200
        assert [town.attained(report) for report in reports.values()] == [None] * 8
    for _ in range(3):
        before = town.portal.pids()["worker"]
        town.signal_worker(signal.SIGKILL)
        wait_until(lambda seen=before: town.portal.pids()["worker"] != seen, 10, "a new worker")
        # The sooner it dies again the better: some die before they take anything, some in the middle.
        wait_until(lambda: len(town.worker_family()) == WORKER_PROCESSES, 15, "the new worker has its pool", pause=0.02)
    for uid, report in reports.items():
        town.wait_for_outcome(report, "met" if uid in attains else "not_met", RECOVERED_SECONDS)
    town.nothing_differs()


@pytest.mark.parametrize(("hurt", "unit"), [("emptied", "hai-son"), ("removed", "vinh-thuc")])
def test_a_message_lost_between_approval_and_worker_is_made_good_by_the_sweep(
    town: LiveTown, hurt: str, unit: str
) -> None:
    [report] = town.stage("verified", unit, period="2024-03").values()
    folder = town.portal.var / "broker"
    with town.worker_stopped():
        assert town.coordinator(report).approves().status == 200
        sent = [path for path in folder.rglob("*.msg") if b"evaluate_request" in path.read_bytes()]
        assert sent, "the message waits in the folder"
        if hurt == "removed":
            shutil.rmtree(folder)
        else:
            for path in folder.rglob("*.msg"):
                path.unlink()
    town.wait_for_outcome(report, "met", SWEPT_SECONDS)
    town.nothing_differs()


def test_an_approval_succeeds_while_the_broker_cannot_be_written(town: LiveTown) -> None:
    """A file stands where the folder should: no message can be sent, the approval and its result come all the same."""
    [report] = town.stage("verified", "vinh-trung", period="2024-03").values()
    folder = town.portal.var / "broker" / "messages"
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(exist_ok=True)
    folder.touch()
    try:
        assert town.coordinator(report).approves().status == 200
    finally:
        os.unlink(folder)
    town.wait_for_outcome(report, "met", RECOVERED_SECONDS)
    town.nothing_differs()


def test_a_worker_killed_in_the_middle_of_a_job_leaves_it_to_the_next_one(town: LiveTown) -> None:
    admin = town.window("admin")
    wait_until(lambda: len(town.worker_family()) == WORKER_PROCESSES, 15, "the worker and its pool stand")
    town.rows("DELETE FROM indicators_attainment")
    with writing_results_takes_long(town):
        send(admin, admin.get("/jobs/").form("/jobs/start/"), kind="evaluate_all")
        running = "SELECT count(*) FROM common_job WHERE kind = 'evaluate_all' AND state = 'running' AND total > 0"
        wait_until(lambda: town.rows(running) == [(1,)], 15, "a worker computes", pause=0.02)
        town.signal_worker(signal.SIGKILL)
    ended = "SELECT state, attempts FROM common_job WHERE kind = 'evaluate_all'"
    wait_until(lambda: town.rows(ended)[0][0] == "done", 2 * RECOVERED_SECONDS, "another worker has done it")
    assert town.rows(ended) == [("done", 2)], "it really was begun before"
    town.nothing_differs()
