"""What money may do, and how it adds up: plan, carried over, allocated, disbursed. Pure, in whole đồng.

Money that a decision allocates is never allocated beyond plan and what was carried over, nor spent beyond what was
allocated by that day. Money that is mobilised (credit, enterprises, the people) is planned and then comes in; nobody
allocates it. An amount that serves several programmes counts once in any total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

PLANNED, CARRIED_OVER, ALLOCATED, DISBURSED = "planned", "carried_over", "allocated", "disbursed"
KINDS = (PLANNED, CARRIED_OVER, ALLOCATED, DISBURSED)
DONE, ON_PACE, BEHIND, NOTHING_PLANNED = "done", "on_pace", "behind", "nothing_planned"


@dataclass(frozen=True, slots=True)
class Movement:
    """An entry of a line as the rules read it."""

    kind: str
    amount: int
    on: date


@dataclass(frozen=True, slots=True)
class Breach:
    """What a line may not be, since when, and by how much: a stable code, the first day, đồng.

    Codes: `negative_<kind>`; `beyond_plan` more allocated than planned and carried over; `before_allocation` spent
    while nothing was allocated; `overspent` spent beyond what was allocated; `not_allocated` mobilised money that is
    allocated or carried over; `carried_on` what the next year took over is spent here.
    """

    code: str
    on: date
    excess: int


def breach_of(movements: Iterable[Movement], *, mobilised: bool, carried_on: int = 0) -> Breach | None:
    """Return the first thing that is wrong with a line, day by day; None when it may be so.

    Args:
        movements: all of the line, in any order. What comes on one day counts together.
        carried_on: how much of the line the next year has taken over.
    """
    held = dict.fromkeys(KINDS, 0)
    days: dict[date, list[Movement]] = {}
    for one in movements:
        days.setdefault(one.on, []).append(one)
    for day in sorted(days):
        for one in days[day]:
            held[one.kind] += one.amount
        if wrong := _wrong(held, mobilised):
            return Breach(wrong[0], day, wrong[1])
    left = held[PLANNED] + held[CARRIED_OVER] - held[DISBURSED]
    if not mobilised and carried_on > left and days:
        return Breach("carried_on", max(days), carried_on - left)
    return None


def _wrong(held: Mapping[str, int], mobilised: bool) -> tuple[str, int] | None:
    for kind in KINDS:
        if held[kind] < 0:
            return f"negative_{kind}", -held[kind]
    if mobilised:
        excess = held[ALLOCATED] + held[CARRIED_OVER]
        return ("not_allocated", excess) if excess else None
    beyond = held[ALLOCATED] - held[PLANNED] - held[CARRIED_OVER]
    if beyond > 0:
        return "beyond_plan", beyond
    over = held[DISBURSED] - held[ALLOCATED]
    if over > 0:
        return ("overspent" if held[ALLOCATED] else "before_allocation"), over
    return None


def converted(quantity: Decimal, dong: int) -> int:
    """Return what working days or square metres are worth in whole đồng, half up."""
    return int((quantity * dong).quantize(Decimal(1), rounding=ROUND_HALF_UP))


# --- Totals ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineSum:
    """A line with its amounts of a day: `serves` are the codes of all programmes it is money of, its own first."""

    id: int
    serves: tuple[str, ...]
    component: int | None
    unit: int
    year: int
    source: int
    mobilised: bool
    planned: int = 0
    carried_over: int = 0
    allocated: int = 0
    disbursed: int = 0
    provenance: str = "sourced"

    @property
    def shared(self) -> bool:
        return len(self.serves) > 1


@dataclass(frozen=True, slots=True)
class Total:
    """What lines add up to; money by decision and money that is mobilised apart, so that no rate mixes them.

    `lines`: how many; `shared`: how much of `available` and mobilised money serves several programmes.
    """

    planned: int = 0
    carried_over: int = 0
    allocated: int = 0
    disbursed: int = 0
    mobilised_planned: int = 0
    mobilised: int = 0
    shared: int = 0
    lines: int = 0
    marks: frozenset[str] = field(default_factory=frozenset)

    @property
    def available(self) -> int:
        """What may be spent: the plan of the year and what was carried over into it."""
        return self.planned + self.carried_over

    @property
    def rate(self) -> Decimal | None:
        """Disbursed of what may be spent, in per cent, unrounded; None when nothing may be."""
        return share(self.disbursed, self.available)

    @property
    def capital(self) -> int:
        """Everything planned, by decision and mobilised."""
        return self.available + self.mobilised_planned

    @property
    def spent(self) -> int:
        """Everything that was spent or came in."""
        return self.disbursed + self.mobilised


def total(lines: Iterable[LineSum]) -> Total:
    """Add lines up, each once, however often it comes and however many programmes it serves."""
    once = {line.id: line for line in lines}.values()
    decided = [line for line in once if not line.mobilised]
    raised = [line for line in once if line.mobilised]
    return Total(
        planned=sum(line.planned for line in decided),
        carried_over=sum(line.carried_over for line in decided),
        allocated=sum(line.allocated for line in decided),
        disbursed=sum(line.disbursed for line in decided),
        mobilised_planned=sum(line.planned for line in raised),
        mobilised=sum(line.disbursed for line in raised),
        shared=sum(line.planned + line.carried_over for line in once if line.shared),
        lines=len(once),
        marks=frozenset(line.provenance for line in once),
    )


def by_programme(lines: Sequence[LineSum]) -> dict[str, Total]:
    """Return what serves each programme. The totals of several add up to more than there is: see `doubled`."""
    codes = dict.fromkeys(code for line in lines for code in line.serves)
    return {code: total(line for line in lines if code in line.serves) for code in codes}


def doubled(lines: Sequence[LineSum]) -> int:
    """Return by how much the capital of programmes added up exceeds what there is: what such a sum counts twice."""
    once = {line.id: line for line in lines}.values()
    return sum((line.planned + line.carried_over) * (len(set(line.serves)) - 1) for line in once)


# --- Pace ------------------------------------------------------------------------------------------------------------


def share(part: int, whole: int) -> Decimal | None:
    """Return part of whole in per cent, unrounded; None when there is no whole."""
    return None if whole <= 0 else Decimal(part) * 100 / Decimal(whole)


def elapsed(first: date, last: date, day: date) -> Decimal:
    """Return how much of a span of days, both inclusive, is over at the end of the day, in per cent."""
    whole = (last - first).days + 1
    passed = min(max((day - first).days + 1, 0), whole)
    return Decimal(passed) * 100 / Decimal(whole)


def year_elapsed(year: int, day: date) -> Decimal:
    """Return how much of a year is over at the end of the day, in per cent."""
    return elapsed(date(year, 1, 1), date(year, 12, 31), day)


def pace_of(rate: Decimal | None, time: Decimal) -> str:
    """Return where spending stands against time: `done` (all of it), `on_pace` (at least the share of time), `behind`.

    The straight line is a yardstick for the eye, not a norm: no text sets one.
    """
    if rate is None:
        return NOTHING_PLANNED
    if rate >= 100:
        return DONE
    return ON_PACE if rate >= time else BEHIND
