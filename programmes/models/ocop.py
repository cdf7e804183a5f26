"""Producers and their OCOP products, with photos."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from mongcai_portal.common.models import Provenance, StoredFile
from mongcai_portal.common.models.files import files_storage, storage_name
from programmes.models.ocop_scales import OcopGroup
from programmes.querysets import OcopOfProductQuerySet, OcopQuerySet


class OcopProducer(models.Model):
    """Who makes a product (chủ thể): a cooperative, an enterprise, a household business; no personal data."""

    class Form(models.TextChoices):
        COOPERATIVE = "cooperative", _("hợp tác xã")
        COOPERATIVE_GROUP = "cooperative_group", _("tổ hợp tác")
        ENTERPRISE = "enterprise", _("doanh nghiệp")
        HOUSEHOLD_BUSINESS = "household_business", _("hộ kinh doanh")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ocop_producers")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    form = models.CharField(max_length=20, choices=Form)
    address = models.CharField(max_length=200, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    lock = models.PositiveIntegerField(default=1)

    objects = OcopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name_key"], name="programmes_ocopproducer_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(name_key=""), name="programmes_ocopproducer_named"),
        ]

    def __str__(self) -> str:
        return self.name


class OcopProduct(models.Model):
    """A product of the programme, whether or not it was ever recognised.

    `unit` is where it was registered; where that lies on another day follows from how units succeed one another.
    `protected_name`: the protected geographical indication or mark under which it is sold, if any.
    """

    producer = models.ForeignKey(OcopProducer, on_delete=models.PROTECT, related_name="products")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="ocop_products")
    group = models.ForeignKey(OcopGroup, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    search_key = models.TextField()
    sort_key = models.CharField(max_length=420)
    protected_name = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    lock = models.PositiveIntegerField(default=1)

    objects = OcopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["producer", "name_key"], name="programmes_ocopproduct_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(name_key=""), name="programmes_ocopproduct_named"),
        ]
        indexes = [models.Index(fields=["sort_key"], name="programmes_ocop_by_name")]

    def __str__(self) -> str:
        return self.name


def photo_thumbnail(photo: models.Model, filename: str) -> str:
    """Beside the photo's own folder; every small picture is WebP."""
    return f"{storage_name(photo, filename).rpartition('.')[0]}.webp"


class OcopPhoto(StoredFile):
    """A photo of a product."""

    product = models.ForeignKey(OcopProduct, on_delete=models.CASCADE, related_name="photos")
    thumbnail = models.FileField(storage=files_storage, upload_to=photo_thumbnail, max_length=200, blank=True)

    objects = OcopOfProductQuerySet.as_manager()

    class Meta(StoredFile.Meta):
        constraints = [
            *StoredFile.Meta.constraints,
            models.UniqueConstraint(fields=["product", "sha256"], name="programmes_ocopphoto_same_once"),
        ]
        ordering = ["stored_at", "id"]
