"""How long a session lives, and what a call gets that comes after its end."""

import time

import pytest

from mongcai_portal.accounts.middleware import SEEN, STARTED
from mongcai_portal.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
PAGE = "/password/change/"


def set_back(client, **seconds):
    session = client.session
    for key, value in seconds.items():
        session[{"seen": SEEN, "started": STARTED}[key]] = time.time() - value
    session.save()


def test_session_lives_on_within_the_hour(client, person, sign_in):
    sign_in()
    set_back(client, seen=3590)
    assert client.get(PAGE).status_code == 200
    assert time.time() - client.session[SEEN] < 60, "work renews the hour"


def test_session_ends_after_an_idle_hour(client, person, sign_in):
    sign_in()
    set_back(client, seen=3601)
    response = client.get(PAGE)
    assert (response.status_code, response.url) == (302, f"/login/?next={PAGE}")
    assert AuditEvent.objects.get(kind="session.expired").details == {"reason": "idle"}
    assert "Phiên làm việc đã hết" in client.get(response.url).content.decode()


def test_session_ends_after_twelve_hours_of_work(client, person, sign_in):
    sign_in()
    set_back(client, seen=10, started=12 * 3600 + 1)
    assert client.get(PAGE).status_code == 302
    assert AuditEvent.objects.get(kind="session.expired").details == {"reason": "absolute"}


def test_what_a_page_asks_by_itself_is_not_work(client, person, sign_in):
    sign_in()
    set_back(client, seen=600)
    client.get(PAGE, headers={"X-Portal-Background": "1"})
    assert time.time() - client.session[SEEN] > 590


def test_requests_within_a_minute_do_not_write_the_session(client, person, sign_in, django_assert_num_queries):
    sign_in()
    client.get(PAGE)
    with django_assert_num_queries(3):  # session, user, roles
        client.get(PAGE)


def test_fragment_after_the_end_is_401_and_no_login_page(client, person, sign_in):
    sign_in()
    set_back(client, seen=4000)
    response = client.get(PAGE, headers={"HX-Request": "true"})
    assert response.status_code == 401
    body = response.content.decode()
    assert 'data-error="session_expired"' in body
    assert "<form" not in body


def test_json_call_after_the_end_is_a_401_problem(client, person, sign_in):
    sign_in()
    set_back(client, seen=4000)
    response = client.post(PAGE, headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "Phiên làm việc đã hết"


def test_form_sent_after_the_end_says_that_nothing_was_saved(client, person, sign_in):
    sign_in()
    set_back(client, seen=4000)
    response = client.post(PAGE, {"old_password": "x"})
    assert response.status_code == 401
    assert "chưa được lưu" in response.content.decode()


def test_signing_in_again_starts_a_new_session_key(client, person, sign_in):
    client.get("/login/")
    sign_in()
    first = client.session.session_key
    client.post("/logout/")
    sign_in()
    assert client.session.session_key != first
