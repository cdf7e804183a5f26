"""OCOP law from its file: both scales, groups and authorities; a faulty file stores nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from mongcai_portal.common.errors import Invalid
from programmes.models import OcopAuthority, OcopBand, OcopGroup, OcopPart, OcopScale
from programmes.selectors.ocop_law import authorities_on, groups_on, scale_on
from programmes.services.ocop import load_ocop
from programmes.services.ocop.scales import FILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def law(db: None) -> None:
    load_ocop(by=None)


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize(
    ("day", "points", "provenance"),
    [
        (date(2019, 8, 21), (35, 25, 40), "unverified"),
        (date(2023, 2, 23), (35, 25, 40), "unverified"),
        (date(2023, 2, 24), (40, 25, 35), "sourced"),
        (date(2026, 1, 1), (40, 25, 35), "sourced"),
    ],
)
def test_the_scale_is_that_of_the_day(day: date, points: tuple[int, ...], provenance: str) -> None:
    scale = scale_on(day)
    assert scale is not None
    assert (scale.points_a, scale.points_b, scale.points_c) == points
    assert (scale.provenance, scale.certificate_months) == (provenance, 36)
    assert [(band.stars, band.minimum) for band in scale.spec.bands] == [(1, 0), (2, 30), (3, 50), (4, 70), (5, 90)]


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize(("scale", "provenance"), [("qd_1048_2019", "unverified"), ("qd_148_2023", "sourced")])
def test_a_scale_names_its_parts_with_their_marks(scale: str, provenance: str) -> None:
    parts = OcopPart.objects.filter(scale__code=scale)
    assert [(part.code, part.name_vi, part.provenance) for part in parts] == [
        ("a", "Sản phẩm và sức mạnh cộng đồng", provenance),
        ("b", "Khả năng tiếp thị", provenance),
        ("c", "Chất lượng sản phẩm", provenance),
    ]
    assert all(bool(part.items_vi) is (provenance == "sourced") for part in parts)


@pytest.mark.usefixtures("law")
def test_there_is_no_scale_before_the_first() -> None:
    assert scale_on(date(2019, 8, 20)) is None


@pytest.mark.usefixtures("law")
@pytest.mark.parametrize(
    ("day", "three"),
    [
        (date(2020, 1, 1), ("province", "district")),
        (date(2023, 2, 24), ("district",)),
        (date(2025, 7, 5), ("district",)),
        (date(2025, 7, 6), ("province",)),
    ],
)
def test_three_stars_are_the_districts_until_it_is_gone(day: date, three: tuple[str, ...]) -> None:
    assert authorities_on(day) == {3: three, 4: ("province",), 5: ("central",)}


@pytest.mark.usefixtures("law")
def test_a_day_has_the_six_groups_of_its_decision_and_the_new_ones_say_what_they_follow() -> None:
    old, new = groups_on(date(2022, 1, 1)), groups_on(date(2024, 1, 1))
    assert (len(old), len(new)) == (6, 6) and not set(old) & set(new)
    assert OcopGroup.objects.get(code="herbs").follows.code == "herbs_2019"
    assert OcopGroup.objects.get(code="ornamental").follows is None


@pytest.mark.usefixtures("law")
def test_loading_again_changes_nothing() -> None:
    assert not load_ocop(by=None)


def wrong(tmp_path: Path, change: Any) -> list[tuple[str, str]]:
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    change(raw)
    file = tmp_path / "ocop.yaml"
    file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(Invalid) as error:
        load_ocop(by=None, file=file)
    assert not OcopScale.objects.exists() and not OcopGroup.objects.exists()
    return [(fault.pointer, fault.code) for fault in error.value.faults]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda raw: raw["scales"][0]["points"].update(a=36), ("/scales/0/points", "not_a_hundred")),
        (lambda raw: raw["scales"][0]["points"].update(a="x"), ("/scales/0/points/a", "not_a_number")),
        (lambda raw: raw["scales"][0].update(valid_to="2023-02-24"), ("/scales/qd_148_2023", "overlap")),
        (lambda raw: raw["scales"][0].update(valid_to=None), ("/scales/qd_148_2023", "overlap")),
        (lambda raw: raw["scales"][1].update(sources=["nobody"]), ("/scales/1/sources", "unknown_source")),
        (lambda raw: raw["scales"][1].update(provenance="rumour"), ("/scales/1/provenance", "unknown_provenance")),
        (lambda raw: raw["scales"][1]["bands"].pop(), ("/scales/1/bands", "not_whole")),
        (lambda raw: raw["scales"][0]["parts"].pop(), ("/scales/0/parts", "not_whole")),
        (lambda raw: raw["scales"][1]["parts"][2].update(name_vi=""), ("/scales/1/parts/2/name_vi", "missing")),
        (
            lambda raw: raw["scales"][1]["parts"][2].update(source="nobody"),
            ("/scales/1/parts/2/source", "unknown_source"),
        ),
        (lambda raw: raw["groups"][1].update(code="food_2019"), ("/groups/1/code", "duplicate")),
        (lambda raw: raw["groups"][6].update(follows="no_such"), ("/groups/6/follows", "unknown_group")),
        (lambda raw: raw["authorities"][0].update(level="village"), ("/authorities/0/level", "unknown_level")),
    ],
)
def test_every_fault_is_named_at_its_place_and_nothing_is_stored(tmp_path: Path, change: Any, fault: Any) -> None:
    assert fault in wrong(tmp_path, change)


def test_a_band_that_moves_is_changed_where_it_stands(law: None, tmp_path: Path) -> None:
    before = OcopBand.objects.get(scale__code="qd_148_2023", stars=4).pk
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for row in raw["scales"]:
        row["bands"] = [{**band, "minimum": 71 if band["stars"] == 4 else band["minimum"]} for band in row["bands"]]
    file = tmp_path / "ocop.yaml"
    file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    assert load_ocop(by=None, file=file).changed == 2
    assert OcopBand.objects.get(pk=before).minimum == Decimal(71)
    assert OcopAuthority.objects.count() == len(raw["authorities"])
