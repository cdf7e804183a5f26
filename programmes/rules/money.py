"""Amounts as people type them: whole đồng, read in a declared format and never guessed. Pure.

Money is larger than what `numbers.parse_decimal` reads, and a decimal mark in it means that the other format was typed.
"""

from __future__ import annotations

import re
from decimal import Decimal

from mongcai_portal.common.numbers import NumberFault, format_decimal

# 999 999 billion đồng: twice the whole programme of 2026-2030 for the whole country.
HIGHEST = 999_999_000_000_000
UNITS = (1, 1_000, 1_000_000, 1_000_000_000)
_VI = re.compile(r"(\d+|\d{1,3}(\.\d{3})+)(,\d+)?")
_EN = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_ODD_VI, _ODD_EN = re.compile(r"-?[1-9]\d{0,2},\d{3}"), re.compile(r"-?[1-9]\d{0,2}\.\d{3}")


def parse_money(text: str, language: str = "vi", unit: int = 1) -> int:
    """Return whole đồng of a text; `unit`: what the figures are counted in (1, a thousand, a million, a billion đồng).

    Raises:
        NumberFault: `not_a_number`; `wrong_format` with what the other format would give; `not_whole`: less than one
            đồng remains; `too_long`.
    """
    cleaned = re.sub(r"[\s\u00a0\u202f]", "", text).replace("\u2212", "-")
    cleaned = re.sub(r"(?i)(đồng|đ|vnd)$", "", cleaned)
    sign = -1 if cleaned.startswith("-") else 1
    body = cleaned[1:] if cleaned[:1] in "+-" else cleaned
    if not re.fullmatch(r"[\d.,]*\d[\d.,]*", body):
        raise NumberFault("not_a_number", text)
    whole = _plain(body, language)
    if whole is None or (unit == 1 and "." in whole):
        other = _plain(body, "vi" if language.startswith("en") else "en")
        fits = other is not None and not (unit == 1 and "." in other)
        code = "wrong_format" if fits or whole is None else "not_whole"
        meant = (format_decimal(Decimal(other), language, grouping=True),) if fits and other is not None else ()
        raise NumberFault(code, text, meant)
    return _bounded(sign * Decimal(whole) * unit, text)


def money_of(value: int | Decimal, unit: int = 1) -> int:
    """Return whole đồng of a true number.

    Raises:
        NumberFault: `not_whole`, `too_long`.
    """
    return _bounded(Decimal(value) * unit, format(Decimal(value), "f"))


def looks_like_other(text: str, language: str) -> bool:
    """Whether a text with decimals reads as a whole number in the other format: `1,234` declared Vietnamese.

    With amounts in millions it may be 1.234 million as written, or 1234: someone has to say that it is so.
    """
    return (_ODD_EN if language.startswith("en") else _ODD_VI).fullmatch(text.strip()) is not None


def _plain(body: str, language: str) -> str | None:
    """Return the digits with a point, or None when the text is not of the language's format."""
    english = language.startswith("en")
    if not (_EN if english else _VI).fullmatch(body):
        return None
    return body.replace(",", "") if english else body.replace(".", "").replace(",", ".")


def _bounded(value: Decimal, text: str) -> int:
    if value != value.to_integral_value():
        raise NumberFault("not_whole", text)
    if abs(value) > HIGHEST:
        raise NumberFault("too_long", text)
    return int(value)
