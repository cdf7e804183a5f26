"""Difficulties (tồn tại, khó khăn) of programmes with their causes and proposals (kiến nghị), and their history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communes.models import Office, Unit
from mongcai_portal.common.models import AppendOnlyModel, Provenance
from mongcai_portal.common.text import search_key
from programmes.models.core import Programme
from programmes.querysets import with_predecessors
from programmes.rules.difficulties import OPEN, RESOLVED, WITHDRAWN

if TYPE_CHECKING:
    from communes.scope import Scope


class DifficultyQuerySet(models.QuerySet[Any]):
    """Difficulties, as each reader may see them."""

    def visible_to(self, scope: Scope) -> Self:
        """Those of the reader's units and of what became them, and those of the whole town."""
        if scope.all_units:
            return self
        return self.filter(Q(unit__isnull=True) | Q(unit__in=with_predecessors(scope.unit_ids)))

    def search(self, text: str) -> Self:
        """Those whose texts, causes and proposals hold every word, with or without tone marks."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search_key__contains=word)
        return found


class Difficulty(models.Model):
    """What hinders a programme in a commune (`unit` None: in the whole town), as it was seen in a reporting period.

    `period` is a period code (`2023`, `2023-H1`, `2023-Q4`, `2023-11`), `starts_on` and `ends_on` its days. Causes are
    told apart as administrative reports do: those from outside (khách quan), and those of one's own (chủ quan).
    """

    class Kind(models.TextChoices):
        LIMITATION = "limitation", _("tồn tại, hạn chế")
        DIFFICULTY = "difficulty", _("khó khăn, vướng mắc")

    class Status(models.TextChoices):
        OPEN = OPEN, _("chưa giải quyết")
        RESOLVED = RESOLVED, _("đã giải quyết")
        WITHDRAWN = WITHDRAWN, pgettext_lazy("difficulty", "đã rút")

    # Of the form it was written with: the same form sent twice is one entry.
    token = models.CharField(max_length=32, unique=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="difficulties")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="difficulties")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="difficulties")
    period = models.CharField(max_length=7)
    starts_on = models.DateField()
    ends_on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()
    cause_objective = models.TextField(blank=True)
    cause_subjective = models.TextField(blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    resolution = models.TextField(blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    lock = models.PositiveIntegerField(default=1)
    search_key = models.TextField()

    objects = DifficultyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(token=""), name="programmes_difficulty_says_what"),
            models.CheckConstraint(
                condition=Q(kind__in=["limitation", "difficulty"]), name="programmes_difficulty_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(period="") & Q(ends_on__gte=F("starts_on")), name="programmes_difficulty_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status=OPEN, resolved_on__isnull=True, resolution="", closed_at__isnull=True)
                | (Q(status=RESOLVED, resolved_on__isnull=False, closed_at__isnull=False) & ~Q(resolution=""))
                | Q(status=WITHDRAWN, resolved_on__isnull=True, resolution="", closed_at__isnull=False),
                name="programmes_difficulty_status_whole",
            ),
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True) | Q(resolved_on__gte=F("starts_on")),
                name="programmes_difficulty_resolved_after_start",
            ),
        ]
        indexes = [models.Index(fields=["ends_on", "status"])]
        verbose_name_plural = "difficulties"

    def __str__(self) -> str:
        return self.text[:80]


class DifficultyProposal(models.Model):
    """What is proposed against a difficulty, and to which level of government."""

    class Addressee(models.TextChoices):
        CENTRAL = "central", pgettext_lazy("addressee", "Trung ương")
        PROVINCE = "province", pgettext_lazy("addressee", "tỉnh")
        TOWN = "town", pgettext_lazy("addressee", "thành phố")
        COMMUNE = "commune", pgettext_lazy("addressee", "xã, phường")

    difficulty = models.ForeignKey(Difficulty, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveSmallIntegerField()
    addressee = models.CharField(max_length=8, choices=Addressee)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["difficulty", "number"], name="programmes_proposal_numbered_once"),
            models.CheckConstraint(condition=Q(number__gt=0) & ~Q(text=""), name="programmes_proposal_says_what"),
            models.CheckConstraint(
                condition=Q(addressee__in=["central", "province", "town", "commune"]),
                name="programmes_proposal_addressee_known",
            ),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.difficulty_id}:{self.number}"


class DifficultyEntry(AppendOnlyModel):
    """One line of a difficulty's history; `before` keeps what a change replaced, by field."""

    class Kind(models.TextChoices):
        WRITTEN = "written", pgettext_lazy("difficulty", "ghi")
        CHANGED = "changed", pgettext_lazy("difficulty", "sửa")
        RESOLVED = "resolved", pgettext_lazy("difficulty", "ghi kết quả giải quyết")
        REOPENED = "reopened", pgettext_lazy("difficulty", "mở lại")
        WITHDRAWN = "withdrawn", pgettext_lazy("difficulty", "rút")
        TASKED = "tasked", pgettext_lazy("difficulty", "giao nhiệm vụ")

    # What has a history is not deleted.
    difficulty = models.ForeignKey(Difficulty, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=9, choices=Kind)
    text = models.TextField(blank=True)
    before = models.JSONField(default=dict, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # An end and a new beginning say how or why.
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(kind__in=["resolved", "reopened", "withdrawn", "tasked"]),
                name="programmes_difficultyentry_says_why",
            ),
        ]
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.difficulty_id}:{self.kind}"
