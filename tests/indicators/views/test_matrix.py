"""The matrix of communes and criteria: two dates, a cell's reason, files of the same figures, and who sees what."""

from __future__ import annotations

import csv
import re
from collections import namedtuple
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import (
    CriterionResult,
    EvaluationRequest,
    IndicatorResult,
    Norm,
    Period,
    Recognition,
)
from indicators.services.evaluation import evaluate
from mongcai_portal.common import stamped
from tests.factories.board import board, person
from tests.factories.world import World, bring_to, make_report, make_world
from tests.indicators.views.test_attainment import BACKEND, text_of

pytestmark = pytest.mark.django_db
DAY, BEFORE = "as_of=2023-12-31", "compare=2022-12-31"
Cell = namedtuple("Cell", "called classes text")
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def world() -> World:
    """Two years of the first commune: criterion 3 comes up, criterion 2 goes down; the second reports in 2023 only."""
    world = make_world()
    first, second = world.communes
    past = Period.objects.create(
        code="2022", starts_on=date(2022, 1, 1), ends_on=date(2022, 12, 31), due_on=date(2023, 1, 15)
    )
    bring_to(world, "approved", report=make_report(world, period=past), changes={("water", ""): "60"})
    bring_to(world, "approved", report=make_report(world), changes={("insured", "male"): "85.5"})
    bring_to(world, "approved", report=make_report(world, unit=second), officer=world.people["other_officer"])
    evaluate(None)
    EvaluationRequest.objects.update(done_at=timezone.now())
    return world


@pytest.fixture
def leader(client: Client, world: World) -> Client:
    client.force_login(world.people["leader"], backend=BACKEND)
    return client


@pytest.fixture
def officer(world: World) -> Client:
    client = Client()
    client.force_login(world.people["officer"], backend=BACKEND)
    return client


def cells(answer) -> dict[str, Cell]:
    """The cells of the page: what each is called (unit, criterion and words by their ids), its classes and its text."""
    page = answer.content.decode()
    texts = dict(re.findall(r'<(?:a|span)[^>]* id="(\w[-\w]*)"[^>]*>([^<]*)<', page))
    pattern = (
        r'<td class="([^"]*)"><a href="[^"]*/([-\w]+)/criteria/(\d+)/[^"]*" aria-labelledby="([^"]*)">(.*?)</a></td>'
    )
    return {
        f"{uid}.{number}": Cell(
            " · ".join(texts[one] for one in ids.split()), classes.split(), re.sub("<.*?>", "", text)
        )
        for classes, uid, number, ids, text in re.findall(pattern, page)
    }


def csv_rows(answer) -> list[list[str]]:
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))


def sheets(answer) -> dict[str, list[list[object]]]:
    book = load_workbook(BytesIO(answer.content))
    return {sheet.title: [[c.value for c in row] for row in sheet.iter_rows()] for sheet in book}


def below(rows: list[list], first: str) -> list[list]:
    """The rows under the headings, as far as the empty line."""
    at = next(n for n, row in enumerate(rows) if row and row[0] == first)
    end = next((n for n in range(at, len(rows)) if not rows[n] or not rows[n][0]), len(rows))
    return rows[at + 1 : end]


# --- The matrix -------------------------------------------------------------------------------------------------


def test_a_row_begins_with_the_unit_and_how_many_criteria_it_meets(leader):
    page = text_of(leader.get(f"/attainment/?{DAY}"))
    assert re.search(r"Xã Thử 1 3/4 tiêu chí, Chưa đạt", page)
    assert re.search(r"Xã Thử 2 4/4 tiêu chí, Đạt", page)
    assert "1/2 xã đạt mức này theo số liệu, 0/2 được công nhận" in page


def test_a_column_is_a_number_that_tells_its_name_in_its_title_and_when_focused(leader):
    page = leader.get(f"/attainment/?{DAY}").content.decode()
    assert re.search(r'tabindex="0" title="3\. Tiêu chí 3">3<span class="mx-tip" id="c3">3\. Tiêu chí 3</span>', page)


