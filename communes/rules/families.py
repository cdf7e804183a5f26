"""Who can be what to whom in a household, and what an identity number looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

HEAD, SPOUSE, CHILD, STEP_CHILD, CHILD_IN_LAW = "head", "spouse", "child", "step_child", "child_in_law"
PARENT, PARENT_IN_LAW, GRANDPARENT, GRANDCHILD = "parent", "parent_in_law", "grandparent", "grandchild"
SIBLING, OTHER_RELATIVE, UNRELATED = "sibling", "other_relative", "unrelated"
RELATIONS = (
    HEAD, SPOUSE, CHILD, STEP_CHILD, CHILD_IN_LAW, PARENT, PARENT_IN_LAW, GRANDPARENT, GRANDCHILD, SIBLING,
    OTHER_RELATIVE, UNRELATED,
)  # fmt: skip

# Years between a person and a child of theirs that are certainly too few. An adoptive parent is at least twenty years
# older (Law 52/2010/QH12, Điều 14); what is closer can be a step-child, who has a word of their own.
GENERATION = 12
# Nobody alive is older.
OLDEST = 125

DAY, MONTH, YEAR = "day", "month", "year"
_LONG, _OLD = re.compile(r"0\d{11}"), re.compile(r"\d{9}")
_PROVINCES = range(1, 97)
# Twelve digits within a text, together or in groups. The last three stand together: ten digits and two more behind a
# blank are a telephone number beside something else.
_WITHIN = re.compile(r"(?<!\d)0(?:[\s.\-]?\d){9}\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Born:
    """The days between which someone was born, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Kin:
    """A member as the rules see one; `born` None when nothing is recorded."""

    relation: str
    born: Born | None = None


@dataclass(frozen=True, slots=True)
class FamilyFault:
    """What is wrong: the position of the member (None: of the household as a whole), the field, and a stable code."""

    position: int | None
    field: str
    code: str


def born(birth_date: date | None, precision: str) -> Born | None:
    """Return the days that a birth known to the day, month or year leaves open."""
    if birth_date is None:
        return None
    if precision == YEAR:
        return Born(date(birth_date.year, 1, 1), date(birth_date.year, 12, 31))
    if precision == MONTH:
        first = birth_date.replace(day=1)
        return Born(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    return Born(birth_date, birth_date)


def birth_fault(birth: Born | None, today: date) -> str:
    """Return `in_future`, `too_long_ago`, or nothing."""
    if birth is None:
        return ""
    if birth.first > today:
        return "in_future"
    return "too_long_ago" if _years_later(birth.last, OLDEST) < today else ""


def family_faults(members: Sequence[Kin]) -> list[FamilyFault]:
    """Return everything that cannot be of a household with these members.

    Codes: `no_head`, `two_heads`, `unknown` (a relation that is none), and of ages that cannot be whatever days the
    recorded births leave open: `child_too_old`, `parent_too_young`, `grandchild_too_old`, `grandparent_too_young`.
    """
    faults = []
    heads = [at for at, kin in enumerate(members) if kin.relation == HEAD]
    if not heads:
        faults.append(FamilyFault(None, "members", "no_head"))
    faults += [FamilyFault(at, "relation", "two_heads") for at in heads[1:]]
    faults += [FamilyFault(at, "relation", "unknown") for at, k in enumerate(members) if k.relation not in RELATIONS]
    if len(heads) == 1:
        head = members[heads[0]].born
        for at, kin in enumerate(members):
            if code := _age_fault(kin, head):
                faults.append(FamilyFault(at, "birth_date", code))
    return faults


def _age_fault(kin: Kin, head: Born | None) -> str:
    if kin.born is None or head is None:
        return ""
    younger = {CHILD: (1, "child_too_old"), GRANDCHILD: (2, "grandchild_too_old")}
    older = {PARENT: (1, "parent_too_young"), GRANDPARENT: (2, "grandparent_too_young")}
    if kin.relation in younger:
        generations, code = younger[kin.relation]
        return code if kin.born.last < _years_later(head.first, GENERATION * generations) else ""
    if kin.relation in older:
        generations, code = older[kin.relation]
        return code if head.last < _years_later(kin.born.first, GENERATION * generations) else ""
    return ""


def _years_later(day: date, years: int) -> date:
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29/02
        return date(day.year + years, 3, 1)


# What the others are to the new head, by what the new head was and what they were to the old one. Only what follows for
# certain: a spouse's child may be a step-child, a sibling may have one parent in common.
_AFTER: Mapping[str, Mapping[str, str]] = {
    SPOUSE: {HEAD: SPOUSE, PARENT: PARENT_IN_LAW, PARENT_IN_LAW: PARENT},
    CHILD: {HEAD: PARENT, CHILD: SIBLING, PARENT: GRANDPARENT},
    PARENT: {HEAD: CHILD, CHILD: GRANDCHILD, SPOUSE: CHILD_IN_LAW},
    SIBLING: {HEAD: SIBLING},
    GRANDCHILD: {HEAD: GRANDPARENT},
    GRANDPARENT: {HEAD: GRANDCHILD},
    CHILD_IN_LAW: {HEAD: PARENT_IN_LAW},
    PARENT_IN_LAW: {HEAD: CHILD_IN_LAW, SPOUSE: CHILD},
    STEP_CHILD: {SPOUSE: PARENT},
    UNRELATED: dict.fromkeys(RELATIONS, UNRELATED),
}


def relation_after(new_head_was: str, was: str) -> str | None:
    """Return what a member is to a new head, given what both were to the old one; None where that does not follow.

    Whoever has no family with the old head has none with the new one, as far as anyone knows.
    """
    if was == UNRELATED:
        return UNRELATED
    return _AFTER.get(new_head_was, {}).get(was)


def plain_identity(number: str) -> str:
    """Return an identity number as digits alone: people type it in groups."""
    return re.sub(r"[\s.\-]", "", number)


def is_identity(number: str) -> bool:
    """Whether this is a personal identity number (số định danh cá nhân, NĐ 137/2015/NĐ-CP) or an old card's (9 digits).

    Twelve digits begin with the code of a province, 001 to 096.
    """
    if _LONG.fullmatch(number):
        return int(number[:3]) in _PROVINCES
    return _OLD.fullmatch(number) is not None


def holds_identity(text: str) -> bool:
    """Whether a text that stands on pages holds what has the form of a personal identity number of twelve digits.

    Nine digits alone may be a code or a telephone number without its nought, so they are not taken for one.
    """
    return any(is_identity(plain_identity(found)) for found in _WITHIN.findall(" ".join(text.split())))


def code_holds_identity(code: str) -> bool:
    """Whether a household's code is or holds such a number, in whatever groups it is typed."""
    return holds_identity(code) or holds_identity(plain_identity(code))


def number_of_code(code: str) -> str:
    """Return the identity number that a code of nine to eleven digits would be if it were one; empty: it is none.

    Ten and eleven digits are one of twelve as a spreadsheet leaves it, without the noughts at its head.
    """
    digits = plain_identity(code)
    number = digits if len(digits) == 9 else digits.zfill(12)
    return number if digits.isdigit() and len(digits) in (9, 10, 11) and is_identity(number) else ""
