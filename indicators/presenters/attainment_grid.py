"""The rows of the matrix drawn: a template once for each look of a row and of a cell, filled for every unit."""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.presenters.attainment_table import ARROWS, Column, MatrixRow, MatrixView, turn_word
from indicators.presenters.marks import mark_words, marks_of
from indicators.rules.marks import NO_MARKS, Marks
from indicators.rules.turning import SAME
from indicators.rules.types import OUTCOMES
from indicators.selectors.attainment import StoredCriterion
from indicators.selectors.attainment_table import Table
from mongcai_portal.common.links import link
from mongcai_portal.common.stencils import Stencil, slot
from mongcai_portal.common.templatetags.portal import date_vi, outcome_glyph, outcome_label

# What a cell is called is put together from the texts that stand on the page once: the unit's name, the criterion's,
# and these words; `aria-labelledby` names them by their ids.
Word = tuple[str, str]

# Units told in words below the matrix: a browser takes long over thousands of lines, and nobody reads them.
TURNS_IN_WORDS = 30


class Grid:
    """The matrix as its page draws it; every property is asked for once."""

    def __init__(self, table: Table, view: MatrixView) -> None:
        self.table, self.view = table, view
        self._query: dict[str, Any] = {"as_of": table.day, "level": view.level_code}
        self._cells: dict[tuple[StoredCriterion | None, StoredCriterion | None, str], Stencil] = {}
        self._rows: dict[tuple[Any, ...], Stencil] = {}
        self._lines: dict[tuple[Any, ...], Stencil] = {}

    @property
    def words(self) -> tuple[Word, ...]:
        """The words that cells are called by, with their ids."""
        every = Marks(unverified=True, judged=True, illustrative=True)
        found = [*((f"w-{code}", outcome_label(code)) for code in OUTCOMES), ("w-none", _("chưa có kết quả"))]
        found += [(f"w-{mark.code}", mark.word) for mark in mark_words(every)]
        if self.table.compare is not None:
            found.append(("w-then", f"{date_vi(self.table.compare)}:"))
            found += [(f"w-{code}", turn_word(code)) for code in (*ARROWS, SAME)]
        return tuple(found)

    @property
    def rows(self) -> SafeString:
        """Every row that is shown."""
        return mark_safe("\n".join(self._row(at, row) for at, row in enumerate(self.view.rows)))

    def _row(self, at: int, row: MatrixRow) -> str:
        act = row.act
        key = (
            row.outcome,
            row.period,
            row.marks,
            row.late,
            row.differs,
            row.then_total is None,
            row.act_level,
            *(act or ())[1:],
        )
        if key not in self._rows:
            open_slots = {name: slot(name) for name in ("row", "name", "met", "total", "then_met", "then_total")}
            self._rows[key] = Stencil(
                "indicators/_mx_row.html",
                {
                    "look": row,
                    "compare": self.table.compare if row.then_total is not None else None,
                    "url": self._unit_url(),
                    "cells": slot("cells"),
                    **open_slots,
                },
            )
        values = {
            "row": at,
            "uid": row.uid,
            "name": escape(row.name),
            "met": row.met,
            "total": row.total,
            "then_met": row.then_met,
            "then_total": row.then_total,
        }
        return self._rows[key].fill({**values, "cells": self._cells_of(row, values)})

    def _cells_of(self, row: MatrixRow, values: dict[str, Any]) -> str:
        now, then = row.source.criteria, row.source.criteria_then
        drawn = []
        for column in self.view.columns:
            values["number"] = number = column.number
            turn = row.source.turned(number) if then is not None else ""
            key = (now.get(number), then.get(number) if then is not None else None, turn)
            stencil = self._cells.get(key)
            if stencil is None:
                stencil = self._cells[key] = self._cell(*key)
            drawn.append(stencil.fill(values))
        return "".join(drawn)

    def _cell(self, now: StoredCriterion | None, then: StoredCriterion | None, turn: str) -> Stencil:
        marks = marks_of(now) if now else NO_MARKS
        called = [f"w-{now.outcome if now else 'none'}", *(f"w-{mark.code}" for mark in mark_words(marks))]
        if turn:
            called += ["w-then", f"w-{then.outcome if then else 'none'}", f"w-{turn}"]
        return Stencil(
            "indicators/_mx_cell.html",
            {
                "outcome": now.outcome if now else "",
                "glyph": outcome_glyph(now.outcome) if now else "",
                "marks": marks,
                "turn": turn,
                "turned": turn not in ("", SAME),
                "arrow": ARROWS.get(turn, ""),
                "url": self._cell_url(),
                "row": slot("row"),
                "number": slot("number"),
                "called": " ".join(called),
            },
        )

    @property
    def turns(self) -> SafeString:
        """What turned, unit by unit; of very many units the first."""
        names = {column.number: column for column in self.view.columns}
        return mark_safe("\n".join(self._turns_of(row, names) for row in self._turned()[:TURNS_IN_WORDS]))

    @property
    def turns_left(self) -> str:
        """How many units turned that are not told in words; "" when all are."""
        left = len(self._turned()) - TURNS_IN_WORDS
        if left <= 0:
            return ""
        return ngettext(
            "Còn %(n)s xã có thay đổi: xem mũi tên trong bảng trên, hoặc tải Excel để có từng dòng.",
            "Còn %(n)s xã có thay đổi: xem mũi tên trong bảng trên, hoặc tải Excel để có từng dòng.",
            left,
        ) % {"n": left}

    def _turned(self) -> list[MatrixRow]:
        return [row for row in self.view.rows if row.turns]

    def _turns_of(self, row: MatrixRow, names: dict[int, Column]) -> str:
        now, then = row.source.criteria, row.source.criteria_then or {}
        values = {"uid": row.uid, "name": escape(row.name)}
        lines = []
        for number, turn in row.turns:
            before, after = then.get(number), now.get(number)
            key = (turn, before.outcome if before else "", after.outcome if after else "")
            if key not in self._lines:
                nothing = _("chưa có kết quả")
                self._lines[key] = Stencil(
                    "indicators/_mx_turn.html",
                    {
                        "turn": turn,
                        "arrow": ARROWS[turn],
                        "turn_word": turn_word(turn),
                        "then": outcome_label(key[1]) if before else nothing,
                        "now": outcome_label(key[2]) if after else nothing,
                        "url": self._cell_url(),
                        "uid": slot("uid"),
                        "number": slot("number"),
                        "criterion": slot("criterion"),
                    },
                )
            lines.append(self._lines[key].fill({**values, "number": number, "criterion": escape(names[number].name)}))
        if ("unit",) not in self._lines:
            context = {"url": self._unit_url(), "name": slot("name"), "lines": slot("lines")}
            self._lines["unit",] = Stencil("indicators/_mx_turns.html", context)
        return self._lines["unit",].fill({**values, "lines": "".join(lines)})

    def _unit_url(self) -> str:
        return link("attainment_unit", "unit", **self._query).replace("/unit/", f"/{slot('uid')}/", 1)

    def _cell_url(self) -> str:
        address = link("attainment_criterion", "unit", 0, **self._query, compare=self.table.compare)
        return address.replace("/unit/criteria/0/", f"/{slot('uid')}/criteria/{slot('number')}/", 1)