def test_a_cell_is_a_link_to_its_reason_with_level_and_day_kept(leader):
    page = leader.get(f"/attainment/?{DAY}&level=standard").content.decode()
    href = "/attainment/commune-1/criteria/2/?as_of=2023-12-31&amp;level=standard"
    assert f'<a href="{href}" aria-labelledby="u0 c2 ' in page
    assert leader.get(href.replace("&amp;", "&")).status_code == 200


def test_what_turned_is_said_by_arrow_and_word_cell_by_cell(leader):
    answer = leader.get(f"/attainment/?{DAY}&{BEFORE}")
    found = cells(answer)
    assert found["commune-1.3"].called == "Xã Thử 1 · 3. Tiêu chí 3 · Đạt · 31/12/2022: · Chưa đạt · lên"
    assert found["commune-1.3"].classes == ["mx-met", "mx-turned", "mx-turn-better"]
    assert (found["commune-1.3"].text, found["commune-1.2"].text[:2]) == ("✓▲", "✕▼")
    assert found["commune-1.2"].called.endswith(" · Chưa đạt · mức chưa đối chiếu · 31/12/2022: · Đạt · xuống")
    assert "mx-same" in found["commune-1.1"].classes and found["commune-1.1"].text[:2] == "✓◇"
    assert found["commune-2.1"].called.endswith(" · 31/12/2022: · chưa có kết quả · mới có kết quả")
    page = text_of(answer)
    assert re.search(r"▲ lên 3\. Tiêu chí 3 Chưa đạt → Đạt", page)
    assert re.search(r"▼ xuống 2\. Tiêu chí 2 Đạt → Chưa đạt", page)


def test_the_summary_counts_what_went_up_and_down(leader):
    page = text_of(leader.get(f"/attainment/?{DAY}&{BEFORE}"))
    assert "So với 31/12/2022: 1 tiêu chí lên, 1 xuống, 4 mới có kết quả. Xã đạt mức này theo số liệu: 0 → 1." in page


def units(answer) -> list[str]:
    """The units whose rows the page shows."""
    return list(dict.fromkeys(name.rpartition(".")[0] for name in cells(answer)))


def test_the_filter_leaves_only_what_turned(leader, world):
    second = world.communes[1]
    CriterionResult.objects.filter(unit=second).delete()
    second.reports.update(approved_revision=None, status="submitted")
    evaluate(None)
    answer = leader.get(f"/attainment/?{DAY}&{BEFORE}&only=turned")
    view = answer.context["view"]
    assert units(answer) == ["commune-1"]
    assert [column.number for column in view.columns] == [2, 3]
    assert len(leader.get(f"/attainment/?{DAY}&{BEFORE}").context["view"].columns) == 4


def test_of_very_many_turned_units_the_first_are_told_in_words_and_the_rest_counted(leader, monkeypatch):
    both = text_of(leader.get(f"/attainment/?{DAY}&{BEFORE}"))
    assert both.count("chưa có kết quả → ") == 4 and "Còn 1 xã có thay đổi" not in both
    monkeypatch.setattr("indicators.presenters.attainment_grid.TURNS_IN_WORDS", 1)
    stamped.forget()
    answer = leader.get(f"/attainment/?{DAY}&{BEFORE}")
    page = text_of(answer)
    assert "▲ lên 3. Tiêu chí 3 Chưa đạt → Đạt" in page
    assert "chưa có kết quả → " not in page and "Còn 1 xã có thay đổi: xem mũi tên trong bảng trên" in page
    assert "mx-turned" in cells(answer)["commune-2.1"].classes


def test_of_very_many_units_that_differ_from_their_recognition_the_first_are_named(leader, monkeypatch):
    assert "khác quyết định công nhận: Xã Thử 2" in text_of(leader.get(f"/attainment/?{DAY}")).replace("\xa0", " ")
    monkeypatch.setattr("indicators.presenters.attainment_table.NAMED_IN_HEADING", 0)
    stamped.forget()
    assert "Xã Thử 2 và thêm" not in text_of(leader.get(f"/attainment/?{DAY}"))
    assert "và thêm 1 xã" in text_of(leader.get(f"/attainment/?{DAY}"))


