"""What is done about an OCOP product: assessments with the council's sheets, recognitions, reminders of their end.

A recognition may have its paper: the signed decision, scanned.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mongcai_portal.common.models import Provenance, StoredFile
from programmes.models.ocop import OcopProduct
from programmes.models.ocop_scales import OcopLevel, OcopScale
from programmes.querysets import OcopOfProductQuerySet, OcopOfRecognitionQuerySet
from programmes.rules import ocop as rules


class OcopAssessment(models.Model):
    """An assessment of a product by a council, by the scale in force on the day of its session.

    It goes through the common workflow: the commune hands the dossier in, the council's office enters the sheets of the
    members and settles the result, the coordination office approves it. `points_*` and `total` are the averages, cut;
    `stars` follow from the exact ones. An approved assessment is never edited: another one succeeds it.
    """

    class Purpose(models.TextChoices):
        FIRST = rules.FIRST, pgettext_lazy("ocop purpose", "đánh giá lần đầu")
        RENEWAL = rules.RENEWAL, pgettext_lazy("ocop purpose", "đánh giá lại khi hết hạn")
        UPGRADE = rules.UPGRADE, pgettext_lazy("ocop purpose", "nâng hạng sao")

    class Status(models.TextChoices):
        """The common workflow, in the words of an assessment."""

        DRAFT = "draft", pgettext_lazy("ocop assessment", "đang lập hồ sơ")
        SUBMITTED = "submitted", pgettext_lazy("ocop assessment", "chờ hội đồng chấm")
        RETURNED = "returned", pgettext_lazy("ocop assessment", "trả lại hồ sơ")
        VERIFIED = "verified", pgettext_lazy("ocop assessment", "đã chấm, chờ phê duyệt")
        APPROVED = "approved", pgettext_lazy("ocop assessment", "đã phê duyệt kết quả")

    class Result(models.TextChoices):
        AWARDED = rules.AWARDED, pgettext_lazy("ocop result", "đạt hạng sao")
        FORWARDED = rules.FORWARDED, pgettext_lazy("ocop result", "đề nghị cấp trên đánh giá")
        POTENTIAL = rules.POTENTIAL, pgettext_lazy("ocop result", "tiềm năng 5 sao")
        BELOW = rules.BELOW, pgettext_lazy("ocop result", "chưa đủ điểm công nhận")
        DISQUALIFIED = rules.DISQUALIFIED, pgettext_lazy("ocop result", "không đạt yêu cầu ngoài điểm")

    product = models.ForeignKey(OcopProduct, on_delete=models.PROTECT, related_name="assessments")
    purpose = models.CharField(max_length=10, choices=Purpose)
    dossier_note = models.TextField(blank=True)
    council = models.CharField(max_length=10, choices=OcopLevel, blank=True)
    assessed_on = models.DateField(null=True, blank=True)
    scale = models.ForeignKey(OcopScale, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    returned_because = models.TextField(blank=True)
    points_a = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    points_b = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    points_c = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    total = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    result = models.CharField(max_length=12, choices=Result, blank=True)
    disqualified_because = models.TextField(blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    opened_by = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    lock = models.PositiveIntegerField(default=1)

    objects = OcopOfProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product"], condition=~Q(status="approved"), name="programmes_ocopassessment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "returned", "verified", "approved"]),
                name="programmes_ocopassessment_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(returned_because=""),
                name="programmes_ocopassessment_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["verified", "approved"])
                | (
                    Q(assessed_on__isnull=False, scale__isnull=False, total__isnull=False, points_a__isnull=False)
                    & Q(points_b__isnull=False, points_c__isnull=False, result__in=rules.RESULTS)
                    & Q(council__in=rules.LEVELS)
                ),
                name="programmes_ocopassessment_settled_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(result="", stars__isnull=True, disqualified_because="")
                | (Q(result="disqualified", stars__isnull=True) & ~Q(disqualified_because=""))
                | Q(
                    result__in=["awarded", "forwarded", "potential", "below"],
                    stars__isnull=False,
                    stars__gte=1,
                    stars__lte=5,
                    disqualified_because="",
                ),
                name="programmes_ocopassessment_stars_with_result",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100),
                name="programmes_ocopassessment_total_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(status="approved", approved_at__isnull=False)
                | (~Q(status="approved") & Q(approved_at__isnull=True)),
                name="programmes_ocopassessment_approved_has_its_time",
            ),
        ]
        ordering = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.product_id}:{self.assessed_on or self.status}"


class OcopSheet(models.Model):
    """The sheet of one member of a council: points of the parts A, B and C."""

    assessment = models.ForeignKey(OcopAssessment, on_delete=models.CASCADE, related_name="sheets")
    position = models.PositiveSmallIntegerField()
    member = models.CharField(max_length=120)
    member_key = models.CharField(max_length=120)
    points_a = models.DecimalField(max_digits=5, decimal_places=2)
    points_b = models.DecimalField(max_digits=5, decimal_places=2)
    points_c = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "member_key"], name="programmes_ocopsheet_member_once"),
            models.CheckConstraint(
                condition=~Q(member="") & ~Q(member_key=""), name="programmes_ocopsheet_member_named"
            ),
            models.CheckConstraint(
                condition=Q(points_a__gte=0, points_b__gte=0, points_c__gte=0)
                & Q(points_a__lte=100, points_b__lte=100, points_c__lte=100),
                name="programmes_ocopsheet_points_in_bounds",
            ),
        ]
        ordering = ["assessment", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.assessment_id}:{self.position}"


class StandingOcopRecognitions(models.Manager.from_queryset(OcopOfProductQuerySet)):  # type: ignore[misc]
    """Records that stand: an annulled one counts nowhere, on no date."""

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return super().get_queryset().filter(annulled_at__isnull=True)


class OcopRecognition(models.Model):
    """The decision that a product has so many stars; it holds 36 months and rests on an approved assessment.

    `expires_on` is the first day on which it no longer holds. Whether it was the first, a renewal, an upgrade or a
    downgrade follows from those before it. Never edited: one typed wrongly is annulled, and recorded again.
    """

    product = models.ForeignKey(OcopProduct, on_delete=models.PROTECT, related_name="recognitions")
    assessment = models.ForeignKey(OcopAssessment, on_delete=models.PROTECT, related_name="recognitions")
    stars = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10, choices=OcopLevel)
    decision_number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField()
    expires_on = models.DateField()
    signer = models.CharField(max_length=200, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawal_decision = models.CharField(max_length=60, blank=True)
    withdrawal_reason = models.TextField(blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    note = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    annulled_at = models.DateTimeField(null=True, blank=True)
    annulled_by = models.CharField(max_length=200, blank=True)
    annulment_reason = models.TextField(blank=True)

    # First, so that every reading by relation leaves annulled records out too.
    objects = StandingOcopRecognitions()
    records = OcopOfProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(annulled_at__isnull=True),
                name="programmes_ocoprecognition_one_an_assessment",
            ),
            models.UniqueConstraint(
                fields=["product", "decided_on"],
                condition=Q(annulled_at__isnull=True),
                name="programmes_ocoprecognition_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(stars__gte=3, stars__lte=5, level__in=rules.LEVELS),
                name="programmes_ocoprecognition_three_to_five",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("decided_on")), name="programmes_ocoprecognition_expires_after"
            ),
            # Of illustrations no number was published, and none is invented.
            models.CheckConstraint(
                condition=~Q(decision_number="") | Q(provenance="illustrative"),
                name="programmes_ocoprecognition_numbered",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawal_decision="", withdrawal_reason="")
                | (Q(withdrawn_on__isnull=False, withdrawn_on__gte=F("decided_on")) & ~Q(withdrawal_reason="")),
                name="programmes_ocoprecognition_withdrawal_whole",
            ),
            models.CheckConstraint(
                condition=Q(annulled_at__isnull=True, annulled_by="", annulment_reason="")
                | (Q(annulled_at__isnull=False) & ~Q(annulment_reason="")),
                name="programmes_ocoprecognition_annulled_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["decided_on", "expires_on"], name="programmes_ocop_by_days")]
        ordering = ["-decided_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.product_id}:{self.stars}"

    @property
    def certificate(self) -> rules.Certificate:
        """The recognition as the rules read it."""
        return rules.Certificate(
            self.product_id, self.stars, self.decided_on, self.expires_on, self.withdrawn_on, self.pk
        )

    @property
    def last_day(self):  # type: ignore[no-untyped-def]
        """The last day on which it holds."""
        return rules.last_day(self.expires_on)


class OcopDecisionScan(StoredFile):
    """The signed decision of a recognition, scanned; never exchanged: it goes with its record when that is annulled."""

    recognition = models.OneToOneField(OcopRecognition, on_delete=models.PROTECT, related_name="scan")

    # Of annulled records, too: what this manager leaves out counts as a file that nothing names.
    objects = OcopOfRecognitionQuerySet.as_manager()


class OcopNotice(models.Model):
    """That someone was reminded of a certificate's end, so many days before it: on the page, and by a letter."""

    class Mail(models.TextChoices):
        WAITING = "waiting", _("chờ gửi")
        SENT = "sent", _("đã gửi")
        SKIPPED = "skipped", _("không gửi")
        FAILED = "failed", _("gửi không được")

    recognition = models.ForeignKey(OcopRecognition, on_delete=models.PROTECT, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField()  # days before the first day without the certificate
    created_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=8, choices=Mail, default=Mail.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recognition", "recipient", "turn"], name="programmes_ocopnotice_once"),
            models.CheckConstraint(
                condition=Q(mail="sent", sent_at__isnull=False) | (~Q(mail="sent") & Q(sent_at__isnull=True)),
                name="programmes_ocopnotice_sent_has_its_time",
            ),
        ]
        indexes = [models.Index(fields=["mail", "next_try_at"], name="programmes_ocop_letters")]

    def __str__(self) -> str:
        return f"{self.recognition_id}:{self.recipient_id}:{self.turn}"
