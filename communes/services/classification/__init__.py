"""Writing what households are under the standards: after a decision, or from an opening list."""

from communes.services.classification.decisions import OpeningList, ReviewDecision, Reviewed
from communes.services.classification.many import classify_many
from communes.services.classification.record import (
    record_classification,
    record_classifications,
    record_opening_list,
)

__all__ = [
    "OpeningList",
    "ReviewDecision",
    "Reviewed",
    "classify_many",
    "record_classification",
    "record_classifications",
    "record_opening_list",
]
