"""Children of a server do not outlive it, whenever it dies."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells of a parent's death")

# A parent forks and dies; its child asks to die with it only when that has happened, then tries to leave a word.
DIED_BEFORE = """
import os, time
from mongcai_portal.common.processes import die_with_parent
parent = os.getpid()
if os.fork():
    os._exit(0)
while os.getppid() == parent:
    time.sleep(0.01)
die_with_parent({parent})
print("alive", flush=True)
"""

DIES_LATER = """
import os, signal, time
from mongcai_portal.common.processes import die_with_parent
parent = os.getpid()
read, write = os.pipe()
if os.fork():
    os.read(read, 1)
    os.kill(parent, signal.SIGKILL)
die_with_parent(parent)
os.write(write, b"x")
time.sleep(10)
print("alive", flush=True)
"""

SUPERVISED = """
from mongcai_portal.common.processes import die_with_supervisor
die_with_supervisor()
print("alive", flush=True)
"""


def _said(code: str, **environment: str) -> str:
    # The pipe ends when the last of the family has ended.
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment, check=False)
    return done.stdout.strip()


def test_a_child_whose_parent_died_before_it_asked_dies_at_once() -> None:
    assert _said(DIED_BEFORE.format(parent="parent")) == ""


def test_a_child_that_asks_for_its_true_parent_lives() -> None:
    assert _said(DIED_BEFORE.format(parent="os.getppid()")) == "alive"


def test_a_child_dies_with_its_parent() -> None:
    assert _said(DIES_LATER) == ""


def test_a_process_whose_supervisor_is_gone_does_not_start() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert _said(SUPERVISED, PORTAL_SUPERVISOR=str(gone.pid)) == ""


@pytest.mark.parametrize("environment", [{}, {"PORTAL_SUPERVISOR": "1"}], ids=["by hand", "supervised"])
def test_a_process_starts_by_hand_and_under_a_living_supervisor(environment: dict[str, str]) -> None:
    assert _said(SUPERVISED, **environment) == "alive"
