"""A cell's explanation as the side panel and its page read it: the rule run again, beside what is stored and was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from indicators.models import ReportedValue
from indicators.presenters.attainment_table import ARROWS, turn_word
from indicators.presenters.criterion import Basis, CriterionRow, IndicatorRow, below_urls, criterion_row, name_of
from indicators.presenters.marks import marks_of
from indicators.presenters.words import period_label, stored_text, unit_text
from indicators.rules.marks import NO_MARKS, Marks
from indicators.rules.turning import SAME, turn
from indicators.selectors.attainment_cell import CellPage, Difference, PastResult
from indicators.selectors.definitions import elements_for
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi, outcome_label


@dataclass(frozen=True, slots=True)
class Then:
    """The criterion on the date compared with."""

    day: str
    period: str
    outcome: str
    turn: str
    arrow: str
    turn_word: str
    values: dict[str, tuple[str, str, Marks]]  # by indicator code: value, outcome, and what it rests on
    marks: Marks


@dataclass(frozen=True, slots=True)
class PastRow:
    """An indicator in one period."""

    period: str
    value: str
    outcome: str
    current: bool
    marks: Marks


@dataclass(frozen=True, slots=True)
class CellView:
    """One criterion of one unit: `row` is None when there is no approved report by the day."""

    unit: str
    level: str
    level_code: str
    decision: str
    number: int
    name: str
    period: str
    row: CriterionRow | None
    differences: tuple[str, ...]
    pending: bool
    computed_at: datetime | None
    then: Then | None
    indicator: IndicatorRow | None
    past: tuple[PastRow, ...]
    key: str
    page_url: str
    unit_url: str
    matrix_url: str
    indicator_urls: dict[str, str]


def cell_view(cell: CellPage) -> CellView:
    """Arrange a cell."""
    page, chosen = cell.page, cell.page.chosen
    explanation = page.explanation
    basis = Basis(explanation, page.elements, page.judgements, below_urls(page)) if explanation else None
    row = criterion_row(cell.found, basis) if cell.found and basis else None
    level = chosen.level.code if chosen else ""
    asked = {"as_of": page.day, "level": level, "compare": cell.compare}
    key = f"{page.unit.uid}.{cell.criterion.number}"
    code = cell.indicator.spec.code if cell.indicator else ""
    return CellView(
        unit=name_of(page.unit),
        level=name_of(chosen.level) if chosen else "",
        level_code=level,
        decision=chosen.decision if chosen else "",
        number=cell.criterion.number,
        name=name_of(cell.criterion),
        period=period_label(explanation.period.code) if explanation else "",
        row=row,
        differences=tuple(_difference(one) for one in cell.differences),
        pending=page.pending,
        computed_at=explanation.stored.computed_at if explanation and explanation.stored else None,
        then=_then(cell),
        indicator=next((i for i in row.indicators if i.code == code), None) if row and code else None,
        past=tuple(_past(one, cell) for one in cell.past),
        key=key,
        page_url=link("attainment_criterion", page.unit.uid, cell.criterion.number, **asked),
        unit_url=link("attainment_unit", page.unit.uid, as_of=page.day, level=level),
        matrix_url=link("attainment", **asked, cell=key),
        indicator_urls={
            i.code: link("attainment_indicator", page.unit.uid, i.code, **asked)
            for i in (row.indicators if row else ())
        },
    )


def _difference(found: Difference) -> str:
    """What is stored and what the rules say now, in one line."""
    words = {
        "what": _("Chỉ tiêu %(code)s") % {"code": found.code} if found.code else _("Tiêu chí"),
        "stored": outcome_label(found.stored).lower() if found.stored else _("chưa lưu"),
        "computed": outcome_label(found.computed).lower(),
    }
    return _("%(what)s: đã lưu “%(stored)s”, tính lại “%(computed)s”") % words


def _then(cell: CellPage) -> Then | None:
    """The same criterion on the other date; the values stand beside today's."""
    if cell.compare is None:
        return None
    earlier, found = cell.earlier, cell.found_earlier
    before = found.outcome if found else None
    turned = turn(before, cell.found.outcome if cell.found else None)
    values: dict[str, tuple[str, str, Marks]] = {}
    made_up = earlier is not None and earlier.report.illustrative
    if earlier is not None and found is not None:
        elements = {e.code: e for e in elements_for(earlier.period)}
        rows = criterion_row(found, Basis(earlier, elements, {})).indicators
        values = {row.code: (row.value, row.outcome, marks_of(row, illustrative=made_up)) for row in rows}
    return Then(
        day=date_vi(cell.compare),
        period=period_label(earlier.period.code) if earlier else "",
        outcome=before or "",
        turn=turned,
        arrow=ARROWS.get(turned, ""),
        turn_word=turn_word(turned) if turned != SAME else turn_word(SAME),
        values=values,
        marks=marks_of(found, illustrative=made_up) if found else NO_MARKS,
    )


def _past(found: PastResult, cell: CellPage) -> PastRow:
    unit = found.result.version.unit
    element = cell.page.elements.get(cell.indicator.spec.element) if cell.indicator else None
    names = {c.part: c for c in element.cells} if element else {}
    explanation = cell.page.explanation
    return PastRow(
        period=period_label(found.period.code),
        value="; ".join(_part_text(row, names, unit) for row in found.values) or "…",
        outcome=found.result.outcome,
        current=explanation is not None and explanation.period.pk == found.period.pk,
        marks=marks_of(found.result),
    )


def _part_text(row: ReportedValue, names: dict[str, object], unit: str) -> str:
    part = names.get(row.part)
    own = getattr(part, "unit", "") or unit
    text = stored_text(row, own)
    shown = unit_text(own)
    if row.number is not None and shown and shown != "%":
        text = f"{text} {shown}"
    return f"{name_of(part)}: {text}" if row.part and part else text
