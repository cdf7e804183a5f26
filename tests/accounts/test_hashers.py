"""Passwords hashed the older way open the door, and are hashed anew when they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from mongcai_portal import settings as portal
from mongcai_portal.accounts.hashers import PasswordHasher
from mongcai_portal.accounts.models import User
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
TODAYS = "argon2$argon2id$v=19$m=65536,t=3,p=4$"


@pytest.fixture
def hashed_before(person: User, settings: Any) -> User:
    """The person's password as PBKDF2 hashed it, under the portal's own hashers."""
    settings.PASSWORD_HASHERS = portal.PASSWORD_HASHERS
    person.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    person.save()
    return person


def test_a_password_hashed_the_older_way_is_hashed_anew_at_the_next_login(
    hashed_before: User, sign_in: Callable[..., Any]
) -> None:
    assert sign_in().status_code == 302
    assert User.objects.get(pk=hashed_before.pk).password.startswith(TODAYS)


def test_a_wrong_password_changes_no_hash(hashed_before: User, sign_in: Callable[..., Any]) -> None:
    assert sign_in(password="sai").status_code == 200
    assert User.objects.get(pk=hashed_before.pk).password == hashed_before.password


def test_a_hash_of_weaker_numbers_is_to_be_hashed_anew() -> None:
    hasher = PasswordHasher()
    assert not hasher.must_update(hasher.encode(PASSWORD, hasher.salt()))
    hasher.time_cost = 1
    assert PasswordHasher().must_update(hasher.encode(PASSWORD, hasher.salt()))
