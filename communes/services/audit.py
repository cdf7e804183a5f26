"""That someone took a part of the log away as a file is itself in the log."""

from __future__ import annotations

from typing import Any

from communes.scope import scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Forbidden


def record_export(*, by: Any, asked: dict[str, str], rows: int, kind: str) -> None:
    """Record an export of the log: what was asked for, and how many events left.

    Raises:
        Forbidden: the person may not read the log.
    """
    if Permission.AUDIT_VIEW not in scope_of(by).permissions:
        raise Forbidden
    record(kind=Kind.AUDIT_EXPORTED, by=by, obj_type="audit", obj_id="", label=kind, asked=asked, rows=rows)
