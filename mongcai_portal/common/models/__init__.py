"""Tables and table parts without a domain."""

from mongcai_portal.common.models.append_only import AppendOnly, AppendOnlyModel, AppendOnlyQuerySet
from mongcai_portal.common.models.changes import ChangeNote
from mongcai_portal.common.models.dated import Dated, DatedQuerySet, Provenance, holds, in_force_q
from mongcai_portal.common.models.files import StoredFile
from mongcai_portal.common.models.heartbeat import Heartbeat
from mongcai_portal.common.models.idempotency import KeptAnswer
from mongcai_portal.common.models.jobs import Job, ScheduledTask
from mongcai_portal.common.models.source import Source
from mongcai_portal.common.models.special_days import SpecialDay, SpecialYear

__all__ = [
    "AppendOnly",
    "AppendOnlyModel",
    "AppendOnlyQuerySet",
    "ChangeNote",
    "Dated",
    "DatedQuerySet",
    "Heartbeat",
    "Job",
    "KeptAnswer",
    "Provenance",
    "ScheduledTask",
    "Source",
    "SpecialDay",
    "SpecialYear",
    "StoredFile",
    "holds",
    "in_force_q",
]
