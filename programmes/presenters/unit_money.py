"""Money on the page of a unit."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mongcai_portal.common.links import link
from programmes.presenters.money import Rows, grouped, row, rows_of
from programmes.presenters.programme_words import carried, local
from programmes.rules.budget import by_programme, total, year_elapsed
from programmes.selectors.programmes import UnitMoney


@dataclass(frozen=True, slots=True)
class UnitMoneyView:
    """Money on the page of a unit."""

    year: int
    table: Rows
    years: Rows
    lines_url: str
    empty: bool


def unit_money_view(money: UnitMoney, uid: str) -> UnitMoneyView:
    when = money.when
    lines = [line for line in money.lines if line.year == when.year]
    sums, yearly = by_programme(lines), grouped(money.lines, lambda line: line.year)
    everything = total(lines)
    return UnitMoneyView(
        year=when.year,
        table=rows_of(
            (
                row(local(one, "short"), sums[code], when, url=link("programme", code, **carried(when)))
                for code, one in money.programmes.items()
                if code in sums
            ),
            row(_("Tổng cộng (không tính trùng)"), everything, when),
        ),
        years=rows_of(
            row(str(year), yearly[year], when, time=year_elapsed(year, when.day))
            for year in sorted(yearly, reverse=True)
        ),
        lines_url=link("budget_lines", unit=uid, **carried(when)),
        empty=not money.lines,
    )
