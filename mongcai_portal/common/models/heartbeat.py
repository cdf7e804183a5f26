"""When the background processes last showed life."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """One row for beat and one for each queue; `/readyz` calls dead what is older than a minute.

    A queue's row is signed by a worker that takes messages from it, so it says that work of this queue gets done.
    """

    class Component(models.TextChoices):
        BEAT = "beat", _("Bộ hẹn giờ")
        EVALUATE = "evaluate", _("Tính kết quả")
        MAINTENANCE = "maintenance", _("Việc dài và việc định kỳ")
        MAIL = "mail", _("Nhắc việc và gửi thư")

    component = models.CharField(max_length=20, primary_key=True, choices=Component.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(component__in=["beat", "evaluate", "maintenance", "mail"]),
                name="heartbeat_component_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.at:%Y-%m-%d %H:%M:%S}"
