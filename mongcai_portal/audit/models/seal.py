"""The chain over the log."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mongcai_portal.common.models import AppendOnlyModel


class AuditSeal(AppendOnlyModel):
    """One link: the event that was sealed as the `seq`-th, and a hash that covers it and the link before it.

    A table of its own, because ids are given before events can be seen: an event of a long transaction appears when
    later ids have been sealed already. It then gets the next place in the chain; the order of the chain is that of
    sealing. Place, predecessor and event are each unique, so that two jobs at once cannot make two chains of one.
    """

    seq = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField()  # no key to the row: what was sealed is told even when the row is gone
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    # When all that waited had been sealed last, at this link: nothing older may turn up after it.
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("niêm phong")
        verbose_name_plural = _("niêm phong nhật ký")
        ordering = ["seq"]
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="audit_seal_seq_from_one"),
            models.UniqueConstraint(fields=["event_id"], name="audit_seal_event_once"),
            models.UniqueConstraint(fields=["previous"], name="audit_seal_no_fork"),
        ]

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"
