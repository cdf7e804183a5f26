"""Which new passwords are taken: length and how soon they would be guessed count, kinds of characters do not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.services import one_time_password
from mongcai_portal.accounts.validators import CONTEXT_WORDS, is_listed

HA = User(username="officer.haison", full_name="Nguyễn Thị Hà", email="ha.bientap@mongcai.gov.vn")


def faults(password: str) -> set[str]:
    try:
        validate_password(password, HA)
    except ValidationError as error:
        return {str(one.code) for one in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "chợ biên giới mùa đông",  # letters and spaces only
        "vinhthucmuahe tra co",
        "7482 9164 0358 2267",  # digits alone, but no row of them
        "🌾🌊 đồng lúa bờ biển",
        "thuyền " * 20,  # far longer than 64
    ],
)
def test_any_kind_of_characters_will_do(password: str) -> None:
    assert faults(password) == set()


@pytest.mark.parametrize("password", ["1234567890", "qwertyuiop", "aaaaaaaaaaaa", "01/01/1990", "password123"])
def test_what_is_guessed_early_is_refused(password: str) -> None:
    assert "password_guessable" in faults(password)


@pytest.mark.parametrize("word", [word for word in CONTEXT_WORDS if len(word) >= 6])
def test_a_word_of_this_place_makes_no_password_with_a_year_behind_it(word: str) -> None:
    assert "password_guessable" in faults(f"{word.title()}2025")


def test_ones_own_name_makes_no_password() -> None:
    assert "password_guessable" in faults("Bientap2023")


def test_a_common_password_is_refused_as_such() -> None:
    assert "password_too_common" in faults("1qaz2wsx3edc")


def test_a_password_made_by_the_portal_keeps_its_rules() -> None:
    made = {one_time_password() for _ in range(20)}
    assert len(made) == 20
    assert [faults(password) for password in made] == [set()] * 20


def test_a_password_is_checked_as_it_was_typed(person: User) -> None:
    person.set_password("  Chợ Biên Giới  ")
    assert person.check_password("  Chợ Biên Giới  ")
    assert not person.check_password("Chợ Biên Giới")
    assert not person.check_password("  chợ biên giới  ")


@pytest.fixture
def leaked(tmp_path: Path) -> tuple[Path, list[str]]:
    """A file such as Have I Been Pwned gives out, and the passwords in it."""
    words = [f"lộ từ lâu số {n}" for n in range(257)]
    lines = sorted(f"{hashlib.sha1(word.encode()).hexdigest().upper()}:{n}" for n, word in enumerate(words))
    path = tmp_path / "leaked.txt"
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path, words


def test_each_line_of_the_file_of_leaks_is_found_and_nothing_else(leaked: tuple[Path, list[str]]) -> None:
    path, words = leaked
    assert [word for word in words if not is_listed(path, word)] == []
    assert not any(is_listed(path, f"{word}!") for word in words)


@pytest.mark.parametrize("content", ["", "0" * 40 + ":1", "F" * 40 + ":1\n"])
def test_a_short_file_of_leaks_ends_the_search(tmp_path: Path, content: str) -> None:
    path = tmp_path / "leaked.txt"
    path.write_text(content, encoding="ascii")
    assert not is_listed(path, "chợ biên giới mùa đông")


def test_a_leaked_password_is_refused_where_the_file_is_given(
    leaked: tuple[Path, list[str]], settings: pytest.FixtureRequest
) -> None:
    path, words = leaked
    assert faults(words[3]) == set()
    settings.PORTAL_BREACHED_PASSWORDS = str(path)
    assert faults(words[3]) == {"password_breached"}
    assert faults("chợ biên giới mùa đông") == set()
