"""What a child process of a server needs to know about its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies (Linux only; elsewhere nothing happens).

    A master killed with SIGKILL cannot stop its children; orphans would keep the port, or keep taking tasks.

    `parent` is the process number of the parent, known before the fork: one that died between the fork and this call
    can no longer be asked for, and its child would live on.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGKILL)


def die_with_supervisor() -> None:
    """The same for what `manage.py supervise` started; a process started by hand may outlive its shell."""
    supervisor = os.environ.get("PORTAL_SUPERVISOR")
    if not supervisor:
        return
    die_with_parent(os.getppid())
    try:
        os.kill(int(supervisor), 0)
    except ProcessLookupError:  # it died while this process was loading
        os.kill(os.getpid(), signal.SIGKILL)
