"""What is stored about programmes, money, OCOP, tasks, difficulties and measures beyond other tables, and reports."""

from programmes.models.budget import (
    BudgetEntry,
    BudgetImport,
    BudgetLine,
    BudgetTag,
    ConversionRule,
    FundingSource,
)
from programmes.models.core import (
    Component,
    LegalBasis,
    Programme,
    ProgrammePhase,
    ProgrammeStatement,
    ProgrammeSuccession,
    ThematicProgramme,
)
from programmes.models.difficulties import Difficulty, DifficultyEntry, DifficultyProposal
from programmes.models.measures import ObservedStatistic
from programmes.models.ocop import OcopPhoto, OcopProducer, OcopProduct
from programmes.models.ocop_acts import OcopAssessment, OcopDecisionScan, OcopNotice, OcopRecognition, OcopSheet
from programmes.models.ocop_scales import OcopAuthority, OcopBand, OcopGroup, OcopLevel, OcopPart, OcopScale
from programmes.models.period_reports import PeriodReport, PublishedDocument, ReportTemplate
from programmes.models.targets import Target
from programmes.models.tasks import Task, TaskEntry, TaskFile, TaskStep

__all__ = [
    "BudgetEntry",
    "BudgetImport",
    "BudgetLine",
    "BudgetTag",
    "Component",
    "ConversionRule",
    "Difficulty",
    "DifficultyEntry",
    "DifficultyProposal",
    "FundingSource",
    "LegalBasis",
    "ObservedStatistic",
    "OcopAssessment",
    "OcopAuthority",
    "OcopBand",
    "OcopDecisionScan",
    "OcopGroup",
    "OcopLevel",
    "OcopNotice",
    "OcopPart",
    "OcopPhoto",
    "OcopProducer",
    "OcopProduct",
    "OcopRecognition",
    "OcopScale",
    "OcopSheet",
    "PeriodReport",
    "Programme",
    "ProgrammePhase",
    "ProgrammeStatement",
    "ProgrammeSuccession",
    "PublishedDocument",
    "ReportTemplate",
    "Target",
    "Task",
    "TaskEntry",
    "TaskFile",
    "TaskStep",
    "ThematicProgramme",
]
