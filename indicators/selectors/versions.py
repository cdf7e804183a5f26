"""Which state of an object someone has seen."""

from __future__ import annotations

from django.db.models import Max

from indicators.models import Report
from mongcai_portal.common.versions import version_of


def report_version(report_id: int) -> str:
    """Return the version of a report with its values and verdicts: one query.

    Every move raises the report's `lock`; every save that changed a cell (and may reopen its verdict) leaves a row of
    history, and savers of one report queue, so its newest row only ever grows.

    Raises:
        Report.DoesNotExist: no such report; whether the caller sees it is asked before.
    """
    state = Report.objects.filter(pk=report_id).annotate(newest=Max("changes__pk"))
    return version_of("report", *state.values_list("pk", "status", "revision", "lock", "newest").get())
