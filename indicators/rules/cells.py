"""Can what someone says of a cell be stored? The one engine behind the form, workbooks and the API.

Pure: it answers with codes and what they need to be told; `services.cells` has the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.rules.types import Value
from indicators.rules.values import impossible
from mongcai_portal.common.numbers import NumberFault, parse_decimal, parse_plain

VALUE, NO_DATA, NOT_APPLICABLE = "value", "no_data", "not_applicable"
TEXT_LENGTH = 2000
# Numbers as the API writes them, whatever the reader's language.
PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Said:
    """A cell as someone said it.

    `raw` is read in the number format of `language`; a `NumberFault` says why whoever read the file could not. Blank
    without a `state` it clears the cell; with the state `value` it is a value that is missing.
    """

    raw: object = None
    state: str = ""
    reason: str = ""
    note: str | None = None
    language: str = PLAIN


@dataclass(frozen=True, slots=True)
class Shape:
    """What a cell takes."""

    value_type: str
    unit: str = ""
    scale: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cell is to hold; `state` "" clears it."""

    state: str
    value: Value | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault: its stable code, which field it is about (value, state, reason, note), and what its words need."""

    code: str
    about: str = "value"
    told: Mapping[str, object] = field(default_factory=dict)


def check(said: Said, shape: Shape) -> Answer | tuple[Wrong, ...]:
    """Return what the cell is to hold, or everything that is wrong with what was said."""
    blank = said.raw is None or (isinstance(said.raw, str) and not said.raw.strip())
    wrong = list(_texts(said))
    spoilt = {one.about for one in wrong}
    if "state" in spoilt:
        return tuple(wrong)
    if said.state in (NO_DATA, NOT_APPLICABLE):
        if not blank:
            wrong.append(Wrong("value_and_state", "state"))
        if said.state == NOT_APPLICABLE and not said.reason.strip() and "reason" not in spoilt:
            wrong.append(Wrong("reason_required", "reason"))
        return tuple(wrong) or Answer(said.state, None, said.reason.strip())
    if said.state not in ("", VALUE):
        wrong.append(Wrong("unknown_state", "state", {"state": said.state}))
        return tuple(wrong)
    if blank and not said.state and not said.reason.strip():
        return tuple(wrong) or Answer("")
    if said.reason.strip() and "reason" not in spoilt:
        wrong.append(Wrong("reason_without_state", "reason"))
    if blank:
        # With a reason and nothing else it is the state that was forgotten, and that is said already.
        if not said.reason.strip():
            wrong.append(Wrong("note_alone" if (said.note or "").strip() else "missing"))
        return tuple(wrong)
    value = read_value(said.raw, shape, said.language)
    if isinstance(value, Wrong):
        wrong.append(value)
    return tuple(wrong) or Answer(VALUE, value)  # type: ignore[arg-type]  # a Wrong is among `wrong`


def read_value(raw: object, shape: Shape, language: str) -> Value | Wrong:
    """Return what was typed or sent as the cell's value, or what is wrong with it."""
    value = _parse(raw.strip() if isinstance(raw, str) else raw, shape, language)
    if isinstance(value, Wrong):
        return value
    code = impossible(value, value_type=shape.value_type, unit=shape.unit, scale=shape.scale)
    return value if code is None else Wrong(code, told={"value": value, "shape": shape, "language": language})


def _parse(raw: object, shape: Shape, language: str) -> Value | Wrong:
    if isinstance(raw, NumberFault):
        return Wrong(raw.code, told={"fault": raw})
    if shape.value_type == "boolean":
        if isinstance(raw, bool):
            return raw
        if language != PLAIN and raw in ("true", "false"):
            return raw == "true"
        return Wrong("wrong_type", told={"shape": shape})
    if shape.value_type == "choice":
        return str(raw)
    if isinstance(raw, Decimal):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, str):
        return Wrong("wrong_type", told={"shape": shape})
    try:
        return parse_plain(raw) if language == PLAIN else parse_decimal(raw, language)
    except NumberFault as fault:
        return Wrong(fault.code, told={"fault": fault})


def _texts(said: Said) -> list[Wrong]:
    """Texts that no database stores, and too long ones."""
    wrong = []
    for about, text in (("state", said.state), ("reason", said.reason), ("note", said.note or "")):
        if not storable(text):
            wrong.append(Wrong("null_characters", about))
        elif about != "state" and len(text) > TEXT_LENGTH:
            wrong.append(Wrong("too_long", about, {"most": TEXT_LENGTH}))
    return wrong


def storable(text: str) -> bool:
    """Whether every database can store a text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
