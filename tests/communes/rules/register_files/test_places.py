"""A village is found by code or name in the unit that the file names; what could be two is asked."""

from __future__ import annotations

import pytest

from communes.rules.register_files.cells import Wrong
from communes.rules.register_files.places import Gazetteer, VillagePlace


def village(code: str, name: str, unit: str = "hai-son", kind: str = "thon") -> VillagePlace:
    names = {"hai-son": ("Hải Sơn", "06733"), "tra-co": ("Trà Cổ", "06712")}
    return VillagePlace(code, name, kind, unit, *names[unit])


PLACES = Gazetteer(
    [
        village("hs-1", "Thôn 1"), village("hs-hoa", "Thôn Hòa Bình"), village("hs-hoa2", "Hóa Bình"),
        village("tc-1", "1", "tra-co", "khu"), village("tc-nam", "Nam Thọ", "tra-co", "khu"),
        village("hs-3t", "3"), village("hs-3k", "3", kind="khu"),
    ]
)  # fmt: skip


def found(text: str, unit: str = "", own: dict[str, str] | None = None) -> str:
    got = PLACES.find(text, unit, own or {})
    return f"!{got.code}" if isinstance(got, Wrong) else got.code


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("hs-1", "", "hs-1"),
        ("HS-1", "", "hs-1"),
        ("Thôn 1", "Xã Hải Sơn", "hs-1"),
        ("1", "hải sơn", "hs-1"),
        ("Khu 1", "06712", "tc-1"),
        ("1", "tra-co", "tc-1"),
        ("Thôn Hoà Bình", "", "hs-hoa"),
        ("HÓA BÌNH", "", "hs-hoa2"),
        ("Nam Thọ", "", "tc-nam"),
        ("Nam Thọ", "Hải Sơn", "!other_unit"),
        ("1", "", "!several_villages"),
        ("Khu 1", "", "tc-1"),
        ("Khu 3", "Hải Sơn", "hs-3k"),
        ("3", "Hải Sơn", "!several_villages"),
        ("Hoa Binh", "", "!unknown_village"),
        ("Thôn 1", "Xã Không Có", "!unknown_unit"),
        ("", "", "!unknown_village"),
    ],
)
def test_a_village_is_found_or_named_as_unknown(text: str, unit: str, code: str) -> None:
    assert found(text, unit) == code


def test_a_name_can_be_declared() -> None:
    assert found("Thon HB cũ", own={"thon0 hb0 cu4": "x", "thon0 hb0 cu2": "x"}) == "!unknown_village"
    assert found("Thon HB", own={"thon0 hb0": "hs-hoa"}) == "hs-hoa"
