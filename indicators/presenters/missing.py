"""What a unit lacks at a level as its page reads it: grouped by why, the nearest to its norm first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.presenters.criterion import amount_text, gap_text, norm_text
from indicators.presenters.words import local, state_text
from indicators.rules.missing import NO_NORM, REFUSED, SHORT, UNREPORTED, Missing, missing
from indicators.rules.types import MET, NOT_APPLICABLE, PartOutcome, Standing
from indicators.selectors.commune import Computed
from indicators.selectors.definitions import CellDef
from mongcai_portal.common.templatetags.portal import percent1


@dataclass(frozen=True, slots=True)
class PartText:
    """One missed cell: value, norm, gap."""

    name: str
    value: str
    norm: str
    gap: str


@dataclass(frozen=True, slots=True)
class MissingLine:
    """An indicator that is not met; `reached` is how much of the way is done, in per cent, None without a distance."""

    code: str
    name: str
    criterion: str
    criterion_number: int
    outcome: str
    parts: tuple[PartText, ...]
    reached: int | None
    distance: str
    office: str
    judged: bool
    unverified: bool


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """Lines that are missing for the same reason."""

    kind: str
    title: str
    hint: str
    lines: tuple[MissingLine, ...]


def missing_groups(standing: Standing, computed: Computed) -> tuple[MissingGroup, ...]:
    """Arrange what is missing at a level, without empty groups."""
    found = missing(standing)
    titles = {
        SHORT: (_("Chưa đạt mức"), _("gần mức nhất trước")),
        REFUSED: (_("Chưa đạt, không đo được bằng số"), _("trả lời đạt/chưa đạt hoặc phòng ban kết luận")),
        UNREPORTED: (_("Chưa có số liệu"), _("chưa báo cáo, khác với chưa đạt")),
        NO_NORM: (_("Chưa có mức đạt chuẩn"), _("chưa biết mức và phòng ban chưa kết luận")),
    }
    groups = []
    for kind, (title, hint) in titles.items():
        lines = tuple(_line(one, computed) for one in found if one.kind == kind)
        if lines:
            groups.append(MissingGroup(kind, title, hint, lines))
    return tuple(groups)


def _line(one: Missing, computed: Computed) -> MissingLine:
    criterion = computed.criteria[one.criterion.spec.id]
    words = {"criterion": local(criterion), "criterion_number": criterion.number, "outcome": one.criterion.outcome}
    if one.indicator is None:
        empty = {"parts": (), "reached": None, "distance": "", "office": "", "judged": False, "unverified": False}
        return MissingLine(code="", name=_("tiêu chí chưa có chỉ tiêu nào trên cổng"), **words, **empty)  # type: ignore[arg-type]
    found = one.indicator
    text = computed.layout.indicators[found.spec.version_id]
    element = computed.layout.definitions.element(found.spec.element)
    office = computed.layout.offices.get(element.office_id) if element else None
    cells = {cell.part: cell for cell in element.cells} if element else {}
    return MissingLine(
        code=found.spec.code,
        name=local(text.name),
        criterion=local(criterion),
        criterion_number=criterion.number,
        outcome=found.outcome,
        parts=tuple(
            _part(part, cells.get(part.part.code), text.unit)
            for part in found.parts
            if part.outcome not in (MET, NOT_APPLICABLE)
        ),
        # Rounded down: what is not there yet never reads as all of it.
        reached=None if one.distance is None else int((1 - one.distance) * 100),
        distance=_distance(one.distance),
        office=local(office) if office else "",
        judged=found.judged,
        unverified=found.unverified,
    )


def _distance(distance: Decimal | None) -> str:
    return "" if distance is None else _("cách mức %(share)s") % {"share": percent1(distance * 100)}


def _part(found: PartOutcome, cell: CellDef | None, unit: str) -> PartText:
    unit = cell.unit if cell else unit
    value = ""
    if found.cell is not None:
        value = amount_text(found.cell.value, unit) if found.cell.state == "value" else state_text(found.cell.state)
    return PartText(
        local(cell) if cell and found.part.code else "",
        value or _("chưa nhập"),
        norm_text(found, unit),
        gap_text(found, unit),
    )
