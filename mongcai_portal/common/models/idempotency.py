"""Answers of writes that other systems may repeat."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class KeptAnswer(models.Model):
    """The first answer to a caller's write under a key; it is written together with what the write stores."""

    caller = models.BigIntegerField()  # the user's number: a row of no domain names no table above it
    operation = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of the request, so that a key used for another one is found out
    answer = models.JSONField(null=True)  # null only inside the transaction that works on it
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["caller", "operation", "key"], name="common_keptanswer_once"),
            models.CheckConstraint(condition=~Q(key="") & ~Q(fingerprint=""), name="common_keptanswer_named"),
        ]

    def __str__(self) -> str:
        return f"{self.operation}:{self.key}"
