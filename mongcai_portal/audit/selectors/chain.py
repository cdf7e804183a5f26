"""Reading the chain: its head, what waits for it, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from mongcai_portal.audit.chain import GENESIS, SEALED, digest_of, link
from mongcai_portal.audit.models import AuditEvent, AuditSeal

# How late an event may become visible after the moment it carries: longer than any transaction lasts (a task is
# stopped after half an hour), and more than clocks of two servers differ.
LATE_AFTER = timedelta(hours=1)
PORTION = 1000


def head() -> AuditSeal | None:
    """Return the newest link."""
    return AuditSeal.objects.order_by("-seq").first()


def _unsealed() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(~Exists(AuditSeal.objects.filter(event_id=OuterRef("pk"))))


def _since(last: AuditSeal | None) -> datetime | None:
    return None if last is None or last.seen_at is None else last.seen_at - LATE_AFTER


def waiting(last: AuditSeal | None) -> QuerySet[AuditEvent]:
    """Return the events that wait to be sealed after this head, in order of id.

    Whatever carries a moment from which everything had been seen long before the head is not among them: it was put
    in afterwards, and `prove` names it.
    """
    since = _since(last)
    rows = _unsealed() if since is None else _unsealed().filter(at__gte=since)
    return rows.order_by("pk")


def sealed_of(events: Collection[int]) -> dict[int, int]:
    """Return place in the chain by event, for those of the events that are sealed: one query."""
    return dict(AuditSeal.objects.filter(event_id__in=list(events)).values_list("event_id", "seq"))


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that does not hold: its place in the chain and the id of the event, where there is one."""

    code: str
    seq: int | None
    event: int | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found: how many events are sealed, how many wait, how many things are broken, and the newest link."""

    sealed: int
    waiting: int
    broken: int
    head: str


def prove(tell: Callable[[Break], None], *, kept: Mapping[int, str] | None = None) -> Proof:
    """Check the whole chain against the log, a portion at a time, and tell of everything that is broken.

    Codes: `altered` (the event is not what was sealed), `removed` (a sealed event is gone), `inserted` (an event that
    was not there when its time was sealed), `seal_removed`, `seal_altered` (a link was rewritten or moved),
    `seal_rewritten` (a link was made anew to fit, its successor does not follow it), `head_differs` (the chain no
    longer has a link that was kept elsewhere).

    Args:
        tell: called once for each, in the order of the chain.
        kept: heads that were noted elsewhere, hash by place.
    """
    last = head()
    broken = 0
    wanted = dict(kept or {})
    for found in _breaks(last, wanted):
        broken += 1
        tell(found)
    return Proof(
        sealed=AuditSeal.objects.filter(seq__lte=last.seq).count() if last else 0,
        waiting=waiting(last).count(),
        broken=broken,
        head=str(last) if last else "",
    )


def _breaks(last: AuditSeal | None, kept: dict[int, str]) -> Iterator[Break]:
    before: AuditSeal | None = None
    at = 0
    while last is not None and at < last.seq:
        seals = list(AuditSeal.objects.filter(seq__gt=at, seq__lte=last.seq).order_by("seq")[:PORTION])
        if not seals:  # taken away while they were read
            break
        ids = [seal.event_id for seal in seals]
        events = {row["id"]: row for row in AuditEvent.objects.filter(pk__in=ids).values(*SEALED)}
        for seal in seals:
            yield from _of_link(before, seal)
            event = events.get(seal.event_id)
            if event is None:
                yield Break("removed", seal.seq, seal.event_id)
            elif digest_of(event) != seal.digest:
                yield Break("altered", seal.seq, seal.event_id)
            if kept.pop(seal.seq, seal.hash) != seal.hash:
                yield Break("head_differs", seal.seq, seal.event_id)
            before = seal
        at = seals[-1].seq
    for seq in sorted(kept):
        yield Break("head_differs", seq, None)
    since = _since(last)
    if since is not None:
        for pk in _unsealed().filter(at__lt=since).order_by("pk").values_list("pk", flat=True).iterator():
            yield Break("inserted", None, pk)


def _of_link(before: AuditSeal | None, seal: AuditSeal) -> Iterator[Break]:
    expected = before.seq + 1 if before else 1
    for seq in range(expected, seal.seq):
        yield Break("seal_removed", seq, None)
    if seal.hash != link(
        previous=seal.previous, seq=seal.seq, event_id=seal.event_id, digest=seal.digest, seen_at=seal.seen_at
    ):
        yield Break("seal_altered", seal.seq, seal.event_id)
    elif seal.seq == expected and seal.previous != (before.hash if before else GENESIS):
        yield Break("seal_rewritten", before.seq if before else seal.seq, before.event_id if before else seal.event_id)
