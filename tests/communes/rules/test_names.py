"""Tone marks part names; where they are set, how they are encoded and how letters are written does not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communes.rules.names import name_key, place_key, place_kind

SYLLABLES = st.sampled_from("Hòa Hoà Hóa Thúy Thuý Nguyễn Đặng Ân An Ơn Uyên Tuấn Quý Huỳnh Khuê Voòng Chíu".split())
NAMES = st.lists(SYLLABLES, min_size=1, max_size=5).map(" ".join)


@given(NAMES)
def test_both_normal_forms_and_all_capitals_are_one_name(name: str) -> None:
    spellings = {unicodedata.normalize(form, text) for form in ("NFC", "NFD") for text in (name, name.upper())}
    assert {name_key(one) for one in spellings} == {name_key(name)}


@pytest.mark.parametrize(
    ("one", "other"), [("Hòa", "Hoà"), ("Thúy", "Thuý"), ("HÒA", "hoà"), (" Lê  Văn\u00a0Hòa", "Lê Văn Hoà")]
)
def test_where_a_tone_mark_is_set_makes_no_other_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Hòa", "Hóa"), ("Hòa", "Hoa"), ("An", "Ân"), ("Đa", "Da"), ("Ơn", "Ôn")])
def test_another_tone_or_letter_makes_another_name(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text(max_size=40))
def test_any_text_has_a_key_that_is_its_own_key_again_in_other_forms(text: str) -> None:
    assert name_key(unicodedata.normalize("NFD", text)) == name_key(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("text", ["Thôn 3", "thôn  3", "THÔN 3", "3", "Tổ dân phố 3", "Khu phố 3", "xóm 3"])
def test_a_villages_name_is_known_with_and_without_its_kind(text: str) -> None:
    assert place_key(text) == name_key("3")


def test_a_village_that_is_called_as_its_kind_keeps_its_name() -> None:
    assert place_key("Bản") == name_key("Bản")
    assert place_key("Khuổi Luông") == name_key("Khuổi Luông")


def test_the_word_for_the_kind_is_told() -> None:
    assert (place_kind("Khu 3"), place_kind("3")) == (name_key("khu"), "")
