"""The cards of the overview: the ladder of levels, and one card a figure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.presenters.marks import marks_text
from indicators.rules.freshness import Late
from indicators.rules.marks import NO_MARKS, Marks
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi, padded, percent1
from programmes.measures.facts import LevelFact, Place, World
from programmes.measures.ntm import apart, rests_of
from programmes.measures.registry import BREAKTHROUGHS
from programmes.measures.values import MeasureValue
from programmes.presenters.entries import conflict_text
from programmes.presenters.spark import Spark, spark_of
from programmes.presenters.text import (
    change_text,
    figure_text,
    name_of,
    names,
    printed_beside,
    reason_text,
    short_reason,
    standard_text,
    target_text,
)

DOTS = 30  # communes that a card shows one by one
BOTH, RECOGNISED, ATTAINED, NEITHER = "both", "recognised", "attained", "neither"


@dataclass(frozen=True, slots=True)
class Dot:
    """A commune behind a ratio: recognised or not is its ground, what the figures say is its mark."""

    place: Place
    state: str
    top: bool
    url: str
    label: str
    marks: Marks = NO_MARKS


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio as read."""

    known: bool
    numerator: str
    denominator: str
    percent: str
    why: str
    reason: str
    short: str
    provenance: str
    marks: Marks
    late: Late | None = None


@dataclass(frozen=True, slots=True)
class LevelCard:
    """A level: recognised and attained side by side, and the communes behind them."""

    label: str
    recognised: Ratio
    attained: Ratio
    dots: tuple[Dot, ...]
    more: int  # communes behind the ratio that have no place on the card
    slipping: tuple[Place, ...]
    ahead: tuple[Place, ...]
    change: str
    change_kind: str
    target: str
    target_kind: str

    @property
    def slipping_names(self) -> str:
        return names(self.slipping)

    @property
    def ahead_names(self) -> str:
        return names(self.ahead)


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure as read."""

    code: str
    label: str
    breakthrough: str  # which of the review's, "" for none
    value: str
    of: str
    unit: str
    known: bool
    note: str
    conflict: str  # what its sources say where they differ
    spark: Spark | None
    falling_is_good: bool
    change: str
    change_kind: str
    target: str
    target_kind: str
    provenance: str
    own_date: str
    source: str
    counted: str  # by which register, in words
    why: str
    marks: Marks
    late: Late | None = None


def why_of(world: World, code: str) -> str:
    """The address of a measure's explanation."""
    return link("measure", code, as_of=world.as_of, unit=world.area.uid if world.area.kind == "commune" else "")


def own_provenance(value: MeasureValue) -> str:
    """The mark of a figure's source, unless the marks of the results behind it say as much."""
    said = {"illustrative": value.marks.illustrative, "unverified": value.marks.unverified}
    return "" if said.get(value.provenance) else value.provenance


def ratio(world: World, value: MeasureValue) -> Ratio:
    """Show a ratio padded as the city writes it; an unknown one says why."""
    known = value.value is not None
    return Ratio(
        known=known,
        numerator=padded(value.numerator),
        denominator=padded(value.denominator),
        percent=percent1(value.value),
        why=why_of(world, value.code),
        reason=reason_text(value),
        short=short_reason(value),
        provenance=value.provenance if known else "",
        marks=value.marks if known else NO_MARKS,
        late=value.late,
    )


def level_card(world: World, level: LevelFact, values: dict[str, MeasureValue]) -> LevelCard:
    """Put the two ratios of a level side by side; where they differ, name the communes."""
    recognised, attained = values[f"ntm.recognised.{level.code}"], values[f"ntm.attained.{level.code}"]
    computed = attained.value is not None
    change, change_kind = change_text(recognised.change, recognised.unit, recognised.direction)
    target, target_kind = target_text(recognised)
    top = level is world.levels[-1]
    slipping, ahead = apart(recognised, attained)
    if not computed:  # nothing is known of anybody
        slipping = ()
    shown = recognised.population
    if len(shown) > DOTS:  # those where recognition and the figures differ are the news
        shown = (*slipping, *ahead)[:DOTS]
    return LevelCard(
        label=str(recognised.label),
        recognised=ratio(world, recognised),
        attained=ratio(world, attained),
        dots=tuple(_dot(world, level, place, recognised, attained, top=top) for place in shown),
        more=len(recognised.population) - len(shown),
        slipping=slipping,
        ahead=ahead,
        change=change,
        change_kind=change_kind,
        target=target,
        target_kind=target_kind,
    )


def _dot(
    world: World, level: LevelFact, place: Place, recognised: MeasureValue, attained: MeasureValue, *, top: bool
) -> Dot:
    held, meets = place.id in recognised.counted, place.id in attained.counted
    words = [_("được công nhận") if held else _("chưa được công nhận")]
    state = BOTH if held else NEITHER
    marks = NO_MARKS
    if attained.value is not None and place.id not in attained.unknown:
        marks = rests_of(world, level, place.id)
        state = (BOTH if meets else RECOGNISED) if held else (ATTAINED if meets else NEITHER)
        words.append(_("số liệu đủ tiêu chí") if meets else _("số liệu chưa đủ tiêu chí"))
    return Dot(
        place,
        state,
        top and held,
        link("attainment_unit", place.uid, as_of=world.as_of, level=level.code),
        f"{name_of(place)}: {', '.join(words)}" + (f" ({marks_text(marks)})" if marks else ""),
        marks,
    )


def _counted(value: MeasureValue) -> str:
    """Which register counted a figure."""
    if value.ocop is not None:
        return _("từ sổ OCOP")
    return _("từ sổ hộ") if value.register is not None else ""


def kpi(world: World, value: MeasureValue, *, breakthrough: str = "") -> Kpi:
    """Show a figure with its own date, source mark, change and target; `breakthrough`: the code of the review's."""
    change, change_kind = change_text(value.change, value.unit, value.direction)
    target, target_kind = target_text(value)
    known = value.value is not None
    fact = value.observed if value.counted_on is None and (not value.is_ratio or value.history) else None
    own_day = value.counted_on or (fact.as_of if fact else None)
    said = [standard_text(value), printed_beside(value)]
    conflict = conflict_text(value)
    shown, of, unit = figure_text(value)
    return Kpi(
        code=value.code,
        label=str(value.label),
        breakthrough=str(BREAKTHROUGHS.get(breakthrough, "")),
        value=shown,
        of=of,
        unit=unit,
        known=known,
        note="; ".join(filter(None, said)) if known else "" if conflict else reason_text(value),
        conflict=conflict,
        spark=spark_of(value),
        falling_is_good=value.direction == "down",
        change=change,
        change_kind=change_kind,
        target=target,
        target_kind=target_kind,
        provenance=own_provenance(value) if known else "",
        marks=value.marks if known else NO_MARKS,
        late=value.late if known else None,
        own_date=date_vi(own_day) if own_day and own_day != value.as_of else "",
        source=fact.source_title if fact else "",
        counted=_counted(value) if known else "",
        why=why_of(world, value.code),
    )
