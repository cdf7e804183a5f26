"""Who acts in which role for which unit or office."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from communes.models.offices import Office
from communes.models.units import Unit
from mongcai_portal.common.models import Dated


class RoleAssignment(Dated):
    """A person's role, scoped to a unit, to an office, or (neither) to the whole town, while its days last."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(office__isnull=True), name="communes_role_unit_or_office"
            ),
            # The role's own scope: an officer without a commune, or a leader of one office, would be an open door.
            models.CheckConstraint(
                condition=(Q(role="commune_officer", unit__isnull=False) | ~Q(role="commune_officer"))
                & (Q(role="sector_verifier", office__isnull=False) | ~Q(role="sector_verifier")),
                name="communes_role_has_its_scope",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "unit"], condition=Q(unit__isnull=False), name="communes_role_unit_once"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "office"], condition=Q(office__isnull=False), name="communes_role_office_once"
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(unit__isnull=True, office__isnull=True),
                name="communes_role_town_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.role}"
