from .chain import sealed_of
from .events import events_by, events_of
from .search import AuditFilter, EventPage, page_of, search

__all__ = ["AuditFilter", "EventPage", "events_by", "events_of", "page_of", "sealed_of", "search"]
