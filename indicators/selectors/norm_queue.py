"""Norms that are still to be found or compared with their decree, and how many results rest on each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from communes.models import Office
from communes.scope import Scope
from indicators.models import CriteriaSet, IndicatorResult, IndicatorVersion, Norm, Outcome, Report, ZoneNormRule
from indicators.rules.norms import choose_norm, in_force, region_for
from indicators.rules.types import NormSpec, SetSpec
from indicators.selectors.definitions import CellDef, norm_spec
from indicators.selectors.norm_target import cell_of_part, judged_parts
from indicators.selectors.unit_days import units_on_days

UNVERIFIED, MISSING = "unverified", "missing"
KINDS = (UNVERIFIED, MISSING)
DECIDED = frozenset({Outcome.MET, Outcome.NOT_MET})


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One norm to be entered. `norm` None: no level is known; `results`: how many rest on it, or stay open for it.

    `years` of a missing one: those in which some unit is without a level; empty means all.
    """

    kind: str
    version: IndicatorVersion
    asked: CellDef
    comparison: str
    norm: Norm | None
    region: str
    years: tuple[int, ...]
    results: int

    @property
    def criteria_set(self) -> CriteriaSet:
        return self.version.indicator.criterion.criteria_set

    @property
    def year(self) -> int | None:
        """The one year that the level is for."""
        if self.norm is not None:
            return self.norm.year
        return self.years[0] if len(self.years) == 1 else None


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the reader asked for; empty texts ask for everything."""

    criteria_set: str = ""
    office: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """The norms under a filter, with how many there are of each kind, and what can be filtered by."""

    items: tuple[QueueItem, ...]
    counts: Mapping[str, int]
    sets: tuple[CriteriaSet, ...]
    offices: tuple[Office, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """What a norm is chosen by, for some reports: the measured region, the group and the period's last day."""

    region: str
    group: str
    day: date


Pair = tuple[int, int]


@dataclass(slots=True)
class _Held:
    """The reports of a case: of the periods in which most units choose so, all but those of units that stand apart."""

    periods: set[int] = field(default_factory=set)
    apart: set[Pair] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Stored:
    """Stored outcomes by version: counted by period, and one by one of the units that stand apart.

    Nearly all units choose their norms alike, so a province is counted by the database, not here.
    """

    counted: Mapping[int, Mapping[int, Counter[tuple[str, bool]]]]
    apart: Mapping[int, Mapping[Pair, tuple[str, bool]]]

    def number(self, version_id: int, held: Iterable[_Held], matches: Callable[[str, bool], bool]) -> int:
        """How many of the version's outcomes in these reports match."""
        counted, apart = self.counted.get(version_id, {}), self.apart.get(version_id, {})
        found = 0
        for one in held:
            found += sum(n for p in one.periods for said, n in counted.get(p, Counter()).items() if matches(*said))
            found += sum(matches(*apart[pair]) for pair in one.apart if pair in apart)
        return found


def norm_queue(*, scope: Scope, wanted: QueueFilter) -> Queue:
    """Return the queue in a fixed number of queries; results are those of units that the reader sees."""
    sets = tuple(CriteriaSet.objects.select_related("level").order_by("first_year", "level__rank", "pk"))
    versions = list(
        IndicatorVersion.objects.select_related(
            "element", "indicator__office", "indicator__criterion__criteria_set__level"
        )
        .prefetch_related("parts__part")
        .order_by(
            "indicator__criterion__criteria_set__first_year",
            "indicator__criterion__criteria_set__level__rank",
            "indicator__criterion__number",
            "indicator__position",
            "valid_from",
        )
    )
    norms: dict[tuple[int, str], list[Norm]] = defaultdict(list)
    for norm in Norm.objects.order_by("region", "year", "valid_from", "pk"):
        norms[norm.version_id, norm.part].append(norm)
    cases, apart = _cases(scope, sets)
    stored = _stored(scope, apart)
    found = [
        item
        for version in versions
        for item in _items(version, norms, cases[version.indicator.criterion.criteria_set_id], stored)
    ]
    offices = {item.version.indicator.office_id: item.version.indicator.office for item in found}
    under = [
        item
        for item in found
        if wanted.criteria_set in ("", item.criteria_set.code)
        and wanted.office in ("", item.version.indicator.office.code)
    ]
    counts = Counter(item.kind for item in under)
    return Queue(
        tuple(item for item in under if wanted.kind in ("", item.kind)),
        {kind: counts[kind] for kind in KINDS},
        sets,
        tuple(sorted(offices.values(), key=lambda office: office.sort_key)),
    )


