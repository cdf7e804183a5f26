"""Villages: made for a commune, renamed from a day on, and passed along when their commune becomes another unit's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import UnitSuccession, Village, VillageVersion
from communes.selectors.households import places_on, standing_on
from communes.services.households import register_household
from communes.services.units import load_units
from communes.services.villages import add_village, carry_villages, rename_village
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden
from tests.factories.households import make_household
from tests.factories.registers import Registry, entry, faults_of

pytestmark = pytest.mark.django_db

DAY = date(2025, 7, 1)


def test_a_village_is_made_once(registry: Registry) -> None:
    asked: dict[str, Any] = {
        "by": registry.officer, "code": "pa-hoc", "name": " Bản  Thử ", "kind": "ban", "unit": "hai-son",
    }  # fmt: skip
    made = add_village(**asked)
    assert add_village(**asked) == made
    version = made.versions.get()
    assert (version.name_vi, version.kind, version.unit, version.search_key) == (
        "Bản Thử", "ban", registry.unit, "ban thu",
    )  # fmt: skip
    event = AuditEvent.objects.get(kind="village.added")
    assert (event.object_label, event.unit_uid) == ("pa-hoc", "hai-son")
    assert faults_of(lambda: add_village(**{**asked, "name": "Bản Khác"})) == {("/code", "used")}


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"code": "bản"}, ("/code", "malformed")),
        ({"code": "x" * 81}, ("/code", "malformed")),
        ({"name": " "}, ("/name", "required")),
        ({"name": "x" * 121}, ("/name", "too_long")),
        ({"kind": "pho"}, ("/kind", "unknown")),
        ({"unit": "x"}, ("/unit", "unknown")),
        ({"unit": "tra-co"}, ("/unit", "unknown")),
    ],
)
def test_what_stands_against_a_village_is_named(
    registry: Registry, over: dict[str, Any], fault: tuple[str, str]
) -> None:
    asked = {"code": "moi", "name": "Thôn Mới", "unit": "hai-son", **over}
    assert faults_of(lambda: add_village(by=registry.officer, **asked)) == {fault}


def test_who_writes_no_households_makes_no_villages(registry: Registry) -> None:
    with pytest.raises(Forbidden):
        add_village(by=registry.leader, code="moi", name="Thôn Mới", unit="hai-son")
    with pytest.raises(Forbidden):
        rename_village(by=registry.leader, village_id=registry.village.pk, name="Khác", valid_from=DAY)
    with pytest.raises(Village.DoesNotExist):
        rename_village(by=registry.stranger, village_id=registry.village.pk, name="Khác", valid_from=DAY)


def test_a_village_keeps_its_past_name(registry: Registry) -> None:
    asked: dict[str, Any] = {"by": registry.officer, "village_id": registry.village.pk, "valid_from": DAY}
    for _again in range(2):
        rename_village(**asked, name="Thôn Tên Mới")
    names = [places_on(day)[registry.village.pk].name for day in (date(2025, 6, 30), DAY)]
    assert names == ["Thôn Một", "Thôn Tên Mới"]
    assert faults_of(lambda: rename_village(**{**asked, "valid_from": date(2020, 1, 1)}, name="Khác")) == {
        ("/valid_from", "before_last_change")
    }


def test_villages_go_along_into_the_ward_that_takes_their_commune_in(registry: Registry) -> None:
    household = register_household(by=None, entry=entry())
    UnitSuccession.objects.create(
        predecessor=registry.unit, successor=registry.ward, effective_on=DAY, kind="merge", provenance="sourced"
    )
    assert (carry_villages(by=None), carry_villages(by=None)) == (2, 0)
    before, after = (places_on(day)[household.village_id] for day in (date(2025, 6, 30), DAY))
    assert (before.unit_uid, before.area_type) == ("hai-son", "rural")
    assert (after.unit_uid, after.area_type) == ("tra-co", "urban")
    assert standing_on(DAY, [household.village_id]).get().household == household
    assert AuditEvent.objects.filter(kind="village.changed").count() == 2
    # A part that was split off takes no village along by itself.
    UnitSuccession.objects.filter(kind="merge").update(kind="split")
    VillageVersion.objects.filter(valid_from=DAY).delete()
    VillageVersion.objects.filter(unit=registry.unit).update(valid_to=None)
    assert carry_villages(by=None) == 0


def test_loading_the_map_carries_villages_of_the_town_along() -> None:
    load_units(by=None)
    village = add_village(by=None, code="hai-xuan-1", name="Thôn 1", unit="hai-xuan")
    make_household(village, "H1")
    load_units(by=None)
    kinds = [places_on(day)[village.pk] for day in (date(2025, 6, 30), DAY)]
    assert [(place.unit_uid, place.area_type) for place in kinds] == [("hai-xuan", "rural"), ("mong-cai-1", "urban")]


def test_where_all_villages_lie_costs_one_query(registry: Registry, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert len(places_on(DAY)) == 3
