"""The portal as it stands behind HTTPS: Django's own deployment check, its cookies and its headers."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BASE = Path(__file__).resolve().parents[2]
# What no page of these touches needs a database.
ASK = """
import json, logging, django
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.core.management import call_command
from django.test import Client
django.setup()
logging.disable()
call_command("check", deploy=True, fail_level="WARNING")
plain = Client(headers={"Host": "portal.example"})
https = Client(headers={"Host": "portal.example", "X-Forwarded-Proto": "https"})
page = https.get("/login/")
https.post("/theme/", {"theme": "dark"})
https.post("/i18n/setlang/", {"language": "en"})
api = plain.get("/api/v1/units/", headers={"Authorization": "Bearer x"})
led = plain.get("/login/?next=/reports/")
print(json.dumps({
    "silenced": settings.SILENCED_SYSTEM_CHECKS,
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "cookies": {name: {key: morsel[key] for key in ("secure", "httponly", "samesite", "path", "domain")}
                for name, morsel in https.cookies.items()},
    "messages": settings.MESSAGES_COOKIE_NAME,
    "headers": dict(page.headers), "api": [api.status_code, api.json()["type"]],
    "led": [led.status_code, led["Location"]], "health": plain.get("/healthz").status_code,
    "debug": settings.DEBUG,
    "key": [oct((settings.VAR_DIR / "secret_key").stat().st_mode & 0o777), settings.SECRET_KEY],
    "served": {path: https.get(path).status_code for path in (
        "/static/", "/static/css/", "/.git/config", "/static/../manage.py", "/static/%2e%2e/manage.py", "/.env",
        "/static/../var/secret_key", "/manage.py", "/files/", "/media/", "/static/x.js.map", "/requirements.txt")},
    "hasher": get_hasher().algorithm, "stretched": get_hasher().encode("a", "b" * 16),
    "host": Client(headers={"X-Forwarded-Proto": "https", "Host": "evil.example"}).get("/login/").status_code,
}))
"""


def example() -> dict[str, str]:
    """The environment file of a server, without what stands elsewhere there: the folder, database and broker."""
    text = (BASE / "deploy/portal.env.example").read_text(encoding="utf-8")
    found = dict(re.findall(r"(?m)^([A-Z_]+)=(.*)$", text))
    kept = {name: found[name] for name in found.keys() - {"PORTAL_VAR_DIR", "DATABASE_URL", "CELERY_BROKER_URL"}}
    return kept | {"PORTAL_DATA_KEYS": secrets.token_hex(32)}


def run(*command: str, var: Path, **over: str) -> subprocess.CompletedProcess[str]:
    """A program with the environment of a server, and nothing of this one's."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL")}
    return subprocess.run(
        [sys.executable, *command], cwd=BASE, capture_output=True, text=True, timeout=120, check=False,
        env=kept | {
            "DJANGO_SETTINGS_MODULE": "mongcai_portal.settings", "PORTAL_VAR_DIR": str(var),
            "PORTAL_STATIC_MANIFEST": "0", **example(), **over,
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    done = run("-c", ASK, var=tmp_path_factory.mktemp("var"))
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_the_deployment_check_has_nothing_to_say_but_what_is_refused_with_a_reason(told: dict[str, Any]) -> None:
    # The fixture fails on a warning. W021: the list that browsers carry takes whole domains; their owner asks for it.
    assert told["silenced"] == ["security.W021"]


def test_every_cookie_is_of_this_host_alone(told: dict[str, Any]) -> None:
    assert told["session"] == ["__Host-sessionid", True, True]
    assert told["messages"].startswith("__Host-")
    assert set(told["cookies"]) == {"__Host-csrftoken", "__Host-portal_theme", "__Host-django_language"}
    for name, cookie in told["cookies"].items():
        assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"] and cookie["samesite"] == "Lax", name
        # The token of forms is read by the page's own script, which takes the newest.
        assert bool(cookie["httponly"]) == (name != "__Host-csrftoken"), name


def test_the_script_of_the_pages_knows_the_name_of_the_token(told: dict[str, Any]) -> None:
    script = (BASE / "static/js/base/shell.js").read_text(encoding="utf-8")
    assert '"__Host-csrftoken"' in script and '"csrftoken"' in script


def test_browsers_are_told_to_stay_on_https_for_a_year_here_and_below(told: dict[str, Any]) -> None:
    assert told["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_people_are_led_to_https_programs_are_refused_and_probes_are_answered(told: dict[str, Any]) -> None:
    assert told["led"] == [301, "https://portal.example/login/?next=/reports/"]
    assert told["api"] == [403, "urn:mongcai:problem:https_required"]
    assert told["health"] == 200


def test_another_host_name_is_refused(told: dict[str, Any]) -> None:
    assert told["host"] == 400


def test_debugging_is_off_unless_it_is_asked_for(told: dict[str, Any]) -> None:
    assert told["debug"] is False


def test_the_key_is_made_once_and_readable_by_its_owner_alone(told: dict[str, Any]) -> None:
    mode, key = told["key"]
    assert (mode, len(key) >= 50) == ("0o600", True)
    assert key.isascii() and len(set(key)) > 20


# The web server's door, the worker's and the clock's, and a command.
STARTS = {
    "web": ("-c", "import mongcai_portal.wsgi"),
    "worker": ("-m", "celery", "--app", "mongcai_portal", "worker", "--pool", "solo", "--queues", "none"),
    "beat": ("-m", "celery", "--app", "mongcai_portal", "beat"),
    "command": ("manage.py", "load_reference"),
}


@pytest.mark.parametrize("start", STARTS)
def test_nothing_starts_without_a_key_for_identity_numbers_and_none_is_made(tmp_path: Path, start: str) -> None:
    done = run(*STARTS[start], var=tmp_path, PORTAL_DATA_KEYS="")
    assert done.returncode != 0
    assert "portal.E001" in done.stderr, done.stderr
    assert not (tmp_path / "data_keys").exists()


def test_the_key_as_it_stands_in_the_example_is_none(tmp_path: Path) -> None:
    done = run(*STARTS["web"], var=tmp_path, PORTAL_DATA_KEYS="KEY-OF-THE-DATA")
    assert done.returncode != 0
    assert "portal.E001" in done.stderr, done.stderr


def test_the_door_of_the_web_server_opens_with_a_key(tmp_path: Path) -> None:
    # One that came back with an archive is as good as one that is set.
    (tmp_path / "data_keys").write_text(secrets.token_hex(32))
    done = run(*STARTS["web"], var=tmp_path, PORTAL_DATA_KEYS="")
    assert done.returncode == 0, done.stderr


def test_passwords_are_stretched_as_rfc_9106_recommends(told: dict[str, Any]) -> None:
    assert told["hasher"] == "argon2"
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in told["stretched"]


def test_no_source_or_folder_is_served(told: dict[str, Any]) -> None:
    assert len(told["served"]) > 10
    assert {path: code for path, code in told["served"].items() if code != 404} == {}


def test_the_proxy_of_the_guide_speaks_tls_of_today_and_leads_no_program_on() -> None:
    text = (BASE / "deploy/nginx/mongcai-portal.conf").read_text(encoding="utf-8")
    assert re.findall(r"ssl_protocols\s+(.+);", text) == ["TLSv1.2 TLSv1.3"]
    assert re.findall(r"ssl_ciphers\s+(.+);", text) == ["ECDHE+AESGCM:ECDHE+CHACHA20"]
    plain = text[text.index("listen 80") : text.index("listen 443")]
    assert re.search(r"location ~ \^/\(api\|oauth\)/ \{\s+return 403;", plain)
    # Set anew: what a caller claims of its address never comes through.
    assert re.search(r"X-Forwarded-For\s+\$remote_addr;", text)
