"""Reading one cell by what was declared of the file: a value, or why it is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from communes.rules.families import DAY as WHOLE_DAY
from communes.rules.families import MONTH as WHOLE_MONTH
from communes.rules.families import YEAR as WHOLE_YEAR
from communes.rules.families import code_holds_identity, holds_identity, is_identity, plain_identity
from communes.rules.poverty.survey import HIGHEST_INCOME
from communes.rules.register_files.layout import DMY, MDY, MONTH, ORDERS, SERIAL, TRUE_DATE, YEAR, YMD, Layout
from communes.rules.register_files.words import code_of, yes_or_no
from mongcai_portal.common.grids import OddCell, Value
from mongcai_portal.common.numbers import NumberFault, parse_decimal
from mongcai_portal.common.text import nfc

_PARTS = re.compile(r"(\d{1,4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,4})")
_MONTH = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{4})")
# The days that Excel numbers with five digits: from 18/05/1927 to 31/12/2099. Fewer digits are a year.
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_050
_DAY_ZERO = date(1899, 12, 30)
# What might be an identity number, whatever column it came into: it is never repeated.
_NUMBER = re.compile(r"\d(?:[\s.\-]?\d){8,}")

Raw = Value | None


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a cell cannot be read: a stable code, and what its words need."""

    code: str
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth as a file gives it; `day` is the first of its month or year where no more is known."""

    day: date
    precision: str
    true_date: bool = False


def text_of(raw: Raw) -> str:
    """Return what stands in a cell as text, composed, with single blanks; a whole number without its point."""
    if raw is None or isinstance(raw, OddCell):
        return ""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    return " ".join(nfc(str(raw)).replace("\u200b", "").split())


def shown(raw: Raw) -> str:
    """Return what a cell says as a list of faults may repeat it: without anything that could be an identity number."""
    return _NUMBER.sub("•••", text_of(raw) or (raw.text if isinstance(raw, OddCell) else ""))[:80]


def shown_code(raw: Raw) -> str:
    """Return a household's code as a list of faults may repeat it: some software takes the head's number for it."""
    text = text_of(raw)[:80]
    return "•••" if is_identity(plain_identity(text)) or code_holds_identity(text) else text


def blank(raw: Raw) -> bool:
    return raw is None or (isinstance(raw, str) and not text_of(raw))


def read_text(raw: Raw, longest: int) -> str | Wrong:
    """Return a text; nothing of it that cannot be printed is taken."""
    text = text_of(raw)
    if longest and len(text) > longest:
        return Wrong("too_long", {"longest": str(longest)})
    return text if text.isprintable() else Wrong("unprintable")


def read_open_text(raw: Raw, longest: int) -> str | Wrong:
    """Return a text that anyone may see who sees the household: no identity number stands in it."""
    text = read_text(raw, longest)
    return Wrong("holds_number") if isinstance(text, str) and holds_identity(text) else text


def read_word(field: str, raw: Raw, layout: Layout) -> str | Wrong:
    """Return the code that a word stands for."""
    code = code_of(field, text_of(raw), layout.words.get(field, {}))
    return Wrong("unknown_word", {"word": shown(raw)}) if code is None else code


def read_yes_no(field: str, raw: Raw, layout: Layout) -> bool | Wrong:
    """Return whether a cell says yes."""
    if isinstance(raw, bool):
        return raw
    said = yes_or_no(text_of(raw), layout.words.get(field, {}))
    return Wrong("unknown_word", {"word": shown(raw)}) if said is None else said


def read_identity(raw: Raw) -> str | Wrong:
    """Return an identity number as digits alone (`rules.families.is_identity`)."""
    number = plain_identity(text_of(raw))
    if is_identity(number):
        return number
    # As a number a cell keeps no zero at its head; which ones there were is not guessed.
    if number.isdigit() and len(number) in (10, 11) and is_identity(number.zfill(12)):
        return Wrong("zero_lost")
    return Wrong("malformed")


def read_money(raw: Raw, layout: Layout) -> int | Wrong:
    """Return whole đồng, in the declared format and unit."""
    if isinstance(raw, bool | datetime | date | time | timedelta):
        return Wrong("not_a_number")
    if isinstance(raw, int | float):
        value = Decimal(format(raw, ".15g"))
    else:
        try:
            value = parse_decimal(text_of(raw), layout.number_format)
        except NumberFault as fault:
            if fault.code != "ambiguous":
                return Wrong("not_a_number" if fault.code == "not_a_number" else "wrong_number", {"text": shown(raw)})
            # The format is declared, so `500.000` has one reading: the first that is offered.
            value = parse_decimal(fault.suggestions[0], layout.number_format)
    value *= layout.income_unit
    if value != value.to_integral_value():
        return Wrong("not_whole")
    if not 0 <= value <= HIGHEST_INCOME:
        return Wrong("negative" if value < 0 else "beyond_limits")
    return int(value)


def read_birth(raw: Raw, layout: Layout) -> Birth | Wrong:
    """Return a birth in one of the declared shapes; any other shape is a fault, however plain it looks."""
    shapes = layout.day_shapes
    if isinstance(raw, datetime | date):
        day = raw.date() if isinstance(raw, datetime) else raw
        return Birth(day, WHOLE_DAY, true_date=True) if TRUE_DATE in shapes else Wrong("shape", {"shape": TRUE_DATE})
    if isinstance(raw, bool | time | timedelta):
        return Wrong("not_a_day")
    text = text_of(raw)
    if text.isdigit():
        return _of_digits(text, shapes)
    if found := _MONTH.fullmatch(text):
        if MONTH not in shapes:
            return Wrong("shape", {"shape": MONTH})
        return _made(int(found[2]), int(found[1]), 1, WHOLE_MONTH)
    if found := _PARTS.fullmatch(text):
        return _of_parts((found[1], found[2], found[3]), shapes)
    return Wrong("not_a_day")


def _of_digits(text: str, shapes: tuple[str, ...]) -> Birth | Wrong:
    """Four digits are a year, five a day number of Excel."""
    number = int(text)
    if len(text) == 4:
        return _made(number, 1, 1, WHOLE_YEAR) if YEAR in shapes else Wrong("shape", {"shape": YEAR})
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        if SERIAL not in shapes:
            return Wrong("shape", {"shape": SERIAL})
        return Birth(_DAY_ZERO + timedelta(days=number), WHOLE_DAY)
    return Wrong("not_a_day")


def _of_parts(parts: tuple[str, str, str], shapes: tuple[str, ...]) -> Birth | Wrong:
    year_first = len(parts[0]) == 4
    if not year_first and len(parts[2]) != 4:
        return Wrong("short_year")
    if year_first and len(parts[2]) > 2:
        return Wrong("not_a_day")
    order = next((shape for shape in shapes if shape in ORDERS), "")
    if (order == YMD) != year_first or not order:
        return Wrong("shape", {"shape": YMD if year_first else DMY})
    first, second, third = (int(part) for part in parts)
    year, month, day = {DMY: (third, second, first), MDY: (third, first, second), YMD: (first, second, third)}[order]
    made = _made(year, month, day, WHOLE_DAY)
    if isinstance(made, Wrong) and order in (DMY, MDY) and not isinstance(_made(year, day, month, WHOLE_DAY), Wrong):
        return Wrong("other_order", {"shape": MDY if order == DMY else DMY})
    return made


def _made(year: int, month: int, day: int, precision: str) -> Birth | Wrong:
    if not 1800 <= year <= 2200:
        return Wrong("not_a_day")
    try:
        return Birth(date(year, month, day), precision)
    except ValueError:
        return Wrong("not_a_day")
