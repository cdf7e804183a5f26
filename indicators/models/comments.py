"""What the commune and those who judge its report say to each other about an element."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.criteria import DataElement
from indicators.models.reports import Report
from mongcai_portal.common.models import AppendOnlyModel

COMMENT_LENGTH = 2000


class Side(models.TextChoices):
    """Who speaks: the commune that reports, or the office and the coordinator who judge."""

    COMMUNE = "commune", _("xã")
    REVIEW = "review", _("bên thẩm định")


class Comment(AppendOnlyModel):
    """One remark about an element of a report. It belongs to the report, so it stays when the report is reopened.

    `token` is drawn by the form that sent it: sent twice, it is stored once.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="comments")
    revision = models.PositiveSmallIntegerField()
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    text = models.CharField(max_length=COMMENT_LENGTH)
    by_id = models.BigIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    token = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "token"], name="indicators_comment_sent_once"),
            models.CheckConstraint(condition=~Q(text=""), name="indicators_comment_not_empty"),
            models.CheckConstraint(condition=Q(side__in=["commune", "review"]), name="indicators_comment_side_known"),
        ]
        indexes = [models.Index(fields=["report", "element"], name="indicators_comment_thread")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.element_id}:{self.side}"


class CommentSeen(models.Model):
    """Up to which remark a side has read a thread, and who of it read last."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    upto = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "element", "side"], name="indicators_seen_once"),
            models.CheckConstraint(condition=Q(side__in=["commune", "review"]), name="indicators_seen_side_known"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}:{self.element_id}:{self.side}"
