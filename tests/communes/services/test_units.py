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
