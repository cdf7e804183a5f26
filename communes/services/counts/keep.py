"""Counting villages from the register: one path for a household that moved and for a million that were classified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from communes.models import (
    Classification,
    CountedVillage,
    HouseholdCount,
    HouseholdMember,
    HouseholdStay,
    Relation,
    Village,
)
from communes.rules.poverty.tallies import Cell, History, Span, spans, steps
from communes.signals import households_counted
from mongcai_portal.common.jobs import Step

# Villages at once: some ten thousand households, and a transaction of a second or two.
CHUNK = 16
_FETCH = 5000
_COLUMNS = ("pk", "village_id", "standard_id", "status", "ethnicity", "valid_from", "valid_to", "households")


def count_households(household_ids: Iterable[int]) -> None:
    """Count the villages anew in which these households live or lived, in the caller's transaction.

    Called by whatever changes where a household lives, who is its head, what it is, or that it is there.
    """
    ids = list(household_ids)
    villages: set[int] = set()
    for start in range(0, len(ids), _FETCH):
        stays = HouseholdStay.objects.filter(household__in=ids[start : start + _FETCH])
        villages.update(stays.values_list("village_id", flat=True))
    count_villages(villages)


def count_villages(village_ids: Collection[int]) -> int:
    """Count villages anew, in the caller's transaction or one for each chunk; return how many rows changed."""
    ids = sorted(village_ids)
    written = 0
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            written += _count(ids[start : start + CHUNK])
    return written


def mark_stale(village_ids: Collection[int]) -> None:
    """Leave the counting of villages for later, in the caller's transaction: `count_stale` does it.

    Until then their figures say since when they lack something.
    """
    ids = sorted(village_ids)
    _known(ids)
    CountedVillage.objects.filter(village__in=ids, stale_since=None).update(stale_since=timezone.now())


def count_stale(step: Step | None = None) -> int:
    """Count what was left for later, and villages that were never counted; return how many those were."""
    never = Village.objects.filter(~Exists(CountedVillage.objects.filter(village=OuterRef("pk"))))
    never = never.filter(Exists(HouseholdStay.objects.filter(village=OuterRef("pk"))))
    stale = CountedVillage.objects.filter(stale_since__isnull=False).values_list("village_id", flat=True)
    ids = sorted({*never.values_list("pk", flat=True), *stale})
    for start in range(0, len(ids), CHUNK):
        if step:
            step(start, len(ids))
        count_villages(ids[start : start + CHUNK])
    return len(ids)


def hold(village_ids: Collection[int]) -> None:
    """Let no one else count these villages until the transaction ends, and see what who counted them last wrote.

    One after the other in the order of their numbers: two who hold some of the same never wait for each other.
    """
    _known(village_ids)
    for village in sorted(village_ids):
        CountedVillage.objects.filter(village=village).update(times=F("times") + 1, stale_since=None)


def _known(village_ids: Collection[int]) -> None:
    known = set(CountedVillage.objects.filter(village__in=village_ids).values_list("village_id", flat=True))
    new = [CountedVillage(village_id=village) for village in sorted(village_ids) if village not in known]
    CountedVillage.objects.bulk_create(new, ignore_conflicts=True)


def _count(village_ids: Collection[int]) -> int:
    hold(village_ids)
    computed = set(counted(village_ids))
    stored = dict(stored_spans(village_ids))
    gone = [pk for span, pk in stored.items() if span not in computed]
    new = [_row(span) for span in sorted(computed - stored.keys(), key=_order)]
    HouseholdCount.objects.filter(pk__in=gone).delete()
    HouseholdCount.objects.bulk_create(new, batch_size=1000)
    otherwise = computed.symmetric_difference(stored)
    if otherwise:
        since = min(span.start for span in otherwise)
        households_counted.send(sender=HouseholdCount, village_ids=village_ids, since=since)
    return len(gone) + len(new)


def counted(village_ids: Collection[int]) -> list[Span]:
    """Return what the register comes to for these villages: three queries."""
    ids = frozenset(village_ids)
    histories = list(_histories(ids))
    return spans(move for history in histories for move in steps(history, ids))


def stored_spans(village_ids: Collection[int]) -> Iterator[tuple[Span, int]]:
    """Pass on what is stored for these villages, with the number of the row: one query."""
    for pk, village, standard, status, ethnicity, start, end, households in HouseholdCount.objects.filter(
        village__in=village_ids
    ).values_list(*_COLUMNS):
        yield Span(Cell(village, standard, status, ethnicity), start, end, households), pk


def _row(span: Span) -> HouseholdCount:
    cell = span.cell
    return HouseholdCount(
        village_id=cell.village,
        standard_id=cell.standard,
        status=cell.status,
        ethnicity=cell.ethnicity,
        valid_from=span.start,
        valid_to=span.end,
        households=span.households,
    )


def _order(span: Span) -> tuple[object, ...]:
    cell = span.cell
    return (cell.village, cell.standard or 0, cell.status, cell.ethnicity, span.start)


def _histories(village_ids: frozenset[int]) -> Iterable[History]:
    """Return the histories of all households that live or lived in these villages."""
    found: dict[int, History] = defaultdict(History)
    stays = HouseholdStay.objects.filter(village__in=village_ids).order_by()
    for household, *stay in stays.values_list("household", "village", "valid_from", "valid_to").iterator(_FETCH):
        found[household].stays.append(tuple(stay))
    there = HouseholdStay.objects.filter(village__in=village_ids).values("household")
    heads = HouseholdMember.objects.filter(household__in=there, relation=Relation.HEAD).order_by()
    for household, *head in heads.values_list("household", "person__ethnicity", "valid_from", "valid_to").iterator(
        _FETCH
    ):
        found[household].heads.append(tuple(head))
    rows = Classification.objects.filter(household__in=there).order_by("household", "standard", "valid_from")
    for household, standard, since, status in rows.values_list(
        "household", "standard", "valid_from", "status"
    ).iterator(_FETCH):
        found[household].statuses.setdefault(standard, []).append((since, status))
    return found.values()
