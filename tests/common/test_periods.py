"""Period codes."""

from __future__ import annotations

import re
from datetime import date

import pytest

from mongcai_portal.common.periods import parse_period


@pytest.mark.parametrize(
    ("code", "first", "last", "kind"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31), "year"),
        ("2023-H1", date(2023, 1, 1), date(2023, 6, 30), "half"),
        ("2023-H2", date(2023, 7, 1), date(2023, 12, 31), "half"),
        ("2023-Q4", date(2023, 10, 1), date(2023, 12, 31), "quarter"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2024-11", date(2024, 11, 1), date(2024, 11, 30), "month"),
        (" 2023 ", date(2023, 1, 1), date(2023, 12, 31), "year"),
    ],
)
def test_a_period_code_has_its_first_and_last_day(code: str, first: date, last: date, kind: str) -> None:
    span = parse_period(code)
    assert (span.starts_on, span.ends_on, span.year, span.kind) == (first, last, last.year, kind)


@pytest.mark.parametrize("code", ["", "23", "2023-H3", "2023-Q5", "2023-13", "2023-1", "0001", "năm 2023", "2023-00"])
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(code)}$"):
        parse_period(code)
