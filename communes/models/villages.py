"""Villages (thôn, bản, khu): an identity of our own; name, kind and the unit they lie in are dated."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communes.models.units import Unit
from communes.querysets import VillageQuerySet
from mongcai_portal.common.models import Dated


class Village(models.Model):
    """A village with one identity; `code` is ours and is never used for another."""

    code = models.SlugField(max_length=80, unique=True)

    objects = VillageQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code


class VillageVersion(Dated):
    """Name, kind and unit of a village while they held.

    When a commune is merged into a ward, its villages get a version in the ward from that day on: so their households
    move to the urban line.
    """

    class Kind(models.TextChoices):
        THON = "thon", _("thôn")
        BAN = "ban", _("bản")
        KHU = "khu", _("khu")

    village = models.ForeignKey(Village, on_delete=models.CASCADE, related_name="versions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="village_versions")
    name_vi = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.THON)
    search_key = models.CharField(max_length=160, db_index=True)
    sort_key = models.CharField(max_length=420)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["village", "valid_from"], name="communes_villageversion_once"),
            models.UniqueConstraint(
                fields=["village"], condition=Q(valid_to__isnull=True), name="communes_villageversion_one_open"
            ),
            models.UniqueConstraint(
                fields=["village"], condition=Q(valid_from__isnull=True), name="communes_villageversion_one_first"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["thon", "ban", "khu"]) & ~Q(name_vi=""), name="communes_villageversion_named"
            ),
        ]
        indexes = [models.Index(fields=["unit", "valid_from", "valid_to"], name="communes_village_unit")]

    def __str__(self) -> str:
        return self.name_vi
