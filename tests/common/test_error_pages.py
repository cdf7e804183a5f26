"""What a reader, a fragment and a program are told when something is wrong."""

import errno

import pytest
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.test import Client

from mongcai_portal.accounts import services
from mongcai_portal.accounts.middleware import STARTED
from mongcai_portal.accounts.views import LoginPage, PasswordChange


@pytest.fixture
def failing(monkeypatch):
    """The login page and that of the password fail in the way that is asked."""

    def failing(error):
        def get(self, request, *args, **kwargs):
            raise error

        monkeypatch.setattr(LoginPage, "get", get)
        monkeypatch.setattr(PasswordChange, "get", get)
        return Client(raise_request_exception=False)

    return failing


@pytest.mark.django_db
def test_missing_page_is_told_in_three_forms(client):
    page = client.get("/khong-co/")
    assert page.status_code == 404
    assert "Không tìm thấy trang" in page.content.decode()
    fragment = client.get("/khong-co/", headers={"HX-Request": "true"})
    assert fragment.status_code == 404
    assert "<html" not in fragment.content.decode()
    program = client.get("/khong-co/", headers={"Accept": "application/json"})
    assert (program.status_code, program["Content-Type"]) == (404, "application/problem+json")
    assert program.json()["status"] == 404


@pytest.mark.django_db
def test_forbidden_page_names_the_account_and_whom_to_ask(failing):
    client = failing(PermissionDenied())
    client.force_login(services.create_user(username="leader", by=None, full_name="Trần Văn B"))
    page = client.get("/password/change/")
    assert page.status_code == 403
    body = page.content.decode()
    assert "Trần Văn B" in body
    assert "văn phòng điều phối hoặc quản trị hệ thống" in body


def test_failure_page_needs_no_database_and_shows_no_details(failing):
    # No database mark: a query would fail this test.
    page = failing(RuntimeError("bí mật")).get("/login/", headers={"X-Request-ID": "yeu-cau-0001"})
    assert page.status_code == 500
    body = page.content.decode()
    assert "Hệ thống gặp lỗi" in body
    assert "yeu-cau-0001" in body
    assert "bí mật" not in body


def test_failure_of_an_api_call_is_a_problem(failing):
    answer = failing(RuntimeError()).get("/login/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")


PASSING = [
    (OperationalError("server closed the connection unexpectedly"), 503, "Cơ sở dữ liệu đang tạm ngừng"),
    (InterfaceError("connection already closed"), 503, "Cơ sở dữ liệu đang tạm ngừng"),
    (OSError(errno.ENOSPC, "No space left on device"), 507, "Máy chủ hết chỗ lưu"),
    (OperationalError("database or disk is full"), 507, "Máy chủ hết chỗ lưu"),
    (OSError(errno.EIO, "Input/output error"), 500, "Hệ thống gặp lỗi"),
    (IntegrityError("duplicate key"), 500, "Hệ thống gặp lỗi"),
]


@pytest.mark.parametrize(("error", "status", "title"), PASSING)
def test_what_passes_by_itself_is_told_apart_from_a_fault_of_the_portal(failing, error, status, title):
    client = failing(error)
    page = client.get("/login/")
    assert page.status_code == status and f"<h1>{title}</h1>" in page.content.decode()
    assert page.headers.get("Retry-After") == ("5" if status == 503 else None)
    fragment = client.get("/login/", headers={"HX-Request": "true"})
    assert fragment.status_code == status
    assert "data-error" in fragment.content.decode() and "<html" not in fragment.content.decode()
    program = client.get("/login/", headers={"Accept": "application/json"}).json()
    assert (program["status"], program["title"]) == (status, title)
    assert str(error) not in page.content.decode() + str(program)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (OperationalError("server closed the connection unexpectedly"), 503, "Cơ sở dữ liệu đang tạm ngừng"),
        (DatabaseError("Forced update did not affect any rows."), 400, "Yêu cầu không hợp lệ"),
    ],
)
def test_a_session_that_could_not_be_written_says_whether_the_database_was_away(monkeypatch, error, status, title):
    client = Client(raise_request_exception=False)
    client.force_login(services.create_user(username="leader", by=None))

    def save(self, *args, **kwargs):
        raise error

    client.get("/password/change/")
    session = client.session
    del session[STARTED]  # the next request writes it anew
    session.save()
    # Where Django's own store turns what the database says into a session that is gone.
    monkeypatch.setattr(AbstractBaseSession, "save", save)
    page = client.get("/password/change/")
    assert page.status_code == status and title in page.content.decode()
