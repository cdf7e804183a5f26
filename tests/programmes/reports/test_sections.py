"""Every section gives what its shape promises, in both languages, and says nothing that is not known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from communes.models import Unit, UnitGroup, UnitGroupMember
from indicators.models import EvaluationRequest
from programmes.reports import fields
from programmes.reports.ground import Ground
from programmes.reports.letterhead import Letterhead
from programmes.reports.registry import Section, sections
from programmes.reports.shapes import Rows, Text
from programmes.reports.snapshot import charts_of, figures_of, take
from programmes.reports.word import BUILT_IN, write_document
from tests.factories.board import Board
from tests.factories.budget import make_line, make_programmes
from tests.factories.documents import SINCE, UNTIL, text_of
from tests.factories.ocop import make_certificate, make_product

pytestmark = pytest.mark.django_db
CODES = [
    "figures",
    "levels",
    "criteria",
    "households",
    "targets",
    "ocop",
    "money",
    "tasks",
    "attention",
    "difficulties",
]


@pytest.fixture
def snapshot(document_town: Board) -> dict[str, Any]:
    document_town.aim("income.rural.per_capita", 2025, "90")
    made = take(Ground(SINCE, UNTIL, "mong-cai", date(2024, 2, 1)))
    return json.loads(json.dumps(made))  # as it comes back from the database


def data(snapshot: dict[str, Any], code: str) -> dict[str, Any]:
    return snapshot["sections"][code]


def view(snapshot: dict[str, Any], code: str) -> dict[str, Any]:
    section = next(one for one in sections() if one.code == code)
    return section.view(data(snapshot, code))


def lacking(found: Any, shape: Any, path: str) -> list[str]:
    """Fields that a shape promises and a view has not, and the other way round."""
    if isinstance(shape, Text):
        return [] if isinstance(found, str) else [path]
    if isinstance(shape, Rows):
        rows = found if isinstance(found, list) else [None]
        return [one for row in rows for one in (lacking(row, shape.of or Text(""), f"{path}[]"))]
    if not isinstance(found, Mapping):
        return [path]
    wrong = [f"{path}.{name}" for name in set(found) ^ set(shape)]
    return wrong + [
        one for name in set(found) & set(shape) for one in lacking(found[name], shape[name], f"{path}.{name}")
    ]


def test_the_sections_stand_in_the_order_of_the_report() -> None:
    assert [section.code for section in sections() if section.code in CODES] == CODES


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("section", [one for one in sections() if one.code in CODES], ids=lambda one: one.code)
def test_a_section_says_what_its_shape_promises(snapshot: dict[str, Any], section: Section, language: str) -> None:
    with override(language):
        found, shape = section.view(data(snapshot, section.code)), section.shape()
    if section.code == "figures":
        # A level of another phase can be named, and is told as not there.
        shape = {**shape, "one": {name: shape["one"][name] for name in found["one"]}}
    assert lacking(found, shape, section.code) == []


def test_every_text_of_the_document_is_vietnamese_whoever_asks(snapshot: dict[str, Any]) -> None:
    with override("en"):
        found = fields.texts(snapshot, Letterhead("Kết quả", "UBND"), written_on=date(2024, 2, 1))
    assert found["figures"]["one"]["ntm_recognised_standard"]["text"] == "03/05 xã (đạt 60,0%)"
    assert found["report"]["area"] == "thành phố Móng Cái" and found["report"]["until"] == "31/12/2023"


def test_figures_are_told_in_the_language_of_the_moment(snapshot: dict[str, Any]) -> None:
    with override("en"):
        found = figures_of(snapshot)
    assert found["ntm.recognised.standard"].text == "03/05 communes (60.0%)"
    assert found["attained/xa-5"].text == "attains no level"


def test_recognised_and_attained_stand_beside_each_other_and_their_difference_is_told(snapshot: dict[str, Any]) -> None:
    found = {row["name"]: row for row in view(snapshot, "levels")["communes"]}
    assert (found["Xã 001"]["recognised"], found["Xã 001"]["attained"]) == ("Mức standard", "Mức standard")
    assert found["Xã 001"]["decision"] == "1/QĐ-UBND, 01/05/2022"
    assert found["Xã 004"]["recognised"] == "chưa được công nhận"
    assert found["Xã 004"]["differs"] == "số liệu đạt cao hơn mức công nhận"
    levels = {row["label"]: row for row in view(snapshot, "levels")["levels"]}
    standard = levels["Xã đạt chuẩn nông thôn mới"]
    assert (standard["recognised"], standard["attained"]) == ("03/05", "04/05")
    assert levels["Xã đạt chuẩn nông thôn mới kiểu mẫu"]["attained"] == "chưa tính"


def test_a_commune_that_lacks_a_criterion_is_listed_with_it(snapshot: dict[str, Any]) -> None:
    found = view(snapshot, "criteria")
    assert [(row["commune"], row["met"], row["missing"]) for row in found["lacking"]] == [
        ("Xã 005", "2/3", "3. Thu nhập")
    ]
    assert len(found["rows"]) == 5 and found["rows"][0]["missing"] == "không thiếu tiêu chí nào"


def test_a_register_that_has_not_counted_is_told_as_such_and_as_no_zero(snapshot: dict[str, Any]) -> None:
    found = view(snapshot, "households")
    assert found["years"] == [] and found["flows"] == [] and found["cohort"] == ""
    assert found["note"].startswith("Sổ hộ của cổng chưa có đủ")


def test_a_target_stands_with_what_was_reached(snapshot: dict[str, Any]) -> None:
    row = view(snapshot, "targets")["rows"][0]
    unit = "triệu đồng/người/năm"
    assert (row["year"], row["planned"], row["reached"]) == ("2025", f"90 {unit}", f"76,611 {unit}")


def test_a_target_of_a_group_stands_against_the_groups_figure_and_says_of_which(document_town: Board) -> None:
    group = UnitGroup.objects.create(
        code="ethnic_border_island", name_vi="Dân tộc, biên giới, hải đảo", name_en="Ethnic, border, island",
        provenance="sourced", valid_from=date(2021, 1, 1), valid_to=date(2025, 6, 30),
    )  # fmt: skip
    for unit in Unit.objects.filter(uid__in=("xa-4", "xa-5")):
        UnitGroupMember.objects.create(group=group, unit=unit, valid_from=group.valid_from, valid_to=group.valid_to)
    document_town.aim("ntm.recognised.standard", 2025, "100", start="0")
    document_town.aim("ntm.recognised.standard", 2025, "80", start="0", group=group)
    found = take(Ground(SINCE, UNTIL, "mong-cai", date(2024, 2, 1)))
    rows = view(found, "targets")["rows"]
    assert [(row["label"], row["planned"], row["reached"]) for row in rows] == [
        ("Xã đạt chuẩn nông thôn mới", "100%", "60,0%"),
        ("Xã đạt chuẩn nông thôn mới (Dân tộc, biên giới, hải đảo)", "80,0%", "0%"),
    ]
    keys = [key for key in figures_of(found) if key.startswith("plan/")]
    assert keys == [
        "plan/ntm.recognised.standard/2025", "plan/ntm.recognised.standard/ethnic_border_island/2025",
    ]  # fmt: skip


def test_a_target_whose_figure_is_late_says_so(document_town: Board) -> None:
    document_town.aim("ntm.attained.standard", 2025, "100", start="0")
    asked = timezone.now() - timedelta(minutes=2)
    EvaluationRequest.objects.create(
        unit=document_town.communes[0], period=document_town.periods["2023"], requested_at=asked
    )
    found = take(Ground(SINCE, UNTIL, "mong-cai", date(2024, 2, 1)))
    assert "chưa cập nhật từ" in view(found, "targets")["rows"][0]["reached"]
    section = next(one for one in sections() if one.code == "targets")
    assert list(section.late(data(found, "targets"))) == ["Xã đạt chuẩn nông thôn mới, tính từ số liệu (2025)"]


def test_a_missed_plan_of_an_earlier_year_is_said_to_be_overdue(document_town: Board) -> None:
    document_town.aim("income.rural.per_capita", 2022, "80", start="50")
    document_town.aim("income.rural.per_capita", 2023, "70", start="50")
    found = take(Ground(SINCE, UNTIL, "mong-cai", date(2024, 2, 1)))
    rows = view(found, "targets")["rows"]
    assert [(row["year"], row["status"]) for row in rows] == [("2022", "Quá hạn"), ("2023", "Đạt")]
    assert rows[0]["programme"] == "Xây dựng nông thôn mới"


def test_a_plan_for_a_rate_of_a_year_stands_beside_the_rate_of_that_year(document_town: Board) -> None:
    make_programmes()
    for year, spent in ((2022, 180_000_000), (2023, 20_000_000)):
        make_line(
            document_town.communes[0], planned=200_000_000, allocated=200_000_000, disbursed=spent, year=year,
            on=date(year, 3, 1),
        )  # fmt: skip
    document_town.aim("money.ntm.disbursement_rate", 2022, "85", start="0", since=date(2022, 1, 1))
    row = view(take(Ground(SINCE, UNTIL, "mong-cai", date(2024, 2, 1))), "targets")["rows"][0]
    assert (row["reached"], row["status"]) == ("90,0% (31/12/2022)", "Đạt")


def test_what_needs_attention_names_only_what_is_not_met(document_town: Board) -> None:
    document_town.recognise(document_town.communes[4], "standard", date(2022, 6, 1))
    rows = view(take(Ground(SINCE, UNTIL, "mong-cai", date(2024, 2, 1))), "attention")["rows"]
    assert "Xã 005: tụt chuẩn tiêu chí 3" in [row["title"] for row in rows]


def test_a_chart_is_drawn_of_what_the_snapshot_holds(snapshot: dict[str, Any]) -> None:
    charts = charts_of(snapshot)
    assert set(charts) == {"levels", "criteria", "trend_recognised"}
    values = charts["levels"].specification["data"]["values"]
    assert {(one["side"], one["communes"]) for one in values if one["level"] == "Mức standard"} == {
        ("Được công nhận", 3),
        ("Đạt theo số liệu", 4),
    }


def test_a_report_on_a_commune_names_no_other(document_town: Board) -> None:
    made = take(Ground(SINCE, UNTIL, "xa-1", date(2024, 2, 1)))
    text = json.dumps(made["sections"], ensure_ascii=False)
    assert "Xã 001" in text and not [name for name in ("Xã 002", "Xã 003", "Xã 004", "Xã 005") if name in text]


def test_the_snapshot_costs_the_same_for_any_number_of_communes(django_assert_max_num_queries: Any) -> None:
    from tests.factories.board import board

    town = board(40)
    town.report(town.communes, "2023", {"standard": "not_met"})
    for year, value in ((2021, "52.3"), (2022, "65.1"), (2023, "76.611")):
        town.observe("income.rural.per_capita", date(year, 12, 31), value)
    with django_assert_max_num_queries(45):
        take(Ground(SINCE, UNTIL, "mong-cai", date(2024, 2, 1)))


@pytest.mark.parametrize(
    ("language", "word", "name"),
    [("vi", "khâu đột phá", "Thu nhập của người dân"), ("en", "breakthrough", "People's income")],
)
def test_breakthroughs_are_named_on_the_page_and_in_excel(
    snapshot: dict[str, Any], language: str, word: str, name: str
) -> None:
    section = next(one for one in sections() if one.code == "figures")
    with override(language):
        shown = next(iter(section.page(data(snapshot, "figures"))))
        sheet = next(iter(section.tables(data(snapshot, "figures"))))
        marked = {row[0]: row[-1] for row in sheet.rows if row[-1]}
        assert {"ocop.recognised.count", "environment.waste_collected.share"} <= marked.keys()
        assert marked["income.rural.per_capita"] == name
        assert not marked.keys() & {"poverty.poor.count", "ntm.recognised.standard", "roads.connecting.upgraded_km"}
        known = {row["code"]: row["label"][language] for row in data(snapshot, "figures")["rows"]}
        labels = {row[0] for row in shown.rows}
        assert f"{known['income.rural.per_capita']} ({word}: {name})" in labels
        assert known["ntm.recognised.standard"] in labels


# --- Sources that differ, and breakthroughs, on the page, in Excel and in Word -------------------------------------

FIRM, OPEN = "income.rural.per_capita", "value_chains.count"
FIRM_SAYS = "nguồn nêu khác nhau: 75,2 (báo, chưa đối chiếu); 76,611 (Sơ kết 03 năm)"
OPEN_SAYS = "nguồn nêu khác nhau: 5 (niên giám); 4 (Sơ kết 03 năm)"


@pytest.fixture
def differing(document_town: Board) -> dict[str, Any]:
    """A figure of which the firmest source counts, and one of which no source does."""
    document_town.observe(FIRM, UNTIL, "75.2", source="báo", provenance="unverified")
    document_town.observe(OPEN, UNTIL, "4")
    document_town.observe(OPEN, UNTIL, "5", source="niên giám")
    return json.loads(json.dumps(take(Ground(SINCE, UNTIL, "mong-cai", date(2024, 2, 1)))))


def page_of(snapshot: dict[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The provenance of each figure on the page by its label, and the notes below."""
    section = next(one for one in sections() if one.code == "figures")
    shown = next(iter(section.page(data(snapshot, "figures"))))
    return {row[0]: row[-1] for row in shown.rows}, shown.notes


