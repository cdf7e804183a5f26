"""How the form of a period is laid out: sections by level and criterion, and the wording of sets and indicators.

The rules need no names, so `definitions` keeps none; a process keeps the wording beside them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from communes.models import Office
from indicators.models import CriteriaSet, Criterion, IndicatorVersion, Period
from indicators.rules.types import IndicatorSpec, SetSpec
from indicators.selectors.definitions import Definitions, ElementDef, definitions_for


@dataclass(frozen=True, slots=True)
class Name:
    """A text in both languages, as `localname` reads it."""

    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True)
class SetWords:
    """How a set is called: itself, its level, its decision."""

    code: str
    level: str
    name: Name
    level_name: Name
    decision: str


@dataclass(frozen=True, slots=True)
class IndicatorWords:
    """How an indicator version is called, and how far its wording may be trusted."""

    code: str
    name: Name
    provenance: str
    decision: str
    unit: str


@dataclass(frozen=True, slots=True)
class Reader:
    """An indicator that reads an element, and the set it stands in."""

    criteria_set: SetSpec
    indicator: IndicatorSpec


@dataclass(frozen=True, slots=True)
class Row:
    """An element as the form asks for it: under the first indicator that reads it."""

    element: ElementDef
    code: str
    name: Name
    provenance: str
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A criterion of the lowest level that asks for these elements."""

    key: str
    number: int
    name: Name
    set_code: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole form of a period."""

    definitions: Definitions
    sections: tuple[Section, ...]
    sets: dict[str, SetWords]
    indicators: dict[int, IndicatorWords]
    offices: dict[int, Name]

    @property
    def cells_total(self) -> int:
        return sum(len(e.cells) for e in self.definitions.elements)

    def row(self, element: str) -> Row | None:
        return next((r for s in self.sections for r in s.rows if r.element.code == element), None)

    def section_of(self, element: str) -> Section | None:
        return next((s for s in self.sections if any(r.element.code == element for r in s.rows)), None)


class _Same:
    """Definitions as a cache key: a process keeps one object of them until the law changes, so identity says it all."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.definitions is self.definitions

    def __hash__(self) -> int:
        return id(self.definitions)


def layout_for(period: Period) -> Layout:
    """Return the layout of a period's form: one query when it is already known."""
    return _layout(_Same(definitions_for(period)))


@lru_cache(maxsize=32)
def _layout(same: _Same) -> Layout:
    definitions = same.definitions
    ids = [s.id for s in definitions.sets]
    sets = {
        s.code: SetWords(
            s.code, s.level.code, Name(s.name_vi, s.name_en), Name(s.level.name_vi, s.level.name_en), s.decision
        )
        for s in CriteriaSet.objects.filter(pk__in=ids).select_related("level")
    }
    criteria = {c.pk: c for c in Criterion.objects.filter(criteria_set__in=ids)}
    wanted = [i.version_id for s in definitions.sets for c in s.criteria for i in c.indicators]
    indicators = {
        v.pk: IndicatorWords(v.indicator.code, Name(v.name_vi, v.name_en), v.name_provenance, v.decision, v.unit)
        for v in IndicatorVersion.objects.filter(pk__in=wanted).select_related("indicator")
    }
    offices = {o.pk: Name(o.name_vi, o.name_en) for o in Office.objects.all()}
    readers: dict[str, list[Reader]] = defaultdict(list)
    first: dict[str, int] = {}
    for s in definitions.sets:
        for c in s.criteria:
            for i in c.indicators:
                readers[i.element].append(Reader(s, i))
                if not i.derived_from_attainment:
                    first.setdefault(i.element, c.id)
    grouped: dict[int, list[Row]] = defaultdict(list)
    for element in definitions.elements:
        own = tuple(readers[element.code])
        lead = next(r for r in own if not r.indicator.derived_from_attainment)
        words = indicators[lead.indicator.version_id]
        grouped[first[element.code]].append(Row(element, words.code, words.name, words.provenance, own))
    sections = tuple(
        Section(f"{s.level}-{c.number}", c.number, _name(criteria[c.id]), s.code, tuple(grouped[c.id]))
        for s in definitions.sets
        for c in s.criteria
        if grouped[c.id]
    )
    return Layout(definitions, sections, sets, indicators, offices)


def _name(criterion: Criterion) -> Name:
    return Name(criterion.name_vi, criterion.name_en)
