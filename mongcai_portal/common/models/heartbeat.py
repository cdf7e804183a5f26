"""When the background processes last showed life."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """One row a component; `/readyz` calls a component dead when its row is older than a minute."""

    class Component(models.TextChoices):
        WORKER = "worker", _("Bộ xử lý nền")
        BEAT = "beat", _("Bộ hẹn giờ")

    component = models.CharField(max_length=20, primary_key=True, choices=Component.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(component__in=["worker", "beat"]), name="heartbeat_component_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.at:%Y-%m-%d %H:%M:%S}"
