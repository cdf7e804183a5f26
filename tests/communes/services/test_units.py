"""Loading units, offices and groups: the map of Móng Cái on any day, and faulty files."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from communes.models import Office, Unit, UnitGroup, UnitGroupMember, UnitSuccession, UnitVersion, UnitZone
from communes.services.units import load_units
from communes.services.units_file import DATA
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.models import Source, in_force_q

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    return load_units(by=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    return copy


def edit(folder: Path, name: str, old: str, new: str, count: int = 1) -> None:
    path = folder / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def children_on(day: date) -> dict[str, str]:
    return dict(Unit.objects.on(day).filter(parent_uid="mong-cai").values_list("uid", "kind"))


@pytest.mark.parametrize(
    ("day", "wards", "communes"),
    [
        (date(2021, 7, 1), 8, 9),
        (date(2024, 10, 31), 8, 9),
        (date(2024, 11, 1), 7, 9),
        (date(2025, 6, 30), 7, 9),
        (date(2025, 7, 1), 3, 3),
    ],
)
def test_the_map_of_each_day_has_its_units(units, day, wards, communes):
    kinds = list(children_on(day).values())
    assert (kinds.count("ward"), kinds.count("commune")) == (wards, communes)


def test_bac_son_exists_since_its_split_from_hai_son(units):
    assert "bac-son" not in children_on(date(2003, 9, 30))
    assert "bac-son" in children_on(date(2003, 10, 1))
    split = UnitSuccession.objects.get(kind="split")
    assert (split.predecessor.uid, split.successor.uid, split.provenance) == ("hai-son", "bac-son", "sourced")


def test_one_official_code_names_two_units_at_different_times(units):
    holders = {
        v.unit.uid: v.valid_from for v in UnitVersion.objects.filter(official_code="06724").select_related("unit")
    }
    assert holders == {"hai-son": None, "hai-son-2025": date(2025, 7, 1)}


def test_mong_cai_is_a_city_and_then_an_area(units):
    names = UnitVersion.objects.filter(unit__uid="mong-cai")
    before, after = (names.get(in_force_q(day)) for day in (date(2025, 6, 30), date(2025, 7, 1)))
    assert (before.kind, before.name_vi, before.official_code) == ("city", "Móng Cái", "194")
    assert (after.kind, after.name_vi, after.parent.uid) == ("area", "Khu vực Móng Cái", "quang-ninh")


def test_every_unit_that_ended_has_a_successor(units):
    ended = set(UnitVersion.objects.filter(valid_to__lte=date(2025, 6, 30)).values_list("unit__uid", flat=True))
    followed = set(UnitSuccession.objects.filter(kind="merge").values_list("predecessor__uid", flat=True))
    assert ended - {"mong-cai"} == followed
    assert len(followed) == 17


def test_only_flags_that_are_true_become_zones_with_their_marks(units):
    zones = {(z.zone, z.provenance) for z in UnitZone.objects.filter(unit__uid="hai-son")}
    assert zones == {("ethnic_area", "sourced"), ("mountain", "sourced"), ("land_border", "sourced")}
    old = UnitZone.objects.get(unit__uid="bac-son", zone="khu_vuc_2")
    assert (old.valid_from, old.valid_to) == (date(2016, 1, 1), date(2020, 12, 31))


def test_groups_are_named_dated_and_marked(units):
    assert UnitGroupMember.objects.filter(group__code="ntm_upgrade").count() == 9
    assessed = UnitGroup.objects.get(code="ntm_assessed")
    assert (assessed.provenance, assessed.members.count()) == ("unverified", 5)
    assert assessed.name_en and assessed.valid_from == date(2023, 1, 1)


def test_offices_and_sources_are_loaded(units):
    assert Office.objects.count() == 17
    assert Source.objects.filter(code="mongcai_2024").exists()
    named = set(UnitVersion.objects.values_list("source", flat=True)) | set(
        UnitZone.objects.exclude(source="").values_list("source", flat=True)
    )
    assert named <= set(Source.objects.values_list("code", flat=True))


def test_tiles_of_one_day_do_not_lie_on_each_other(units):
    for day in (date(2023, 12, 31), date(2025, 7, 1)):
        tiles = list(Unit.objects.on(day).filter(parent_uid="mong-cai").values_list("tile_row", "tile_column"))
        assert len(set(tiles)) == len(tiles)
        assert all(row and column for row, column in tiles)


def test_loading_twice_changes_nothing_and_leaves_one_event(units):
    rows = list(UnitVersion.objects.order_by("pk").values())
    assert not load_units(by=None)
    assert list(UnitVersion.objects.order_by("pk").values()) == rows
    assert AuditEvent.objects.filter(kind="reference.loaded").count() == 1


def test_an_edited_file_changes_the_row_and_keeps_its_identity(units, folder):
    before = UnitVersion.objects.get(unit__uid="hai-son")
    edit(folder, "identities", "name_en: Hai Son, tile: [1, 3]", "name_en: Haison, tile: [1, 3]")
    changes = load_units(by=None, folder=folder)
    assert (changes.created, changes.changed, changes.deleted) == (0, 1, 0)
    assert UnitVersion.objects.get(pk=before.pk).name_en == "Haison"


def test_every_fault_of_every_file_is_named_and_nothing_is_stored(folder):
    edit(folder, "units_2021", 'code: "06709"\n  code_verified', 'code: "06712"\n  code_verified')
    edit(folder, "units_2021", "type: xã", "type: làng")
    edit(folder, "unit_groups", "'06757']", "'99999']")
    edit(folder, "offices", "code: bhxh", "code: quansu")
    edit(folder, "identities", "'2003-10-01'\n  legal", "'mùa thu'\n  legal")
    with pytest.raises(Invalid) as caught:
        load_units(by=None, folder=folder)
    faults = {(fault.pointer, fault.code) for fault in caught.value.faults}
    assert {
        ("/units_2021/units/1/code", "duplicate"),
        ("/units_2021/units/5/type", "unknown_kind"),
        ("/unit_groups/unit_groups/0/members/8", "unknown_unit"),
        ("/offices/offices/1/code", "duplicate"),
        ("/identities/successions/0/effective_on", "not_a_date"),
    } <= faults
    assert not Unit.objects.exists() and not Office.objects.exists()


CONTRADICTIONS = {
    "a merge long after its predecessor ended": (
        "identities", "effective_on: '2024-11-01'", "effective_on: '2024-12-01'",
        {("/identities/successions/1/predecessor", "not_there_before")},
    ),
    "a merge while its predecessor goes on": (
        "identities", "effective_on: '2024-11-01'", "effective_on: '2024-10-31'",
        {("/identities/successions/1/predecessor", "goes_on")},
    ),
    "a part split off before it exists": (
        "identities", "effective_on: '2003-10-01'", "effective_on: '2003-09-01'",
        {("/identities/successions/0/successor", "not_there")},
    ),
    "a part split off that existed before": (
        "identities", "effective_on: '2003-10-01'", "effective_on: '2003-11-01'",
        {("/identities/successions/0/successor", "there_before")},
    ),
    "a kind that is none": (
        "identities", "- kind: split", "- kind: swap", {("/identities/successions/0/kind", "unknown_kind")},
    ),
    "a step without its legal basis": (
        "identities", "  legal_basis: Nghị định 111/2003/NĐ-CP\n", "",
        {("/identities/successions/0/legal_basis", "missing")},
    ),
    "a step told twice": (
        "units_2025", '  - code: "06748"\n    name: Vạn Ninh', '  - code: "06709"\n    name: Ka Long',
        {("/units_2025/units/1/formed_from/2", "duplicate")},
    ),
    "a code that is still another unit's": (
        "units_2025", "name: Móng Cái 3\n  type: phường\n  valid_from: '2025-07-01'",
        "name: Móng Cái 3\n  type: phường\n  valid_from: '2025-06-01'",
        {
            ("/units_2025/units/2/official_code", "code_in_use"),
            ("/units_2025/units/2/formed_from/0/predecessor", "goes_on"),
            ("/units_2025/units/2/formed_from/1/predecessor", "goes_on"),
        },
    ),
    "a town that is left out for a month": (
        "identities", "parent: quang-ninh, valid_from: '2025-07-01'", "parent: quang-ninh, valid_from: '2025-08-01'",
        {("/identities/towns/1/versions/1/valid_from", "gap")},
    ),
    "a town that is two things on a day": (
        "identities", "parent: quang-ninh, valid_from: '2025-07-01'", "parent: quang-ninh, valid_from: '2025-06-30'",
        {("/identities/towns/1/versions/1/valid_from", "overlap")},
    ),
    "a member that is not there yet": (
        "unit_groups", "valid_from: '2025-07-01'}", "valid_from: '2025-06-30'}",
        {(f"/unit_groups/unit_groups/3/memberships/1/members/{n}", "not_in_force") for n in range(3)},
    ),
    "a member of a map that is none": (
        "unit_groups", "{map: units_2025", "{map: units_2030",
        {("/unit_groups/unit_groups/3/memberships/1/map", "unknown_map")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_history_that_contradicts_itself_is_named_and_not_stored(folder, case):
    name, old, new, faults = CONTRADICTIONS[case]
    edit(folder, name, old, new)
    with pytest.raises(Invalid) as caught:
        load_units(by=None, folder=folder)
    assert {(fault.pointer, fault.code) for fault in caught.value.faults} == faults
    assert not Unit.objects.exists()


def test_zones_and_memberships_end_with_their_unit(units):
    assert not UnitZone.objects.filter(in_force_q(date(2025, 7, 1))).exists()
    rows = UnitGroupMember.objects.filter(in_force_q(date(2025, 7, 1)), group__code="ntm_communes")
    assert set(rows.values_list("unit__uid", flat=True)) == {"hai-son-2025", "hai-ninh", "vinh-thuc-2025"}
    before = UnitGroupMember.objects.filter(in_force_q(date(2025, 6, 30)), group__code="ntm_communes")
    assert before.count() == 9


def test_the_command_prints_the_faults_and_fails(monkeypatch, folder):
    edit(folder, "offices", "code: bhxh", "code: quansu")
    monkeypatch.setattr(
        "communes.management.commands.load_units.load_units", lambda by: load_units(by=by, folder=folder)
    )
    with pytest.raises(CommandError, match="/offices/offices/1/code"):
        call_command("load_units")


def test_loading_costs_the_same_queries_twice(units, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        load_units(by=None)
