"""Setting and changing passwords, each with its event."""

from __future__ import annotations

import secrets

from axes.utils import reset as unlock
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mongcai_portal.accounts.models import OpenSession, User
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid

# No letters or digits that look alike: people type these from a piece of paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_DIGITS = "23456789"


def one_time_password() -> str:
    """Return three groups of letters and one of digits, about 70 bits."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)]
    return "-".join([*groups, "".join(secrets.choice(_DIGITS) for _ in range(4))])


def check_password_rules(*, password: str, user: User) -> None:
    """Hold a new password against the rules.

    Raises:
        Invalid: naming every rule that it breaks.
    """
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults = [Fault("/password", str(one.code), message) for one in error.error_list for message in one.messages]
        raise Invalid(faults) from error


def _store(user: User, password: str, *, must_change: bool, kind: str, by: User | None) -> None:
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = must_change
        user.save(update_fields=["password", "must_change_password"])
        # Whoever knew the old one is out; the page that changed it opens its own session anew.
        OpenSession.objects.filter(user=user).delete()
        record(kind=kind, by=by, obj_type="user", obj_id=user.pk, label=user.username)
        unlock(username=user.username)


def set_password(
    *, user: User, password: str, by: User | None, must_change: bool = True, trusted_password: bool = False
) -> User:
    """Give someone a password, as an administrator does; they are asked to change it at the next login.

    `trusted_password` skips the rules for one that the operator of the machine has set from outside.

    Raises:
        Invalid: the password breaks a rule.
    """
    if not trusted_password:
        check_password_rules(password=password, user=user)
    _store(user, password, must_change=must_change, kind=Kind.PASSWORD_SET, by=by)
    return user


def change_password(*, user: User, old_password: str, new_password: str, by: User) -> User:
    """Change one's own password.

    Raises:
        Invalid: the old one is wrong, or the new one breaks a rule.
    """
    if not user.check_password(old_password):
        raise Invalid([Fault("/old_password", "password_incorrect", _("Mật khẩu đang dùng không đúng."))])
    check_password_rules(password=new_password, user=user)
    _store(user, new_password, must_change=False, kind=Kind.PASSWORD_CHANGED, by=by)
    return user


def reset_password(*, user: User, new_password: str, by: User | None) -> User:
    """Set a new password by the link that was mailed; a lock of the name is lifted too.

    Raises:
        Invalid: the password breaks a rule.
    """
    check_password_rules(password=new_password, user=user)
    _store(user, new_password, must_change=False, kind=Kind.PASSWORD_RESET, by=by)
    return user
