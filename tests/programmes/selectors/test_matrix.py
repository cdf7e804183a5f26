"""Which units the small matrix shows, and in which order."""

from __future__ import annotations

from datetime import date

import pytest

from programmes.selectors.matrix import MATRIX_ROWS, Matrix
from programmes.selectors.overview import overview
from tests.factories.board import board

pytestmark = pytest.mark.django_db
END = date(2023, 12, 31)


def matrix() -> Matrix | None:
    return overview(END, today=END, area="mong-cai").matrix


@pytest.mark.parametrize("more", [0, 2])
def test_of_more_units_than_fit_those_with_the_most_missing_are_shown_in_the_order_of_their_names(more: int) -> None:
    town = board(communes=MATRIX_ROWS + more)
    *others, last = town.communes
    town.report(others, "2023", {"standard": "met"})
    town.report([last], "2023", {"standard": "not_met"})
    found = matrix()
    assert found is not None
    assert (len(found.rows), found.hidden) == (MATRIX_ROWS, more)
    keys = [row.place.sort_key for row in found.rows]
    assert keys == sorted(keys)
    assert last.uid in {row.place.uid for row in found.rows}
    assert [column.number for column in found.columns] == sorted({c.number for row in found.rows for c in row.cells})


def test_without_an_approved_report_there_is_no_matrix() -> None:
    board(communes=2)
    assert matrix() is None
