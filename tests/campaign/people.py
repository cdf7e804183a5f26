"""The people who work while the portal is hurt. Each does what the portal's pages do: try again, look, go on."""

from __future__ import annotations

import hashlib
import random
import re
import threading
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import requests

from tests.campaign.ledger import Ledger
from tests.factories.files import pdf_bytes
from tests.factories.windows import Answer
from tests.portal import Portal

GIVE_UP_SECONDS = 120
_CELL = re.compile(
    r'data-cell="([^":]+):([^"]*)" data-kind="percent"><input type="hidden" name="k:[^"]+" value="([^"]*)"'
)


class Line:
    """Somebody's connection; a request comes back as an answer or as None when the line was cut."""

    def __init__(self, portal: Portal, ledger: Ledger, username: str) -> None:
        self.url, self.ledger, self.username = portal.url, ledger, username
        self.session = portal.session(username)
        # A kept connection that the server closes meanwhile is opened anew by a browser, but not by this library.
        self.session.headers["Connection"] = "close"

    def ask(self, method: str, path: str, **more: Any) -> requests.Response | None:
        begun = time.monotonic()
        try:
            answer = self.session.request(method, self.url + path, timeout=60, allow_redirects=False, **more)
        except requests.RequestException as fault:
            self.ledger.lost(begun, f"{self.username} {method} {path}: {type(fault).__name__}: {str(fault)[:160]}")
            return None
        self.ledger.told(self.username, answer)
        return answer

    def page(self, path: str) -> Answer | None:
        answer = self.ask("GET", path)
        if answer is None or answer.status_code != 200:
            return None
        return Answer(200, path, answer.text)

    @property
    def token(self) -> dict[str, str]:
        return {"X-CSRFToken": self.session.cookies["csrftoken"], "Referer": self.url + "/"}


