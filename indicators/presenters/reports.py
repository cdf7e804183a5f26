"""How a report's form looks: texts, marks and states of cells, rows and sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from indicators.models import ReportedValue
from indicators.presenters.evidence import evidence_views
from indicators.presenters.report_views import (
    CONFLICT,
    EMPTY,
    MISSING,
    NOTHING,
    SAVED,
    WRONG,
    CellView,
    LevelGroup,
    NormLine,
    OutcomeLine,
    Overlay,
    RowView,
    SectionView,
    VerdictView,
)
from indicators.presenters.words import language, level_label, local, past_text, stored_text, value_text
from indicators.rules.types import IndicatorOutcome, PartOutcome
from indicators.selectors.comments import ThreadMark
from indicators.selectors.entry import CellState, LiveRows, ReportState, RowState, SectionState
from indicators.selectors.layout import Layout, Name
from indicators.selectors.typed import CellKey, shown, token_of
from mongcai_portal.common.templatetags.portal import date_vi, time_vi

NO_THREADS: Mapping[str, ThreadMark] = {}


def norm_lines(row: RowState, part: str | None, layout: Layout) -> tuple[NormLine, ...]:
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
    return tuple(lines)


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


def derived_text(row: ReportedValue | None) -> str:
    """What a value is derived from and as of when, "" for a typed one. How many households it is, the register says."""
    if row is None or not row.derived_from:
        return ""
    words = {"day": date_vi(date.fromisoformat(row.basis["as_of"])), "standard": row.basis["standard"]}
    text = _("Tính từ sổ hộ ngày %(day)s theo chuẩn nghèo %(standard)s, không nhập tay.") % words
    return text + " " + _("Chỉ có từ 1 đến 4 hộ nên ghi mức tối đa.") if row.basis["at_most"] else text


def outcome_lines(row: RowState, layout: Layout) -> tuple[OutcomeLine, ...]:
    """The outcomes of an element, level by level."""
    return tuple(
        OutcomeLine(
            outcome.outcome,
            level_label(reader.criteria_set.level, layout),
            outcome.judged,
            outcome.unverified,
            reader.criteria_set.code,
            "undetermined" if outcome.judged else outcome.outcome,
        )
        for reader, outcome in row.outcomes
    )


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
        saved_at=time_vi(state.row.entered_at) if state.row else "",
        saved_by=state.row.entered_by if state.row else "",
        text=stored_text(state.row, definition.unit),
        derived=derived_text(state.row),
        previous=past_text(state.previous, definition.unit),
        past=tuple((p.period, past_text(p, definition.unit)) for p in state.past),
        norms=norm_lines(row, definition.part, layout) if definition.kind == "component" else (),
    )
    return _overlaid(view, key, overlay) if key in overlay.keys else view


def _overlaid(view: CellView, key: CellKey, overlay: Overlay) -> CellView:
    """The cell with what was typed into it and why it was not stored."""
    if key not in overlay.faults and key not in overlay.conflicts:
        return replace(view, status=MISSING, message=_("Chưa nhập."))
    view = replace(view, typed=overlay.typed.get(key, view.typed), token=overlay.tokens.get(key, view.token))
    if key not in overlay.conflicts:
        return replace(view, status=WRONG, message=overlay.faults[key])
    conflict = overlay.conflicts[key]
    return replace(
        view,
        status=CONFLICT,
        message=conflict.message,
        conflict_lock=conflict.lock,
        saved_at=time_vi(conflict.at),
        saved_by=conflict.by,
    )


def row_view(
    state: RowState, layout: Layout, overlay: Overlay = NOTHING, *, thread: ThreadMark | None = None
) -> RowView:
    """An element with its cells, and with what is said about it."""
    element, verdict = state.row.element, state.verdict
    return RowView(
        element=element.code,
        code=state.row.code,
        name=local(state.row.name),
        provenance=state.row.provenance,
        office=local(layout.offices[element.office_id]),
        office_id=element.office_id,
        cells=tuple(cell_view(cell, state, layout, overlay) for cell in state.cells),
        norms=norm_lines(state, None, layout),
        outcomes=outcome_lines(state, layout),
        entered=state.entered,
        verdict=VerdictView(verdict.state, verdict.reason, verdict.by, time_vi(verdict.at)) if verdict else None,
        judges=frozenset(judgement.by for judgement in state.judgements.values()),
        thread=thread,
        evidence=tuple(evidence_views(state.evidence)),
    )


def section_view(
    state: SectionState, layout: Layout, overlay: Overlay = NOTHING, *, threads: Mapping[str, ThreadMark] = NO_THREADS
) -> SectionView:
    """A criterion with its elements."""
    rows = [row_view(row, layout, overlay, thread=threads.get(row.row.element.code)) for row in state.rows]
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


def sections_of(
    state: ReportState, overlay: Overlay = NOTHING, *, threads: Mapping[str, ThreadMark] = NO_THREADS
) -> list[SectionView]:
    """All criteria of a report's page."""
    return [section_view(section, state.layout, overlay, threads=threads) for section in state.sections]


def live_row_views(live: LiveRows, overlay: Overlay = NOTHING) -> dict[str, RowView]:
    """The rows that a save redraws."""
    return {code: row_view(row, live.layout, overlay) for code, row in live.rows.items()}
