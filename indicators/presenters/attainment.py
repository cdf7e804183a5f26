"""One unit's standing as its page reads it: what is missing first, then every criterion with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.models import IndicatorVersion, Judgement, Recognition
from indicators.presenters.words import language, period_label, state_text, unit_text, value_text
from indicators.rules.comparators import missed_from_above
from indicators.rules.types import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    CriterionOutcome,
    IndicatorOutcome,
    NormSpec,
    PartOutcome,
)
from indicators.selectors.attainment import Explanation
from indicators.selectors.attainment_pages import UnitPage
from indicators.selectors.definitions import CellDef
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import date_vi


@dataclass(frozen=True, slots=True)
class PartRow:
    """One judged cell: value, norm and the distance between them."""

    name: str
    value: str
    reason: str
    norm: str
    norm_detail: str
    norm_provenance: str
    gap: str
    short: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator, its cells, and who stands behind the value."""

    code: str
    name: str
    outcome: str
    parts: tuple[PartRow, ...]
    office: str
    judged: str
    unverified: bool
    entered_by: str
    entered_at: datetime | None
    verified_by: str
    verified_at: datetime | None
    note: str
    lack: str


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion and its indicators."""

    number: int
    name: str
    outcome: str
    met: int
    total: int
    indicators: tuple[IndicatorRow, ...]
    judged: bool
    unverified: bool

    @property
    def open(self) -> bool:
        return self.outcome not in (MET, NOT_APPLICABLE)

    @property
    def lacking(self) -> tuple[IndicatorRow, ...]:
        return tuple(i for i in self.indicators if i.outcome not in (MET, NOT_APPLICABLE))


@dataclass(frozen=True, slots=True)
class ActRow:
    """A recognition of the unit and what became of it."""

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


def name_of(thing: object) -> str:
    """`name_vi` or `name_en` by the reader's language."""
    first, second = ("name_en", "name_vi") if language() == "en" else ("name_vi", "name_en")
    return str(getattr(thing, first, "") or getattr(thing, second, ""))


def region_text(code: str) -> str:
    """A region of the decrees' columns."""
    return {
        "trung_du_mien_nui_phia_bac": _("Trung du miền núi phía Bắc"),
        "dong_bang_song_hong": _("Đồng bằng sông Hồng"),
        "bac_trung_bo": _("Bắc Trung Bộ"),
        "duyen_hai_nam_trung_bo": _("Duyên hải Nam Trung Bộ"),
        "tay_nguyen": _("Tây Nguyên"),
        "dong_nam_bo": _("Đông Nam Bộ"),
        "dong_bang_song_cuu_long": _("Đồng bằng sông Cửu Long"),
    }.get(code, code)


def view_of(page: UnitPage) -> View:
    """Arrange the page of a unit."""
    acts = tuple(_act(r, page) for r in page.recognitions)
    found = page.explanation
    if found is None:
        return View("", "", (), (), 0, 0, 0, 0, True, False, "", acts, any(a.in_force for a in acts), "")
    standing = found.standing
    criteria = tuple(_criterion(c, page, found) for c in standing.criteria)
    recognised = any(
        r.level.phase == found.criteria_set.level.phase
        and r.level.rank >= found.criteria_set.level.rank
        and _in_force(r, page)
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
    )


def _prerequisite(found: Explanation) -> str:
    before = found.standing.prerequisite_outcome
    if before is None or before == MET:
        return ""
    return _("Mức này cần đạt mức thấp hơn trước; mức thấp hơn chưa đạt theo số liệu.")


def _differs(recognised: bool, outcome: str) -> str:
    if recognised and outcome != MET:
        return _("Xã đang được công nhận ở mức này, nhưng số liệu của kỳ chưa đủ mọi tiêu chí.")
    if not recognised and outcome == MET:
        return _("Số liệu của kỳ đủ mọi tiêu chí, nhưng xã chưa được công nhận ở mức này.")
    return ""


def _criterion(found: CriterionOutcome, page: UnitPage, explanation: Explanation) -> CriterionRow:
    criterion = explanation.criteria[found.spec.id]
    applicable = [i for i in found.indicators if i.outcome != NOT_APPLICABLE]
    return CriterionRow(
        number=found.spec.number,
        name=name_of(criterion),
        outcome=found.outcome,
        met=sum(i.outcome == MET for i in applicable),
        total=len(applicable),
        indicators=tuple(_indicator(i, page, explanation) for i in found.indicators),
        judged=found.judged,
        unverified=found.unverified,
    )


