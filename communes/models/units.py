"""Administrative units: an identity of our own, everything else dated (codes are reused, names and kinds change)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communes.querysets import UnitQuerySet
from mongcai_portal.common.models import Dated, Provenance


class UnitKind(models.TextChoices):
    """Kinds of unit; `area` is a grouping for statistics without a government of its own."""

    PROVINCE = "province", _("tỉnh")
    CITY = "city", _("thành phố")
    AREA = "area", _("khu vực")
    COMMUNE = "commune", _("xã")
    WARD = "ward", _("phường")
    SPECIAL_ZONE = "special_zone", _("đặc khu")


class Unit(models.Model):
    """A place with one identity; `uid` is ours and is never used for another unit."""

    uid = models.SlugField(max_length=60, unique=True)

    objects = UnitQuerySet.as_manager()

    def __str__(self) -> str:
        return self.uid


class UnitVersion(Dated):
    """Name, kind, official code and parent of a unit while they held."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions")
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=UnitKind)
    official_code = models.CharField(max_length=10, blank=True)
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="child_versions")
    region = models.CharField(max_length=40, blank=True)
    search_key = models.CharField(max_length=160, db_index=True)
    sort_key = models.CharField(max_length=260)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.SOURCED)
    source = models.CharField(max_length=80, blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "valid_from"], name="communes_unitversion_once"),
        ]
        indexes = [models.Index(fields=["official_code"]), models.Index(fields=["parent", "valid_from", "valid_to"])]

    def __str__(self) -> str:
        return self.name_vi


class UnitZone(Dated):
    """A zone a unit lay in: khu vực I–III, extremely difficult, border, island … (they move norms and reports)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="zones")
    zone = models.CharField(max_length=40)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "zone", "valid_from"], name="communes_unitzone_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.zone}"


class UnitGroup(Dated):
    """A named, dated set of units: the denominator of a published ratio, never a flag."""

    code = models.SlugField(max_length=60, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.code


class UnitGroupMember(Dated):
    """A unit's membership of a group while it lasted."""

    group = models.ForeignKey(UnitGroup, on_delete=models.CASCADE, related_name="members")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["group", "unit", "valid_from"], name="communes_groupmember_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}:{self.unit_id}"


class UnitSuccession(models.Model):
    """That one unit's territory passed, whole or in part, to another on a day, and by which act."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("nhập")
        SPLIT = "split", _("tách")
        RENAME = "rename", _("đổi tên")

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="precessions")
    effective_on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    legal_basis = models.TextField(blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "effective_on"], name="communes_succession_once"
            ),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="communes_succession_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id}>{self.successor_id}"
