"""Numbers as people type and read them: decimal comma in Vietnamese, decimal point in English.

A number format is declared by the reader's language and never guessed: a text that could mean two numbers
(`76.611`) is refused with both readings, since the city's own print shows how that goes wrong.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

MAX_DIGITS = 15
MAX_DECIMALS = 4


class NumberFault(ValueError):
    """Why a typed number was refused; `code` is stable, `suggestions` are texts the reader may have meant."""

    def __init__(self, code: str, text: str, suggestions: tuple[str, ...] = ()) -> None:
        self.code = code  # not_a_number | wrong_format | ambiguous | too_long
        self.text = text
        self.suggestions = suggestions
        super().__init__(f"{code}: {text}")


def _separators(language: str) -> tuple[str, str]:
    """Return (decimal, thousands) marks of a language."""
    return (".", ",") if language.startswith("en") else (",", ".")


def parse_decimal(text: str, language: str = "vi") -> Decimal:
    """Read a typed number in the format of the language; spaces and a trailing `%` are ignored.

    Raises:
        NumberFault: letters, another language's format, two possible readings, or more than 15 digits / 4 decimals.
    """
    cleaned = re.sub(r"[\s\u00a0\u202f]", "", text).removesuffix("%").replace("\u2212", "-")
    decimal, thousands = _separators(language)
    sign = -1 if cleaned.startswith("-") else 1
    body = cleaned[1:] if cleaned[:1] in "+-" else cleaned
    if not re.fullmatch(r"[\d.,]*\d[\d.,]*", body):
        raise NumberFault("not_a_number", text)
    d, t = re.escape(decimal), re.escape(thousands)
    if re.fullmatch(rf"\d{{1,3}}{t}\d{{3}}", body) and not body.startswith("0"):
        whole, fraction = body.split(thousands)
        raise NumberFault("ambiguous", text, (whole + fraction, whole + decimal + fraction))
    if not re.fullmatch(rf"(\d+|\d{{1,3}}({t}\d{{3}})+)({d}\d+)?", body):
        raise NumberFault("wrong_format", text, _suggest(body, language))
    plain = body.replace(thousands, "").replace(decimal, ".")
    return sign * _bounded(plain, text)


def _bounded(plain: str, text: str) -> Decimal:
    try:
        value = Decimal(plain)
    except InvalidOperation as error:  # pragma: no cover - the pattern admits digits only
        raise NumberFault("not_a_number", text) from error
    whole, _, fraction = plain.partition(".")
    if len(whole.lstrip("0")) > MAX_DIGITS - MAX_DECIMALS or len(fraction.rstrip("0")) > MAX_DECIMALS:
        raise NumberFault("too_long", text)
    return value


def _suggest(body: str, language: str) -> tuple[str, ...]:
    """Read the text in the other language's format and write it in this one's, when that gives a number."""
    other = "vi" if language.startswith("en") else "en"
    other_decimal, other_thousands = _separators(other)
    d, t = re.escape(other_decimal), re.escape(other_thousands)
    if not re.fullmatch(rf"(\d+|\d{{1,3}}({t}\d{{3}})+)({d}\d+)?", body):
        return ()
    value = Decimal(body.replace(other_thousands, "").replace(other_decimal, "."))
    return (format_decimal(value, language),)


def parse_plain(text: str) -> Decimal:
    """Read a decimal string of the API: an optional sign, digits, an optional point.

    Raises:
        NumberFault: anything else, or more than 15 digits / 4 decimals.
    """
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise NumberFault("not_a_number", text)
    return (-1 if text.startswith("-") else 1) * _bounded(text.lstrip("-"), text)


def plain(value: Decimal) -> str:
    """Write a decimal without exponent or trailing zeros: `Decimal("40.0000")` becomes `40`."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def round_half_up(value: Decimal, places: int = 1) -> Decimal:
    """Round for display only; comparisons use the unrounded value."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_decimal(
    value: Decimal | int, language: str = "vi", *, grouping: bool = False, places: int | None = None
) -> str:
    """Write a number in the language's form; `places` rounds half up, otherwise no digit is lost."""
    number = Decimal(value)
    text = format(round_half_up(number, places), "f") if places is not None else plain(number)
    decimal, thousands = _separators(language)
    sign, body = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, fraction = body.partition(".")
    if grouping:
        whole = f"{int(whole):,}".replace(",", thousands)
    return sign + whole + (decimal + fraction if fraction else "")


def percentage(numerator: int, denominator: int) -> Decimal | None:
    """Return the ratio as a percentage, half up to one decimal; None when the denominator is 0."""
    if denominator == 0:
        return None
    return round_half_up(Decimal(numerator) * 100 / Decimal(denominator), 1)
