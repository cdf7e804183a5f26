"""A session as it is stored."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone


class OpenSessionQuerySet(models.QuerySet["OpenSession"]):
    """Of an account, those that still open something."""

    def live(self) -> OpenSessionQuerySet:
        now = timezone.now()
        return self.filter(
            Q(seen_at__isnull=True) | Q(seen_at__gt=now - timedelta(seconds=settings.PORTAL_SESSION_IDLE)),
            Q(started_at__isnull=True) | Q(started_at__gt=now - timedelta(seconds=settings.PORTAL_SESSION_ABSOLUTE)),
            expire_date__gt=now,
        )


class OpenSession(AbstractBaseSession):
    """Written by `accounts.sessions` alone; deleting the row ends the session."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, editable=False, related_name="sessions"
    )
    started_at = models.DateTimeField(null=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    address = models.CharField(max_length=45, blank=True, editable=False)
    agent = models.CharField(max_length=300, blank=True, editable=False)

    objects = OpenSessionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> Any:
        from mongcai_portal.accounts.sessions import SessionStore

        return SessionStore

    @property
    def handle(self) -> str:
        """What a page calls the session by: its key is as good as the password and never shown."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]
