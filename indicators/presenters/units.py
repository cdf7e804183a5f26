"""The list of units as its page reads it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from communes.models import UnitKind
from indicators.models import Attainment, Recognition
from indicators.presenters.lineage import days_text, unit_url
from indicators.presenters.words import unit_title
from indicators.rules.freshness import Late
from indicators.rules.types import MET
from indicators.selectors.units import UnitList, UnitRow


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of the list; `attained` is the highest level its figures attain, `lowest` the first one they do not."""

    title: str
    url: str
    code: str
    kind: str
    recognition: Recognition | None
    attained: Attainment | None
    open: Attainment | None
    judged: bool
    late: Late | None


@dataclass(frozen=True, slots=True)
class ListView:
    """The page."""

    rows: tuple[Row, ...]
    kinds: tuple[tuple[str, str, int], ...]
    elsewhen: tuple[tuple[str, str, str], ...]


def list_view(found: UnitList) -> ListView:
    """Arrange the list."""
    kinds = [("", _("Tất cả"), sum(found.counts.values()))]
    kinds += [(code, str(UnitKind(code).label).capitalize(), n) for code, n in found.counts.items() if n]
    return ListView(
        tuple(_row(row, found) for row in found.rows),
        tuple(kinds),
        tuple(
            (
                unit_title(v, v.kind),
                days_text(v.valid_from, v.valid_to),
                unit_url(v.unit.uid, v.valid_to if v.valid_to and v.valid_to < found.day else v.valid_from),
            )
            for v in found.elsewhen
        ),
    )


def _row(row: UnitRow, found: UnitList) -> Row:
    attained = [a for a in row.attainments if a.outcome == MET]
    missed = [a for a in row.attainments if a.outcome != MET]
    return Row(
        title=unit_title(row.unit, row.unit.kind),
        url=unit_url(row.unit.uid, found.day),
        code=row.unit.official_code,
        kind=row.unit.kind,
        recognition=row.recognition,
        attained=attained[-1] if attained else None,
        open=missed[0] if missed else None,
        judged=row.unit.kind == UnitKind.COMMUNE,
        late=row.late,
    )
