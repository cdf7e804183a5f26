"""Plan against actual as pages read it: by programme, one line a target, and one plan with its versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from indicators.rules.freshness import Late
from indicators.rules.marks import Marks
from mongcai_portal.common.links import link
from mongcai_portal.common.numbers import round_half_up
from mongcai_portal.common.templatetags.portal import date_vi, time_vi
from programmes.measures.facts import HOME_AREA, World
from programmes.measures.money import DTTS, EVERY, GNBV, MERGED, NQ06, NTM, PROGRAMMES
from programmes.measures.values import UNIT_LABELS, Measure
from programmes.measures.words import amount
from programmes.models import Target
from programmes.presenters.cards import own_provenance
from programmes.presenters.entries import title_of
from programmes.presenters.text import name_of, reason_text
from programmes.rules.progress import BEHIND, NO_DATA, ON_TRACK, REACHED
from programmes.selectors.targets import STATES, PlanRow, TargetPage

PROGRAMME_NAMES: dict[str, str | Promise] = {
    NTM: gettext_lazy("Xây dựng nông thôn mới"),
    GNBV: gettext_lazy("Giảm nghèo bền vững"),
    DTTS: gettext_lazy("Phát triển vùng đồng bào dân tộc thiểu số và miền núi"),
    NQ06: gettext_lazy("Nghị quyết 06-NQ/TU: vùng dân tộc, miền núi, biên giới, hải đảo"),
    MERGED: gettext_lazy("Chương trình chung 2026-2035"),
    EVERY: gettext_lazy("Mọi chương trình"),
}
LATE = "late"
# Icon, chip and word of each status; a plan whose year is over says so.
LOOKS: dict[str, tuple[str, str, str | Promise]] = {
    REACHED: ("circle-check", "met", pgettext_lazy("target", "Đạt")),
    ON_TRACK: ("trending-up", "part", pgettext_lazy("target", "Đúng tiến độ")),
    BEHIND: ("trending-down", "unmet", pgettext_lazy("target", "Chậm")),
    LATE: ("clock-exclamation", "unmet", pgettext_lazy("target", "Quá hạn")),
    NO_DATA: ("circle-dashed", "none", pgettext_lazy("target", "Chưa có số liệu")),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is shown."""

    icon: str
    chip: str
    word: str


def look(status: str, *, late: bool = False) -> Look:
    """The shape, colour and word of a status."""
    icon, chip, word = LOOKS[LATE if late else status]
    return Look(icon, chip, str(word))


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A target as read: from where, to what, what is reached, and how it stands.

    `late`: since when what is reached is older than it should be; that its year is over is said by `look`.
    """

    id: int
    label: str
    place: str
    group: str
    unit: str
    year: int
    start: str
    start_day: str
    plan: str
    actual: str
    actual_day: str
    reason: str
    look: Look
    due: str  # what the pace asks for on the day, "" once the year is over or the plan is reached
    way: int | None  # percent of the way done
    provenance: str
    actual_provenance: str
    marks: Marks
    late: Late | None
    breakthrough: bool
    url: str
    measure_url: str

    @property
    def alone(self) -> tuple[PlanLine, ...]:
        """As the only row of a table."""
        return (self,)


def plan_line(row: PlanRow, world: World) -> PlanLine:
    """Arrange a target."""
    value, target, unit = row.value, row.target, row.measure.unit
    known = value.value is not None
    own = {"unit": row.place.uid if row.place.uid != HOME_AREA else "", "group": target.group or ""}
    return PlanLine(
        id=target.id,
        label=str(row.measure.label),
        place=name_of(row.place),
        group=name_of(row.group) if row.group else "",
        unit=unit_word(row.measure),
        year=target.year,
        start=amount(unit, target.baseline_value),
        start_day=date_vi(target.baseline_on),
        plan=amount(unit, target.value),
        actual=amount(unit, value.value) if value.value is not None else "",
        actual_day=date_vi(value.own_day or value.as_of) if known else "",
        reason="" if known else reason_text(value),
        look=look(row.status, late=row.late),
        due=amount(unit, round_half_up(row.due)) if row.status in (ON_TRACK, BEHIND) and not row.late else "",
        way=None if row.way is None else int(row.way * 100),
        provenance=target.provenance,
        actual_provenance=own_provenance(value) if known else "",
        marks=value.marks,
        late=value.late,
        breakthrough=bool(row.measure.breakthrough),
        url=link("target", target.id, as_of=world.as_of),
        measure_url=link("measure", value.code, as_of=world.as_of, **own),
    )


def unit_word(measure: Measure) -> str:
    """The unit as it stands behind a number; percentages carry their sign."""
    return "" if measure.unit == "percent" else str(UNIT_LABELS.get(measure.unit, measure.unit))


@dataclass(frozen=True, slots=True)
class Section:
    """The targets of one programme."""

    code: str
    name: str
    lines: tuple[PlanLine, ...]


@dataclass(frozen=True, slots=True)
class PlansView:
    """The page: the programmes with their targets, and how many stand how."""

    sections: tuple[Section, ...]
    counts: tuple[tuple[Look, str, int], ...]
    total: int
    illustrative: bool


def plans_view(rows: Sequence[PlanRow], world: World) -> PlansView:
    """Arrange the targets by programme, as the rows come."""
    by_code: dict[str, list[PlanLine]] = {}
    for row in rows:
        by_code.setdefault(row.measure.programme, []).append(plan_line(row, world))
    return PlansView(
        sections=tuple(Section(code, programme_name(code), tuple(lines)) for code, lines in by_code.items()),
        counts=counts_of(rows),
        total=len(rows),
        illustrative=any(row.target.provenance == "illustrative" for row in rows),
    )


def counts_of(rows: Iterable[PlanRow]) -> tuple[tuple[Look, str, int], ...]:
    """Count targets by how they stand: the look and code of each status that there is."""
    found = Counter(row.status for row in rows)
    return tuple((look(state), state, found[state]) for state in STATES if found[state])


def programme_name(code: str) -> str:
    """What a programme is called."""
    return str(PROGRAMME_NAMES.get(code, code))


def programme_choices() -> list[tuple[str, str]]:
    """Programmes to choose from."""
    return [(code, programme_name(code)) for code in PROGRAMMES]


def state_choices() -> list[tuple[str, str]]:
    """Statuses to choose from."""
    return [(code, look(code).word) for code in STATES]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a plan: what it said, who set it, and why it ended ("" while it stands)."""

    id: int
    current: bool
    plan: str
    start: str
    source: str
    provenance: str
    note: str
    recorded: str
    ended: str


