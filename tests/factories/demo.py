"""The demonstration town, for tests that need the real criteria and a past: nine communes, three years, all people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.test import override_settings

from indicators.models import DataElement, IndicatorVersion, Report
from mongcai_portal.common.models import in_force_q
from tests.built import Built, copy_in_use


@contextmanager
def demonstration(built: Built) -> Iterator[None]:
    """Have a copy of the loaded demonstration, its files and its keys, for as many tests as run inside the block."""
    demo = built.database("demo")
    assert demo.folder
    with copy_in_use(demo, postgres=built.postgres), override_settings(DATA_KEYS_FILE=demo.folder / "data_keys"):
        shutil.copytree(demo.folder / "files", settings.VAR_DIR / "files", dirs_exist_ok=True)
        yield


def element_of(indicator: str, criteria_set: str = "NTM_XA_2021_2025", day: date = date(2024, 12, 31)) -> DataElement:
    """Return the data element that an indicator of a set reads on a day."""
    version = IndicatorVersion.objects.select_related("element__office").get(
        in_force_q(day), indicator__code=indicator, indicator__criterion__criteria_set__code=criteria_set
    )
    return version.element


def report_of(uid: str, period: str = "2024") -> Report:
    return Report.objects.get(unit__uid=uid, period__code=period)
