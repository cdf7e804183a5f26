"""The dry run of a list: read as it is laid out, held against the register; nothing of the register is changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils import timezone

from communes.models import Classification, OpeningListContent, OpeningListFile
from communes.models.classifications import Origin
from communes.models.opening_lists import LISTED
from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR
from communes.rules.register_files.list_layout import CODE, FIELDS, HEAD, STATUS, ListLayout, layout_faults
from communes.rules.register_files.lists import MOST_ROWS, StatedList, read_list
from communes.rules.register_files.places import Gazetteer
from communes.rules.register_files.stated import CellFault
from communes.scope import scope_of
from communes.selectors.household_files import villages_for
from communes.selectors.opening_lists import known_households, still_listed
from communes.services.classification.ground import among, stored_faults
from communes.services.classification.rows import Result, common
from communes.services.opening_lists.doors import DECIDE, OPEN, Status, opening_of, stale, tell
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common import ciphers
from mongcai_portal.common.grids import GridBook
from mongcai_portal.common.models import Provenance


@dataclass(slots=True)
class Checked:
    """What a list came to: what each household is, the mark of its rows, who is not stored so yet, faults, counts."""

    statuses: dict[int, str] = field(default_factory=dict)
    new: frozenset[int] = frozenset()
    provenance: str = Provenance.SOURCED
    faults: list[CellFault] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def resolved(self) -> str:
        """The digest of which household is what."""
        lines = [f"{household}:{status}" for household, status in sorted(self.statuses.items())]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def open_book(row: OpeningListFile) -> GridBook:
    """Return the workbook of a list that is not decided.

    Raises:
        OpeningListContent.DoesNotExist: it is decided, and its content gone.
        Undecipherable; Unreadable.
    """
    content = OpeningListContent.objects.get(owner=row)
    return GridBook(BytesIO(ciphers.keyring().unseal(content.key, bytes(content.sealed), LISTED)))


def check(row: OpeningListFile, book: GridBook, *, by: Any) -> Checked:
    """Read a list as it is laid out: at most eleven queries, however long it is.

    Households that are on the day just what the list says are counted as such, so the same list again has no fault.

    Raises:
        Unreadable.
    """
    layout = ListLayout.of_json(row.layout)
    if wrong := layout_faults(layout, whole=row.whole):
        faults = [CellFault(layout.head, 0, f"column_{code}", field=key) for key, code in wrong]
        return Checked(faults=faults, counts=_counts(StatedList(), 0, faults))
    places = villages_for(scope_of(by), row.on, row.unit_id, DECIDE)
    codes = [place.code for place in places]
    known, placeholders = known_households(codes, row.on)
    stated = read_list(
        book.rows(layout.sheet, first=layout.first, last=layout.first + 2 * MOST_ROWS),
        layout,
        known,
        Gazetteer(places),
        covered=book.covered(layout.sheet),
        whole=row.whole,
    )
    found = Checked(statuses=stated.statuses, faults=list(stated.faults))
    if not placeholders.isdisjoint(stated.statuses):
        found.provenance = Provenance.ILLUSTRATIVE
    found.new = _against_register(row, stated, layout, found)
    kept = still_listed(codes, row.standard_id, row.on, stated.statuses)
    found.faults.sort(key=lambda one: (one.row, one.column))
    found.counts = _counts(stated, len(found.new), found.faults) | {"kept": kept}
    return found


def _against_register(row: OpeningListFile, stated: StatedList, layout: ListLayout, found: Checked) -> frozenset[int]:
    """Return who is not stored so yet; what stands against it becomes faults at the rows that say so."""
    opening = opening_of(row, found.provenance)
    results = [
        (household, Result(row.standard_id, row.effective_year, status))
        for household, status in sorted(stated.statuses.items())
    ]
    new, wrong = stored_faults(results, common(opening, timezone.now()))
    key = next(one for one in (STATUS, CODE, HEAD) if one in layout.columns)
    for fault in wrong:
        at = stated.rows_of[int(fault.pointer.rpartition("/")[2])]
        found.faults.append(CellFault(at, layout.columns[key], fault.code, field=key))
    for household, (number, on) in decided(row.standard_id, [one for one, _result in new]).items():
        told = {"number": number, "day": on}
        found.faults.append(
            CellFault(stated.rows_of[household], layout.columns[key], "by_round", told, field=key)
        )  # fmt: skip
    return frozenset(household for household, _result in new)


def decided(standard_id: int, households: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return which of the households a round has decided on under a standard: number and day of its last decision."""
    rows = Classification.objects.filter(among(households), standard=standard_id, origin=Origin.DECISION)
    wanted = set(households)
    found = {}
    for household, number, on in rows.order_by("valid_from").values_list("household", "decision_number", "valid_from"):
        if household in wanted:
            found[household] = (number, on.isoformat())
    return found


def _counts(stated: StatedList, new: int, faults: list[CellFault]) -> dict[str, int]:
    each = Counter(stated.statuses.values())
    return {
        "rows": stated.rows,
        **{status: each[status] for status in (POOR, NEAR_POOR, NOT_POOR)},
        "new": new,
        "same": len(stated.statuses) - new if not faults else 0,
        "kept": 0,
        "faults": len(faults),
    }


def outcome(found: Checked) -> dict[str, Any]:
    """Return what of a dry run is kept with the list."""
    return {
        "status": Status.FAULTY if found.faults else Status.READY,
        "counts": found.counts,
        "faults": [asdict(one) for one in found.faults],
        "resolved": found.resolved,
        "checked_at": timezone.now(),
    }


def keep(row: OpeningListFile, found: Checked, *, by: Any, **more: Any) -> None:
    """Store anew what a list that waits came to, with its event; `more` is stored beside it.

    Raises:
        Stale: it was decided meanwhile.
    """
    with transaction.atomic():
        waiting = OpeningListFile.objects.filter(pk=row.pk, status__in=OPEN)
        if not waiting.update(**outcome(found), **more):
            raise stale(row.pk)
        row.refresh_from_db()
        tell(row, kind=Kind.OPENING_LIST_CHECKED, by=by, counts=row.counts, status=row.status)


def laid_out(layout: ListLayout) -> dict[str, Any]:
    """Return a layout as it is stored: only columns of the fields that there are."""
    stored = layout.as_json()
    stored["columns"] = {key: layout.columns[key] for key in FIELDS if key in layout.columns}
    return stored
