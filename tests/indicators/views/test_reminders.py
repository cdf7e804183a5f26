"""The page that reminds, and the reminder on the officer's list."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Reminder
from indicators.services import reminders
from mongcai_portal.accounts.models import User
from tests.factories.world import bring_to, make_communes, make_person, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr(reminders, "wake", lambda: None)


@pytest.fixture
def opened(world):
    return [make_report(world, unit=unit) for unit in world.communes]


def text_of(page):
    return page.content.decode()


def test_the_late_are_listed_all_ticked_and_reminded_with_one_press(as_person, opened):
    client = as_person("coordinator")
    page = client.get("/reports/remind/?period=2023")
    assert text_of(page).count("checked") == 2 and "quá hạn" in text_of(page)
    done = client.post("/reports/remind/", {"period": "2023", "u:commune-1": "on", "u:commune-2": "on"}, follow=True)
    assert "Đã nhắc 2 xã: Xã Thử 1, Xã Thử 2." in text_of(done)
    again = client.post("/reports/remind/", {"period": "2023", "u:commune-1": "on"}, follow=True)
    assert "Hôm nay đã nhắc rồi, không nhắc lại: Xã Thử 1." in text_of(again)
    assert Reminder.objects.count() == 2


def test_the_log_says_what_came_of_each_letter(as_person, opened):
    client = as_person("coordinator")
    User.objects.filter(username="other_officer").update(email="b@mongcai.gov.vn")
    client.post("/reports/remind/", {"period": "2023", "u:commune-1": "on", "u:commune-2": "on"})
    assert text_of(client.get("/reports/remind/")).count("đang chờ gửi") == 2
    reminders.send_waiting()
    text = text_of(client.get("/reports/remind/"))
    assert "đã gửi" in text and "tài khoản chưa có địa chỉ thư" in text and len(mail.outbox) == 1


def test_nobody_ticked_is_a_fault_and_ticks_stay_as_they_were(as_person, opened):
    page = as_person("coordinator").post("/reports/remind/", {"period": "2023"})
    assert page.status_code == 422 and "Chọn ít nhất một xã" in text_of(page) and " checked" not in text_of(page)


def test_units_without_a_report_are_led_to_be_opened(as_person, world):
    make_report(world)
    assert "Chưa mở báo cáo: Xã Thử 2." in text_of(as_person("coordinator").get("/reports/remind/"))


@pytest.mark.parametrize("name", ["officer", "verifier_a", "leader", "administrator"])
def test_reminding_is_the_coordinators(as_person, opened, name):
    client = as_person(name)
    assert client.get("/reports/remind/").status_code == client.post("/reports/remind/").status_code == 403
    assert "/reports/remind/" not in text_of(client.get("/reports/completeness/"))


def test_the_officer_sees_the_reminder_and_puts_it_aside(as_person, world, opened):
    as_person("coordinator").post("/reports/remind/", {"period": "2023", "u:commune-1": "on"})
    officer, row = as_person("officer"), Reminder.objects.get()
    assert "Nhắc nộp báo cáo năm 2023" in text_of(officer.get("/reports/"))
    assert "Nhắc nộp báo cáo năm 2023" not in text_of(as_person("other_officer").get("/reports/"))
    assert as_person("other_officer").post(f"/reminders/{row.pk}/dismiss/").status_code == 404
    assert as_person("coordinator").post(f"/reminders/{row.pk}/dismiss/").status_code == 403
    assert officer.post(f"/reminders/{row.pk}/dismiss/").status_code == 302
    assert "Nhắc nộp báo cáo năm 2023" not in text_of(officer.get("/reports/"))


def test_a_reminder_goes_when_the_report_is_submitted(as_person, world, opened):
    as_person("coordinator").post("/reports/remind/", {"period": "2023", "u:commune-1": "on"})
    bring_to(world, "submitted", report=opened[0])
    assert "Nhắc nộp báo cáo năm 2023" not in text_of(as_person("officer").get("/reports/"))


def test_the_page_costs_the_same_with_twenty_communes(as_person, world, opened):
    client = as_person("coordinator")

    def queries():
        client.post("/reports/remind/", {"period": "2023", **{f"u:{u.uid}": "on" for u in world.communes}})
        client.get("/reports/remind/")
        with CaptureQueriesContext(connection) as found:
            client.get("/reports/remind/")
        return len(found)

    few = queries()
    world.communes += make_communes(world.town, 20, start=10)
    for unit in world.communes[2:]:
        make_report(world, unit=unit)
        make_person(f"officer_{unit.uid}", "commune_officer", unit=unit)
    assert queries() == few <= 13
    assert Reminder.objects.count() == 22
