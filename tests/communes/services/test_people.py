"""Accounts as the administrator looks after them: within one's reach, nobody locked out, every act on record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from smtplib import SMTPRecipientsRefused
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from communes.models import Office, RoleAssignment
from communes.scope import scope_of
from communes.services import access, people
from communes.services.access import assign_role, date_role, revoke_role
from communes.services.api_clients import create_api_client, rotate_api_client
from communes.services.people import Grant
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.roles import ROLES, Role
from mongcai_portal.accounts.roles import Scope as RoleScope
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from tests.communes.conftest import PASSWORD, Town
from tests.factories.clients import token_of

pytestmark = pytest.mark.django_db


def codes(error: Any) -> dict[str, str]:
    return {fault.pointer: fault.code for fault in error.value.faults}


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def new(town: Town, **changes: Any) -> Any:
    asked: dict[str, Any] = {
        "username": "Ha.Nguyen",
        "full_name": " Nguyễn Thị Hà ",
        "email": "ha@mongcai.gov.vn",
        "grant": Grant("commune_officer", unit="hai-son", valid_to=date(2099, 12, 31)),
    }
    return people.create_person(by=town.admin, **(asked | changes))


# --- New accounts ------------------------------------------------------------------------------------------------


def test_a_new_person_gets_a_role_and_a_letter_with_a_link_that_works(town: Town, client: Any) -> None:
    made = new(town)
    assert (made.user.username, made.user.full_name, made.password) == ("ha.nguyen", "Nguyễn Thị Hà", "")
    assert scope_of(fresh(made.user)).sees_unit(town.commune.pk) and made.letter.sent
    [letter] = mail.outbox
    link = next(line.strip() for line in letter.body.splitlines() if "/password/reset/" in line)
    page = client.get(link.partition("8000")[2], follow=True)
    assert page.status_code == 200 and page.context["validlink"]
    kinds = set(AuditEvent.objects.filter(object_id=str(made.user.pk)).values_list("kind", "actor_name"))
    assert kinds == {("user.created", "Admin"), ("role.assigned", "Admin"), ("password.link_sent", "Admin")}


def test_a_password_for_once_must_be_changed_and_is_kept_nowhere(town: Town) -> None:
    made = new(town, password_by="once", email="")
    assert len(made.password) > 12 and made.letter is None and not mail.outbox
    user = fresh(made.user)
    assert user.check_password(made.password) and user.must_change_password
    assert made.password not in str(list(AuditEvent.objects.values_list("details", "object_label")))


def test_every_fault_of_a_new_account_is_named_and_nothing_is_stored(town: Town) -> None:
    before = (User.objects.count(), AuditEvent.objects.count())
    with pytest.raises(Invalid) as caught:
        new(
            town,
            username="officer",
            full_name=" ",
            email="không phải thư",
            language="fr",
            grant=Grant("commune_officer", office="khong-co", valid_from=date(2025, 1, 2), valid_to=date(2025, 1, 1)),
        )
    assert codes(caught) == {
        "/username": "unique",
        "/full_name": "required",
        "/email": "invalid",
        "/language": "invalid_choice",
        "/office": "unknown",
    }
    with pytest.raises(Invalid) as caught:
        new(town, grant=Grant("commune_officer", valid_from=date(2025, 1, 2), valid_to=date(2025, 1, 1)))
    assert codes(caught) == {"/unit": "missing", "/valid_to": "before_start"}
    assert (User.objects.count(), AuditEvent.objects.count()) == before


def test_a_link_needs_an_address_that_letters_reach(town: Town, settings: Any) -> None:
    with pytest.raises(Invalid) as caught:
        new(town, email="")
    assert codes(caught) == {"/email": "required"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with pytest.raises(Invalid) as caught:
        new(town, email="ha@demo.invalid")
    assert codes(caught) == {"/email": "reserved"}


def test_a_letter_that_fails_leaves_the_account_and_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**letter: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("mongcai_portal.accounts.services.invitations.send_letter", refuse)
    made = new(town)
    assert (made.letter.sent, made.letter.reason) == (False, "failed")
    assert not AuditEvent.objects.filter(kind="password.link_sent").exists()


def test_the_log_does_not_name_whom_a_letter_did_not_reach(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*, to: str, **letter: Any) -> None:
        raise SMTPRecipientsRefused({to: (550, b"no such user")})

    monkeypatch.setattr("mongcai_portal.accounts.services.invitations.send_letter", refuse)
    email = User.objects.get(pk=new(town).user.pk).email
    assert "SMTPRecipientsRefused" in caplog.text and email and email not in caplog.text


# --- Reach -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["officer", "leader"])
def test_who_does_not_manage_users_does_none_of_it(town: Town, name: str) -> None:
    by, other = getattr(town, name), town.second
    acts = [
        lambda: people.create_person(by=by, username="x", full_name="x"),
        lambda: people.change_person(by=by, user_id=other.pk, lock=1, full_name="x", email="", language="vi"),
        lambda: people.close_person(by=by, user_id=other.pk, reason="x"),
        lambda: people.reopen_person(by=by, user_id=other.pk),
        lambda: people.give_password(by=by, user_id=other.pk),
        lambda: people.send_password_link(by=by, user_id=other.pk),
        lambda: people.unlock_person(by=by, user_id=other.pk),
        lambda: people.give_role(by=by, user_id=other.pk, grant=Grant("leader")),
        lambda: date_role(by=by, assignment_id=1, valid_from=None, valid_to=None),
        lambda: rotate_api_client(by=by, name="x"),
    ]
    before = AuditEvent.objects.count()
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    assert AuditEvent.objects.count() == before


def test_nobody_changes_their_own_roles_or_closes_their_own_account(town: Town) -> None:
    own = RoleAssignment.objects.get(user=town.admin)
    for act in (
        lambda: assign_role(by=town.admin, user=town.admin, role="coordinator"),
        lambda: revoke_role(by=town.admin, assignment_id=own.pk),
        lambda: date_role(by=town.admin, assignment_id=own.pk, valid_from=None, valid_to=date(2099, 1, 1)),
        lambda: people.close_person(by=town.admin, user_id=town.admin.pk, reason="x"),
        lambda: people.give_password(by=town.admin, user_id=town.admin.pk),
    ):
        with pytest.raises(Forbidden):
            act()
    assert RoleAssignment.objects.filter(user=town.admin).count() == 1 and fresh(town.admin).is_active


@pytest.fixture
def commune_admin(town: Town, monkeypatch: pytest.MonkeyPatch) -> User:
    """Someone who manages the users of one commune, and may give the officer's role alone."""
    role = Role(
        "commune_admin",
        "Quản trị xã",
        RoleScope.UNIT,
        ROLES["administrator"].permissions,
        grants=frozenset({"commune_officer"}),
    )
    monkeypatch.setitem(ROLES, role.code, role)
    assign_role(by=None, user=town.leader, role=role.code, unit=town.commune)
    RoleAssignment.objects.filter(user=town.leader, role="leader").delete()
    return fresh(town.leader)


