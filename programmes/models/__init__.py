"""What is stored about programmes, their money, and measures beyond what other tables hold."""

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
from programmes.models.measures import ObservedStatistic, Target

__all__ = [
    "BudgetEntry",
    "BudgetImport",
    "BudgetLine",
    "BudgetTag",
    "Component",
    "ConversionRule",
    "FundingSource",
    "LegalBasis",
    "ObservedStatistic",
    "Programme",
    "ProgrammePhase",
    "ProgrammeStatement",
    "ProgrammeSuccession",
    "Target",
    "ThematicProgramme",
]
