"""What `python -m tests` leaves out of one part is done in another."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.components import HERE, LIVE_FOLDERS, of_another_turn

# Written apart, or this file would be one of them.
LIVE = re.compile(r"\bmark\." + "(?:worker|chromium)")


def test_whole_portals_are_started_only_where_the_run_looks_for_them() -> None:
    files = [path for path in HERE.rglob("*.py") if LIVE.search(path.read_text(encoding="utf-8"))]
    places = [HERE.parent / folder for folder in LIVE_FOLDERS]
    assert len(files) > 20
    assert [str(path) for path in files if not any(place in path.parents for place in places)] == []


class Item:
    def __init__(self, file: str, *, marked: bool = False) -> None:
        self.path, self.marked = HERE / file, marked

    def get_closest_marker(self, _name: str) -> Any:
        return self.marked or None


def _item(file: str, **more: bool) -> Any:
    return Item(file, **more)


@pytest.mark.parametrize("turn", [0, 1])
def test_turns_leave_each_file_of_views_half_and_the_others_whole(turn: int) -> None:
    one = [_item("communes/views/test_a.py") for _ in range(5)]
    other = [_item("communes/api/test_b.py") for _ in range(4)]
    rule = [_item("communes/rules/test_c.py") for _ in range(4)]
    own = [_item("communes/views/test_a.py", marked=True)]
    # Items of files come mixed, as they may.
    left_out = of_another_turn([*one[:3], *rule, *other, *one[3:], *own], turn)
    assert [item in left_out for item in one] == [position % 2 != turn for position in range(5)]
    assert [item in left_out for item in other] == [position % 2 != turn for position in range(4)]
    assert left_out.isdisjoint(rule) and left_out.isdisjoint(own)
