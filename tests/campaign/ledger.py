"""What everybody was told: every answer, every cell, every approval, as the people at their windows saw it."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

import requests

Cell = tuple[int, str, str]  # report, element, part

_HEADING = re.compile(r"<h1>\s*\S|data-error=")


def in_words(answer: requests.Response) -> bool:
    """Whether an answer that refuses or failed says so in the portal's own words, without anything of its insides."""
    if "Traceback" in answer.text or "X-Request-ID" not in answer.headers:
        return False
    if "json" in answer.headers.get("Content-Type", ""):
        try:
            body = answer.json()
        except json.JSONDecodeError:
            return False
        return bool(body.get("cells") or (body.get("title") and "detail" in body))
    # A form that comes back with its faults is the page itself.
    return bool(_HEADING.search(answer.text)) or answer.status_code in (409, 422)


@dataclass
class Ledger:
    """Filled by many threads at once."""

    answers: Counter[int] = field(default_factory=Counter)
    wordless: list[str] = field(default_factory=list)
    cut: list[tuple[float, float, str]] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    typed: dict[Cell, list[Decimal]] = field(default_factory=dict)
    approved: dict[int, str] = field(default_factory=dict)
    submitted: set[int] = field(default_factory=set)
    files: dict[tuple[int, str], str] = field(default_factory=dict)  # report and digest: told it is stored
    sent: set[tuple[int, str]] = field(default_factory=set)
    down: list[tuple[float, float]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def told(self, who: str, answer: requests.Response) -> None:
        with self.lock:
            self.answers[answer.status_code] += 1
            if answer.status_code >= 400 and not in_words(answer):
                text = answer.text[:200].replace("\n", " ")
                self.wordless.append(f"{who} {answer.request.method} {answer.url}: {answer.status_code} {text!r}")

    def lost(self, begun: float, what: str) -> None:
        with self.lock:
            self.cut.append((begun, time.monotonic(), what))

    def surprise(self, what: str) -> None:
        with self.lock:
            self.surprises.append(what)

    def web_was_down(self, since: float) -> None:
        with self.lock:
            self.down.append((since, time.monotonic()))

    def unexplained(self) -> list[str]:
        """Requests that were cut off though no web process had been killed."""
        return [
            what for begun, ended, what in self.cut if not any(begun <= up and ended >= down for down, up in self.down)
        ]
