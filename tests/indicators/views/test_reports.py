"""The worklist by role, and opening reports."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Period
from indicators.services import reports, verification
from tests.factories.world import bring_to, make_report

pytestmark = pytest.mark.django_db


def _lines(page):
    return [(line.unit, line.report.status, line.urgent) for g in page.context["groups"] for line in g.lines]


def test_an_officer_sees_the_own_commune_and_what_came_back(as_person, world):
    report = bring_to(world, "submitted")
    make_report(world, unit=world.communes[1])
    verification.send_back(by=world.people["verifier_b"], report_id=report.pk, returns={"roads": "Thiếu biểu đường"})
    page = as_person("officer").get("/reports/")
    assert _lines(page) == [("Xã Thử 1", "returned", True)]
    assert "Thiếu biểu đường" in page.content.decode()


def test_a_reopened_report_says_so_with_the_reason_until_it_is_approved_again(as_person, world):
    report = bring_to(world, "approved")
    client = as_person("officer")
    assert "Mở lại" not in client.get("/reports/").content.decode()
    reports.reopen(by=world.people["coordinator"], report_id=report.pk, reason="Bổ sung số hộ thôn 3")
    line = re.search(r"<tr.*?</tr>", client.get("/reports/").content.decode().partition("<tbody>")[2], re.S).group()
    assert "Mở lại" in line and "Bổ sung số hộ thôn 3" in line and "Bản nháp" not in line
    head = client.get(f"/reports/{report.pk}/").content.decode().partition('id="entry"')[0]
    assert "Mở lại" in head and "<q>Bổ sung số hộ thôn 3</q>" in head and "Bản nháp" not in head
    bring_to(world, "approved", report=report)
    assert "Bổ sung số hộ thôn 3" not in client.get("/reports/").content.decode()


def test_a_verifier_has_one_queue_of_reports_with_open_elements(as_person, world):
    report = bring_to(world, "submitted")
    make_report(world, unit=world.communes[1])
    client = as_person("verifier_a")
    page = client.get("/reports/")
    assert ("Xã Thử 1", "submitted", True) in _lines(page)
    assert next(g for g in page.context["groups"] if g.urgent).lines[0].item.open_mine == 3
    verification.verify(by=world.people["verifier_a"], report_id=report.pk)
    assert not any(urgent for _unit, _status, urgent in _lines(client.get("/reports/")))


def test_a_coordinator_sees_what_can_be_approved_first_and_filters(as_person, world):
    bring_to(world, "verified")
    make_report(world, unit=world.communes[1])
    client = as_person("coordinator")
    page = client.get("/reports/")
    assert _lines(page)[0] == ("Xã Thử 1", "verified", True)
    assert {code: n for code, _label, n in page.context["statuses"]}["draft"] == 1
    assert _lines(client.get("/reports/?status=draft")) == [("Xã Thử 2", "draft", False)]
    assert _lines(client.get("/reports/?unit=commune-2&period=2023")) == [("Xã Thử 2", "draft", False)]
    assert client.get("/reports/?period=1999").context["empty"]


def test_completeness_never_exceeds_what_is_asked(as_person, world):
    report = bring_to(world, "draft")
    world.criteria_set.criteria.get(number=4).indicators.all().delete()
    world.criteria_set.changed_at = report.created_at
    world.criteria_set.save()
    item = as_person("coordinator").get("/reports/").context["groups"][0].lines[0].item
    assert item.entered == item.total == 7


def test_a_leader_reads_without_anything_to_do(as_person, world):
    bring_to(world, "verified")
    page = as_person("leader").get("/reports/")
    assert _lines(page) == [("Xã Thử 1", "verified", False)]
    assert "/reports/open/" not in page.content.decode()


def test_an_empty_worklist_says_so(as_person, world):
    assert "Chưa có báo cáo nào" in as_person("officer").get("/reports/").content.decode()


@pytest.mark.parametrize("name", ["coordinator", "verifier_a"])
def test_the_worklist_costs_the_same_with_more_reports(as_person, world, name):
    bring_to(world, "submitted")
    client = as_person(name)
    client.get("/reports/")

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get("/reports/")
        return len(found)

    few = queries()
    make_report(world, unit=world.communes[1])
    for year in (2021, 2022):
        period = Period.objects.create(
            code=str(year), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), due_on=date(year + 1, 1, 15)
        )
        for unit in world.communes:
            make_report(world, unit=unit, period=period)
    client.get("/reports/")  # a new day's definitions are loaded once
    assert queries() == few <= 11
