"""What a child process of a server needs to know about its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies (Linux only; elsewhere nothing happens).

    A master killed with SIGKILL cannot stop its children; orphans would keep the port, or keep taking tasks.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent died before we asked
        os.kill(os.getpid(), signal.SIGKILL)


def die_with_supervisor() -> None:
    """The same for a process started by `manage.py supervise`; started by hand it may outlive its shell."""
    if os.environ.get("PORTAL_SUPERVISED"):
        die_with_parent()
