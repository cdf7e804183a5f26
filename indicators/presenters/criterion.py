"""A criterion with what it rests on: each indicator's values, norms with their decrees, the rule, and the people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.models import IndicatorVersion, Judgement
from indicators.presenters.evidence import EvidenceView, evidence_views
from indicators.presenters.words import language, state_text, unit_text, value_text
from indicators.rules.comparators import missed_from_above
from indicators.rules.types import (
    MET,
    NO_DATA,
    NOT_APPLICABLE,
    NOT_MET,
    UNDETERMINED,
    CriterionOutcome,
    IndicatorOutcome,
    NormSpec,
    PartOutcome,
    Value,
)
from indicators.selectors.attainment import Explanation
from indicators.selectors.attainment_pages import UnitPage
from indicators.selectors.definitions import CellDef, ElementDef
from mongcai_portal.common.links import link
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import date_vi, outcome_label

SIGNS = {">=": "≥", "<=": "≤", "==": "="}


@dataclass(frozen=True, slots=True)
class Basis:
    """What the rows of an explanation are read from: the rules' answer, the elements, the offices' judgements."""

    explanation: Explanation
    elements: Mapping[str, ElementDef]
    judgements: Mapping[str, Judgement]
    below: Mapping[str, str] = field(default_factory=dict)  # by set: the unit's page at that set's level


@dataclass(frozen=True, slots=True)
class PartRow:
    """One judged cell: value, norm, the distance between them, and the rule as it was applied."""

    name: str
    value: str
    reason: str
    norm: str
    norm_detail: str
    norm_provenance: str
    gap: str
    short: bool
    outcome: str
    rule: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator, its cells, and who stands behind the value."""

    code: str
    element: str
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
    approved_by: str
    approved_at: datetime | None
    note: str
    lack: str
    below_url: str = ""  # where the result comes from that the indicator takes over
    evidence: tuple[EvidenceView, ...] = ()

    @property
    def value(self) -> str:
        """The values in one line: `male: 96,4%; female: 95%`."""
        return "; ".join(f"{p.name}: {p.value}" if p.name else p.value for p in self.parts)


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

    @property
    def ordered(self) -> tuple[IndicatorRow, ...]:
        """What keeps the criterion from being met first, the rest in the decree's order."""
        return (*self.lacking, *(i for i in self.indicators if i not in self.lacking))

    @property
    def conclusion(self) -> str:
        """How the indicators' outcomes give the criterion's: `3 đạt, 1 chưa đạt`."""
        counts = {code: sum(i.outcome == code for i in self.indicators) for code in OUTCOME_ORDER}
        return ", ".join(f"{n} {outcome_label(code).lower()}" for code, n in counts.items() if n)


OUTCOME_ORDER = (MET, NOT_MET, NO_DATA, UNDETERMINED, NOT_APPLICABLE)


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


def criterion_row(found: CriterionOutcome, basis: Basis) -> CriterionRow:
    """Arrange a criterion."""
    applicable = [i for i in found.indicators if i.outcome != NOT_APPLICABLE]
    return CriterionRow(
        number=found.spec.number,
        name=name_of(basis.explanation.criteria[found.spec.id]),
        outcome=found.outcome,
        met=sum(i.outcome == MET for i in applicable),
        total=len(applicable),
        indicators=tuple(indicator_row(i, basis) for i in found.indicators),
        judged=found.judged,
        unverified=found.unverified,
    )


def indicator_row(found: IndicatorOutcome, basis: Basis) -> IndicatorRow:
    """Arrange an indicator."""
    version = basis.explanation.versions[found.spec.version_id]
    history = basis.explanation.elements.get(found.spec.element)
    parts = tuple(_part(p, basis, version) for p in found.parts)
    revision = basis.explanation.revision
    return IndicatorRow(
        code=found.spec.code,
        element="" if found.spec.derived_from_attainment else found.spec.element,
        name=name_of(version),
        outcome=found.outcome,
        parts=parts,
        office=name_of(version.indicator.office),
        judged=_judged(basis.judgements.get(found.spec.element)) if found.judged else "",
        unverified=found.unverified,
        entered_by=history.entered.by if history else "",
        entered_at=history.entered.at if history else None,
        verified_by=history.verified.by if history else "",
        verified_at=history.verified.at if history else None,
        approved_by=revision.approved_by if history else "",
        approved_at=revision.approved_at if history else None,
        note=history.note if history else "",
        evidence=tuple(evidence_views(basis.explanation.evidence.get(version.element_id, ()))),
        lack=_lack(found, parts),
        below_url=basis.below.get(found.spec.derived_from_attainment, ""),
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
    if found.spec.derived_from_attainment:
        return _("theo kết quả của mức thấp hơn") if found.outcome == UNDETERMINED else ""
    if found.outcome == UNDETERMINED:
        return _("chưa có mức đạt chuẩn và chưa có ý kiến của phòng ban")
    return ""


def below_urls(page: UnitPage) -> dict[str, str]:
    """The unit's page at the level of each set, by the set's code."""
    return {s.code: link("attainment_unit", page.unit.uid, as_of=page.day, level=s.level.code) for s in page.sets}


def amount_text(value: Value | None, unit: str) -> str:
    """A value with its unit: `62,8 triệu đồng/người/năm`, `96,4%`, `đạt`."""
    text, shown = value_text(value, unit), unit_text(unit)
    return f"{text} {shown}" if isinstance(value, Decimal) and shown and shown != "%" else text


def _part(found: PartOutcome, basis: Basis, version: IndicatorVersion) -> PartRow:
    element = basis.elements.get(version.element.code)
    cell: CellDef | None = next((c for c in element.cells if c.part == found.part.code), None) if element else None
    unit = cell.unit if cell else version.unit
    value = ""
    if found.cell is not None:
        value = amount_text(found.cell.value, unit) if found.cell.state == "value" else state_text(found.cell.state)
    norm = norm_text(found, unit)
    return PartRow(
        name=name_of(cell) if cell and found.part.code else "",
        value=value or _("chưa nhập"),
        reason=found.cell.reason if found.cell else "",
        norm=norm,
        norm_detail=_norm_detail(found.norm, basis.explanation),
        norm_provenance=found.norm.provenance if found.norm else "",
        gap=gap_text(found, unit),
        short=found.outcome == NOT_MET,
        outcome=found.outcome,
        rule=_rule(found, unit),
    )


def norm_text(found: PartOutcome, unit: str) -> str:
    """A norm as read: `≥ 65%`; "" when none is known."""
    if found.norm_value is None:
        return ""
    return f"{SIGNS.get(found.part.comparison, '')} {amount_text(found.norm_value, unit)}".strip()


def _rule(found: PartOutcome, unit: str) -> str:
    """The comparison that was made, and its answer: `29,2% ≥ 30%: sai`."""
    if found.outcome == NOT_APPLICABLE:
        return _("không áp dụng: không tính")
    if found.outcome == NO_DATA or found.cell is None:
        return _("chưa có số liệu để so với mức")
    if found.norm_value is None:
        return _("chưa có mức để so: theo ý kiến của phòng ban, nếu có")
    value, norm = value_text(found.cell.value, unit), value_text(found.norm_value, unit)
    words = {
        "value": value,
        "sign": SIGNS.get(found.part.comparison, "="),
        "norm": norm,
        "answer": _("đúng") if found.outcome == MET else _("sai"),
    }
    return _("%(value)s %(sign)s %(norm)s: %(answer)s") % words


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


def gap_text(found: PartOutcome, unit: str) -> str:
    """How far a missed cell is from its norm: `thiếu 5 điểm phần trăm`, `vượt 2 nhà`."""
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
