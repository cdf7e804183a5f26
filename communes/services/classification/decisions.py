"""What makes a classification hold: the decision after a review, or a list that the register begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models.classifications import Classification
from mongcai_portal.common.errors import Fault
from mongcai_portal.common.models import Provenance

_NUMBER = Classification._meta.get_field("decision_number").max_length or 0
_NAME = Classification._meta.get_field("decided_by").max_length or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What a round found and posted: a decision about it classifies so, or not at all.

    `area_type` and `standards` (a code and the year that it classifies for) are the round's, wherever a household lives
    and whatever its unit is by the day of the decision. `posted`: per household the status by number of the standard;
    `average`: in the same way whether it is of average living standard, of those that asked for that.
    """

    area_type: str
    standards: tuple[tuple[str, int], ...]
    posted: Mapping[int, Mapping[int, str]]
    average: Mapping[int, Mapping[int, bool | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDecision:
    """The decision of the chairman of the commune after a review (QĐ 24/2021/QĐ-TTg): its number and its day.

    `round_held` is the year of the round. A `yearly` one classifies under the standards, and for the years, that
    `rules.poverty.standards.applied_by` says; a monthly one under those that count for the year of its day. Of a
    round that was held here `reviewed` says it instead.
    """

    number: str
    on: date
    round_held: int
    yearly: bool = True
    reviewed: Reviewed | None = None
    decided_by: str = ""
    provenance: str = Provenance.SOURCED
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningList:
    """A list of what households are under one standard, with which the register begins: from a day on, for a year.

    Of what the list rests on nothing is known; `number` is that of the decision it names, or the name of the list.
    """

    number: str
    on: date
    standard: str
    effective_year: int
    round_held: int | None = None
    decided_by: str = ""
    provenance: str = Provenance.SOURCED
    source: str = ""


def document_faults(document: ReviewDecision | OpeningList) -> list[Fault]:
    """Return what is wrong with a decision or list by itself, at `/decision`."""
    faults = []
    if not document.number.strip():
        faults.append(Fault("/decision/number", "required", _("Ghi số quyết định.")))
    elif len(document.number.strip()) > _NUMBER:
        message = _("Số quyết định dài quá %(most)s ký tự.") % {"most": _NUMBER}
        faults.append(Fault("/decision/number", "too_long", message))
    if len(document.decided_by.strip()) > _NAME:
        message = _("Tên người ký dài quá %(most)s ký tự.") % {"most": _NAME}
        faults.append(Fault("/decision/decided_by", "too_long", message))
    if document.on > timezone.localdate():
        faults.append(Fault("/decision/on", "in_future", _("Ngày này chưa tới.")))
    return faults
