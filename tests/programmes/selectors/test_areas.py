"""Which areas have an overview of their own."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Unit, UnitVersion
from programmes.measures.facts import HOME_AREA
from programmes.selectors.areas import largest_areas
from tests.factories.board import board

pytestmark = pytest.mark.django_db
DAY = date(2023, 12, 31)


def place(uid: str, parent: Unit | None, until: date | None = None) -> Unit:
    unit = Unit.objects.create(uid=uid)
    UnitVersion.objects.create(
        unit=unit, name_vi=uid, name_en=uid, kind="commune" if parent else "province", parent=parent,
        sort_key=uid, valid_from=date(2020, 1, 1), valid_to=until, provenance="illustrative",
    )  # fmt: skip
    return unit


def test_the_town_comes_first_and_then_who_holds_most_units_on_the_day() -> None:
    board()
    large, small, past = place("lon", None), place("nho", None), place("cu", None)
    for n in range(9):
        place(f"lon-{n}", large)
        place(f"cu-{n}", past, until=date(2021, 12, 31))
    place("nho-0", small)
    with CaptureQueriesContext(connection) as asked:
        assert largest_areas(DAY) == (HOME_AREA, "lon", "nho")
    assert len(asked) == 1
    assert largest_areas(DAY, 2) == (HOME_AREA, "lon")
