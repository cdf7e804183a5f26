"""The five roles: a label, the kind of place they are held for, and a set of permissions.

Who holds which role where is a row of `communes` (units and offices are its ground).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .permissions import Permission as P


class Scope(StrEnum):
    """What a role is held for."""

    UNIT = "unit"
    OFFICE = "office"
    TOWN = "town"


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions, held for units, for sector offices, or for the whole town."""

    code: str
    label: str | Promise
    scope: Scope
    permissions: frozenset[str]
    # Codes of the roles that its holder may give and take, within the own scope; only who manages users has any.
    grants: frozenset[str] = frozenset()


_READ = frozenset(
    {
        P.REPORTS_VIEW,
        P.ATTAINMENT_VIEW,
        P.RECOGNITIONS_VIEW,
        P.CRITERIA_VIEW,
        P.UNITS_VIEW,
        P.MEASURES_VIEW,
        P.OCOP_VIEW,
        P.PROGRAMMES_VIEW,
        P.DOCUMENTS_VIEW,
        P.TASKS_VIEW,
        P.DIFFICULTIES_VIEW,
    }
)

COMMUNE_OFFICER = Role(
    "commune_officer",
    _("Cán bộ xã"),
    Scope.UNIT,
    _READ
    | {
        P.REPORTS_EDIT,
        P.REPORTS_SUBMIT,
        P.REPORTS_COMMENT,
        P.STATISTICS_ENTER,
        P.TASKS_REPORT,
        P.DIFFICULTIES_WRITE,
        P.HOUSEHOLDS_VIEW,
        P.HOUSEHOLDS_EDIT,
        P.HOUSEHOLDS_REVIEW,
        # The chairman of the commune decides, on paper; the commune enters the signed decision with its scan.
        P.HOUSEHOLDS_DECIDE,
        P.HOUSEHOLDS_IMPORT,
        P.HOUSEHOLDS_EXPORT,
        P.HOUSEHOLDS_UNMASK,
        P.OCOP_EDIT,
    },
)
SECTOR_VERIFIER = Role(
    "sector_verifier",
    _("Phòng ban thẩm định"),
    Scope.OFFICE,
    _READ
    | {
        P.OVERVIEW_VIEW,
        P.REPORTS_VERIFY,
        P.REPORTS_SEND_BACK,
        P.REPORTS_COMMENT,
        P.OCOP_ASSESS,
        P.TASKS_REPORT,
        P.DIFFICULTIES_WRITE,
    },
)
# The coordinator neither types nor verifies: who approves has not made the figures.
COORDINATOR = Role(
    "coordinator",
    _("Văn phòng điều phối"),
    Scope.TOWN,
    _READ
    | {
        P.OVERVIEW_VIEW,
        P.REPORTS_OPEN,
        P.REPORTS_REMIND,
        P.REPORTS_SEND_BACK,
        P.REPORTS_APPROVE,
        P.REPORTS_REOPEN,
        P.REPORTS_COMMENT,
        P.REPORTS_IMPORT,
        P.RECOGNITIONS_ISSUE,
        P.NORMS_ENTER,
        P.CRITERIA_PUBLISH,
        # The finance office's figures come through the coordination office: one hand for the money of all communes.
        P.BUDGET_EDIT,
        # Figures of measures name their source and are nobody's report: there is no approval to keep apart from.
        P.STATISTICS_ENTER,
        P.TARGETS_PLAN,
        P.DOCUMENTS_EDIT,
        # People's data are for who works on them: leaders, sector offices and administrators see counts.
        P.HOUSEHOLDS_VIEW,
        P.HOUSEHOLDS_IMPORT,
        P.HOUSEHOLDS_EXPORT,
        P.HOUSEHOLDS_UNMASK,
        P.TASKS_ASSIGN,
        P.DIFFICULTIES_COORDINATE,
        # Days off move the terms of every commune.
        P.WORKDAYS_EDIT,
        P.OCOP_APPROVE,
        P.OCOP_RECOGNISE,
        P.AUDIT_VIEW,
        P.JOBS_VIEW,
    },
)
LEADER = Role("leader", _("Lãnh đạo"), Scope.TOWN, _READ | {P.OVERVIEW_VIEW})
ADMINISTRATOR = Role(
    "administrator",
    _("Quản trị hệ thống"),
    Scope.TOWN,
    _READ | {P.OVERVIEW_VIEW, P.USERS_MANAGE, P.AUDIT_VIEW, P.JOBS_VIEW, P.JOBS_MANAGE},
    grants=frozenset({"commune_officer", "sector_verifier", "coordinator", "leader", "administrator"}),
)

ROLES: dict[str, Role] = {
    role.code: role for role in (COMMUNE_OFFICER, SECTOR_VERIFIER, COORDINATOR, LEADER, ADMINISTRATOR)
}
ROLE_CHOICES = [(role.code, role.label) for role in ROLES.values()]


def get_role(code: str) -> Role:
    """Return the role of a code.

    Raises:
        KeyError: when there is no such role.
    """
    return ROLES[code]
