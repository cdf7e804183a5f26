from __future__ import annotations

from datetime import date

import pytest

from programmes.reports.letterhead import Letterhead, view

DAYS = {"area": "thành phố Móng Cái", "since": date(2021, 1, 1), "until": date(2023, 12, 31)}


def seen(**more: object) -> dict[str, object]:
    head = Letterhead(title="Kết quả", agency="Ủy ban nhân dân thành phố Móng Cái", **more)  # type: ignore[arg-type]
    return view(head, **DAYS, written_on=date(2024, 2, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2024, 2, 5), "Móng Cái, ngày 05 tháng 02 năm 2024"),
        (date(2024, 1, 29), "Móng Cái, ngày 29 tháng 01 năm 2024"),
        (date(2024, 3, 9), "Móng Cái, ngày 09 tháng 3 năm 2024"),
        (date(2024, 12, 31), "Móng Cái, ngày 31 tháng 12 năm 2024"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_zero(day: date, written: str) -> None:
    assert seen(place="Móng Cái", issued_on=day)["place_and_date"] == written


def test_what_is_written_by_hand_later_stays_open() -> None:
    found = seen(place="Móng Cái")
    assert str(found["number"]).endswith("/BC-UBND") and str(found["number"]).startswith("\N{NO-BREAK SPACE}")
    assert str(found["place_and_date"]).startswith("Móng Cái, ngày\N{NO-BREAK SPACE}")
    assert str(found["place_and_date"]).endswith("năm 2024")


def test_agencies_and_titles_are_in_capitals_and_recipients_a_line_each() -> None:
    found = seen(signer_title="Phó Chủ tịch", recipients="Thành ủy\n\n HĐND thành phố ")
    assert found["agency"] == "ỦY BAN NHÂN DÂN THÀNH PHỐ MÓNG CÁI"
    assert found["signer_title"] == "PHÓ CHỦ TỊCH"
    assert found["recipients"] == ["Thành ủy", "HĐND thành phố"]
