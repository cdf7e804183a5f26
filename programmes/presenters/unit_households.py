"""Poor and near-poor households on the page of a commune: counts, changes, the open rounds and where more is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from communes.models import ReviewRound
from communes.presenters.reviews import Chip, due_words, round_title, status_chip
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.selectors.reviews.rounds import procedure_spec, round_window
from mongcai_portal.common.links import link
from mongcai_portal.common.numbers import percentage
from mongcai_portal.common.templatetags.portal import date_vi, number, percent1
from programmes.measures.values import HOUSEHOLD, Change
from programmes.presenters.text import change_text, name_of
from programmes.selectors.unit_households import ClassCount, StandardCount, UnitHouseholds

# Where a class is explained.
MEASURES = {POOR: "poverty.poor.count", NEAR_POOR: "poverty.near_poor.count"}


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class under a standard; `few` where the reader may not see how many."""

    name: str
    url: str
    number: str
    few: bool
    rate: str
    no_rate: str
    change: str
    change_kind: str
    rate_before: str


@dataclass(frozen=True, slots=True)
class StandardLines:
    """The classes under one standard, with the text that it is from."""

    name: str
    decision: str
    lines: tuple[ClassLine, ...]


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A review round that is open: where it stands, and until when it lasts."""

    title: str
    url: str
    chip: Chip
    until: str
    due: str
    pressing: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class UnitHouseholdsView:
    """The section as read."""

    day: date
    own_day: bool
    standards: tuple[StandardLines, ...]
    few: bool
    provenance: str
    recorded_at: datetime | None
    recounting: bool
    held: bool
    rounds: tuple[RoundLine, ...]
    register_url: str
    links: tuple[tuple[str, str], ...]
    measure_url: str


def unit_view(found: UnitHouseholds, uid: str, as_of: date, *, today: date, whole: bool) -> UnitHouseholdsView:
    """Arrange it.

    Args:
        whole: the reader sees every unit, so that pages of all of them are offered where those of this one are not.
    """
    standards = tuple(_standard(one, found, uid, as_of) for one in found.standards)
    return UnitHouseholdsView(
        day=found.day,
        own_day=found.day != as_of,
        standards=standards,
        few=any(line.few for one in standards for line in one.lines),
        provenance=found.ground.provenance if found.ground else "",
        recorded_at=found.ground.recorded_at if found.ground else None,
        recounting=found.recounting,
        held=found.held,
        rounds=tuple(_round(one, today) for one in found.rounds),
        register_url=link("household_list", unit=uid) if found.held else "",
        links=_links(found, uid, whole=whole),
        measure_url=link("measure", MEASURES[POOR], as_of=as_of, unit=uid),
    )


def _standard(one: StandardCount, found: UnitHouseholds, uid: str, as_of: date) -> StandardLines:
    return StandardLines(
        name_of(one.now.standard),
        one.now.standard.decision,
        tuple(_line(counted, found, uid, as_of) for counted in one.classes),
    )


def _line(one: ClassCount, found: UnitHouseholds, uid: str, as_of: date) -> ClassLine:
    known = one.number is not None
    change, kind = "", ""
    if one.number is not None and one.before is not None:
        change, kind = change_text(Change(found.before, Decimal(one.number - one.before)), HOUSEHOLD, "down")
    elif not one.compared:
        change = _("ngày %(day)s chưa đếm theo chuẩn này") % {"day": date_vi(found.before)}
    return ClassLine(
        name=_("Hộ nghèo") if one.status == POOR else _("Hộ cận nghèo"),
        url=link("measure", MEASURES[one.status], as_of=as_of, unit=uid),
        number=number(one.number) if known else "",
        few=not known,
        rate=_percent(one.number, one.of),
        no_rate=_("chưa có tổng số hộ") if known and one.of is None else "",
        change=change,
        change_kind=kind,
        rate_before=_percent(one.before, one.of_before) if known else "",
    )


def _percent(part: int | None, of: int | None) -> str:
    return percent1(percentage(part, of)) if part is not None and of else ""


def _round(one: ReviewRound, today: date) -> RoundLine:
    last = round_window(one, procedure_spec(one.procedure)).last
    due, pressing = due_words(last, today)
    return RoundLine(
        round_title(one),
        reverse("review_round", args=[one.pk]),
        status_chip(one),
        date_vi(last),
        due,
        pressing,
        one.illustrative,
    )


def _links(found: UnitHouseholds, uid: str, *, whole: bool) -> tuple[tuple[str, str], ...]:
    """Where changes and report tables are: of the unit for who looks after its households, else of all units."""
    if not found.standards:
        return ()
    if not found.held and not whole:
        return ()
    asked = {"standard": found.standards[0].now.standard.code, "from": found.before, "to": found.day}
    flows, tables = (_("Hộ chuyển loại"), _("Biểu tổng hợp"))
    if not found.held:
        flows, tables = (_("Hộ chuyển loại, toàn thành phố"), _("Biểu tổng hợp, toàn thành phố"))
    unit = uid if found.held else ""
    return (
        (flows, link("poverty_flows", unit=unit, **asked)),
        (tables, link("poverty_tables", unit=unit)),
    )
