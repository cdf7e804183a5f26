"""Other systems that call the API."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ApiClient(models.Model):
    """An OAuth client with the service user that acts for it, and the scopes its tokens may have.

    What it may do follows from the user's roles, exactly as for a person; scopes can only narrow that.
    """

    name = models.CharField(max_length=100, unique=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_client")
    application = models.OneToOneField(
        settings.OAUTH2_PROVIDER_APPLICATION_MODEL, on_delete=models.CASCADE, related_name="client"
    )
    scopes = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="accounts_apiclient_has_name"),
            models.CheckConstraint(condition=~Q(scopes=""), name="accounts_apiclient_has_scopes"),
        ]

    def __str__(self) -> str:
        return self.name
