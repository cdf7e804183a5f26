"""What a workbook of past years is read against: units by name, elements by code, reports and acts that stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from communes.models import UnitVersion
from communes.scope import Scope
from indicators.models import DataElement, HistoryImport, Level, Period, Recognition, Report, ReportedValue
from indicators.selectors.definitions import CellDef, Definitions, ElementDef, definitions_for
from mongcai_portal.common.periods import PeriodSpan
from mongcai_portal.common.text import bare_unit_name, search_key

Pair = tuple[int, str]  # unit id, period code


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """The communes that are or were, by every name they had and by uid."""

    by_key: dict[str, frozenset[int]]
    versions: dict[int, tuple[UnitVersion, ...]]

    def find(self, text: str) -> frozenset[int]:
        """Return the units called so, whatever the spelling, with or without `Xã`; or the one of this uid."""
        return self.by_key.get(search_key(bare_unit_name(text)), frozenset()) | self.by_key.get(text, frozenset())

    def on(self, unit_id: int, day: date) -> UnitVersion | None:
        return next((v for v in self.versions[unit_id] if v.holds_on(day)), None)


def unit_index(scope: Scope) -> UnitIndex:
    """Return the index of what the reader sees: one query."""
    rows = UnitVersion.objects.filter(kind__in=["commune", "ward"]).select_related("unit")
    if not scope.all_units:
        rows = rows.filter(unit__in=scope.unit_ids)
    keys: dict[str, set[int]] = defaultdict(set)
    versions: dict[int, list[UnitVersion]] = defaultdict(list)
    for version in rows:
        versions[version.unit_id].append(version)
        keys[version.unit.uid].add(version.unit_id)
        for name in (version.name_vi, version.name_en):
            keys[search_key(bare_unit_name(name))].add(version.unit_id)
    return UnitIndex(
        {key: frozenset(ids) for key, ids in keys.items()}, {pk: tuple(own) for pk, own in versions.items()}
    )


def catalogue() -> Definitions:
    """Return every element there is, for years that no criteria set on the portal judges: two queries."""
    elements = []
    for e in DataElement.objects.select_related("office").prefetch_related("parts").order_by("code"):
        parts = [
            CellDef(p.code, p.kind, p.name_vi, p.name_en, p.value_type, p.unit, tuple(p.scale)) for p in e.parts.all()
        ]
        whole = CellDef("", "whole", e.name_vi, e.name_en, e.value_type, e.unit, tuple(e.scale))
        # As `definitions` takes an element apart: a conjunction or a split by sex is not typed as a whole.
        alone = not parts or (e.value_type != "boolean" and all(p.kind != "sex" for p in parts))
        elements.append(
            ElementDef(
                e.pk, e.code, e.name_vi, e.name_en, e.value_type, e.unit, tuple(e.scale), e.office_id, e.office.code,
                tuple([whole, *parts] if alone else parts),
            )
        )  # fmt: skip
    return Definitions((), tuple(elements))


def asked_in(span: PeriodSpan) -> Definitions:
    """Return what the sets of a period ask; without any set, nothing: one query when they are known."""
    return definitions_for(Period(code=span.code, starts_on=span.starts_on, ends_on=span.ends_on, due_on=span.ends_on))


def standing_reports(pairs: Iterable[Pair]) -> dict[Pair, Report]:
    """Return the reports that exist for units and periods: one query."""
    wanted = set(pairs)
    rows = Report.objects.filter(
        unit__in={unit for unit, _period in wanted}, period__code__in={period for _unit, period in wanted}
    ).select_related("period")
    return {(r.unit_id, r.period.code): r for r in rows if (r.unit_id, r.period.code) in wanted}


def approved_values(reports: Iterable[Report]) -> dict[tuple[int, str, int, str], ReportedValue]:
    """Return the cells that count of these reports by (unit, period, element, part): one query."""
    keys = {r.pk: (r.unit_id, r.period.code) for r in reports}
    rows = ReportedValue.objects.filter(report__in=list(keys), revision=F("report__approved_revision"))
    return {(*keys[row.report_id], row.element_id, row.part): row for row in rows}


def standing_acts(unit_ids: Iterable[int]) -> dict[tuple[int, str, date], Recognition]:
    """Return the records that stand of these units by unit, level and day: one query."""
    rows = Recognition.objects.filter(unit__in=set(unit_ids)).select_related("level")
    return {(r.unit_id, r.level.code, r.decided_on): r for r in rows}


def level_index() -> dict[str, Level]:
    """Return the levels by code and by their names in both languages: one query."""
    found = {}
    for level in Level.objects.all():
        for name in (level.code, level.name_vi, level.name_en):
            found[search_key(name)] = level
    return found


def imports() -> list[HistoryImport]:
    """Return the imports, newest first, without their plans: one query."""
    return list(HistoryImport.objects.defer("plan", "faults", "conflicts").order_by("-pk")[:50])