@dataclass(frozen=True, slots=True)
class TargetView:
    """A plan with all its versions; `standing`: it counts, and can be revised."""

    label: str
    title: str
    group: str
    unit: str
    year: int
    standing: bool
    succeeded: int | None
    line: VersionLine
    versions: tuple[VersionLine, ...]
    measure: str


def target_view(found: TargetPage) -> TargetView:
    """Arrange a plan and its versions."""
    row, measure = found.row, found.measure
    unit = measure.unit if measure else ""
    after = next((one.pk for one in found.versions if one.replaces_id == row.pk), None)
    return TargetView(
        label=str(measure.label) if measure else row.measure,
        title=title_of(found.unit) if found.unit else row.area.uid,
        group=_group(row),
        unit=unit_word(measure) if measure else "",
        year=row.year,
        standing=row.ended_at is None,
        succeeded=after,
        line=_version(row, row, unit, found.sources),
        versions=tuple(_version(one, row, unit, found.sources) for one in found.versions),
        measure=row.measure,
    )


def _group(row: Target) -> str:
    if row.group is None:
        return ""
    return row.group.name_en if (get_language() or "vi").startswith("en") else row.group.name_vi


def _version(one: Target, current: Target, unit: str, titles: Mapping[str, str]) -> VersionLine:
    words = {"by": one.ended_by, "at": time_vi(one.ended_at), "reason": one.end_reason}
    return VersionLine(
        id=one.pk,
        current=one.pk == current.pk,
        plan=amount(unit, one.value),
        start=_("%(value)s (%(day)s; %(source)s)")
        % {
            "value": amount(unit, one.baseline_value),
            "day": date_vi(one.baseline_on),
            "source": titles.get(one.baseline_source, one.baseline_source),
        },
        source=titles.get(one.source, one.source),
        provenance=one.provenance,
        note=one.note,
        recorded=f"{one.recorded_by}, {time_vi(one.recorded_at)}" if one.recorded_by else time_vi(one.recorded_at),
        ended=_("%(by)s, %(at)s: %(reason)s") % words if one.ended_at else "",
    )


def measure_choices(measures: Iterable[Measure]) -> list[tuple[str, str]]:
    """Measures to choose from, with their units."""
    return [(one.code, f"{one.label} ({UNIT_LABELS.get(one.unit, one.unit)})") for one in measures]
