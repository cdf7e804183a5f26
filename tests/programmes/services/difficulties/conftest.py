"""A town of two communes and two offices, with programmes."""

from __future__ import annotations

import pytest

from tests.factories.budget import make_programmes
from tests.factories.world import World, make_world


@pytest.fixture
def world() -> World:
    made = make_world(communes=2)
    make_programmes()
    return made
