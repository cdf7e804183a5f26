"""What a line of money stands on: programme, component, unit, year, source, and whether they go together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from communes.models import Unit, UnitVersion
from communes.scope import scope_of
from mongcai_portal.common.errors import Fault
from programmes.models import BudgetLine, Component, FundingSource, Programme

FIRST_YEAR, LAST_YEAR = 2011, 2100


@dataclass(frozen=True, slots=True)
class NewLine:
    """What is typed of a line: codes of the programme, the source and the other programmes, a component's number."""

    programme: str
    component: int | None
    unit: str
    year: int | None
    source: str
    shared_with: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """The rows that a line stands on."""

    programme: Programme
    component: Component | None
    unit: Unit
    year: int
    source: FundingSource
    others: tuple[Programme, ...]

    @property
    def shared_with(self) -> str:
        return shared_key(one.code for one in self.others)


def shared_key(codes: Iterable[str]) -> str:
    """Return other programmes as a line keeps them: their codes in order."""
    return "+".join(sorted(set(codes)))


def ground_of(by: Any, line: NewLine) -> tuple[Ground | None, list[Fault]]:
    """Return the rows that a line stands on, or None and everything that is wrong with what was typed."""
    faults: list[Fault] = []
    programme = Programme.objects.filter(code=line.programme).first()
    if programme is None:
        faults.append(_missing("/programme", line.programme, _("Chọn chương trình."), _("Không có chương trình này.")))
    component, wrong = _component(programme, line.component)
    faults += wrong
    units = Unit.objects.all() if by is None else Unit.objects.visible_to(scope_of(by))
    unit = units.filter(uid=line.unit).first()
    if unit is None:
        unknown = _("Không có đơn vị này trong phạm vi của tài khoản.")
        faults.append(_missing("/unit", line.unit, _("Chọn đơn vị."), unknown))
    source = FundingSource.objects.filter(code=line.source).first()
    if source is None:
        faults.append(_missing("/source", line.source, _("Chọn nguồn vốn."), _("Không có nguồn vốn này.")))
    others, wrong = others_of(line.shared_with, programme)
    faults += wrong
    if line.year is None:
        faults.append(Fault("/year", "required", _("Ghi năm.")))
    elif not FIRST_YEAR <= line.year <= LAST_YEAR:
        words = {"first": FIRST_YEAR, "last": LAST_YEAR}
        faults.append(Fault("/year", "beyond_limits", _("Năm từ %(first)s đến %(last)s.") % words))
    else:
        faults += year_faults(unit, source, line.year)
    if faults or programme is None or unit is None or source is None or line.year is None:
        return None, faults
    return Ground(programme, component, unit, line.year, source, others), faults


def year_faults(unit: Unit | None, source: FundingSource | None, year: int) -> list[Fault]:
    """Return what of the unit and the source does not exist in the year."""
    faults = []
    first, last = date(year, 1, 1), date(year, 12, 31)
    overlaps = (Q(valid_from__isnull=True) | Q(valid_from__lte=last)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=first)
    )
    if unit is not None and not UnitVersion.objects.filter(overlaps, unit=unit).exists():
        faults.append(Fault("/unit", "not_in_year", _("Năm %(year)s không có đơn vị này.") % {"year": year}))
    if source is not None and (
        (source.valid_from or first) > last or (source.valid_to is not None and source.valid_to < first)
    ):
        faults.append(Fault("/source", "not_in_year", _("Năm %(year)s không còn nguồn vốn này.") % {"year": year}))
    return faults


def term_faults(programme: Programme, year: int, *, carried: bool = False) -> list[Fault]:
    """Return what is wrong with the year of a programme; money carried over may be spent one year after its end."""
    first = programme.valid_from.year if programme.valid_from else FIRST_YEAR
    last = (programme.valid_to.year + carried) if programme.valid_to else LAST_YEAR
    if first <= year <= last:
        return []
    words = {"first": first, "last": programme.valid_to.year if programme.valid_to else last}
    message = _("Chương trình này từ năm %(first)s đến năm %(last)s.") % words
    return [Fault("/year", "outside_term", message)]


def same_line(line: BudgetLine) -> BudgetLine | None:
    """Return another line of the very same money."""
    found: BudgetLine | None = (
        BudgetLine.objects.exclude(pk=line.pk)
        .filter(
            programme=line.programme_id, component=line.component_id, unit=line.unit_id, year=line.year,
            source=line.source_id, shared_with=line.shared_with,
        )
        .select_related("programme", "component", "unit", "source")
        .first()
    )  # fmt: skip
    return found


def _component(programme: Programme | None, number: int | None) -> tuple[Component | None, list[Fault]]:
    if programme is None:
        return None, []
    parts = {one.number: one for one in programme.components.all()}
    if number is None:
        if not parts:
            return None, []
        return None, [Fault("/component", "required", _("Chọn nội dung thành phần hoặc dự án."))]
    if number not in parts:
        return None, [Fault("/component", "unknown", _("Chương trình không có thành phần số %(n)s.") % {"n": number})]
    return parts[number], []


def others_of(codes: Sequence[str], own: Programme | None) -> tuple[tuple[Programme, ...], list[Fault]]:
    wanted = list(dict.fromkeys(code for code in codes if code))
    found = {one.code: one for one in Programme.objects.filter(code__in=wanted)}
    faults = [
        Fault("/shared_with", "unknown", _("Không có chương trình “%(code)s”.") % {"code": code})
        for code in wanted
        if code not in found
    ]
    if own is not None and own.code in found:
        faults.append(Fault("/shared_with", "own", _("Chương trình của dòng vốn đã tính rồi: chọn chương trình khác.")))
    return tuple(found.values()), faults


def _missing(pointer: str, given: str, needed: str, unknown: str) -> Fault:
    return Fault(pointer, "unknown", unknown) if given else Fault(pointer, "required", needed)
