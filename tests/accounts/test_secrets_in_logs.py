"""A day of logins, tokens, letters and faults, and not one secret of it in the log."""

from __future__ import annotations

import json
import logging
import re
import secrets as chance
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from communes.services.api_clients import create_api_client
from mongcai_portal.accounts.models import OpenSession
from mongcai_portal.accounts.services import create_user
from mongcai_portal.accounts.views import LoginPage
from mongcai_portal.audit.log_lines import LineFormatter
from mongcai_portal.audit.models import AuditEvent
from tests.factories.clients import ApiCaller, token_of
from tests.meta.test_production import run

pytestmark = pytest.mark.django_db
PASSWORD, NEW, WRONG = "bien-gioi-2023", "vinh-thuc-mua-he", "gõ-nhầm-ở-đây-9931"
ADDRESS = "ha.nguyen@mongcai.gov.vn"
# A portal whose database and broker are away, at work as finely logged as it can be; what it hid goes out apart.
AWAY = """
import logging, django
django.setup()
logging.getLogger().setLevel(logging.DEBUG)
from django.test import Client
from mongcai_portal.celery import app
from mongcai_portal.common.ciphers import Keyring, keyring, new_key
visitor = Client(raise_request_exception=False, headers={"Host": "portal.example", "X-Forwarded-Proto": "https"})
hidden = keyring().hide("022280001234", "test")
units = visitor.get("/api/v1/units/", headers={"Authorization": "Bearer x"})
codes = [visitor.get("/readyz").status_code, units.status_code]
try:
    Keyring([new_key()]).show(hidden.key, hidden.text, "test")
except Exception:
    logging.getLogger("portal").exception("another key")
try:
    app.send_task("nothing", retry=False)
except Exception:
    logging.getLogger("portal").exception("the broker is away")
print(codes)
"""


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that any logger says, as finely as it can, in the portal's own form."""
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    # Where no level is set below the root, all of it comes up; the SQL of a connection is not logged in production.
    level, root.level = root.level, logging.DEBUG
    root.addHandler(handler)
    quiet = [logging.getLogger(name) for name in ("django.db.backends", "django.template")]
    before = [one.level for one in quiet]
    for one in quiet:
        one.setLevel(logging.WARNING)
    yield out
    for one, was in zip(quiet, before, strict=True):
        one.setLevel(was)
    root.removeHandler(handler)
    root.level = level


@pytest.fixture
def person(db: None) -> Any:
    return create_user(username="ha", by=None, full_name="Nguyễn Thị Hà", email=ADDRESS, password=PASSWORD)


def mailed_path() -> str:
    found = re.search(r"https?://[^/]+(/password/reset/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_no_secret_of_a_whole_day_is_in_the_log(person: Any, log: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.get("/login/")
    secrets = {PASSWORD, NEW, WRONG, ADDRESS, settings.SECRET_KEY, client.cookies["csrftoken"].value}
    client.post("/login/", {"username": "ha", "password": WRONG})
    for _ in range(2):
        client.post("/login/", {"username": WRONG, "password": WRONG})  # the password in the field of the name
    client.post("/login/", {"username": "ha", "password": PASSWORD})
    secrets |= {client.session.session_key, client.cookies["csrftoken"].value}
    client.post("/password/change/", {"old_password": WRONG, "new_password1": NEW, "new_password2": NEW})
    client.post("/password/change/", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    secrets.add(client.session.session_key)
    client.get("/users/")  # refused
    client.post("/logout/")

    client.post("/password/reset/", {"email": ADDRESS})
    path = mailed_path()
    token = path.rstrip("/").rpartition("/")[2]
    secrets.add(token)
    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    client.get(path)  # used up
    client.get(path + "nothing/behind/it")  # not found, and told by Django with its address

    made = create_api_client(by=None, name="Kho", role="leader", scopes=["read"], units=[], offices=[])
    answer = token_of(made.client_id, made.client_secret)
    bearer = answer.json()["access_token"]
    secrets |= {made.client_secret, bearer}
    token_of(made.client_id, made.client_secret + "x")
    caller = ApiCaller(bearer)
    caller.get("units/")
    caller.get("nothing/")
    caller.client.post("/api/v1/reports/", {}, content_type="application/json")
    Client(headers={"Authorization": f"Bearer {bearer}x"}).get("/api/v1/units/")

    def fail(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        password = request.POST["password"]
        raise RuntimeError(f"{len(password)} characters")

    monkeypatch.setattr(LoginPage, "post", fail)
    assert client.post("/login/", {"username": "ha", "password": PASSWORD}).status_code == 500

    told = log.getvalue()
    assert "RuntimeError" in told and "Not Found" in told and "/users/" in told  # it did listen
    assert [secret for secret in secrets if secret in told] == []
    kept = json.dumps(list(AuditEvent.objects.values("object_label", "details", "actor_name")), ensure_ascii=False)
    assert [secret for secret in secrets - {WRONG} if secret in kept] == []
    assert OpenSession.objects.count() <= 2


@pytest.mark.parametrize("broker", ["amqp://portal:{}@127.0.0.1:1//", "redis://:{}@127.0.0.1:1/0"])
def test_no_key_of_the_data_and_no_password_of_database_or_broker_is_in_the_log(tmp_path: Path, broker: str) -> None:
    keys = [chance.token_hex(32), chance.token_hex(32)]
    database, queue, mail_server = (chance.token_hex(12) for _ in range(3))
    done = run(
        "-c", AWAY, var=tmp_path, PORTAL_DATA_KEYS=",".join(keys), CELERY_BROKER_URL=broker.format(queue),
        DATABASE_URL=f"postgres://portal:{database}@127.0.0.1:1/portal",
        EMAIL_URL=f"smtp+tls://portal:{mail_server}@127.0.0.1:1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[503, 503]"
    for sign in ("health check failed", "OperationalError", "the broker is away", "another key"):  # it did tell
        assert sign in done.stderr, sign
    told = done.stderr + done.stdout
    assert [one for one in (*keys, database, queue, mail_server, "022280001234") if one in told] == []


def test_a_name_that_no_account_has_is_not_kept_as_it_was_typed(person: Any) -> None:
    client = Client()
    client.post("/login/", {"username": WRONG, "password": "x"})
    client.post("/login/", {"username": "ha", "password": "x"})
    labels = list(AuditEvent.objects.filter(kind="login.failed").order_by("pk").values_list("object_label", flat=True))
    assert labels == [f"{WRONG[:2]}•••", "ha"]


def test_the_page_behind_a_mailed_link_has_no_token_in_its_address(person: Any) -> None:
    client = Client()
    client.post("/password/reset/", {"email": ADDRESS})
    path = mailed_path()
    token = path.rstrip("/").rpartition("/")[2]
    led = client.get(path)
    assert led.status_code == 302 and token not in led["Location"]
    page = client.get(led["Location"])
    assert page.status_code == 200 and token not in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin" and "no-store" in page["Cache-Control"]


def test_an_unforeseen_error_is_logged_without_what_was_typed(
    person: Any, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        typed = dict(request.POST)
        raise ValueError(f"{len(typed)} fields")

    monkeypatch.setattr(LoginPage, "post", fail)
    client = Client(raise_request_exception=False)
    answer = client.post("/login/", {"username": "ha", "password": PASSWORD}, headers={"X-Request-ID": "yeu-cau-0009"})
    assert answer.status_code == 500 and "ValueError" not in answer.content.decode()
    told = log.getvalue()
    assert "ValueError: 2 fields" in told and "yeu-cau-0009" in told
    assert PASSWORD not in told
