"""What stands on pages holds no identity number: codes of households, addresses, notes and names."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from communes.models import Person
from communes.models.persons import IDENTITY
from communes.rules.families import code_holds_identity, holds_identity, number_of_code, plain_identity
from communes.services.households.entries import PersonEntry
from mongcai_portal.common import ciphers
from mongcai_portal.common.errors import Fault

# How many values one query asks for: SQLite takes 32 766 parameters.
PORTION = 5000


def text_faults(pointer: str, **texts: str) -> list[Fault]:
    """Return a fault `identity` for every text, by field, that holds an identity number of twelve digits."""
    message = _("Có số định danh 12 chữ số, mà mục này hiện trên trang: xóa số đó, chỉ ghi vào mục số định danh.")
    return [Fault(f"{pointer}/{field}", "identity", message) for field, text in texts.items() if holds_identity(text)]


def code_faults(codes: Sequence[tuple[str, str]], people: Sequence[tuple[str, PersonEntry]]) -> list[Fault]:
    """Return a fault `identity` for every code that is someone's number.

    Of twelve digits it is by its form. Fewer digits may be an old card's number, or one of twelve whose noughts a
    spreadsheet took off, but as well a code that means nobody: they are refused where the register or an entry has
    that number.

    Args:
        codes: of new households, each with the pointer of its entry.
        people: those of the entries.
    """
    ring = ciphers.keyring()
    wanted = {code: number_of_code(code) for _pointer, code in codes}
    indexes = {number: ring.indexes(number, IDENTITY) for number in wanted.values() if number}
    taken = numbers_taken([index for own in indexes.values() for index in own])
    given = {plain_identity(person.identity_number) for _pointer, person in people}
    message = _(
        "Mã hộ có dạng hoặc trùng với số định danh của một người, mà mã hộ thì hiện trên trang: dùng mã khác, như số"
        " thứ tự của hộ trong thôn."
    )
    return [
        Fault(f"{pointer}/code", "identity", message)
        for pointer, code in codes
        if code_holds_identity(code)
        or (number := wanted[code])
        and (number in given or taken.intersection(indexes[number]))
    ]


def numbers_taken(indexes: Sequence[str], own: int | None = None) -> set[str]:
    """Return those of the digests whose numbers the register has of somebody else than `own`."""
    found: set[str] = set()
    for start in range(0, len(indexes), PORTION):
        rows = Person.objects.filter(identity_index__in=indexes[start : start + PORTION]).exclude(pk=own)
        found.update(rows.values_list("identity_index", flat=True))
    return found
