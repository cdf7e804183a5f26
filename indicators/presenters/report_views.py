"""The parts of a report's form as its pages show them: levels, sections, rows, cells, their norms and outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indicators.models import Verdict
from indicators.presenters.evidence import EvidenceView
from indicators.presenters.marks import marks_of
from indicators.presenters.words import scale_word, unit_text
from indicators.rules.marks import Marks, together
from indicators.selectors.comments import ThreadMark
from indicators.selectors.definitions import CellDef
from indicators.selectors.typed import CellKey, Typed
from indicators.services.values import CellConflict

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


@dataclass(frozen=True, slots=True)
class VerdictView:
    """What the office said of an element last, by whom and when (as read)."""

    state: str
    reason: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of the page; times are texts, as read."""

    element: str
    definition: CellDef
    label: str
    typed: Typed
    token: str
    status: str
    message: str = ""
    saved_at: str = ""
    saved_by: str = ""
    text: str = ""
    previous: str = ""
    past: tuple[tuple[str, str], ...] = ()
    norms: tuple[NormLine, ...] = ()
    conflict_lock: int = 0
    derived: str = ""  # by what, where it is not typed

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


@dataclass(frozen=True, slots=True)
class RowView:
    """An element of the page."""

    element: str
    code: str
    name: str
    provenance: str
    office: str
    office_id: int
    cells: tuple[CellView, ...]
    norms: tuple[NormLine, ...]
    outcomes: tuple[OutcomeLine, ...]
    entered: int
    verdict: VerdictView | None
    judges: frozenset[str]  # who judged it at some level
    thread: ThreadMark | None
    evidence: tuple[EvidenceView, ...]

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
        return ", ".join(sorted(self.judges))


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
    drawn: str = ""  # the rows as the form shows them

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