def test_the_filter_without_another_date_hides_nothing(leader):
    assert len(units(leader.get(f"/attainment/?{DAY}&only=turned"))) == 2


def test_looking_from_the_earlier_day_the_arrows_point_the_other_way(leader):
    found = cells(leader.get("/attainment/?as_of=2022-12-31&compare=2023-12-31"))
    assert "mx-turn-worse" in found["commune-1.3"].classes and "mx-turn-better" in found["commune-1.2"].classes


def test_a_day_compared_with_itself_is_not_compared(leader):
    answer = leader.get(f"/attainment/?{DAY}&compare=2023-12-31")
    assert answer.context["table"].compare is None
    assert "So với 31/12/2023" not in text_of(answer)


def test_nothing_turned_is_said_without_a_list(leader):
    answer = leader.get("/attainment/?as_of=2023-12-31&compare=2024-06-30")
    assert "0 tiêu chí lên, 0 xuống" in text_of(answer)
    assert "Những gì đã thay đổi" not in text_of(answer)


def test_a_unit_of_the_other_date_that_is_not_on_the_days_map_is_counted(leader, world):
    world.communes[0].versions.update(valid_to=date(2023, 6, 30))
    page = text_of(leader.get(f"/attainment/?{DAY}&{BEFORE}"))
    assert "1 đơn vị có kết quả ngày 31/12/2022 không còn trên bản đồ" in page


def test_after_a_merger_the_former_units_results_are_said_to_stand_on_the_days_before(leader, world):
    for unit in world.communes:
        unit.versions.update(valid_to=date(2025, 6, 30))
    answer = leader.get("/attainment/?as_of=2025-12-31&level=standard")
    page = text_of(answer)
    assert "2 đơn vị có kết quả trước đó không còn trên bản đồ ngày 31/12/2025" in page
    assert "Chưa có báo cáo nào được phê duyệt" not in page
    assert 'href="/attainment/?as_of=2023-12-31&amp;level=standard">Xem 31/12/2023' in answer.content.decode()
    assert len(units(leader.get("/attainment/?as_of=2025-06-30"))) == 2


@pytest.mark.parametrize("query", ["compare=2022-13-45", "as_of=hôm%20nay"])
def test_a_day_that_cannot_be_read_is_said(leader, query):
    answer = leader.get(f"/attainment/?{query}")
    assert "Không đọc được ngày đã chọn" in text_of(answer)
    assert answer.context["table"].day == date(2023, 12, 31)


def test_a_level_without_a_published_set_says_so(leader):
    page = text_of(leader.get(f"/attainment/?{DAY}&level=model"))
    assert "Mức “model”: bộ tiêu chí chưa được ban hành" in page


def test_recognised_but_not_attained_is_news_in_the_matrix(leader, world):
    Recognition.objects.create(
        unit=world.commune, level=world.criteria_set.level, decided_on=date(2020, 12, 31), provenance="sourced"
    )
    page = text_of(leader.get(f"/attainment/?{DAY}"))
    assert "khác quyết định công nhận: Xã Thử 1, Xã Thử 2" in page
    assert "đã công nhận, số liệu chưa đủ" in page
    assert "số liệu đủ, chưa công nhận" in page


def test_the_matrix_is_english_where_english_is_asked(leader):
    leader.cookies["django_language"] = "en"
    page = text_of(leader.get(f"/attainment/?{DAY}&{BEFORE}"))
    assert "Compared with 31 Dec 2022: 1 criterion up, 1 down" in page
    assert "▲ up 3. Criterion 3" in page


# --- The reason of a cell ---------------------------------------------------------------------------------------


def test_the_reason_shows_value_norm_decree_provenance_gap_and_people(leader):
    page = text_of(leader.get(f"/attainment/commune-1/criteria/2/?{DAY}"))
    for expected in (
        "85,5%",
        "≥ 90% 318/QĐ-TTg · Đồng bằng sông Hồng",
        "chưa đối chiếu",
        "thiếu 4,5 điểm phần trăm",
    ):
        assert expected in page
    for act, who in (("nhập", "officer"), ("thẩm định", "verifier_all"), ("phê duyệt", "coordinator")):
        assert re.search(rf"{act}: {who}[^,]*, \d\d:\d\d", page), act


