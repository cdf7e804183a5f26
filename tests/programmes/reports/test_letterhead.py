from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from programmes.reports.fields import shape
from programmes.reports.letterhead import Letterhead, view
from programmes.reports.shapes import complete
from programmes.reports.word import BUILT_IN, fill_in
from tests.factories.board import Board

CENTRE = WD_ALIGN_PARAGRAPH.CENTER
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


@pytest.mark.django_db
def test_place_and_date_and_the_signers_block_stand_in_the_file_as_the_decree_says(document_town: Board) -> None:
    texts = {
        "report": seen(
            number="12/BC-UBND", place="Móng Cái", issued_on=date(2024, 2, 29), recipients="UBND tỉnh",
            signer_title="KT. Chủ tịch\nPhó Chủ tịch", signer="Nguyễn Văn A",
        )
    }  # fmt: skip
    with BUILT_IN.open("rb") as file:
        tables = Document(BytesIO(fill_in(file, complete(texts, shape()), {}))).tables
    # Beside the number, under the name of the state: in italics.
    number, place = tables[0].rows[1].cells
    assert (number.text, place.text) == ("Số: 12/BC-UBND", "Móng Cái, ngày 29 tháng 02 năm 2024")
    assert looks(place) == {(13, False, True, CENTRE)}
    # Beside whom it goes to: authority and office in capitals, room for the signature, the name; in bold.
    recipients, signer = tables[-1].rows[0].cells
    assert recipients.text.splitlines() == ["Nơi nhận:", "- UBND tỉnh;", "- Lưu: VT."]
    assert signer.text.splitlines() == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", *[""] * 4, "Nguyễn Văn A"]
    assert looks(signer) == {(14, True, False, CENTRE)}


def looks(cell: Any) -> set[tuple[float, bool, bool, Any]]:
    """How what is written in a cell looks: size in points, bold, italic, alignment."""
    return {
        (run.font.size.pt, bool(run.bold), bool(run.italic), paragraph.alignment)
        for paragraph in cell.paragraphs
        for run in paragraph.runs
        if run.text.strip()
    }
