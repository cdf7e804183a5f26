"""That something changed: notes which triggers of the database leave, read by `common.stamped`."""

from __future__ import annotations

from django.db import models


class ChangeNote(models.Model):
    """Changes of one watched table: one of them, or the sum of many."""

    watched = models.CharField(max_length=63)
    changes = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.watched}:{self.changes}"
