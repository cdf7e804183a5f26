"""`make walk`: every page as every role, at four widths, in both languages, light and dark; pictures of all of it.

A portal of its own is filled with the demonstration and with what `scene.py` adds. Each walker opens each page once in
each language; the window is then turned to every width, and at one of them to the dark theme, and a picture is taken of
each: themes differ in colours alone. The walk fails on a page
that answers otherwise than `pages.py` says, on an error in the console, a file that does not come, a page wider than
its window, a finding of axe-core, and a link that leads nowhere. The pictures lie under `var/screens/`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.figures import conclude
from tests.portal import BASE_DIR, Portal, running_portal
from tests.walk.album import Picture, write_album
from tests.walk.pages import PEOPLE, STOPS, WALKERS, Stop, stops_of

WIDTHS = (360, 768, 1366, 1920)
THEMES = ("light", "dark")
LANGUAGES = ("vi", "en")
# Nobody scrolls further in a picture, and Chromium draws none beyond 16 384 px.
TALLEST = 4000
DARK_AT = 1366
AT_ONCE = 2


@dataclass(frozen=True)
class Plan:
    """What to walk: the options of the command."""

    url: str
    scene: dict[str, Any]
    folder: Path
    page: str
    widths: tuple[int, ...]
    themes: tuple[str, ...]
    axe: bool
    links: bool


@dataclass
class Walked:
    """What one walker saw in one language."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    links: int = 0


def walk(plan: Plan, walker: str, language: str) -> Walked:
    """Walk all pages as one walker in one language (in a process of its own)."""
    from playwright.sync_api import Error, sync_playwright

    visitor, browser_path, flags = tools()
    done = Walked()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=flags)
        with visitor(browser, plan.url, walker, language=language, width=plan.widths[0]) as one:
            for stop in stops_of(walker, route=plan.page):
                try:
                    told = look(plan, one, stop, language, done)
                except Error as error:
                    told = [*one.faults, f"could not be looked at: {str(error).splitlines()[0]}"]
                done.faults += [(stop.name, f"{walker}, {language}: {fault}") for fault in dict.fromkeys(told)]
            if not plan.page:
                done.faults += [(stop.name, f"{walker}: {fault}") for stop, fault in _refused(plan, one)]
            if plan.links:
                known: set[str] = set()
                done.faults += [("links", f"{walker}, {language}: {fault}") for fault in one.dead_links(known=known)]
                done.links = len(known)
        browser.close()
    return done


def look(plan: Plan, one: Any, stop: Stop, language: str, done: Walked) -> list[str]:
    """Open a page, look at it in every width and theme, and return what is wrong with it."""
    told = list(one.visit(stop, plan.scene))
    # axe looks once in each theme, at one width; what it finds at 360 px is the same but for what is hidden there.
    looked = DARK_AT if DARK_AT in plan.widths else plan.widths[-1]
    for theme in plan.themes:
        for width in plan.widths if theme == "light" else (looked,):
            one.look(width=width, theme=theme)
            told += one.overflow() + one.squeezed()
            if plan.axe and width == looked:
                told += [f"{theme}: {finding}" for finding in one.axe(colours_only=theme != plan.themes[0])]
            picture = Picture(stop.name, one.walker, language, theme, width)
            _photograph(one.page, plan.folder / picture.path, width)
            done.pictures.append(picture)
    return [*told, *one.faults]  # what the page has said while it was turned


def _photograph(page: Any, path: Path, width: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    page.screenshot(
        path=path, type="jpeg", quality=70, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
    )


def _refused(plan: Plan, one: Any) -> list[tuple[Stop, str]]:
    """Ask for every page that does not open to this walker, and return those that do."""
    found = []
    for stop in STOPS:
        if one.walker not in stop.opens and not stop.press:
            if not one.refuses(stop.path(plan.scene)):
                found.append((stop, "opens to this role, who should be refused"))
    return found


def tools() -> tuple[Any, Any, Any]:
    """Set Django up in this process and return what a walker needs of the tests, which rest on it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from tests.components import browser_path
    from tests.conftest import BROWSER_FLAGS
    from tests.walk.visit import visitor

    return visitor, browser_path, BROWSER_FLAGS


def make_scene(portal: Portal) -> dict[str, Any]:
    """Make the scene on a running portal and return what addresses are filled with."""
    return dict(json.loads(portal.run("-m", "tests.walk.scene")))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--role", choices=WALKERS, action="append", help="only this walker (may be repeated)")
    parser.add_argument("--page", default="", help="only pages whose name contains this")
    parser.add_argument("--width", type=int, action="append", help=f"only this width, of {WIDTHS}")
    parser.add_argument("--language", choices=LANGUAGES, action="append")
    parser.add_argument("--theme", choices=THEMES, action="append")
    parser.add_argument("--no-axe", action="store_true", help="without axe-core, which takes most of the time")
    parser.add_argument("--no-links", action="store_true", help="without following every link")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL database of its own")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    given = _options(arguments)
    started = time.monotonic()
    folder = BASE_DIR / "var" / "screens"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    walkers = tuple(given.role or WALKERS)
    with running_portal(postgres=given.postgres) as portal:
        plan = Plan(
            url=portal.url,
            scene=make_scene(portal),
            folder=folder,
            page=given.page,
            widths=tuple(given.width or WIDTHS),
            themes=tuple(given.theme or THEMES),
            axe=not given.no_axe,
            links=not given.no_links,
        )
        faults: list[tuple[str, str]] = []
        pictures: list[Picture] = []
        links = 0
        with ProcessPoolExecutor(AT_ONCE) as pool:
            turns = [(walker, language) for walker in walkers for language in given.language or LANGUAGES]
            for (walker, language), done in zip(
                turns, pool.map(walk, [plan] * len(turns), *zip(*turns, strict=True)), strict=True
            ):
                who = PEOPLE.get(walker, "nobody signed in")
                print(f"{walker} ({who}), {language}: {len(done.pictures)} pictures, {done.links} links", flush=True)
                for stop, fault in done.faults:
                    print(f"  {stop}: {fault}", flush=True)
                faults += done.faults
                pictures += done.pictures
                links += done.links
    took = round(time.monotonic() - started)
    head = f"{len(pictures)} pictures, {links} links followed, {len(faults)} faults, {took} s"
    print(f"{head}: {write_album(folder, pictures, faults, head)}")
    return conclude({"faults": [len(faults), 0]})


if __name__ == "__main__":
    sys.exit(main())
