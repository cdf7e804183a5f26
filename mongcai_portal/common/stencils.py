"""Parts of a page that repeat by the thousand: drawn once by their template for each look, then filled.

A matrix of five hundred communes has ten thousand cells and a dozen different looks. Its template stays the one place
where a cell is drawn; it is rendered once a look, with slots in place of what differs from cell to cell.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

# Two characters that Unicode leaves to private use, which a template passes on as they are; and a word that nobody
# knows who writes a text, so that none is taken for a slot.
_OPEN, _CLOSE = f"\ue000{secrets.token_hex(8)}:", "\ue001"
_SLOT = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
# The same for a number: an address that takes one refuses a text.
_DIGITS = 17
_numbers: dict[str, str] = {}


@cache
def slot(name: str) -> SafeString:
    """The place in a template's context that is filled later."""
    return mark_safe(f"{_OPEN}{name}{_CLOSE}")


@cache
def number_slot(name: str) -> int:
    """The same where only a whole number is taken, as in an address."""
    number: int = 10 ** (_DIGITS - 1) + secrets.randbelow(9 * 10 ** (_DIGITS - 1))
    _numbers[str(number)] = slot(name)
    return number


class Stencil:
    """A rendered template whose slots are still open."""

    __slots__ = ("_pattern",)

    def __init__(self, template: str, context: Mapping[str, Any]) -> None:
        drawn = render_to_string(template, dict(context)).strip("\n")
        for number, place in _numbers.items():
            if number in drawn:
                drawn = re.sub(rf"(?<!\d){number}(?!\d)", place, drawn)
        self._pattern = _SLOT.sub(r"%(\1)s", drawn.replace("%", "%%"))

    def fill(self, values: Mapping[str, Any]) -> SafeString:
        """Put a value into every slot, as it is: texts that people wrote are to be escaped before.

        Raises:
            KeyError: a slot of the template has no value.
        """
        return SafeString(self._pattern % values)
