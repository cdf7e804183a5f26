from .record import About, record, record_many

__all__ = ["About", "record", "record_many"]
