"""Nothing is open by accident: every route asks who is there, but for a short list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# What API.md names as public, and nothing else.
PUBLIC = {
    "login",
    "password_reset",
    "password_reset_sent",
    "password_reset_done",
    "password_reset_confirm",
    "set_language",
    "set_theme",  # like the language: a preference of the browser, offered on the login page too
    "healthz",
    "readyz",
    "oauth_token",
}
# Leaving is no secret: it ends a session, or does nothing.
HARMLESS = {"logout"}
VALUES = {
    "element": "roads", "number": "1", "indicator": "1.1",
    "uid": "bac-son", "uidb64": "MQ", "token": "abc", "report_id": "1", "code": "ntm.attained.standard",
    "pk": "1", "period": "2023", "reminder_id": "1", "user_id": "1",
    "assignment_id": "1", "client_id": "1", "format": "json",
    "version_id": "1",
    "document_id": "1",
    "evidence_id": "1",
}  # fmt: skip
VALUES |= {"round_id": "1", "review_id": "1", "village_id": "1", "file_id": "1", "book_id": "1"}
VALUES |= {"recognition_id": "1", "scan_id": "1", "import_id": "1", "job_id": "1"}
VALUES |= {"household_id": "1", "person_id": "1", "list_id": "1"}
VALUES |= {"product_id": "1", "assessment_id": "1", "certificate_id": "1", "photo_id": "1", "notice_id": "1"}
VALUES |= {"household_id": "1", "person_id": "1", "line_id": "1", "finance_id": "1"}
VALUES |= {"statistic_id": "1", "target_id": "1"}
VALUES |= {"paper_id": "1", "act": "refresh", "chart": "levels", "kind": "svg", "name": "ntm.attained.standard.svg"}
VALUES |= {"statistic_id": "1", "target_id": "1", "task_id": "1", "attachment_id": "1", "difficulty_id": "1"}

Route = tuple[str, str]


def _fill(pattern: str) -> str:
    """Return an address that the pattern matches, from a `path()` or a router's regular expression."""
    filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: VALUES[found[1]], pattern)
    filled = (
        re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda found: VALUES[found[1]], pattern)
        if ("(?P<" in pattern)
        else filled
    )
    return filled.replace("^", "").replace(r"\Z", "").replace("$", "").replace("\\", "").replace(".*", "nowhere")


def walk(patterns: list[URLPattern | URLResolver], before: str = "/") -> Iterator[Route]:
    for entry in patterns:
        here = before + _fill(str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, here)
        else:
            yield here, entry.name or ""


ROUTES = sorted(set(walk(get_resolver().url_patterns)))
PRIVATE = [route for route in ROUTES if route[1] not in PUBLIC | HARMLESS]


@pytest.fixture
def stranger() -> Client:
    return Client()


def test_the_walk_finds_pages_and_api() -> None:
    paths = [path for path, _name in ROUTES]
    assert {"/", "/reports/", "/reports/1/approve/", "/api/v1/measures/", "/api/v1/reports/1/approve/"} <= set(paths)
    assert len(paths) > 30


def test_every_public_route_exists() -> None:
    assert {name for _path, name in ROUTES} >= PUBLIC | HARMLESS


@pytest.mark.django_db
@pytest.mark.parametrize("route", PRIVATE, ids=lambda route: route[0])
def test_a_stranger_is_sent_to_the_login_page_or_told_401(stranger: Client, route: Route) -> None:
    path, _name = route
    for method in ("get", "head", "post", "put", "patch", "delete"):
        answer = getattr(stranger, method)(path)
        if path.startswith("/api/"):
            assert answer.status_code == 401, method
            assert answer["WWW-Authenticate"].startswith("Bearer")
            assert answer["Content-Type"] == "application/problem+json"
        elif method in ("get", "head") and answer.status_code != 405:
            assert answer.status_code == 302, method
            assert answer["Location"] == f"/login/?next={path}"
        else:
            # A form sent without a session is not led to another page: Back still has what was typed.
            assert answer.status_code in (401, 405), method


@pytest.mark.django_db
@pytest.mark.parametrize("route", PRIVATE, ids=lambda route: route[0])
def test_a_made_up_session_or_token_opens_nothing(stranger: Client, route: Route) -> None:
    path, _name = route
    stranger.cookies["sessionid"] = uuid4().hex
    assert stranger.get(path).status_code in (302, 401, 405)
    if path.startswith("/api/"):
        assert stranger.get(path, headers={"authorization": f"Bearer {uuid4().hex}"}).status_code == 401


@pytest.mark.django_db
def test_public_routes_answer_a_stranger(stranger: Client) -> None:
    for path, name in ROUTES:
        if name in PUBLIC:
            answer = stranger.get(path, follow=False)
            assert answer.status_code in (200, 302, 400, 405, 503), path
            if answer.status_code == 302:
                assert not answer["Location"].startswith("/login/?next="), path


@pytest.mark.django_db
def test_a_reader_of_the_apis_documentation_is_led_to_the_login_page(stranger: Client) -> None:
    answer = stranger.get("/api/v1/docs/", headers={"accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/api/v1/docs/")


@pytest.mark.django_db
def test_an_unknown_address_gives_nothing_away(stranger: Client) -> None:
    assert stranger.get("/no/such/page/").status_code == 404
    assert stranger.get("/api/v1/no-such-thing/").status_code == 401
