"""The demonstration town, loaded once for all flows that happen in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.built import Built
from tests.factories.demo import demonstration


@pytest.fixture(scope="package")
def loaded_town(django_db_setup: None, django_db_blocker: Any, built: Built) -> Iterator[None]:
    with django_db_blocker.unblock(), demonstration(built):
        yield


@pytest.fixture
def town(loaded_town: None, db: None) -> None:
    """The town as the demonstration leaves it; what a test changes is undone after it."""