def sheet_of(snapshot: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    section = next(one for one in sections() if one.code == "figures")
    return {row[0]: row for row in next(iter(section.tables(data(snapshot, "figures")))).rows}


def word_of(snapshot: dict[str, Any]) -> list[str]:
    snapshot = {**snapshot, "sections": {"figures": {**data(snapshot, "figures"), "trends": []}}}
    with BUILT_IN.open("rb") as file:
        made = write_document(snapshot, Letterhead("Kết quả", "UBND"), template=file, written_on=UNTIL)
    return text_of(made).split("\n")


def test_the_page_says_where_sources_differ(differing: dict[str, Any]) -> None:
    rows, notes = page_of(differing)
    assert FIRM_SAYS in next(text for label, text in rows.items() if label.startswith("Thu nhập bình quân"))
    assert notes[0] == f"Chuỗi liên kết giá trị: {OPEN_SAYS}."
    assert notes[1].startswith("Chưa có số liệu: ") and "Chuỗi liên kết giá trị" not in notes[1]


def test_excel_says_where_sources_differ(differing: dict[str, Any]) -> None:
    rows = sheet_of(differing)
    assert rows[FIRM][-2] == FIRM_SAYS
    assert (rows[OPEN][4], rows[OPEN][-2]) == (None, OPEN_SAYS)


def test_word_says_where_sources_differ_and_what_belongs_to_a_breakthrough(differing: dict[str, Any]) -> None:
    lines = word_of(differing)
    assert f"- Chuỗi liên kết giá trị: {OPEN_SAYS}." in lines
    income = "Thu nhập bình quân đầu người khu vực nông thôn"
    assert f"- {income}: 76,611 triệu đồng/người/năm; {FIRM_SAYS}." in lines
    assert f"{income} (khâu đột phá: Thu nhập của người dân)" in lines
    assert any(line.startswith("[") and line.endswith(FIRM_SAYS) for line in lines)
    assert "Xã đạt chuẩn nông thôn mới" in lines  # of no breakthrough


def test_a_count_of_a_register_says_what_a_source_printed_otherwise(document_town: Board) -> None:
    make_certificate(make_product(document_town.communes[0]), date(2023, 6, 1))
    document_town.observe("ocop.recognised.count", UNTIL, "29")
    found = take(Ground(SINCE, UNTIL, "mong-cai", date(2024, 2, 1)))
    assert sheet_of(found)["ocop.recognised.count"][-2] == "khác số công bố 29"


def test_a_snapshot_from_before_sources_and_breakthroughs_were_named_still_opens(differing: dict[str, Any]) -> None:
    for row in data(differing, "figures")["rows"]:
        del row["differing"]
        row["breakthrough"] = bool(row["breakthrough"])
    rows, notes = page_of(differing)
    assert "Thu nhập bình quân đầu người khu vực nông thôn (khâu đột phá: Thu nhập của người dân)" in rows
    assert len(notes) == 1 and "Chuỗi liên kết giá trị" in notes[0]
    assert sheet_of(differing)[FIRM][-2:] == ("", "Thu nhập của người dân")
    assert not [line for line in word_of(differing) if "nguồn nêu khác nhau" in line]
