"""Fixtures for all tests; the whole portals are started once and only when a test asks for one."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from django.utils import translation
from hypothesis import HealthCheck, settings

from mongcai_portal.common import stamped
from tests import components
from tests.built import Built, copy_in_use, number_apart
from tests.built import built as built_for_this_run
from tests.portal import PASSWORD, Database, Portal, running_portal

# A property holds or it does not: a machine that is busy with something else fails no test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """A test's transaction is rolled back, and the stamps of its data come again in the next one.

    A page asked for in English leaves its process speaking English: each test begins in the portal's own language.
    """
    stamped.forget()
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _files_read_once() -> Iterator[None]:
    """Reference files are parsed once for all tests; each gets a copy of its own. Parsing was a tenth of their time."""
    parse, parsed = yaml.load, {}

    def load(text: Any, Loader: Any) -> Any:  # noqa: N803 (the name that PyYAML gives it)
        if not isinstance(text, str):
            return parse(text, Loader=Loader)
        if (text, Loader) not in parsed:
            parsed[text, Loader] = pickle.dumps(parse(text, Loader=Loader))
        return pickle.loads(parsed[text, Loader])  # noqa: S301 (what stands two lines above)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "load", load)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_chance_in_pages() -> Iterator[None]:
    """The token of a form is the same each time: drawn by lot, it now and then held the word that a test looks for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.middleware.csrf.get_random_string", lambda length, **_allowed: "a" * length)
        yield


@pytest.fixture(scope="session")
def built() -> Iterator[Built]:
    """What is built once for the whole run: see `tests.built`."""
    with built_for_this_run(components.database_is_postgres()) as shelf:
        yield shelf


@pytest.fixture(scope="session")
def django_db_setup(built: Built, django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Take a copy of the migrated database, in place of pytest-django's own, which each process would migrate anew."""
    with django_db_blocker.unblock(), copy_in_use(built.database("migrated"), postgres=built.postgres):
        number_apart()
        with django_db_blocker.block():
            yield


@pytest.fixture(scope="session")
def demo_database(built: Built) -> Database:
    """A database with reference and demonstration data, loaded once; portals start from copies of it."""
    return built.database("demo")


@pytest.fixture(scope="session")
def live_portal(demo_database: Database) -> Iterator[Portal]:
    """One portal shared by the tests of a run: web, worker and beat on the folder queue. Mark them `worker`."""
    with running_portal(postgres=components.database_is_postgres(), template=demo_database) as portal:
        yield portal


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(components.REDIS_URL, id="redis", marks=pytest.mark.redis),
        pytest.param(components.RABBITMQ_URL, id="rabbitmq", marks=pytest.mark.rabbitmq),
    ],
)
def portal_on_broker(request: pytest.FixtureRequest, demo_database: Database) -> Iterator[Portal]:
    """A portal of one module's own, on Redis and on RabbitMQ."""
    with running_portal(
        postgres=components.database_is_postgres(), broker_url=request.param, template=demo_database
    ) as portal:
        yield portal


@pytest.fixture
def own_portal(demo_database: Database) -> Iterator[Portal]:
    """A portal of one test's own, to be hurt."""
    with running_portal(postgres=components.database_is_postgres(), template=demo_database) as portal:
        yield portal


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The machine's Chromium, headless. Mark tests `chromium`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=components.browser_path(), args=BROWSER_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """`new_page(base_url, width=1366, height=768, language="vi")`: a page in a browser window of its own."""
    contexts = []

    def make(base_url: str, *, width: int = 1366, height: int = 768, language: str = "vi") -> Any:
        context = browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": height},
            locale="vi-VN" if language == "vi" else "en-GB",
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": base_url}])
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def as_user(live_portal: Portal, new_page: Callable[..., Any]) -> Callable[..., Any]:
    """`as_user("coordinator")`: a page of the live portal on which that demonstration user is signed in."""

    def sign_in(username: str, *, portal: Portal = live_portal, **window: Any) -> Any:
        page = new_page(portal.url, **window)
        page.goto("/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda address: "/login/" not in address)
        # Signing in brought the language of the account.
        language = window.get("language", "vi")
        page.context.add_cookies([{"name": "django_language", "value": language, "url": portal.url}])
        return page

    return sign_in
