"""Disbursement of the year on the overview: one line of rates, all programmes and each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mongcai_portal.common.templatetags.portal import percent1
from programmes.measures.facts import World
from programmes.measures.money import EVERY, PROGRAMMES, RATE, SHORT_NAMES, code_of
from programmes.measures.values import MeasureValue
from programmes.presenters.cards import why_of
from programmes.presenters.money import worst_mark
from programmes.presenters.text import target_text
from programmes.rules.budget import year_elapsed


@dataclass(frozen=True, slots=True)
class MoneyRate:
    """A rate, what leads to its explanation, and how it stands against its target."""

    label: str
    rate: str
    url: str
    target: str
    target_kind: str
    mark: str


@dataclass(frozen=True, slots=True)
class MoneyStrip:
    """Rates of a year; `time`: how much of it is over; a mark that all of them bear is said once."""

    year: int
    time: str
    rates: tuple[MoneyRate, ...]
    mark: str


def money_strip(world: World, values: Mapping[str, MeasureValue]) -> MoneyStrip | None:
    """Arrange the rates that are known; None where none is."""
    found = [(code, values[code_of(code, RATE)]) for code in (EVERY, *PROGRAMMES)]
    known = [(code, value) for code, value in found if value.value is not None]
    if not known:
        return None
    marks = {worst_mark([value.provenance]) for _code, value in known}
    shared = marks.pop() if len(marks) == 1 else ""
    return MoneyStrip(
        year=world.as_of.year,
        time=percent1(year_elapsed(world.as_of.year, world.as_of)),
        rates=tuple(_rate(world, code, value, shared) for code, value in known),
        mark=shared,
    )


def _rate(world: World, code: str, value: MeasureValue, shared: str) -> MoneyRate:
    target, target_kind = target_text(value)
    return MoneyRate(
        label=str(SHORT_NAMES[code]) if code else _("Tổng cộng (không tính trùng)"),
        rate=percent1(value.value),
        url=why_of(world, value.code),
        target=target,
        target_kind=target_kind,
        mark="" if shared else worst_mark([value.provenance]),
    )
