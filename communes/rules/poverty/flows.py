"""How the households of a class became more or fewer between two days: an account that always adds up.

Opening balance + who came into the class − who left it = closing balance, for each place, standard and class. Every
change of a household is one step with one cause, so accounts of days that follow one another can be added, and so can
those of places: what goes from one of them to another leaves here and arrives there.

The causes are those of the tables of TT 07/2021/TT-BLĐTBXH on how poor and near-poor households changed, and the moves
of the register.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR, UNDETERMINED

# What a household is that nobody has classified under the standard, and one that is not in the register.
UNCLASSIFIED, ABSENT = "unclassified", "absent"
CLASSES = (POOR, NEAR_POOR, NOT_POOR, UNDETERMINED, UNCLASSIFIED)

# How the register says that a household came or left; `merged` and `split` as its lineage does.
ENTERED, MOVED_IN, SPLIT = "entered", "moved_in", "split"
MOVED_OUT, DIED, DISSOLVED, MERGED = "moved_out", "died", "dissolved", "merged"
# It went to live in another place of the register, or the place that it lives in passed to another one.
TRANSFER, BOUNDARY = "transfer", "boundary"
# What it was judged to be: put on an opening list; first found so; again, after having left the class; …
LISTED, NEWLY, FELL_BACK, WORSE, BETTER, DETERMINED = "listed", "newly", "fell_back", "worse", "better", "determined"
ESCAPED, NOT_DETERMINED, CLASSIFIED = "escaped", "not_determined", "classified"

COMES = (
    LISTED, NEWLY, FELL_BACK, WORSE, BETTER, DETERMINED, NOT_DETERMINED, ENTERED, MOVED_IN, SPLIT, TRANSFER, BOUNDARY,
)  # fmt: skip
LEAVES = (
    ESCAPED, WORSE, NOT_DETERMINED, CLASSIFIED, LISTED, MOVED_OUT, DIED, DISSOLVED, MERGED, TRANSFER, BOUNDARY,
)  # fmt: skip

# Who came into the register and is judged for the first time within so many days brought it along: a household that was
# poor elsewhere and moved in is none that became poor here.
BROUGHT_ALONG = timedelta(days=365)

_ONE_DAY = timedelta(days=1)
_RANK = {POOR: 0, NEAR_POOR: 1, NOT_POOR: 2}


@dataclass(frozen=True, slots=True)
class Life:
    """A household under one standard.

    `places`: where it is counted from a day on, and whether it went there or the boundary did (`transfer`, `boundary`);
    the first one begins with the household. `statuses`: what it is from a day on, and whether a list says so.
    """

    household: int
    began_on: date
    began_as: str
    places: tuple[tuple[date, Hashable, str], ...]
    statuses: tuple[tuple[date, str, bool], ...] = ()
    last_day: date | None = None
    ended_as: str = ""

    def there(self, day: date) -> bool:
        return self.began_on <= day and (self.last_day is None or day <= self.last_day)

    def place(self, day: date) -> Hashable:
        """Where it is counted on a day; None when it is not in the register."""
        found: Hashable = None
        if self.there(day):
            for since, place, _cause in self.places:
                if since <= day:
                    found = place
        return found

    def status(self, day: date) -> str:
        """What it is on a day: one of `CLASSES`, or absent."""
        found = UNCLASSIFIED
        for since, status, _listed in self.statuses:
            if since <= day:
                found = status
        return found if self.there(day) else ABSENT


class Move(NamedTuple):
    """One step: out of a class (`sign` −1) or into it (1), at a place, for a cause.

    `other` is the class that it went to or came from; "" when it stayed what it was, or was not there.
    """

    day: date
    place: Hashable
    status: str
    cause: str
    sign: int
    other: str = ""


def moves(life: Life) -> Iterator[Move]:
    """Pass on every step of a household, in order; on one day it comes, goes elsewhere, is judged, and leaves."""
    place = life.places[0][1]
    status = UNCLASSIFIED
    left: set[str] = set()  # poverty, near poverty: once in it, and out of it upwards
    before = [row for row in life.statuses if row[0] < life.began_on]
    yield Move(life.began_on, place, status, life.began_as, 1)
    # What was said of it before its first day (a list of the eve, say) holds from the first day.
    steps: list[tuple[date, int, tuple[Hashable, str] | tuple[str, bool]]] = [
        *((since, 1, (where, cause)) for since, where, cause in life.places[1:]),
        *((life.began_on, 2, (row[1], row[2])) for row in before[-1:]),
        *((since, 2, (said, listed)) for since, said, listed in life.statuses if since >= life.began_on),
    ]
    for day, kind, what in sorted(steps, key=lambda step: step[:2]):
        if not life.there(day):
            continue
        if kind == 1:
            where, cause = what[0], str(what[1])
            if where != place:
                yield Move(day, place, status, cause, -1)
                yield Move(day, where, status, cause, 1)
                place = where
            continue
        said, listed = str(what[0]), bool(what[1])
        if said == status:
            continue
        come, leave = _causes(life, day, status, said, listed=listed, left=left)
        yield Move(day, place, status, leave, -1, said)
        yield Move(day, place, said, come, 1, status)
        if status == POOR and said in (NEAR_POOR, NOT_POOR):
            left.add(POOR)
        if status in (POOR, NEAR_POOR) and said == NOT_POOR:
            left.add(NEAR_POOR)
        status = said
    if life.last_day is not None:
        yield Move(life.last_day + _ONE_DAY, place, status, life.ended_as, -1)


def _causes(life: Life, day: date, before: str, after: str, *, listed: bool, left: Collection[str]) -> tuple[str, str]:
    """Return why it came into the class that it is in now, and why it left the one that it was in."""
    if listed:
        return LISTED, LISTED
    if before in (UNCLASSIFIED, UNDETERMINED):
        leave = CLASSIFIED
    elif after == UNDETERMINED:
        leave = NOT_DETERMINED
    elif _RANK[after] > _RANK[before]:
        leave = ESCAPED
    else:
        leave = WORSE
    if before == UNCLASSIFIED and life.began_as in (MOVED_IN, SPLIT) and day - life.began_on <= BROUGHT_ALONG:
        come = life.began_as
    elif before == UNDETERMINED or after == UNDETERMINED:
        come = DETERMINED if before == UNDETERMINED else NOT_DETERMINED
    elif before == POOR or (before == NEAR_POOR and after == NOT_POOR):
        come = BETTER
    elif after in left:
        come = FELL_BACK
    elif before == NEAR_POOR:
        come = WORSE
    else:
        come = NEWLY
    return come, leave


@dataclass(slots=True)
class Account:
    """A class at a place between two days: what it began with, who came and who left by cause, what it ended with.

    `escaped_to` parts those that left as `escaped` by the class that they came to.
    """

    opening: int = 0
    came: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    escaped_to: Counter[str] = field(default_factory=Counter)
    closing: int = 0

    @property
    def adds_up(self) -> bool:
        return self.opening + self.came.total() - self.left.total() == self.closing


def accounts(lives: Iterable[Life], opening: date, closing: date) -> dict[tuple[Hashable, str], Account]:
    """Return the account of each place and class from the end of one day to the end of another.

    The balances are those of asking every household what it is on the two days; the steps between are counted apart.

    Raises:
        ValueError: the closing day is before the opening one.
    """
    if closing < opening:
        raise ValueError(closing)
    found: dict[tuple[Hashable, str], Account] = defaultdict(Account)
    for life in lives:
        if life.there(opening):
            found[life.place(opening), life.status(opening)].opening += 1
        if life.there(closing):
            found[life.place(closing), life.status(closing)].closing += 1
        for move in moves(life):
            if opening < move.day <= closing:
                account = found[move.place, move.status]
                (account.came if move.sign > 0 else account.left)[move.cause] += 1
                if move.sign < 0 and move.cause == ESCAPED:
                    account.escaped_to[move.other] += 1
    return dict(found)


def matrix(
    lives: Iterable[Life], opening: date, closing: date, places: Collection[Hashable] | None = None
) -> dict[tuple[str, str], int]:
    """Return how many households were one class on the first day and are another on the second.

    Who is not in the register, or not at one of these places, is `absent`. So the sum of what began as a class is its
    opening balance, and of what ended as one its closing balance.
    """

    def seen(life: Life, day: date) -> str:
        return life.status(day) if places is None or life.place(day) in places else ABSENT

    pairs = Counter((seen(life, opening), seen(life, closing)) for life in lives)
    pairs.pop((ABSENT, ABSENT), None)
    return dict(pairs)
