"""Names that too many wrong passwords have closed for a while, and opening them early."""

from __future__ import annotations

from collections.abc import Iterable

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mongcai_portal.accounts.models import User
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record


def locked_usernames(names: Iterable[str]) -> set[str]:
    """Return those of the names that are closed at some machine now: one query."""
    tries = AccessAttempt.objects.filter(
        username__in=list(names),
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
        attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME,
    )
    return {str(name) for name in tries.values_list("username", flat=True)}


def unlock_user(*, user: User, by: User | None) -> bool:
    """Open a name that wrong passwords have closed; return whether there was anything to open."""
    with transaction.atomic():
        opened = bool(reset(username=user.username))
        if opened:
            record(kind=Kind.LOGIN_UNLOCKED, by=by, obj_type="user", obj_id=user.pk, label=user.username)
    return opened
