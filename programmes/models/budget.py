"""Money of programmes: where it comes from, lines of a component, unit, year and source, and what moved them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communes.models import Unit
from mongcai_portal.common.models import Dated, Provenance, StoredFile
from programmes.models.core import Component, Programme
from programmes.querysets import BudgetLineQuerySet


class FundingSource(Dated):
    """A row of the capital tables (nguồn vốn), while it exists: the budget of the town ends with the district tier.

    `by_decision`: spent only within what a decision allocates. The rest (credit, enterprises, the people) is mobilised:
    nobody allocates it, and more than planned is welcome. `measure`: what it is counted in before it is đồng.
    """

    class Measure(models.TextChoices):
        DONG = "dong", _("đồng")
        WORKDAY = "workday", _("ngày công")
        SQUARE_METRE = "m2", _("m² đất")

    code = models.SlugField(max_length=40, unique=True)
    name_vi = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()
    by_decision = models.BooleanField()
    measure = models.CharField(max_length=8, choices=Measure, default=Measure.DONG)
    provenance = models.CharField(max_length=12, choices=Provenance)
    source = models.CharField(max_length=80, blank=True)

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(measure__in=["dong", "workday", "m2"]), name="programmes_source_measure_known"
            ),
            models.CheckConstraint(
                condition=Q(measure="dong") | Q(by_decision=False), name="programmes_source_kind_is_mobilised"
            ),
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class ConversionRule(Dated):
    """What a working day or a square metre counts as, in đồng, while a decision holds; never edited, only succeeded."""

    measure = models.CharField(max_length=8, choices=FundingSource.Measure)
    dong = models.BigIntegerField()
    basis = models.CharField(max_length=300, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    entered_by = models.CharField(max_length=200)
    entered_at = models.DateTimeField()

    class Meta(Dated.Meta):
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["measure", "valid_from"], name="programmes_conversion_once"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=False) & Q(measure__in=["workday", "m2"]),
                name="programmes_conversion_of_kind",
            ),
            models.CheckConstraint(condition=Q(dong__gt=0), name="programmes_conversion_worth_something"),
        ]
        ordering = ["measure", "valid_from"]

    def __str__(self) -> str:
        return f"{self.measure}@{self.valid_from}"


class BudgetLine(models.Model):
    """Money of one programme (and component, where it has any) for a unit and year from one source, in whole đồng.

    The amounts are the sums of its entries and never typed themselves. `carried_over`: what may still be spent of the
    year before. `mobilised` is the opposite of its source's `by_decision`, kept here for the constraints.
    `shared_with`: the other programmes that it serves, as `BudgetTag` has them: two undertakings of one component that
    serve different programmes are two lines.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="lines")
    component = models.ForeignKey(Component, on_delete=models.PROTECT, null=True, blank=True, related_name="lines")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="budget_lines")
    year = models.PositiveSmallIntegerField()
    source = models.ForeignKey(FundingSource, on_delete=models.PROTECT, related_name="lines")
    shared_with = models.CharField(max_length=120, blank=True)
    mobilised = models.BooleanField()
    planned = models.BigIntegerField(default=0)
    carried_over = models.BigIntegerField(default=0)
    allocated = models.BigIntegerField(default=0)
    disbursed = models.BigIntegerField(default=0)
    lock = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "component", "unit", "year", "source", "shared_with"],
                name="programmes_budgetline_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "unit", "year", "source", "shared_with"],
                condition=Q(component__isnull=True),
                name="programmes_budgetline_whole_once",
            ),
            models.CheckConstraint(
                condition=Q(planned__gte=0, carried_over__gte=0, allocated__gte=0, disbursed__gte=0),
                name="programmes_budgetline_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(mobilised=True) | Q(allocated__lte=F("planned") + F("carried_over")),
                name="programmes_budgetline_within_plan",
            ),
            models.CheckConstraint(
                condition=Q(mobilised=True) | Q(disbursed__lte=F("allocated")),
                name="programmes_budgetline_not_overspent",
            ),
            models.CheckConstraint(
                condition=Q(mobilised=False) | Q(allocated=0, carried_over=0),
                name="programmes_budgetline_mobilised_simply",
            ),
            models.CheckConstraint(condition=Q(year__gte=2011) & Q(year__lte=2100), name="programmes_budgetline_year"),
        ]
        indexes = [models.Index(fields=["year", "unit"], name="programmes_budgetline_by_year")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"budget line {self.pk}"


class BudgetTag(models.Model):
    """That a line serves another programme, too: it counts once, whatever number of programmes it serves."""

    line = models.ForeignKey(BudgetLine, on_delete=models.CASCADE, related_name="tags")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="tagged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "programme"], name="programmes_budgettag_once")]

    def __str__(self) -> str:
        return f"{self.line_id}:{self.programme_id}"


class BudgetImport(StoredFile):
    """A workbook of the finance office: declared, checked, taken over whole or not at all, and undone as a whole.

    `on`: the day up to which its figures go. `layout`: how it is read. `faults` name each cell; `doubts` may be right
    all the same and are confirmed by someone. `counts`: of the dry run, then of what was stored.
    """

    class Status(models.TextChoices):
        SENT = "sent", _("chờ khai báo")
        FAULTY = "faulty", _("có lỗi")
        READY = "ready", _("chờ xác nhận")
        APPLIED = "applied", _("đã nhập")
        UNDONE = "undone", _("đã hoàn tác")
        DISCARDED = "discarded", _("đã bỏ")

    status = models.CharField(max_length=10, choices=Status, default=Status.SENT)
    on = models.DateField()
    layout = models.JSONField(default=dict, blank=True)
    faults = models.JSONField(default=list, blank=True)
    doubts = models.JSONField(default=list, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta(StoredFile.Meta):
        constraints = [
            *StoredFile.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status="sent", checked_at__isnull=True)
                | Q(status__in=["faulty", "ready", "applied", "undone"], checked_at__isnull=False)
                | Q(status="discarded"),
                name="programmes_budgetimport_checked_first",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "faulty", "ready"], decided_at__isnull=True)
                | Q(status__in=["applied", "undone", "discarded"], decided_at__isnull=False),
                name="programmes_budgetimport_decided_once",
            ),
        ]
        ordering = ["-pk"]


class BudgetEntry(models.Model):
    """One movement of a line: what was planned, carried over, allocated or disbursed on a day, in whole đồng.

    A correction is an entry of its own with a minus and a reason. Labour and land keep their `quantity` and the rule it
    was converted by. Entries go only with the import that brought them.
    """

    class Kind(models.TextChoices):
        PLANNED = "planned", _("kế hoạch giao")
        CARRIED_OVER = "carried_over", _("kế hoạch năm trước kéo dài")
        ALLOCATED = "allocated", _("phân bổ")
        DISBURSED = "disbursed", _("giải ngân")

    line = models.ForeignKey(BudgetLine, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=12, choices=Kind)
    amount = models.BigIntegerField()
    quantity = models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True)
    rule = models.ForeignKey(ConversionRule, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField()
    document = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance)
    imported_from = models.ForeignKey(
        BudgetImport, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["planned", "carried_over", "allocated", "disbursed"]),
                name="programmes_budgetentry_kind_known",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="programmes_budgetentry_moves"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) | ~Q(reason=""), name="programmes_budgetentry_less_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True, rule__isnull=True) | Q(quantity__isnull=False, rule__isnull=False),
                name="programmes_budgetentry_converted_by_rule",
            ),
        ]
        indexes = [models.Index(fields=["line", "kind", "on"], name="programmes_budgetentry_by_day")]
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.line_id}:{self.kind}:{self.on}"
