"""The list of programmes with their money of a year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from mongcai_portal.common.links import link
from programmes.models import Programme
from programmes.presenters.money import Row, Rows, millions, row, rows_of
from programmes.presenters.programme_words import Card, cards, carried, local, source_rows, term_text
from programmes.presenters.programme_work import Fact, facts_of
from programmes.rules.budget import Total, by_programme, doubled, total
from programmes.selectors.programmes import ListPage


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """A programme in the list."""

    programme: Programme
    name: str
    kind: str
    term: str
    components: str
    url: str
    money: Row | None
    over: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ListView:
    """Everything on the list of programmes."""

    cards: tuple[Card, ...]
    rows: tuple[ProgrammeRow, ...]
    total: Row
    doubled: str
    sources: Rows
    mark: str
    empty: bool


def list_view(page: ListPage) -> ListView:
    sums = by_programme(page.lines)
    everything = total(page.lines)
    twice = doubled(page.lines)
    closing = row(_("Tổng cộng (không tính trùng)"), everything, page.when)
    rows = [_programme_row(one, sums.get(one.code), page) for one in page.programmes]
    table = rows_of([one.money for one in rows if one.money is not None])
    if table.mark:
        rows = [replace(one, money=replace(one.money, mark="")) if one.money is not None else one for one in rows]
    return ListView(
        cards=cards(everything, page.when),
        rows=tuple(rows),
        total=closing,
        doubled=millions(twice) if twice else "",
        sources=rows_of(source_rows(page.lines, page.sources, page.when), closing),
        mark=table.mark,
        empty=not page.lines,
    )


def _programme_row(programme: Programme, sums: Total | None, page: ListPage) -> ProgrammeRow:
    n = page.components.get(programme.code, 0)
    return ProgrammeRow(
        programme=programme,
        name=local(programme, "short"),
        kind=str(programme.get_kind_display()),
        term=term_text(programme.valid_from, programme.valid_to),
        components=f"{n} {local(programme, 'component')}" if n else _("chưa có danh mục thành phần"),
        url=link("programme", programme.code, **carried(page.when)),
        money=row(local(programme, "short"), sums, page.when) if sums else None,
        over=programme.valid_to is not None and programme.valid_to < date(page.when.year, 1, 1),
        facts=facts_of(page, programme.code),
    )
