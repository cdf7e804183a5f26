"""How a report's form looks: texts, marks and states of cells, rows and sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from indicators.models import ReportedValue, Verdict
from indicators.presenters.evidence import EvidenceView, evidence_views
from indicators.presenters.marks import marks_of
from indicators.presenters.words import (
    language,
    level_label,
    local,
    past_text,
    scale_word,
    stored_text,
    unit_text,
    value_text,
)
from indicators.rules.marks import Marks, together
from indicators.rules.types import IndicatorOutcome, PartOutcome
from indicators.selectors.comments import ThreadMark
from indicators.selectors.definitions import CellDef
from indicators.selectors.entry import CellState, LiveRows, ReportState, RowState, SectionState
from indicators.selectors.layout import Layout, Name
from indicators.selectors.typed import CellKey, Typed, shown, token_of
from indicators.services.values import CellConflict

State = ReportedValue.State

EMPTY, SAVED, WRONG, CONFLICT, MISSING = "empty", "saved", "wrong", "conflict", "missing"


@dataclass(frozen=True, slots=True)
class NormLine:
    """One norm of a cell at one level."""

    level: str
    text: str
    provenance: str
    decision: str
    known: bool


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One level's outcome of an element, as things stand."""

    code: str
    level: str
    judged: bool
    unverified: bool
    criteria_set: str
    bare: str  # the outcome without the office's judgement


@dataclass(slots=True)
class CellView:
    """A cell of the page."""

    element: str
    definition: CellDef
    label: str
    typed: Typed
    token: str
    status: str
    message: str = ""
    saved_at: datetime | None = None
    saved_by: str = ""
    text: str = ""
    previous: str = ""
    previous_period: str = ""
    past: list[tuple[str, str]] = field(default_factory=list)
    norms: list[NormLine] = field(default_factory=list)
    conflict_text: str = ""
    conflict_lock: int = 0

    @property
    def id(self) -> str:
        return cell_id((self.element, self.definition.part))

    @property
    def name(self) -> str:
        return f"{self.element}:{self.definition.part}"

    @property
    def kind(self) -> str:
        return self.definition.value_type

    @property
    def unit(self) -> str:
        return unit_text(self.definition.unit)

    @property
    def scale(self) -> list[tuple[str, str]]:
        return [(word, scale_word(word)) for word in self.definition.scale]


@dataclass(slots=True)
class RowView:
    """An element of the page."""

    element: str
    code: str
    name: str
    provenance: str
    office: str
    office_id: int
    cells: list[CellView]
    norms: list[NormLine]
    outcomes: list[OutcomeLine]
    entered: int
    verdict: Verdict | None
    judgements: dict[str, tuple[str, str]]
    thread: ThreadMark | None = None
    evidence: list[EvidenceView] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"e-{self.element}"

    @property
    def single(self) -> CellView | None:
        return self.cells[0] if len(self.cells) == 1 and not self.cells[0].definition.part else None

    @property
    def same_outcome(self) -> OutcomeLine | None:
        return self.outcomes[0] if self.outcomes and len({o.code for o in self.outcomes}) == 1 else None

    @property
    def marks(self) -> Marks:
        """What the outcomes of all levels rest on."""
        return together(marks_of(line) for line in self.outcomes)

    @property
    def partial(self) -> bool:
        """Some cells are entered, others not, and what is there does not decide yet."""
        return 0 < self.entered < len(self.cells) and all(o.code == "no_data" for o in self.outcomes)

    @property
    def returned(self) -> bool:
        return self.verdict is not None and self.verdict.state == Verdict.State.RETURNED

    @property
    def was_returned(self) -> bool:
        """An earlier return whose reason still helps, though the cell was sent again."""
        return self.verdict is not None and not self.returned and bool(self.verdict.reason)

    @property
    def judged_by(self) -> str:
        return ", ".join(sorted({by for _outcome, by in self.judgements.values()}))


@dataclass(slots=True)
class SectionView:
    """A criterion of the page."""

    key: str
    number: int
    name: str
    level: str
    entered: int
    total: int
    returned: int
    rows: list[RowView]
    wrong: int = 0

    @property
    def id(self) -> str:
        return f"s-{self.key}"

    @property
    def done(self) -> bool:
        return self.entered >= self.total


