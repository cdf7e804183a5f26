"""How one household reads: its people, where it lived, and what happened to it, the latest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import HouseholdMember, Person
from communes.models.households import Began, Ended, Joined, Left, Relation
from communes.models.persons import BirthPrecision, Sex
from communes.presenters.households import area_word
from communes.rules.ethnic_groups import ETHNIC_GROUPS, FOREIGN
from communes.rules.lineage import Branch
from communes.selectors.household_page import HouseholdCard
from communes.selectors.households import MemberView
from communes.selectors.residences import Residence
from mongcai_portal.common.templatetags.portal import date_vi, localname

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Someone of the household, without the identity number."""

    pk: int
    name: str = field(repr=False)
    relation: str
    is_head: bool
    birth: str = field(repr=False)
    age: int | None
    sex: str
    ethnicity: str
    identity: str
    since: date


@dataclass(frozen=True, slots=True)
class PastLine:
    """Someone who no longer belongs to the household."""

    name: str = field(repr=False)
    relation: str
    how: str
    on: date


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Where the household lived, while it did."""

    days: str
    place: str
    address: str = field(repr=False)
    area: str
    now: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened on a day; `icon` gives it a shape."""

    on: date
    text: str = field(repr=False)
    icon: str
    code: str = ""
    household: int | None = None


@dataclass(frozen=True, slots=True)
class Relative:
    """A household that this one came of, or that came of it; `pk` None where its page does not open."""

    code: str
    pk: int | None
    how: str
    on: date
    depth: int


def member_lines(members: Iterable[MemberView], day: date) -> list[PersonLine]:
    return [
        PersonLine(
            pk=one.person.pk,
            name=name_of(one.person),
            relation=relation_word(one.relation),
            is_head=one.relation == Relation.HEAD,
            birth=birth_text(one.person),
            age=age_on(one.person, day),
            sex=str(Sex(one.person.sex).label) if one.person.sex else "",
            ethnicity=ethnicity_word(one.person.ethnicity),
            identity=one.identity,
            since=one.since,
        )
        for one in members
    ]


def name_of(person: Person) -> str:
    """The name, or that it was erased."""
    return person.name if person.erased_on is None else _("(đã xóa theo quy định)")


def relation_word(relation: str) -> str:
    return str(Relation(relation).label)


def ethnicity_word(code: str) -> str:
    """The ethnic group by its code; names of peoples are the same in every language."""
    return _("người nước ngoài") if code == FOREIGN else ETHNIC_GROUPS.get(code, "")


def birth_text(person: Person) -> str:
    """A birth as exactly as it is known: 02/01/1980, 01/1980 or 1980."""
    day = person.birth_date
    if day is None:
        return ""
    if person.birth_precision == BirthPrecision.YEAR:
        return f"{day.year}"
    if person.birth_precision == BirthPrecision.MONTH:
        return f"{day.month:02d}/{day.year}"
    return date_vi(day)


def age_on(person: Person, day: date) -> int | None:
    """The age in full years; of a birth known to the year the difference of years, as registers write it."""
    born = person.birth_date
    if born is None or born > day:
        return None
    if person.birth_precision != BirthPrecision.DAY:
        return day.year - born.year
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def past_lines(card: HouseholdCard) -> list[PastLine]:
    """Who left the household for good before the day shown, the latest first."""
    there = {one.person.pk for one in card.view.members}
    last: dict[int, HouseholdMember] = {}
    for row in card.memberships:
        if row.person_id not in there and row.valid_to is not None and row.valid_to < card.view.day:
            last[row.person_id] = row
    lines = [
        PastLine(
            name_of(row.person), relation_word(row.relation), str(Left(row.ended_as).label), row.valid_to + ONE_DAY
        )
        for row in last.values()
        if row.valid_to is not None
    ]
    return sorted(lines, key=lambda line: line.on, reverse=True)


def place_text(residence: Residence) -> str:
    return ", ".join(filter(None, (residence.village, localname(residence.unit) if residence.unit else "")))


def place_lines(card: HouseholdCard) -> list[PlaceLine]:
    """Where the household lived, the latest first."""
    lines = []
    for one in reversed(card.residences):
        days = {"first": date_vi(one.valid_from), "last": date_vi(one.valid_to) if one.valid_to else ""}
        text = _("%(first)s – %(last)s") % days if one.valid_to else _("từ %(day)s") % {"day": days["first"]}
        lines.append(
            PlaceLine(text, place_text(one) or "–", one.address, area_word(one.area_type), one is card.residence)
        )
    return lines


