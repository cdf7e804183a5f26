"""What is stored about measures beyond what other tables hold."""

from programmes.models.measures import ObservedStatistic
from programmes.models.targets import Target

__all__ = ["ObservedStatistic", "Target"]
