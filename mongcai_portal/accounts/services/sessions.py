"""Events of coming and going."""

from __future__ import annotations

from mongcai_portal.accounts.models import User
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record


def record_login(*, by: User, ip: str = "") -> None:
    """Someone signed in."""
    record(kind=Kind.LOGIN, by=by, obj_type="user", obj_id=by.pk, label=by.username, ip=ip)


def record_login_failed(*, username: str, ip: str = "") -> None:
    """A try failed; the name is kept as typed, since the account may not exist."""
    record(kind=Kind.LOGIN_FAILED, by=None, obj_type="user", obj_id="", label=username, ip=ip)


def record_login_locked(*, username: str, ip: str = "") -> None:
    """The last try allowed failed and the name is closed for a while."""
    record(kind=Kind.LOGIN_LOCKED, by=None, obj_type="user", obj_id="", label=username, ip=ip)


def record_logout(*, by: User) -> None:
    """Someone signed out."""
    record(kind=Kind.LOGOUT, by=by, obj_type="user", obj_id=by.pk, label=by.username)


def record_session_expired(*, user: User, reason: str) -> None:
    """A session ended by itself: `reason` is idle or absolute."""
    record(kind=Kind.SESSION_EXPIRED, by=None, obj_type="user", obj_id=user.pk, label=user.username, reason=reason)
