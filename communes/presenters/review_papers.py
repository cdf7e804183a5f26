"""The papers of a round: official letters are in Vietnamese, whatever language the page is read in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import translation

from communes.models import HouseholdReview, Person, ReviewResult
from communes.models.households import Relation
from communes.models.persons import BirthPrecision
from communes.presenters.review_words import status_word
from communes.selectors.households import HouseholdView
from communes.selectors.reviews.rounds import unit_names, village_names

_KINDS = {"commune": "xã", "ward": "phường", "special_zone": "đặc khu"}


def paper_context(review: HouseholdReview, day: date) -> dict[str, Any]:
    """What every paper says: who issues it and where the household lives on its day."""
    version = unit_names(day, [review.round.unit_id]).get(review.round.unit_id)
    with translation.override("vi"):
        village = village_names(day, [review.village_id]).get(review.village_id, ("", ""))[0]
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


def _birth(person: Person) -> str:
    """A birth as exactly as it is known."""
    day = person.birth_date
    if day is None:
        return ""
    if person.birth_precision == BirthPrecision.YEAR:
        return str(day.year)
    return f"{day:%m/%Y}" if person.birth_precision == BirthPrecision.MONTH else f"{day:%d/%m/%Y}"