def test_the_rule_is_run_again_before_the_reader(leader):
    page = text_of(leader.get(f"/attainment/commune-1/criteria/2/?{DAY}"))
    assert "male: 85,5% ≥ 90%: sai ; female: 96,4% ≥ 90%: đúng ⇒ Chưa đạt" in page
    assert "2.2 0 = 0: đúng ⇒ Đạt" in page
    assert "Mọi chỉ tiêu áp dụng phải đạt: 1 đạt, 1 chưa đạt ⇒ Chưa đạt" in page
    assert "Trùng với kết quả đã lưu lúc" in page


def test_the_rules_are_run_at_the_request_not_read_from_what_is_stored(leader):
    Norm.objects.filter(version__indicator__code="2.1").update(number=80)
    type(Norm.objects.first().version.indicator.criterion.criteria_set).objects.update(changed_at=timezone.now())
    answer = leader.get(f"/attainment/commune-1/criteria/2/?{DAY}")
    page = text_of(answer)
    assert "male: 85,5% ≥ 80%: đúng" in page
    assert "Kết quả tính lại khác kết quả đã lưu." in page
    assert "Tiêu chí: đã lưu “chưa đạt”, tính lại “đạt”" in page
    assert "Chỉ tiêu 2.1: đã lưu “chưa đạt”, tính lại “đạt”" in page
    assert 'role="alert"' in answer.content.decode()
    assert "Trùng với kết quả đã lưu" not in page


def test_one_stored_indicator_that_differs_is_named_though_the_criterion_agrees(leader):
    IndicatorResult.objects.filter(version__indicator__code="2.2", unit__uid="commune-1").update(outcome="not_met")
    page = text_of(leader.get(f"/attainment/commune-1/criteria/2/?{DAY}"))
    assert "Chỉ tiêu 2.2: đã lưu “chưa đạt”, tính lại “đạt”" in page
    assert "Tiêu chí: đã lưu" not in page


def test_a_result_that_was_never_stored_is_said(leader):
    CriterionResult.objects.all().delete()
    assert "Tiêu chí: đã lưu “chưa lưu”" in text_of(leader.get(f"/attainment/commune-1/criteria/2/?{DAY}"))


def test_between_approval_and_evaluation_a_difference_is_no_fault(leader):
    CriterionResult.objects.filter(criterion__number=2).update(outcome="met")
    from indicators.models import Attainment

    Attainment.objects.update(criteria_met=4, outcome="met")
    EvaluationRequest.objects.update(done_at=None)
    answer = leader.get(f"/attainment/commune-1/criteria/2/?{DAY}")
    assert "cổng đang tính lại" in text_of(answer)
    assert 'role="alert"' not in answer.content.decode()


def test_an_office_judgement_is_marked_in_the_reason(leader):
    page = text_of(leader.get(f"/attainment/commune-1/criteria/1/?{DAY}"))
    assert "phòng ban kết luận: Phòng b" in page
    assert "chưa có mức để so" in page


def test_the_reason_tells_what_it_was_on_the_other_date(leader):
    page = text_of(leader.get(f"/attainment/commune-1/criteria/3/?{DAY}&{BEFORE}"))
    assert re.search(r"▲ lên so với 31/12/2022: Chưa đạt", page)
    assert re.search(r"31/12/2022: 60%; 17\.1\.a: 20% \(Chưa đạt\)", page)


def test_htmx_gets_the_panel_and_a_reader_gets_the_page(leader):
    address = f"/attainment/commune-1/criteria/2/?{DAY}"
    panel, page = leader.get(address, **HTMX), leader.get(address)
    assert "<html" not in panel.content.decode() and "<html" in page.content.decode()
    for answer in (panel, page):
        assert 'id="panel-title"' in answer.content.decode() or "<h1>" in answer.content.decode()
        assert "HX-Request" in answer["Vary"] and "no-store" in answer["Cache-Control"]
        assert "85,5% ≥ 90%" in text_of(answer)