def test_nobody_grants_a_role_or_a_place_beyond_their_own(town: Town, commune_admin: User) -> None:
    user = people.create_person(by=town.admin, username="moi", full_name="Mới", password_by="once").user
    for grant, wrong in (
        ({"role": "administrator"}, {"/role": "beyond_own"}),
        ({"role": "coordinator"}, {"/role": "beyond_own"}),
        ({"role": "sector_verifier", "office": town.office}, {"/role": "beyond_own", "/office": "unknown"}),
        ({"role": "commune_officer", "unit": town.ward}, {"/unit": "unknown"}),
    ):
        with pytest.raises(Invalid) as caught:
            assign_role(by=commune_admin, user=user, **grant)
        assert codes(caught) == wrong
    assert not RoleAssignment.objects.filter(user=user).exists()
    assign_role(by=commune_admin, user=user, role="commune_officer", unit=town.commune)
    with pytest.raises(Invalid):
        revoke_role(by=commune_admin, assignment_id=RoleAssignment.objects.get(user=town.admin).pk)
    with pytest.raises(Invalid):
        create_api_client(by=commune_admin, name="Kho", role="leader")


# --- The last administrator ---------------------------------------------------------------------------------------


def test_the_last_administrator_is_neither_closed_nor_deprived_nor_dated(town: Town) -> None:
    people.close_person(by=town.admin, user_id=town.second.pk, reason="Chuyển công tác")
    last = RoleAssignment.objects.get(user=town.admin)
    by = people.create_person(by=town.admin, username="tam", full_name="Tạm", password_by="once").user
    assign_role(by=town.admin, user=by, role="administrator", valid_to=timezone.localdate() + timedelta(days=3))
    by = fresh(by)
    for act in (
        lambda: people.close_person(by=by, user_id=town.admin.pk, reason="x"),
        lambda: revoke_role(by=by, assignment_id=last.pk),
        lambda: date_role(by=by, assignment_id=last.pk, valid_from=None, valid_to=date(2099, 1, 1)),
        lambda: revoke_role(by=None, assignment_id=last.pk),
    ):
        with pytest.raises(Invalid) as caught:
            act()
        assert codes(caught) == {"/role": "last_administrator"}
    assert fresh(town.admin).is_active and RoleAssignment.objects.get(pk=last.pk).valid_to is None
    assert not AuditEvent.objects.filter(kind="user.deactivated", object_id=str(town.admin.pk)).exists()


