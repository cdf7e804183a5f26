"""News that the register tells upwards; who wants it connects a receiver in its app's `ready`."""

from __future__ import annotations

from django.dispatch import Signal

# The households of villages were counted anew, and from the day `since` on something is otherwise. Sent with
# `village_ids` and `since` in the transaction that stores the counts: what a receiver writes stands or falls with them.
households_counted = Signal()