def test_the_address_of_an_open_cell_opens_it_without_any_script(leader):
    page = leader.get(f"/attainment/?{DAY}&cell=commune-1.2").content.decode()
    dialog = page[page.index('<dialog id="panel"') :]
    assert re.match(r'<dialog id="panel"[^>]* open>', dialog)
    assert "85,5%" in dialog
    assert f'href="?{DAY}" data-panel-close' in dialog
    assert not re.search(r'href="[^"]*cell=', page), "the page's own links do not carry the open cell along"


@pytest.mark.parametrize("cell", ["commune-1.99", "atlantis.1", "commune-1", "<script>.1", "commune-1.1.1"])
def test_an_address_of_no_cell_opens_nothing(leader, cell):
    answer = leader.get(f"/attainment/?{DAY}", {"as_of": "2023-12-31", "cell": cell})
    assert answer.status_code == 200
    assert not re.search(r'<dialog id="panel"[^>]* open>', answer.content.decode())


@pytest.mark.parametrize(
    "path",
    [
        "/attainment/commune-1/criteria/99/",
        "/attainment/atlantis/criteria/1/",
        "/attainment/commune-1/criteria/1/?level=model",
        "/attainment/commune-1/indicators/9.9/",
        "/attainment/export.pdf",
    ],
)
def test_what_does_not_exist_is_not_found(leader, path):
    assert leader.get(path).status_code == 404


def test_a_unit_without_an_approved_report_says_so_instead_of_a_reason(leader):
    for path in ("criteria/1", "indicators/1.1"):
        page = text_of(leader.get(f"/attainment/commune-2/{path}/?as_of=2022-12-31"))
        assert "Xã chưa có báo cáo nào được phê duyệt" in page


def test_an_indicator_shows_its_value_norm_and_decree_over_the_periods(leader):
    page = text_of(leader.get(f"/attainment/commune-1/indicators/3.1/?{DAY}"))
    assert "70% ≥ 65%: đúng" in page and "318/QĐ-TTg" in page
    assert re.search(r"Năm 2023 70%; 17\.1\.a: 20% Đạt Năm 2022 60%; 17\.1\.a: 20% Chưa đạt", page)


def test_an_indicator_of_an_earlier_day_does_not_know_the_later_period(leader):
    page = text_of(leader.get("/attainment/commune-1/indicators/3.1/?as_of=2022-12-31"))
    assert "Năm 2022" in page and "Năm 2023" not in page


def test_a_name_with_marks_of_its_own_is_shown_as_it_is_and_opens_no_door(leader, world):
    world.communes[0].versions.update(name_vi="Xã <b>100%</b> %(uid)s \ue000uid\ue001")
    page = leader.get(f"/attainment/?{DAY}&{BEFORE}").content.decode()
    assert "Xã &lt;b&gt;100%&lt;/b&gt; %(uid)s" in page and "<b>100%" not in page


# --- Files ------------------------------------------------------------------------------------------------------


def test_the_files_hold_the_figures_of_the_page_with_marks_as_words(leader):
    query = f"?{DAY}"
    comma = below(csv_rows(leader.get(f"/attainment/export.csv{query}")), "Đơn vị")
    excel = below(next(iter(sheets(leader.get(f"/attainment/export.xlsx{query}")).values())), "Đơn vị")
    assert [[str(value) for value in row] for row in excel] == comma
    assert comma[0][:3] == ["Xã Thử 1", "Năm 2023", "chưa"]
    assert comma[0][4:6] == ["3", "4"]
    assert comma[0][6].startswith("Đạt (") and "thẩm định của phòng ban" in comma[0][6]
    assert comma[0][7].startswith("Chưa đạt (mức chưa đối chiếu")
    assert excel[0][4] == 3


