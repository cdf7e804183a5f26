"""The changes between two days as tables: from which class to which, and the balance of each class."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from communes.presenters.flow_words import cause_word, side_short, side_word
from communes.rules.poverty.report_tables import CAME, LEFT
from communes.selectors.poverty_changes import COUNTED, SIDES, Balance, Changes
from communes.selectors.poverty_tables.changes import account_cells
from mongcai_portal.common.templatetags.portal import date_vi, number


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """What became of a class: by the class of the later day; None where nobody looks, "…" where it is not published."""

    name: str
    cells: tuple[str | None, ...]
    opening: str


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a balance: `sign` "", "+", "−" or "="."""

    sign: str
    name: str
    number: str
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class BalanceView:
    """The balance of a class, line by line; noughts are left out."""

    name: str
    steps: tuple[Step, ...]


def matrix_heads() -> list[str]:
    return [side_short(status) for status in SIDES]


def matrix_rows(found: Changes) -> list[MatrixRow]:
    """A line for each class of the first day, then the closing balances."""
    opening = {one.status: one.opening for one in found.balances}
    closing = {one.status: one.closing for one in found.balances}
    rows = [
        MatrixRow(
            _first_up(side_word(before)),
            tuple(_told(found, (before, after)) for after in SIDES),
            str(number(opening[before])) if before in opening else "",
        )
        for before in SIDES
    ]
    last = tuple(str(number(closing[after])) if after in closing else "" for after in SIDES)
    rows.append(MatrixRow(_("Cuối kỳ %(day)s") % {"day": date_vi(found.closing)}, last, ""))
    return rows


def _told(found: Changes, pair: tuple[str, str]) -> str | None:
    if pair not in found.numbers:
        return None
    value = found.numbers[pair]
    return "…" if value is None else str(number(value))


def balance_views(found: Changes) -> list[BalanceView]:
    """The balance of poor and of near poor: by cause for who looks after the households, by class for others."""
    return [
        BalanceView(
            _first_up(side_word(balance.status)),
            (
                Step("", _("Đầu kỳ %(day)s") % {"day": date_vi(found.opening)}, str(number(balance.opening))),
                *(_by_cause(found, balance.status) if found.accounts else _by_class(balance)),
                Step("=", _("Cuối kỳ %(day)s") % {"day": date_vi(found.closing)}, str(number(balance.closing))),
            ),
        )
        for balance in found.balances
        if balance.status in COUNTED
    ]


def _by_cause(found: Changes, status: str) -> list[Step]:
    cells = account_cells(status, found.accounts[status])
    steps = []
    for side, sign, causes in (("left", "−", LEFT[status]), ("came", "+", CAME[status])):
        for cause in causes:
            if cells[f"{side}_{cause}"]:
                name = cause_word(cause, status, leaves=side == "left")
                steps.append(Step(sign, name, str(number(cells[f"{side}_{cause}"]))))
    return steps


def _by_class(balance: Balance) -> list[Step]:
    steps = []
    for sign, parts, words in (("−", balance.left, _("sang %(class)s")), ("+", balance.came, _("từ %(class)s"))):
        for other, value in parts.items():
            if value != 0:
                shown = "…" if value is None else str(number(value))
                steps.append(Step(sign, words % {"class": side_word(other)}, shown, value is None))
    return steps


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
