"""What is stored about criteria, reports, results and recognitions."""

from indicators.models.archive import HistoryImport
from indicators.models.comments import Comment, CommentSeen
from indicators.models.criteria import (
    CriteriaSet,
    Criterion,
    DataElement,
    DataElementPart,
    DerivedFigure,
    Indicator,
    IndicatorVersion,
    Level,
    ValueType,
    VersionPart,
    ZoneNormRule,
)
from indicators.models.evidence import Evidence
from indicators.models.history import ValueChange
from indicators.models.norms import Norm, NormDocument, NormEntry
from indicators.models.recognition import ConditionState, Recognition, RecognitionBasis, RecognitionScan
from indicators.models.reminders import Reminder
from indicators.models.reports import (
    Judgement,
    Period,
    Report,
    ReportedValue,
    ReportRevision,
    Verdict,
)
from indicators.models.results import (
    Attainment,
    CriterionResult,
    EvaluationRequest,
    IndicatorResult,
    Outcome,
)

__all__ = [
    "Attainment",
    "Comment",
    "CommentSeen",
    "ConditionState",
    "CriteriaSet",
    "Criterion",
    "CriterionResult",
    "DataElement",
    "DerivedFigure",
    "DataElementPart",
    "EvaluationRequest",
    "HistoryImport",
    "Evidence",
    "Indicator",
    "IndicatorResult",
    "IndicatorVersion",
    "Judgement",
    "Level",
    "Norm",
    "NormDocument",
    "NormEntry",
    "Outcome",
    "Period",
    "Recognition",
    "RecognitionBasis",
    "RecognitionScan",
    "Reminder",
    "Report",
    "ReportRevision",
    "ReportedValue",
    "ValueChange",
    "ValueType",
    "Verdict",
    "VersionPart",
    "ZoneNormRule",
]
