"""Villages, households and their people, as rows: for what the database and selectors do. Names are placeholders."""

from __future__ import annotations

from datetime import date
from typing import Any

from communes.models import (
    Household,
    HouseholdMember,
    HouseholdStay,
    HouseholdSuccession,
    Person,
    Unit,
    Village,
    VillageVersion,
)
from mongcai_portal.common.text import search_key, sort_key

START = date(2022, 1, 1)


def make_village(unit: Unit, code: str, name: str = "", **over: Any) -> Village:
    village = Village.objects.create(code=code)
    make_version(village, unit, name or code.title(), **over)
    return village


def make_version(village: Village, unit: Unit, name: str = "Thôn Thử", **over: Any) -> VillageVersion:
    words = {"name_vi": name, "search_key": search_key(name), "sort_key": sort_key(name)}
    return VillageVersion.objects.create(village=village, unit=unit, **{**words, **over})


def make_someone(name: str = "Người Thử", **over: Any) -> Person:
    return Person.objects.create(**{"name": name, "search_key": search_key(name), "sort_key": sort_key(name), **over})


def make_household(village: Village, code: str, head: str = "Chủ Hộ Thử", **over: Any) -> Household:
    """A household of its head alone."""
    fields = {
        "village": village, "code": code, "head_name": head, "size": 1, "valid_from": START, "began_as": "entered",
        "search_key": search_key(f"{head} {code}"), "sort_key": sort_key(head),
    }  # fmt: skip
    household = Household.objects.create(**{**fields, **over})
    HouseholdStay.objects.create(household=household, village=village, valid_from=household.valid_from)
    make_member(household, make_someone(head), relation="head")
    return household


def make_member(household: Household, person: Person, **over: Any) -> HouseholdMember:
    fields = {"relation": "child", "valid_from": household.valid_from, "began_as": "entered"}
    return HouseholdMember.objects.create(household=household, person=person, **{**fields, **over})


def make_succession(predecessor: Household, successor: Household, **over: Any) -> HouseholdSuccession:
    fields = {"effective_on": date(2023, 1, 1), "kind": "split"}
    return HouseholdSuccession.objects.create(predecessor=predecessor, successor=successor, **{**fields, **over})
