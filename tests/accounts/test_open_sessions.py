"""A person sees where they are signed in and ends it; what changes the password or closes the account ends it too."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken

from mongcai_portal.accounts import services
from mongcai_portal.accounts.models import OpenSession, User
from mongcai_portal.accounts.sessions import CONFIRMED, STARTED
from mongcai_portal.accounts.tasks import clear_expired
from mongcai_portal.audit.models import AuditEvent

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
PAGE, NEW = "/password/change/", "vinh-thuc-mua-he"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(username: str = "officer.haison", **headers: str) -> Client:
    client = Client(headers=headers)
    assert client.post("/login/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def age(client: Client, **seconds: float) -> None:
    session = client.session
    for key, value in seconds.items():
        session[{"started": STARTED, "confirmed": CONFIRMED}[key]] = time.time() - value
    session.save()


@pytest.fixture
def other(db: None) -> Client:
    services.create_user(username="other", by=None, password=PASSWORD)
    return signed_in("other")


def test_the_key_that_someone_planted_before_the_login_opens_nothing(person: User) -> None:
    planted = Client()
    planted.cookies["sessionid"] = "a" * 32
    planted.post("/login/", {"username": "officer.haison", "password": PASSWORD})
    assert planted.session.session_key != "a" * 32
    thief = Client()
    thief.cookies["sessionid"] = "a" * 32
    assert not is_in(thief)


def test_a_session_begun_before_the_login_gets_another_key(person: User) -> None:
    client = Client()
    session = client.session
    session["seen"] = "once"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post("/login/", {"username": "officer.haison", "password": PASSWORD})
    assert client.session.session_key != before
    assert not OpenSession.objects.filter(session_key=before).exists()


def test_logging_out_kills_the_session_for_whoever_kept_its_key(person: User) -> None:
    client, thief = signed_in(), Client()
    thief.cookies["sessionid"] = client.session.session_key
    assert is_in(thief)
    answer = client.post("/logout/")
    assert not is_in(thief) and not is_in(client)
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not OpenSession.objects.filter(user=person).exists()


def test_the_page_lists_ones_own_sessions_and_shows_no_key(person: User, other: Client) -> None:
    here, there = signed_in(), signed_in(**{"User-Agent": FIREFOX})
    page = here.get("/sessions/")
    assert [row.device for row in page.context["sessions"]] == ["Firefox · Windows", "không rõ thiết bị"]
    assert [row.present for row in page.context["sessions"]] == [False, True]
    text = page.content.decode()
    assert "127.0.0.1" in text
    assert not any(client.session.session_key in text for client in (here, there, other))
    assert "no-store" in page["Cache-Control"]


def test_one_session_is_ended_and_the_others_stay(person: User) -> None:
    here, there = signed_in(), signed_in()
    row = next(row for row in here.get("/sessions/").context["sessions"] if not row.present)
    assert here.post("/sessions/", {"action": "end", "session": row.handle}).status_code == 302
    assert is_in(here) and not is_in(there)
    assert AuditEvent.objects.get(kind="session.ended").details == {"sessions": 1}
    here.post("/sessions/", {"action": "end", "session": row.handle})  # a second window: nothing more happens
    assert AuditEvent.objects.filter(kind="session.ended").count() == 1


def test_all_others_are_ended_at_once(person: User, other: Client) -> None:
    here, there, third = signed_in(), signed_in(), signed_in()
    here.post("/sessions/", {"action": "others"})
    assert (is_in(here), is_in(there), is_in(third), is_in(other)) == (True, False, False, True)


def test_the_session_of_someone_else_cannot_be_ended(person: User, other: Client) -> None:
    here = signed_in()
    handle = OpenSession.objects.get(session_key=other.session.session_key).handle
    here.post("/sessions/", {"action": "end", "session": handle})
    assert is_in(other)


def test_a_session_that_ended_by_itself_is_not_listed(person: User) -> None:
    here = signed_in()
    signed_in()
    OpenSession.objects.exclude(session_key=here.session.session_key).update(
        seen_at=timezone.now() - timedelta(seconds=settings.PORTAL_SESSION_IDLE + 1)
    )
    assert len(here.get("/sessions/").context["sessions"]) == 1


def test_changing_the_password_ends_the_other_sessions_and_gives_this_one_another_key(person: User) -> None:
    here, there = signed_in(), signed_in()
    before = here.session.session_key
    here.post(PAGE, {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert is_in(here) and not is_in(there)
    assert here.session.session_key != before


def test_a_password_set_by_letter_or_by_an_administrator_ends_every_session(person: User) -> None:
    for change in (
        lambda: services.reset_password(user=person, new_password=NEW, by=person),
        lambda: services.set_password(user=person, password=PASSWORD, by=None, must_change=False),
    ):
        client = Client()
        client.force_login(person, backend="mongcai_portal.accounts.backends.PasswordBackend")
        assert is_in(client)
        change()
        assert not is_in(client)


def test_closing_an_account_ends_its_sessions(person: User) -> None:
    client = signed_in()
    services.deactivate_user(user=person, by=None, reason="nghỉ việc")
    assert not OpenSession.objects.filter(user=person).exists()
    services.activate_user(user=person, by=None)
    assert not is_in(client)


@pytest.mark.parametrize(("path", "form"), [("/sessions/", {"action": "others"})])
def test_what_opens_other_doors_asks_for_the_password_again(person: User, path: str, form: dict[str, str]) -> None:
    client = signed_in()
    age(client, started=settings.PORTAL_CONFIRMED_FOR + 5)
    asked = client.get(path)
    assert (asked.status_code, asked["Location"]) == (302, f"/password/confirm/?next={path}")
    # A form that was opened in time is taken a while longer, then no more.
    there = signed_in()
    assert client.post(path, form).status_code == 302 and not is_in(there)
    age(client, started=2 * settings.PORTAL_CONFIRMED_FOR + 5)
    there = signed_in()
    late = client.post(path, form, headers={"referer": f"http://testserver{path}"})
    assert late["Location"].startswith("/password/confirm/") and is_in(there)
    assert client.get(path, headers={"HX-Request": "true"}).status_code == 401


def test_the_right_password_leads_on_with_a_new_key_and_a_wrong_one_does_not(person: User) -> None:
    client = signed_in()
    age(client, started=settings.PORTAL_CONFIRMED_FOR + 5)
    before = client.session.session_key
    wrong = client.post("/password/confirm/", {"password": "sai", "next": "/sessions/"})
    assert (wrong.status_code, "Mật khẩu không đúng." in wrong.content.decode()) == (422, True)
    assert client.get("/sessions/").status_code == 302
    right = client.post("/password/confirm/", {"password": PASSWORD, "next": "/sessions/"})
    assert right["Location"] == "/sessions/"
    assert client.get("/sessions/").status_code == 200
    assert client.session.session_key != before
    kinds = list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == ["login.failed", "password.confirmed"]


def test_guessing_at_the_confirmation_closes_the_name_as_at_the_login(person: User) -> None:
    client = signed_in()
    codes = [client.post("/password/confirm/", {"password": f"sai {n}"}).status_code for n in range(6)]
    assert codes[-1] == 429
    assert client.post("/password/confirm/", {"password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_confirmation_never_leads_outside(person: User, target: str) -> None:
    answer = signed_in().post("/password/confirm/", {"password": PASSWORD, "next": target})
    assert "evil" not in answer["Location"] and "javascript" not in answer["Location"]


def test_what_opens_nothing_any_more_is_deleted_at_night(person: User, other: Client) -> None:
    mine = signed_in()
    OpenSession.objects.filter(session_key=mine.session.session_key).update(expire_date=timezone.now())
    token = AccessToken.objects.create(token="x", token_checksum="x", expires=timezone.now() - timedelta(days=1))
    clear_expired()
    assert not OpenSession.objects.filter(user=person).exists()
    assert not AccessToken.objects.filter(pk=token.pk).exists()
    assert is_in(other)


def at_login(client: Client, **fields: str) -> Any:
    return client.post("/login/", {"username": "officer.haison", "password": PASSWORD, **fields})


def test_an_address_that_tries_out_lists_of_names_is_closed_and_another_is_not(person: User) -> None:
    settings_limit = settings.LOGIN_ADDRESS_LIMIT
    from axes.models import AccessAttempt

    for n in range(settings_limit // 4):
        AccessAttempt.objects.create(
            username=f"name{n}", ip_address="127.0.0.1", failures_since_start=4, user_agent="", http_accept="",
            path_info="", get_data="", post_data="",
        )  # fmt: skip
    assert at_login(Client()).status_code == 302  # 48 of 50
    for n in range(2):
        Client().post("/login/", {"username": f"more{n}", "password": "sai"})
    closed = at_login(Client())
    assert (closed.status_code, closed["Retry-After"]) == (429, "900")
    assert "từ mạng này" in closed.content.decode()
    assert Client(REMOTE_ADDR="10.1.2.3").post(
        "/login/", {"username": "officer.haison", "password": PASSWORD}
    ).status_code == 302  # fmt: skip
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert at_login(Client()).status_code == 302


def test_a_letter_with_a_link_is_sent_three_times_an_hour_and_the_answer_stays_the_same(
    person: User, mailoutbox: list[Any]
) -> None:
    answers = {Client().post("/password/reset/", {"email": person.email})["Location"] for _ in range(5)}
    assert answers == {"/password/reset/sent/"}
    assert len(mailoutbox) == 3
