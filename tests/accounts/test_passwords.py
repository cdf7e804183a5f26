"""Rules, change and reset of passwords."""

import re

import pytest
from django.core import mail

from mongcai_portal.accounts import services
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Invalid

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "vinh-thuc-mua-he"


def change(client, old=PASSWORD, new=NEW, again=None):
    fields = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    return client.post("/password/change/", fields)


def test_password_is_changed_and_the_session_stays(client, person, sign_in):
    sign_in()
    assert change(client).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert client.get("/password/change/").status_code == 200
    event = AuditEvent.objects.get(kind="password.changed")
    assert NEW not in str(event.details) and PASSWORD not in str(event.details)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"old": "sai"}, "Mật khẩu đang dùng không đúng."),
        ({"again": "khac-han-nhau"}, "Hai lần nhập không giống nhau."),
        ({"new": "ngan"}, "Mật khẩu quá ngắn: cần ít nhất 10 ký tự."),
        ({"new": "1234567890123"}, "dễ đoán"),
        ({"new": "mongcai2024"}, "dễ đoán"),
        ({"new": "Nguyễn Thị Hà 1990"}, "giống với"),
        ({"new": "password123"}, "phổ biến"),
        ({"new": "officer.haison"}, "giống với"),
    ],
)
def test_refused_password_says_why_and_changes_nothing(client, person, sign_in, fields, message):
    sign_in()
    response = change(client, **fields)
    assert response.status_code == 200
    assert message in response.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert not AuditEvent.objects.filter(kind="password.changed").exists()


def test_service_names_every_rule_that_a_password_breaks(person):
    with pytest.raises(Invalid) as caught:
        services.set_password(user=person, password="123456", by=None)
    assert {fault.code for fault in caught.value.faults} == {
        "password_too_short",
        "password_too_common",
        "password_guessable",
    }


def test_password_set_by_someone_else_must_be_changed_first(client, person, sign_in):
    services.set_password(user=person, password="tam-thoi-2023", by=None)
    sign_in(password="tam-thoi-2023")
    for path in ("/", "/reports/"):
        assert client.get(path).url == "/password/change/"
    assert client.get("/anything", headers={"HX-Request": "true"}).status_code == 403
    change(client, old="tam-thoi-2023")
    person.refresh_from_db()
    assert not person.must_change_password


def test_reset_by_mail_works_once_and_lifts_the_lock(client, person, sign_in):
    for _ in range(5):
        sign_in(password="sai")
    assert client.post("/password/reset/", {"email": "HA@mongcai.gov.vn"}).url == "/password/reset/sent/"
    link = re.search(r"http://[^/]+(/password/reset/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    page = form.redirect_chain[-1][0]
    assert client.post(page, {"new_password1": NEW, "new_password2": NEW}).url == "/password/reset/done/"
    assert AuditEvent.objects.get(kind="password.reset").object_label == "officer.haison"
    assert "không còn dùng được" in client.get(link, follow=True).content.decode()
    assert sign_in(password=NEW).status_code == 302


def test_reset_of_an_unknown_address_sends_nothing_and_says_the_same(client, person):
    assert client.post("/password/reset/", {"email": "la@mongcai.gov.vn"}).url == "/password/reset/sent/"
    assert mail.outbox == []


def test_account_of_a_program_gets_no_reset_mail(client, db):
    services.create_user(username="may", by=None, email="may@mongcai.gov.vn", password=NEW, is_service=True)
    client.post("/password/reset/", {"email": "may@mongcai.gov.vn"})
    assert mail.outbox == []
