"""How an event is turned into a digest, and a digest into a link of the chain: plain SHA-256 over stable text.

No key goes into it, so anybody can check a copy of the two tables; what a forger who may write both tables could do is
caught by a head that was kept elsewhere (see docs/decisions/0025).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

# What is sealed of an event. The folded texts it is found by are left out: they follow from these, and the rule by
# which they do may change.
SEALED = (
    "id", "at", "actor_id", "actor_name", "kind", "object_type", "object_id", "object_label", "unit_uid", "details",
    "channel", "request_id",
)  # fmt: skip
DERIVED = ("actor_key", "search_key")

# What stands before the first link.
GENESIS = "0" * 64


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")


def _sha256(of: list[Any]) -> str:
    text = json.dumps(of, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # SQLite keeps half a surrogate pair, which no plain encoding writes: one such event must not stop the sealing.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest_of(event: Mapping[str, Any]) -> str:
    """Return the digest of an event's sealed columns, as they were read from the database."""
    return _sha256([_moment(event[name]) if name == "at" else event[name] for name in SEALED])


def link(*, previous: str, seq: int, event_id: int, digest: str, seen_at: datetime | None) -> str:
    """Return the hash of a seal: it covers the seal before it, its own place, and its event."""
    return _sha256([previous, seq, event_id, digest, _moment(seen_at)])
