"""Putting identity numbers under the newest key, while the portal runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, Value, When

from communes.checks import keys_in_use
from communes.models import ImportContent, OpeningListContent, Person
from communes.models.imports import CONTENT
from communes.models.opening_lists import LISTED
from communes.models.persons import IDENTITY
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common import ciphers

# What is written in one transaction: a fraction of a second on SQLite.
PORTION = 500


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many numbers were put under the newest key, and the names of all keys that numbers are under now."""

    count: int
    keys: tuple[str, ...]


def rotate_keys() -> Rotated:
    """Encrypt under the newest key every number, and file that waits, under another one; again, it changes nothing.

    A number that someone corrects meanwhile is left as it was corrected. What was done stays done when it is stopped.

    Raises:
        Undecipherable: a number is under a key that is not here, or was altered. Nothing of its portion is changed.
    """
    ring = ciphers.keyring()
    newest, count = ring.names[0], 0
    for name in set(keys_in_use()):
        if name == newest:
            continue
        last = 0
        while rows := list(
            Person.objects.filter(identity_key=name, pk__gt=last).order_by("identity_key", "pk")[:PORTION]
        ):
            count += _put_under_newest(rows, ring)
            last = rows[-1].pk
        _seal_under_newest(name, ring)
    keys = tuple(sorted(set(keys_in_use())))
    if count:
        record(kind=Kind.DATA_KEYS_ROTATED, by=None, obj_type="data_keys", obj_id=newest, label=newest, rows=count)
    return Rotated(count, keys)


def _seal_under_newest(name: str, ring: ciphers.Keyring) -> None:
    """The files that wait to be taken over: a few, some megabytes each."""
    kinds: tuple[tuple[Any, str], ...] = ((ImportContent, CONTENT), (OpeningListContent, LISTED))
    for model, purpose in kinds:
        for pk in list(model.objects.filter(key=name).values_list("pk", flat=True)):
            waiting = model.objects.filter(pk=pk, key=name).first()
            if waiting is not None:
                sealed = ring.seal(ring.unseal(name, bytes(waiting.sealed), purpose), purpose)
                model.objects.filter(pk=pk, key=name).update(key=sealed.key, sealed=sealed.content)


def _put_under_newest(rows: list[Person], ring: ciphers.Keyring) -> int:
    hidden = {
        row.identity_text: ring.hide(ring.show(row.identity_key, row.identity_text, IDENTITY), IDENTITY) for row in rows
    }
    # By what is there, not by the person: a row that was corrected since it was read no longer matches.
    whens = {
        field: Case(
            *(When(identity_text=old, then=Value(getattr(new, part))) for old, new in hidden.items()),
            default=field,
        )
        for field, part in (("identity_text", "text"), ("identity_index", "index"))
    }
    with transaction.atomic():
        same = Person.objects.filter(pk__in=[row.pk for row in rows], identity_text__in=list(hidden))
        return same.update(identity_key=ring.names[0], **whens)
