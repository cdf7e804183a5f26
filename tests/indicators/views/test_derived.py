"""A value that the register gives, as the form and the page of a report show it: read, not typed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from communes.models import Household, PovertyStandard
from indicators.models import Report, ReportedValue
from indicators.services.reports import approve, reopen, submit
from indicators.services.values import CellInput, save_values
from indicators.services.verification import verify
from tests.factories.classifications import make_classification
from tests.factories.derived import ELEMENT, make_derived_world, make_register, recount
from tests.factories.world import World, cells, fresh, make_report

from .conftest import cell_of, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: Any) -> World:
    world = make_derived_world()
    make_register(world)
    return world


@pytest.fixture
def report(world: World) -> Report:
    return make_report(world)


def test_the_form_has_no_field_for_it_and_says_where_it_is_from(as_person: Any, report: Report) -> None:
    page = as_person("officer").get(f"/reports/{report.pk}/")
    html = page.content.decode()
    assert f'name="v:{ELEMENT}:"' not in html and f'name="s:{ELEMENT}:"' not in html
    assert "Tính từ sổ hộ ngày 31/12/2023" in html and cell_of(page, f"{ELEMENT}:").text.startswith("2")
    assert 'name="v:plan:"' in html


def test_a_reader_sees_it_and_no_number_of_households(as_person: Any, report: Report) -> None:
    html = as_person("leader").get(f"/reports/{report.pk}/").content.decode()
    assert "Tính từ sổ hộ ngày 31/12/2023" in html
    assert "250" not in html


def test_a_window_that_sends_it_anyway_is_told(as_person: Any, report: Report) -> None:
    client = as_person("officer")
    data = posted(client.get(f"/reports/{report.pk}/"))
    page = client.post(f"/reports/{report.pk}/", data | {f"v:{ELEMENT}:": "0,1", "v:houses:": "0"})
    assert page.status_code == 422 and "không nhập tay" in page.content.decode()
    row = ReportedValue.objects.get(report=report, element__code=ELEMENT)
    assert row.number == 2 and ReportedValue.objects.filter(report=report, element__code="houses").exists()


# --- How it came to be ----------------------------------------------------------------------------------------------


def trace(client: Any, report: Report) -> str:
    """The saves of the element as the page of its history shows them."""
    html: str = client.get(f"/reports/{report.pk}/values/{ELEMENT}/").content.decode()
    return html.partition('class="trace-lines"')[2].partition("</ol>")[0]


@pytest.fixture
def followed(world: World, report: Report) -> Report:
    """The register gave 2 %, then 2,4 %: one household of 250 became poor on a day."""
    household = Household.objects.get(code="H5")
    make_classification(household, PovertyStandard.objects.get(), status="poor", valid_from=date(2023, 6, 1))
    recount()
    return report


def test_who_looks_after_the_households_reads_each_number(as_person: Any, followed: Report) -> None:
    html = trace(as_person("officer"), followed)
    assert html.count("Cập nhật từ sổ hộ") == 2 and "2,4" in html


@pytest.mark.parametrize("who", ["leader", "verifier_all"])
def test_others_read_when_it_changed_and_no_number(as_person: Any, followed: Report, who: str) -> None:
    html = trace(as_person(who), followed)
    assert html.count("Cập nhật từ sổ hộ") == 2 and "số tính từ sổ hộ" in html
    assert "2,4" not in html and "<ins>2" not in html and "<del>2" not in html


def test_what_was_typed_is_read_by_all(as_person: Any, world: World, followed: Report) -> None:
    save_values(
        by=world.people["officer"], report_id=followed.pk, cells=[CellInput("houses", raw="3")], all_or_none=True
    )
    html = as_person("leader").get(f"/reports/{followed.pk}/values/houses/").content.decode()
    assert "<ins>3" in html


# --- In revisions that no longer follow the register ------------------------------------------------------------------


@pytest.fixture
def superseded(world: World) -> Report:
    """Approved with 2 %, reopened and approved again; then the register gave 2,4 %, which revision 1 never said."""
    report, officer = make_report(world), world.people["officer"]
    save_values(by=officer, report_id=report.pk, cells=cells({(ELEMENT, ""): None}), all_or_none=True)
    for again in (False, True):
        if again:
            reopen(by=world.people["coordinator"], report_id=report.pk, reason="Đếm nhầm nhà tạm")
        submit(by=fresh(officer), report_id=report.pk)
        verify(by=world.people["verifier_all"], report_id=report.pk)
        approve(by=world.people["coordinator"], report_id=report.pk)
    household = Household.objects.get(code="H5")
    make_classification(household, PovertyStandard.objects.get(), status="poor", valid_from=date(2023, 6, 1))
    recount()
    rows = ReportedValue.objects.filter(report=report, element__code=ELEMENT).order_by("revision")
    assert [str(row.number.normalize()) for row in rows] == ["2", "2.4"]
    return report


def told_in(client: Any, report: Report) -> tuple[str, str, Any]:
    """The rate in revision 1 on its page and in the API, and the comparison's line of it (None: no difference)."""
    page = client.get(f"/reports/{report.pk}/revisions/1/")
    line = next(row for row in page.content.decode().split("<tr ") if "Tính từ sổ hộ" in row)
    answer = client.get(f"/api/v1/reports/{report.pk}/values/", {"revision": 1})
    [value] = [one for one in answer.json()["results"] if one["element"] == ELEMENT]
    compared = client.get(f"/reports/{report.pk}/changes/", {"from": 1, "to": 2})
    changed = [row for row in compared.context["changes"].rows if row.element == ELEMENT]
    return line, str(value["value"]), changed


def test_outsiders_are_told_one_rate_of_the_register_whatever_the_revision(as_person: Any, superseded: Report) -> None:
    line, value, changed = told_in(as_person("leader"), superseded)
    assert "2,4" in line and value.startswith("2.4") and changed == []


def test_who_looks_after_the_households_reads_what_was_approved_then(as_person: Any, superseded: Report) -> None:
    line, value, changed = told_in(as_person("officer"), superseded)
    assert "2,4" not in line and value.startswith("2") and not value.startswith("2.4") and len(changed) == 1
