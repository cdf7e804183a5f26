"""A line of the log: one event, its moment with the offset, its request, who asked from where, and nothing secret."""

from __future__ import annotations

import logging
import re
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from mongcai_portal.access_log import FORMAT, AccessLogger
from mongcai_portal.audit.context import Channel, origin
from mongcai_portal.audit.log_lines import LineFormatter, one_line
from tests.factories.windows import BACKEND
from tests.factories.world import make_person


def written(message: str, *arguments: Any, **more: Any) -> str:
    record = logging.LogRecord("portal", logging.WARNING, __file__, 1, message, arguments, more.pop("exc_info", None))
    record.__dict__.update(more)
    return LineFormatter().format(record)


def test_a_line_says_when_with_its_offset_where_and_in_which_request() -> None:
    with origin(Channel.PAGE, "yeu-cau-0001"):
        line = written("Đã %s", "xong")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+07:00 WARNING portal \[yeu-cau-0001\] user=- from=-: Đã xong", line
    )


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\x1b[2J", "\x85", "\u2028", "\x00"])
def test_what_a_caller_sends_begins_no_line_of_its_own(sign: str) -> None:
    line = written("Not Found: %s", f"/x{sign}2026-01-01T00:00:00 INFO portal: đăng nhập")
    assert len(line.splitlines()) == 1 and sign not in line


def test_a_traceback_follows_indented_and_its_message_stays_in_its_line() -> None:
    try:
        raise ValueError("một\nhai")
    except ValueError as error:
        lines = written("hỏng", exc_info=(ValueError, error, error.__traceback__)).splitlines()
    assert lines[0].endswith("hỏng")
    assert all(line.startswith("    ") for line in lines[1:])


def test_the_token_of_a_mailed_link_is_hidden_in_every_line() -> None:
    path = "/password/reset/MTI/d1abcd-0123456789abcdef/"
    assert one_line(path) == "/password/reset/MTI/•••/"
    atoms = AccessLoggerOf().atoms(path)
    assert "0123456789abcdef" not in (FORMAT % atoms)


class AccessLoggerOf:
    """gunicorn's log for one made-up request."""

    def atoms(self, path: str) -> Any:
        from datetime import timedelta
        from types import SimpleNamespace

        from gunicorn.config import Config
        from gunicorn.glogging import SafeAtoms

        environ = {
            "REMOTE_ADDR": "127.0.0.1", "REQUEST_METHOD": "GET", "RAW_URI": f"{path}?q=Nguyễn\n", "PATH_INFO": path,
            "QUERY_STRING": "q=Nguyễn", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_X_FORWARDED_FOR": "10.0.0.9",
        }  # fmt: skip
        answer = SimpleNamespace(status="200 OK", sent=10, headers=[("X-Request-ID", "abcdef123456")])
        request = SimpleNamespace(headers=[("X-FORWARDED-FOR", "10.0.0.9")])
        return SafeAtoms(AccessLogger(Config()).atoms(answer, request, environ, timedelta(milliseconds=12)))


def test_the_line_of_a_request_has_no_query_and_names_the_callers_address() -> None:
    line = FORMAT % AccessLoggerOf().atoms("/users/")
    assert "Nguyễn" not in line and "/users/" in line
    assert "10.0.0.9" in line and "[abcdef123456]" in line and " 200 " in line


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/users/", "/api/v1/attainment/404404/"])
def test_a_refusal_is_logged_with_the_account_the_address_and_the_request(path: str) -> None:
    officer = make_person("nobody", "leader")
    client = Client(REMOTE_ADDR="10.0.0.9")
    client.force_login(officer, backend=BACKEND)
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(LineFormatter())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        assert client.get(path, headers={"X-Request-ID": "yeu-cau-0002"}).status_code in (403, 404)
    finally:
        logger.removeHandler(handler)
    assert f"user={officer.pk} from=10.0.0.9" in out.getvalue()
    assert "[yeu-cau-0002]" in out.getvalue() and path in out.getvalue()


def test_a_request_without_an_account_costs_the_log_no_query() -> None:
    # No database mark: a query would fail this test.
    assert "user=- from=127.0.0.1" in written("x", request=RequestFactory().get("/"))


def test_every_line_goes_to_the_standard_output_and_nowhere_else() -> None:
    said = settings.LOGGING
    assert [one["class"] for one in said["handlers"].values()] == ["logging.StreamHandler"]
    assert said["root"]["handlers"] == list(said["handlers"])
    assert [name for name, logger in said["loggers"].items() if "handlers" in logger] == []
    assert settings.ADMINS in ([], ()) and settings.MANAGERS in ([], ())  # Django would send them errors by letter
