"""Units, groups and offices as other systems read them."""

import pytest
from django.test.utils import CaptureQueriesContext

from communes.models import UnitGroupMember, UnitSuccession, UnitVersion
from tests.factories.clients import make_caller, pointers
from tests.factories.world import World, make_communes, make_unit, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world(communes=3)


def uids(response) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["uid"] for row in response.json()["results"]]


def test_units_come_in_the_order_of_their_names(world):
    assert uids(make_caller("leader").get("units/", kind="commune")) == ["commune-1", "commune-2", "commune-3"]


def test_an_officers_client_sees_its_own_commune_only(world):
    caller = make_caller("commune_officer", units=["commune-2"])
    assert uids(caller.get("units/")) == ["commune-2"]
    assert caller.get("units/commune-2/").status_code == 200
    assert caller.get("units/commune-1/").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "city"}, ["pho"]),
        ({"parent": "tinh"}, ["pho"]),
        ({"group": "ntm_assessed", "q": "thử 2"}, ["commune-2"]),
        ({"q": "Xã Thu 3"}, ["commune-3"]),
        ({"code": "90001"}, ["commune-1"]),
        ({"code": "90001", "kind": "city"}, []),
    ],
)
def test_units_are_filtered(world, query, expected):
    assert uids(make_caller("leader").get("units/", **query)) == expected


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ({"a/b~1": "x"}, {"/a~1b~01": "unknown_parameter"}),
        ({"name": "x", "lvel": "y"}, {"/name": "unknown_parameter", "/lvel": "unknown_parameter"}),
        ({"kind": "village"}, {"/kind": "invalid_choice"}),
        ({"parent": "atlantis", "group": "x"}, {"/parent": "invalid_choice", "/group": "invalid_choice"}),
        ({"as_of": "31/12/2023"}, {"/as_of": "not_a_date"}),
        ({"as_of": "0001-01-01"}, {"/as_of": "out_of_range"}),
        ({"as_of": "20231231"}, {"/as_of": "not_a_date"}),
        ({"page_size": "1001"}, {"/page_size": "out_of_range"}),
        ({"page_size": "x"}, {"/page_size": "out_of_range"}),
        ({"q": "a\x00"}, {"/q": "null_characters"}),
        ({"cursor": "rubbish"}, {"/cursor": "invalid"}),
        ({"cursor": "WyJuIix7fV0="}, {"/cursor": "invalid"}),
    ],
)
def test_every_faulty_parameter_is_named(world, query, faults):
    answer = make_caller("leader").get("units/", **query)
    assert answer.status_code == 400
    assert pointers(answer) == faults


def test_pages_follow_one_another_in_both_directions(world):
    caller = make_caller("leader")
    first = caller.get("units/", kind="commune", page_size=2)
    assert uids(first) == ["commune-1", "commune-2"]
    assert first.json()["previous"] is None
    second = caller.client.get(first.json()["next"])
    assert uids(second) == ["commune-3"]
    assert second.json()["next"] is None
    back = caller.client.get(second.json()["previous"])
    assert uids(back) == ["commune-1", "commune-2"]
    assert back.json()["previous"] is None
    assert uids(caller.client.get(back.json()["next"])) == ["commune-3"]


def test_a_unit_is_read_as_it_was_on_the_day(world):
    unit = world.communes[0]
    UnitVersion.objects.filter(unit=unit).update(valid_to="2024-10-31")
    UnitVersion.objects.create(
        unit=unit,
        name_vi="Phường Mới",
        name_en="New",
        kind="ward",
        official_code="90001",
        parent=world.town,
        valid_from="2024-11-01",
        search_key="moi",
        sort_key="moi",
    )
    caller = make_caller("leader")
    before, after = (caller.get("units/commune-1/", as_of=day).json() for day in ("2024-10-31", "2024-11-01"))
    assert (before["kind"], before["name"]) == ("commune", "Xã Thử 1")
    assert (after["kind"], after["name"]) == ("ward", "Phường Mới")
    assert [v["valid_to"] for v in after["versions"]] == ["2024-10-31", None]


def test_lineage_and_codes_tell_units_apart_whose_code_is_reused(world):
    old = world.communes[0]
    UnitVersion.objects.filter(unit=old).update(valid_to="2025-06-30")
    new = make_unit("new-one", "Xã Thử Mới", "commune", world.town, "90001", valid_from="2025-07-01")
    UnitSuccession.objects.create(
        predecessor=old, successor=new, effective_on="2025-07-01", kind="merge", provenance="sourced"
    )
    caller = make_caller("leader")
    assert uids(caller.get("units/", code="90001", as_of="2025-06-30")) == ["commune-1"]
    assert uids(caller.get("units/", code="90001", as_of="2025-07-01")) == ["new-one"]
    gone = caller.get("units/commune-1/", as_of="2026-01-01").json()
    assert gone["in_force"] is False
    assert gone["official_codes"] == [{"official_code": "90001", "valid_from": None, "valid_to": "2025-06-30"}]
    assert [s["unit"] for s in gone["successors"]] == ["new-one"]
    assert [s["unit"] for s in caller.get("units/new-one/").json()["predecessors"]] == ["commune-1"]


def test_a_group_lists_the_members_of_the_day_that_the_caller_sees(world):
    UnitGroupMember.objects.filter(unit=world.communes[0]).update(valid_to="2024-10-31")
    (group,) = make_caller("leader").get("unit-groups/", as_of="2024-11-01").json()["results"]
    assert [m["unit"] for m in group["members"]] == ["commune-2", "commune-3"]
    caller = make_caller("commune_officer", units=["commune-2"])
    (group,) = caller.get("unit-groups/", as_of="2024-10-31").json()["results"]
    assert [m["unit"] for m in group["members"]] == ["commune-2"]
    assert group["members_total"] == 3


def test_offices(world):
    rows = make_caller("leader").get("offices/").json()["results"]
    assert [row["code"] for row in rows] == ["a", "b"]


@pytest.mark.parametrize("path", ["units/", "unit-groups/", "offices/"])
def test_lists_cost_the_same_with_more_rows(world, path, django_assert_num_queries):
    from django.db import connection

    caller = make_caller("leader")
    caller.get(path)
    with CaptureQueriesContext(connection) as few:
        caller.get(path)
    count = len(few)  # the next request empties what was captured
    UnitGroupMember.objects.bulk_create(
        UnitGroupMember(group=world.group, unit=u) for u in make_communes(world.town, 20, start=10)
    )
    caller.get(path)  # what stands around a unit is read anew once
    with django_assert_num_queries(count):
        caller.get(path)
    assert count == {"units/": 5, "unit-groups/": 4, "offices/": 3}[path]
