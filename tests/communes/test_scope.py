"""Sensitive data are seen where a role has the permission itself, and nowhere else."""

from __future__ import annotations

from datetime import date

import pytest

from communes.models import Household, Office, Person, RoleAssignment, Unit, UnitVersion, Village
from communes.scope import NOBODY, scope_of
from mongcai_portal.accounts.permissions import Permission
from tests.factories.households import make_household, make_version, make_village
from tests.factories.world import make_person, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def units() -> list[Unit]:
    return [make_unit(f"xa-{n}", f"Xã {n}", "commune", None) for n in (1, 2)]


@pytest.fixture
def households(units: list[Unit]) -> list[Household]:
    return [make_household(make_village(unit, f"thon-{unit.uid}"), f"H-{unit.uid}") for unit in units]


def seen(user: object) -> list[str]:
    return sorted(Household.objects.visible_to(scope_of(user)).values_list("code", flat=True))


def test_an_officer_sees_the_households_of_the_own_commune(units: list[Unit], households: list[Household]) -> None:
    officer = make_person("can-bo", "commune_officer", unit=units[0])
    assert seen(officer) == ["H-xa-1"]
    assert list(Person.objects.visible_to(scope_of(officer))) == [households[0].members.get().person]


@pytest.mark.parametrize(("role", "count"), [("coordinator", 2), ("leader", 0), ("administrator", 0)])
def test_of_those_who_see_the_town_the_coordinator_alone_sees_households(
    households: list[Household], role: str, count: int
) -> None:
    user = make_person("ai-do", role)
    assert len(seen(user)) == count
    assert Person.objects.visible_to(scope_of(user)).count() == count


def test_another_role_that_reaches_further_does_not_carry_the_permission_along(
    units: list[Unit], households: list[Household]
) -> None:
    office = Office.objects.create(code="yte", name_vi="Phòng Y tế", name_en="Health", sort_key="y")
    officer = make_person("can-bo", "commune_officer", unit=units[0])
    RoleAssignment.objects.create(user=officer, role="sector_verifier", office=office)
    scope = scope_of(officer)
    assert scope.all_units and Permission.HOUSEHOLDS_VIEW in scope.permissions
    assert scope.units_with(Permission.HOUSEHOLDS_VIEW) == {units[0].pk}
    assert seen(officer) == ["H-xa-1"]


def test_who_is_not_signed_in_sees_nobody(households: list[Household]) -> None:
    assert not Household.objects.visible_to(NOBODY).exists()
    assert not Person.objects.visible_to(NOBODY).exists()


def test_households_are_seen_by_who_looks_after_their_village_now(units: list[Unit]) -> None:
    village: Village = make_village(units[0], "thon", valid_to=date(2025, 6, 30))
    household = make_household(village, "H9", valid_to=date(2024, 1, 1), ended_as="moved_out")
    before = make_person("cu", "commune_officer", unit=units[0])
    after = make_person("moi", "commune_officer", unit=units[1])
    assert (seen(before), seen(after)) == (["H9"], [])
    make_version(village, units[1], valid_from=date(2025, 7, 1))
    assert (seen(make_person("cu2", "commune_officer", unit=units[0])), seen(after)) == ([], [household.code])


def test_the_kind_of_the_unit_on_the_day_comes_with_a_village(units: list[Unit]) -> None:
    village = make_village(units[0], "thon")
    UnitVersion.objects.filter(unit=units[0]).update(valid_to=date(2025, 6, 30))
    UnitVersion.objects.create(
        unit=units[0], name_vi="P", name_en="P", kind="ward", search_key="p", sort_key="p", valid_from=date(2025, 7, 1)
    )
    kinds = [Village.objects.on(day).get(pk=village.pk).unit_kind for day in (date(2025, 6, 30), date(2025, 7, 1))]
    assert kinds == ["commune", "ward"]
    make_village(units[1], "cu", valid_to=date(2020, 1, 1))
    assert "cu" not in set(Village.objects.on(date(2025, 1, 1)).values_list("code", flat=True))
