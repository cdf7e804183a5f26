"""How a line of the log is written: one event, one line, with its moment, its request and who asked.

Nothing that a caller sends can begin a line of its own or move the cursor of whoever reads the log. Tracebacks follow
their line, indented; they hold code and messages, never the values of variables.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime

from django.utils import timezone

from .context import current

# A link that sets a password is as good as the password, and stands in an address.
_LINK = re.compile(r"(/password/reset/[^/\s]+/)[^/\s?\"']+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(text: str) -> str:
    """Return the text with control characters spelled out, and without the token of a mailed link."""
    return _LINK.sub(r"\1•••", _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text))


def asked_by(record: logging.LogRecord) -> tuple[str, str]:
    """Return the account (by number: names are personal) and the address that asked, "-" where there is none.

    Only what the request has found out already: a line of the log costs no query.
    """
    request = getattr(record, "request", None)
    user = getattr(request, "_cached_user", None) or getattr(request, "__dict__", {}).get("api_user")
    meta = getattr(request, "META", {})
    return str(getattr(user, "pk", None) or "-"), one_line(str(meta.get("REMOTE_ADDR") or "-"))


class LineFormatter(logging.Formatter):
    """`2026-11-25T21:39:20.123+07:00 WARNING django.request [request id] user=12 from=10.0.0.9: message`."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, timezone.get_default_timezone())
        user, address = asked_by(record)
        # Django tells of an answer outside the middleware, where only the request still knows its id.
        request_id = current().request_id or getattr(getattr(record, "request", None), "request_id", "")
        text = (
            f"{moment.isoformat(timespec='milliseconds')} {record.levelname} {record.name} "
            f"[{request_id or '-'}] user={user} from={address}: {one_line(record.getMessage())}"
        )
        if record.exc_info:
            text += self._indented(self.formatException(record.exc_info))
        if record.stack_info:
            text += self._indented(self.formatStack(record.stack_info))
        return text

    @staticmethod
    def _indented(block: str) -> str:
        return "".join(f"\n    {one_line(line)}" for line in block.splitlines())
