"""Where a series would be on a later day if it went on as it did: a straight line by least squares, and no more.

The line is the one with the smallest sum of squared distances to the points, by the days between them (Gauss). It is a
projection, never a figure: it knows no plan, no season and no ceiling but those of the unit. It is refused with fewer
than three points, with less than a year between the first and the last, and for a day that is further from the last
point than the first point is: what is known must be longer than what is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

POINTS_NEEDED, DAYS_NEEDED = 3, 365
# Why there is no projection.
FEW_POINTS, SHORT_SPAN, TOO_FAR, NOT_LATER = "few_points", "short_span", "too_far", "not_later"


@dataclass(frozen=True, slots=True)
class Known:
    """A known value on a day."""

    day: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Projection:
    """The line at the last known day and at the day asked, cut at the limits; `reason` says why there is none."""

    reason: str = ""
    begins: Known | None = None
    ends: Known | None = None
    points: int = 0
    per_year: Decimal | None = None


def project(
    points: Sequence[Known], until: date, *, lowest: Decimal | None = None, highest: Decimal | None = None
) -> Projection:
    """Return the straight line through the points, at the day asked.

    Args:
        points: one value a day, in any order.
        lowest, highest: what the unit allows; the line does not leave it.
    """
    known = sorted(points, key=lambda one: one.day)
    if len(known) < POINTS_NEEDED:
        return Projection(FEW_POINTS, points=len(known))
    first, last = known[0].day, known[-1].day
    span = (last - first).days
    if span < DAYS_NEEDED:
        return Projection(SHORT_SPAN, points=len(known))
    if until <= last:
        return Projection(NOT_LATER, points=len(known))
    # A year with a leap day is no longer guess than one without.
    if (until - last).days > span + 1 + span // 1461:
        return Projection(TOO_FAR, points=len(known))
    slope, height = _line([(first, one) for one in known])

    def at(day: date) -> Known:
        value = _decimal(height + slope * (day - first).days)
        value = value if lowest is None else max(value, lowest)
        return Known(day, value if highest is None else min(value, highest))

    return Projection("", at(last), at(until), len(known), _decimal(slope * 365))


def _line(known: Sequence[tuple[date, Known]]) -> tuple[Fraction, Fraction]:
    """Return slope (a day) and height (on the first day), exactly."""
    xs = [Fraction((one.day - first).days) for first, one in known]
    ys = [Fraction(one.value) for _first, one in known]
    n, x, y = len(xs), sum(xs, Fraction(0)), sum(ys, Fraction(0))
    xx, xy = sum((one * one for one in xs), Fraction(0)), sum((a * b for a, b in zip(xs, ys, strict=True)), Fraction(0))
    slope = (n * xy - x * y) / (n * xx - x * x)
    return slope, (y - slope * x) / n


def _decimal(value: Fraction) -> Decimal:
    """Four decimals, as columns hold them."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.0001"))
