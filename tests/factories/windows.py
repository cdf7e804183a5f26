"""Someone's browser window without a browser: pages are opened, their forms filled in and sent, as HTML alone allows.

The same steps work in the test's own process (Django's client) and against a running portal (HTTP).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Protocol

import requests
from django.contrib.auth import get_user_model
from django.test import Client

BACKEND = "mongcai_portal.accounts.backends.PasswordBackend"


@dataclass
class Form:
    """What a browser would send of a form as it stands; `fields` may be changed before it is sent."""

    id: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def named(self, prefix: str) -> list[str]:
        """Return the names of the fields that begin with the prefix, chosen or not."""
        return [name for name in self.choices if name.startswith(prefix)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._form: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("id", ""), given.get("action", ""))
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input" and given.get("name"):
            self._put(given)
        elif tag == "textarea":
            self._area = given["name"]
            self._form.fields[self._area] = ""
            self._form.choices[self._area] = []
        elif tag == "select":
            self._select = given["name"]
            self._form.choices[self._select] = []
        elif tag == "option" and self._select:
            self._form.choices[self._select].append(given.get("value", ""))
            if "selected" in given or self._select not in self._form.fields:
                self._form.fields[self._select] = given.get("value", "")

    def _put(self, given: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = given["name"], given.get("type", "text")
        self._form.choices.setdefault(name, []).append(given.get("value", ""))
        if kind not in ("radio", "checkbox", "submit") or "checked" in given:
            self._form.fields[name] = given.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area and self._form is not None:
            # The line break behind the opening tag is none of the text.
            self._form.fields[self._area] = self._form.fields[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.fields[self._area] += data
        self.text.append(data)


@dataclass(frozen=True)
class Answer:
    """A page as it came."""

    status: int
    path: str
    html: str

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.html)
        return reader

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self._read().text))

    def form(self, wanted: str) -> Form:
        """Return the form with this id, or whose address ends so."""
        for form in self._read().forms:
            if form.id == wanted or form.action.endswith(wanted):
                form.action = form.action or self.path
                return form
        raise AssertionError(f"no form {wanted} on {self.path} ({self.status})")


class Window(Protocol):
    """What flows need of a browser."""

    def get(self, path: str) -> Answer: ...

    def post(self, path: str, data: Mapping[str, Any]) -> Answer: ...


class LocalWindow:
    """A window in the test's own process; redirects are followed, forged forms refused."""

    def __init__(self, username: str) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(get_user_model().objects.get(username=username), backend=BACKEND)

    def _answer(self, response: Any, path: str) -> Answer:
        if response.redirect_chain:
            path = response.redirect_chain[-1][0]
        return Answer(response.status_code, path, response.content.decode())

    def get(self, path: str) -> Answer:
        return self._answer(self.client.get(path, follow=True), path)

    def post(self, path: str, data: Mapping[str, Any]) -> Answer:
        return self._answer(self.client.post(path, dict(data), follow=True), path)


class HttpWindow:
    """A window on a running portal: a signed-in HTTP session."""

    def __init__(self, url: str, session: requests.Session) -> None:
        self.url, self.session = url, session

    def _answer(self, response: requests.Response) -> Answer:
        return Answer(response.status_code, response.url.removeprefix(self.url), response.text)

    def get(self, path: str) -> Answer:
        return self._answer(self.session.get(self.url + path, timeout=30))

    def post(self, path: str, data: Mapping[str, Any]) -> Answer:
        return self._answer(self.session.post(self.url + path, data=dict(data), timeout=30))


def send(window: Window, form: Form, **more: str) -> Answer:
    """Press a button of a form: `send(window, form, action="submit")`."""
    return window.post(form.action, {**form.fields, **more})
