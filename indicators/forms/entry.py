"""The form of a report, as posted by a browser with or without JavaScript.

Per cell five fields: `v:` value, `s:` state, `r:` reason, `n:` note, and `k:` a token of what the window was shown.
A cell that still reads as it was shown is left alone, so that a whole form never overwrites what others typed
meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import get_language

from indicators.forms.locks import GARBLED, read_lock
from indicators.models import ReportedValue
from indicators.selectors.definitions import CellDef, Definitions
from indicators.selectors.typed import CellKey, Typed, digest
from indicators.services.values import CellInput

State = ReportedValue.State
CLEAR = "clear"


def field_name(kind: str, element: str, part: str) -> str:
    """Return the name of a cell's field: `v:income_per_person:` or `r:health_insurance:male`."""
    return f"{kind}:{element}:{part}"


class EntryForm:
    """The cells of a posted form that someone changed."""

    def __init__(self, data: Mapping[str, str], definitions: Definitions) -> None:
        language = data.get("language") or (get_language() or "vi")
        self.language = "en" if language.startswith("en") else "vi"
        self.typed: dict[CellKey, Typed] = {}
        self.tokens: dict[CellKey, str] = {}
        self.cells: list[CellInput] = []
        mine = dict(item.rsplit("@", 1) for item in [data.get("mine", "")] if "@" in item)
        theirs = data.get("theirs", "")
        for element in definitions.elements:
            for cell in element.cells:
                if field_name("k", element.code, cell.part) in data and theirs != f"{element.code}:{cell.part}":
                    self._read(data, element.code, cell, mine.get(f"{element.code}:{cell.part}"))

    def _read(self, data: Mapping[str, str], element: str, cell: CellDef, forced_lock: str | None) -> None:
        def text(kind: str) -> str:
            return data.get(field_name(kind, element, cell.part), "").replace("\r\n", "\n").strip()

        key = (element, cell.part)
        typed = Typed(text("v"), text("s"), text("r"), text("n"))
        lock, state_shown, raw_shown, all_shown = _parse_token(text("k"))
        if typed.state == State.VALUE:
            typed = replace(typed, state="")
        if forced_lock is None and digest(typed.raw, typed.state, typed.reason, typed.note) == all_shown:
            return
        self.typed[key] = typed
        self.tokens[key] = text("k")
        raw, state = typed.raw, typed.state
        if state == CLEAR:
            raw, state = "", ""
        elif state in (State.NO_DATA, State.NOT_APPLICABLE) and raw:
            if state == state_shown:
                state = ""  # a number typed into a cell that had none: the number is meant
            elif digest(raw) == raw_shown:
                raw = ""  # the state was changed over the old number: the state is meant
            # Otherwise both stay, and the engine says that a cell takes one of them.
        if typed.note and not raw and not state and not lock:
            state = State.VALUE  # a note and nothing else: there is no value to clear, so one is missing
        if forced_lock is not None:
            found = read_lock(forced_lock)
            lock = lock if found in (None, GARBLED) else found
        self.cells.append(
            CellInput(
                element=element,
                part=cell.part,
                raw=raw,
                state=state,
                # The field of the reason stays filled, out of sight, when a number is typed over a state.
                reason=typed.reason if state in (State.NO_DATA, State.NOT_APPLICABLE) else "",
                note=typed.note,
                lock=lock,
                language=self.language,
            )
        )


def _parse_token(token: str) -> tuple[int, str, str, str]:
    parts = token.split("~")
    lock = read_lock(parts[0])
    if len(parts) != 4 or lock is None or lock == GARBLED:
        return 0, "", "", ""
    return lock, parts[1], parts[2], parts[3]
