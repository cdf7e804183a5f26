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
    """As much of a test as is asked for when a run chooses."""

    def __init__(self, file: str, *marks: str, case: str = "") -> None:
        self.path, self.marks, self.originalname = HERE / file, marks, case
        self.name = case or "test"
        self.fixturenames: tuple[str, ...] = ()
        if case:
            self.callspec = object()

    def get_closest_marker(self, name: str) -> Any:
        return True if name in self.marks else None


def _items(count: int, *given: str, **more: str) -> list[Any]:
    return [Item(*given, **more) for _ in range(count)]


STORED = "django_db"


@pytest.mark.parametrize("turn", [0, 1])
def test_turns_leave_each_file_of_views_half_and_the_others_whole(turn: int) -> None:
    one = _items(5, "communes/views/test_a.py", STORED)
    other = _items(4, "communes/api/test_b.py", STORED)
    written = _items(4, "communes/services/test_c.py", STORED)
    own = _items(1, "communes/views/test_a.py", STORED, "postgres")
    # Items of files come mixed, as they may.
    left_out = of_another_turn([*one[:3], *written, *other, *one[3:], *own], turn)
    assert [item in left_out for item in one] == [position % 2 != turn for position in range(5)]
    assert [item in left_out for item in other] == [position % 2 != turn for position in range(4)]
    assert left_out.isdisjoint(written) and left_out.isdisjoint(own)


@pytest.mark.parametrize("turn", [0, 1])
def test_cases_of_one_test_take_turns_but_for_constraints_and_whole_portals(turn: int) -> None:
    first = _items(3, "communes/services/test_c.py", STORED, case="test_faults")
    second = _items(2, "communes/services/test_c.py", STORED, case="test_more_faults")
    whole = [
        *_items(3, "communes/test_review_constraints.py", STORED, case="test_refused"),
        *_items(3, "faults/test_d.py", "worker", case="test_hurt"),
    ]
    left_out = of_another_turn([*first, *second, *whole], turn)
    assert [item in left_out for item in first] == [position % 2 != turn for position in range(3)]
    assert [item in left_out for item in second] == [position % 2 != turn for position in range(2)]
    assert left_out.isdisjoint(whole)


def test_what_asks_no_database_and_is_tried_once_takes_no_turns() -> None:
    pure = [*_items(4, "communes/presenters/test_e.py"), *_items(4, "communes/rules/test_f.py", case="test_rule")]
    assert of_another_turn(pure, 0) == of_another_turn(pure, 1) == set()
