"""Encrypted texts: read under their key alone, found without being read, and the keys on disk."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from mongcai_portal.common import checks, ciphers
from mongcai_portal.common.ciphers import Keyring, Undecipherable, keyring

OLD, NEW = "0a" * 32, "1b" * 32
NUMBER = "022199001234"


@given(st.text(max_size=40))
def test_a_text_comes_back_and_shows_in_nothing_that_is_stored(text: str) -> None:
    ring = Keyring([NEW])
    hidden = ring.hide(text, "test")
    assert ring.show(hidden.key, hidden.text, "test") == text
    assert hidden.index == ring.indexes(text, "test")[0]
    if len(text) > 3:
        assert text not in hidden.text and text not in hidden.index


def test_the_same_text_is_never_encrypted_alike_and_always_found() -> None:
    ring = Keyring([NEW])
    one, two = ring.hide(NUMBER, "test"), ring.hide(NUMBER, "test")
    assert one.text != two.text
    assert one.index == two.index != ring.hide(NUMBER + "0", "test").index


def test_the_newest_key_encrypts_and_all_decrypt_and_find() -> None:
    old, both = Keyring([OLD]), Keyring([NEW, OLD])
    before = old.hide(NUMBER, "test")
    assert both.show(before.key, before.text, "test") == NUMBER
    assert before.index in both.indexes(NUMBER, "test")
    assert both.hide(NUMBER, "test").key == both.names[0] == Keyring([NEW]).names[0] != old.names[0]


@pytest.mark.parametrize(
    ("ring", "spoil", "purpose"),
    [
        pytest.param(Keyring([NEW]), str, "test", id="another key"),
        pytest.param(Keyring([OLD]), lambda text: ("B" if text[0] == "A" else "A") + text[1:], "test", id="altered"),
        pytest.param(Keyring([OLD]), lambda text: text[:10], "test", id="cut off"),
        pytest.param(Keyring([OLD]), lambda text: "ô", "test", id="no ciphertext"),
        pytest.param(Keyring([OLD]), str, "other", id="another purpose"),
    ],
)
def test_what_was_not_stored_so_is_not_read(ring: Keyring, spoil: Any, purpose: str) -> None:
    hidden = Keyring([OLD]).hide(NUMBER, "test")
    with pytest.raises(Undecipherable) as error:
        ring.show(hidden.key, spoil(hidden.text), purpose)
    assert NUMBER not in str(error.value) and error.value.__cause__ is None


@pytest.mark.parametrize("keys", [[], ["0a" * 31], ["0A" * 32], [NEW, "qqq"]])
def test_what_is_no_key_is_refused_without_being_repeated(keys: list[str]) -> None:
    with pytest.raises(ValueError) as error:
        Keyring(keys)
    assert all(key not in str(error.value) for key in keys)


def test_neither_keys_nor_what_they_hide_show_in_a_message() -> None:
    ring = Keyring([NEW])
    hidden = ring.hide(NUMBER, "test")
    assert NEW not in repr(ring) + str(ring.names)
    assert hidden.text not in repr(hidden) and hidden.index not in repr(hidden)


# --- Where they are kept ---


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_KEYS, settings.DATA_KEYS_FILE = (), tmp_path / "data_keys"
    return tmp_path / "data_keys"


def test_a_portal_without_keys_makes_one_when_it_is_needed_and_keeps_it_for_its_owner(place: Path) -> None:
    assert ciphers.stored_keys() == "" and checks.keys_of_the_data() == []
    assert not place.exists()
    hidden = keyring().hide(NUMBER, "test")
    assert place.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in place.parent.iterdir()] == ["data_keys"]
    ciphers.forget()
    assert keyring().show(hidden.key, hidden.text, "test") == NUMBER
    assert ciphers.stored_keys() == place.read_text().strip()


def test_two_that_begin_together_agree_on_one_key(place: Path) -> None:
    found: list[str] = []
    begin = threading.Barrier(4)

    def start() -> None:
        begin.wait()
        ciphers.write_new(place, [ciphers.new_key()])
        found.append(place.read_text())

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1


def test_where_none_may_be_made_none_is_and_the_check_says_so(place: Path, settings: Any) -> None:
    settings.DATA_KEYS_MADE = False
    with pytest.raises(ImproperlyConfigured):
        keyring()
    assert [found.id for found in checks.keys_of_the_data()] == [checks.NO_KEY]
    assert not place.exists()


def test_a_file_that_holds_no_key_is_told_without_what_it_holds(place: Path) -> None:
    place.write_text("hunter2\n")
    (found,) = checks.keys_of_the_data()
    assert found.id == checks.NO_KEY and "hunter2" not in str(found)
    with pytest.raises(ImproperlyConfigured, match=checks.NO_KEY):
        checks.refuse_start()


def test_keys_from_outside_are_used_as_they_come(settings: Any) -> None:
    settings.DATA_KEYS, settings.DATA_KEYS_FILE = (NEW, OLD), None
    assert keyring().names == Keyring([NEW, OLD]).names
    assert ciphers.stored_keys().split() == [NEW, OLD]
    assert checks.keys_of_the_data() == []
