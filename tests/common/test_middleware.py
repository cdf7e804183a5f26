"""What holds for every request: a NUL and too large a form are refused at the door, pages leave compressed."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from mongcai_portal.common.middleware import ProxyMiddleware
from tests.factories.windows import BACKEND
from tests.factories.world import World, bring_to, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_nul_in_a_form_is_refused_and_nothing_moves(world: World) -> None:
    report = bring_to(world, "approved")
    client = Client()
    client.force_login(world.people["coordinator"], backend=BACKEND)
    assert client.post(f"/reports/{report.pk}/reopen/", {"reason": "Nhập\0nhầm"}).status_code == 400
    report.refresh_from_db()
    assert report.status == "approved"
    assert client.post(f"/reports/{report.pk}/reopen/", {"reason": "Nhập nhầm"}).status_code == 302


@pytest.mark.parametrize("path", ["/login/?next=%00", "/healthz?a=%00"])
def test_a_nul_in_an_address_is_refused(path: str) -> None:
    assert Client().get(path).status_code == 400


def test_a_nul_in_a_name_at_the_login_is_refused() -> None:
    assert Client().post("/login/", {"username": "a\0", "password": "x"}).status_code == 400


def test_a_body_of_the_api_has_a_limit_of_its_own(client: Client, settings: Any) -> None:
    settings.MAX_API_BYTES = 100
    answer = client.post("/api/v1/reports/", "x" * 200, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert client.post("/api/v1/reports/", "x", content_type="application/json").status_code == 401


@pytest.mark.parametrize("path", ["/login/", "/reports/1/"])
def test_a_form_above_the_limit_is_refused_before_it_is_read(client: Client, settings: Any, path: str) -> None:
    settings.MAX_REQUEST_BYTES = 100
    answer = client.post(path, {"text": "x" * 200})
    assert answer.status_code == 413
    assert "quá lớn" in answer.content.decode()
    assert client.post(path, {"text": "x"}).status_code != 413


# --- What stands before the portal, and what goes out ---


def address_seen(monkeypatch: pytest.MonkeyPatch, forwarded: str, remote: str = "127.0.0.1") -> str:
    seen: list[str] = []

    def note(request: Any) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    ProxyMiddleware(note)(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))
    return seen[0]


def test_the_address_is_what_our_proxy_saw_and_not_what_the_caller_claims(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRUSTED_PROXIES = frozenset({"127.0.0.1"})
    assert address_seen(monkeypatch, "10.0.0.9") == "10.0.0.9"
    assert address_seen(monkeypatch, "1.2.3.4, 10.0.0.9") == "10.0.0.9"
    assert address_seen(monkeypatch, "10.0.0.9", remote="10.0.0.77") == "10.0.0.77"
    for nonsense in ("", "unknown", "10.0.0.9:99; x"):
        assert address_seen(monkeypatch, nonsense) == "127.0.0.1"


def test_without_a_proxy_nobody_names_an_address_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address_seen(monkeypatch, "10.0.0.9") == "127.0.0.1"


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_a_method_that_nothing_is_made_for_is_refused(client: Client, method: str) -> None:
    answer = client.generic(method, "/login/", headers={"X-Secret": "bí mật"})
    assert (answer.status_code, answer.content) == (405, b"")


def test_the_api_in_clear_is_refused_and_not_led_on(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = ["^api/", "^oauth/"]
    for path in ("/api/v1/units/", "/oauth/token/"):
        answer = client.post(path)
        assert answer.status_code == 403 and answer.json()["type"].endswith(":https_required"), path
    assert client.get("/api/v1/units/", secure=True).status_code == 401


def test_a_page_is_kept_by_no_cache_on_the_way(client: Client) -> None:
    answer = client.get("/login/")
    assert "private" in answer["Cache-Control"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


GZIP = {"headers": {"Accept-Encoding": "gzip, br"}}


def test_a_page_is_compressed_for_browsers_that_take_it_and_never_twice_to_the_same_length(client: Client) -> None:
    answers = [client.get("/login/", **GZIP) for _ in range(8)]
    for answer in answers:
        assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
        assert "</html>" in gzip.decompress(answer.content).decode()
    # Bytes of random length: how well a page compresses tells nobody what stands in it.
    assert len({len(answer.content) for answer in answers}) > 1
    assert "Content-Encoding" not in client.get("/login/").headers


def test_answers_of_the_api_keep_their_strong_tags_and_files_go_as_they_are(client: Client, world: World) -> None:
    client.force_login(world.people["leader"], backend=BACKEND)
    for path in ("/api/v1/units/", "/attainment/export.csv", "/attainment/export.xlsx"):
        answer = client.get(path, **GZIP)
        assert answer.status_code == 200 and "Content-Encoding" not in answer.headers, path
