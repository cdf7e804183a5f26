"""What is stored about places, offices, the scope of people, households, and the standards of poverty."""

from communes.models.access import RoleAssignment
from communes.models.classifications import Classification
from communes.models.counts import CountedVillage, HouseholdCount
from communes.models.households import (
    Household,
    HouseholdMember,
    HouseholdStay,
    HouseholdSuccession,
    Relation,
)
from communes.models.imports import (
    HouseholdImport,
    HouseholdSource,
    ImportContent,
    ImportedHousehold,
    ImportFault,
)
from communes.models.offices import Office
from communes.models.opening_lists import OpeningListContent, OpeningListFile, OpeningListScan
from communes.models.persons import Person
from communes.models.poverty import IncomeLine, PovertyStandard, PovertyStatus, StandardYear, UndeterminedReason
from communes.models.review_acts import Complaint, DistrictReport, Posting, Refusal, ReviewDecision, VillageMeeting
from communes.models.reviews import (
    HouseholdReview,
    ReviewAnswer,
    ReviewCause,
    ReviewFile,
    ReviewProcedure,
    ReviewResult,
    ReviewRound,
    ReviewSupport,
    ReviewTerm,
    RoundStandard,
    SheetCell,
)
from communes.models.survey_forms import (
    AreaType,
    Deprivation,
    PovertyCause,
    ScoreItem,
    ScoreOption,
    ScoreTable,
    SupportKind,
    SurveyForm,
    SurveySheet,
)
from communes.models.units import (
    Unit,
    UnitGroup,
    UnitGroupMember,
    UnitKind,
    UnitSuccession,
    UnitVersion,
    UnitZone,
)
from communes.models.villages import Village, VillageVersion

__all__ = [
    "OpeningListContent",
    "OpeningListFile",
    "OpeningListScan",
    "ImportedHousehold",
    "ImportFault",
    "ImportContent",
    "HouseholdSource",
    "HouseholdImport",
    "AreaType",
    "Classification",
    "Complaint",
    "CountedVillage",
    "Deprivation",
    "DistrictReport",
    "Household",
    "HouseholdCount",
    "HouseholdMember",
    "HouseholdReview",
    "HouseholdStay",
    "HouseholdSuccession",
    "IncomeLine",
    "Office",
    "Person",
    "Posting",
    "PovertyCause",
    "PovertyStandard",
    "PovertyStatus",
    "Refusal",
    "Relation",
    "ReviewAnswer",
    "ReviewCause",
    "ReviewDecision",
    "ReviewFile",
    "ReviewProcedure",
    "ReviewResult",
    "ReviewRound",
    "ReviewSupport",
    "ReviewTerm",
    "RoleAssignment",
    "RoundStandard",
    "ScoreItem",
    "ScoreOption",
    "ScoreTable",
    "SheetCell",
    "StandardYear",
    "SupportKind",
    "SurveyForm",
    "SurveySheet",
    "UndeterminedReason",
    "Unit",
    "UnitGroup",
    "UnitGroupMember",
    "UnitKind",
    "UnitSuccession",
    "UnitVersion",
    "UnitZone",
    "Village",
    "VillageMeeting",
    "VillageVersion",
]
