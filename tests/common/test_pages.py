"""The shell: navigation, numbers and dates in the reader's form, marks that speak without colour."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override

from mongcai_portal.common import pages
from mongcai_portal.common.templatetags import portal


class Reader:
    is_authenticated = True

    def __init__(self, *permissions):
        self.permissions = permissions

    def has_perm(self, permission):
        return permission in self.permissions


@pytest.fixture
def request_of(monkeypatch):
    monkeypatch.setattr(pages, "_pages", {})
    pages.register(pages.Page("Báo cáo", "login", "home", "reports.view", pages.WORK, badge=lambda request: 7))
    pages.register(pages.Page("Tổng quan", "password_change", "home", "overview.view", badge=lambda request: 0))

    def request_of(user, path="/login/"):
        request = RequestFactory().get(path)
        request.user = user
        return request

    return request_of


def test_navigation_holds_what_the_reader_may_open(request_of):
    sections = pages.navigation(request_of(Reader("reports.view", "overview.view")))
    assert [[str(item.label) for item in section.items] for section in sections] == [["Tổng quan"], ["Báo cáo"]]
    assert [(item.active, item.badge) for section in sections for item in section.items] == [(False, None), (True, 7)]


def test_reader_without_the_permission_sees_no_entry_and_lands_elsewhere(request_of):
    request = request_of(Reader("reports.view"))
    assert len(pages.navigation(request)) == 1
    assert pages.home_of(request) == "/login/"
    assert pages.navigation(request_of(AnonymousUser())) == []
    assert pages.home_of(request_of(Reader())) == "/"


def test_who_works_on_a_page_starts_there_and_others_on_the_first_one(request_of):
    pages.register(pages.Page("Báo cáo", "login", "home", "reports.view", pages.WORK, home_for=("reports.edit",)))
    assert pages.home_of(request_of(Reader("reports.view", "overview.view", "reports.edit"))) == "/login/"
    assert pages.home_of(request_of(Reader("reports.view", "overview.view"))) == "/password/change/"


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        ("76.611", "76,611", "76.611"),
        (1234567, "1.234.567", "1,234,567"),
        (Decimal("0.0000"), "0", "0"),
        (None, "", ""),
    ],
)
def test_number_is_written_in_the_readers_form_unrounded(value, vietnamese, english):
    assert portal.number(value) == vietnamese
    with override("en"):
        assert portal.number(value) == english


@pytest.mark.parametrize(("value", "text"), [(40, "40,0%"), (100, "100%"), (0, "0%"), ("66.65", "66,7%"), (None, "")])
def test_percentage_has_one_decimal_except_whole_and_nothing(value, text):
    assert portal.percent1(value) == text


@pytest.mark.parametrize(
    ("count", "vietnamese", "english"),
    [(5, "05", "05"), (57, "57", "57"), (999, "999", "999"), (1000, "1.000", "1,000"), (5299, "5.299", "5,299")],
)
def test_a_count_has_two_digits_at_least_and_groups_from_a_thousand_on(count, vietnamese, english):
    with override("vi"):
        assert portal.padded(count) == vietnamese
    with override("en"):
        assert portal.padded(count) == english


def test_days_and_moments_are_local_and_in_the_readers_form():
    assert portal.date_vi(date(2023, 12, 31)) == "31/12/2023"
    assert portal.date_vi(datetime(2023, 12, 31, 18, 0, tzinfo=UTC)) == "01/01/2024"
    assert portal.time_vi(datetime(2023, 12, 31, 1, 5, tzinfo=UTC)) == "08:05 31/12/2023"
    assert portal.time_vi(timezone.now()) == f"{timezone.localtime():%H:%M}"
    with override("en"):
        assert portal.date_vi(date(2023, 12, 31)) == "31 Dec 2023"


def test_name_is_read_in_the_readers_language_and_falls_back():
    assert portal.localname({"name_vi": "Hải Sơn", "name_en": "Hai Son"}) == "Hải Sơn"
    with override("en"):
        assert portal.localname({"name_vi": "Hải Sơn", "name_en": "Hai Son"}) == "Hai Son"
        assert portal.localname({"name_vi": "Hải Sơn"}) == "Hải Sơn"


@pytest.mark.parametrize("code", ["met", "not_met", "no_data", "not_applicable", "undetermined"])
def test_every_outcome_has_its_own_shape_and_word(code):
    html = Template("{% load portal %}{% outcome code %}").render(Context({"code": code}))
    others = {"met", "not_met", "no_data", "not_applicable", "undetermined"} - {code}
    assert portal.outcome_label(code) in html
    assert all(portal.outcome_label(other) != portal.outcome_label(code) for other in others)
    assert all(portal.outcome_glyph(other) != portal.outcome_glyph(code) for other in others)


def test_provenance_marks_all_but_the_sourced():
    render = Template("{% load portal %}{% provenance code source %}").render
    assert render(Context({"code": "sourced", "source": ""})).strip() == ""
    assert "chưa đối chiếu" in render(Context({"code": "unverified", "source": "QĐ <318>"}))
    assert "QĐ &lt;318&gt;" in render(Context({"code": "unverified", "source": "QĐ <318>"}))
