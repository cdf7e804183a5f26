"""The forms that households are surveyed by: sheets, the item tables of B1, deprivations of B2, the lists of C."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communes.rules.poverty import scores, types
from mongcai_portal.common.models import Dated, Provenance


class AreaType(models.TextChoices):
    """Which of two income lines, and which item table, a place takes; the kind of its unit on the day decides."""

    RURAL = types.RURAL, _("nông thôn")
    URBAN = types.URBAN, _("thành thị")


class SurveyForm(Dated):
    """A circular's survey form (bộ phiếu rà soát); a later circular makes another one, never changes this."""

    code = models.SlugField(max_length=60, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    decision = models.CharField(max_length=80)
    amended_by = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    sources = models.JSONField(default=list, blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(decision=""), name="communes_surveyform_has_legal_basis"),
        ]

    def __str__(self) -> str:
        return self.code


class SurveySheet(models.Model):
    """A sheet (phiếu) of a form; `content_provenance` says whether its questions and points are known at all."""

    form = models.ForeignKey(SurveyForm, on_delete=models.CASCADE, related_name="sheets")
    code = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    provenance = models.CharField(max_length=12, choices=Provenance)
    content_provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "code"], name="communes_surveysheet_once"),
            models.CheckConstraint(condition=~Q(code=""), name="communes_surveysheet_has_code"),
        ]
        ordering = ["form", "position"]

    def __str__(self) -> str:
        return self.code


class Deprivation(models.Model):
    """A deprivation (chỉ số thiếu hụt) that sheet B2 asks for: from which state of things on it holds, and its points.

    `threshold_vi` is the decree's text, or "" while that is missing.
    """

    form = models.ForeignKey(SurveyForm, on_delete=models.CASCADE, related_name="deprivations")
    number = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)
    dimension_vi = models.CharField(max_length=120)
    dimension_en = models.CharField(max_length=120)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    threshold_vi = models.TextField(blank=True)
    threshold_en = models.TextField(blank=True)
    points = models.PositiveSmallIntegerField()
    name_provenance = models.CharField(max_length=12, choices=Provenance)
    threshold_provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    note_vi = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="communes_deprivation_number_once"),
            models.UniqueConstraint(fields=["form", "code"], name="communes_deprivation_code_once"),
            models.CheckConstraint(condition=Q(number__gt=0, points__gt=0), name="communes_deprivation_counts"),
            models.CheckConstraint(
                condition=(Q(threshold_vi="") & Q(threshold_provenance=Provenance.MISSING))
                | (~Q(threshold_vi="") & ~Q(threshold_provenance=Provenance.MISSING)),
                name="communes_deprivation_missing_text_says_so",
            ),
        ]
        ordering = ["form", "number"]

    def __str__(self) -> str:
        return self.code


class PovertyCause(models.Model):
    """A cause of poverty (nguyên nhân nghèo) that sheet C of a form lists."""

    form = models.ForeignKey(SurveyForm, on_delete=models.CASCADE, related_name="causes")
    number = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="communes_povertycause_number_once"),
            models.UniqueConstraint(fields=["form", "code"], name="communes_povertycause_code_once"),
            models.CheckConstraint(condition=Q(number__gt=0) & ~Q(code=""), name="communes_povertycause_named"),
        ]
        ordering = ["form", "number"]

    def __str__(self) -> str:
        return self.code


class SupportKind(models.Model):
    """A kind of support (hỗ trợ) that sheet C of a form asks for: whether it is needed, and whether it was received."""

    form = models.ForeignKey(SurveyForm, on_delete=models.CASCADE, related_name="supports")
    number = models.PositiveSmallIntegerField()
    code = models.SlugField(max_length=40)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="communes_supportkind_number_once"),
            models.UniqueConstraint(fields=["form", "code"], name="communes_supportkind_code_once"),
            models.CheckConstraint(condition=Q(number__gt=0) & ~Q(code=""), name="communes_supportkind_named"),
        ]
        ordering = ["form", "number"]

    def __str__(self) -> str:
        return self.code


class ScoreTable(models.Model):
    """The item table of sheet B1 for a region and area type; a form without one takes the A score as typed."""

    form = models.ForeignKey(SurveyForm, on_delete=models.CASCADE, related_name="score_tables")
    region = models.CharField(max_length=40)
    area_type = models.CharField(max_length=10, choices=AreaType)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "region", "area_type"], name="communes_scoretable_once"),
            models.CheckConstraint(condition=Q(area_type__in=types.AREA_TYPES), name="communes_scoretable_area_known"),
            models.CheckConstraint(condition=~Q(region=""), name="communes_scoretable_has_region"),
        ]

    def __str__(self) -> str:
        return f"{self.region}:{self.area_type}"


class ScoreItem(models.Model):
    """A scored characteristic of the household; one of its options holds, or any number of them."""

    class Choose(models.TextChoices):
        ONE = scores.ONE, _("chọn một")
        ANY = scores.ANY, _("chọn các mục đúng")

    table = models.ForeignKey(ScoreTable, on_delete=models.CASCADE, related_name="items")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name_vi = models.TextField()
    name_en = models.TextField()
    choose = models.CharField(max_length=3, choices=Choose)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "code"], name="communes_scoreitem_once"),
            models.CheckConstraint(condition=Q(choose__in=scores.CHOICES), name="communes_scoreitem_choose_known"),
        ]
        ordering = ["table", "position"]

    def __str__(self) -> str:
        return self.code


class ScoreOption(models.Model):
    """An answer to an item and the points it adds to A."""

    item = models.ForeignKey(ScoreItem, on_delete=models.CASCADE, related_name="options")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name_vi = models.TextField()
    name_en = models.TextField()
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "code"], name="communes_scoreoption_once")]
        ordering = ["item", "position"]

    def __str__(self) -> str:
        return f"{self.code}:{self.points}"
