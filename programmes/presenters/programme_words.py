"""What the pages of programmes have in common: names, figures at the head, the rows of the capital table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from mongcai_portal.common.templatetags.portal import date_vi
from programmes.models import FundingSource
from programmes.presenters.money import Pace, Row, grouped, millions, pace, row, worst_mark
from programmes.presenters.text import language, name_of
from programmes.rules.budget import LineSum, Total, year_elapsed
from programmes.selectors.programmes import MoneyDay


def local(thing: object, stem: str) -> str:
    """A text of a row that has it in both languages."""
    first, second = ("en", "vi") if language() == "en" else ("vi", "en")
    return str(getattr(thing, f"{stem}_{first}", "") or getattr(thing, f"{stem}_{second}", ""))


@dataclass(frozen=True, slots=True)
class Card:
    """A figure at the head of a page."""

    label: str
    value: str
    unit: str
    foot: str
    pace: Pace | None = None
    mark: str = ""


def cards(sums: Total, when: MoneyDay) -> tuple[Card, ...]:
    """What may be spent, what is allocated, what is disbursed against time, what was mobilised."""
    mark, unit = worst_mark(sums.marks), _("triệu đồng")
    spending = pace(sums.rate, year_elapsed(when.year, when.day))
    carried = _("gồm %(amount)s kéo dài từ năm trước") % {"amount": millions(sums.carried_over)}
    return (
        Card(_("Được chi trong năm"), millions(sums.available), unit, carried if sums.carried_over else "", None, mark),
        Card(_("Đã phân bổ"), millions(sums.allocated), unit, "", None, mark),
        Card(
            _("Đã giải ngân"), millions(sums.disbursed), unit,
            _("%(time)s thời gian của năm đã qua") % {"time": spending.time_text}, spending, mark,
        ),
        Card(
            _("Đã huy động ngoài ngân sách"), millions(sums.mobilised), unit,
            _("kế hoạch %(amount)s") % {"amount": millions(sums.mobilised_planned)}, None, mark,
        ),
    )  # fmt: skip


def carried(when: MoneyDay) -> dict[str, object]:
    """What links between these pages carry along."""
    return {"year": when.year, "as_of": when.day if when.day != when.today else ""}


def term_text(first: date | None, last: date | None) -> str:
    return f"{first.year if first else '…'}–{last.year if last else '…'}"


def source_rows(lines: Sequence[LineSum], sources: Sequence[FundingSource], when: MoneyDay) -> tuple[Row, ...]:
    """The rows of the capital table, in its order; a row without money is left out once it has ended."""
    sums = grouped(lines, lambda line: line.source)
    return tuple(
        row(
            name_of(one), sums.get(one.pk, Total()), when,
            note=_("chỉ đến hết %(day)s") % {"day": date_vi(one.valid_to)} if one.valid_to else "",
        )
        for one in sources
        if one.pk in sums or one.valid_to is None or one.valid_to.year >= when.year
    )  # fmt: skip
