"""How often somebody may do something, counted together by all processes of a machine (decision 0018).

One small file holds a number for each of 65 536 slots: the moment until which a caller's calls are spent (the generic
cell rate algorithm). A rate of 600 in a minute lets 600 calls through at once, and one more every tenth of a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import struct
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

# Two callers that share a slot share a limit: among a hundred callers the odds of any such pair are 1 in 13.
SLOTS = 65_536
_MOMENT = struct.Struct("<d")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times in so many seconds."""

    times: int
    seconds: int

    def times_over(self, factor: int) -> Rate:
        return Rate(self.times * factor, self.seconds)


def take(what: str, caller: str, rate: Rate) -> float:
    """Count one call; return 0, or the seconds to wait when there are too many (then it is not counted)."""
    return _ask(what, caller, rate, spend=True)


def wait(what: str, caller: str, rate: Rate) -> float:
    """Return the seconds until another call would be let through, without counting one."""
    return _ask(what, caller, rate, spend=False)


def _ask(what: str, caller: str, rate: Rate, *, spend: bool) -> float:
    try:
        file = os.open(Path(settings.VAR_DIR) / "limits", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            return _count(file, _place(what, caller), rate, spend)
        finally:
            os.close(file)  # and the lock with it
    except OSError:
        # A full disk must not close the API: the limit keeps order among callers, it is no lock on a door.
        logger.exception("The limit on %s was not counted", what)
        return 0.0


def _count(file: int, place: int, rate: Rate, spend: bool) -> float:
    # Of the open file, not of the process: threads wait for one another too. Held for microseconds.
    fcntl.flock(file, fcntl.LOCK_EX)
    now, stored = time.time(), os.pread(file, _MOMENT.size, place)
    spent = _MOMENT.unpack(stored)[0] if len(stored) == _MOMENT.size else 0.0
    # Nobody has spent more than a whole period, unless the clock was put back.
    spent = min(max(spent, now), now + rate.seconds)
    step = rate.seconds / rate.times
    over = spent + step - (now + rate.seconds)
    if over > 1e-6:
        return over
    if spend:
        os.pwrite(file, _MOMENT.pack(spent + step), place)
    return 0.0


def _place(what: str, caller: str) -> int:
    # With a key: a stranger chooses the client he claims to be, and must not find one that shares another's slot.
    key = hashlib.sha256(settings.SECRET_KEY.encode()).digest()
    digest = hashlib.blake2b(f"{what}\0{caller}".encode(), digest_size=8, key=key).digest()
    return int.from_bytes(digest) % SLOTS * _MOMENT.size
