"""The public texts that data name as their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mongcai_portal.common.models import Source
from mongcai_portal.common.reference import Changes, read_yaml, sync_rows

FILE = Path(__file__).parent / "data" / "sources.yaml"


def load_sources(more: Iterable[Mapping[str, str]] = ()) -> Changes:
    """Store the sources of `sources.yaml` and those that other files list; the first title of a code stays."""
    found: dict[str, Source] = {}
    for entry in [*read_yaml(FILE)["sources"], *more]:
        found.setdefault(entry["id"], Source(code=entry["id"], title=entry["title"], url=entry.get("url") or ""))
    _, changes = sync_rows(
        Source.objects.filter(code__in=list(found)), found.values(), key=lambda s: s.code, fields=("title", "url")
    )
    return changes
