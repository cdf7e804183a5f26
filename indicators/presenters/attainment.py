"""One unit's standing as its page reads it: what is missing first, then every criterion with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.models import Recognition
from indicators.presenters.criterion import Basis, CriterionRow, below_urls, criterion_row, name_of
from indicators.presenters.register import WatchView, decided_text, watch_view
from indicators.presenters.words import period_label
from indicators.rules.titles import holds
from indicators.rules.types import MET, NOT_MET
from indicators.selectors.attainment import Explanation
from indicators.selectors.attainment_pages import UnitPage
from mongcai_portal.common.templatetags.portal import date_vi


@dataclass(frozen=True, slots=True)
class ActRow:
    """A recognition of the unit and what became of it."""

    id: int
    level: str
    number: str
    day: str
    state: str
    in_force: bool
    provenance: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class View:
    """The page of one unit."""

    period: str
    outcome: str
    criteria: tuple[CriterionRow, ...]
    lacking: tuple[CriterionRow, ...]
    criteria_met: int
    criteria_total: int
    indicators_met: int
    indicators_total: int
    agrees: bool
    stored: bool
    prerequisite: str
    recognitions: tuple[ActRow, ...]
    recognised: bool
    differs: str
    watched: tuple[WatchView, ...] = ()


def view_of(page: UnitPage) -> View:
    """Arrange the page of a unit."""
    acts = tuple(_act(r, page) for r in page.recognitions)
    watched = tuple(watch_view(watch, page.day) for watch in page.watched)
    found = page.explanation
    if found is None:
        return View("", "", (), (), 0, 0, 0, 0, True, False, "", acts, any(a.in_force for a in acts), "", watched)
    standing = found.standing
    basis = Basis(found, page.elements, page.judgements, below_urls(page))
    criteria = tuple(criterion_row(c, basis) for c in standing.criteria)
    recognised = any(
        r.level.phase == found.criteria_set.level.phase
        and r.level.rank >= found.criteria_set.level.rank
        and holds(r, page.day)
        for r in page.recognitions
    )
    return View(
        period=period_label(found.period.code),
        outcome=standing.outcome,
        criteria=criteria,
        lacking=tuple(c for c in criteria if c.open),
        criteria_met=standing.criteria_met,
        criteria_total=standing.criteria_total,
        indicators_met=standing.indicators_met,
        indicators_total=standing.indicators_total,
        agrees=found.agrees,
        stored=found.stored is not None,
        prerequisite=_prerequisite(found),
        recognitions=acts,
        recognised=recognised,
        differs=_differs(recognised, standing.outcome),
        watched=watched,
    )


def _prerequisite(found: Explanation) -> str:
    before = found.standing.prerequisite_outcome
    if before is None or before == MET:
        return ""
    if before == NOT_MET:
        return _("Mức này cần đạt mức thấp hơn trước; mức thấp hơn chưa đạt theo số liệu.")
    return _("Mức này cần đạt mức thấp hơn trước; kết quả của mức thấp hơn còn để ngỏ.")


def _differs(recognised: bool, outcome: str) -> str:
    if recognised and outcome != MET:
        return _("Xã đang được công nhận ở mức này, nhưng số liệu của kỳ chưa đủ mọi tiêu chí.")
    if not recognised and outcome == MET:
        return _("Số liệu của kỳ đủ mọi tiêu chí, nhưng xã chưa được công nhận ở mức này.")
    return ""


def _act(row: Recognition, page: UnitPage) -> ActRow:
    if row.withdrawn_on and row.withdrawn_on <= page.day:
        state = _("thu hồi ngày %(day)s") % {"day": date_vi(row.withdrawn_on)}
    elif row.expires_on and row.expires_on <= page.day:
        state = _("hết hiệu lực ngày %(day)s") % {"day": date_vi(row.expires_on)}
    else:
        state = _("còn hiệu lực")
    return ActRow(
        id=row.pk,
        level=name_of(row.level),
        number=row.decision_number,
        day=decided_text(row),
        state=state,
        in_force=holds(row, page.day),
        provenance=row.provenance,
        source=row.source,
        note=row.note,
    )
