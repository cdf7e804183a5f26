"""The rows of the overview's small matrix, drawn once for each look and filled for each unit."""

from __future__ import annotations

from functools import cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from indicators.presenters.marks import marks_of, marks_text
from indicators.rules.marks import Marks
from mongcai_portal.common.links import link
from mongcai_portal.common.stencils import Stencil, slot
from mongcai_portal.common.templatetags.portal import outcome_label
from programmes.measures.facts import World
from programmes.presenters.text import namer
from programmes.selectors.criteria_cells import CriterionCell
from programmes.selectors.matrix import Matrix


def matrix_rows(world: World, matrix: Matrix) -> SafeString:
    """Draw the rows; every cell is a link to its reason, called by unit, criterion and outcome."""
    query = {"as_of": world.as_of, "level": matrix.level.code}
    unit_url = link("attainment_unit", "unit", **query).replace("/unit/", f"/{slot('uid')}/", 1)
    criterion = link("attainment_criterion", "unit", 0, **query)
    cell_url = criterion.replace("/unit/criteria/0/", f"/{slot('uid')}/criteria/{slot('number')}/", 1)
    heads = {
        (made_up, late): Stencil(
            "programmes/_matrix_row.html",
            {
                "url": unit_url,
                "late": late,
                "illustrative": Marks(illustrative=True) if made_up else None,
                **{name: slot(name) for name in ("name", "cells", "met", "total")},
            },
        )
        for made_up, late in {(row.illustrative, row.late) for row in matrix.rows}
    }
    looks: dict[tuple[str, Marks], Stencil] = {}
    named = namer()

    def look(outcome: str, marks: Marks) -> Stencil:
        if (outcome, marks) not in looks:
            context = {"outcome": outcome, "marks": marks, "url": cell_url}
            context |= {name: slot(name) for name in ("name", "called")}
            looks[outcome, marks] = Stencil("programmes/_matrix_cell.html", context)
        return looks[outcome, marks]

    @cache
    def told(one: CriterionCell) -> tuple[Stencil, str]:
        """How a criterion in this state looks, and what it is called: the same for all units."""
        marks = marks_of(one)
        said = f"{one.number}. {named(one)}: {outcome_label(one.outcome)}"
        return look(one.outcome, marks), escape(f"{said}, {marks_text(marks)}" if marks else said)

    def cell(one: CriterionCell, values: dict[str, object]) -> str:
        stencil, called = told(one)
        return stencil.fill({**values, "number": one.number, "called": called})

    rows = []
    for row in matrix.rows:
        values: dict[str, object] = {"uid": row.place.uid, "name": escape(named(row.place))}
        cells = "".join(cell(one, values) for one in row.cells)
        rows.append(
            heads[row.illustrative, row.late].fill({**values, "cells": cells, "met": row.met, "total": row.total})
        )
    return mark_safe("".join(rows))
