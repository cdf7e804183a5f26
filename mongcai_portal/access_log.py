"""What gunicorn writes of every request; `deploy/gunicorn.conf.py` names it."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from mongcai_portal.audit.log_lines import one_line

# Without the query: what people search for are names of people.
FORMAT = "%(t)s %(h)s %({x-forwarded-for}i)s %(m)s %(U)s %(s)s %(B)s %(M)sms [%({x-request-id}o)s]"


class AccessLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Writes one line a request, without control characters and without the token of a mailed link."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        found = super().atoms(resp, req, environ, request_time)
        return {key: one_line(value) if isinstance(value, str) else value for key, value in found.items()}
