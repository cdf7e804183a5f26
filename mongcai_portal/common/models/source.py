"""Where a datum was seen."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """A public text that a datum names as its source; `code` is what rows carry."""

    code = models.CharField(max_length=80, unique=True)
    title = models.TextField()
    url = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.code
