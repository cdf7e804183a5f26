"""Norms: levels to reach, as dated rows that are succeeded and never edited; and who entered which from what."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from indicators.models.criteria import IndicatorVersion
from mongcai_portal.common.models import Provenance, StoredFile

_BEGINNING = date(1, 1, 1)


class NormDocument(StoredFile):
    """A scan of the decision that a norm was entered from; one without an entry was left behind by its sender."""

    stored_by_id = models.BigIntegerField()


class NormEntry(models.Model):
    """Who entered a norm by hand, when, why and from which decision; `supersedes` is the row it took the place of."""

    decision = models.CharField(max_length=60)
    issued_on = models.DateField()
    issuer = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    document = models.ForeignKey(NormDocument, on_delete=models.PROTECT, related_name="entries")
    supersedes = models.OneToOneField(
        "Norm", on_delete=models.RESTRICT, null=True, blank=True, related_name="succession"
    )
    entered_by = models.CharField(max_length=200)
    entered_by_id = models.BigIntegerField()
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision="") & ~Q(issuer="") & ~Q(entered_by=""), name="indicators_normentry_has_source"
            )
        ]

    def __str__(self) -> str:
        return self.decision


class NormQuerySet(models.QuerySet["Norm"]):
    """Norm rows."""

    def by_hand(self) -> Self:
        return self.filter(entry__isnull=False)


class CurrentNorms(models.Manager.from_queryset(NormQuerySet)):  # type: ignore[misc]
    """The rows that hold: a row that was succeeded is found by `Norm.history` alone."""

    def get_queryset(self) -> NormQuerySet:
        return super().get_queryset().filter(superseded_at__isnull=True)


class Norm(models.Model):
    """A level to reach (mức đạt chuẩn) of one indicator version, as narrow as its region, year, group and part.

    `part` "" is the element as a whole (and each of men and women). A derived norm is another norm times a factor.
    `valid_from` None: as long as its version; later rows of the same place take over from their day on.
    """

    version = models.ForeignKey(IndicatorVersion, on_delete=models.CASCADE, related_name="norms")
    part = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=40, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    commune_group = models.CharField(max_length=20, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    number = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    boolean = models.BooleanField(null=True, blank=True)
    choice = models.CharField(max_length=80, blank=True)
    derived_set = models.CharField(max_length=60, blank=True)
    derived_indicator = models.CharField(max_length=10, blank=True)
    derived_factor = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    decision = models.CharField(max_length=60)
    source = models.CharField(max_length=200, blank=True)
    # None: from the reference file. A row entered by hand is never changed by the file.
    entry = models.OneToOneField(NormEntry, on_delete=models.RESTRICT, null=True, blank=True, related_name="norm")
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = CurrentNorms()
    history = NormQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "version",
                "part",
                "region",
                "commune_group",
                Coalesce("year", 0),
                Coalesce("valid_from", Value(_BEGINNING)),
                condition=Q(superseded_at__isnull=True),
                name="indicators_norm_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(number__isnull=False, boolean__isnull=True, choice="", derived_set="")
                    | Q(number__isnull=True, boolean__isnull=False, choice="", derived_set="")
                    | (Q(number__isnull=True, boolean__isnull=True, derived_set="") & ~Q(choice=""))
                    | (
                        Q(number__isnull=True, boolean__isnull=True, choice="", derived_factor__isnull=False)
                        & ~Q(derived_set="")
                    )
                ),
                name="indicators_norm_one_value",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=True) | Q(provenance=Provenance.SOURCED),
                name="indicators_norm_by_hand_has_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}:{self.part}:{self.region}:{self.year}"

    @property
    def value(self) -> object:
        """The level: a number, a yes, or a word of the scale; None for a derived one."""
        if self.number is not None:
            return self.number
        return self.boolean if self.boolean is not None else self.choice or None

    @property
    def place(self) -> tuple[int, str, str, int | None, str]:
        """What the row is the level of: version, part, region, year and group."""
        return self.version_id, self.part, self.region, self.year, self.commune_group
