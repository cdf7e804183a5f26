"""Which browser tests each database gets; see docs/decisions/0032."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.components import database_is_postgres

HERE = Path(__file__).parent
# What a browser shows on PostgreSQL too: the main job from the form to the ratio, and that every page opens.
ON_BOTH = ("test_from_the_officers_form_to_the_leaders_ratio", "test_every_page", "test_no_page_opens")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not database_is_postgres():
        return
    left_out = [item for item in items if HERE in item.path.parents and not item.name.startswith(ON_BOTH)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
