"""Vietnamese text: one key to search, one to sort."""

from __future__ import annotations

import unicodedata

import pytest

from mongcai_portal.common.text import bare_unit_name, search_key, sort_key


@pytest.mark.parametrize(
    "spelling", ["Hòa Lạc", "Hoà Lạc", "HÒA LẠC", "hoa  lac", unicodedata.normalize("NFD", "Hoà Lạc")]
)
def test_every_spelling_has_one_search_key(spelling: str) -> None:
    assert search_key(spelling) == "hoa lac"


def test_d_with_stroke_is_found_by_d() -> None:
    assert search_key("Hải Đông") == "hai dong"


def test_vietnamese_order_puts_d_with_stroke_after_d_and_before_e() -> None:
    names = ["Đông", "Vĩnh", "Ea", "Dao", "Ân", "Ăn", "An", "Hải", "Hạ", "Hà", "Ha"]
    assert sorted(names, key=sort_key) == ["An", "Ăn", "Ân", "Dao", "Đông", "Ea", "Ha", "Hà", "Hạ", "Hải", "Vĩnh"]


@pytest.mark.parametrize("name", ["Xã Hải Sơn", "xã  Hải Sơn", "Phường Hải Sơn", "Hải Sơn"])
def test_the_kind_before_a_name_is_dropped(name: str) -> None:
    assert bare_unit_name(name) == "Hải Sơn"
