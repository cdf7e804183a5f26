"""Writing households into the register: one as it is stated, or thousands at a time by the same checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Household, HouseholdMember, HouseholdStay, Person, Village, VillageVersion
from communes.models.households import Began, Joined, Relation
from communes.models.persons import IDENTITY
from communes.rules.families import Kin, born, family_faults, is_identity, plain_identity
from communes.rules.register_files.cells import shown_code
from communes.scope import scope_of
from communes.services.counts import count_households
from communes.services.households.entries import HouseholdEntry, MemberEntry
from communes.services.households.guard import (
    day_faults,
    fault_of_family,
    household_search_key,
    may,
    once,
    tell_many,
)
from communes.services.households.hidden import PORTION, code_faults, text_faults
from communes.services.households.persons import fields_of, identity_faults, person_faults, plain_name
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common import ciphers
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.text import nfc, sort_key

CODE_LENGTH, ADDRESS_LENGTH = 40, 300


@dataclass(frozen=True, slots=True)
class Ground:
    """What entries are held against, loaded at once: a thousand cost the queries of one."""

    today: date
    villages: dict[str, list[VillageVersion]]
    writable: frozenset[str]  # codes of villages whose households the writer may write
    stored: dict[str, Household]
    people: dict[int, Person]
    memberships: dict[int, list[HouseholdMember]]


def register_household(*, by: Any, entry: HouseholdEntry) -> Household:
    """Write one household into the register; the same again changes nothing.

    Raises:
        Forbidden; Invalid: everything that `register_households` names, without the position; Stale.
    """
    return _register(by=by, entries=[entry], pointers=[""])[0]


def register_households(*, by: Any, entries: Sequence[HouseholdEntry]) -> list[Household]:
    """Write households into the register, all or none, in the order given; what stands there just so is left.

    Raises:
        Forbidden: the person writes no households anywhere.
        Invalid: every fault of every entry, by position: `/0/code` used, required, too_long, identity (it is a
        number that identifies someone); `/0/address`, `/0/note` identity; `/0/village` unknown,
        not_there (on the first day); `/0/on` in_future; `/0/members` no_head; `/0/members/1/relation` two_heads,
        unknown; `/0/members/1/person` unknown, busy, died, required, twice; `/0/members/1/…` as `person_faults` and
        `identity_faults` name them, `birth_date` born_later and what cannot be between two generations.
        Stale: another window wrote the same at the same moment.
    """
    return _register(by=by, entries=entries, pointers=[f"/{at}" for at in range(len(entries))])


def _register(*, by: Any, entries: Sequence[HouseholdEntry], pointers: Sequence[str]) -> list[Household]:
    may(by, Permission.HOUSEHOLDS_EDIT)
    ground = ground_for(by=by, entries=entries)
    same = {at for at, entry in enumerate(entries) if is_stored(entry, ground)}
    new = [(pointers[at], entry) for at, entry in enumerate(entries) if at not in same]
    faults = entries_faults(new, ground)
    if faults:
        raise Invalid(faults)
    with once(), transaction.atomic():
        made = store([entry for _pointer, entry in new], ground)
        tell_many(
            kind=Kind.HOUSEHOLD_REGISTERED,
            by=by,
            about=[
                (household, {"on": entry.on, "began_as": entry.began_as, "members": len(entry.members)})
                for household, (_pointer, entry) in zip(made, new, strict=True)
            ],
        )
    found = ground.stored | {household.code: household for household in made}
    return [found[plain_code(entry.code)] for entry in entries]


def ground_for(*, by: Any, entries: Sequence[HouseholdEntry], permission: str = Permission.HOUSEHOLDS_EDIT) -> Ground:
    """Load what entries are held against; `permission`: by which the writer writes them."""
    members = [member for entry in entries for member in entry.members]
    villages: dict[str, list[VillageVersion]] = {}
    codes = {entry.village for entry in entries}
    for version in VillageVersion.objects.filter(village__code__in=codes).select_related("village"):
        villages.setdefault(version.village.code, []).append(version)
    ids = {member.person_id for member in members if member.person_id is not None}
    memberships: dict[int, list[HouseholdMember]] = {}
    for row in _in_portions(HouseholdMember.objects.select_related("household"), "person__in", ids):
        memberships.setdefault(row.person_id, []).append(row)
    people = Person.objects.all() if by is None else Person.objects.visible_to(scope_of(by))
    return Ground(
        today=timezone.localdate(),
        villages=villages,
        writable=_writable(by, codes, permission),
        stored=_stored({plain_code(entry.code) for entry in entries}),
        people={person.pk: person for person in _in_portions(people, "pk__in", ids)},
        memberships=memberships,
    )


def _stored(codes: Iterable[str]) -> dict[str, Household]:
    rows = Household.objects.select_related("village").prefetch_related("members__person")
    # SQLite refuses to look for the members of a thousand households at once.
    return {household.code: household for household in _in_portions(rows, "code__in", codes, 500)}


def _writable(by: Any, codes: Iterable[str], permission: str) -> frozenset[str]:
    rows = Village.objects.filter(code__in=codes)
    units = None if by is None else scope_of(by).units_with(permission)
    return frozenset((rows if units is None else rows.of_units(units)).values_list("code", flat=True))


def _in_portions(rows: Any, condition: str, values: Iterable[Any], size: int = PORTION) -> Iterator[Any]:
    wanted = list(values)
    for start in range(0, len(wanted), size):
        yield from rows.filter(**{condition: wanted[start : start + size]})


def plain_code(code: str) -> str:
    return " ".join(nfc(code).split())


# --- What is wrong ---------------------------------------------------------------------------------------------------


def entries_faults(entries: Sequence[tuple[str, HouseholdEntry]], ground: Ground) -> list[Fault]:
    """Return every fault of the entries, each with its pointer; the entries are held against each other, too."""
    faults: list[Fault] = []
    codes: set[str] = set()
    numbers: set[int] = set()
    people = []
    for pointer, entry in entries:
        faults += _household_faults(pointer, entry, ground, codes)
        faults += members_faults(pointer, entry, ground, numbers)
        people += [
            (f"{pointer}/members/{at}", member.person)
            for at, member in enumerate(entry.members)
            if member.person is not None
        ]
    return faults + identity_faults(people) + code_faults([(at, plain_code(e.code)) for at, e in entries], people)


def _household_faults(pointer: str, entry: HouseholdEntry, ground: Ground, codes: set[str]) -> list[Fault]:
    faults = day_faults(entry.on, pointer=pointer) + text_faults(pointer, address=entry.address, note=entry.note)
    code = plain_code(entry.code)
    if not code:
        faults.append(Fault(f"{pointer}/code", "required", _("Ghi mã hộ.")))
    elif len(code) > CODE_LENGTH:
        faults.append(Fault(f"{pointer}/code", "too_long", _("Mã hộ dài quá 40 ký tự.")))
    elif code in codes or code in ground.stored:
        faults.append(Fault(f"{pointer}/code", "used", _("Mã hộ “%(code)s” đã dùng.") % {"code": shown_code(code)}))
    codes.add(code)
    if len(plain_name(entry.address)) > ADDRESS_LENGTH:
        faults.append(Fault(f"{pointer}/address", "too_long", _("Địa chỉ dài quá 300 ký tự.")))
    if entry.began_as not in (Began.ENTERED, Began.MOVED_IN, Began.SPLIT):
        faults.append(Fault(f"{pointer}/began_as", "unknown", _("Không có lựa chọn này.")))
    return faults + village_faults(pointer, entry.village, entry.on, ground)


def village_faults(pointer: str, code: str, on: date, ground: Ground) -> list[Fault]:
    """A village that there is not, not for the writer, or not on the day."""
    if code not in ground.villages or code not in ground.writable:
        message = _("Không có thôn, bản, khu “%(code)s” trong phạm vi của tài khoản.")
        return [Fault(f"{pointer}/village", "unknown", message % {"code": code})]
    if not any(version.holds_on(on) for version in ground.villages[code]):
        return [Fault(f"{pointer}/village", "not_there", _("Thôn, bản, khu này không tồn tại vào ngày đó."))]
    return []


def members_faults(pointer: str, entry: HouseholdEntry, ground: Ground, numbers: set[int]) -> list[Fault]:
    """What is wrong with the members of an entry; `numbers` are people whom earlier entries have already."""
    faults = []
    kin = []
    for at, member in enumerate(entry.members):
        here = f"{pointer}/members/{at}"
        if member.person is not None:
            faults += person_faults(member.person, here, today=ground.today, on=entry.on)
            birth = born(member.person.birth_date, member.person.birth_precision)
        else:
            faults += known_person_faults(here, member, entry.on, ground, numbers)
            known = ground.people.get(member.person_id or 0)
            birth = born(known.birth_date, known.birth_precision) if known else None
        if birth is not None and entry.on < birth.first <= ground.today:
            faults.append(Fault(f"{here}/birth_date", "born_later", _("Người này sinh sau ngày đó.")))
        kin.append(Kin(member.relation, birth))
    return faults + [
        Fault(f"{pointer}{found.pointer}", found.code, found.message)
        for found in (fault_of_family(one, lambda at: f"/members/{at}") for one in family_faults(kin))
    ]


def known_person_faults(pointer: str, member: MemberEntry, on: date, ground: Ground, numbers: set[int]) -> list[Fault]:
    """Someone whom the register knows by number: not for the writer, twice, in another household, or not alive."""
    where = f"{pointer}/person"
    if member.person_id is None:
        return [Fault(where, "required", _("Nhập người này hoặc chọn người đã có trong sổ."))]
    person = ground.people.get(member.person_id)
    if person is None:
        return [Fault(where, "unknown", _("Không có người này trong phạm vi của tài khoản."))]
    if person.pk in numbers:
        return [Fault(where, "twice", _("Người này được nhập hai lần."))]
    numbers.add(person.pk)
    faults = []
    if person.erased_on is not None:
        faults.append(Fault(where, "erased", _("Thông tin của người này đã được xóa; hãy nhập như người mới.")))
    if any(row.valid_to is None or row.valid_to >= on for row in ground.memberships.get(person.pk, ())):
        faults.append(Fault(where, "busy", _("Vào ngày đó người này còn thuộc một hộ trong sổ.")))
    if person.died_on is not None and person.died_on <= on:
        faults.append(Fault(where, "died", _("Vào ngày đó người này đã mất.")))
    return faults


def is_stored(entry: HouseholdEntry, ground: Ground) -> bool:
    """Whether the very household stands in the register since this very entry: it was sent twice."""
    household = ground.stored.get(plain_code(entry.code))
    if household is None or household.lock or household.valid_from != entry.on or household.valid_to is not None:
        return False
    stated = (entry.village, plain_name(entry.address), entry.began_as, entry.no_labour, entry.farming)
    stands = (household.village.code, household.address, household.began_as, household.no_labour, household.farming)
    rows = sorted(household.members.all(), key=lambda row: row.pk)
    return (
        entry.village in ground.writable
        and stated == stands
        and len(rows) == len(entry.members)
        and all(_is_member(member, row) for member, row in zip(entry.members, rows, strict=True))
    )


def _is_member(member: MemberEntry, row: HouseholdMember) -> bool:
    if member.relation != row.relation or member.person is None:
        return member.relation == row.relation and member.person_id == row.person_id
    said, person = member.person, row.person
    number = plain_identity(said.identity_number)
    indexes = ciphers.keyring().indexes(number, IDENTITY) if is_identity(number) else ("",)
    return (
        plain_name(said.name) == person.name
        and (said.birth_date, said.birth_precision) == (person.birth_date, person.birth_precision)
        and said.sex == person.sex
        and person.identity_index in indexes
    )


# --- Storing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Built:
    """Rows that entries make, not stored yet and without numbers, in the order in which they name one another."""

    people: list[Person]
    households: list[Household]
    stays: list[HouseholdStay]
    members: list[HouseholdMember]


def built(entries: Sequence[HouseholdEntry], ground: Ground) -> Built:
    """Return the rows of entries that have no faults: all that takes time, so that storing them does not."""
    people: list[list[Person]] = []
    new: list[Person] = []
    for entry in entries:
        people.append([])
        for member in entry.members:
            if member.person is not None:
                new.append(Person(**fields_of(member.person)))
                people[-1].append(new[-1])
            else:
                people[-1].append(ground.people[member.person_id or 0])
    made = [_household_of(entry, _head(entry, who), ground) for entry, who in zip(entries, people, strict=True)]
    joined = {Began.ENTERED: Joined.ENTERED, Began.MOVED_IN: Joined.MOVED_IN, Began.SPLIT: Joined.SPLIT}
    return Built(
        people=new,
        households=made,
        stays=[
            HouseholdStay(household=h, village_id=h.village_id, address=h.address, valid_from=h.valid_from)
            for h in made
        ],
        members=[
            HouseholdMember(
                household=household,
                person=person,
                relation=member.relation,
                valid_from=entry.on,
                began_as=joined[Began(entry.began_as)],
            )
            for household, entry, who in zip(made, entries, people, strict=True)
            for member, person in zip(entry.members, who, strict=True)
        ],
    )


def store(entries: Sequence[HouseholdEntry], ground: Ground) -> list[Household]:
    """Store entries that have no faults, in the caller's transaction: four queries a thousand rows."""
    rows = built(entries, ground)
    Person.objects.bulk_create(rows.people, batch_size=1000)
    Household.objects.bulk_create(rows.households, batch_size=1000)
    HouseholdStay.objects.bulk_create(rows.stays, batch_size=1000)
    HouseholdMember.objects.bulk_create(rows.members, batch_size=1000)
    count_households(household.pk for household in rows.households)
    return rows.households


def _head(entry: HouseholdEntry, people: Sequence[Person]) -> str:
    return next(p.name for m, p in zip(entry.members, people, strict=True) if m.relation == Relation.HEAD)


def _household_of(entry: HouseholdEntry, head: str, ground: Ground) -> Household:
    code, address = plain_code(entry.code), plain_name(entry.address)
    return Household(
        code=code,
        village=ground.villages[entry.village][0].village,
        address=address,
        head_name=head,
        size=len(entry.members),
        search_key=household_search_key(head, code, address),
        sort_key=sort_key(head)[:420],
        valid_from=entry.on,
        began_as=entry.began_as,
        no_labour=entry.no_labour,
        farming=entry.farming,
        note=entry.note.strip(),
        illustrative=entry.illustrative,
    )
