"""Coming and going, with refusal beside success."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from mongcai_portal.accounts import services
from mongcai_portal.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


def signed_in(client):
    return "_auth_user_id" in client.session


def test_right_password_signs_in_and_is_logged(client, person, sign_in):
    assert sign_in().status_code == 302
    assert signed_in(client)
    assert AuditEvent.objects.get(kind="login").actor_id == str(person.pk)


def test_name_is_taken_in_any_case(client, person, sign_in):
    sign_in(username="  Officer.HaiSon ")
    assert signed_in(client)


@pytest.mark.parametrize(
    ("username", "password"),
    [("officer.haison", "sai"), ("khong.co", "bien-gioi-2023"), ("", ""), ("officer.haison", "")],
)
def test_anything_else_does_not_sign_in(client, person, sign_in, username, password):
    response = sign_in(username=username, password=password)
    assert response.status_code == 200
    assert not signed_in(client)


def test_unknown_name_and_wrong_password_say_the_same(person, sign_in):
    unknown, wrong = sign_in(username="khong.co"), sign_in(password="sai")
    assert list(unknown.context["form"].non_field_errors()) == list(wrong.context["form"].non_field_errors())
    assert "không đúng" in unknown.context["form"].non_field_errors()[0]


def test_closed_account_does_not_sign_in(client, person, sign_in):
    services.deactivate_user(user=person, by=None, reason="nghỉ việc")
    sign_in()
    assert not signed_in(client)


def test_account_of_a_program_does_not_sign_in(client, sign_in):
    services.create_user(username="may", by=None, password="bien-gioi-2023", is_service=True)
    sign_in(username="may")
    assert not signed_in(client)


def test_closing_an_account_ends_its_open_session(client, person, sign_in):
    sign_in()
    assert client.get("/password/change/").status_code == 200
    services.deactivate_user(user=person, by=None)
    assert client.get("/password/change/").status_code == 302


def test_five_wrong_tries_lock_the_name_and_say_until_when(client, person, sign_in):
    for _ in range(4):
        assert sign_in(password="sai").status_code == 200
    locked = sign_in(password="sai", username="OFFICER.haison")
    assert locked.status_code == 429
    last = AccessAttempt.objects.get().attempt_time
    opens = timezone.localtime(last + timedelta(minutes=16))
    assert f"{opens:%H:%M}" in locked.content.decode()
    assert int(locked["Retry-After"]) <= 16 * 60
    assert AuditEvent.objects.filter(kind="login.locked").count() == 1

    assert sign_in().status_code == 429, "even the right password waits"
    assert not signed_in(client)
    assert AccessAttempt.objects.get().attempt_time == last, "a try while locked does not move the time"


def test_four_wrong_tries_leave_the_name_open(client, person, sign_in):
    for _ in range(4):
        sign_in(password="sai")
    sign_in()
    assert signed_in(client)


def test_lock_ends_after_a_quarter_of_an_hour(client, person, sign_in):
    for _ in range(5):
        sign_in(password="sai")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    sign_in()
    assert signed_in(client)


def test_lock_of_one_name_leaves_another_open(client, person, sign_in):
    services.create_user(username="officer.bacson", by=None, password="bien-gioi-2023")
    for _ in range(5):
        sign_in(password="sai")
    sign_in(username="officer.bacson")
    assert signed_in(client)


def test_next_leads_on_inside_the_portal(person, sign_in):
    assert sign_in(next="/password/change/").url == "/password/change/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leads_outside(person, sign_in, target):
    assert "evil" not in sign_in(next=target).url
    assert "javascript" not in sign_in(next=target).url


def test_logout_needs_a_post(client, person, sign_in):
    sign_in()
    assert client.get("/logout/").status_code == 405
    assert signed_in(client)
    assert client.post("/logout/").status_code == 302
    assert not signed_in(client)
    assert AuditEvent.objects.filter(kind="logout").count() == 1


def test_login_needs_the_token_of_the_form(person):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "officer.haison", "password": "x"})
    assert response.status_code == 403
    assert "Trang này đã cũ" in response.content.decode()
