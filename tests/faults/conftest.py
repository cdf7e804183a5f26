"""A portal that is hurt on purpose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.components import database_is_postgres
from tests.factories.live import LiveTown
from tests.portal import Database, running_portal

LEASE_SECONDS = 3


@pytest.fixture(scope="module")
def town(demo_database: Database) -> Iterator[LiveTown]:
    """One portal for a module of faults; whoever holds work and dies loses it after three seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_EVALUATION_LEASE", str(LEASE_SECONDS))
        patch.setenv("PORTAL_JOB_LEASE", str(LEASE_SECONDS))
        with running_portal(postgres=database_is_postgres(), template=demo_database) as portal:
            yield LiveTown(portal)
