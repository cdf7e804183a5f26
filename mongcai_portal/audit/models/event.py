"""What happened, by whom, never changed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mongcai_portal.audit.context import Channel
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.models import AppendOnly, AppendOnlyModel

__all__ = ["AppendOnly", "AuditEvent"]


class AuditEvent(AppendOnlyModel):
    """One thing that happened. Names are kept as text and no key points to a live row: the log outlives them."""

    at = models.DateTimeField(_("lúc"), default=timezone.now, db_index=True)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_name = models.CharField(_("người thực hiện"), max_length=200, blank=True)
    # Kinds are not in the column: the vocabulary grows without a migration.
    kind = models.CharField(_("việc"), max_length=60, db_index=True)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    object_label = models.CharField(_("đối tượng"), max_length=300, blank=True)
    unit_uid = models.CharField(_("đơn vị"), max_length=60, blank=True)
    details = models.JSONField(_("chi tiết"), default=dict, blank=True)
    channel = models.CharField(_("qua"), max_length=10, choices=[(c.value, c.value) for c in Channel])
    request_id = models.CharField(max_length=64, blank=True)
    # What the log is searched by, folded: who, and everything that can be read of the object and the details.
    actor_key = models.CharField(max_length=200, blank=True, editable=False)
    search_key = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("sự kiện")
        verbose_name_plural = _("nhật ký")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_event_object"),
            models.Index(fields=["unit_uid", "at"], name="audit_event_unit"),
            models.Index(fields=["actor_id", "at"], name="audit_event_actor"),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(kind=""), name="audit_event_kind_not_empty"),
            models.CheckConstraint(
                condition=models.Q(channel__in=[c.value for c in Channel]), name="audit_event_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.kind} {self.object_label}"

    @property
    def kind_label(self) -> str:
        """What happened, in words; a kind that is no longer in the vocabulary shows its code."""
        try:
            return str(Kind(self.kind).label)
        except ValueError:
            return self.kind
