"""The demonstration town, for tests that need the real criteria and a past: nine communes, three years, all people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.db import transaction

from indicators.models import DataElement, IndicatorVersion, Report
from mongcai_portal.common.models import in_force_q
from programmes.services.demo import DemoSummary, load_demo
from programmes.services.reference import load_reference
from tests.portal import PASSWORD


@contextmanager
def demonstration(folder: Path) -> Iterator[DemoSummary]:
    """Load everything once, for as many tests as run inside the block, and roll it all back at its end."""
    with transaction.atomic():
        load_reference(by=None)
        yield load_demo(folder=folder, password=PASSWORD)
        transaction.set_rollback(True)


def element_of(indicator: str, criteria_set: str = "NTM_XA_2021_2025", day: date = date(2024, 12, 31)) -> DataElement:
    """Return the data element that an indicator of a set reads on a day."""
    version = IndicatorVersion.objects.select_related("element__office").get(
        in_force_q(day), indicator__code=indicator, indicator__criterion__criteria_set__code=criteria_set
    )
    return version.element


def report_of(uid: str, period: str = "2024") -> Report:
    return Report.objects.get(unit__uid=uid, period__code=period)
