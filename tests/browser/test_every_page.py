"""Every page as everyone to whom it opens, and to nobody else, on a portal with a report in every status.

Each page is drawn by the browser for each role, and axe-core looks at it once. How a page looks is no matter of the
database: the run on each draws it for every other role and asks for it as the rest; where there is no PostgreSQL, one
run draws it for all. `make walk` looks at all states of all pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.components import FAULTS, database_is_postgres
from tests.portal import Database, Portal, running_portal
from tests.walk.__main__ import make_scene
from tests.walk.pages import STOPS, WALKERS, Stop
from tests.walk.visit import visitor

pytestmark = [pytest.mark.chromium, pytest.mark.worker]
# The first state of each page that opens to a walker.
FIRST: dict[str, dict[str, Stop]] = {walker: {} for walker in WALKERS}
for _stop in STOPS:
    for _walker in _stop.opens:
        FIRST[_walker].setdefault(_stop.route, _stop)
# Who looks at a page with axe: all take turns, but for the two who work on the forms.
AT_WORK = {"report_entry": "officer", "report_verify": "verifier"}


def _looks(position: int, route: str) -> str:
    able = [walker for walker in WALKERS if route in FIRST[walker]]
    return AT_WORK.get(route, able[position % len(able)])


LOOKED_AT = {route: _looks(i, route) for i, route in enumerate(sorted({stop.route for stop in STOPS}))}
LIGHTS = {walker: ("light", "dark")[i % 2] for i, walker in enumerate(WALKERS)}
LANGUAGES = {walker: ("vi", "en")[i // 2 % 2] for i, walker in enumerate(WALKERS)}


@pytest.fixture(scope="module")
def portal(demo_database: Database) -> Iterator[Portal]:
    """A portal of this module's own: the reports that are made ready here would move other tests' figures."""
    with running_portal(postgres=database_is_postgres(), template=demo_database) as portal:
        yield portal


@pytest.fixture(scope="module")
def scene(portal: Portal) -> dict[str, Any]:
    return make_scene(portal)


@pytest.mark.parametrize("walker", WALKERS)
def test_every_page_opens_without_fault(walker: str, portal: Portal, scene: dict[str, Any], browser: Any) -> None:
    drawn = WALKERS.index(walker) % 2 == database_is_postgres() or FAULTS["postgres"]() is not None
    faults = []
    with visitor(browser, portal.url, walker, language=LANGUAGES[walker], theme=LIGHTS[walker]) as one:
        for stop in FIRST[walker].values():
            if stop.press:
                continue
            if drawn:
                told = one.visit(stop, scene)
                told += one.axe() if LOOKED_AT[stop.route] == walker else []
            else:
                code = one.answer_of(stop.path(scene))
                told = [] if code == stop.status else [f"answered {code}"]
            faults += [f"{stop.name}: {fault}" for fault in told]
    assert faults == []


@pytest.mark.parametrize("walker", WALKERS)
def test_no_page_opens_to_whom_it_does_not_concern(
    walker: str, portal: Portal, scene: dict[str, Any], browser: Any
) -> None:
    closed = [stop for stop in STOPS if walker not in stop.opens and not stop.press]
    with visitor(browser, portal.url, walker) as one:
        opened = [stop.name for stop in closed if not one.refuses(stop.path(scene))]
    assert closed
    assert opened == []
