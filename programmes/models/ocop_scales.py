"""OCOP scales: points, parts, bands, groups and authorities, each as law in a version."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mongcai_portal.common.models import Dated, Provenance
from programmes.rules import ocop as rules


class OcopLevel(models.TextChoices):
    """Which level of government assesses and recognises."""

    DISTRICT = rules.DISTRICT, _("cấp huyện")
    PROVINCE = rules.PROVINCE, _("cấp tỉnh")
    CENTRAL = rules.CENTRAL, pgettext_lazy("government", "cấp trung ương")


class OcopScale(Dated):
    """The points of the parts A, B and C by a decision (35/25/40 before 24/02/2023, 40/25/35 since), and its terms."""

    code = models.SlugField(max_length=60, unique=True)
    decision = models.CharField(max_length=80)
    points_a = models.DecimalField(max_digits=5, decimal_places=2)
    points_b = models.DecimalField(max_digits=5, decimal_places=2)
    points_c = models.DecimalField(max_digits=5, decimal_places=2)
    certificate_months = models.PositiveSmallIntegerField()
    counted_from = models.PositiveSmallIntegerField()  # stars from which one is an OCOP product
    provenance = models.CharField(max_length=12, choices=Provenance)
    sources = models.JSONField(default=list, blank=True)
    note_vi = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(decision=""), name="programmes_ocopscale_has_legal_basis"),
            models.CheckConstraint(
                condition=Q(points_a=100 - F("points_b") - F("points_c")), name="programmes_ocopscale_hundred_points"
            ),
            models.CheckConstraint(
                condition=Q(certificate_months__gte=1, counted_from__gte=1, counted_from__lte=5),
                name="programmes_ocopscale_terms_in_bounds",
            ),
        ]
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return self.code

    @property
    def spec(self) -> rules.Scale:
        """The scale as the rules read it; its bands are read, too."""
        return rules.Scale(
            limits={part: getattr(self, f"points_{part}") for part in rules.PARTS},
            bands=tuple(rules.Band(band.stars, band.minimum) for band in self.bands.all()),
            months=self.certificate_months,
            counted_from=self.counted_from,
        )


class OcopPart(models.Model):
    """What a part of a scale assesses, as its decision names it; what it is made of may be unknown."""

    scale = models.ForeignKey(OcopScale, on_delete=models.CASCADE, related_name="parts")
    code = models.CharField(max_length=1)
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    items_vi = models.CharField(max_length=300, blank=True)
    items_en = models.CharField(max_length=300, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scale", "code"], name="programmes_ocoppart_once"),
            models.CheckConstraint(
                condition=Q(code__in=rules.PARTS) & ~Q(name_vi="") & ~Q(name_en=""), name="programmes_ocoppart_named"
            ),
        ]
        ordering = ["scale", "code"]

    def __str__(self) -> str:
        return f"{self.scale_id}:{self.code}"


class OcopBand(models.Model):
    """From how many points on a number of stars is given; the band ends where the next begins (half open)."""

    scale = models.ForeignKey(OcopScale, on_delete=models.CASCADE, related_name="bands")
    stars = models.PositiveSmallIntegerField()
    minimum = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scale", "stars"], name="programmes_ocopband_stars_once"),
            models.UniqueConstraint(fields=["scale", "minimum"], name="programmes_ocopband_minimum_once"),
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5, minimum__gte=0, minimum__lte=100),
                name="programmes_ocopband_in_bounds",
            ),
        ]
        ordering = ["scale", "stars"]

    def __str__(self) -> str:
        return f"{self.scale_id}:{self.stars}"


class OcopGroup(Dated):
    """A group of products (ngành hàng) by a decision; `follows` is the group that it took the place of."""

    code = models.SlugField(max_length=60, unique=True)
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    decision = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta(Dated.Meta):
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class OcopAuthority(Dated):
    """Which level recognises how many stars; two rows of a day are two that may, because no source tells which."""

    stars = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10, choices=OcopLevel)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["stars", "level", "valid_from"], name="programmes_ocopauthority_once"),
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5, level__in=rules.LEVELS),
                name="programmes_ocopauthority_known",
            ),
        ]
        ordering = ["stars", "valid_from", "level"]

    def __str__(self) -> str:
        return f"{self.stars}:{self.level}"
