"""A criteria set as its page reads it: a document with versions, levels, decrees, and how firm each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from indicators.models import CriteriaSet, Indicator, IndicatorVersion, Norm, NormEntry
from indicators.presenters.criterion import region_text
from indicators.presenters.norm_words import (
    SIGNS,
    derived_text,
    level_text,
    place_text,
    set_by_text,
    zone_text,
)
from indicators.presenters.words import scale_word, unit_text
from indicators.rules.norms import in_force
from indicators.selectors.criteria_document import Document, SetRow
from indicators.selectors.definitions import norm_spec
from indicators.selectors.norm_target import cell_of_part, judged_parts
from mongcai_portal.common.links import link
from mongcai_portal.common.models import Source
from mongcai_portal.common.templatetags.portal import date_vi, localname

GRID_FROM = 6


@dataclass(frozen=True, slots=True)
class EntryView:
    """Who entered a norm by hand, when, why, and from which decision."""

    decision: str
    issued_on: date
    issuer: str
    reason: str
    by: str
    at: datetime
    document: str
    document_id: int


@dataclass(frozen=True, slots=True)
class NormView:
    """A level as read. `until` is set on one that was succeeded: when, and `by` whom."""

    text: str
    place: str
    provenance: str
    decision: str
    entry: EntryView | None
    until: datetime | None = None
    by: EntryView | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Levels by region and year in one unit; a cell is (text, provenance), None where no level is known."""

    unit: str
    years: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str] | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class PartView:
    """What is judged by levels of its own: the whole, or a component."""

    name: str
    norms: tuple[NormView, ...]
    grid: Grid | None
    past: tuple[NormView, ...]
    missing: bool
    unverified: bool
    url: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """What an indicator asks while a decision holds."""

    current: bool
    dates: str
    decision: str
    name: str
    name_provenance: str
    element: str
    element_code: str
    comparison: str
    scale: str
    by_sex: bool
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator: the version of the day first, the others readable."""

    code: str
    office: str
    set_by: str
    applies_if: str
    derived: str
    sources: tuple[Source, ...]
    current: VersionView | None
    others: tuple[VersionView, ...]


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion."""

    number: int
    name: str
    group: str
    indicators: tuple[IndicatorView, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A set as a document."""

    criteria: tuple[CriterionView, ...]
    indicators: int
    zones: tuple[tuple[str, str, str], ...]
    prerequisite: str
    changed: int


def document_view(found: Document, *, may_enter: bool) -> DocumentView:
    """Arrange a set; `may_enter` adds where a level is entered."""
    criteria = tuple(
        CriterionView(
            criterion.number,
            localname(criterion),
            criterion.group_vi,
            tuple(_indicator(i, found, may_enter=may_enter) for i in criterion.indicators.all()),
        )
        for criterion in found.criteria
    )
    before = found.criteria_set.prerequisite
    return DocumentView(
        criteria=criteria,
        indicators=sum(len(c.indicators) for c in criteria),
        zones=tuple((zone_text(r.zone), region_text(r.region), r.provenance) for r in found.zone_rules),
        prerequisite=localname(found.set_names[before.code].level) if before else "",
        changed=sum(bool(i.others) for c in criteria for i in c.indicators),
    )


def _indicator(indicator: Indicator, found: Document, *, may_enter: bool) -> IndicatorView:
    versions = [_version(version, indicator, found, may_enter=may_enter) for version in indicator.versions.all()]
    derived = indicator.derived_from_attainment
    return IndicatorView(
        code=indicator.code,
        office=localname(indicator.office),
        set_by=set_by_text(indicator.level_set_by),
        applies_if=indicator.applies_if_vi,
        derived=localname(derived.level) if derived else "",
        sources=tuple(found.sources[code] for code in indicator.sources if code in found.sources),
        current=next((v for v in versions if v.current), None),
        others=tuple(v for v in versions if not v.current),
    )


def _version(version: IndicatorVersion, indicator: Indicator, found: Document, *, may_enter: bool) -> VersionView:
    version.indicator = indicator
    judged = judged_parts(version)
    return VersionView(
        current=version.holds_on(found.day),
        dates=dates_text(version.valid_from, version.valid_to),
        decision=version.decision,
        name=localname(version),
        name_provenance=version.name_provenance,
        element=localname(version.element),
        element_code=version.element.code,
        comparison=_comparison(version),
        scale=" < ".join(scale_word(word) for word in version.scale or version.element.scale),
        by_sex=any(part.part.kind == "sex" for part in version.parts.all()),
        parts=tuple(_part(version, code, spec.comparison, found, may_enter=may_enter) for code, spec in judged.items()),
    )


def _part(version: IndicatorVersion, code: str, comparison: str, found: Document, *, may_enter: bool) -> PartView:
    asked = cell_of_part(version, code, judged_parts(version)[code])
    rows = [norm for norm in version.rows if norm.part == code]
    home = found.criteria_set.default_region
    rows.sort(key=lambda norm: (norm.region not in ("", home), norm.region, norm.year or 0))
    standing = [norm for norm in rows if norm.superseded_at is None]
    holding = {spec.id for spec in in_force((norm_spec(norm) for norm in standing), found.day)}
    current = [norm for norm in standing if norm.pk in holding]
    # A level that a later one took over from, or that begins after the day, is read among the others.
    past = [norm for norm in rows if norm.pk not in holding]

    def text(norm: Norm) -> str:
        if norm.derived_set:
            return derived_text(norm, comparison, found.set_names)
        return level_text(norm.value, comparison, asked.unit)  # type: ignore[arg-type]

    # In a table the unit stands once, above; a percent sign is part of the number.
    unit = unit_text(asked.unit)
    grid = _grid(current, comparison, unit) if len(current) > GRID_FROM else None
    return PartView(
        name=localname(asked) if code else "",
        norms=() if grid else tuple(_norm(norm, text(norm)) for norm in current),
        grid=grid,
        past=tuple(_norm(norm, text(norm)) for norm in past),
        missing=not standing,
        unverified=any(norm.provenance == "unverified" for norm in standing),
        url=link("norm_enter", version.pk, part=code) if may_enter else "",
    )


def _grid(norms: list[Norm], comparison: str, unit: str) -> Grid | None:
    """Levels of many regions and years as a table; None when they differ by something else, too."""
    if any(n.commune_group or n.valid_from or n.entry_id or n.derived_set or not n.year for n in norms):
        return None
    years = sorted({n.year for n in norms})
    regions = list(dict.fromkeys(n.region for n in norms))
    cells: Mapping[tuple[str, int | None], Norm] = {(n.region, n.year): n for n in norms}

    def text(norm: Norm) -> str:
        return level_text(norm.value, comparison, "%" if unit == "%" else "")  # type: ignore[arg-type]

    return Grid(
        "" if unit == "%" else unit,
        tuple(str(year) for year in years),
        tuple(
            (
                region_text(region) if region else _("vùng khác"),
                tuple(
                    (text(cells[region, year]), cells[region, year].provenance) if (region, year) in cells else None
                    for year in years
                ),
            )
            for region in regions
        ),
    )


def _norm(norm: Norm, text: str) -> NormView:
    succession = getattr(norm, "succession", None)
    return NormView(
        text=text,
        place=place_text(norm.region, norm.year, norm.commune_group, norm.valid_from),
        provenance=norm.provenance,
        decision=norm.decision,
        entry=_entry(norm.entry) if norm.entry else None,
        until=norm.superseded_at,
        by=_entry(succession) if succession else None,
    )


def _entry(entry: NormEntry) -> EntryView:
    return EntryView(
        entry.decision,
        entry.issued_on,
        entry.issuer,
        entry.reason,
        entry.entered_by,
        entry.entered_at,
        entry.document.name,
        entry.document_id,
    )


def _comparison(version: IndicatorVersion) -> str:
    words = {
        ">=": _("từ mức trở lên (≥)"),
        "<=": _("không quá mức (≤)"),
        "==": _("đúng bằng mức (=)"),
        "is_true": _("đạt / chưa đạt"),
    }
    unit = unit_text(version.unit)
    text = words.get(version.comparison, SIGNS.get(version.comparison, ""))
    return f"{text}, {unit}" if unit and version.comparison != "is_true" else text


def dates_text(start: date | None, end: date | None) -> str:
    """When something holds: `từ 01/03/2024`."""
    if start and end:
        return _("từ %(start)s đến %(end)s") % {"start": date_vi(start), "end": date_vi(end)}
    if start:
        return _("từ %(start)s") % {"start": date_vi(start)}
    return _("đến %(end)s") % {"end": date_vi(end)} if end else _("không giới hạn thời gian")


def set_dates(one: CriteriaSet) -> str:
    """When a set is in force."""
    return dates_text(one.valid_from, one.valid_to)


def set_lines(rows: Iterable[SetRow]) -> list[dict[str, object]]:
    """The list of sets."""
    return [{"row": row, "set": row.criteria_set, "dates": set_dates(row.criteria_set)} for row in rows]
