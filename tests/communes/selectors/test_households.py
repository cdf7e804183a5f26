"""Reading the register: lists by scope, search without tone marks, a household of a day, and where it came from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import Household
from communes.scope import scope_of
from communes.selectors import households
from communes.selectors.households import RegistryFilter, household_on, kinship_of, registry_list, registry_page
from communes.services.households import (
    MemberEntry,
    NewHousehold,
    end_household,
    merge_households,
    move_household,
    register_household,
    split_household,
)
from tests.factories.classifications import make_classification, make_standard
from tests.factories.registers import START, Registry, entry, family, someone

pytestmark = pytest.mark.django_db

DAY = date(2023, 5, 10)
NAMES = ("Đỗ Thị Hòa", "Đặng Văn Ước", "An Thử", "Đỗ Thị Hoà")


@pytest.fixture
def registered(registry: Registry) -> list[Household]:
    made = [
        register_household(
            by=None,
            entry=entry(
                code=f"MC-{at}", members=(MemberEntry(relation="head", person=someone(name)),), address="Tổ 5 khu Bắc"
            ),
        )
        for at, name in enumerate(NAMES)
    ]
    foreign = entry(code="TC-1", village="thon-tra-co", members=family(number=""))
    return [*made, register_household(by=None, entry=foreign)]


@pytest.mark.parametrize(
    ("q", "codes"),
    [
        ("", ["MC-2", "MC-1", "MC-3", "MC-0"]),
        ("hoa", ["MC-3", "MC-0"]),
        ("HÒA đỗ", ["MC-3", "MC-0"]),
        ("uoc", ["MC-1"]),
        ("to 5", ["MC-2", "MC-1", "MC-3", "MC-0"]),
        ("mc 3", ["MC-3"]),
        ("chu ho", []),
    ],
)
def test_the_list_is_searched_with_or_without_marks_in_the_order_of_the_alphabet(
    registry: Registry, registered: list[Household], q: str, codes: list[str]
) -> None:
    rows = households.registry(scope_of(registry.officer), RegistryFilter(q=q))
    assert [row.code for row in rows] == codes


@pytest.mark.parametrize(("common", "through"), [(10_000, 500), (1, 500), (10_000, 1)], ids=["rare", "common", "some"])
@pytest.mark.parametrize(
    ("q", "codes"),
    [
        ("", ["MC-2", "MC-1", "MC-0", "MC-3"]),
        ("do thi", ["MC-0", "MC-3"]),
        # At the beginning of a name first, then anywhere.
        ("a", ["MC-2", "MC-1", "MC-0", "MC-3"]),
        ("d", ["MC-1", "MC-0", "MC-3"]),
        ("UỚC", ["MC-1"]),
        ("to 5", ["MC-2", "MC-1", "MC-0", "MC-3"]),
        ("zzz", []),
    ],
)
def test_a_page_begins_with_names_that_begin_so(
    registry: Registry,
    registered: list[Household],
    q: str,
    codes: list[str],
    common: int,
    through: int,
    monkeypatch: Any,
) -> None:
    monkeypatch.setattr(households, "COMMON", common)
    monkeypatch.setattr(households, "LOOKED_THROUGH", through)
    scope, wanted = scope_of(registry.officer), RegistryFilter(q=q)
    whole = [row.code for row in registry_page(scope, wanted)]
    assert sorted(whole) == sorted(codes) == sorted(row.code for row in households.registry(scope, wanted))
    if q == "d":
        assert whole == ["MC-1", "MC-0", "MC-3"]
    # Pages laid end to end are the whole, each once.
    for size in (1, 2, 3):
        pages = [registry_page(scope, wanted, size=size, start=start) for start in range(0, 6, size)]
        assert [row.code for page in pages for row in page] == whole


@pytest.mark.parametrize("few", [50, 0], ids=["one by one", "by the index"])
@pytest.mark.parametrize("through", [500, 3, 0])
def test_a_class_is_that_of_today_however_it_is_found(
    registry: Registry, registered: list[Household], few: int, through: int, monkeypatch: Any
) -> None:
    monkeypatch.setattr(households, "FEW_VILLAGES", few)
    monkeypatch.setattr(households, "LOOKED_THROUGH", through)
    standards = [make_standard(code) for code in ("standard", "other")]
    by_code = {one.code: one for one in registered}
    for code in ("MC-0", "MC-1", "MC-2", "TC-1"):
        make_classification(by_code[code], standards[0], status="poor", valid_from=date(2023, 1, 1))
    make_classification(by_code["MC-1"], standards[0], status="near_poor", valid_from=date(2023, 6, 1))
    make_classification(by_code["MC-3"], standards[1], status="poor", valid_from=date(2023, 1, 1))

    def listed(user: Any, **asked: Any) -> tuple[list[str], int | None]:
        wanted = RegistryFilter(standard="standard", status="poor", **asked)
        pages = [registry_list(scope_of(user), wanted, most=10, size=1, start=start) for start in range(5)]
        assert len({page.count for page in pages}) == 1
        return [row.code for page in pages for row in page.rows], pages[0].count

    assert listed(registry.officer) == (["MC-2", "MC-0"], 2)
    poor = RegistryFilter(standard="standard", status="poor")
    beyond = registry_list(scope_of(registry.officer), poor, most=0, size=1, start=1)
    assert ([row.code for row in beyond.rows], beyond.count) == (["MC-0"], 1)
    assert sorted(listed(registry.coordinator)[0]) == ["MC-0", "MC-2", "TC-1"]
    assert listed(registry.coordinator, villages=(registry.villages["thon-tra-co"].pk,)) == (["TC-1"], 1)
    assert listed(registry.officer, q="do thi") == (["MC-0"], None)
    assert registry_list(scope_of(registry.coordinator), RegistryFilter(), most=2, size=1).count == 3


def test_the_list_is_the_readers(registry: Registry, registered: list[Household]) -> None:
    def seen(user: Any, **asked: Any) -> set[str]:
        return {row.code for row in households.registry(scope_of(user), RegistryFilter(**asked))}

    assert seen(registry.stranger) == {"TC-1"}
    assert seen(registry.leader) == set()
    assert len(seen(registry.coordinator)) == 5
    assert seen(registry.coordinator, villages=(registry.villages["thon-tra-co"].pk,)) == {"TC-1"}
    end_household(by=None, household_id=registered[0].pk, on=DAY, because="moved_out")
    assert "MC-0" not in seen(registry.officer) and "MC-0" in seen(registry.officer, gone=True)


def test_a_household_is_shown_as_it_was_on_the_day(
    registry: Registry, registered: list[Household], django_assert_num_queries: Any
) -> None:
    household = registered[0]
    move_household(by=None, household_id=household.pk, on=DAY, village="thon-tra-co", address="Số 9")
    scope = scope_of(registry.coordinator)
    with django_assert_num_queries(4):
        before = household_on(scope, household.pk, START)
    after = household_on(scope, household.pk, DAY)
    assert before.place is not None and after.place is not None
    assert (before.place.area_type, before.address) == ("rural", "Tổ 5 khu Bắc")
    assert (after.place.area_type, after.address) == ("urban", "Số 9")
    for nobody_sees in (lambda: household_on(scope, household.pk, date(2021, 1, 1)),):
        with pytest.raises(Household.DoesNotExist):
            nobody_sees()
    with pytest.raises(Household.DoesNotExist):
        household_on(scope_of(registry.leader), household.pk, DAY)


def test_the_lineage_of_a_household_leads_both_ways(registry: Registry, registered: list[Household]) -> None:
    parent = register_household(by=None, entry=entry(code="P", members=family(number="")))
    child = parent.members.get(relation="child").person_id
    made = split_household(
        by=None, household_id=parent.pk, on=DAY,
        new=NewHousehold(code="S", village="thon-2", relations={child: "head"}),
    )  # fmt: skip
    merge_households(
        by=None, household_id=made.pk, into_id=registered[0].pk, on=date(2024, 1, 1), relations={child: "unrelated"}
    )
    kinship = kinship_of(made)
    assert [(kinship.codes[one.unit], one.step.kind) for one in kinship.before] == [("P", "split")]
    assert [(kinship.codes[one.unit], one.step.kind) for one in kinship.after] == [("MC-0", "merge")]
    assert [branch.unit for one in kinship_of(parent).after for branch in one.branches] == [registered[0].pk]