def test_with_two_administrators_one_may_go(town: Town) -> None:
    revoke_role(by=town.admin, assignment_id=RoleAssignment.objects.get(user=town.second).pk)
    assert list(access.lasting_administrators().values_list("user", flat=True)) == [town.admin.pk]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_close_each_other_at_once_leave_one(town: Town) -> None:
    pairs = [(town.admin.pk, town.second.pk), (town.second.pk, town.admin.pk)]
    gate = Barrier(2)

    def close(pair: tuple[int, int]) -> str:
        by = User.objects.get(pk=pair[0])
        access.may_manage(by)  # the scope is read before the other one closes the account
        gate.wait(timeout=10)
        try:
            people.close_person(by=by, user_id=pair[1], reason="x")
        except Invalid as error:
            return error.faults[0].code
        finally:
            connection.close()
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(close, pairs)) == ["closed", "last_administrator"]
    assert access.lasting_administrators().count() == 1


# --- Days of a role ----------------------------------------------------------------------------------------------


def test_a_role_counts_on_its_first_and_last_day_and_not_outside(town: Town) -> None:
    today = timezone.localdate()
    row = RoleAssignment.objects.get(user=town.officer)
    for first, last, held in (
        (today, today, True),
        (today + timedelta(days=1), None, False),
        (None, today - timedelta(days=1), False),
    ):
        date_role(by=town.admin, assignment_id=row.pk, valid_from=first, valid_to=last)
        assert fresh(town.officer).has_perm("reports.edit") is held
    assert AuditEvent.objects.filter(kind="role.dated").count() == 3


def test_giving_a_held_role_with_other_days_changes_them_and_the_same_ones_nothing(town: Town) -> None:
    for _ in range(2):
        assign_role(
            by=town.admin,
            user=town.officer,
            role="commune_officer",
            unit=town.commune,
            valid_to=date(2099, 1, 1),
        )
    assert RoleAssignment.objects.get(user=town.officer).valid_to == date(2099, 1, 1)
    assert AuditEvent.objects.filter(kind="role.dated").count() == 1


def test_days_that_another_window_changed_are_not_overwritten(town: Town) -> None:
    row = RoleAssignment.objects.get(user=town.officer)
    seen = (None, None)
    date_role(by=town.admin, assignment_id=row.pk, valid_from=None, valid_to=date(2098, 1, 1), seen=seen)
    with pytest.raises(Stale):
        date_role(by=town.second, assignment_id=row.pk, valid_from=None, valid_to=date(2099, 1, 1), seen=seen)
    date_role(by=town.admin, assignment_id=row.pk, valid_from=None, valid_to=date(2098, 1, 1), seen=seen)
    assert RoleAssignment.objects.get(pk=row.pk).valid_to == date(2098, 1, 1)


def test_the_database_refuses_days_in_the_wrong_order(town: Town) -> None:
    with pytest.raises(IntegrityError, match="communes_roleassignment_dates_in_order"), transaction.atomic():
        RoleAssignment.objects.create(
            user=town.leader, role="coordinator", valid_from=date(2025, 1, 2), valid_to=date(2025, 1, 1)
        )


# --- Changing, closing, ways in ------------------------------------------------------------------------------------


