"""Which files stand beside the values of a report."""

from __future__ import annotations

from collections import defaultdict

from communes.scope import Scope
from indicators.models import Evidence, Report


def evidence_of(report: Report, revision: int) -> dict[int, tuple[Evidence, ...]]:
    """Return the files of one revision by element id, in the order they were attached: one query."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    for row in Evidence.objects.filter(report=report).at_revision(revision).order_by("stored_at", "id"):
        found[row.element_id].append(row)
    return {element: tuple(rows) for element, rows in found.items()}


def find_evidence(*, scope: Scope, report_id: int, evidence_id: int) -> Evidence:
    """Return a file of a report that the person sees, of whatever revision; one query.

    Raises:
        Evidence.DoesNotExist: there is none, or none for this person.
    """
    return Evidence.objects.visible_to(scope).get(pk=evidence_id, report=report_id)
