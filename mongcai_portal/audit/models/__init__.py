from .event import AuditEvent
from .seal import AuditSeal

__all__ = ["AuditEvent", "AuditSeal"]
