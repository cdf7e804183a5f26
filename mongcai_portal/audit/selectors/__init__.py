from .events import events_by, events_of

__all__ = ["events_by", "events_of"]
