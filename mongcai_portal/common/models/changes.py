"""That something changed: notes which triggers of the database leave, read by `common.stamped`."""

from __future__ import annotations

from django.db import models


class ChangeNote(models.Model):
    """One change, or on SQLite the number of all of them in one row."""

    changes = models.PositiveBigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.pk}:{self.changes}"
