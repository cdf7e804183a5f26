"""What is done about a round's results: meetings, postings, complaints, the district, refusals, and the decision."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communes.models.reviews import HouseholdReview, ReviewFile, ReviewRound
from communes.models.villages import Village


class VillageMeeting(models.Model):
    """A meeting of a village about the results of its households.

    `counts` False: its households were reviewed anew afterwards, another meeting is to be held.
    """

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="meetings")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    chaired_by = models.CharField(max_length=120)
    present = models.PositiveSmallIntegerField()
    agreeing = models.PositiveSmallIntegerField()
    agreed = models.BooleanField()
    minutes = models.ForeignKey(ReviewFile, on_delete=models.PROTECT, related_name="+")
    counts = models.BooleanField(default=True)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "village"], condition=Q(counts=True), name="communes_villagemeeting_one_counts"
            ),
            models.CheckConstraint(
                condition=Q(present__gt=0, agreeing__lte=F("present")), name="communes_villagemeeting_of_those_present"
            ),
            models.CheckConstraint(condition=~Q(chaired_by=""), name="communes_villagemeeting_chaired"),
            # A meeting that did not agree sends its households back: it never stands as the one that counts.
            models.CheckConstraint(condition=Q(counts=False) | Q(agreed=True), name="communes_villagemeeting_agreed"),
        ]
        ordering = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.village_id}:{self.held_on}"


class Posting(models.Model):
    """That a village's results hang out in public, until the end of a day; the second after complaints."""

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="postings")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    second = models.BooleanField()
    posted_on = models.DateField()
    until = models.DateField()
    place = models.CharField(max_length=300)
    counts = models.BooleanField(default=True)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "village", "second"], condition=Q(counts=True), name="communes_posting_one_counts"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("posted_on")), name="communes_posting_lasts"),
            models.CheckConstraint(condition=~Q(place=""), name="communes_posting_somewhere"),
        ]
        ordering = ["posted_on", "pk"]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.village_id}:{self.posted_on}"


class Complaint(models.Model):
    """A complaint about a household's result, and its answer after the re-check."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("giữ nguyên kết quả")
        CHANGED = "changed", _("sửa kết quả")

    review = models.ForeignKey(HouseholdReview, on_delete=models.CASCADE, related_name="complaints")
    received_on = models.DateField()
    due_on = models.DateField()
    text = models.TextField()
    answered_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    answer = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=Q(answered_on__isnull=True), name="communes_complaint_one_open"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="communes_complaint_says_what"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, outcome="", answer="")
                | (Q(answered_on__gte=F("received_on"), outcome__in=["kept", "changed"]) & ~Q(answer="")),
                name="communes_complaint_answered_whole",
            ),
        ]
        ordering = ["received_on", "pk"]

    def __str__(self) -> str:
        return f"{self.review_id}:{self.received_on}"


class DistrictReport(models.Model):
    """That a round's result was sent to the chairman of the district's People's Committee, and the opinion given on it.

    `counts` False: the round was returned afterwards, its result is to be sent anew.
    """

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="district_reports")
    number = models.CharField(max_length=60)
    sent_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    answer_number = models.CharField(max_length=60, blank=True)
    opinion = models.TextField(blank=True)
    counts = models.BooleanField(default=True)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(counts=True), name="communes_districtreport_one_counts"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="communes_districtreport_numbered"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer_number="", opinion="")
                | (Q(answered_on__isnull=False, answered_on__gte=F("sent_on")) & ~Q(answer_number="") & ~Q(opinion="")),
                name="communes_districtreport_answered_whole",
            ),
        ]
        ordering = ["sent_on", "pk"]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.number}"


class ReviewDecision(models.Model):
    """The decision of the chairman of the commune's People's Committee about a round.

    `due_on`: the last day of the round's window, as it was; None: recorded before that was kept. Lateness does not void
    a decision, it has its reason.
    """

    round = models.OneToOneField(ReviewRound, on_delete=models.PROTECT, related_name="decision")
    number = models.CharField(max_length=60)
    decided_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    late_reason = models.TextField(blank=True)
    signer = models.CharField(max_length=120)
    scan = models.ForeignKey(ReviewFile, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(number="") & ~Q(signer=""), name="communes_reviewdecision_numbered"),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True, late_reason="")
                | Q(decided_on__lte=F("due_on"), late_reason="")
                # Without its day nothing could be said of the last line: a check lets pass what it cannot say.
                | (Q(due_on__isnull=False, decided_on__gt=F("due_on")) & ~Q(late_reason="")),
                name="communes_reviewdecision_late_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}:{self.number}"


class Refusal(models.Model):
    """The written answer to a request that is not granted, with its reasons (QĐ 24/2021)."""

    review = models.OneToOneField(HouseholdReview, on_delete=models.CASCADE, related_name="refusal")
    number = models.CharField(max_length=60)
    refused_on = models.DateField()
    signer = models.CharField(max_length=120)
    reasons = models.TextField()
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(signer="") & ~Q(reasons=""), name="communes_refusal_with_reasons"
            )
        ]

    def __str__(self) -> str:
        return f"{self.review_id}:{self.number}"
