"""Files of households that other software wrote: what is declared of them, their dry run, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from communes.models.households import Household
from communes.models.units import Unit
from communes.querysets import HouseholdFileQuerySet
from mongcai_portal.accounts.models import User

# The purpose that files are encrypted for while they wait.
CONTENT = "communes.householdimport.content"
# The kind of the job that works on them (`common.jobs`).
IMPORT_JOB = "household_imports"


class HouseholdSource(models.Model):
    """How files of one source are read (`rules.register_files.layout`), kept for the next one.

    `columns` names a column by its heading and the how-manieth of that heading, since it moves from file to file.
    `unit`: whose source it is; None: the town's, which every unit may use.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="household_sources")
    name = models.CharField(max_length=120)
    layout = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)
    saved_by = models.CharField(max_length=200)
    saved_at = models.DateTimeField()

    objects = HouseholdFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="communes_householdsource_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(unit__isnull=True), name="communes_householdsource_town_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="communes_householdsource_named"),
        ]
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class HouseholdImport(models.Model):
    """A workbook of households: declared, checked, taken over whole or not at all, and undone as a whole.

    `on`: the day from which its households stand in the register. `unit`: the one that it may speak of; None: the town.
    `layout` is what was declared of it. `accepted` is the digest of the doubts that someone said are right. `error`: a
    code of what stopped the last work on it.
    """

    class Status(models.TextChoices):
        SENT = "sent", pgettext_lazy("household import", "chờ khai báo")
        CHECKING = "checking", pgettext_lazy("household import", "đang kiểm tra")
        FAULTY = "faulty", pgettext_lazy("household import", "có lỗi")
        READY = "ready", pgettext_lazy("household import", "chờ xác nhận")
        APPLYING = "applying", pgettext_lazy("household import", "đang nhập")
        APPLIED = "applied", pgettext_lazy("household import", "đã nhập")
        UNDOING = "undoing", pgettext_lazy("household import", "đang hoàn tác")
        UNDONE = "undone", pgettext_lazy("household import", "đã hoàn tác")
        DISCARDED = "discarded", pgettext_lazy("household import", "đã bỏ")

    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="household_imports")
    on = models.DateField()
    source = models.ForeignKey(
        HouseholdSource, on_delete=models.SET_NULL, null=True, blank=True, related_name="imports"
    )
    layout = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.SENT)
    counts = models.JSONField(default=dict, blank=True)
    accepted = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=40, blank=True)
    sent_by = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.CharField(max_length=200, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)  # who undid or discarded it
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = HouseholdFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & Q(size__gt=0), name="communes_householdimport_named"),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        "sent", "checking", "faulty", "ready", "applying", "applied", "undoing", "undone", "discarded",
                    ]
                ),
                name="communes_householdimport_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["applied", "undoing", "undone"], applied_at__isnull=False)
                | (~Q(status__in=["applied", "undoing", "undone"]) & Q(applied_at__isnull=True)),
                name="communes_householdimport_applied_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["undone", "discarded"], ended_at__isnull=False)
                | (~Q(status__in=["undone", "discarded"]) & Q(ended_at__isnull=True)),
                name="communes_householdimport_ended_has_its_time",
            ),
        ]  # fmt: skip
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"household import {self.pk}"


class ImportContent(models.Model):
    """The workbook itself, encrypted (`common.ciphers`): it is gone as soon as the import is decided.

    Identity numbers stand in it in clear, so it lies neither on disk nor in the database as it was sent.
    """

    owner = models.OneToOneField(HouseholdImport, on_delete=models.CASCADE, primary_key=True, related_name="content")
    key = models.CharField(max_length=8, db_index=True)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="communes_importcontent_keyed")]

    def __str__(self) -> str:
        return f"content of {self.owner_id}"


class ImportFault(models.Model):
    """What a dry run found at a cell: row and column from 1, 0 where it is the row as a whole.

    `told` is what the words of `code` need; neither it nor `given` ever holds an identity number. `doubt`: it may be
    right all the same.
    """

    owner = models.ForeignKey(HouseholdImport, on_delete=models.CASCADE, related_name="faults")
    row = models.PositiveIntegerField()
    column = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=30)
    told = models.JSONField(default=dict, blank=True)
    given = models.CharField(max_length=80, blank=True)
    doubt = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(code=""), name="communes_importfault_has_code")]
        indexes = [models.Index(fields=["owner", "doubt", "row", "column"], name="communes_importfault_by_cell")]
        ordering = ["doubt", "row", "column", "pk"]

    def __str__(self) -> str:
        return f"{self.owner_id}:{self.row}:{self.column}:{self.code}"


class ImportedHousehold(models.Model):
    """That a household came with an import, from which row on, and the income that its source stated.

    Such an income is no survey's and classifies nobody; it is kept so that whoever reviews the household sees it. Đồng
    per person per month.
    """

    household = models.OneToOneField(Household, on_delete=models.CASCADE, primary_key=True, related_name="imported")
    owner = models.ForeignKey(HouseholdImport, on_delete=models.PROTECT, related_name="households")
    row = models.PositiveIntegerField()
    income = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(income__isnull=True) | Q(income__gte=0), name="communes_importedhousehold_income"
            ),
            models.CheckConstraint(condition=Q(row__gte=1), name="communes_importedhousehold_row"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}:{self.household_id}"