def relatives(card: HouseholdCard, branches: Iterable[Branch[int]], *, before: bool, depth: int = 0) -> list[Relative]:
    """The branches of a lineage as lines, each under the one that it comes from."""
    found = []
    for branch in branches:
        split = branch.step.kind == "split"
        how = (_("tách từ") if split else _("nhập từ")) if before else (_("tách ra") if split else _("nhập vào"))
        pk = branch.unit if branch.unit in card.known else None
        found.append(Relative(card.kinship.codes[branch.unit], pk, how, branch.step.effective_on, depth))
        found += relatives(card, branch.branches, before=before, depth=depth + 1)
    return found


def happenings(card: HouseholdCard) -> list[Happening]:
    """What happened to the household, the latest first, in its rows' own words."""
    household = card.household
    today = timezone.localdate()
    found = [Happening(household.valid_from, _began_text(card), "plus")]
    if household.valid_to is not None:
        text = _("Ra khỏi sổ: %(how)s") % {"how": Ended(household.ended_as).label}
        found.append(Happening(household.valid_to + ONE_DAY, text, "logout"))
    found += _successions(card) + _places(card) + _people(card)
    return sorted((one for one in found if one.on <= today), key=lambda one: one.on, reverse=True)


def _began_text(card: HouseholdCard) -> str:
    return {
        Began.ENTERED: _("Ghi vào sổ"),
        Began.MOVED_IN: _("Chuyển đến, ghi vào sổ"),
        Began.SPLIT: _("Thành lập do tách hộ"),
    }[Began(card.household.began_as)]


def _places(card: HouseholdCard) -> list[Happening]:
    found = []
    for before, after in zip(card.residences, card.residences[1:], strict=False):
        told = {"place": place_text(after), "area": area_word(after.area_type), "unit": _unit(after)}
        if after.moved:
            text = _("Chuyển chỗ ở đến %(place)s (%(area)s)") % told
        elif before.area_type != after.area_type:
            told["before"] = area_word(before.area_type)
            text = _("Địa bàn thuộc %(unit)s: khu vực đổi từ %(before)s sang %(area)s") % told
        else:
            text = _("Địa bàn thuộc %(unit)s") % told
        found.append(Happening(after.valid_from, text, "map-pin"))
    return found


def _unit(residence: Residence) -> str:
    return localname(residence.unit) if residence.unit else "–"


def _people(card: HouseholdCard) -> list[Happening]:
    found = []
    for row in card.memberships:
        told = {"name": name_of(row.person), "relation": relation_word(row.relation)}
        joined = {
            Joined.BORN: _("%(name)s mới sinh (%(relation)s)"),
            Joined.MOVED_IN: _("%(name)s chuyển đến (%(relation)s)"),
            Joined.TRANSFER: _("%(name)s từ hộ khác sang (%(relation)s)"),
            Joined.MERGED: _("%(name)s nhập vào hộ (%(relation)s)"),
            Joined.ENTERED: _("%(name)s được ghi vào hộ (%(relation)s)"),
        }
        if row.relation == Relation.HEAD and row.began_as == Joined.RELATION:
            found.append(Happening(row.valid_from, _("%(name)s làm chủ hộ") % told, "user-check"))
        elif row.valid_from > card.household.valid_from and row.began_as in joined:
            found.append(Happening(row.valid_from, joined[Joined(row.began_as)] % told, "plus"))
        left = {
            Left.DIED: _("%(name)s mất"),
            Left.MOVED_OUT: _("%(name)s chuyển đi"),
            Left.TRANSFER: _("%(name)s sang hộ khác"),
            Left.SPLIT: _("%(name)s tách sang hộ mới"),
        }
        # What ended for the household as a whole is told once, of the household.
        whole = row.valid_to is not None and row.valid_to == card.household.valid_to
        if row.valid_to is not None and not whole and row.ended_as in left:
            found.append(Happening(row.valid_to + ONE_DAY, left[Left(row.ended_as)] % told, "minus"))
    return found


def _successions(card: HouseholdCard) -> list[Happening]:
    found = []
    for row in card.successions:
        gives = row.predecessor_id == card.household.pk
        other = row.successor if gives else row.predecessor
        texts = {
            (True, "split"): _("Tách ra hộ"),
            (False, "split"): _("Tách từ hộ"),
            (True, "merge"): _("Nhập vào hộ"),
            (False, "merge"): _("Nhận các thành viên của hộ"),
        }
        pk = other.pk if other.pk in card.known else None
        found.append(Happening(row.effective_on, texts[gives, row.kind], "arrows-diff", other.code, pk))
    return found
