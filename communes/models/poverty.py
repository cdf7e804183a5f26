"""Poverty standards as law in versions: shape of the rule, income lines, score limits, the years they count for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communes.models.survey_forms import AreaType, SurveyForm
from communes.models.units import Unit
from communes.rules.poverty import classify, types
from mongcai_portal.common.models import Provenance

MISSING = Provenance.MISSING


class PovertyStatus(models.TextChoices):
    """What a household is under one standard."""

    POOR = classify.POOR, _("hộ nghèo")
    NEAR_POOR = classify.NEAR_POOR, _("hộ cận nghèo")
    NOT_POOR = classify.NOT_POOR, _("hộ không nghèo")
    UNDETERMINED = classify.UNDETERMINED, pgettext_lazy("household", "chưa xác định")


class UndeterminedReason(models.TextChoices):
    """Why a household's status is not determined under a standard."""

    NO_AREA_TYPE = classify.NO_AREA_TYPE, _("chưa rõ hộ thuộc khu vực nông thôn hay thành thị")
    NO_LINE = classify.NO_LINE, _("chưa nhập mức chuẩn thu nhập của khu vực")
    NO_INCOME = classify.NO_INCOME, _("chưa ghi thu nhập và chưa có điểm A")
    SCREENED_OUT = classify.SCREENED_OUT, _("dừng ở bước nhận dạng nhanh, chưa ghi thu nhập và chưa có điểm A")
    NO_SCORE_LIMIT = classify.NO_SCORE_LIMIT, _("chuẩn nghèo không có mức điểm A, hộ chưa ghi thu nhập")
    OTHER_FORM = classify.OTHER_FORM, _("phiếu rà soát của hộ không phải mẫu phiếu của chuẩn nghèo")
    LIST_NOT_ENTERED = classify.LIST_NOT_ENTERED, _("chưa nhập danh mục chỉ số thiếu hụt của chuẩn nghèo")
    NOT_ASKED = classify.NOT_ASKED, _("chưa hỏi các chỉ số thiếu hụt")
    UNANSWERED = classify.UNANSWERED, _("còn chỉ số thiếu hụt chưa trả lời")
    SCORE_DISAGREES = classify.SCORE_DISAGREES, _("điểm B không khớp với các câu trả lời")


class PovertyStandard(models.Model):
    """A decree's poverty standard (chuẩn nghèo); changed lines or another rule are another standard with its own years.

    `least` of the `deprivations_declared` make a household deprived; `b_least` is the same as a B score. `form` is the
    one whose deprivations are this standard's, None while they are not entered. `area`: the province that set it for
    its own residents; None: the whole country.
    """

    class Shape(models.TextChoices):
        LINE_AND_DEPRIVATIONS = types.LINE_AND_DEPRIVATIONS, _("thu nhập và thiếu hụt cùng xét")
        TWO_LINES = types.TWO_LINES, _("hai mức thu nhập")

    code = models.SlugField(max_length=60, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    decision = models.CharField(max_length=80)
    amended_by = models.CharField(max_length=200, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    area = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="poverty_standards")
    shape = models.CharField(max_length=30, choices=Shape)
    rule_provenance = models.CharField(max_length=12, choices=Provenance)
    least = models.PositiveSmallIntegerField()
    deprivations_declared = models.PositiveSmallIntegerField()
    form = models.ForeignKey(SurveyForm, on_delete=models.PROTECT, null=True, blank=True, related_name="standards")
    list_provenance = models.CharField(max_length=12, choices=Provenance)
    b_least = models.PositiveSmallIntegerField(null=True, blank=True)
    b_provenance = models.CharField(max_length=12, choices=Provenance)
    provenance = models.CharField(max_length=12, choices=Provenance)
    sources = models.JSONField(default=list, blank=True)
    note_vi = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(decision=""), name="communes_povertystandard_has_legal_basis"),
            models.CheckConstraint(condition=Q(shape__in=types.SHAPES), name="communes_povertystandard_shape_known"),
            models.CheckConstraint(
                condition=Q(least__gt=0, least__lte=F("deprivations_declared")),
                name="communes_povertystandard_least_of_declared",
            ),
            models.CheckConstraint(
                condition=Q(form__isnull=True, list_provenance=MISSING)
                | (Q(form__isnull=False) & ~Q(list_provenance=MISSING)),
                name="communes_povertystandard_missing_list_says_so",
            ),
            models.CheckConstraint(
                condition=Q(b_least__isnull=True, b_provenance=MISSING)
                | (Q(b_least__isnull=False, b_least__gt=0) & ~Q(b_provenance=MISSING)),
                name="communes_povertystandard_missing_b_says_so",
            ),
            # A limit in points says nothing without the form that gives them.
            models.CheckConstraint(
                condition=Q(b_least__isnull=True) | Q(form__isnull=False),
                name="communes_povertystandard_b_needs_form",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class IncomeLine(models.Model):
    """An income line for an area type, in đồng per person per month, and the A score that stands for it, if known."""

    class Kind(models.TextChoices):
        POOR = types.POOR_LINE, _("chuẩn nghèo về thu nhập")
        UPPER = types.UPPER_LINE, _("chuẩn cận nghèo về thu nhập")
        AVERAGE = types.AVERAGE_LINE, _("mức cao nhất của hộ có mức sống trung bình")

    standard = models.ForeignKey(PovertyStandard, on_delete=models.CASCADE, related_name="lines")
    area_type = models.CharField(max_length=10, choices=AreaType)
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.BigIntegerField()
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    a_most = models.PositiveSmallIntegerField(null=True, blank=True)
    a_provenance = models.CharField(max_length=12, choices=Provenance)
    a_source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "area_type", "kind"], name="communes_incomeline_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="communes_incomeline_amount_positive"),
            models.CheckConstraint(condition=Q(area_type__in=types.AREA_TYPES), name="communes_incomeline_area_known"),
            models.CheckConstraint(condition=Q(kind__in=types.LINES), name="communes_incomeline_kind_known"),
            models.CheckConstraint(
                condition=Q(a_most__isnull=True, a_provenance=MISSING)
                | (Q(a_most__isnull=False, a_most__gt=0) & ~Q(a_provenance=MISSING)),
                name="communes_incomeline_missing_a_says_so",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_type}:{self.kind}:{self.amount}"


class StandardYear(models.Model):
    """A year that a standard counts for, and the year in which the round was held that classifies for it.

    Two columns, because the round of autumn classifies for the next year; `round_held` None: not known.
    """

    standard = models.ForeignKey(PovertyStandard, on_delete=models.CASCADE, related_name="years")
    effective_year = models.PositiveSmallIntegerField(db_index=True)
    round_held = models.PositiveSmallIntegerField(null=True, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    round_provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "effective_year"], name="communes_standardyear_once"),
            models.CheckConstraint(
                condition=Q(round_held__isnull=True, round_provenance=MISSING)
                | (Q(round_held__isnull=False) & ~Q(round_provenance=MISSING)),
                name="communes_standardyear_missing_round_says_so",
            ),
            models.CheckConstraint(
                condition=Q(round_held__isnull=True)
                | Q(round_held__gte=F("effective_year") - 1, round_held__lte=F("effective_year")),
                name="communes_standardyear_round_before_or_in_it",
            ),
        ]
        ordering = ["standard", "effective_year"]

    def __str__(self) -> str:
        return f"{self.standard_id}:{self.effective_year}"
