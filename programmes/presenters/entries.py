"""Figures that are typed, as pages read them: by measure for a unit's year, and one with what was said beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from communes.models import UnitVersion
from indicators.presenters.words import unit_title
from indicators.selectors.layout import Name
from mongcai_portal.common.links import link
from mongcai_portal.common.models.dated import Provenance
from mongcai_portal.common.templatetags.portal import date_vi, number, padded, time_vi
from programmes.measures.figures import ObservedFact
from programmes.measures.observed import figure
from programmes.measures.registry import measures_with
from programmes.measures.values import UNIT_LABELS, Measure, MeasureValue
from programmes.measures.words import amount
from programmes.models import ObservedStatistic
from programmes.selectors.entries import EntryPage, EntryRow, StatisticPage
from programmes.selectors.figures import fact_of


def title_of(version: UnitVersion) -> str:
    """A unit with its kind, as it was called then."""
    return unit_title(Name(version.name_vi, version.name_en), version.kind)


def unit_choices(units: Iterable[UnitVersion], today: date) -> list[tuple[str, str]]:
    """Units to choose from; those that are gone say until when they were."""
    found = []
    for one in units:
        name = title_of(one)
        if not one.holds_on(today) and one.valid_to is not None:
            name = _("%(name)s (đến %(day)s)") % {"name": name, "day": date_vi(one.valid_to)}
        found.append((one.unit.uid, name))
    return found


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure of a source: what it says, of which day, and where it is seen whole ("" when it is a report's)."""

    value: str
    day: str
    source: str
    url: str
    printed: str
    provenance: str
    recorded: str
    ended: str = ""
    differs: bool = False
    note: str = ""
    standard: str = ""  # which poverty standard it names
    source_url: str = ""


def shown(fact: ObservedFact, unit: str) -> str:
    """A figure as read: `12/18 · 66,7%`, `76,611`."""
    value = figure(fact)
    text = amount(unit, value) if value is not None else ""
    if fact.numerator is not None:
        return f"{number(fact.numerator)}/{number(fact.denominator)} · {text}"
    return text


def conflict_text(value: MeasureValue) -> str:
    """Say what the sources of a day say where they differ; "" where they do not.

    As `nguồn nêu khác nhau: 76,611 (Báo cáo sơ kết); 75,2 (báo, chưa đối chiếu)`.
    """
    figures = []
    for fact in value.conflict:
        mark = "" if fact.provenance == Provenance.SOURCED else str(Provenance(fact.provenance).label)
        figures.append(f"{shown(fact, value.unit)} ({', '.join(filter(None, (str(fact.source_title), mark)))})")
    return _("nguồn nêu khác nhau: %(figures)s") % {"figures": "; ".join(figures)} if figures else ""


def figure_line(fact: ObservedFact, unit: str, *, differs: bool = False, ended: str = "") -> FigureLine:
    """Arrange a figure."""
    return FigureLine(
        value=shown(fact, unit),
        day=date_vi(fact.as_of),
        source=str(fact.source_title),
        url=link("statistic", fact.id) if fact.id else "",
        printed=fact.printed_vi,
        provenance=fact.provenance,
        recorded=f"{fact.recorded_by}, {time_vi(fact.recorded_at)}" if fact.recorded_by else "",
        ended=ended,
        differs=differs,
        note=fact.note,
        source_url=fact.source_url,
    )


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A measure of a unit's year: its figures, or that there is none yet."""

    code: str
    label: str
    unit: str
    breakthrough: bool
    figures: tuple[FigureLine, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """The page of a unit's year."""

    title: str
    known: str
    of: str
    lines: tuple[EntryLine, ...]


def entry_view(found: EntryPage) -> EntryView:
    """Arrange the figures of a unit's year."""
    return EntryView(
        title=title_of(found.version),
        known=padded(found.known),
        of=padded(len(found.rows)),
        lines=tuple(_line(row) for row in found.rows),
    )


def _line(row: EntryRow) -> EntryLine:
    measure = row.measure
    return EntryLine(
        code=measure.code,
        label=str(measure.label),
        unit=str(UNIT_LABELS.get(measure.unit, measure.unit)),
        breakthrough=bool(measure.breakthrough),
        figures=tuple(figure_line(fact, measure.unit, differs=fact.as_of in row.differ) for fact in row.facts),
        differs=bool(row.differ),
    )


@dataclass(frozen=True, slots=True)
class StatisticView:
    """One figure with what else is or was said of its measure, unit and day."""

    label: str
    title: str
    unit: str
    line: FigureLine
    source_url: str
    others: tuple[FigureLine, ...]
    back: str
    measure_url: str


def _measure(code: str) -> Measure | None:
    return next((one for one in measures_with(()) if one.code == code), None)


def statistic_view(found: StatisticPage) -> StatisticView:
    """Arrange one figure."""
    row, measure = found.row, _measure(found.row.measure)
    unit = measure.unit if measure else ""
    return StatisticView(
        label=str(measure.label) if measure else row.measure,
        title=title_of(found.version),
        unit=str(UNIT_LABELS.get(unit, unit)) if unit != "percent" else "",
        line=figure_line(fact_of(row), unit, ended=_ended(row)),
        source_url=found.url,
        others=tuple(figure_line(fact_of(one), unit, ended=_ended(one)) for one in found.others),
        back=link("statistics", unit=row.area.uid, year=row.as_of.year),
        measure_url=link("measure", row.measure, as_of=row.as_of, unit=row.area.uid),
    )


def _ended(row: ObservedStatistic) -> str:
    """By whom, when and why a figure ended; "" while it stands."""
    if row.ended_at is None:
        return ""
    return _("%(by)s, %(at)s: %(reason)s") % {
        "by": row.ended_by, "at": time_vi(row.ended_at), "reason": row.end_reason,
    }  # fmt: skip
