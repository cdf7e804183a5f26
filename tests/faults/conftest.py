"""A portal that is hurt on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.components import database_is_postgres
from tests.factories.live import LiveTown
from tests.portal import Database, running_portal

LEASE_SECONDS = 3
HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to the run on SQLite what no database takes part in; see docs/decisions/0032.

    How processes are watched over is the same above either, and both brokers are tried there; PostgreSQL has the one
    on which several workers share the work.
    """
    if not database_is_postgres():
        return
    left_out = [
        item
        for item in items
        if item.path == HERE / "test_supervision.py" or (HERE in item.path.parents and item.get_closest_marker("redis"))
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def town(demo_database: Database) -> Iterator[LiveTown]:
    """One portal for all faults that it recovers from; whoever holds work and dies loses it after three seconds."""
    leases = dict.fromkeys(("PORTAL_EVALUATION_LEASE", "PORTAL_JOB_LEASE"), str(LEASE_SECONDS))
    with running_portal(postgres=database_is_postgres(), template=demo_database, settings=leases) as portal:
        yield LiveTown(portal)
