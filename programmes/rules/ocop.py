"""OCOP: points, averages, stars, who decides, how long a certificate holds, and what is counted on a day.

The numbers themselves (points of the parts, bands, months) are law in versions and come with a `Scale`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

PARTS = ("a", "b", "c")

DISTRICT, PROVINCE, CENTRAL = "district", "province", "central"
LEVELS = (DISTRICT, PROVINCE, CENTRAL)
_RANK = {level: at for at, level in enumerate(LEVELS)}

# What an assessment comes to: stars that its own level may give; more than it may give, so that the next level has to
# decide; five stars by the province, which the centre has to decide; too few to be an OCOP product; or refused by a
# requirement besides points.
AWARDED, FORWARDED, POTENTIAL, BELOW, DISQUALIFIED = "awarded", "forwarded", "potential", "below", "disqualified"
RESULTS = (AWARDED, FORWARDED, POTENTIAL, BELOW, DISQUALIFIED)
TOP = 5

# What a recognition was to the product that got it.
FIRST, RENEWAL, UPGRADE, DOWNGRADE = "first", "renewal", "upgrade", "downgrade"
EVENTS = (FIRST, RENEWAL, UPGRADE, DOWNGRADE)

# How a product stands on a day.
LIVE, EXPIRING, EXPIRED, WITHDRAWN, NEVER = "live", "expiring", "expired", "withdrawn", "never"
STATES = (LIVE, EXPIRING, EXPIRED, WITHDRAWN, NEVER)
HOLDING = frozenset({LIVE, EXPIRING})
# A new assessment takes months: who is told half a year before can still be in time.
EXPIRES_SOON = timedelta(days=183)
# Days before the end on which those who look after a product are reminded, and the first day without a certificate.
REMINDED_BEFORE = (180, 90, 30, 0)

# Averages of councils are fractions; stored and shown cut, never rounded: 89,996 must not read as 90.
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Band:
    """From how many points on a number of stars is given; a band ends where the next begins."""

    stars: int
    minimum: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """Points of the parts A, B and C, the bands, how long a certificate holds, from how many stars one is an OCOP."""

    limits: Mapping[str, Decimal]
    bands: tuple[Band, ...]
    months: int
    counted_from: int


@dataclass(frozen=True, slots=True)
class Points:
    """What one member of a council gave."""

    a: Decimal
    b: Decimal
    c: Decimal


@dataclass(frozen=True, slots=True)
class Average:
    """The exact averages of a council, part by part and in all."""

    a: Fraction
    b: Fraction
    c: Fraction

    @property
    def total(self) -> Fraction:
        return self.a + self.b + self.c


@dataclass(frozen=True, slots=True)
class PartFault:
    """Points that a part does not allow: negative, or more than its limit."""

    part: str
    code: str  # negative or above_limit
    limit: Decimal


@dataclass(frozen=True, slots=True)
class Certificate:
    """A recognition as far as counting goes; `expires_on` is the first day on which it no longer holds."""

    product: int
    stars: int
    decided_on: date
    expires_on: date
    withdrawn_on: date | None = None
    id: int = 0

    def ended_on(self) -> date:
        """Return the first day on which it does not hold, whatever ended it."""
        return min(self.expires_on, self.withdrawn_on or self.expires_on)

    def holds_on(self, day: date) -> bool:
        return self.decided_on <= day < self.ended_on()


def points_faults(points: Points, scale: Scale) -> tuple[PartFault, ...]:
    """Return every part whose points the scale does not allow."""
    found = []
    for part in PARTS:
        given, limit = getattr(points, part), scale.limits[part]
        if given < 0:
            found.append(PartFault(part, "negative", limit))
        elif given > limit:
            found.append(PartFault(part, "above_limit", limit))
    return tuple(found)


def average(sheets: Sequence[Points]) -> Average | None:
    """Return the average of a council's sheets, exact; None without a sheet."""
    if not sheets:
        return None
    return Average(
        *(sum((Fraction(getattr(one, part)) for one in sheets), Fraction(0)) / len(sheets) for part in PARTS)
    )


