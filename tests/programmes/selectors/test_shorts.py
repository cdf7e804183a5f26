"""Which criteria a recognised unit falls short of: those that are not met, whatever else was loaded."""

from __future__ import annotations

from datetime import date

import pytest

from programmes.selectors.overview import overview
from tests.factories.board import board

pytestmark = pytest.mark.django_db


def test_a_unit_in_the_matrix_falls_short_of_what_is_not_met_alone() -> None:
    town = board()
    town.report(town.communes, "2023", {"standard": "not_met"})
    town.recognise(town.communes[0], "standard", date(2022, 6, 1))
    found = overview(date(2023, 12, 31), today=date(2024, 2, 1))
    assert found.matrix is not None and [len(row.cells) for row in found.matrix.rows] == [3] * 5
    assert [[cell.number for cell in short.open_now] for short in found.shorts] == [[3]]
