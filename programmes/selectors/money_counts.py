"""Money of the phase's years as it stood on a day, as calculators read it."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Max, Q, Sum

from mongcai_portal.common.models import Provenance
from programmes.measures.register_facts import MoneyFact, MoneyLine
from programmes.models import BudgetEntry
from programmes.rules.budget import KINDS, LineSum
from programmes.selectors.ocop_counts import Places

# What a programme's money is asked for by: the line's own columns, which name every programme that it serves.
_LINE = (
    "line_id", "line__programme__code", "line__shared_with", "line__component_id", "line__unit_id", "line__year",
    "line__source_id", "line__mobilised",
)  # fmt: skip
_MARKS = (Provenance.ILLUSTRATIVE, Provenance.UNVERIFIED)


def money_fact(day: date, first_year: int, places: Places) -> MoneyFact | None:
    """Return the lines of years up to the day's with what was entered by the day; None where there is none: one query.

    Of a year that is over only what was entered by its last day counts: that is how it stood then. `places` says where
    a line lies whose unit is none of the day's; it may ask one query.
    """
    years = range(min(first_year, day.year), day.year + 1)
    by_then = Q()
    for year in years:
        by_then |= Q(line__year=year, on__lte=min(day, date(year, 12, 31)))
    rows = (
        BudgetEntry.objects.filter(by_then)
        .order_by()
        .values_list(*_LINE)
        .annotate(
            **{kind: Sum("amount", filter=Q(kind=kind), default=0) for kind in KINDS},
            **{f"n_{mark}": Count("pk", filter=Q(provenance=mark)) for mark in _MARKS},
            written=Max("at"),
        )
    )
    lines = []
    for pk, code, shared, component, unit, year, source, mobilised, *amounts, illustrative, unverified, at in rows:
        mark = _MARKS[0] if illustrative else _MARKS[1] if unverified else Provenance.SOURCED
        serves = (code, *shared.split("+")) if shared else (code,)
        found = LineSum(pk, serves, component, unit, year, source, mobilised, *amounts, str(mark.value))
        lines.append(MoneyLine(found, places.of(unit), at))
    return MoneyFact(tuple(sorted(lines, key=lambda one: one.line.id))) if lines else None
