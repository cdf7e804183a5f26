"""What stands around a unit is kept by the process only while it stands."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communes.models import Unit, UnitGroup, UnitGroupMember, UnitSuccession, UnitZone
from communes.selectors.directory import UnitCard, cards
from mongcai_portal.common.stamped import watched_tables
from tests.factories.world import make_communes, make_unit

pytestmark = pytest.mark.django_db
DAY = date(2023, 12, 31)


@pytest.fixture
def communes() -> list[Unit]:
    return make_communes(make_unit("town", "Thành phố Thử", "town", None), 2)


def card(unit: Unit) -> UnitCard:
    (one,) = cards([unit], DAY)
    return one


def test_every_table_that_it_is_made_from_is_watched(communes: list[Unit]) -> None:
    with CaptureQueriesContext(connection) as queries:
        card(communes[0])
    (union,) = (query["sql"] for query in queries if "UNION" in query["sql"])
    read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', union))
    assert len(read) == 5 and read <= watched_tables()


def test_it_is_read_once(communes: list[Unit]) -> None:
    first = card(communes[0])
    with CaptureQueriesContext(connection) as queries:
        assert card(communes[0]) == first
    assert not any("UNION" in query["sql"] for query in queries)


def test_a_zone_a_group_and_a_succession_are_shown_at_once(communes: list[Unit]) -> None:
    old, new = communes
    assert (card(old).zones, card(old).groups, card(old).successors) == ((), (), ())
    UnitZone.objects.create(unit=old, zone="I", provenance="sourced")
    assert [span.zone for span in card(old).zones] == ["I"]
    group = UnitGroup.objects.create(code="g", name_vi="Nhóm", name_en="Group", provenance="sourced")
    UnitGroupMember.objects.create(group=group, unit=old)
    assert card(old).groups == ("g",)
    UnitSuccession.objects.create(
        predecessor=old,
        successor=new,
        effective_on=date(2020, 1, 1),
        kind=UnitSuccession.Kind.MERGE,
        provenance="sourced",
    )
    assert [passage.unit for passage in card(old).successors] == [new.uid]
    UnitZone.objects.all().delete()
    assert card(old).zones == ()
