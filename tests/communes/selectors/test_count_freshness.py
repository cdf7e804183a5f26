"""Which units' counts lack something on a day, and since when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from communes.models import CountedVillage
from communes.selectors.count_freshness import stale_since, stale_units
from communes.services.counts import count_stale, mark_stale
from tests.factories.households import make_version
from tests.factories.registers import Registry

pytestmark = pytest.mark.django_db

BEFORE, AFTER = date(2023, 12, 31), date(2024, 1, 1)
FIRST, SECOND = datetime(2024, 7, 1, 2, tzinfo=UTC), datetime(2024, 7, 1, 3, tzinfo=UTC)


def waits(registry: Registry, code: str, since: datetime) -> None:
    mark_stale([registry.villages[code].pk])
    CountedVillage.objects.filter(village__code=code).update(stale_since=since)


def test_a_unit_lacks_something_since_the_first_of_its_villages_waits(registry: Registry) -> None:
    waits(registry, "thon-1", SECOND)
    waits(registry, "thon-2", FIRST)
    assert stale_units([AFTER]) == {AFTER: {registry.unit.pk: FIRST}}
    count_stale()
    assert stale_units([AFTER]) == {AFTER: {}}


def test_what_waits_longer_keeps_its_moment(registry: Registry) -> None:
    waits(registry, "thon-1", FIRST)
    mark_stale([registry.village.pk])
    assert CountedVillage.objects.get().stale_since == FIRST


def test_a_village_counts_for_the_unit_that_it_was_of_on_the_day(registry: Registry) -> None:
    registry.village.versions.update(valid_to=BEFORE)
    make_version(registry.village, registry.ward, valid_from=AFTER)
    waits(registry, "thon-1", FIRST)
    assert stale_units([BEFORE, AFTER]) == {BEFORE: {registry.unit.pk: FIRST}, AFTER: {registry.ward.pk: FIRST}}


def test_all_days_and_villages_are_one_query(registry: Registry, django_assert_num_queries: Any) -> None:
    for code in ("thon-1", "thon-2", "thon-tra-co"):
        waits(registry, code, FIRST)
    with django_assert_num_queries(1):
        stale_units([BEFORE, AFTER])


@pytest.mark.parametrize(("units", "since"), [(None, FIRST), ({1, 2}, FIRST), ({2}, SECOND), ({3}, None)])
def test_counts_over_units_lack_something_since_the_first_of_them(
    units: set[int] | None, since: datetime | None
) -> None:
    assert stale_since({1: FIRST, 2: SECOND}, units) == since
