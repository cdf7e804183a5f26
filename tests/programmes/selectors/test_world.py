"""A world is loaded for the measures that are asked for."""

from __future__ import annotations

from datetime import date

import pytest

from programmes.selectors.world import load_world
from tests.factories.board import board
from tests.factories.ocop import make_certificate, make_product

DAY = date(2023, 12, 31)

pytestmark = pytest.mark.django_db


def test_a_register_that_no_measure_counts_is_not_read() -> None:
    town = board(1)
    make_certificate(make_product(town.communes[0], "Trà"), date(2023, 5, 1))
    assert load_world(DAY).ocop is not None
    assert load_world(DAY, only={"ocop.recognised.count"}).ocop is not None
    spared = load_world(DAY, only={"income.rural.per_capita"})
    assert (spared.ocop, spared.register, spared.money) == (None, None, None)
