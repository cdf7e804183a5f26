"""Units that bear one name after another are told apart in the grid."""

from __future__ import annotations

from datetime import date

from indicators.presenters.completeness import line_names
from indicators.selectors.completeness import Line
from indicators.selectors.layout import Name


def line(number: int, name: str, valid_from: date | None = None, valid_to: date | None = None) -> Line:
    return Line(number, f"unit-{number}", Name(name, name), name, (), (), valid_from, valid_to)


def test_a_name_borne_twice_says_when():
    lines = [
        line(1, "Hải Sơn", valid_to=date(2025, 6, 30)),
        line(2, "Hải Sơn", valid_from=date(2025, 7, 1)),
        line(3, "Vĩnh Trung", valid_to=date(2025, 6, 30)),
    ]
    assert line_names(lines) == {
        1: "Hải Sơn (đến 30/06/2025)",
        2: "Hải Sơn (từ 01/07/2025)",
        3: "Vĩnh Trung",
    }
