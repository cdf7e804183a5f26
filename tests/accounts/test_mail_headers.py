"""What stands in a letter's head is one line."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.mail import BadHeaderError

from mongcai_portal.common.mail import send_letter


def test_a_line_break_makes_no_header(mailoutbox: list[Any]) -> None:
    send_letter(to="ha@mongcai.gov.vn", subject="Nhắc\r\nBcc: evil@evil.example", body="x")
    message = mailoutbox[0].message()
    assert message["Subject"] and message["Bcc"] is None
    with pytest.raises((BadHeaderError, ValueError)):
        send_letter(to="ha@mongcai.gov.vn\nBcc: evil@evil.example", subject="x", body="x")
