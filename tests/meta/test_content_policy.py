"""What every answer carries: pages of every role, errors, downloads, the API, its documentation, static files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Report
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.views import LoginPage
from tests.factories.windows import BACKEND
from tests.factories.world import World
from tests.meta.test_crawl import addresses, objects_of, world  # noqa: F401 - the fixture

pytestmark = pytest.mark.django_db
PERSONAL = {"people", "person_new", "person", "audit", "audit_export", "api_clients", "sessions", "password_confirm"}
WIDE = ("coordinator", "administrator", "verifier_b", "officer")


def policy_of(answer: Any) -> dict[str, list[str]]:
    return {
        words[0]: words[1:]
        for part in answer["Content-Security-Policy"].split(";")
        if (words := part.split())
    }  # fmt: skip


_kept: dict[str, Any] = {}


@pytest.fixture
def answers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Every address once, by the first role that may read it, and what goes wrong in every way; asked once a run."""
    if not _kept:
        _kept.update(_all_answers(request.getfixturevalue("world"), monkeypatch))
    return _kept


def _all_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:  # noqa: F811
    found: dict[str, Any] = {}
    windows = {}
    for name in WIDE:
        windows[name] = Client()
        windows[name].force_login(world.people[name], backend=BACKEND)
    for name, path in addresses(objects_of(world, 0), monkeypatch).items():
        for window in windows.values():
            answer = window.get(path)
            if answer.status_code not in (403, 404, 405):
                found[name] = answer
                break
    for query in ("format=csv", "format=xlsx"):
        for name, path in {"audit": "/audit/export/", "matrix": "/attainment/export.csv"}.items():
            found[f"{name}?{query}"] = windows["coordinator"].get(f"{path}?{query}")
    stranger = Client(raise_request_exception=False)
    found["login"] = stranger.get("/login/")
    found["password_reset"] = stranger.get("/password/reset/")
    found["404"] = stranger.get("/nothing/")
    found["401 api"] = stranger.get("/api/v1/units/")
    found["401 form"] = stranger.post("/reports/1/approve/")
    found["403"] = windows["officer"].get("/users/")
    found["404 api"] = windows["coordinator"].get("/api/v1/nothing/")
    found["405"] = windows["coordinator"].delete("/users/")
    found["400"] = stranger.get("/login/?a=%00")
    found["csrf"] = Client(enforce_csrf_checks=True).post("/login/", {})
    found["redirect"] = stranger.get("/reports/")
    found["health"] = stranger.get("/healthz")
    found["static css"] = stranger.get("/static/css/portal.css")
    found["static svg"] = stranger.get("/static/img/mark.svg")

    def fail(self: Any, request: Any) -> Any:
        raise RuntimeError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LoginPage, "get", fail)
        found["500"] = stranger.get("/login/")
    return found


def test_every_answer_carries_a_policy_without_inline_or_eval(answers: dict[str, Any]) -> None:
    assert len(answers) > 70
    for name, answer in answers.items():
        policy = policy_of(answer)
        assert policy["default-src"] in (["'self'"], ["'none'"]), name
        text = answer["Content-Security-Policy"]
        assert not [word for word in ("unsafe-inline", "unsafe-eval", "*", "http") if word in text], name
        if policy["default-src"] == ["'self'"]:
            assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"], name
            assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"], name
        else:
            assert policy["frame-ancestors"] == ["'self'"], name


def test_every_answer_says_what_it_is_and_forbids_guessing(answers: dict[str, Any]) -> None:
    for name, answer in answers.items():
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["Referrer-Policy"] == "same-origin", name
        if answer.status_code in (204, 301, 302, 304) or not getattr(answer, "content", b"x"):
            continue
        kind = answer["Content-Type"]
        if kind.startswith("text/"):
            assert "charset=utf-8" in kind.lower().replace('"', ""), (name, kind)
        assert kind.partition(";")[0] != "text/html" or b"<" in answer.content[:200], name


def test_no_answer_lets_another_site_read_it(answers: dict[str, Any]) -> None:
    for name, answer in answers.items():
        assert not [header for header in answer.headers if header.lower().startswith("access-control-")], name
        assert name.startswith("static") or answer["Cross-Origin-Resource-Policy"] == "same-origin", name
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", name