def cut(value: Fraction) -> Decimal:
    """Return an average as it is stored: four decimals, cut."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(PLACES, rounding=ROUND_DOWN)


def stars_of(total: Fraction | Decimal, bands: Iterable[Band]) -> int:
    """Return the stars of a total, by half-open bands: 89,99 is four, 90 is five.

    Raises:
        ValueError: under every band.
    """
    reached = [band.stars for band in bands if total >= band.minimum]
    if not reached:
        raise ValueError(f"no band for {total}")
    return max(reached)


def result_of(stars: int, council: str, authorities: Mapping[int, Collection[str]], scale: Scale) -> str:
    """Return what the stars of a council's assessment come to.

    Args:
        council: the level whose council assessed.
        authorities: by stars, the levels that may recognise them on the day.
    """
    if stars < scale.counted_from:
        return BELOW
    if any(_RANK[council] >= _RANK[level] for level in authorities.get(stars, ())):
        return AWARDED
    return POTENTIAL if stars == TOP and council == PROVINCE else FORWARDED


def add_months(day: date, months: int) -> date:
    """Return the corresponding day so many months later; where the month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def expiry(decided_on: date, months: int) -> date:
    """Return the first day on which a certificate no longer holds.

    The day of the decision is not counted, and the term ends with the corresponding day of its last month, or with that
    month's last day (Bộ luật Dân sự 2015, Điều 147, 148): decided on 29/02/2020, it holds until 28/02/2023 included.
    """
    return add_months(decided_on, months) + timedelta(days=1)


def last_day(expires_on: date) -> date:
    """Return the last day on which a certificate holds, as certificates are read."""
    return expires_on - timedelta(days=1)


def newest(certificates: Iterable[Certificate], day: date) -> Certificate | None:
    """Return a product's last recognition decided by the day, whether or not it still holds: it alone speaks.

    One that was upgraded and then withdrawn does not fall back on the certificate before.
    """
    known = [one for one in certificates if one.decided_on <= day]
    return max(known, key=lambda one: (one.decided_on, one.id), default=None)


def standing(certificates: Iterable[Certificate], day: date) -> Certificate | None:
    """Return the recognition that a product lives on, on a day; None when it does not."""
    last = newest(certificates, day)
    return last if last is not None and last.holds_on(day) else None


def state_on(certificates: Iterable[Certificate], day: date) -> str:
    """Return how a product stands on a day."""
    last = newest(certificates, day)
    if last is None:
        return NEVER
    if last.holds_on(day):
        return EXPIRING if last.expires_on - day <= EXPIRES_SOON else LIVE
    return WITHDRAWN if last.withdrawn_on is not None and last.withdrawn_on < last.expires_on else EXPIRED


def live(certificates: Iterable[Certificate], day: date) -> dict[int, Certificate]:
    """Return the products that are OCOP products on a day, each with the recognition it lives on: each counts once."""
    return {
        product: found
        for product, rows in by_product(certificates).items()
        if (found := standing(rows, day)) is not None
    }


def ever(certificates: Iterable[Certificate], day: date) -> frozenset[int]:
    """Return the products that were recognised at least once by a day: the cumulative count."""
    return frozenset(one.product for one in certificates if one.decided_on <= day)


def by_product(certificates: Iterable[Certificate]) -> dict[int, list[Certificate]]:
    """Group recognitions by product."""
    found: dict[int, list[Certificate]] = {}
    for one in certificates:
        found.setdefault(one.product, []).append(one)
    return found


def event_of(one: Certificate, before: Iterable[Certificate]) -> str:
    """Return what a recognition was to its product, given the product's other recognitions."""
    earlier = [old for old in before if (old.decided_on, old.id) < (one.decided_on, one.id)]
    last = max(earlier, key=lambda old: (old.decided_on, old.id), default=None)
    if last is None:
        return FIRST
    if one.stars == last.stars:
        return RENEWAL
    return UPGRADE if one.stars > last.stars else DOWNGRADE


def turn_on(expires_on: date, day: date) -> int | None:
    """Return which reminder is due on a day (days before the last one); None when none is.

    A portal that was off that day reminds on the next: the nearest turn that has come, until the next one.
    """
    left = (expires_on - day).days
    due = [turn for turn in REMINDED_BEFORE if left <= turn]
    return min(due) if due and left > -EXPIRES_SOON.days else None
