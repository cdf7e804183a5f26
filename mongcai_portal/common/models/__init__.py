"""Tables and table parts without a domain."""

from mongcai_portal.common.models.dated import Dated, DatedQuerySet, Provenance, in_force_q
from mongcai_portal.common.models.files import StoredFile
from mongcai_portal.common.models.heartbeat import Heartbeat
from mongcai_portal.common.models.source import Source

__all__ = ["Dated", "DatedQuerySet", "Heartbeat", "Provenance", "Source", "StoredFile", "in_force_q"]
