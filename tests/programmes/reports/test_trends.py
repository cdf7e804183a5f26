"""The headline measures over time: the chart of a report is the chart of the measure's page, of what a report keeps."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from mongcai_portal.common.charts import drawn
from programmes.reports import criteria, trends
from programmes.reports.ground import Ground
from programmes.reports.layout import write_template
from programmes.reports.letterhead import Letterhead
from programmes.reports.snapshot import charts_of, take
from programmes.reports.word import BUILT_IN, write_document
from tests.factories.board import Board
from tests.factories.documents import SINCE, UNTIL, text_of

pytestmark = pytest.mark.django_db
TODAY = date(2024, 2, 1)
CODES = {"trend_recognised": "ntm.recognised.standard", "trend_income": "income.rural.per_capita"}


@pytest.fixture
def town(document_town: Board) -> Board:
    for year, value in ((2021, "52.3"), (2022, "65.1")):
        document_town.observe("income.rural.per_capita", date(year, 12, 31), value)
    document_town.aim("income.rural.per_capita", 2025, "90")
    return document_town


def kept(area: str = "mong-cai") -> dict[str, Any]:
    """A snapshot as it comes back from the database."""
    return json.loads(json.dumps(take(Ground(SINCE, UNTIL, area, TODAY))))  # type: ignore[no-any-return]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("picture", CODES)
def test_the_chart_is_the_one_of_the_measures_page(
    town: Board, document_reader: Client, picture: str, language: str
) -> None:
    document_reader.cookies["django_language"] = language
    page = document_reader.get(f"/measures/{CODES[picture]}/chart.json?as_of={UNTIL}").json()
    with override(language):
        report = charts_of(kept())[picture].specification
    assert report == page
    kinds = {row["kind"] for row in page["data"]["values"]}
    assert len(kinds) == (3 if picture == "trend_income" else 2)


def test_every_chart_says_in_its_title_of_what_area_and_to_which_day(town: Board) -> None:
    found = charts_of(kept())
    assert set(found) == {"trend_recognised", "trend_income", "levels", "criteria"}
    for chart in found.values():
        title = chart.specification["title"]
        assert title["text"] == chart.title != ""
        assert title["subtitle"] == chart.subtitle == "Móng Cái, đến 31/12/2023"
    with override("en"):
        assert {chart.subtitle for chart in charts_of(kept()).values()} == {"Móng Cái, as of 31 Dec 2023"}


def test_a_drawn_chart_keeps_its_letters(town: Board) -> None:
    snapshot = kept()
    snapshot["sections"]["criteria"]["rows"][0]["commune"]["vi"] = "Đơn Đường"
    found = charts_of(snapshot)
    assert "Đơn Đường" in drawn(found["criteria"].specification, "svg").decode()
    assert "Đạt theo số liệu" in drawn(found["levels"].specification, "svg").decode()
    income = drawn(found["trend_income"].specification, "svg").decode()
    assert "Thu nhập bình quân đầu người khu vực nông thôn" in income and "76,611" in income


def test_the_numbers_of_a_series_are_its_known_planned_and_projected_values(town: Board) -> None:
    chart = charts_of(kept())["trend_income"]
    unit = "triệu đồng/người/năm"
    assert [row[:1] + row[2:] for row in chart.rows] == [
        (date(2021, 12, 31), Decimal("52.3"), unit),
        (date(2022, 12, 31), Decimal("65.1"), unit),
        (date(2023, 12, 31), Decimal("76.611"), unit),
        (date(2025, 12, 31), Decimal("101.2"), unit),
        (date(2025, 12, 31), Decimal("90"), unit),
    ]
    assert [row[1] for row in chart.rows][2:] == ["số đã biết", "dự báo, không phải số liệu", "chỉ tiêu"]
    written = {row["text"] for row in chart.specification["data"]["values"]} - {""}
    assert len(written) == len(chart.rows), "every value that is drawn is in the table"


def test_the_table_of_the_workbook_has_all_series(town: Board) -> None:
    (table,) = trends.tables(kept()["sections"]["figures"])
    rows = [row[0] for row in table.rows]
    assert rows.count("income.rural.per_capita") == 5 and rows.count("ntm.recognised.standard") > 1


def test_one_known_value_is_no_series(document_town: Board) -> None:
    document_town.aim("income.rural.per_capita", 2025, "90")
    assert set(charts_of(kept())) == {"trend_recognised", "levels", "criteria"}


def test_of_one_commune_and_of_a_level_that_nobody_has_no_ratio_is_drawn(town: Board) -> None:
    assert "trend_recognised" not in charts_of(kept("xa-1"))
    assert "trend_recognised_next" not in charts_of(kept())
    town.recognise(town.communes[0], "advanced", date(2023, 5, 1))
    assert "trend_recognised_next" in charts_of(kept())


def test_the_series_ask_nothing_that_the_report_has_not_asked(town: Board, django_assert_num_queries: Any) -> None:
    ground = Ground(SINCE, UNTIL, "mong-cai", TODAY)
    assert ground.values
    with django_assert_num_queries(0):
        assert len(trends.build(ground)) == 2


def test_the_word_file_has_every_chart(town: Board) -> None:
    snapshot = kept()
    with BUILT_IN.open("rb") as file:
        made = write_document(snapshot, Letterhead("Kết quả", "UBND"), template=file, written_on=TODAY)
    with zipfile.ZipFile(BytesIO(made)) as archive:
        pictures = [name for name in archive.namelist() if name.startswith("word/media/")]
    assert len(pictures) == len(charts_of(snapshot)) == 4


def test_the_committed_template_is_the_one_that_the_layout_writes(tmp_path: Any) -> None:
    write_template(tmp_path / "made.docx")
    text = text_of((tmp_path / "made.docx").read_bytes())
    assert text == text_of(BUILT_IN.read_bytes())
    assert all(f"{{{{ charts.{code} }}}}" in text for code in trends.PICTURES)


def test_of_very_many_communes_is_drawn_how_many_lack_how_much() -> None:
    name = {"vi": "Đạt chuẩn", "en": "Standard"}
    rows = [
        {"uid": str(n), "commune": {"vi": f"Xã {n}", "en": f"{n}"}, "level": "standard", "level_name": name,
         "met": 19 - n % 3, "total": 19, "missing": []}
        for n in range(criteria.MOST_BARS + 1)
    ]  # fmt: skip
    (few,) = criteria.charts({"rows": rows[:-1]}, "")
    assert len(few.rows) == criteria.MOST_BARS and few.rows[1] == ("Xã 1", 18, 1)
    (many,) = criteria.charts({"rows": rows}, "")
    assert many.rows == ((0, 14), (1, 14), (2, 13))
    assert many.title == "Đạt chuẩn: số xã theo số tiêu chí còn thiếu"
    drawing = drawn(many.specification, "svg").decode()
    assert "số tiêu chí còn thiếu" in drawing and ">13<" in drawing
