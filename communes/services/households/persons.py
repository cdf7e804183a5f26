"""The people of the register: what may be said of one, how it is stored, and putting right what was said wrongly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Household, Person
from communes.models.households import HouseholdMember
from communes.models.persons import IDENTITY, Allowance, BirthPrecision, Education, Nutrition, Schooling, Sex, Work
from communes.rules.ethnic_groups import CODES
from communes.rules.families import Kin, birth_fault, born, family_faults, is_identity, plain_identity
from communes.rules.of_children import not_of_a_child
from communes.services.counts import count_households
from communes.services.households.entries import PersonEntry
from communes.services.households.guard import fault_of_family, household_for, once, show, stale, tell
from communes.services.households.hidden import numbers_taken, text_faults
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common import ciphers
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.text import nfc, search_key, sort_key

FIELDS = tuple(field.name for field in fields(PersonEntry))
_WORDS: dict[str, Iterable[str]] = {
    "sex": Sex.values,
    "ethnicity": CODES,
    "schooling": Schooling.values,
    "education": Education.values,
    "work": Work.values,
    "allowance": Allowance.values,
    "nutrition": Nutrition.values,
}
_PLAIN = (
    "birth_date", "birth_precision", "sex", "ethnicity", "schooling", "education", "work", "health_insurance",
    "allowance", "meritorious", "nutrition",
)  # fmt: skip
NAME_LENGTH = 120


def person_faults(entry: PersonEntry, pointer: str, *, today: date, on: date | None = None) -> list[Fault]:
    """Return everything that is wrong with what is said of one person; of an identity number only its form.

    Args:
        on: the day on which it is said, which decides who is a child; None: that is not asked.
    """
    name = plain_name(entry.name)
    faults = text_faults(pointer, name=name)
    if not name:
        faults.append(Fault(f"{pointer}/name", "required", _("Ghi họ và tên.")))
    elif len(name) > NAME_LENGTH:
        faults.append(Fault(f"{pointer}/name", "too_long", _("Họ và tên dài quá 120 ký tự.")))
    elif not name.isprintable():
        faults.append(Fault(f"{pointer}/name", "invalid", _("Họ và tên có ký tự không đọc được.")))
    if entry.birth_precision not in BirthPrecision.values:
        faults.append(Fault(f"{pointer}/birth_precision", "unknown", _("Không có lựa chọn này.")))
    else:
        code = birth_fault(born(entry.birth_date, entry.birth_precision), today)
        if code:
            faults.append(Fault(f"{pointer}/birth_date", code, _birth_message(code)))
        elif on is not None:
            faults += child_faults(entry, pointer, on)
    for field, known in _WORDS.items():
        value = getattr(entry, field)
        if value and value not in known:
            faults.append(Fault(f"{pointer}/{field}", "unknown", _("Không có lựa chọn này.")))
    number = plain_identity(entry.identity_number)
    if number and not is_identity(number):
        message = _("Số định danh cá nhân gồm 12 chữ số bắt đầu bằng mã tỉnh; số chứng minh nhân dân cũ gồm 9 chữ số.")
        faults.append(Fault(f"{pointer}/identity_number", "malformed", message))
    return faults


def _birth_message(code: str) -> str:
    return {
        "in_future": _("Ngày sinh chưa tới."),
        "too_long_ago": _("Ngày sinh cách đây hơn 125 năm."),
    }[code]


def child_faults(entry: PersonEntry, pointer: str, on: date) -> list[Fault]:
    """A child's data with someone who is no child on the day."""
    messages = {
        "not_a_child": _("Tình trạng dinh dưỡng chỉ ghi cho trẻ dưới 16 tuổi."),
        "kindergarten": _("Người từ 8 tuổi trở lên không còn học mầm non."),
    }
    birth = born(entry.birth_date, entry.birth_precision)
    found = not_of_a_child(birth, entry.nutrition, entry.schooling, on)
    return [Fault(f"{pointer}/{field}", code, messages[code]) for field, code in found]


def identity_faults(entries: Sequence[tuple[str, PersonEntry]], *, own: int | None = None) -> list[Fault]:
    """Return a fault for every identity number that the register or an earlier entry has already.

    Whose number it is is not said: who types a number may not be entitled to know.

    Args:
        entries: each with its pointer.
        own: the person who may have the number.
    """
    ring = ciphers.keyring()
    wanted: dict[str, tuple[str, ...]] = {}
    faults = []
    for pointer, entry in entries:
        number = plain_identity(entry.identity_number)
        if number in wanted:
            faults.append(Fault(f"{pointer}/identity_number", "used", _("Số định danh này đã nhập cho người khác.")))
        elif is_identity(number):
            wanted[number] = ring.indexes(number, IDENTITY)
    taken = numbers_taken([index for indexes in wanted.values() for index in indexes], own)
    told = {fault.pointer for fault in faults}
    for pointer, entry in entries:
        indexes = wanted.get(plain_identity(entry.identity_number), ())
        if taken.intersection(indexes) and f"{pointer}/identity_number" not in told:
            faults.append(Fault(f"{pointer}/identity_number", "used", _("Số định danh này đã có trong sổ hộ.")))
    return faults


def plain_name(name: str) -> str:
    return " ".join(nfc(name).split())


