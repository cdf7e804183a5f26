"""A figure that was approved by mistake, from its reopening to the ratio that follows, on the pages as they are."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from indicators.models import Attainment, Report
from indicators.services.evaluation import run_requests
from indicators.services.recheck import recheck
from programmes.selectors.measures import measures_for
from tests.factories.demo import element_of, report_of
from tests.factories.people import Coordinator, Officer, Verifier
from tests.factories.windows import LocalWindow

pytestmark = pytest.mark.usefixtures("town")

END_2023 = date(2023, 12, 31)
WASTE = "17.11"  # households that sort their waste: 29,2 % in Bắc Sơn's approved report, 30 % is the norm
WHY = "Xã cộng thiếu hai thôn khi tính tỷ lệ phân loại rác"


@pytest.fixture
def bac_son() -> Report:
    """Bắc Sơn's approved report for 2023."""
    return report_of("bac-son", "2023")


def attained() -> tuple[int | None, int | None]:
    value = next(v for v in measures_for(END_2023) if v.code == "ntm.attained.standard")
    return value.numerator, value.denominator


def standing(report: Report) -> tuple[str, int]:
    row = Attainment.objects.get(unit=report.unit, period=report.period, criteria_set__level__code="standard")
    return row.outcome, row.criteria_met


def told(report: Report, **query: str) -> dict[str, Any]:
    """The report as another system reads it, with the waste figure of the revision asked for."""
    client = LocalWindow("leader").client
    whole = client.get(f"/api/v1/reports/{report.pk}/").json()
    values = client.get(f"/api/v1/reports/{report.pk}/values/", query).json()["results"]
    waste = next(row for row in values if row["element"] == element_of(WASTE).code)
    return {
        "status": whole["status"],
        "revision": whole["revision"],
        "approved_revision": whole["approved_revision"],
        "reasons": [one["reason"] for one in whole["revisions"]],
        "waste": waste["value"],
    }


def test_a_correction_is_seen_side_by_side_and_the_attainment_follows(bac_son: Report) -> None:
    # Given an approved report that misses one criterion by its waste figure
    assert (attained(), standing(bac_son)) == ((4, 5), ("not_met", 17))
    waste = element_of(WASTE).code
    coordinator = Coordinator(LocalWindow("coordinator"), bac_son.pk)

    # When the coordinator reopens it without a reason, it stays closed; with one, it opens
    assert coordinator.reopens(" ").status == 422
    page = coordinator.reopens(WHY)
    assert WHY in page.text and "Bản 2" in page.text

    # Then the approved revision still counts, and the commune reads why it has work again
    run_requests()
    assert (attained(), standing(bac_son)) == ((4, 5), ("not_met", 17))
    assert told(bac_son) == {
        "status": "draft", "revision": 2, "approved_revision": 1, "reasons": ["", WHY], "waste": "29.2",
    }  # fmt: skip
    officer = Officer(LocalWindow("officer.bacson"), bac_son.pk)
    assert WHY in officer.opens_the_form().text

    # When the commune changes one value, submits, and the offices verify
    officer.types({waste: "31,5"})
    officer.submits()
    Verifier(LocalWindow("verifier.all"), bac_son.pk).verifies_the_rest()

    # Then the approver sees on the page of approval what was changed and what turns
    text = coordinator.opens_the_page().text
    change = text.partition("Thay đổi từ bản 1 sang bản 2")[2].partition("Tiến độ thẩm định")[0]
    assert "1 ô thay đổi" in change and "29,2%" in change and "31,5%" in change and "sửa giá trị" in change
    assert "Tiêu chí 17. Môi trường và an toàn thực phẩm: Chưa đạt → Đạt" in change
    assert re.search(r"\d\d mục không đổi được ẩn", change)
    assert "12.2" in change, "the judgement on training, given anew, turns too"

    # When it is approved
    coordinator.approves()
    run_requests()

    # Then the attainment follows
    assert (attained(), standing(bac_son)) == ((5, 5), ("met", 19))
    assert recheck() == []

    # And the old revision stays readable, on its page and over the API
    old = LocalWindow("officer.bacson").get(f"/reports/{bac_son.pk}/revisions/1/")
    assert old.status == 200 and "29,2%" in old.text and "31,5%" not in old.text
    assert told(bac_son) == {
        "status": "approved", "revision": 2, "approved_revision": 2, "reasons": ["", WHY], "waste": "31.5",
    }  # fmt: skip
    assert told(bac_son, revision="1")["waste"] == "29.2"

    # And the history of the value tells both saves and the verdicts between them
    history = LocalWindow("verifier.all").get(f"/reports/{bac_son.pk}/values/{waste}/").text
    first, _again, second = history.partition("Bản 1")
    assert "Sửa 29,2% 31,5%" in first and WHY in first and "Phê duyệt" in first
    assert "Nhập chưa nhập 29,2%" in second


def test_an_office_asks_the_commune_answers_and_both_know_where_they_stand() -> None:
    waste = element_of(WASTE)
    url = f"/reports/{report_of('hai-tien', '2023').pk}/values/{waste.code}/"
    office, commune = LocalWindow(f"verifier.{waste.office.code}"), LocalWindow("officer.haitien")
    assert "chưa đọc" not in commune.get("/reports/").text
    form = office.get(url).form("comment-form")
    sent = {"csrfmiddlewaretoken": form.fields["csrfmiddlewaretoken"], f"token:{waste.code}": "0" * 32}
    assert office.post(f"{url}comments/", {**sent, f"text:{waste.code}": "Hai thôn nào còn thiếu?"}).status == 200
    assert "1 trao đổi chưa đọc" in commune.get("/reports/").text
    token = commune.get(url).form("comment-form").fields["csrfmiddlewaretoken"]
    answer = {"csrfmiddlewaretoken": token, f"token:{waste.code}": "1" * 32, f"text:{waste.code}": "Thôn 4 và thôn 5."}
    assert "Thôn 4 và thôn 5." in commune.post(f"{url}comments/", answer).text
    assert "chưa đọc" not in commune.get("/reports/").text
    assert "1 trao đổi chưa đọc" in office.get("/reports/").text
