"""Programmes as the State and the province made them: dated reference data, each row with where it was seen."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mongcai_portal.common.models import Dated, Provenance


class Programme(Dated):
    """A target programme, or a resolution that spends through several; `valid_from` and `valid_to` are its term.

    The merged programme of 2026 is a programme of its own that succeeds three (`ProgrammeSuccession`).
    """

    class Kind(models.TextChoices):
        NATIONAL = "national", _("chương trình mục tiêu quốc gia")
        PROVINCIAL = "provincial", _("nghị quyết của tỉnh")

    code = models.SlugField(max_length=30, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    short_vi = models.CharField(max_length=60)
    short_en = models.CharField(max_length=60)
    agency_vi = models.CharField(max_length=200, blank=True)
    agency_en = models.CharField(max_length=200, blank=True)
    component_vi = models.CharField(max_length=60, blank=True)
    component_en = models.CharField(max_length=60, blank=True)
    components_provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.MISSING)
    position = models.PositiveSmallIntegerField()
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    note_vi = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(code=""), name="programmes_programme_has_code"),
        ]
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class ProgrammePhase(models.Model):
    """A stage of a programme (giai đoạn): whole years, both inclusive."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="phases")
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "first_year"], name="programmes_phase_once"),
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="programmes_phase_in_order"),
        ]
        ordering = ["first_year"]

    def __str__(self) -> str:
        return f"{self.programme_id}:{self.first_year}-{self.last_year}"


class Component(models.Model):
    """A content (nội dung thành phần) or project (dự án) of a programme, which its money is planned under."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="components")
    number = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programmes_component_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="programmes_component_numbered"),
        ]
        ordering = ["programme", "number"]

    def __str__(self) -> str:
        return f"{self.programme_id}/{self.number}"


class ThematicProgramme(models.Model):
    """A thematic programme (chương trình chuyên đề) under a programme, by a decision of its own."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="thematic")
    position = models.PositiveSmallIntegerField()
    name_vi = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    decision = models.CharField(max_length=120)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "position"], name="programmes_thematic_once")]
        ordering = ["programme", "position"]

    def __str__(self) -> str:
        return self.decision


class LegalBasis(models.Model):
    """A text that a programme rests on, as it is cited; without a programme it is common to all of 2021–2025 and on.

    `issued_on`: only where one text is cited; a row that cites several keeps their days in its words.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, null=True, blank=True, related_name="legal")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    issued_on = models.DateField(null=True, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "position"], name="programmes_legal_once"),
            models.UniqueConstraint(
                fields=["position"], condition=Q(programme__isnull=True), name="programmes_legal_common_once"
            ),
        ]
        ordering = ["programme", "position"]
        verbose_name_plural = "legal bases"

    def __str__(self) -> str:
        return self.text


class ProgrammeStatement(models.Model):
    """What the texts state of a programme as a whole: its goals, its capital, what it holds; words, not measures."""

    class Kind(models.TextChoices):
        GOAL = "goal", _("mục tiêu")
        CAPITAL = "capital", _("vốn")
        FACT = "fact", _("nội dung")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=8, choices=Kind)
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    text_vi = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="programmes_statement_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["goal", "capital", "fact"]), name="programmes_statement_kind_known"
            ),
        ]
        ordering = ["programme", "position"]

    def __str__(self) -> str:
        return f"{self.programme_id}:{self.key}"


class ProgrammeSuccession(models.Model):
    """That a programme goes on in another one from a day, and by which text."""

    predecessor = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="precessions")
    effective_on = models.DateField()
    legal_basis = models.CharField(max_length=300)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="programmes_succession_once"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="programmes_succession_not_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id}>{self.successor_id}"
