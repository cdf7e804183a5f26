"""Versions of what other systems write, by which they tell which one they have seen."""

from __future__ import annotations

from mongcai_portal.common.versions import version_of
from programmes.models import BudgetLine


def line_version(line_id: int) -> str:
    """Return the version of a line: every write of it makes another one.

    Raises:
        BudgetLine.DoesNotExist.
    """
    return version_of("budget_line", line_id, BudgetLine.objects.values_list("lock", flat=True).get(pk=line_id))
