"""How each cell of a report came to be what it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from indicators.models.criteria import DataElement
from indicators.models.reports import Report, ReportedValue
from mongcai_portal.common.models import AppendOnlyModel


class ValueChange(AppendOnlyModel):
    """One save that changed a cell: what stood there after it; `state` "" says that the cell was emptied.

    What stood there before is told by the cell's row before this one, in this revision or an earlier one: writers of
    a report queue, and a reopened report begins with the approved values, so the rows of a cell are one chain.
    """

    CLEARED = ""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveSmallIntegerField()
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=14, choices=ReportedValue.State, blank=True)
    number = models.DecimalField(max_digits=15, decimal_places=4, null=True, blank=True)
    boolean = models.BooleanField(null=True, blank=True)
    choice = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(state="value", number__isnull=False, boolean__isnull=True, choice="")
                    | Q(state="value", number__isnull=True, boolean__isnull=False, choice="")
                    | (Q(state="value", number__isnull=True, boolean__isnull=True) & ~Q(choice=""))
                    | Q(
                        state__in=["", "no_data", "not_applicable"],
                        number__isnull=True,
                        boolean__isnull=True,
                        choice="",
                    )
                ),
                name="indicators_change_states_never_collapse",
            ),
        ]
        indexes = [models.Index(fields=["report", "element"], name="indicators_change_of_cell")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.revision}:{self.element_id}:{self.part}"
