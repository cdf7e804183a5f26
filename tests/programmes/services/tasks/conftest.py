"""A town of two communes and two offices."""

from __future__ import annotations

import pytest

from tests.factories.world import World, make_world


@pytest.fixture
def world() -> World:
    return make_world(communes=2)