def _indicator(found: IndicatorOutcome, page: UnitPage, explanation: Explanation) -> IndicatorRow:
    version = explanation.versions[found.spec.version_id]
    history = explanation.elements.get(found.spec.element)
    parts = tuple(_part(p, page, explanation, version) for p in found.parts)
    return IndicatorRow(
        code=found.spec.code,
        name=name_of(version),
        outcome=found.outcome,
        parts=parts,
        office=name_of(version.indicator.office),
        judged=_judged(page.judgements.get(found.spec.element)) if found.judged else "",
        unverified=found.unverified,
        entered_by=history.entered.by if history else "",
        entered_at=history.entered.at if history else None,
        verified_by=history.verified.by if history else "",
        verified_at=history.verified.at if history else None,
        note=history.note if history else "",
        lack=_lack(found, parts),
    )


def _judged(row: Judgement | None) -> str:
    if row is None:
        return _("phòng ban")
    return f"{name_of(row.office) if row.office else row.by}, {date_vi(row.at)}"


def _lack(found: IndicatorOutcome, parts: tuple[PartRow, ...]) -> str:
    """What is missing, in a few words: the parts that fall short, or that nothing is known."""
    short = [f"{p.name}: {p.gap}" if p.name else p.gap for p in parts if p.short and p.gap]
    if short:
        return "; ".join(short)
    if found.outcome == NOT_MET:
        return ""
    if found.outcome == "undetermined":
        return _("chưa có mức đạt chuẩn và chưa có ý kiến của phòng ban")
    return ""


def _part(found: PartOutcome, page: UnitPage, explanation: Explanation, version: IndicatorVersion) -> PartRow:
    element = page.elements.get(version.element.code)
    cell: CellDef | None = next((c for c in element.cells if c.part == found.part.code), None) if element else None
    unit = cell.unit if cell else version.unit
    value = ""
    if found.cell is not None:
        value = value_text(found.cell.value, unit) if found.cell.state == "value" else state_text(found.cell.state)
        shown = unit_text(unit)
        if found.cell.state == "value" and isinstance(found.cell.value, Decimal) and shown and shown != "%":
            value = f"{value} {shown}"
    return PartRow(
        name=name_of(cell) if cell and found.part.code else "",
        value=value or _("chưa nhập"),
        reason=found.cell.reason if found.cell else "",
        norm=_norm(found, unit),
        norm_detail=_norm_detail(found.norm, explanation),
        norm_provenance=found.norm.provenance if found.norm else "",
        gap=_gap(found, unit),
        short=found.outcome == NOT_MET,
        outcome=found.outcome,
    )


def _norm(found: PartOutcome, unit: str) -> str:
    if found.norm_value is None:
        return ""
    sign = {">=": "≥", "<=": "≤", "==": "="}.get(found.part.comparison, "")
    text = value_text(found.norm_value, unit)
    shown = unit_text(unit)
    if isinstance(found.norm_value, Decimal) and shown and shown != "%":
        text = f"{text} {shown}"
    return f"{sign} {text}".strip()


def _norm_detail(norm: NormSpec | None, explanation: Explanation) -> str:
    """The decree, and the region and year whose column holds."""
    if norm is None:
        return ""
    parts = [norm.decision or explanation.criteria_set.decision]
    if norm.region:
        parts.append(region_text(norm.region))
    if norm.year:
        parts.append(_("năm %(year)s") % {"year": norm.year})
    if norm.derived_set:
        parts.append(
            _("%(factor)s lần mức của %(indicator)s")
            % {
                "factor": format_decimal(norm.derived_factor or Decimal(1), language()),
                "indicator": norm.derived_indicator,
            }
        )
    return " · ".join(part for part in parts if part)


def _gap(found: PartOutcome, unit: str) -> str:
    if found.gap is None:
        return ""
    number = format_decimal(abs(found.gap), language(), grouping=True)
    shown = unit_text(unit)
    text = _("%(number)s điểm phần trăm") % {"number": number} if shown == "%" else f"{number} {shown}".strip()
    if found.gap < 0:
        if missed_from_above(found.part.comparison, found.norm_value):
            return _("vượt %(gap)s") % {"gap": text}
        return _("thiếu %(gap)s") % {"gap": text}
    return ""


def _in_force(row: Recognition, page: UnitPage) -> bool:
    day = page.day
    return (row.expires_on is None or row.expires_on > day) and (row.withdrawn_on is None or row.withdrawn_on > day)


def _act(row: Recognition, page: UnitPage) -> ActRow:
    if row.withdrawn_on and row.withdrawn_on <= page.day:
        state = _("thu hồi ngày %(day)s") % {"day": date_vi(row.withdrawn_on)}
    elif row.expires_on and row.expires_on <= page.day:
        state = _("hết hiệu lực ngày %(day)s") % {"day": date_vi(row.expires_on)}
    else:
        state = _("còn hiệu lực")
    year_only = row.date_precision == Recognition.Precision.YEAR
    return ActRow(
        level=name_of(row.level),
        number=row.decision_number,
        day=_("năm %(year)s") % {"year": row.decided_on.year} if year_only else date_vi(row.decided_on),
        state=state,
        in_force=_in_force(row, page),
        provenance=row.provenance,
        source=row.source,
        note=row.note,
    )
