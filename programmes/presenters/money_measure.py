"""The money behind a figure as the measure's page shows it: its amounts, by source and by unit, and the texts."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.presenters.words import unit_title
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.measures.explained import Explanation, LegalFact, MoneyPart
from programmes.measures.facts import HOME_AREA
from programmes.measures.money import ALLOCATED, DISBURSED, code_of
from programmes.presenters.money import Row, Rows, row, rows_of, whole_dong
from programmes.presenters.programme_words import carried
from programmes.presenters.text import name_of
from programmes.selectors.programmes import MoneyDay


@dataclass(frozen=True, slots=True)
class MoneyView:
    """Amounts to the đồng, the lines by source and by unit in million đồng, and where each line stands."""

    title: str
    facts: tuple[tuple[str, str, str], ...]
    sources: Rows
    units: Rows
    legal: tuple[LegalFact, ...]
    lines: int
    lines_url: str
    programme_url: str


def money_view(found: Explanation) -> MoneyView | None:
    """Arrange the money behind a figure; None for other figures."""
    parts, value = found.money, found.value
    if parts is None:
        return None
    when = MoneyDay(parts.year, value.as_of, (), timezone.localdate())
    closing = row(_("Tổng cộng (không tính trùng)"), parts.total, when)
    unit = value.area if value.area != HOME_AREA else ""
    asked = carried(when)
    words = {"year": parts.year, "day": date_vi(value.as_of)}
    return MoneyView(
        title=_("Các dòng vốn năm %(year)s, đến hết %(day)s") % words,
        facts=_facts(found),
        sources=rows_of((row(name_of(one), one.total, when) for one in parts.by_source), closing),
        units=rows_of((_unit(one, found, when) for one in parts.by_unit), closing),
        legal=parts.legal,
        lines=parts.total.lines,
        lines_url=link("budget_lines", programme=found.programme, unit=unit, **asked),
        programme_url=(
            link("programme", found.programme, **asked) if found.programme else link("programme_list", **asked)
        ),
    )


def _facts(found: Explanation) -> tuple[tuple[str, str, str], ...]:
    """What the figure itself adds up, whoever reads it, and where the amounts are measures of their own."""
    value = found.value
    if value.money is None:
        return ()
    sums = value.money.total
    rows = (
        (_("Kế hoạch giao"), sums.planned, ""), (_("Kế hoạch năm trước kéo dài"), sums.carried_over, ""),
        (_("Được chi trong năm"), sums.available, ""), (_("Đã phân bổ"), sums.allocated, ALLOCATED),
        (_("Đã giải ngân"), sums.disbursed, DISBURSED), (_("Trong đó dùng chung"), sums.shared, ""),
    )  # fmt: skip
    unit = value.area if value.area != HOME_AREA else ""
    return tuple(
        (
            name,
            _("%(amount)s đồng") % {"amount": whole_dong(amount)},
            link("measure", code_of(found.programme, what), as_of=value.as_of, unit=unit) if what else "",
        )
        for name, amount, what in rows
    )


def _unit(one: MoneyPart, found: Explanation, when: MoneyDay) -> Row:
    url = link("budget_lines", programme=found.programme, unit=one.code, **carried(when))
    return row(unit_title(one, one.kind), one.total, when, url=url)
