"""The tables of money as sheets of a workbook, in whole đồng."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from indicators.presenters.freshness import late_text
from mongcai_portal.common.exports import Cell, Table
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.presenters.money import Row, worst_mark
from programmes.presenters.programme_list import ListView
from programmes.presenters.programmes import PageView, UnitRow
from programmes.selectors.programmes import MoneyDay, Result


def list_tables(view: ListView, when: MoneyDay) -> list[Table]:
    """Programmes and sources of a year."""
    title = _("Vốn các chương trình năm %(year)s") % {"year": when.year}
    rows = [one.money for one in view.rows if one.money is not None]
    notes = [_("Một khoản dùng chung được nêu ở mọi chương trình mà nó phục vụ; dòng cộng chỉ tính mỗi khoản một lần.")]
    return [
        _table(title, _("Chương trình"), [*rows, view.total], when, notes),
        _table(title, _("Nguồn vốn"), [*view.sources.rows, view.total], when, ()),
    ]


def programme_tables(view: PageView, when: MoneyDay) -> list[Table]:
    """Components, sources and units of a year, and all years of a programme."""
    title = f"{view.short}: {_('vốn năm %(year)s') % {'year': when.year}}"
    return [
        _table(title, _("Thành phần"), [*view.components.rows, view.total], when, ()),
        _table(title, _("Nguồn vốn"), [*view.sources.rows, view.total], when, ()),
        _unit_table(title, view.units, view.total, when),
        _table(f"{view.short}: {_('vốn các năm')}", _("Năm"), view.years.rows, when, ()),
    ]


def _headings(first: str) -> list[str | Promise]:
    return [
        first, _("Kế hoạch giao"), _("Kế hoạch năm trước kéo dài"), _("Đã phân bổ"), _("Đã giải ngân"),
        _("Tỷ lệ giải ngân (%)"), _("Kế hoạch huy động"), _("Đã huy động"), _("Trong đó dùng chung"), _("Mức tin cậy"),
    ]  # fmt: skip


def _cells(row: Row) -> list[Cell]:
    sums = row.total
    return [
        row.label, sums.planned, sums.carried_over, sums.allocated, sums.disbursed,
        round(sums.rate, 1) if sums.rate is not None else None, sums.mobilised_planned, sums.mobilised, sums.shared,
        Provenance(worst_mark(sums.marks) or Provenance.SOURCED).label if sums.lines else None,
    ]  # fmt: skip


def _table(title: str, name: str, rows: Iterable[Row], when: MoneyDay, notes: Iterable[str]) -> Table:
    return Table(
        title=title, headings=_headings(name), rows=map(_cells, rows), lines=_lines(when), notes=[*notes], name=name
    )


def _unit_table(title: str, rows: Iterable[UnitRow], total: Row, when: MoneyDay) -> Table:
    headings = [*_headings(_("Đơn vị")), _("Tiêu chí đạt"), _("Tổng số tiêu chí"), _("Kỳ báo cáo"), _("Đã công nhận")]

    def cells() -> Iterator[list[Cell]]:
        for one in rows:
            found = one.result
            yield [
                *_cells(one.money), found.met if found else None, found.total if found else None,
                _period(found) if found else None, one.level or None,
            ]  # fmt: skip
        yield [*_cells(total), None, None, None, None]

    return Table(title=title, headings=headings, rows=cells(), lines=_lines(when), name=_("Đơn vị"))


def _period(found: Result) -> str:
    """The period of the criteria, and since when they are older than they should be."""
    return f"{found.period} ({late_text(found.late)})" if found.late else found.period


def _lines(when: MoneyDay) -> list[str]:
    return [_("Số tiền tính bằng đồng, gồm các khoản ghi đến hết %(day)s.") % {"day": date_vi(when.day)}]
