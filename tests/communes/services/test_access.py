"""Roles are given for the right kind of place, by who manages users, and leave a trace."""

from __future__ import annotations

import pytest

from communes.models import Office, RoleAssignment, Unit
from communes.scope import scope_of
from communes.services.access import assign_role, revoke_role
from mongcai_portal.accounts.models import User
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return User.objects.create_user("officer.thu")


@pytest.fixture
def unit():
    return Unit.objects.create(uid="xa-thu")


@pytest.fixture
def office():
    return Office.objects.create(code="yte", name_vi="Y tế", name_en="Health", sort_key="y")


def test_an_officer_sees_the_assigned_commune(user, unit):
    assert not scope_of(user).sees_unit(unit.pk)
    assign_role(by=None, user=user, role="commune_officer", unit=unit)
    assert scope_of(user).sees_unit(unit.pk)
    assert user.has_perm("reports.edit")


def test_assigning_again_changes_nothing_and_leaves_one_event(user, unit):
    for _ in range(2):
        assign_role(by=None, user=user, role="commune_officer", unit=unit)
    assert RoleAssignment.objects.count() == 1
    assert AuditEvent.objects.filter(kind="role.assigned", unit_uid="xa-thu").count() == 1


@pytest.mark.parametrize("role", ["commune_officer", "sector_verifier"])
def test_a_scoped_role_without_its_scope_is_refused(user, role):
    with pytest.raises(Invalid):
        assign_role(by=None, user=user, role=role)
    assert not RoleAssignment.objects.exists()


def test_a_town_role_with_a_unit_is_refused(user, unit):
    with pytest.raises(Invalid) as caught:
        assign_role(by=None, user=user, role="leader", unit=unit)
    assert [fault.code for fault in caught.value.faults] == ["not_allowed"]


def test_an_unknown_role_is_refused(user):
    with pytest.raises(Invalid):
        assign_role(by=None, user=user, role="king")


def test_only_who_manages_users_gives_and_takes_roles(user, office):
    admin, leader = User.objects.create_user("admin"), User.objects.create_user("leader")
    assign_role(by=None, user=admin, role="administrator")
    assign_role(by=None, user=leader, role="leader")
    with pytest.raises(Forbidden):
        assign_role(by=leader, user=user, role="sector_verifier", office=office)
    given = assign_role(by=admin, user=user, role="sector_verifier", office=office)
    with pytest.raises(Forbidden):
        revoke_role(by=leader, assignment_id=given.pk)
    revoke_role(by=admin, assignment_id=given.pk)
    assert AuditEvent.objects.filter(kind="role.revoked").count() == 1
    assert not scope_of(User.objects.get(pk=user.pk)).roles


@pytest.mark.parametrize(
    ("town_role", "every_office"), [("leader", False), ("administrator", False), ("coordinator", True)]
)
def test_a_role_for_the_town_makes_nobody_verifier_of_another_office(user, office, town_role, every_office):
    other = Office.objects.create(code="gddt", name_vi="Giáo dục", name_en="Education", sort_key="g")
    assign_role(by=None, user=user, role="sector_verifier", office=office)
    assign_role(by=None, user=user, role=town_role)
    scope = scope_of(user)
    assert (scope.verifies_for_office(office.pk), scope.verifies_for_office(other.pk)) == (True, False)
    assert scope.acts_for_office(other.pk) is every_office
