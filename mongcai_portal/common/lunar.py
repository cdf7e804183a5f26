"""The Vietnamese lunar calendar, as far as public holidays need it: the first days of its months.

Months begin on the day of the new moon at the 105th meridian (UTC+7, in use since 1968); the month of the winter
solstice is the eleventh; in a span of thirteen months the first without a principal term is a leap month and has the
number of the one before. Positions of sun and moon by the series of J. Meeus, Astronomical Formulae for Calculators,
accurate to minutes: enough for days, except where a new moon falls within minutes of midnight.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from math import floor, pi, radians, sin

_ZONE = 7 / 24
_SYNODIC = 29.530588853
# What lies between a Julian day number and the ordinal of `date`.
_EPOCH = 1721425
_FIRST_MOON = 2415021.076998695  # the new moon from which they are counted, 1 January 1900


def lunar_day(year: int, month: int, day: int) -> date:
    """Return a day of the lunar year that begins in a Gregorian year, of the month itself and not of its leap month.

    Raises:
        ValueError: the month is not 1 to 10: the last two of a year are asked of no holiday.
    """
    if not 1 <= month <= 10:
        raise ValueError(month)
    return date.fromordinal(_first_days(year)[month - 1] - _EPOCH) + timedelta(days=day - 1)


@lru_cache(maxsize=64)
def _first_days(year: int) -> tuple[int, ...]:
    """Julian day numbers on which months 1 to 10 begin, counted from the eleventh month of the year before."""
    eleventh = _eleventh_month(year - 1)
    moon = floor(0.5 + (eleventh - _FIRST_MOON) / _SYNODIC)
    starts = [_new_moon(moon + n) for n in range(15)]
    leap = None
    if _eleventh_month(year) - eleventh > 365:
        # Two months in a row whose first days see the sun in the same twelfth of its way: the first has no term.
        leap = next(n for n in range(1, 14) if _twelfth(starts[n]) == _twelfth(starts[n + 1]))
    numbered = [start for n, start in enumerate(starts) if n != leap]
    return tuple(numbered[2:12])


def _eleventh_month(year: int) -> int:
    """The first day of the month in which the winter solstice of a year falls."""
    end = date(year, 12, 31).toordinal() + _EPOCH
    moon = floor((end - 2415021) / _SYNODIC)
    start = _new_moon(moon)
    # Nine twelfths of its way: the sun is past the solstice already, so it fell into the month before.
    return _new_moon(moon - 1) if _twelfth(start) >= 9 else start


def _new_moon(k: int) -> int:
    """The Julian day number of the day of the k-th new moon since 1900."""
    t = k / 1236.85
    t2, t3 = t * t, t * t * t
    mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t2 - 0.000000155 * t3
    mean += 0.00033 * sin(radians(166.56 + 132.87 * t - 0.009173 * t2))
    sun = radians(359.2242 + 29.10535608 * k - 0.0000333 * t2 - 0.00000347 * t3)
    moon = radians(306.0253 + 385.81691806 * k + 0.0107306 * t2 + 0.00001236 * t3)
    node = radians(21.2964 + 390.67050646 * k - 0.0016528 * t2 - 0.00000239 * t3)
    shift = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun)
    shift += -0.4068 * sin(moon) + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon)
    shift += 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
    shift += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
    shift += 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
    clock = -0.000278 + 0.000265 * t + 0.000262 * t2  # from the clock of the formulae to that of the world
    return floor(mean + shift - clock + 0.5 + _ZONE)


def _twelfth(day: int) -> int:
    """In which twelfth of its yearly way (0 from the spring equinox) the sun is when the day begins."""
    t = (day - 0.5 - _ZONE - 2451545) / 36525
    t2 = t * t
    anomaly = radians(357.52910 + 35999.05030 * t - 0.0001559 * t2 - 0.00000048 * t * t2)
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t2) * sin(anomaly)
    longitude += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000290 * sin(3 * anomaly)
    return floor((radians(longitude) % (2 * pi)) / pi * 6)
