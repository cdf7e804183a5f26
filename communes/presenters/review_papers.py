"""The papers of a round: official letters are in Vietnamese, whatever language the page is read in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import translation

from communes.models import HouseholdReview, Person, Posting, ReviewResult, ReviewRound
from communes.models.households import Relation
from communes.models.persons import BirthPrecision
from communes.presenters.review_words import status_word
from communes.rules.poverty.classify import NEAR_POOR, NOT_POOR, POOR
from communes.rules.reviews.procedure import POSTING, RECHECK, SECOND_POSTING, SOURCED, ProcedureSpec
from communes.selectors.households import HouseholdView
from communes.selectors.reviews.postings import PostedHousehold
from communes.selectors.reviews.rounds import RoundStandardSpec, VillageState, unit_names, village_names

_KINDS = {"commune": "xã", "ward": "phường", "special_zone": "đặc khu"}


def paper_context(review: HouseholdReview, day: date, village_id: int | None = None) -> dict[str, Any]:
    """What every paper says: who issues it and where the household lives on its day; None: where it was listed."""
    version = unit_names(day, [review.round.unit_id]).get(review.round.unit_id)
    with translation.override("vi"):
        place = village_id or review.village_id
        village = village_names(day, [place]).get(place, ("", ""))[0]
    unit = f"{_KINDS.get(version.kind, '')} {version.name_vi}".strip() if version else ""
    return {
        "review": review,
        "household": review.household,
        "village": village,
        "issuer": unit,
        "place": version.name_vi if version else "",
        "day": day,
        "back": reverse("review_sheet", args=[review.round_id, review.pk]),
    }


def certificate_context(results: Iterable[ReviewResult], view: HouseholdView) -> dict[str, Any]:
    """What the certificate says of a household on the day of its decision."""
    with translation.override("vi"):
        lines = [(status_word(one.status), one.effective_year, one.standard.name_vi) for one in results]
        # Poor under one standard and near poor under another: the certificate is of the poorer status.
        poorest = min(results, key=lambda one: one.status != "poor")
        return {
            "title_word": status_word(poorest.status),
            "lines": lines,
            "address": view.address,
            "head": next((one.person.name for one in view.members if one.relation == Relation.HEAD), ""),
            "members": [
                (one.person.name, str(Relation(one.relation).label), _birth(one.person)) for one in view.members
            ],
        }


def posting_context(
    round_: ReviewRound,
    state: VillageState,
    households: Sequence[PostedHousehold],
    standards: Sequence[RoundStandardSpec],
    procedure: ProcedureSpec,
    posting: Posting | None,
    day: date,
) -> dict[str, Any]:
    """What the list that hangs in a village says: heads and results, until when, and where to complain by when.

    `posting` None: the list is printed before it hangs, its days are written in by hand.
    """
    version = unit_names(day, [round_.unit_id]).get(round_.unit_id)
    with translation.override("vi"):
        village = village_names(day, [state.village_id]).get(state.village_id, (state.name, ""))[0]
        rows = [
            (
                one.head,
                [
                    posted_word(one.before.get(s.spec.code, ""), one.results.get(s.pk, ""), average=s.pk in one.average)
                    for s in standards
                ],
            )
            for one in households
        ]
    unit = f"{_KINDS.get(version.kind, '')} {version.name_vi}".strip() if version else ""
    second = bool(posting and posting.second)
    return {
        "village": village,
        "issuer": unit,
        "place": version.name_vi if version else "",
        "day": day,
        "rows": rows,
        "heads": [(one.name_vi, one.decision, one.effective_year) for one in standards],
        "average": any(one.average for one in households),
        "posting": posting,
        "posting_days": procedure.number(SECOND_POSTING if second else POSTING),
        "recheck_days": procedure.number(RECHECK),
        "unverified": procedure.provenance(POSTING, SECOND_POSTING, RECHECK) != SOURCED,
        "second": second,
        "back": reverse("review_round", args=[round_.pk]),
    }


def posted_word(before: str, after: str, *, average: bool = False) -> str:
    """A result as it is posted: what the household is, or what it escaped from; "" where nothing is made public.

    Args:
        average: whether it asked to be recognised as of average living standard and is it by this result.
    """
    escaped = {
        (POOR, NEAR_POOR): "Thoát nghèo, là hộ cận nghèo",
        (POOR, NOT_POOR): "Thoát nghèo",
        (NEAR_POOR, NOT_POOR): "Thoát cận nghèo",
    }
    said = escaped.get((before, after)) or {POOR: "Hộ nghèo", NEAR_POOR: "Hộ cận nghèo"}.get(after, "")
    if not average:
        return said
    return f"{said}, có mức sống trung bình" if said else "Hộ có mức sống trung bình"


def _birth(person: Person) -> str:
    """A birth as exactly as it is known."""
    day = person.birth_date
    if day is None:
        return ""
    if person.birth_precision == BirthPrecision.YEAR:
        return str(day.year)
    return f"{day:%m/%Y}" if person.birth_precision == BirthPrecision.MONTH else f"{day:%d/%m/%Y}"