def fields_of(entry: PersonEntry) -> dict[str, Any]:
    """Return what is stored of a person: the number encrypted, the name with its keys to search and sort by."""
    name = plain_name(entry.name)
    number = plain_identity(entry.identity_number)
    hidden = ciphers.keyring().hide(number, IDENTITY) if number else None
    return {
        **{field: getattr(entry, field) for field in _PLAIN},
        "name": name,
        "search_key": search_key(name)[:160],
        "sort_key": sort_key(name)[:420],
        "identity_key": hidden.key if hidden else "",
        "identity_text": hidden.text if hidden else "",
        "identity_index": hidden.index if hidden else "",
    }


def correct_person(
    *, by: Any, household_id: int, person_id: int, lock: int | None = None, changes: Mapping[str, Any]
) -> Person:
    """Put right what is recorded of a member of a household; what stands there already changes nothing.

    Args:
        lock: the person's, as the window saw it.
        changes: fields of `PersonEntry` by name.

    Raises:
        Household.DoesNotExist, Person.DoesNotExist, Forbidden; Stale: another window was first; Invalid: every fault,
        also what the new birth makes of the household (a parent younger than the child).
    """
    household = household_for(by=by, household_id=household_id, permission=Permission.HOUSEHOLDS_EDIT)
    person: Person = Person.objects.filter(memberships__household=household).distinct().get(pk=person_id)
    unknown = sorted(set(changes) - set(FIELDS))
    if unknown:
        raise TypeError(f"no such fields of a person: {unknown}")
    if person.erased_on is not None:
        raise Invalid([Fault("/person", "erased", _("Thông tin của người này đã được xóa nên không sửa được."))])
    given = PersonEntry(**{field: changes.get(field, _now(person, field)) for field in FIELDS})
    today = timezone.localdate()
    faults = person_faults(given, "", today=today) + _no_child(person, given, today)
    if "identity_number" in changes:
        faults += identity_faults([("", given)], own=person.pk)
    if changes.keys() & {"birth_date", "birth_precision"}:
        faults += _family_of(household, person, given) + _born_later(person, given)
    if faults:
        raise Invalid(faults)
    stored = fields_of(given)
    if not _other_number(person, changes):
        stored = {field: value for field, value in stored.items() if not field.startswith("identity_")}
    stored = {field: value for field, value in stored.items() if getattr(person, field) != value}
    if not stored:
        return person
    with once(), transaction.atomic():
        seen = person.lock if lock is None else lock
        if Person.objects.filter(pk=person.pk, lock=seen).update(lock=F("lock") + 1, **stored) != 1:
            raise stale()
        headed = HouseholdMember.objects.filter(person=person, relation="head")
        if "name" in stored:
            show(headed.values_list("household_id", flat=True))
        if "ethnicity" in stored:
            count_households(headed.values_list("household_id", flat=True))
        before, after = _told(person, stored)
        tell(household, kind=Kind.PERSON_CORRECTED, by=by, person=person.pk, before=before, after=after)
    person.refresh_from_db()
    return person


def _now(person: Person, field: str) -> Any:
    return "" if field == "identity_number" else getattr(person, field)


def _other_number(person: Person, changes: Mapping[str, Any]) -> bool:
    """Whether the identity number becomes another; the same one again is not encrypted anew."""
    if "identity_number" not in changes:
        return False
    number = plain_identity(changes["identity_number"])
    known = ciphers.keyring().indexes(number, IDENTITY) if number else ("",)
    return person.identity_index not in known


def _family_of(household: Household, person: Person, given: PersonEntry) -> list[Fault]:
    """What the corrected birth would make of the household as it stands."""
    rows = list(household.members.filter(valid_to__isnull=True).select_related("person").order_by("pk"))
    if not any(row.person_id == person.pk for row in rows):
        return []
    kin = [
        Kin(
            row.relation,
            born(given.birth_date, given.birth_precision)
            if row.person_id == person.pk
            else born(row.person.birth_date, row.person.birth_precision),
        )
        for row in rows
    ]
    return [fault_of_family(fault, lambda at: "") for fault in family_faults(kin) if fault.field == "birth_date"]


def _born_later(person: Person, given: PersonEntry) -> list[Fault]:
    """A birth after the person came to a household, or died."""
    birth = born(given.birth_date, given.birth_precision)
    first = person.memberships.order_by("valid_from").values_list("valid_from", flat=True).first()
    known = [day for day in (first, person.died_on) if day is not None]
    if birth is None or not known or birth.first <= min(known):
        return []
    return [Fault("/birth_date", "born_later", _("Ngày sinh sau ngày người này vào hộ hoặc mất."))]


def _no_child(person: Person, given: PersonEntry, today: date) -> list[Fault]:
    """A child's data that is said now of someone who is none; what was said of them as a child may stay."""
    if given.birth_precision not in BirthPrecision.values:
        return []
    other_birth = any(getattr(given, field) != getattr(person, field) for field in ("birth_date", "birth_precision"))
    return [
        fault
        for fault in child_faults(given, "", today)
        if other_birth or getattr(given, fault.pointer[1:]) != getattr(person, fault.pointer[1:])
    ]


def _told(person: Person, stored: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was there and what is, for the audit trail, which masks it; of an identity number only that there is one."""
    names = {"name": "person_name"}
    left_out = ("search_key", "sort_key", "identity_key", "identity_text", "identity_index")
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field, value in stored.items():
        if field not in left_out:
            before[names.get(field, field)], after[names.get(field, field)] = getattr(person, field), value
    if "identity_index" in stored:
        before["identity_number"] = person.identity_masked
        after["identity_number"] = "•••" if stored["identity_index"] else ""
    return before, after
