"""`docs/security.md` answers every requirement of ASVS 5.0 on levels 1 and 2 once, and what it points at exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.meta.asvs_ids import LEVELS

BASE = Path(__file__).resolve().parents[2]
STATUSES = {"met", "refused", "not applicable"}
TEXT = (BASE / "docs/security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (v5\.0\.0-\d+\.\d+\.\d+) \| L([12]) \| (.+?) \| (.+?) \| (.+) \|$", re.MULTILINE)
ROWS = [found.groups() for found in ROW.finditer(TEXT)]

TEST = re.compile(r"`tests/[\w/]+\.py(?:::test_\w+)?`")
# The sections of the standard that ask for something to be written down.
DOCUMENTATION = {"2.1", "5.1", "6.1", "7.1", "8.1", "11.1", "13.1", "14.1", "15.1", "16.1"}


def asks_for_words(requirement: str) -> bool:
    return requirement.removeprefix("v5.0.0-").rpartition(".")[0] in DOCUMENTATION


@cache
def names_in(path: str) -> set[str]:
    tree = ast.parse((BASE / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_the_list_of_requirements_is_that_of_levels_one_and_two() -> None:
    assert (len(LEVELS), sum(level == 1 for level in LEVELS.values())) == (253, 70)


def test_every_requirement_is_answered_once_and_on_its_level() -> None:
    ids = [row[0] for row in ROWS]
    assert sorted(set(LEVELS) - set(ids)) == []
    assert sorted({one for one in ids if ids.count(one) > 1}) == []
    assert {one: int(level) for one, level, *_rest in ROWS} == LEVELS
    assert len(re.findall(r"v5\.0\.0-\d", TEXT)) >= len(LEVELS)


def test_every_answer_has_a_status_and_words_of_why() -> None:
    assert {row[3] for row in ROWS} <= STATUSES
    assert [row[0] for row in ROWS if len(row[4]) < 8 or len(row[2]) < 3] == []


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_the_sums_above_the_list_are_those_of_the_list(status: str) -> None:
    count = sum(row[3] == status for row in ROWS)
    assert f"{count} {status}" in TEXT


def test_what_is_met_names_the_test_that_shows_it() -> None:
    bare = [row[0] for row in ROWS if row[3] == "met" and not TEST.search(row[4]) and not asks_for_words(row[0])]
    assert bare == []


def test_what_asks_for_words_names_the_document_or_the_part_of_this_page() -> None:
    written = [row for row in ROWS if row[3] == "met" and asks_for_words(row[0])]
    assert len(written) > 15
    assert [row[0] for row in written if not re.search(r"`docs/[^`]+`|” above|`tests/", row[4])] == []


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", TEXT)
    assert len(named) > 150
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []
    assert re.findall(r"`tests/[^`]*::(?!test_)[^`]*`", TEXT) == []


def test_every_file_that_is_named_exists() -> None:
    endings = "py|md|js|json|yaml|txt|html|example|conf|service"
    named = set(re.findall(rf"`([\w.][\w./-]*\.(?:{endings}))`", TEXT))
    assert len(named) > 20
    assert [one for one in sorted(named) if not (BASE / one).exists()] == []


def test_every_part_that_an_answer_points_at_stands_in_the_page() -> None:
    parts = set(re.findall(r"“([^”]+)” above", TEXT))
    assert len(parts) > 4
    assert [part for part in parts if f"## {part}\n" not in TEXT] == []
