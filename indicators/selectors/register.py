"""The register of recognitions: its list on a day, one record with its papers, the figures beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from communes.models import Unit, UnitVersion
from communes.scope import Scope
from indicators.models import (
    Attainment,
    CriteriaSet,
    CriterionResult,
    Level,
    Recognition,
    RecognitionBasis,
    RecognitionScan,
    Report,
)
from indicators.rules.freshness import Late
from indicators.selectors.freshness import late_results
from indicators.selectors.watch import Watch, watches
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.selectors import events_of
from mongcai_portal.common.models import Source

# `past`: it was never ended, but its unit no longer exists: a title of history (units merged on 01/07/2025).
IN_FORCE, EXPIRED, WITHDRAWN, PAST, ANNULLED = "in_force", "expired", "withdrawn", "past", "annulled"
STATES = (IN_FORCE, EXPIRED, WITHDRAWN, PAST, ANNULLED)
PAGE = 50


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What to show; an empty field shows all. Annulled records are shown only when they are asked for."""

    level: str = ""
    unit: str = ""
    year: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A record, its unit as it was called on the day of the decision, and what the figures say of it now."""

    recognition: Recognition
    unit: UnitVersion
    state: str
    watch: Watch | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What evaluation says of a unit at a level by the last approved period ending by a day.

    `period` is "" when there is none; `published` False when the level's set is not in use on the portal for the year.
    """

    level: Level
    published: bool
    period: str = ""
    outcome: str = ""
    met: int = 0
    total: int = 0
    open: tuple[CriterionResult, ...] = ()
    illustrative: bool = False
    unverified: bool = False
    judged: bool = False
    late: Late | None = None  # since when they are older than they should be

    @property
    def known(self) -> bool:
        return bool(self.outcome)

    @property
    def against(self) -> bool:
        """Whether the figures speak against a recognition."""
        return self.known and self.outcome != "met"


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record with everything its page shows."""

    recognition: Recognition
    unit: UnitVersion
    day: date
    state: str
    basis: RecognitionBasis | None
    scans: tuple[RecognitionScan, ...]
    source: Source | None
    watch: Watch | None
    figures: Figures
    events: tuple[AuditEvent, ...]


def state_on(row: Recognition, day: date, *, exists: bool) -> str:
    """Return what became of a record by the day; `exists`: whether its unit does on that day."""
    if row.annulled_at is not None:
        return ANNULLED
    if row.withdrawn_on is not None and row.withdrawn_on <= day:
        return WITHDRAWN
    if row.expires_on is not None and row.expires_on <= day:
        return EXPIRED
    return IN_FORCE if exists else PAST


def records(scope: Scope, day: date, wanted: RegisterFilter) -> QuerySet[Recognition]:
    """Return the records of a day that the reader may see, newest decision first: one query."""
    if wanted.state == ANNULLED:
        rows = Recognition.records.filter(annulled_at__isnull=False)
    else:
        rows = Recognition.objects.filter(decided_on__lte=day)
        by_state = {IN_FORCE: rows.in_force, EXPIRED: rows.expired, WITHDRAWN: rows.withdrawn, PAST: rows.past}
        if wanted.state in by_state:
            rows = by_state[wanted.state](day)
    rows = rows.visible_to(scope).select_related("unit", "level")
    if wanted.level:
        rows = rows.filter(level__code=wanted.level)
    if wanted.unit:
        rows = rows.filter(unit__uid=wanted.unit)
    if wanted.year is not None:
        rows = rows.filter(decided_on__year=wanted.year)
    return rows.order_by("-decided_on", "-level__rank", "unit__uid", "pk")


def rows_of(found: list[Recognition], day: date) -> list[RegisterRow]:
    """Add names and what the figures say: four queries for any number of records."""
    versions = _versions(found)
    states = {r.pk: state_on(r, day, exists=_exists(versions[r.unit_id], day)) for r in found}
    watched = watches([r for r in found if states[r.pk] == IN_FORCE], day)
    return [RegisterRow(r, _named(versions[r.unit_id], r.decided_on), states[r.pk], watched.get(r.pk)) for r in found]


def _versions(found: list[Recognition]) -> dict[int, list[UnitVersion]]:
    """Return the versions of the records' units, the earliest first: one query."""
    versions: dict[int, list[UnitVersion]] = {}
    rows = UnitVersion.objects.filter(unit__in={r.unit_id for r in found}).select_related("unit")
    # The open start sorts first on one database and last on the other.
    for version in sorted(rows, key=lambda v: v.valid_from or date.min):
        versions.setdefault(version.unit_id, []).append(version)
    return versions


def _exists(versions: list[UnitVersion], day: date) -> bool:
    return any(v.holds_on(day) for v in versions)


def _named(versions: list[UnitVersion], day: date) -> UnitVersion:
    """The unit as it was called on the day, or last before it."""
    past = [v for v in versions if v.valid_from is None or v.valid_from <= day]
    return next((v for v in versions if v.holds_on(day)), past[-1] if past else versions[0])


