"""Money as measures: allocated and disbursed of a year, and the rate of the two, per programme and for all together.

Counted from the lines of money as they stood on the day, of the day's year: every year begins anew. A line counts in
each programme that it serves and once in the figure of all. Mobilised money is in none of them: nobody allocates it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from indicators.rules.marks import Marks
from mongcai_portal.common.numbers import percentage
from programmes.measures.common import judge, nothing_known, weakest
from programmes.measures.facts import World
from programmes.measures.register_facts import MoneyLine
from programmes.measures.values import DONG, PERCENT, Measure, MeasureValue, MoneyCount, Point, Reason
from programmes.rules.budget import Total, total
from programmes.rules.progress import NEUTRAL, UP

# Programmes as `programmes.yaml` calls them: new rural development, sustainable poverty reduction, the ethnic and
# mountainous areas, the province's Resolution 06-NQ/TU on ethnic, border and island areas; from 2026 the merged one.
NTM, GNBV, DTTS, NQ06, MERGED = "NTM", "GNBV", "DTTS", "NQ06", "MTQG_2026_2035"
PROGRAMMES = (NTM, GNBV, DTTS, NQ06, MERGED)
# All programmes together: a measure that belongs to none.
EVERY = ""
SHORT_NAMES: dict[str, str | Promise] = {
    EVERY: _("mọi chương trình"),
    NTM: _("Nông thôn mới"),
    GNBV: _("Giảm nghèo bền vững"),
    DTTS: _("Vùng DTTS và miền núi"),
    NQ06: _("Nghị quyết 06-NQ/TU"),
    MERGED: _("Chương trình chung 2026-2035"),
}
FAMILY = "money."
ALLOCATED, DISBURSED, RATE = "allocated", "disbursed", "disbursement_rate"

_ONCE = _(
    "Khoản dùng chung được tính ở mọi chương trình mà nó phục vụ; con số của mọi chương trình tính mỗi khoản một lần. "
    "Vốn huy động (tín dụng, doanh nghiệp, dân góp) không nằm trong con số này: không ai phân bổ vốn đó. Chưa ghi vốn "
    "nào thì để trống, không phải là số 0."
)
_RATED = format_lazy(
    "{first} {once}",
    first=_(
        "Vốn đã giải ngân trên vốn được chi trong năm của ngày xem (kế hoạch giao cộng kế hoạch năm trước kéo dài), "
        "cộng từ các dòng vốn của địa bàn, gồm các khoản ghi đến hết ngày xem; cộng trước rồi mới chia."
    ),
    once=_ONCE,
)
_SUMMED = format_lazy(
    "{first} {once}",
    first=_("Cộng từ các dòng vốn của địa bàn trong năm của ngày xem, gồm các khoản ghi đến hết ngày xem."),
    once=_ONCE,
)


def code_of(programme: str, what: str) -> str:
    """Return the code of a measure: `money.ntm.disbursement_rate`, `money.all.allocated`."""
    return f"{FAMILY}{programme.lower() or 'all'}.{what}"


def lines_of(world: World, programme: str, year: int) -> tuple[MoneyLine, ...]:
    """Return the lines of the area and year that serve a programme, or any."""
    return tuple(one for one in world.money_of(year) if programme in (EVERY, *one.line.serves))


def rate(world: World, measure: Measure) -> MeasureValue:
    """Disbursed of what may be spent in the year."""
    return rate_of_year(world, measure, world.as_of.year)


def rate_of_year(world: World, measure: Measure, year: int) -> MeasureValue:
    """Return the rate of a year as it stood at its end, or on the day within it; of a later one nothing is known."""
    return _value(world, measure, year, _rated)


def amount(world: World, measure: Measure, *, what: str) -> MeasureValue:
    """Return what was allocated or disbursed in the year, in whole đồng."""
    return _value(world, measure, world.as_of.year, partial(_summed, what=what))


class _Sum(NamedTuple):
    """What the lines of a programme and year add up to, and when the last entry of them was written."""

    total: Total
    written: datetime


def _sum(world: World, programme: str, year: int) -> _Sum | None:
    """Add up the money that a decision allocates; None where there is none."""

    def add() -> _Sum | None:
        lines = [one for one in lines_of(world, programme, year) if not one.line.mobilised]
        if not lines:
            return None
        return _Sum(total(one.line for one in lines), max(one.recorded_at for one in lines))

    return world.once(("money", programme, year), add)


def _rated(sums: Total) -> Decimal | None:
    return percentage(sums.disbursed, sums.available)


def _summed(sums: Total, *, what: str) -> Decimal:
    return Decimal(getattr(sums, what))


def _value(world: World, measure: Measure, year: int, figure: Callable[[Total], Decimal | None]) -> MeasureValue:
    """Return a figure of a year, with those of the phase's years before it."""
    found = _sum(world, measure.programme, year) if world.group_asked is None else None
    if found is None:
        return nothing_known(world, measure, Reason.NO_MONEY)
    value, sums, rated = figure(found.total), found.total, measure.unit == PERCENT
    if value is None:
        return nothing_known(world, measure, Reason.NOTHING_TO_SPEND)
    judged = judge(world, measure, value, year=year)
    return MeasureValue(
        code=measure.code,
        label=measure.label,
        unit=measure.unit,
        direction=measure.direction,
        as_of=_day(world, year),
        area=world.area.uid,
        group=None,
        numerator=sums.disbursed if rated else None,
        denominator=sums.available if rated else None,
        value=value,
        status=judged.status,
        provenance=weakest(sums.marks),
        target=judged.target,
        computed_at=found.written,
        data_up_to=found.written,
        history=_history(world, measure, year, figure),
        marks=Marks(illustrative="illustrative" in sums.marks),
        money=MoneyCount(year, sums),
    )


def _day(world: World, year: int) -> date:
    """The day of which a year is told: its last, or the day asked within it."""
    return min(world.as_of, date(year, 12, 31))


def _history(
    world: World, measure: Measure, until: int, figure: Callable[[Total], Decimal | None]
) -> tuple[Point, ...]:
    """Return the figure of each year of the phase as it stood at its end, and the last as it stands on the day."""
    first = min(world.phase_years[0] if world.phase_years else until, until)
    points = []
    for year in range(first, until + 1):
        found = _sum(world, measure.programme, year)
        if found is not None and (value := figure(found.total)) is not None:
            spent = found.total.disbursed if measure.unit == PERCENT else None
            points.append(Point(_day(world, year), value, spent))
    return tuple(points)


def _measures(programme: str) -> tuple[Measure, ...]:
    name = SHORT_NAMES[programme]
    return (
        Measure(
            code_of(programme, RATE),
            format_lazy(_("Tỷ lệ giải ngân: {programme}"), programme=name),
            PERCENT,
            UP,
            rate,
            _RATED,
            programme=programme,
            card=False,
            of_year=rate_of_year,
        ),
        *(
            Measure(
                code_of(programme, what),
                format_lazy(label, programme=name),
                DONG,
                NEUTRAL,
                partial(amount, what=what),
                _SUMMED,
                programme=programme,
                card=False,
            )
            for what, label in (
                (ALLOCATED, _("Vốn đã phân bổ trong năm: {programme}")),
                (DISBURSED, _("Vốn đã giải ngân trong năm: {programme}")),
            )
        ),
    )


# Of all programmes first: the sum of the others may be larger.
MONEY = tuple(measure for programme in (EVERY, *PROGRAMMES) for measure in _measures(programme))
