"""The rows of a report's form drawn: a template once for each look of a row, filled for every row that has it.

A form has over a hundred rows, each with its cells, its help and its place for files; drawn one by one they took a
web process a third of a second. Most differ only in words: what the element is called, its norms, what was typed, when
and by whom, what stood there in earlier periods. These are the slots. Everything else is the look, compared by value,
so that a row is never shown with what belongs to another. What is rare is drawn as it is: files, remarks, cells that
could not be stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from indicators.models import Report
from indicators.presenters.evidence import limits
from indicators.presenters.report_views import EMPTY, SAVED, CellView, NormLine, RowView
from indicators.presenters.words import language
from mongcai_portal.common.stencils import Stencil, number_slot, slot

TEMPLATE = "indicators/_entry_row.html"
LOOKS = 1024  # kept by a process; a form of 120 rows has some dozens
CHOSEN = ("boolean", "choice")  # what is typed is one of a few, and the template asks which
_ELEMENT = str(number_slot("element"))


@dataclass(frozen=True, slots=True)
class _Blank:
    """The report of a look: any."""

    pk: int


@dataclass(frozen=True, slots=True)
class _Look:
    """All that decides how a row is drawn, but for its slots."""

    row: RowView
    editable: bool
    language: str
    limits: tuple[tuple[str, Any], ...]


class _Opened:
    """A row with slots in place of its texts, and the texts."""

    def __init__(self, row: RowView) -> None:
        self.values: dict[str, Any] = {"element": row.element}
        verdict = row.verdict
        if verdict is not None:
            verdict = replace(
                verdict,
                reason=self._open("reason", verdict.reason),
                by=self._open("by", verdict.by),
                at=self._open("at", verdict.at),
            )
        self.row = replace(
            row,
            # It stands in addresses, where only a number passes as it is.
            element=_ELEMENT,
            code=self._open("code", row.code),
            name=self._open("name", row.name),
            office=self._open("office", row.office),
            office_id=0,
            norms=self._norms("norm", row.norms),
            verdict=verdict,
            cells=tuple(self._cell(n, cell) for n, cell in enumerate(row.cells)),
        )

    def _open(self, name: str, text: str) -> str:
        """Return a slot for the text; an empty one stays, since the template asks for it."""
        if not text:
            return ""
        self.values[name] = escape(text)
        return slot(name)

    def _norms(self, name: str, lines: tuple[NormLine, ...]) -> tuple[NormLine, ...]:
        return tuple(
            replace(
                line,
                text=self._open(f"{name}_text{n}", line.text),
                decision=self._open(f"{name}_decision{n}", line.decision),
            )
            for n, line in enumerate(lines)
        )

    def _cell(self, n: int, cell: CellView) -> CellView:
        typed = cell.typed
        return replace(
            cell,
            element=_ELEMENT,
            definition=replace(cell.definition, name_vi="", name_en=""),
            label=self._open(f"label{n}", cell.label),
            norms=self._norms(f"norm{n}", cell.norms),
            token=self._open(f"token{n}", cell.token),
            typed=replace(
                typed,
                raw=typed.raw if cell.kind in CHOSEN else self._open(f"raw{n}", typed.raw),
                reason=self._open(f"reason{n}", typed.reason),
                note=self._open(f"note{n}", typed.note),
            ),
            text=self._open(f"text{n}", cell.text),
            derived=self._open(f"derived{n}", cell.derived),
            previous=self._open(f"previous{n}", cell.previous),
            past=tuple(
                (self._open(f"period{n}_{at}", period), self._open(f"past{n}_{at}", text))
                for at, (period, text) in enumerate(cell.past)
            ),
            saved_by=self._open(f"saved_by{n}", cell.saved_by),
            saved_at=self._open(f"saved_at{n}", cell.saved_at),
        )


def drawn_rows(rows: Iterable[RowView], report: Report, *, editable: bool) -> SafeString:
    """The rows as the form shows them, one after the other."""
    told = tuple(limits().items())
    return mark_safe("\n".join(_drawn(row, report, editable, told) for row in rows))


def _drawn(row: RowView, report: Report, editable: bool, told: tuple[tuple[str, Any], ...]) -> str:
    if row.thread or row.evidence or any(cell.status not in (EMPTY, SAVED) for cell in row.cells):
        return render_to_string(TEMPLATE, {"row": row, "report": report, "editable": editable, **dict(told)})
    opened = _Opened(row)
    return _stencil(_Look(opened.row, editable, language(), told)).fill({"report": report.pk, **opened.values})


@lru_cache(maxsize=LOOKS)
def _stencil(look: _Look) -> Stencil:
    blank = _Blank(number_slot("report"))
    return Stencil(TEMPLATE, {"row": look.row, "report": blank, "editable": look.editable, **dict(look.limits)})
