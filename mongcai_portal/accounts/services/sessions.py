"""Coming and going: the events, and sessions ended from elsewhere."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from mongcai_portal.accounts.models import OpenSession, User, normalize_username
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record


def record_login(*, by: User, ip: str = "") -> None:
    """Someone signed in."""
    record(kind=Kind.LOGIN, by=by, obj_type="user", obj_id=by.pk, label=by.username, ip=ip)


def record_login_failed(*, username: str, ip: str = "") -> None:
    """A try failed. A name that no account has is cut short: it may be the password, typed in the wrong field."""
    record(kind=Kind.LOGIN_FAILED, by=None, obj_type="user", obj_id="", label=_told(username), ip=ip)


def _told(username: str) -> str:
    name = normalize_username(username)
    return name if User.objects.filter(username=name).exists() else f"{name[:2]}•••"


def record_login_locked(*, username: str, ip: str = "") -> None:
    """The last try allowed failed and the name is closed for a while."""
    record(kind=Kind.LOGIN_LOCKED, by=None, obj_type="user", obj_id="", label=_told(username), ip=ip)


def record_logout(*, by: User) -> None:
    """Someone signed out."""
    record(kind=Kind.LOGOUT, by=by, obj_type="user", obj_id=by.pk, label=by.username)


def record_session_expired(*, user: User, reason: str) -> None:
    """A session ended by itself: `reason` is idle or absolute."""
    record(kind=Kind.SESSION_EXPIRED, by=None, obj_type="user", obj_id=user.pk, label=user.username, reason=reason)


def record_password_confirmed(*, by: User) -> None:
    """Someone gave their password again within a session."""
    record(kind=Kind.PASSWORD_CONFIRMED, by=by, obj_type="user", obj_id=by.pk, label=by.username)


def end_session(*, user: User, handle: str, by: User) -> bool:
    """End one session of an account; return whether there was one of that handle."""
    with transaction.atomic():
        keys = [row.session_key for row in OpenSession.objects.filter(user=user) if row.handle == handle]
        return bool(_end(OpenSession.objects.filter(session_key__in=keys), user, by))


def end_sessions(*, user: User, by: User | None, but: str | None = None) -> int:
    """End all sessions of an account but the one of this key; return how many there were."""
    with transaction.atomic():
        return _end(OpenSession.objects.filter(user=user).exclude(session_key=but or ""), user, by)


def _end(rows: QuerySet[OpenSession], user: User, by: User | None) -> int:
    count, _ = rows.delete()
    if count:
        record(kind=Kind.SESSION_ENDED, by=by, obj_type="user", obj_id=user.pk, label=user.username, sessions=count)
    return int(count)
