"""How many households there are, of which kind, from day to day: kept beside the register and proved against it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from communes.models.poverty import PovertyStandard, PovertyStatus
from communes.models.villages import Village
from mongcai_portal.common.models import Dated


class HouseholdCount(Dated):
    """So many households of a village are the same from `valid_from` to `valid_to`, both inclusive.

    `standard` None and `status` "": every household of the register, whatever it is; otherwise those that are `status`
    under the standard. `ethnicity` is the head's (a code of `rules.ethnic_groups`, "" when not recorded). Unit and area
    type are those of the village on the day: a merger of communes changes no count.
    """

    village = models.ForeignKey(Village, on_delete=models.CASCADE, related_name="household_counts")
    standard = models.ForeignKey(
        PovertyStandard, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    status = models.CharField(max_length=12, choices=PovertyStatus, blank=True)
    ethnicity = models.CharField(max_length=2, blank=True)
    valid_from = models.DateField()
    households = models.PositiveIntegerField()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["village", "standard", "status", "ethnicity", "valid_from"],
                condition=Q(standard__isnull=False),
                name="communes_householdcount_once",
            ),
            models.UniqueConstraint(
                fields=["village", "ethnicity", "valid_from"],
                condition=Q(standard__isnull=True),
                name="communes_householdcount_all_once",
            ),
            models.CheckConstraint(
                condition=Q(standard__isnull=True, status="")
                | Q(standard__isnull=False, status__in=PovertyStatus.values),
                name="communes_householdcount_of_a_standard",
            ),
            models.CheckConstraint(condition=Q(households__gt=0), name="communes_householdcount_not_empty"),
        ]
        # The present first: most questions are about it or about the last days of a year.
        indexes = [models.Index(fields=["standard", "valid_to", "valid_from"], name="communes_householdcount_day")]

    def __str__(self) -> str:
        return f"{self.village_id}:{self.standard_id}:{self.status}:{self.households}"


class CountedVillage(models.Model):
    """That the households of a village were counted, how often, and since when its counts lack something, if they do.

    Who counts a village changes its row first: so two counts of the same village follow one another, and the second
    sees what the first one's transaction wrote.
    """

    village = models.OneToOneField(Village, on_delete=models.CASCADE, primary_key=True, related_name="counted")
    times = models.PositiveBigIntegerField(default=0)
    stale_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["village"], condition=Q(stale_since__isnull=False), name="communes_countedvillage_stale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village_id}:{self.times}"
