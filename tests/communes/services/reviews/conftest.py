"""The commune of the tests, and today as a day after its round of 2023."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.factories.reviews import Commune, make_commune, on

TODAY = date(2023, 12, 1)


@pytest.fixture(autouse=True)
def today() -> Iterator[date]:
    with on(TODAY):
        yield TODAY


@pytest.fixture
def commune(db: Any) -> Commune:
    return make_commune()
