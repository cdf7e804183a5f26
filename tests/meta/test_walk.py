"""No page is forgotten: the routes of the portal and the pages that are looked at are the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.test import Client

from tests.factories.windows import BACKEND
from tests.factories.world import World, make_world
from tests.meta.test_routes import ROUTES
from tests.walk.__main__ import THEMES, WIDTHS, Plan, Walked, look
from tests.walk.album import Picture, write_album
from tests.walk.pages import ACT, API, NO_PAGE, STOPS, WALKERS, Stop, stops_of

NAMES = {name for _path, name in ROUTES if not name.startswith(API)}
PAGES = {stop.route for stop in STOPS if not stop.route.startswith("/")}
FIRST, SPOKEN = "console: as it opened", "console: as it was turned"


def test_every_route_is_looked_at_or_is_no_page() -> None:
    assert sorted(NAMES - PAGES - set(NO_PAGE)) == []


def test_what_is_looked_at_and_what_is_left_out_exists_and_differs() -> None:
    assert sorted((PAGES | set(NO_PAGE)) - NAMES) == []
    assert sorted(PAGES & set(NO_PAGE)) == []


def test_every_state_of_a_page_has_a_name_of_its_own_and_somebody_to_look_at_it() -> None:
    assert [name for name, n in Counter(stop.name for stop in STOPS).items() if n > 1] == []
    assert [stop.name for stop in STOPS if not stop.opens] == []
    assert {walker: bool(list(stops_of(walker))) for walker in WALKERS} == dict.fromkeys(WALKERS, True)


@pytest.mark.django_db
def test_an_act_is_no_page_for_anybody() -> None:
    world: World = make_world()
    acts = [path for path, name in ROUTES if NO_PAGE.get(name) == ACT]
    assert len(acts) > 10
    for person in ("officer", "coordinator", "leader"):
        client = Client()
        client.force_login(world.people[person], backend=BACKEND)
        for path in acts:
            assert client.get(path).status_code in (302, 403, 404, 405), (person, path)


def test_the_album_shows_every_picture_and_names_what_is_wrong(tmp_path: Path) -> None:
    pictures = [Picture("overview", "leader", "vi", theme, 360) for theme in ("light", "dark")]
    pictures.append(Picture("/no/such/page/--not-found", "stranger", "en", "light", 1920))
    index = write_album(tmp_path, pictures, [("overview", "leader, vi: <b> is 3 px too wide")], "Three pictures")
    assert index == tmp_path / "index.html"
    text = index.read_text(encoding="utf-8")
    assert "Three pictures" in text and "&lt;b&gt; is 3 px too wide" in text and "<b>" not in text
    sheet = (tmp_path / "overview.html").read_text(encoding="utf-8")
    assert sheet.count("<img") == 2 and "overview/leader-vi-dark-360.jpg" in sheet and "3 px too wide" in sheet
    assert "stranger-en-light-1920.jpg" in (tmp_path / "no-such-page---not-found.html").read_text(encoding="utf-8")


def test_a_walker_finds_its_tools_in_a_process_of_its_own() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    code = "from tests.walk.__main__ import tools; print(len(tools()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.stderr) == ("3\n", "")


class Window:
    """A visitor's browser whose page writes an error to the console where the test says."""

    walker, page = "leader", Mock()

    def __init__(self, speaks_at: tuple[int, str]) -> None:
        self.speaks_at, self.faults = speaks_at, [FIRST]

    def visit(self, _stop: Stop, _scene: object) -> list[str]:
        return list(self.faults)

    def look(self, *, width: int, theme: str) -> None:
        self.page.evaluate.return_value = 800
        if (width, theme) == self.speaks_at:
            self.faults.append(SPOKEN)

    def overflow(self) -> list[str]:
        return []

    squeezed = overflow


@pytest.mark.parametrize("at", [(360, "light"), (1920, "light"), (1366, "dark")])
def test_what_a_page_says_at_any_width_and_in_the_dark_is_a_fault_of_it(tmp_path: Path, at: tuple[int, str]) -> None:
    plan = Plan("", {}, tmp_path, "", WIDTHS, THEMES, axe=False, links=False)
    done = Walked()
    told = look(plan, Window(at), STOPS[0], "vi", done)
    assert list(dict.fromkeys(told)) == [FIRST, SPOKEN]
    assert len(done.pictures) == len(WIDTHS) + 1
