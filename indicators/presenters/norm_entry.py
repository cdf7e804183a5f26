"""Entering a norm as its pages read it: what holds now, what will be stored, and who turns from what to what."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.models import CriteriaSet
from indicators.presenters.criterion import region_text
from indicators.presenters.marks import marks_of
from indicators.presenters.norm_words import derived_text, group_text, level_text, place_text
from indicators.presenters.words import local, period_label, scale_word
from indicators.rules.marks import Marks
from indicators.selectors.norm_effects import NormEffect, UnitTurn
from indicators.selectors.norm_target import NormTarget
from indicators.services.norm_reading import NormDraft
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A level that holds now."""

    text: str
    place: str
    provenance: str
    decision: str


def held_lines(target: NormTarget, sets: dict[str, CriteriaSet]) -> list[HeldLine]:
    """The levels that hold now."""
    return [
        HeldLine(
            derived_text(norm, target.comparison, sets)
            if norm.derived_set
            else level_text(norm.value, target.comparison, target.asked.unit),  # type: ignore[arg-type]
            place_text(norm.region, norm.year, norm.commune_group, norm.valid_from),
            norm.provenance,
            norm.decision,
        )
        for norm in target.norms
    ]


def choices_of(target: NormTarget) -> dict[str, list[tuple[str, str]]]:
    """What the fields of a norm can be."""
    asked = target.asked
    if asked.value_type == "boolean":
        values = [("", _("– chọn –")), ("true", _("đạt"))]
    else:
        values = [("", _("– chọn –")), *((word, scale_word(word)) for word in asked.scale)]
    return {
        "value": values,
        "region": [("", _("mọi vùng")), *((code, region_text(code)) for code in target.regions)],
        "year": [("", _("mọi năm")), *((str(year), str(year)) for year in target.years)],
        "group": [("", _("mọi nhóm")), *((code, group_text(code)) for code in target.groups)],
    }


@dataclass(frozen=True, slots=True)
class DraftView:
    """What will be stored, in words."""

    text: str
    place: str
    before: str
    before_provenance: str
    source: str


def draft_view(draft: NormDraft, sets: dict[str, CriteriaSet]) -> DraftView:
    """A checked norm before it is stored, beside the one whose place it takes."""
    target, held = draft.target, draft.supersedes
    before = ""
    if held is not None:
        before = (
            derived_text(held, target.comparison, sets)
            if held.derived_set
            else level_text(held.value, target.comparison, target.asked.unit)  # type: ignore[arg-type]
        )
    return DraftView(
        text=level_text(draft.value, target.comparison, target.asked.unit),
        place=place_text(draft.place.region, draft.place.year, draft.place.group, draft.valid_from),
        before=before,
        before_provenance=held.provenance if held else "",
        source=_("%(decision)s, %(day)s, %(issuer)s")
        % {"decision": draft.decision, "day": date_vi(draft.issued_on), "issuer": draft.issuer},
    )


@dataclass(frozen=True, slots=True)
class IndicatorTurn:
    """An indicator whose outcome turns."""

    code: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TurnLine:
    """How one commune stands at one level for one period, before and after."""

    unit: str
    uid: str
    url: str
    before: str
    after: str
    met_before: str
    met_after: str
    marks_before: Marks
    marks_after: Marks
    level_turns: bool
    criteria: tuple[IndicatorTurn, ...]
    indicators: tuple[IndicatorTurn, ...]


@dataclass(frozen=True, slots=True)
class TurnGroup:
    """The communes that turn at one level in one period."""

    period: str
    level: str
    lines: tuple[TurnLine, ...]


@dataclass(frozen=True, slots=True)
class EffectView:
    """Whom the norm concerns."""

    summary: str
    groups: tuple[TurnGroup, ...]


def effect_view(effect: NormEffect) -> EffectView:
    """Arrange who turns from what to what, by period and level."""
    groups: dict[tuple[str, str], list[TurnLine]] = {}
    for turn in effect.turned:
        key = (period_label(turn.period.code), local(effect.levels[turn.criteria_set]))
        groups.setdefault(key, []).append(_turn(turn, effect))
    return EffectView(
        _summary(effect), tuple(TurnGroup(period, level, tuple(lines)) for (period, level), lines in groups.items())
    )


def _summary(effect: NormEffect) -> str:
    if not effect.touched:
        return _("Chưa có báo cáo đã duyệt nào được xét theo mức này; không kết quả nào thay đổi.")
    units = len({turn.uid for turn in effect.turned})
    words = {"reports": effect.touched, "units": units, "firmer": effect.firmer}
    first = ngettext(
        "%(reports)s báo cáo đã duyệt được xét theo mức mới.",
        "%(reports)s báo cáo đã duyệt được xét theo mức mới.",
        effect.touched,
    )
    if not units:
        second = _("Không xã nào đổi kết quả.")
    else:
        second = ngettext("%(units)s xã đổi kết quả.", "%(units)s xã đổi kết quả.", units)
    third = ""
    if effect.firmer:
        third = ngettext(
            "%(firmer)s kết quả giữ nguyên nhưng đổi dấu căn cứ.",
            "%(firmer)s kết quả giữ nguyên nhưng đổi dấu căn cứ.",
            effect.firmer,
        )
    return " ".join(text for text in (first, second, third) if text) % words


def _turn(found: UnitTurn, effect: NormEffect) -> TurnLine:
    turn = found.turn
    criteria = tuple(
        IndicatorTurn(
            str(turn.after.criteria[at].spec.number),
            local(effect.criteria[turn.after.criteria[at].spec.id]),
            turn.before.criteria[at].outcome,
            turn.after.criteria[at].outcome,
        )
        for at in turn.criteria
    )
    indicators = []
    for c, i in turn.indicators:
        old, new = turn.before.criteria[c].indicators[i], turn.after.criteria[c].indicators[i]
        name = local(effect.versions[new.spec.version_id])
        indicators.append(IndicatorTurn(new.spec.code, name, old.outcome, new.outcome))
    return TurnLine(
        unit=local(found.unit),
        uid=found.uid,
        url=link("attainment_unit", found.uid, as_of=found.period.ends_on, level=turn.after.spec.level),
        before=turn.before.outcome,
        after=turn.after.outcome,
        met_before=f"{turn.before.criteria_met}/{turn.before.criteria_total}",
        met_after=f"{turn.after.criteria_met}/{turn.after.criteria_total}",
        marks_before=marks_of(turn.before, illustrative=found.illustrative),
        marks_after=marks_of(turn.after, illustrative=found.illustrative),
        level_turns=turn.level_turns,
        criteria=criteria,
        indicators=tuple(indicators),
    )
