"""The parts of a count of households as tables of the measure's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from communes.presenters.households import area_word
from communes.rules.ethnic_groups import FOREIGN
from mongcai_portal.common.numbers import percentage
from mongcai_portal.common.templatetags.portal import date_vi, number, percent1
from programmes.measures.explained import Breakdown, CountedPart, Explanation
from programmes.presenters.text import name_of, names, printed_beside


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part: its number, all households of it, and the share; `few` where the reader may not see how many."""

    name: str
    number: str
    of: str
    share: str
    few: bool


@dataclass(frozen=True, slots=True)
class PartTable:
    """The parts by one thing: its title and what the first column is called."""

    title: str
    column: str
    rows: tuple[PartRow, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What the register counted: the day, the standard with its text, what differs, and the parts."""

    day: str
    standard: str
    decision: str
    differs: str
    tables: tuple[PartTable, ...]
    cohort: tuple[tuple[str, str], ...]
    absent: str
    few: bool


def counted(found: Explanation) -> Counted | None:
    """Arrange the parts of a figure about households; None for other figures."""
    parts, value = found.households, found.value
    if parts is None:
        return None
    day = parts.day
    tables = [
        PartTable(title, column, tuple(_row(one, named) for one in rows))
        for title, column, rows, named in (
            (_("Theo chuẩn nghèo khác cùng tính trong ngày"), _("Chuẩn nghèo"), parts.by_standard, name_of),
            (_("Theo xã, phường"), _("Xã, phường"), parts.by_unit, name_of),
            (_("Theo dân tộc của chủ hộ"), _("Dân tộc"), parts.by_ethnic_group, _ethnic_group),
            (_("Theo khu vực"), _("Khu vực"), parts.by_area_type, lambda part: area_word(part.code)),
        )
        if rows
    ]
    return Counted(
        day=date_vi(day.day) if day else "",
        standard=name_of(day.standard) if day else "",
        decision=day.standard.decision if day else "",
        differs=printed_beside(value) if value.differs else "",
        tables=tuple(tables),
        cohort=_cohort(parts),
        absent=_("Sổ hộ chưa có hộ nào của: %(names)s.") % {"names": names(parts.absent)} if parts.absent else "",
        few=any(row.few for table in tables for row in table.rows),
    )


def _row(part: CountedPart, named: Callable[[CountedPart], str]) -> PartRow:
    known = part.number is not None
    return PartRow(
        name=named(part),
        number=number(part.number) if known else "",
        of="" if part.of is None else number(part.of),
        share=percent1(percentage(part.number, part.of)) if part.number is not None and part.of else "",
        few=not known,
    )


def _ethnic_group(part: CountedPart) -> str:
    return _("người nước ngoài") if part.code == FOREIGN else name_of(part) or _("chưa ghi")


def _cohort(parts: Breakdown) -> tuple[tuple[str, str], ...]:
    cohort = parts.cohort
    if cohort is None:
        return ()
    words = {"day": date_vi(cohort.since.day), "decision": cohort.since.standard.decision}
    rows: list[tuple[str, int | None]] = [(_("Hộ nghèo ngày %(day)s, theo %(decision)s") % words, cohort.poor)]
    if cohort.parts is not None:
        rows += [
            (_("nay là hộ cận nghèo"), cohort.parts.escaped_to_near_poor),
            (_("nay không nghèo, không cận nghèo"), cohort.parts.escaped_to_not_poor),
            (_("vẫn nghèo"), cohort.parts.still_poor),
            (_("chưa xác định được"), cohort.parts.undetermined),
            (_("đã ra khỏi sổ hộ"), cohort.parts.gone),
        ]
    else:
        rows += [(_("đã thoát nghèo"), cohort.escaped), (_("chưa thoát nghèo hoặc đã ra khỏi sổ hộ"), cohort.rest)]
    return tuple((label, _("ít, không nêu số") if number is None else str(number)) for label, number in rows)
