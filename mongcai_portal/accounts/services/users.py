"""Accounts: made, changed, closed and opened again. An account is never deleted: the log and the figures name it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from mongcai_portal.accounts.models import OpenSession, User, normalize_username
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid, Stale

from .passwords import check_password_rules

_CHANGEABLE = ("full_name", "email", "language", "must_change_password")


def account_faults(user: User) -> list[Fault]:
    """Return everything that is wrong with an account's own fields, the taken name included; its password apart."""
    try:
        user.full_clean(exclude=("password",))
    except ValidationError as error:
        return [
            Fault(f"/{field}", str(one.code), message)
            for field, errors in error.error_dict.items()
            for one in errors
            for message in one.messages
        ]
    return []


def _checked(user: User) -> None:
    faults = account_faults(user)
    if faults:
        raise Invalid(faults)


def create_user(
    *,
    username: str,
    by: User | None,
    full_name: str = "",
    email: str = "",
    language: str = "vi",
    password: str | None = None,
    is_service: bool = False,
    must_change_password: bool = False,
    trusted_password: bool = False,
) -> User:
    """Make an account, without any role; without a password nobody can log in with it.

    `trusted_password` skips the rules for one that the operator of the machine has set from outside.

    Raises:
        Invalid: the name is taken or malformed, another field is wrong, or the password breaks a rule.
    """
    user = User(
        username=normalize_username(username),
        full_name=full_name,
        email=User.objects.normalize_email(email),
        language=language,
        is_service=is_service,
        must_change_password=must_change_password,
    )
    _checked(user)
    if password is not None and not trusted_password:
        check_password_rules(password=password, user=user)
    user.index()
    with transaction.atomic():
        user.set_password(password)
        user.save()
        record(
            kind=Kind.USER_CREATED,
            by=by,
            obj_type="user",
            obj_id=user.pk,
            label=user.username,
            after={"full_name": full_name, "email": email, "language": language, "is_service": is_service},
        )
    return user


def change_user(*, user: User, by: User | None, lock: int | None = None, **changes: Any) -> User:
    """Change full name, email, language or the duty to change the password; what stays the same leaves no event.

    `lock` is the one that the window saw; without it the one of `user` counts.

    Raises:
        Invalid: a value is wrong.
        Stale: the account was changed meanwhile.
        TypeError: another field is named.
    """
    unknown = set(changes) - set(_CHANGEABLE)
    if unknown:
        raise TypeError(f"cannot change {sorted(unknown)}")
    before = {field: getattr(user, field) for field in changes}
    differing = {field: value for field, value in changes.items() if value != before[field]}
    if not differing:
        return user
    for field, value in differing.items():
        setattr(user, field, value)
    _checked(user)
    user.index()
    seen = user.lock if lock is None else lock
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, lock=seen).update(
            lock=F("lock") + 1, search_key=user.search_key, **{field: getattr(user, field) for field in differing}
        )
        if not changed:
            raise Stale(_("Tài khoản đã được sửa ở cửa sổ khác."))
        user.lock = seen + 1
        record(
            kind=Kind.USER_CHANGED,
            by=by,
            obj_type="user",
            obj_id=user.pk,
            label=user.username,
            before={field: before[field] for field in differing},
            after=differing,
        )
    return user


def _set_active(user: User, active: bool, *, by: User | None, kind: str, reason: str) -> User:
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active)
        user.is_active = active
        if not active:
            OpenSession.objects.filter(user=user).delete()
        if changed:
            record(kind=kind, by=by, obj_type="user", obj_id=user.pk, label=user.username, reason=reason)
    return user


def deactivate_user(*, user: User, by: User | None, reason: str = "") -> User:
    """Close an account: its open sessions end at once."""
    return _set_active(user, False, by=by, kind=Kind.USER_DEACTIVATED, reason=reason)


def activate_user(*, user: User, by: User | None, reason: str = "") -> User:
    """Open a closed account again."""
    return _set_active(user, True, by=by, kind=Kind.USER_ACTIVATED, reason=reason)