class Person(threading.Thread):
    """Works until told to stop, then finishes what is in hand; whatever goes wrong with it is a surprise."""

    def __init__(self, line: Line, rng: random.Random, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.line, self.rng, self.stop, self.ledger = line, rng, stop, line.ledger

    def run(self) -> None:
        try:
            self.work()
        except Exception as fault:  # told at the end with everything else
            self.ledger.surprise(f"{self.line.username}: {type(fault).__name__}: {fault}")

    def work(self) -> None:
        raise NotImplementedError

    def until(self, attempt: Callable[[], Any], what: str) -> Any:
        """Try again, as long as somebody would, until it gives something."""
        begun, pause = time.monotonic(), 0.2
        while not (found := attempt()):
            if time.monotonic() - begun > GIVE_UP_SECONDS:
                raise TimeoutError(f"gave up: {what}")
            time.sleep(pause)
            pause = min(2.0, pause * 1.5)
        return found


class Typist(Person):
    """Types one cell after another into a report, as the page saves them, and hands the report in at the end."""

    def __init__(self, line: Line, rng: random.Random, stop: threading.Event, report: int, pause: float) -> None:
        super().__init__(line, rng, stop)
        self.report, self.path, self.pause, self.count = report, f"/reports/{report}/", pause, 0

    def prepare(self) -> None:
        """Fill the form with the last approved values, before anything is hurt."""
        form = self.until(lambda: self.line.page(self.path), "the form").form("entry")
        self.line.ask("POST", self.path, data={**form.fields, "action": "copy"}, headers=self.line.token)
        form = self.until(lambda: self.line.page(self.path), "the form").form("entry")
        for name in form.named("v:"):
            if form.choices[name] == ["true", "false"] and name not in form.fields:
                form.fields[name] = "true"
        self.line.ask("POST", self.path, data={**form.fields, "action": "save"}, headers=self.line.token)

    def work(self) -> None:
        tokens = self.opens()
        cells = sorted(tokens)
        # Every cell once, so that nothing is missing when it is handed in, then any.
        first = list(cells)
        while not self.stop.is_set() or first:
            key = first.pop() if first else self.rng.choice(cells)
            tokens[key] = self.types(key, tokens[key])
            if not self.stop.is_set():
                time.sleep(self.rng.uniform(0.5, 1.5) * self.pause)
        self.hands_in()

    def opens(self) -> dict[tuple[str, str], str]:
        """Open the form; return the shares that can be typed, each with what the form remembers of it."""
        page = self.until(lambda: self.line.page(self.path), "the form")
        tokens = {(element, part): token for element, part, token in _CELL.findall(page.html)}
        if len(tokens) < 10:
            raise ValueError(f"only {len(tokens)} cells on {self.path}")
        return tokens

    def hands_in(self) -> None:
        self.until(self._handed_in, f"handing in {self.path}")
        self.ledger.submitted.add(self.report)

    def types(self, key: tuple[str, str], token: str) -> str:
        self.count += 1
        value = Decimal(self.count % 10_000) / 100
        name = ":".join(key)
        text = f"{value.normalize():f}".replace(".", ",")
        body = {"language": "vi", "action": "save", f"v:{name}": text, f"s:{name}": "", f"r:{name}": ""}
        body |= {f"n:{name}": "", f"k:{name}": token}

        def attempt() -> str | None:
            headers = {**self.line.token, "Accept": "application/json"}
            answer = self.line.ask("POST", self.path, data=body, headers=headers)
            if answer is None or answer.status_code >= 500:
                return None
            cell = answer.json().get("cells", {}).get(name) if answer.status_code == 200 else None
            if cell is None:
                raise ValueError(f"{name} of {self.path}: {answer.status_code} {answer.text[:300]}")
            return str(cell["token"])

        found = self.until(attempt, f"saving {name} of {self.path}")
        self.ledger.typed.setdefault((self.report, *key), []).append(value)
        return str(found)

    def _handed_in(self) -> bool:
        page = self.line.page(self.path)
        if page is None:
            return False
        if 'value="submit"' not in page.html:
            return True  # done by an attempt whose answer was lost
        form = page.form("entry")
        answer = self.line.ask("POST", self.path, data={**form.fields, "action": "submit"}, headers=self.line.token)
        if answer is not None and answer.status_code not in (302, 503):
            raise ValueError(f"handing in {self.path}: {answer.status_code}")
        return answer is not None and answer.status_code == 302


class Approver(Person):
    """Approves reports one after another, no faster than faults come; two of them work on the same heap."""

    def __init__(
        self, line: Line, rng: random.Random, stop: threading.Event, reports: Iterable[int], may: Callable[[int], bool]
    ) -> None:
        super().__init__(line, rng, stop)
        self.reports, self.may = list(reports), may

    def work(self) -> None:
        for report in self.reports:
            while not self.may(len(self.ledger.approved)) and report not in self.ledger.approved:
                time.sleep(0.05)
            if report in self.ledger.approved:
                continue
            how = self.until(lambda report=report: self._approved(report), f"approving {report}")
            with self.ledger.lock:
                self.ledger.approved.setdefault(report, how)

    def _approved(self, report: int) -> str:
        page = self.line.page(f"/reports/{report}/verify/")
        if page is None:
            return ""
        path = f"/reports/{report}/approve/"
        if path not in page.html:
            return "seen"
        answer = self.line.ask("POST", path, data=page.form(path).fields, headers=self.line.token)
        return "told" if answer is not None and answer.status_code == 302 else ""


class Uploader(Person):
    """Sends a scan now and then, again until it is taken: while the disk is full it is refused."""

    def __init__(self, line: Line, rng: random.Random, stop: threading.Event, report: int) -> None:
        super().__init__(line, rng, stop)
        self.report = report

    def work(self) -> None:
        page = self.until(lambda: self.line.page(f"/reports/{self.report}/"), "the form")
        elements = sorted({element for element, _part, _token in _CELL.findall(page.html)})
        number = 0
        while not self.stop.is_set():
            number += 1
            # As many as a value may have, and then the next value.
            element = elements[(number // 8) % len(elements)]
            content = pdf_bytes(f"{self.report}-{number}", pages=self.rng.randrange(1, 40))
            self.until(lambda e=element, c=content: self._sent(e, c), f"sending a file to {element}")
            time.sleep(self.rng.uniform(0.2, 1.0))

    def _sent(self, element: str, content: bytes) -> bool:
        key = (self.report, hashlib.sha256(content).hexdigest())
        self.ledger.sent.add(key)
        answer = self.line.ask(
            "POST", f"/reports/{self.report}/evidence/{element}/",
            files={"files": ("Biên bản.pdf", content, "application/pdf")},
            headers={**self.line.token, "HX-Request": "true"},
        )  # fmt: skip
        if answer is None or answer.status_code >= 500:
            return False
        if answer.status_code != 200:
            raise ValueError(f"a file for {element}: {answer.status_code} {answer.text[:300]}")
        self.ledger.files[key] = element
        return True


class Reader(Person):
    """Looks at the leaders' pages."""

    def __init__(
        self, line: Line, rng: random.Random, stop: threading.Event, paths: tuple[str, ...], pause: float
    ) -> None:
        super().__init__(line, rng, stop)
        self.paths, self.pause = paths, pause

    def work(self) -> None:
        while not self.stop.is_set():
            answer = self.line.ask("GET", self.rng.choice(self.paths))
            if answer is not None and answer.status_code not in (200, 503):
                self.ledger.surprise(f"{answer.url}: {answer.status_code}")
            time.sleep(self.rng.uniform(0.5, 1.5) * self.pause)