@dataclass(slots=True)
class LevelGroup:
    """The sections of one level in the list on the left."""

    label: str
    title: str
    sections: list[SectionView]


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a posted form adds to the stored state: typed texts that were not stored, and why."""

    typed: Mapping[CellKey, Typed] = field(default_factory=dict)
    tokens: Mapping[CellKey, str] = field(default_factory=dict)
    faults: Mapping[CellKey, str] = field(default_factory=dict)
    conflicts: Mapping[CellKey, CellConflict] = field(default_factory=dict)
    missing: frozenset[CellKey] = frozenset()

    @property
    def keys(self) -> set[CellKey]:
        return {*self.faults, *self.conflicts, *self.missing}


NOTHING = Overlay()


def cell_id(key: CellKey) -> str:
    """The id of a cell on the page, made of element and part."""
    return f"c-{key[0]}-{key[1].replace('.', '_') or 'all'}"


def norm_lines(row: RowState, part: str | None, layout: Layout) -> list[NormLine]:
    """The norms of a cell, level by level; `part` None collects those of the whole and of men and women alike."""
    lines: list[NormLine] = []
    for reader, outcome in row.outcomes:
        found = _norm_part(outcome, part)
        if found is None:
            continue
        line = NormLine(
            level=level_label(reader.criteria_set.level, layout),
            text=_norm_text(found, row),
            provenance=found.norm.provenance if found.norm else "missing",
            decision=(found.norm.decision or layout.sets[reader.criteria_set.code].decision) if found.norm else "",
            known=found.norm_value is not None,
        )
        lines.append(line)
    return lines


def _norm_part(outcome: IndicatorOutcome, part: str | None) -> PartOutcome | None:
    if part is None:
        return next((p for p in outcome.parts if p.part.kind in ("whole", "sex")), None)
    return next((p for p in outcome.parts if p.part.code == part), None)


def _norm_text(part: PartOutcome, row: RowState) -> str:
    if part.norm_value is None:
        return _("phòng ban thẩm định")
    unit = next((c.definition.unit for c in row.cells if c.definition.part == part.part.code), row.row.element.unit)
    text = value_text(part.norm_value, unit)
    sign = {">=": "≥", "<=": "≤", "==": "="}.get(part.part.comparison, "")
    return f"{sign} {text}".strip()


def outcome_lines(row: RowState, layout: Layout) -> list[OutcomeLine]:
    """The outcomes of an element, level by level."""
    return [
        OutcomeLine(
            outcome.outcome,
            level_label(reader.criteria_set.level, layout),
            outcome.judged,
            outcome.unverified,
            reader.criteria_set.code,
            "undetermined" if outcome.judged else outcome.outcome,
        )
        for reader, outcome in row.outcomes
    ]


def cell_view(state: CellState, row: RowState, layout: Layout, overlay: Overlay = NOTHING) -> CellView:
    """A cell as stored, or as typed when the typed text could not be stored."""
    key, definition = state.key, state.definition
    stored = shown(state.row, language())
    view = CellView(
        element=key[0],
        definition=definition,
        label=local(Name(definition.name_vi, definition.name_en)) if definition.part else local(row.row.name),
        typed=stored,
        token=token_of(state.row.lock if state.row else 0, stored),
        status=SAVED if state.row else EMPTY,
        saved_at=state.row.entered_at if state.row else None,
        saved_by=state.row.entered_by if state.row else "",
        text=stored_text(state.row, definition.unit),
        previous=past_text(state.previous, definition.unit),
        previous_period=state.previous.period if state.previous else "",
        past=[(p.period, past_text(p, definition.unit)) for p in state.past],
        norms=norm_lines(row, definition.part, layout) if definition.kind == "component" else [],
    )
    if key in overlay.faults or key in overlay.conflicts:
        view.typed = overlay.typed.get(key, stored)
        view.token = overlay.tokens.get(key, view.token)
    if key in overlay.conflicts:
        conflict = overlay.conflicts[key]
        view.status, view.message = CONFLICT, conflict.message
        view.conflict_text, view.conflict_lock, view.saved_at = view.text, conflict.lock, conflict.at
        view.saved_by = conflict.by
    elif key in overlay.faults:
        view.status, view.message = WRONG, overlay.faults[key]
    elif key in overlay.missing:
        view.status, view.message = MISSING, _("Chưa nhập.")
    return view


def row_view(state: RowState, layout: Layout, overlay: Overlay = NOTHING) -> RowView:
    """An element with its cells."""
    element = state.row.element
    return RowView(
        element=element.code,
        code=state.row.code,
        name=local(state.row.name),
        provenance=state.row.provenance,
        office=local(layout.offices[element.office_id]),
        office_id=element.office_id,
        cells=[cell_view(cell, state, layout, overlay) for cell in state.cells],
        norms=norm_lines(state, None, layout),
        outcomes=outcome_lines(state, layout),
        entered=state.entered,
        verdict=state.verdict,
        judgements={code: (j.outcome, j.by) for code, j in state.judgements.items()},
        evidence=evidence_views(state.evidence),
    )


def section_view(state: SectionState, layout: Layout, overlay: Overlay = NOTHING) -> SectionView:
    """A criterion with its elements."""
    rows = [row_view(row, layout, overlay) for row in state.rows]
    level = layout.sets[state.section.set_code].level
    return SectionView(
        key=state.section.key,
        number=state.section.number,
        name=local(state.section.name),
        level=level,
        entered=state.entered,
        total=state.total,
        returned=state.returned,
        rows=rows,
        wrong=sum(cell.status in (WRONG, CONFLICT) for row in rows for cell in row.cells),
    )


def level_groups(sections: Iterable[SectionView], layout: Layout) -> list[LevelGroup]:
    """The list of criteria, by the level that first asks for them."""
    groups: dict[str, LevelGroup] = {}
    words = {s.level: s for s in layout.sets.values()}
    for section in sections:
        group = groups.setdefault(
            section.level,
            LevelGroup(level_label(section.level, layout), local(words[section.level].level_name), []),
        )
        group.sections.append(section)
    return list(groups.values())


def sections_of(state: ReportState, overlay: Overlay = NOTHING) -> list[SectionView]:
    """All criteria of a report's page."""
    return [section_view(section, state.layout, overlay) for section in state.sections]


def live_row_views(live: LiveRows, overlay: Overlay = NOTHING) -> dict[str, RowView]:
    """The rows that a save redraws."""
    return {code: row_view(row, live.layout, overlay) for code, row in live.rows.items()}
