"""The shell of every page: which pages stand in the navigation, for whom, and in which light.

Each app registers its own pages in `AppConfig.ready`; the shell knows none of them by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

THEMES = ("light", "dark", "auto")

WATCH, WORK, COORDINATE, RUN = "watch", "work", "coordinate", "run"
SECTIONS: dict[str, str | Promise] = {
    WATCH: _("Theo dõi"),
    WORK: _("Công việc"),
    COORDINATE: _("Điều phối"),
    RUN: _("Quản trị"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of the navigation.

    `prefixes` are the paths under which the entry is marked as the present one; `badge` counts what waits for the
    reader there (None or 0 shows nothing) and costs at most one query. `home_for` are the permissions whose holders
    start their day on this page.
    """

    label: str | Promise
    url_name: str
    icon: str
    permission: str
    section: str = WATCH
    order: int = 100
    prefixes: tuple[str, ...] = ()
    badge: Callable[[HttpRequest], int | None] | None = None
    home_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry as one reader sees it now."""

    label: str | Promise
    url: str
    icon: str
    active: bool
    badge: int | None


@dataclass(frozen=True, slots=True)
class NavSection:
    """A titled group of entries."""

    label: str | Promise
    items: tuple[NavItem, ...]


_pages: dict[str, Page] = {}


def register(page: Page) -> None:
    """Put a page into the navigation; a second time replaces it."""
    _pages[page.url_name] = page


def _visible(request: HttpRequest) -> list[Page]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    order = list(SECTIONS)
    pages = sorted(_pages.values(), key=lambda page: (order.index(page.section), page.order))
    return [page for page in pages if user.has_perm(page.permission)]


def _match(page: Page, url: str, path: str) -> int:
    """How much of the path the entry covers: `/reports/open/` belongs to its own entry, not to `/reports/`."""
    covers = [start for start in (url, *page.prefixes) if start != "/" and path.startswith(start)]
    return max(map(len, covers), default=len(url) if path == url else 0)


def navigation(request: HttpRequest) -> list[NavSection]:
    """The navigation of the reader, without sections that would be empty."""
    sections: dict[str, list[NavItem]] = {}
    pages = [(page, reverse(page.url_name)) for page in _visible(request)]
    longest = max((_match(page, url, request.path) for page, url in pages), default=0)
    for page, url in pages:
        count = page.badge(request) if page.badge else None
        active = longest > 0 and _match(page, url, request.path) == longest
        item = NavItem(page.label, url, page.icon, active, count or None)
        sections.setdefault(page.section, []).append(item)
    return [NavSection(SECTIONS[code], tuple(items)) for code, items in sections.items()]


def home_of(request: HttpRequest) -> str:
    """Where the reader's day starts, else the first page they may open; `/` when there is none, which says so."""
    pages = _visible(request)
    own = [page for page in pages if any(request.user.has_perm(permission) for permission in page.home_for)]
    return reverse((own or pages)[0].url_name) if pages else "/"


def theme_of(request: HttpRequest) -> str:
    """light, dark or auto, as the cookie says."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "auto")
    return theme if theme in THEMES else "auto"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of `base.html`; nothing is computed unless the template asks."""
    return {
        "theme": theme_of(request),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "home_url": SimpleLazyObject(lambda: home_of(request)),
    }
