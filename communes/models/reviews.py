"""Review rounds (đợt rà soát): the procedure as law, a round of a unit, its households and their survey sheets."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communes.models.households import Household
from communes.models.poverty import PovertyStandard, PovertyStatus, UndeterminedReason
from communes.models.survey_forms import AreaType, Deprivation, PovertyCause, SupportKind, SurveyForm
from communes.models.units import Unit
from communes.models.villages import Village
from communes.querysets import HouseholdReviewQuerySet, ReviewRoundQuerySet
from communes.rules.poverty import survey
from communes.rules.reviews import procedure as rules
from mongcai_portal.common.models import Dated, Provenance, StoredFile


class ReviewProcedure(Dated):
    """The procedure of reviews as a decision gives it; a later decision makes another one."""

    code = models.SlugField(max_length=60, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    decision = models.CharField(max_length=80)
    issued_on = models.DateField(null=True, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    sources = models.JSONField(default=list, blank=True)
    note_vi = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(decision=""), name="communes_reviewprocedure_has_legal_basis"),
        ]

    def __str__(self) -> str:
        return self.code


class ReviewTerm(models.Model):
    """A window or duration of a procedure: a number in the unit of its code, or a day of the year.

    `until`: the last day on which a round that has it is opened.
    """

    procedure = models.ForeignKey(ReviewProcedure, on_delete=models.CASCADE, related_name="terms")
    code = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    month = models.PositiveSmallIntegerField(null=True, blank=True)
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "code"], name="communes_reviewterm_once"),
            models.CheckConstraint(condition=Q(code__in=list(rules.TERMS)), name="communes_reviewterm_code_known"),
            models.CheckConstraint(
                condition=Q(number__isnull=False, month__isnull=True, day__isnull=True)
                | Q(number__isnull=True, month__isnull=False, day__isnull=False),
                name="communes_reviewterm_number_or_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}:{self.code}"


class ReviewRound(models.Model):
    """A review of a unit's households: the yearly one, or the one of a month; `held_in` is the year it is held in.

    `area_type` and `region` are the unit's on the day it was opened: they choose lines and item table for all of its
    households. `form` is what they are surveyed by.
    """

    class Kind(models.TextChoices):
        YEARLY = rules.YEARLY, _("định kỳ")
        MONTHLY = rules.MONTHLY, _("thường xuyên")

    class Status(models.TextChoices):
        """The common workflow, in the words of a review."""

        DRAFT = "draft", pgettext_lazy("review round", "đang rà soát")
        SUBMITTED = "submitted", pgettext_lazy("review round", "họp dân, niêm yết")
        RETURNED = "returned", pgettext_lazy("review round", "rà soát lại")
        VERIFIED = "verified", pgettext_lazy("review round", "chờ quyết định")
        APPROVED = "approved", pgettext_lazy("review round", "đã có quyết định")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="review_rounds")
    kind = models.CharField(max_length=8, choices=Kind)
    held_in = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(null=True, blank=True)
    procedure = models.ForeignKey(ReviewProcedure, on_delete=models.PROTECT, related_name="rounds")
    form = models.ForeignKey(SurveyForm, on_delete=models.PROTECT, related_name="rounds")
    area_type = models.CharField(max_length=10, choices=AreaType, blank=True)
    region = models.CharField(max_length=40, blank=True)
    opened_on = models.DateField()
    opened_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    returned_because = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)
    lock = models.PositiveIntegerField(default=1)

    objects = ReviewRoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "held_in"], condition=Q(kind="yearly"), name="communes_reviewround_yearly_once"
            ),
            models.UniqueConstraint(
                fields=["unit", "held_in", "month"],
                condition=Q(kind="monthly"),
                name="communes_reviewround_monthly_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="yearly", month__isnull=True)
                | Q(kind="monthly", month__isnull=False, month__gte=1, month__lte=12),
                name="communes_reviewround_month_of_monthly",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "returned", "verified", "approved"]),
                name="communes_reviewround_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(returned_because=""),
                name="communes_reviewround_returned_with_reason",
            ),
        ]
        ordering = ["-opened_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.kind}:{self.held_in}{f'-{self.month:02d}' if self.month else ''}"


class RoundStandard(models.Model):
    """A standard that a round classifies by, and the year its counts are of."""

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="standards")
    standard = models.ForeignKey(PovertyStandard, on_delete=models.PROTECT, related_name="+")
    effective_year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "standard", "effective_year"], name="communes_roundstandard_once"),
            models.CheckConstraint(condition=Q(effective_year__gte=2000), name="communes_roundstandard_year"),
        ]
        ordering = ["round", "pk"]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.standard_id}:{self.effective_year}"


class HouseholdReview(models.Model):
    """A household in a round: why it is reviewed, and its survey sheet once that is finished.

    What is typed into the sheet before stands in `SheetCell`. `before`: its status by standard when it was listed.
    `fell_out`: why the round's decision is not about it; "" while there is none, and of whom it is about.
    """

    class Reason(models.TextChoices):
        REGISTER = "register", _("đang trong danh sách hộ nghèo, cận nghèo")
        REQUEST_01 = "request_01", _("có giấy đề nghị (Mẫu 01)")
        REQUEST_04 = "request_04", _("có giấy đề nghị thoát nghèo, thoát cận nghèo (Mẫu 04)")
        AVERAGE = "average", _("có giấy đề nghị xác định hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình")

    class Screening(models.TextChoices):
        TO_SURVEY = survey.TO_SURVEY, _("cần điều tra bằng phiếu B")
        SCREENED_OUT = survey.SCREENED_OUT, _("dừng ở bước nhận dạng nhanh")

    class FellOut(models.TextChoices):
        """It did not live in the unit on the day of the decision."""

        GONE = "gone", _("đã ra khỏi sổ hộ")
        ELSEWHERE = "elsewhere", _("nay ở xã, phường khác")

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="reviews")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="reviews")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason)
    requested_on = models.DateField(null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)
    listed_by = models.CharField(max_length=200)
    listed_at = models.DateTimeField()
    screening = models.CharField(max_length=12, choices=Screening, blank=True)
    income = models.BigIntegerField(null=True, blank=True)
    a_score = models.PositiveSmallIntegerField(null=True, blank=True)
    b_score = models.PositiveSmallIntegerField(null=True, blank=True)
    chosen = models.JSONField(default=dict, blank=True)
    farming = models.BooleanField(null=True, blank=True)
    surveyor = models.CharField(max_length=120, blank=True)
    surveyed_on = models.DateField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.CharField(max_length=200, blank=True)
    fell_out = models.CharField(max_length=10, choices=FellOut, blank=True)
    lock = models.PositiveIntegerField(default=1)

    objects = HouseholdReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "household"], name="communes_householdreview_once"),
            models.CheckConstraint(
                condition=Q(reason="register", requested_on__isnull=True)
                | Q(reason__in=["request_01", "request_04", "average"], requested_on__isnull=False),
                name="communes_householdreview_requests_have_a_day",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True)
                | (Q(finished_at__isnull=False, surveyed_on__isnull=False) & ~Q(surveyor="")),
                name="communes_householdreview_finished_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(income__isnull=True) | Q(income__gte=0), name="communes_householdreview_income_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(fell_out__in=["", "gone", "elsewhere"]), name="communes_householdreview_fell_out_known"
            ),
        ]
        indexes = [models.Index(fields=["round", "village", "finished_at"], name="communes_review_in_village")]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.household_id}"


class SheetCell(models.Model):
    """One field of a survey sheet as it was typed last; "" is one that was emptied again.

    `name` is the field's: `income`, `answer:water`, `item:house`. `value` is written as the API writes it.
    """

    review = models.ForeignKey(HouseholdReview, on_delete=models.CASCADE, related_name="cells")
    name = models.CharField(max_length=100)
    value = models.CharField(max_length=200, blank=True)
    lock = models.PositiveIntegerField(default=1)
    entered_by = models.CharField(max_length=200)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "name"], name="communes_sheetcell_once"),
            models.CheckConstraint(condition=~Q(name=""), name="communes_sheetcell_named"),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}:{self.name}"


class ReviewAnswer(models.Model):
    """The answer of a finished sheet to one deprivation of sheet B2."""

    review = models.ForeignKey(HouseholdReview, on_delete=models.CASCADE, related_name="answers")
    deprivation = models.ForeignKey(Deprivation, on_delete=models.PROTECT, related_name="+")
    deprived = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "deprivation"], name="communes_reviewanswer_once")]

    def __str__(self) -> str:
        return f"{self.review_id}:{self.deprivation_id}"


class ReviewCause(models.Model):
    """What the finished sheet of a poor or near-poor household says of one cause of sheet C; open ones have no row."""

    review = models.ForeignKey(HouseholdReview, on_delete=models.CASCADE, related_name="causes")
    cause = models.ForeignKey(PovertyCause, on_delete=models.PROTECT, related_name="+")
    applies = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "cause"], name="communes_reviewcause_once")]

    def __str__(self) -> str:
        return f"{self.review_id}:{self.cause_id}"


class ReviewSupport(models.Model):
    """Whether a poor or near-poor household needs a kind of support, and whether it received it; None: not answered."""

    review = models.ForeignKey(HouseholdReview, on_delete=models.CASCADE, related_name="supports")
    kind = models.ForeignKey(SupportKind, on_delete=models.PROTECT, related_name="+")
    needed = models.BooleanField(null=True, blank=True)
    received = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "kind"], name="communes_reviewsupport_once"),
            models.CheckConstraint(
                condition=Q(needed__isnull=False) | Q(received__isnull=False), name="communes_reviewsupport_answered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}:{self.kind_id}"


class ReviewResult(models.Model):
    """What a finished sheet comes to under one standard; final once the round is decided.

    `average_living` as in `Classification`; None, too, of results finished before it was kept.
    """

    review = models.ForeignKey(HouseholdReview, on_delete=models.CASCADE, related_name="results")
    standard = models.ForeignKey(PovertyStandard, on_delete=models.PROTECT, related_name="+")
    effective_year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=PovertyStatus)
    reason = models.CharField(max_length=20, choices=UndeterminedReason, blank=True)
    average_living = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "standard", "effective_year"], name="communes_reviewresult_once"),
            models.CheckConstraint(
                condition=Q(average_living__isnull=True) | Q(average_living=False) | Q(status="not_poor"),
                name="communes_reviewresult_average_is_not_poor",
            ),
            models.CheckConstraint(
                condition=(Q(status="undetermined") & ~Q(reason=""))
                | (Q(status__in=["poor", "near_poor", "not_poor"]) & Q(reason="")),
                name="communes_reviewresult_undetermined_says_why",
            ),
        ]
        indexes = [models.Index(fields=["standard", "status"], name="communes_result_by_status")]

    def __str__(self) -> str:
        return f"{self.review_id}:{self.standard_id}:{self.status}"


class ReviewFile(StoredFile):
    """A paper of a round: the request or sheet of a household, the minutes of a meeting, the decision."""

    class Paper(models.TextChoices):
        REQUEST = "request", _("giấy đề nghị")
        SHEET = "sheet", _("phiếu rà soát")
        MINUTES = "minutes", _("biên bản họp dân")
        DECISION = "decision", _("quyết định")

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="files")
    review = models.ForeignKey(HouseholdReview, on_delete=models.PROTECT, null=True, blank=True, related_name="files")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paper = models.CharField(max_length=8, choices=Paper)

    class Meta(StoredFile.Meta):
        constraints = [
            *StoredFile.Meta.constraints,
            models.CheckConstraint(
                condition=Q(paper__in=["request", "sheet"], review__isnull=False, village__isnull=True)
                | Q(paper="minutes", review__isnull=True, village__isnull=False)
                | Q(paper="decision", review__isnull=True, village__isnull=True),
                name="communes_reviewfile_belongs",
            ),
        ]
