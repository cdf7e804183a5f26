"""Why a household is poor, what it needs and what it received, as its review rounds recorded it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communes.presenters.reviews import round_title
from communes.scope import Scope
from communes.selectors.descriptions import StoredDescription
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.templatetags.portal import date_vi, localname


@dataclass(frozen=True, slots=True)
class DescriptionCard:
    """What one round recorded of a household; `round_id` is set where the reader may open its sheet."""

    title: str
    document: str
    surveyed_on: date | None
    lines: list[tuple[str, str, list[str]]] = field(repr=False)  # what is asked, a word in place of names, the names
    unverified: bool
    source: str
    illustrative: bool
    round_id: int | None
    review_id: int


def description_cards(scope: Scope, found: Sequence[StoredDescription]) -> list[DescriptionCard]:
    """Return the rounds that recorded something, the latest first."""
    own = scope.units_with(Permission.HOUSEHOLDS_VIEW)
    return [_card(one, own is None or one.review.round.unit_id in own) for one in found]


def _card(one: StoredDescription, opens: bool) -> DescriptionCard:
    round_ = one.review.round
    decision = round_.decision
    listed = (*(row.cause for row in one.causes), *(row.kind for row in one.supports))
    unsure = [row for row in listed if row.provenance != "sourced"]
    return DescriptionCard(
        title=round_title(round_),
        document=_("Quyết định %(number)s ngày %(day)s, %(who)s")
        % {"number": decision.number, "day": date_vi(decision.decided_on), "who": decision.signer},
        surveyed_on=one.review.surveyed_on,
        lines=[
            _line(_("Nguyên nhân nghèo"), ((row.cause, row.applies) for row in one.causes)),
            _line(_("Nhu cầu hỗ trợ"), ((row.kind, row.needed) for row in one.supports)),
            _line(_("Hỗ trợ đã nhận"), ((row.kind, row.received) for row in one.supports)),
        ],
        unverified=bool(unsure),
        source=unsure[0].source if unsure else "",
        illustrative=round_.illustrative,
        round_id=round_.pk if opens else None,
        review_id=one.review.pk,
    )


def _line(asked: str, said: Iterable[tuple[Any, bool | None]]) -> tuple[str, str, list[str]]:
    """The names that were answered with yes, or a word: "no" where everything answered is no, else "not recorded"."""
    answered = [(row, yes) for row, yes in said if yes is not None]
    names = [localname(row) for row, yes in answered if yes]
    return asked, "" if names else pgettext("answers", "không") if answered else _("chưa ghi"), names