def years_of(scope: Scope) -> list[int]:
    """Return the years in which something was decided, newest first: one query."""
    days = Recognition.objects.visible_to(scope).dates("decided_on", "year", order="DESC")
    return [day.year for day in days]


def levels() -> list[Level]:
    """Return all levels, newer phases first: one query."""
    return list(Level.objects.order_by("-phase", "rank"))


def units_ever(scope: Scope) -> list[UnitVersion]:
    """Return the communes that are or were, each by its last name, in dictionary order: one query."""
    rows = UnitVersion.objects.filter(kind="commune").select_related("unit")
    if not scope.all_units:
        rows = rows.filter(unit__in=scope.unit_ids)
    last = {v.unit_id: v for v in sorted(rows, key=lambda v: v.valid_from or date.min)}
    return sorted(last.values(), key=lambda v: v.sort_key)


def figures_on(unit_id: int, level: Level, day: date) -> Figures:
    """Return what the figures say of a unit at a level on a day: three queries, and those of lateness."""
    published = CriteriaSet.objects.filter(
        level=level, status=CriteriaSet.Status.PUBLISHED, first_year__lte=day.year
    ).exists()
    made_up = Report.objects.filter(unit=OuterRef("unit"), period=OuterRef("period"), illustrative=True)
    row = (
        Attainment.objects.filter(unit=unit_id, criteria_set__level=level, period__ends_on__lte=day)
        .select_related("period")
        .annotate(illustrative=Exists(made_up))
        .order_by("-period__ends_on", "-period__starts_on")
        .first()
    )
    if row is None:
        return Figures(level, published)
    still_open = (
        CriterionResult.objects.filter(unit=unit_id, period=row.period, criterion__criteria_set=row.criteria_set_id)
        .exclude(outcome__in=["met", "not_applicable"])
        .select_related("criterion")
        .order_by("criterion__number")
    )
    return Figures(
        level=level,
        published=published,
        period=row.period.code,
        outcome=row.outcome,
        met=row.criteria_met,
        total=row.criteria_total,
        open=tuple(still_open),
        illustrative=row.illustrative,
        unverified=row.rests_on_unverified,
        judged=row.rests_on_judgement,
        late=late_results().get((unit_id, row.period_id)),
    )


def record_seen(scope: Scope, pk: int) -> Recognition:
    """Return a record, annulled or not.

    Raises:
        Recognition.DoesNotExist: none of this number in the scope.
    """
    return Recognition.records.visible_to(scope).select_related("unit", "level", "replaces", "replaced_by").get(pk=pk)


def record_page(scope: Scope, pk: int, day: date) -> RecordPage:
    """Return one record with all that its page shows; a fixed number of queries.

    Raises:
        Recognition.DoesNotExist: none of this number in the scope.
    """
    row = record_seen(scope, pk)
    versions = _versions([row])[row.unit_id]
    state = state_on(row, day, exists=_exists(versions, day))
    return RecordPage(
        recognition=row,
        unit=_named(versions, row.decided_on),
        day=day,
        state=state,
        basis=RecognitionBasis.objects.filter(recognition=row).first(),
        scans=scans_of(row),
        source=Source.objects.filter(code=row.source).first() if row.source else None,
        watch=watches([row], day).get(row.pk) if state == IN_FORCE else None,
        figures=figures_on(row.unit_id, row.level, day),
        events=tuple(events_of(obj_type="recognition", obj_id=row.pk))[::-1],
    )


def scans_of(row: Recognition) -> tuple[RecognitionScan, ...]:
    """Return the papers of a record; one that put another right, without a new paper, rests on the other's."""
    acts = [RecognitionScan.Act.RECOGNITION]
    if row.withdrawn_on is not None:
        acts.append(RecognitionScan.Act.WITHDRAWAL)
    found: dict[str, RecognitionScan] = {}
    while True:
        for scan in RecognitionScan.objects.filter(recognition=row, act__in=acts):
            found.setdefault(scan.act, scan)
        if row.replaces_id is None or len(found) == len(acts):
            return tuple(found[act] for act in acts if act in found)
        row = Recognition.records.get(pk=row.replaces_id)


def has_paper(row: Recognition) -> bool:
    """Whether the decision itself was scanned, with this record or one it puts right; imports bring none."""
    return any(scan.act == RecognitionScan.Act.RECOGNITION for scan in scans_of(row))


def scan_seen(scope: Scope, recognition_id: int, scan_id: int) -> RecognitionScan:
    """Return a scan of a record that the reader may see.

    Raises:
        Recognition.DoesNotExist, RecognitionScan.DoesNotExist.
    """
    row = record_seen(scope, recognition_id)
    found = next((scan for scan in scans_of(row) if scan.pk == scan_id), None)
    if found is None:
        raise RecognitionScan.DoesNotExist
    return found


def unit_seen(scope: Scope, uid: str) -> Unit | None:
    """Return the unit of a uid, None when the scope does not see one."""
    return Unit.objects.visible_to(scope).filter(uid=uid).first()
