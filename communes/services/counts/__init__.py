"""Keeping the counts of households beside the register, and proving them against it."""

from communes.services.counts.keep import count_households, count_stale, count_villages, mark_stale
from communes.services.counts.prove import CountDifference, prove_counts

__all__ = [
    "CountDifference",
    "count_households",
    "count_stale",
    "count_villages",
    "mark_stale",
    "prove_counts",
]