def test_the_files_say_level_and_day_and_are_named_by_them(leader):
    answer = leader.get(f"/attainment/export.csv?{DAY}")
    rows = csv_rows(answer)
    assert rows[0] == ["Kết quả đạt chuẩn: standard"]
    assert rows[1] == ["Kỳ đã duyệt gần nhất, kết thúc đến 31/12/2023"]
    assert 'filename="attainment-standard-2023-12-31.csv"' in answer["Content-Disposition"]


def test_a_comparison_leaves_with_both_dates(leader):
    query = f"?{DAY}&{BEFORE}"
    book = sheets(leader.get(f"/attainment/export.xlsx{query}"))
    assert list(book) == ["2023-12-31", "2022-12-31", "Thay đổi"]
    turned = below(book["Thay đổi"], "Đơn vị")
    assert turned[1] == [
        "Xã Thử 1",
        2,
        "Tiêu chí 2",
        "Đạt (mức chưa đối chiếu)",
        "Chưa đạt (mức chưa đối chiếu)",
        "xuống",
    ]
    assert turned[2] == ["Xã Thử 1", 3, "Tiêu chí 3", "Chưa đạt", "Đạt", "lên"]
    assert below(book["2022-12-31"], "Đơn vị")[0][3:5] == [3, 4]
    rows = csv_rows(leader.get(f"/attainment/export.csv{query}"))
    assert [[str(v) for v in row] for row in turned] == below(rows, "Đơn vị")
    assert ["Đơn vị", "Số tiêu chí", "Tiêu chí", "31/12/2022", "31/12/2023", "Thay đổi"] in rows


def test_the_filter_holds_in_the_file_too(leader):
    rows = below(csv_rows(leader.get(f"/attainment/export.csv?{DAY}&{BEFORE}&only=turned")), "Đơn vị")
    assert rows and all(row[-1] != "như cũ" for row in rows)


# --- Who sees what ----------------------------------------------------------------------------------------------


def test_an_officer_meets_their_own_commune_only(officer):
    assert units(officer.get(f"/attainment/?{DAY}&{BEFORE}")) == ["commune-1"]
    for path in ("criteria/1", "indicators/1.1"):
        assert officer.get(f"/attainment/commune-1/{path}/").status_code == 200
        assert officer.get(f"/attainment/commune-2/{path}/").status_code == 404
    for kind in ("csv", "xlsx"):
        answer = officer.get(f"/attainment/export.{kind}?{DAY}&{BEFORE}")
        text = answer.content.decode("utf-8-sig") if kind == "csv" else str(sheets(answer))
        assert "Xã Thử 1" in text and "Xã Thử 2" not in text


def test_the_address_of_another_communes_cell_opens_nothing(officer):
    page = officer.get(f"/attainment/?{DAY}&cell=commune-2.1").content.decode()
    assert not re.search(r'<dialog id="panel"[^>]* open>', page)
    assert "Xã Thử 2" not in page


@pytest.mark.parametrize(
    "path", [f"/attainment/?{DAY}&{BEFORE}&cell=commune-1.2", "/attainment/commune-1/indicators/2.1/"]
)
def test_pages_carry_neither_inline_style_nor_script(leader, path):
    page = leader.get(path).content.decode()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)


# --- Cost -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("communes", [2, 100])
def test_the_matrix_and_its_files_cost_the_same_whatever_the_number_of_communes(
    client, communes, django_assert_num_queries
):
    town = board(communes)
    town.report(town.communes, "2022", {"standard": "not_met"})
    town.report(town.communes, "2023", {"standard": "met"})
    for unit in town.communes:
        town.recognise(unit, "standard", date(2021, 5, 1))
    client.force_login(person("leader", "leader"), backend=BACKEND)
    client.get("/attainment/")
    for path, queries in (
        (f"/attainment/?{DAY}", 13),
        (f"/attainment/?{DAY}&{BEFORE}", 15),
        (f"/attainment/?{DAY}", 4),  # who asks, and whether what is kept stands
        (f"/attainment/export.csv?{DAY}&{BEFORE}", 14),
        (f"/attainment/export.xlsx?{DAY}&{BEFORE}", 14),
    ):
        with django_assert_num_queries(queries):
            answer = client.get(path)
        assert answer.status_code == 200