def test_no_answer_with_data_is_kept_by_a_cache_on_the_way(answers: dict[str, Any]) -> None:
    for name, answer in answers.items():
        if not name.startswith("static"):
            assert re.search(r"private|no-store", answer["Cache-Control"]), (name, answer["Cache-Control"])


def test_pages_with_personal_data_are_not_stored(answers: dict[str, Any]) -> None:
    assert set(answers) >= PERSONAL
    kept = {name for name in PERSONAL if "no-store" not in answers[name]["Cache-Control"]}
    assert kept == set()


def pages(answers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, answer in answers.items():
        if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            yield name, answer.content.decode()


def test_no_page_holds_script_style_or_anything_from_elsewhere(answers: dict[str, Any]) -> None:
    inline = re.compile(
        r"<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:|<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.I
    )
    loaded = re.compile(r"<(?:script|img|iframe|source|link|form)\b[^>]*\b(?:src|href|action)=\"(?:https?:)?//")
    for name, text in pages(answers):
        assert inline.findall(text) == [], name
        assert loaded.findall(text) == [], name


def test_every_form_that_writes_needs_the_token_of_the_page(answers: dict[str, Any]) -> None:
    forms = 0
    for name, text in pages(answers):
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.DOTALL | re.IGNORECASE):
            forms += 1
            assert "csrfmiddlewaretoken" in form, name
    assert forms > 60


def test_every_page_offers_the_way_out(answers: dict[str, Any]) -> None:
    missing = {
        name for name, text in pages(answers)
        if "<html" in text and 'action="/logout/"' not in text
        and name not in {"login", "password_reset", "404", "500", "400", "csrf", "401 form", "api_docs"}
    }  # fmt: skip
    assert missing == set()


def test_what_people_type_is_shown_as_text(world: World) -> None:  # noqa: F811
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7|add:7 }}'
    User.objects.filter(username="officer").update(full_name=evil)
    report = Report.objects.get(unit=world.communes[0])
    coordinator, administrator, officer = Client(), Client(), Client()
    for client, name in ((coordinator, "coordinator"), (administrator, "administrator"), (officer, "officer")):
        client.force_login(world.people[name], backend=BACKEND)
    coordinator.post(f"/reports/{report.pk}/reopen/", {"reason": evil})
    officer.post(f"/reports/{report.pk}/values/roads/comments/", {"text": evil, "body": evil})
    seen = 0
    person = f"/users/{world.people['officer'].pk}/"
    pages_of = {
        administrator: ["/users/", person, "/audit/", f"/users/?q={evil}"],
        coordinator: [f"/audit/?q={evil}", f"/reports/{report.pk}/revisions/", "/reports/"],
        officer: ["/sessions/", f"/reports/{report.pk}/"],
    }
    for client, path in ((client, path) for client, paths in pages_of.items() for path in paths):
        text = client.get(path).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text, path
        seen += "&lt;script&gt;" in text
    assert seen >= 6


LOOKS = {
    "household", "household_seen", "household_edit", "household_move", "household_end", "household_head",
    "household_split", "household_merge", "household_join", "household_person", "household_leave", "household_list",
    "review_households", "review_sheet", "review_complaint", "review_answer", "review_refusal", "review_certificate",
    "api-household-list", "api-household-detail",
}  # fmt: skip


def test_reading_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    client = Client()
    client.force_login(world.people["coordinator"], backend=BACKEND)
    client.get("/")
    # That the log left as a file is an event, and so is that somebody looked at a household or a list of them; the form
    # that asks for a number is good for one answer, which the session remembers.
    told = {"audit_export", "sessions", "household_unmask", *LOOKS}
    for name, path in addresses(objects_of(world, 0), monkeypatch).items():
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        writes = [q["sql"] for q in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"])]
        assert not writes or name in told, (name, writes)
        assert name not in LOOKS or all("audit_auditevent" in one for one in writes), (name, writes)


def test_a_parameter_given_twice_is_refused_by_the_api(world: World) -> None:  # noqa: F811
    client = Client()
    client.force_login(world.people["coordinator"], backend=BACKEND)
    answer = client.get("/api/v1/units/?kind=commune&kind=ward")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "repeated_parameter")
