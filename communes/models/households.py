"""Households: where they live and who belongs to them, all dated, and which household came of which."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communes.models.persons import Person
from communes.models.villages import Village
from communes.querysets import HouseholdQuerySet
from communes.rules.families import HEAD
from mongcai_portal.common.models import Dated


class Relation(models.TextChoices):
    """What someone is to the head of the household (quan hệ với chủ hộ)."""

    HEAD = "head", _("chủ hộ")
    SPOUSE = "spouse", _("vợ hoặc chồng")
    CHILD = "child", pgettext_lazy("relation", "con")
    STEP_CHILD = "step_child", _("con riêng của vợ hoặc chồng")
    CHILD_IN_LAW = "child_in_law", _("con dâu, con rể")
    PARENT = "parent", _("bố, mẹ")
    PARENT_IN_LAW = "parent_in_law", _("bố, mẹ của vợ hoặc chồng")
    GRANDPARENT = "grandparent", _("ông, bà")
    GRANDCHILD = "grandchild", _("cháu nội, cháu ngoại")
    SIBLING = "sibling", _("anh, chị, em")
    OTHER_RELATIVE = "other_relative", _("quan hệ gia đình khác")
    UNRELATED = "unrelated", _("không có quan hệ gia đình")


class Began(models.TextChoices):
    """How a household came into the register."""

    ENTERED = "entered", _("ghi vào sổ")
    MOVED_IN = "moved_in", _("chuyển đến")
    SPLIT = "split", _("tách hộ")


class Ended(models.TextChoices):
    """How a household left the register."""

    MOVED_OUT = "moved_out", _("chuyển đi")
    DIED = "died", _("không còn ai sống")
    DISSOLVED = "dissolved", _("giải thể hộ")
    MERGED = "merged", _("nhập hộ")


class Joined(models.TextChoices):
    """How a membership began; `relation` goes on from one that ended the day before."""

    ENTERED = "entered", _("ghi vào sổ")
    BORN = "born", _("mới sinh")
    MOVED_IN = "moved_in", _("chuyển đến")
    SPLIT = "split", _("tách hộ")
    MERGED = "merged", _("nhập hộ")
    TRANSFER = "transfer", _("từ hộ khác")
    RELATION = "relation", _("đổi quan hệ với chủ hộ")


class Left(models.TextChoices):
    """How a membership ended; `relation` goes on in the one that begins the next day."""

    MOVED_OUT = "moved_out", _("chuyển đi")
    DIED = "died", _("đã mất")
    DISSOLVED = "dissolved", _("giải thể hộ")
    SPLIT = "split", _("tách hộ")
    MERGED = "merged", _("nhập hộ")
    TRANSFER = "transfer", _("sang hộ khác")
    RELATION = "relation", _("đổi quan hệ với chủ hộ")


def _ends_with_its_cause(name: str, causes: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True, ended_as="") | Q(valid_to__isnull=False, ended_as__in=causes), name=name
    )


class Household(Dated):
    """A household of the register, from its first day to its last.

    Village, address and head are those of today, or of the last day, so that lists need no join; what they were on
    another day is in `HouseholdStay` and `HouseholdMember`. Its area type follows from the kind of the unit that the
    village lies in on the day. `code` is the register's and is never used again.
    """

    code = models.CharField(max_length=40)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="households")
    address = models.CharField(max_length=300, blank=True)
    head_name = models.CharField(max_length=120)
    size = models.PositiveSmallIntegerField()  # members of today, or of the last day
    search_key = models.CharField(max_length=500)  # of head, code and address
    sort_key = models.CharField(max_length=420)  # of the head's name
    valid_from = models.DateField()
    began_as = models.CharField(max_length=9, choices=Began)
    ended_as = models.CharField(max_length=9, choices=Ended, blank=True)
    no_labour = models.BooleanField(null=True, blank=True)  # không có khả năng lao động
    farming = models.BooleanField(null=True, blank=True)  # nông, lâm, ngư, diêm nghiệp
    note = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)
    lock = models.PositiveIntegerField(default=0)

    objects = HouseholdQuerySet.as_manager()  # type: ignore[misc]  # as Django means it: the base's is another

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["code"], name="communes_household_code_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(head_name=""), name="communes_household_named"),
            models.CheckConstraint(condition=Q(size__gte=1), name="communes_household_not_empty"),
            models.CheckConstraint(condition=Q(began_as__in=Began.values), name="communes_household_began_somehow"),
            _ends_with_its_cause("communes_household_ended_somehow", Ended.values),
        ]
        indexes = [
            models.Index(fields=["village", "sort_key", "id"], name="communes_household_in_village"),
            models.Index(fields=["sort_key", "id"], name="communes_household_by_head"),
            models.Index(fields=["search_key", "id"], name="communes_household_by_key"),
            # The list is of those that stand unless others are asked for; a page far down passes over a part of it.
            models.Index(
                fields=["sort_key", "id"], condition=Q(valid_to__isnull=True), name="communes_household_there"
            ),
            models.Index(
                fields=["sort_key", "id"], condition=Q(valid_to__isnull=False), name="communes_household_gone"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class HouseholdStay(Dated):
    """Where a household lived, while it did."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="stays")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="stays")
    address = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["household", "valid_from"], name="communes_householdstay_once"),
            models.UniqueConstraint(
                fields=["household"], condition=Q(valid_to__isnull=True), name="communes_householdstay_one_open"
            ),
        ]
        indexes = [models.Index(fields=["village", "valid_from", "valid_to"], name="communes_stay_in_village")]

    def __str__(self) -> str:
        return f"{self.household_id}:{self.village_id}"


class HouseholdMember(Dated):
    """That a person belonged to a household, and what they were to its head, while it lasted.

    A new head changes what the others are to the head: their memberships then end and go on the same day.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=14, choices=Relation)
    valid_from = models.DateField()
    began_as = models.CharField(max_length=9, choices=Joined)
    ended_as = models.CharField(max_length=9, choices=Left, blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["person", "valid_from"], name="communes_member_once"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_to__isnull=True), name="communes_member_of_one_household"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(valid_to__isnull=True, relation=HEAD),
                name="communes_member_one_head",
            ),
            models.CheckConstraint(
                condition=Q(relation__in=Relation.values, began_as__in=Joined.values),
                name="communes_member_words_known",
            ),
            _ends_with_its_cause("communes_member_ended_somehow", Left.values),
        ]
        indexes = [models.Index(fields=["household", "valid_from"], name="communes_member_of_household")]

    def __str__(self) -> str:
        return f"{self.household_id}:{self.person_id}"


class HouseholdSuccession(models.Model):
    """That members of one household went on in another on a day: some of them (split), or all (merge)."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("tách hộ")
        MERGE = "merge", _("nhập hộ")

    predecessor = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="precessions")
    effective_on = models.DateField()
    kind = models.CharField(max_length=5, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "effective_on"], name="communes_householdsuccession_once"
            ),
            models.UniqueConstraint(
                fields=["successor"], condition=Q(kind="split"), name="communes_householdsuccession_split_off_once"
            ),
            models.UniqueConstraint(
                fields=["predecessor"], condition=Q(kind="merge"), name="communes_householdsuccession_merged_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="communes_householdsuccession_not_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["split", "merge"]), name="communes_householdsuccession_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["effective_on"], name="communes_hh_succession_day")]

    def __str__(self) -> str:
        return f"{self.predecessor_id}>{self.successor_id}"
