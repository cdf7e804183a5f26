"""The supervised portal when its processes are killed, stopped, or lose the queue's folder."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.components import database_is_postgres
from tests.portal import Database, Portal, running_portal, wait_until

pytestmark = pytest.mark.worker

# That it comes back by itself is tried here; how fast, `make faults` measures on a machine that does nothing else.
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def hurt_portal(demo_database: Database) -> Iterator[Portal]:
    """One portal for all that it must recover from by itself."""
    with running_portal(postgres=database_is_postgres(), template=demo_database) as portal:
        yield portal


@pytest.fixture(autouse=True)
def _settled(request: pytest.FixtureRequest) -> None:
    """Each test starts from a portal that has recovered from the one before."""
    if "hurt_portal" in request.fixturenames:
        portal: Portal = request.getfixturevalue("hurt_portal")
        wait_until(lambda: set(portal.pids().values()) <= portal.family() and portal.ready(), 30, "all is up again")


def _web_answers(portal: Portal) -> bool:
    try:
        return requests.get(f"{portal.url}/healthz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _heartbeat_count(portal: Portal) -> int:
    log = (portal.var / "log" / "worker.log").read_text()
    return log.count("common.tasks.worker_heartbeat") // 2


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_killed_process_comes_back_by_itself(hurt_portal: Portal, name: str) -> None:
    before = hurt_portal.pids()[name]
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: hurt_portal.pids()[name] != before, PATIENCE_SECONDS, f"{name} has a new process")
    if name == "web":
        wait_until(lambda: _web_answers(hurt_portal), PATIENCE_SECONDS, "the web server answers again")
    else:
        assert _web_answers(hurt_portal), f"the web server stays up while {name} is away"
    wait_until(lambda: before not in hurt_portal.family(), PATIENCE_SECONDS, "the killed process has left nothing")


def test_children_of_a_killed_worker_do_not_outlive_it(hurt_portal: Portal) -> None:
    worker = hurt_portal.pids()["worker"]
    wait_until(lambda: _children(hurt_portal, worker), 15, "the worker has its pool of processes")
    children = _children(hurt_portal, worker)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: not children & hurt_portal.family(), PATIENCE_SECONDS, "no orphan keeps taking work")


def test_ctrl_c_leaves_no_process(own_portal: Portal) -> None:
    """As SIGTERM does, by which every portal of these tests is ended (`Portal.stop`)."""
    assert len(own_portal.family()) >= 7  # supervisor, web with two, worker with two, beat
    assert own_portal.process is not None
    own_portal.process.send_signal(signal.SIGINT)
    wait_until(lambda: own_portal.process.poll() is not None, 20, "the supervisor ends")
    wait_until(lambda: not own_portal.family(), 5, f"no process is left, but {own_portal.family()}")


def test_work_goes_on_after_the_broker_folder_is_removed(hurt_portal: Portal) -> None:
    shutil.rmtree(hurt_portal.var / "broker")
    workers = hurt_portal.pids()["worker"], hurt_portal.pids()["beat"]
    done = _heartbeat_count(hurt_portal)
    wait_until(lambda: _heartbeat_count(hurt_portal) > done, 25, "the worker takes a message sent after the removal")
    assert (hurt_portal.pids()["worker"], hurt_portal.pids()["beat"]) == workers, "neither had to be started again"


def test_work_goes_on_after_the_broker_folder_is_emptied_again_and_again(hurt_portal: Portal) -> None:
    done = _heartbeat_count(hurt_portal)
    for _ in range(20):
        shutil.rmtree(hurt_portal.var / "broker", ignore_errors=True)
        time.sleep(0.1)
    wait_until(lambda: _heartbeat_count(hurt_portal) > done, 25, "the worker takes messages again")


def test_a_killed_supervisor_takes_its_processes_along(hurt_portal: Portal) -> None:
    """The last one of this portal, which stays dead."""
    assert hurt_portal.process is not None
    hurt_portal.process.kill()
    hurt_portal.process.wait()
    wait_until(lambda: not hurt_portal.family(), 10, "no process keeps the port")


def _children(portal: Portal, parent: int) -> set[int]:
    found = set()
    for pid in portal.family():
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:  # ended meanwhile
            continue
        if int(stat.rpartition(")")[2].split()[1]) == parent:
            found.add(pid)
    return found