def test_a_change_is_recorded_masked_and_a_second_window_is_told(town: Town) -> None:
    asked = {"full_name": "Lê Văn Ba", "email": "ba@mongcai.gov.vn", "language": "en"}
    people.change_person(by=town.admin, user_id=town.officer.pk, lock=town.officer.lock, **asked)
    user = fresh(town.officer)
    assert (user.full_name, user.language, user.search_key) == (
        "Lê Văn Ba",
        "en",
        "officer le van ba ba mongcai.gov.vn",
    )
    event = AuditEvent.objects.get(kind="user.changed")
    assert event.details["after"]["email"] == "b•••@mongcai.gov.vn"
    with pytest.raises(Stale):
        people.change_person(
            by=town.second, user_id=town.officer.pk, lock=town.officer.lock, **(asked | {"full_name": "Khác"})
        )
    with pytest.raises(Invalid) as caught:
        people.change_person(
            by=town.admin, user_id=town.officer.pk, lock=user.lock, full_name="", email="x", language="fr"
        )
    assert codes(caught) == {"/full_name": "required", "/email": "invalid", "/language": "invalid_choice"}


def test_closing_needs_a_reason_ends_sessions_and_can_be_undone(town: Town) -> None:
    with pytest.raises(Invalid):
        people.close_person(by=town.admin, user_id=town.officer.pk, reason=" ")
    window = town.client(town.officer)
    assert window.get("/reports/").status_code == 200
    for _ in range(2):
        people.close_person(by=town.admin, user_id=town.officer.pk, reason="Nghỉ hưu")
    assert window.get("/reports/").status_code == 302
    assert AuditEvent.objects.filter(kind="user.deactivated", details__reason="Nghỉ hưu").count() == 1
    with pytest.raises(Invalid):
        people.give_password(by=town.admin, user_id=town.officer.pk)
    people.reopen_person(by=town.admin, user_id=town.officer.pk)
    assert fresh(town.officer).has_perm("reports.edit")


def test_a_password_that_is_given_ends_the_old_one_and_has_to_be_changed(town: Town) -> None:
    window = town.client(town.officer)
    password = people.give_password(by=town.admin, user_id=town.officer.pk)
    user = fresh(town.officer)
    assert user.check_password(password) and not user.check_password(PASSWORD) and user.must_change_password
    assert window.get("/reports/").status_code == 302


def test_a_name_that_wrong_passwords_closed_is_opened(town: Town, client: Any) -> None:
    for _ in range(5):
        client.post("/login/", {"username": "officer", "password": "sai"})
    assert client.post("/login/", {"username": "officer", "password": PASSWORD}).status_code == 429
    assert people.unlock_person(by=town.admin, user_id=town.officer.pk)
    assert not people.unlock_person(by=town.admin, user_id=town.officer.pk)
    assert client.post("/login/", {"username": "officer", "password": PASSWORD}).status_code == 302
    assert AuditEvent.objects.filter(kind="login.unlocked").count() == 1


def test_the_account_of_a_program_is_no_persons(town: Town) -> None:
    made = create_api_client(by=town.admin, name="Kho số liệu", role="leader")
    with pytest.raises(User.DoesNotExist):
        people.give_password(by=town.admin, user_id=made.client.user_id)


# --- Other systems -----------------------------------------------------------------------------------------------


def test_a_new_secret_ends_the_old_one_and_its_tokens(town: Town) -> None:
    made = create_api_client(by=town.admin, name="Kho số liệu", role="leader")
    token = token_of(made.client_id, made.client_secret).json()["access_token"]
    again = rotate_api_client(by=town.admin, name="Kho số liệu")
    assert again.client_id == made.client_id and again.client_secret != made.client_secret
    assert token_of(made.client_id, made.client_secret).status_code == 401
    from django.test import Client

    assert Client().get("/api/v1/units/", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert token_of(again.client_id, again.client_secret).status_code == 200
    event = AuditEvent.objects.get(kind="api_client.rotated")
    assert again.client_secret not in str(event.details) and event.actor_name == "Admin"


def test_an_office_of_the_town_is_within_an_administrators_reach(town: Town) -> None:
    other = Office.objects.create(code="gddt", name_vi="Giáo dục", name_en="Education", sort_key="g")
    assign_role(by=town.admin, user=town.leader, role="sector_verifier", office=other)
    assert scope_of(fresh(town.leader)).verifies_for_office(other.pk)
