from .record import About, record, record_many
from .sealing import seal_waiting

__all__ = ["About", "record", "record_many", "seal_waiting"]
