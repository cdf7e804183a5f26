"""One walker's browser: opens a page, listens for what goes wrong on it, and looks at it with axe-core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from tests.portal import BASE_DIR, PASSWORD
from tests.walk.pages import PEOPLE, STRANGER, Stop

AXE = BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 AA, and axe's own advice on headings and landmarks.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What another theme can change.
COLOURS = ["color-contrast", "link-in-text-block"]
# Minor findings are reported by none: axe has two kinds of them, both about style.
AXE_IMPACTS = {"moderate", "serious", "critical"}
LOCALES = {"vi": "vi-VN", "en": "en-GB"}
REDIRECTS = 5
CONFIRM = "/password/confirm/"
# Where somebody is led who may not pass.
GATES = {"/login/", "/password/change/", CONFIRM}

_LINKS = """() => [...document.querySelectorAll("a[href], area[href]")].map(a => a.getAttribute("href"))"""
_IDS = """names => names.filter(name => !document.getElementById(name))"""
_BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Words cut into letters: a text in a column that leaves it no room.
_SQUEEZED = """() => [...document.querySelectorAll("main :is(dd, dt, td, th, p, li)")].filter(e => {
  if (e.closest("thead")?.getBoundingClientRect().width === 1) return false;  // told by each cell instead
  const line = parseFloat(getComputedStyle(e).lineHeight) || 20, words = document.createRange();
  words.selectNodeContents(e);  // a cell is as high as its row, its words are not
  const width = e.getBoundingClientRect().width, lines = words.getBoundingClientRect().height / line;
  return width > 1 && (width < 40 && lines > 4 || width < 64 && lines > 8) && /\\S{5}/.test(e.innerText);
}).slice(0, 3).map(e => e.innerText.replace(/\\s+/g, " ").slice(0, 40))"""
# A table that reaches over the edge of its card, where nothing scrolls it.
_OVER = """() => [...document.querySelectorAll("main .card0 table")].filter(e => {
  for (let box = e.parentElement; !box.matches(".card0"); box = box.parentElement)
    if (getComputedStyle(box).overflowX !== "visible") return false;
  const card = e.closest(".card0");
  return getComputedStyle(card).overflowX === "visible" &&
    e.getBoundingClientRect().right > card.getBoundingClientRect().right - 1;
}).map(e => (e.caption || e).innerText.replace(/\\s+/g, " ").slice(0, 40))"""
# The drawer's switch stands before the landmark that it opens: the next Tab then leads into it.
_AXE = """async ([runOnly]) => (await axe.run(document, {
  runOnly, resultTypes: ["violations"], rules: runOnly.type == "tag" ? {"target-size": {enabled: true}} : {},
})).violations.map(v => ({...v, nodes: v.nodes.filter(n => v.id != "region" || n.target != "#nav-open")}))
.filter(v => v.nodes.length).map(v => ({
  id: v.id, impact: v.impact, help: v.help,
  nodes: v.nodes.slice(0, 5).map(n => n.target.join(" ") + ": " + (n.any[0] || n.all[0] || n.none[0] || {}).message),
}))"""
_TYPED = """(button, typed) => {
  button.form.noValidate = true;
  for (const [name, text] of Object.entries(typed)) button.form.elements[name].value = text;
}"""
_SETTLED = """async () => {
  await document.fonts.ready;
  while (document.querySelector(".htmx-request, .htmx-settling")) await new Promise(done => setTimeout(done, 20));
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


@cache
def axe_source() -> str:
    return AXE.read_text(encoding="utf-8")


@dataclass
class Visitor:
    """A browser window in which one walker is signed in."""

    context: Any
    base_url: str
    walker: str
    page: Any = None
    faults: list[str] = field(default_factory=list)
    # Every address that a page leads to, with a page that does.
    links: dict[str, str] = field(default_factory=dict)

    def visit(self, stop: Stop, scene: Mapping[str, Any]) -> list[str]:
        """Open a page and return what is wrong with it: its answer, its files, its scripts, its widths."""
        self.faults.clear()
        self._begin()
        path = stop.path(scene)
        answer = self.page.goto(path, wait_until="load")
        if self._led_to() == CONFIRM != urlsplit(path).path:
            # A long walk: what opens other doors asks for the password again.
            self.page.fill("input[name=password]", PASSWORD)
            self.page.press("input[name=password]", "Enter")
            self.page.wait_for_url(f"**{path}")
        elif self._led_to() in GATES - {urlsplit(path).path}:
            self.faults.append(f"led to {self._led_to()}")
        if stop.press:
            self._press(stop.press, stop.typed or {})
        elif answer.status != stop.status:
            self.faults.append(f"answered {answer.status}, not {stop.status}")
        if stop.ready:
            self.page.locator(stop.ready).first.wait_for()
        self.page.evaluate(_SETTLED)
        self._note_links()
        return [*self.faults, *self.overflow(), *self.squeezed()]

    def _begin(self) -> None:
        """Open a tab of its own for a page: one that has shown many draws the next ever more slowly."""
        if self.page is not None:
            self.page.close()
        self.page = self.context.new_page()
        self._listen()

    def _led_to(self) -> str:
        return urlsplit(self.page.url).path

    def _press(self, button: str, typed: Mapping[str, str]) -> None:
        target = self.page.locator(button).first
        target.evaluate(_TYPED, dict(typed))
        with self.page.expect_navigation(wait_until="load"):
            target.click()

    def overflow(self) -> list[str]:
        """Return a fault when the page is wider than its window."""
        beyond = self.page.evaluate(_BEYOND)
        return [f"{beyond} px wider than its window of {self.page.viewport_size['width']} px"] if beyond > 0 else []

    def squeezed(self) -> list[str]:
        """Return a fault for each text in a column too narrow for its words, and each table too wide for its card."""
        narrow = [f"no room for “{text}”" for text in self.page.evaluate(_SQUEEZED)]
        return narrow + [f"the table “{text}” reaches over its card" for text in self.page.evaluate(_OVER)]

    def axe(self, *, colours_only: bool = False) -> list[str]:
        """Return axe's findings on the page as it stands, by rule with the first places.

        The window is as high as the page meanwhile: what happens to lie behind a bar that stays at its edge can be
        scrolled forth, and a finding that hangs on where the page was scrolled to is none.
        """
        size = self.page.viewport_size
        self.page.set_viewport_size({**size, "height": self.page.evaluate("document.documentElement.scrollHeight")})
        self.page.evaluate(_SETTLED)
        try:
            return self._axe(colours_only)
        finally:
            self.page.set_viewport_size(size)

    def _axe(self, colours_only: bool) -> list[str]:
        asked = {"type": "rule", "values": COLOURS} if colours_only else {"type": "tag", "values": AXE_TAGS}
        # Evaluated by the debugger, as the page's content policy lets no script in.
        self.page.evaluate(axe_source())
        return [
            f"axe {found['id']} ({found['impact']}): {found['help']}: " + " | ".join(found["nodes"])
            for found in self.page.evaluate(_AXE, [asked])
            if found["impact"] in AXE_IMPACTS
        ]

    def _note_links(self) -> None:
        here = self.page.url
        anchors = []
        for href in self.page.evaluate(_LINKS):
            address, anchor = urldefrag(urljoin(here, href))
            if anchor.startswith("/"):
                continue  # a script reads it
            if anchor and address == urldefrag(here)[0]:
                anchors.append(anchor)
            elif address.startswith(self.base_url + "/"):
                self.links.setdefault(address.removeprefix(self.base_url), urlsplit(here).path)
        self.faults += [f"leads to #{name}, which is not there" for name in self.page.evaluate(_IDS, anchors)]

    def dead_links(self, *, known: set[str]) -> list[str]:
        """Follow every address once that is not known yet, and return those that lead nowhere."""
        dead = []
        for address, source in sorted(self.links.items()):
            if address in known:
                continue
            known.add(address)
            answer = self.context.request.get(address, max_redirects=REDIRECTS)
            if not answer.ok:
                dead.append(f"{source} leads to {address}: {answer.status}")
            answer.dispose()
        return dead

    def answer_of(self, path: str) -> int:
        """Return how an address answers, without opening it as a page."""
        answer = self.context.request.get(path, max_redirects=REDIRECTS)
        answer.dispose()
        return int(answer.status)

    def refuses(self, path: str) -> bool:
        """Whether an address is kept from this walker: login asked, forbidden, absent, or leading elsewhere."""
        answer = self.context.request.get(path, max_redirects=REDIRECTS)
        answer.dispose()
        return answer.status in (401, 403, 404) or urlsplit(answer.url).path != urlsplit(path).path

    def look(self, *, width: int, theme: str, height: int = 800) -> None:
        """Turn the window to a width and the machine to light or dark; the page stays as it is."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=theme)
        self.page.evaluate(_SETTLED)

    def _listen(self) -> None:
        page = self.page
        page.on("pageerror", lambda error: self.faults.append(f"script failed: {error}"))
        page.on("console", self._on_console)
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)

    def _on_console(self, message: Any) -> None:
        # That a file is missing is said by its response, more exactly.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _on_failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.url} failed: {request.failure}")

    def _on_response(self, response: Any) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.faults.append(f"{response.url}: {response.status}")


@contextmanager
def visitor(
    browser: Any, base_url: str, walker: str, *, language: str = "vi", theme: str = "light", width: int = 1366
) -> Iterator[Visitor]:
    """A window of its own for the length of the block, signed in as the walker."""
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": 800},
        locale=LOCALES[language],
        color_scheme=theme,
        reduced_motion="reduce",
    )
    try:
        one = Visitor(context, base_url, walker)
        if walker != STRANGER:
            _sign_in(context, base_url, PEOPLE[walker])
        # After signing in, which brings the language of the account.
        context.add_cookies([{"name": "django_language", "value": language, "url": base_url}])
        yield one
    finally:
        context.close()


def _sign_in(context: Any, base_url: str, username: str) -> None:
    context.request.get("/login/").dispose()
    token = next(cookie["value"] for cookie in context.cookies(base_url) if cookie["name"] == "csrftoken")
    answer = context.request.post(
        "/login/",
        form={"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token},
        headers={"Referer": f"{base_url}/login/"},
    )
    assert answer.ok and "/login/" not in answer.url, f"{username} could not sign in: {answer.status}"
    answer.dispose()
