"""Criteria sets as law in versions: criteria, indicators, the elements they read, and the norms."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communes.models import Office
from mongcai_portal.common.models import Dated, Provenance


class ValueType(models.TextChoices):
    """How a value is written."""

    PERCENT = "percent", _("tỷ lệ phần trăm")
    NUMBER = "number", _("số")
    BOOLEAN = "boolean", _("đạt/chưa đạt")
    CHOICE = "choice", _("mức xếp loại")


class Comparison(models.TextChoices):
    """How a value is held against its norm."""

    AT_LEAST = ">=", "≥"
    AT_MOST = "<=", "≤"
    EQUAL = "==", "="
    IS_TRUE = "is_true", _("đạt")


class Level(models.Model):
    """A level that a set describes; `rank` orders the levels of one phase (a higher one includes the lower)."""

    code = models.SlugField(max_length=40, unique=True)
    phase = models.CharField(max_length=20)
    rank = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase", "rank"], name="indicators_level_rank_once")]
        ordering = ["phase", "rank"]

    def __str__(self) -> str:
        return self.code


class CriteriaSet(models.Model):
    """A decree's criteria for one level; nobody reports on a set before it is published."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("dự thảo")
        PUBLISHED = "published", _("đã ban hành")

    code = models.CharField(max_length=60, unique=True)
    name_vi = models.TextField()
    name_en = models.TextField()
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="sets")
    prerequisite = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=60)
    issued_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    # The years a report may be judged by it: a decree signed in 2022 rules 2021 too.
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    default_region = models.CharField(max_length=40, blank=True)
    criteria_declared = models.PositiveSmallIntegerField()
    indicators_declared = models.PositiveSmallIntegerField()
    # The groups by which its norms tell communes apart: code, name_vi, name_en, definition_vi; empty when they do not.
    commune_groups = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    # Moves with any change to the set, its indicators, norms or elements: processes keep definitions by it.
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=models.F("first_year")), name="indicators_set_years_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.code


class ZoneNormRule(models.Model):
    """In a set, units in this zone are measured by another region's column."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="zone_rules")
    zone = models.CharField(max_length=40)
    region = models.CharField(max_length=40)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["criteria_set", "zone"], name="indicators_zonerule_once")]

    def __str__(self) -> str:
        return f"{self.zone}>{self.region}"


class Criterion(models.Model):
    """A criterion (tiêu chí) of a set; met when all of its applicable indicators are."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.CASCADE, related_name="criteria")
    number = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    group_vi = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["criteria_set", "number"], name="indicators_criterion_once")]
        ordering = ["criteria_set", "number"]

    def __str__(self) -> str:
        return f"{self.number}"


class DerivedFigure(models.TextChoices):
    """What the register of households gives of a unit on the last day of a period."""

    POOR_AND_NEAR_POOR_RATE = "poor_and_near_poor_rate", _("tỷ lệ hộ nghèo và hộ cận nghèo của sổ hộ")


class DataElement(models.Model):
    """One fact about a unit in a period; sets read it, each with its own norm, and it is typed once.

    `derived_from`: it is not typed where the register of households says it, by the poverty standard
    `derived_standard`; `derived_provenance` marks how firmly that is known to be what the element asks.
    """

    code = models.SlugField(max_length=80, unique=True)
    name_vi = models.TextField()
    name_en = models.TextField()
    value_type = models.CharField(max_length=10, choices=ValueType)
    unit = models.CharField(max_length=60)
    scale = models.JSONField(default=list, blank=True)  # choice words, worst first
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="elements")
    derived_from = models.CharField(max_length=40, choices=DerivedFigure, blank=True)
    derived_standard = models.CharField(max_length=60, blank=True)
    derived_provenance = models.CharField(max_length=12, choices=Provenance, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(derived_from="", derived_standard="", derived_provenance="")
                | (
                    Q(derived_from__in=DerivedFigure.values, value_type="percent")
                    & ~Q(derived_standard="")
                    & ~Q(derived_provenance="")
                ),
                name="indicators_element_derived_by_a_standard",
            )
        ]

    def __str__(self) -> str:
        return self.code


class DataElementPart(models.Model):
    """A part of a fact that is typed by itself: men, women, or a component ("of which from central supply")."""

    class Kind(models.TextChoices):
        SEX = "sex", _("giới tính")
        COMPONENT = "component", _("thành phần")

    element = models.ForeignKey(DataElement, on_delete=models.CASCADE, related_name="parts")
    code = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind)
    name_vi = models.TextField()
    name_en = models.TextField()
    value_type = models.CharField(max_length=10, choices=ValueType)
    unit = models.CharField(max_length=60)
    scale = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["element", "code"], name="indicators_part_once"),
            models.CheckConstraint(condition=~Q(code=""), name="indicators_part_has_code"),
        ]
        ordering = ["element", "position"]

    def __str__(self) -> str:
        return self.code


class Indicator(models.Model):
    """An indicator (chỉ tiêu) of a criterion; what it asks is in its dated versions."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="indicators")
    level_set_by = models.CharField(max_length=20)
    applies_if_vi = models.TextField(blank=True)
    derived_from_attainment = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sources = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["criterion", "code"], name="indicators_indicator_once")]
        ordering = ["criterion", "position"]

    def __str__(self) -> str:
        return self.code


class IndicatorVersion(Dated):
    """What an indicator asks while a decision holds: wording, type, element, comparison."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="versions")
    decision = models.CharField(max_length=60)
    name_vi = models.TextField()
    name_en = models.TextField()
    name_provenance = models.CharField(max_length=12, choices=Provenance)
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="versions")
    value_type = models.CharField(max_length=10, choices=ValueType)
    unit = models.CharField(max_length=60)
    comparison = models.CharField(max_length=10, choices=Comparison)
    scale = models.JSONField(default=list, blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["indicator", "valid_from"], name="indicators_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}@{self.valid_from}"


class VersionPart(models.Model):
    """A part of the element that this version also judges, with its own comparison."""

    version = models.ForeignKey(IndicatorVersion, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(DataElementPart, on_delete=models.PROTECT, related_name="+")
    comparison = models.CharField(max_length=10, choices=Comparison)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "part"], name="indicators_versionpart_once")]

    def __str__(self) -> str:
        return f"{self.version_id}:{self.part_id}"
