"""Money in the reader's form: amounts in million đồng, rates against time, tables of lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from mongcai_portal.common.models import Provenance
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import percent1
from programmes.presenters.text import language
from programmes.rules.budget import (
    BEHIND,
    DONE,
    NOTHING_PLANNED,
    ON_PACE,
    LineSum,
    Total,
    pace_of,
    total,
    year_elapsed,
)
from programmes.selectors.programmes import MoneyDay

MILLION = 1_000_000
K = TypeVar("K", bound=Hashable)


def millions(amount: int) -> str:
    """An amount in million đồng, at most one decimal: `1.500`, `0,4`; nothing is shown as a dash."""
    if amount == 0:
        return "–"
    value = Decimal(amount) / MILLION
    exact = abs(value) >= 100 or amount % MILLION == 0
    return format_decimal(value, language(), grouping=True, places=0 if exact else 1)


def whole_dong(amount: int) -> str:
    """An amount to the đồng."""
    return format_decimal(amount, language(), grouping=True)


@dataclass(frozen=True, slots=True)
class Pace:
    """A rate against the time that is over; `width` and `time` are for drawing, 0 to 100 with a point."""

    code: str
    text: str
    time_text: str
    width: str
    time: str
    word: str
    icon: str
    chip: str


def _told(rate: Decimal | None) -> str:
    if rate is None:
        return "–"
    # What is not all spent never reads as all.
    return "<100%" if Decimal("99.95") <= rate < 100 else percent1(rate)


def pace(rate: Decimal | None, time: Decimal, *, mobilised: bool = False) -> Pace:
    """Return how a rate is drawn and said; what people give is mobilised, not disbursed."""
    code = pace_of(rate, time)
    over = time >= 100
    word, icon, chip = {
        DONE: (_("đã huy động đủ") if mobilised else _("đã giải ngân hết"), "circle-check", "chip-met"),
        ON_PACE: (_("kịp thời gian"), "check", "chip-brand"),
        BEHIND: (_behind(over, mobilised), "clock-exclamation", "chip-part"),
        NOTHING_PLANNED: (_("chưa có kế hoạch"), "circle-dashed", ""),
    }[code]
    width = min(max(rate or Decimal(0), Decimal(0)), Decimal(100))
    return Pace(
        code, _told(rate), percent1(time), f"{width:.2f}", f"{time:.2f}", word, icon, chip,
    )  # fmt: skip


def _behind(over: bool, mobilised: bool) -> str:
    if not over:
        return _("chậm so với thời gian của năm")
    return _("chưa huy động đủ trong năm") if mobilised else _("chưa giải ngân hết trong năm")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of money; amounts are texts in million đồng, `exact` says them to the đồng."""

    label: str
    note: str
    url: str
    planned: str
    carried_over: str
    available: str
    allocated: str
    disbursed: str
    mobilised: str
    mobilised_planned: str
    shared: str
    pace: Pace
    exact: str
    mark: str
    total: Total


def row(label: str, sums: Total, when: MoneyDay, *, note: str = "", url: str = "", time: Decimal | None = None) -> Row:
    """Return a row of what lines add up to; `time`: how much of another span than the year is over."""
    return Row(
        label=label,
        note=note,
        url=url,
        planned=millions(sums.planned),
        carried_over=millions(sums.carried_over),
        available=millions(sums.available),
        allocated=millions(sums.allocated),
        disbursed=millions(sums.disbursed),
        mobilised=millions(sums.mobilised),
        mobilised_planned=millions(sums.mobilised_planned),
        shared=millions(sums.shared),
        pace=pace(sums.rate, year_elapsed(when.year, when.day) if time is None else time),
        exact=exact_text(sums),
        mark=worst_mark(sums.marks),
        total=sums,
    )


def exact_text(sums: Total) -> str:
    """All amounts to the đồng, for whoever points at a row."""
    parts = [
        (_("kế hoạch"), sums.planned), (_("kéo dài"), sums.carried_over), (_("phân bổ"), sums.allocated),
        (_("giải ngân"), sums.disbursed), (_("huy động"), sums.mobilised),
    ]  # fmt: skip
    return " · ".join(f"{name} {whole_dong(amount)} đ" for name, amount in parts if amount)


def worst_mark(marks: Iterable[str]) -> str:
    """The weakest provenance of what was added up; "" where all of it is sourced."""
    found = set(marks)
    return next((str(one) for one in (Provenance.ILLUSTRATIVE, Provenance.UNVERIFIED) if one in found), "")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table with their total; a mark that all of them have is said once, for the whole table."""

    rows: tuple[Row, ...]
    total: Row | None
    mark: str


def rows_of(rows: Iterable[Row], closing: Row | None = None) -> Rows:
    """Return rows as a table: `mark` is what every row with money bears, and then no row says it again."""
    found = tuple(rows)
    marks = {one.mark for one in found if one.total.lines}
    if len(marks) != 1:
        return Rows(found, closing, "")
    plain = tuple(replace(one, mark="") for one in found)
    return Rows(plain, replace(closing, mark="") if closing is not None else None, next(iter(marks)))


def grouped(lines: Sequence[LineSum], key: Callable[[LineSum], K]) -> dict[K, Total]:
    """Return what lines add up to by a key."""
    groups: dict[K, list[LineSum]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return {one: total(rows) for one, rows in groups.items()}
