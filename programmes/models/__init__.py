"""What is stored about measures beyond what other tables hold, and the reports made of them."""

from programmes.models.measures import ObservedStatistic, Target
from programmes.models.period_reports import PeriodReport, PublishedDocument, ReportTemplate

__all__ = ["ObservedStatistic", "PeriodReport", "PublishedDocument", "ReportTemplate", "Target"]
