"""Which figures and plans an account sees, ended ones too: the town's are everyone's, a commune's its own."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from communes.scope import Scope
from programmes.measures.facts import HOME_AREA
from programmes.models import ObservedStatistic, Target


def statistics_seen(scope: Scope) -> QuerySet[ObservedStatistic]:
    """Return the observed statistics that an account sees."""
    rows = ObservedStatistic.records.all()
    return rows if scope.all_units else rows.filter(Q(area__in=scope.unit_ids) | Q(area__uid=HOME_AREA))


def targets_seen(scope: Scope) -> QuerySet[Target]:
    """Return the targets that an account sees."""
    rows = Target.records.all()
    return rows if scope.all_units else rows.filter(Q(area__in=scope.unit_ids) | Q(area__uid=HOME_AREA))
