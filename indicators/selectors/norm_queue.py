"""Norms that are still to be found or compared with their decree, and how many results rest on each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

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
    cases = _cases(scope, sets)
    results = _results(scope)
    found = [
        item
        for version in versions
        for item in _items(version, norms, cases[version.indicator.criterion.criteria_set_id], results)
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


def _cases(scope: Scope, sets: Iterable[CriteriaSet]) -> dict[int, dict[_Case, set[Pair]]]:
    """Return, per set, by what the reports of its years choose their norms, and which reports those are."""
    pairs = {
        (unit, period): day
        for unit, period, day in Report.objects.visible_to(scope).values_list("unit_id", "period_id", "period__ends_on")
    }
    units = units_on_days((unit, day) for (unit, _period), day in pairs.items())
    rules: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for rule in ZoneNormRule.objects.order_by("zone"):
        rules[rule.criteria_set_id].append((rule.zone, rule.region))
    found: dict[int, dict[_Case, set[Pair]]] = {}
    for one in sets:
        spec = SetSpec(one.pk, one.code, "", 0, "", one.default_region, tuple(rules[one.pk]), ())
        cases: dict[_Case, set[Pair]] = defaultdict(set)
        for (unit, period), day in pairs.items():
            if one.first_year <= day.year <= one.last_year:
                context = units[unit, day].context
                cases[_Case(region_for(spec, context), context.group, day)].add((unit, period))
        found[one.pk] = dict(cases)
    return found


def _results(scope: Scope) -> dict[int, dict[Pair, tuple[str, bool]]]:
    """Return the stored outcomes by version and report: one query."""
    rows = IndicatorResult.objects.visible_to(scope).filter(outcome__in=[*DECIDED, Outcome.UNDETERMINED])
    found: dict[int, dict[Pair, tuple[str, bool]]] = defaultdict(dict)
    for version, unit, period, outcome, judged in rows.values_list(
        "version_id", "unit_id", "period_id", "outcome", "rests_on_judgement"
    ):
        found[version][unit, period] = outcome, judged
    return found


def _items(
    version: IndicatorVersion,
    norms: Mapping[tuple[int, str], list[Norm]],
    cases: Mapping[_Case, set[Pair]],
    results: Mapping[int, dict[Pair, tuple[str, bool]]],
) -> Iterator[QueueItem]:
    own = results.get(version.pk, {})
    held = {case: pairs for case, pairs in cases.items() if version.holds_on(case.day)}
    for part, spec in judged_parts(version).items():
        rows = norms.get((version.pk, part), [])
        specs = [norm_spec(row) for row in rows]
        chosen = {case: _chosen(specs, part, case) for case in held}
        asked = cell_of_part(version, part, spec)

        def resting(row_id: int, chosen: Mapping[_Case, NormSpec | None] = chosen) -> int:
            used = {pair for case, norm in chosen.items() if norm and norm.id == row_id for pair in held[case]}
            return sum(outcome in DECIDED and not judged for pair, (outcome, judged) in own.items() if pair in used)

        for row in rows:
            if row.provenance == UNVERIFIED:
                yield QueueItem(UNVERIFIED, version, asked, spec.comparison, row, row.region, (), resting(row.pk))
        without: dict[str, set[_Case]] = defaultdict(set)
        for case, norm in chosen.items():
            if norm is None:
                without[case.region if rows else ""].add(case)
        if not rows and not without:
            without[""] = set()
        for region, gaps in without.items():
            left = {pair for case in gaps for pair in held[case]}
            open_still = sum(
                judged or outcome == Outcome.UNDETERMINED for pair, (outcome, judged) in own.items() if pair in left
            )
            years = tuple(sorted({case.day.year for case in gaps})) if rows else ()
            yield QueueItem(MISSING, version, asked, spec.comparison, None, region, years, open_still)


def _chosen(specs: list[NormSpec], part: str, case: _Case) -> NormSpec | None:
    return choose_norm(in_force(specs, case.day), part=part, region=case.region, year=case.day.year, group=case.group)
