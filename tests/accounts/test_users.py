"""Accounts, permissions and roles."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from mongcai_portal.accounts import services
from mongcai_portal.accounts.decorators import require
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.accounts.roles import ROLES
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Invalid

pytestmark = pytest.mark.django_db


def test_name_is_stored_in_one_spelling(person):
    assert services.create_user(username=" Leader ", by=None).username == "leader"


@pytest.mark.parametrize("username", ["Officer.HaiSon", "hải sơn", "", "-x"])
def test_taken_or_malformed_name_is_refused_at_its_field(person, username):
    with pytest.raises(Invalid) as caught:
        services.create_user(username=username, by=None)
    assert {fault.pointer for fault in caught.value.faults} == {"/username"}
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"username": "Leader"}, "accounts_user_username_lower"),
        ({"username": ""}, "accounts_user_username_not_empty"),
        ({"username": "x", "language": "fr"}, "accounts_user_language_known"),
        ({"username": "officer.haison"}, "username"),
    ],
)
def test_database_keeps_the_promise(person, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        User(**fields).save()


def test_change_leaves_an_event_with_masked_mail_and_none_when_nothing_differs(person):
    services.change_user(user=person, by=person, email="moi@mongcai.gov.vn", full_name=person.full_name)
    event = AuditEvent.objects.get(kind="user.changed")
    assert event.details == {"before": {"email": "h•••@mongcai.gov.vn"}, "after": {"email": "m•••@mongcai.gov.vn"}}
    services.change_user(user=person, by=person, email="moi@mongcai.gov.vn")
    assert AuditEvent.objects.filter(kind="user.changed").count() == 1
    with pytest.raises(TypeError):
        services.change_user(user=person, by=person, is_active=False)


def test_failed_write_leaves_no_event(person, monkeypatch):
    before = AuditEvent.objects.count()
    with pytest.raises(Invalid):
        services.change_user(user=person, by=person, email="khong-phai-thu")
    assert AuditEvent.objects.count() == before
    person.refresh_from_db()
    assert person.email == "ha@mongcai.gov.vn"


def test_without_a_role_nothing_is_permitted(person):
    assert not any(person.has_perm(permission) for permission in Permission.values)


def test_roles_hold_known_permissions_and_separate_making_from_approving():
    for role in ROLES.values():
        assert role.permissions <= set(Permission.values)
        assert not {"reports.submit", "reports.approve"} <= role.permissions
        assert not {"reports.verify", "reports.approve"} <= role.permissions
    assert [code for code, role in ROLES.items() if "users.manage" in role.permissions] == ["administrator"]


def ask(user, **headers):
    request = RequestFactory().get("/reports/", headers=headers)
    request.user = user
    return require("reports.view")(lambda request: HttpResponse("ok"))(request)


def test_require_lets_in_who_holds_the_permission(person, monkeypatch):
    monkeypatch.setattr(User, "has_perm", lambda self, perm, obj=None: perm == "reports.view")
    assert ask(person).content == b"ok"


def test_require_refuses_who_lacks_it(person):
    with pytest.raises(PermissionDenied):
        ask(person)


def test_require_sends_a_stranger_to_the_login_page_and_a_script_away(db):
    assert ask(AnonymousUser()).url == "/login/?next=/reports/"
    assert ask(AnonymousUser(), accept="application/json").status_code == 401