def _cases(scope: Scope, sets: Iterable[CriteriaSet]) -> tuple[dict[int, dict[_Case, _Held]], set[int]]:
    """Return, per set, by what the reports of its years choose their norms, and the units that stand apart."""
    pairs = {
        (unit, period): day
        for unit, period, day in Report.objects.visible_to(scope).values_list("unit_id", "period_id", "period__ends_on")
    }
    units = units_on_days((unit, day) for (unit, _period), day in pairs.items())
    rules: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for rule in ZoneNormRule.objects.order_by("zone"):
        rules[rule.criteria_set_id].append((rule.zone, rule.region))
    chosen: dict[int, dict[Pair, _Case]] = {}
    usual: dict[tuple[int, int], _Case] = {}
    apart: set[int] = set()
    for one in sets:
        spec = SetSpec(one.pk, one.code, "", 0, "", one.default_region, tuple(rules[one.pk]), ())
        own = chosen[one.pk] = {
            (unit, period): _Case(region_for(spec, units[unit, day].context), units[unit, day].context.group, day)
            for (unit, period), day in pairs.items()
            if one.first_year <= day.year <= one.last_year
        }
        by_period: dict[int, Counter[_Case]] = defaultdict(Counter)
        for (_unit, period), case in own.items():
            by_period[period][case] += 1
        usual |= {(one.pk, period): counts.most_common(1)[0][0] for period, counts in by_period.items()}
        apart |= {unit for (unit, period), case in own.items() if case != usual[one.pk, period]}
    found: dict[int, dict[_Case, _Held]] = {}
    for set_id, own in chosen.items():
        cases: dict[_Case, _Held] = defaultdict(_Held)
        for (unit, period), case in own.items():
            if unit in apart:
                cases[case].apart.add((unit, period))
            else:
                cases[case].periods.add(period)
        found[set_id] = dict(cases)
    return found, apart


def _stored(scope: Scope, apart: set[int]) -> _Stored:
    """Return the stored outcomes: two queries."""
    rows = IndicatorResult.objects.visible_to(scope).filter(outcome__in=[*DECIDED, Outcome.UNDETERMINED])
    counted: dict[int, dict[int, Counter[tuple[str, bool]]]] = defaultdict(lambda: defaultdict(Counter))
    for version, period, outcome, judged, n in (
        rows.exclude(unit__in=apart)
        .order_by()
        .values_list("version_id", "period_id", "outcome", "rests_on_judgement")
        .annotate(n=Count("pk"))
    ):
        counted[version][period][outcome, judged] = n
    single: dict[int, dict[Pair, tuple[str, bool]]] = defaultdict(dict)
    if apart:
        for version, unit, period, outcome, judged in rows.filter(unit__in=apart).values_list(
            "version_id", "unit_id", "period_id", "outcome", "rests_on_judgement"
        ):
            single[version][unit, period] = outcome, judged
    return _Stored(counted, single)


def _rests(outcome: str, judged: bool) -> bool:
    """Whether an outcome was decided by a norm."""
    return outcome in DECIDED and not judged


def _lacks(outcome: str, judged: bool) -> bool:
    """Whether an outcome waits for a norm: open, or judged by the office instead."""
    return judged or outcome == Outcome.UNDETERMINED


def _items(
    version: IndicatorVersion,
    norms: Mapping[tuple[int, str], list[Norm]],
    cases: Mapping[_Case, _Held],
    stored: _Stored,
) -> Iterator[QueueItem]:
    held = {case: reports for case, reports in cases.items() if version.holds_on(case.day)}
    for part, spec in judged_parts(version).items():
        rows = norms.get((version.pk, part), [])
        specs = [norm_spec(row) for row in rows]
        chosen = {case: _chosen(specs, part, case) for case in held}
        asked = cell_of_part(version, part, spec)
        for row in rows:
            if row.provenance == UNVERIFIED:
                using = [held[case] for case, norm in chosen.items() if norm is not None and norm.id == row.pk]
                results = stored.number(version.pk, using, _rests)
                yield QueueItem(UNVERIFIED, version, asked, spec.comparison, row, row.region, (), results)
        without: dict[str, set[_Case]] = defaultdict(set)
        for case, norm in chosen.items():
            if norm is None:
                without[case.region if rows else ""].add(case)
        if not rows and not without:
            without[""] = set()
        for region, gaps in without.items():
            results = stored.number(version.pk, [held[case] for case in gaps], _lacks)
            years = tuple(sorted({case.day.year for case in gaps})) if rows else ()
            yield QueueItem(MISSING, version, asked, spec.comparison, None, region, years, results)


def _chosen(specs: list[NormSpec], part: str, case: _Case) -> NormSpec | None:
    return choose_norm(in_force(specs, case.day), part=part, region=case.region, year=case.day.year, group=case.group)
