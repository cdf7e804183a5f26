"""The page of a programme: what it rests on, and its money beside what was reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from indicators.presenters.words import unit_title
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi, percent1
from programmes.models import LegalBasis, ProgrammePhase, ProgrammeStatement, ProgrammeSuccession
from programmes.presenters.money import Row, Rows, grouped, millions, row, rows_of
from programmes.presenters.programme_words import Card, cards, carried, local, source_rows, term_text
from programmes.presenters.text import name_of
from programmes.rules.budget import LineSum, Total, elapsed, total, year_elapsed
from programmes.selectors.budget import UnitName
from programmes.selectors.programmes import MoneyDay, ProgrammePage, Result


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit's money beside what it has reached."""

    money: Row
    result: Result | None
    level: str


@dataclass(frozen=True, slots=True)
class LegalRow:
    """A text that a programme rests on."""

    basis: LegalBasis
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A stage, and how much of it is over; `width` for drawing."""

    phase: ProgrammePhase
    name: str
    years: str
    over: str
    width: str


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """That this programme goes on in another, or goes on from one."""

    step: ProgrammeSuccession
    text: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class StatementGroup:
    """What the texts state, of one kind."""

    title: str
    rows: tuple[tuple[str, ProgrammeStatement, str], ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """Everything on the page of a programme."""

    title: str
    short: str
    facts: tuple[tuple[str, str], ...]
    note: str
    phases: tuple[PhaseRow, ...]
    successions: tuple[SuccessionRow, ...]
    legal: tuple[LegalRow, ...]
    thematic: tuple[tuple[str, str, str], ...]
    statements: tuple[StatementGroup, ...]
    cards: tuple[Card, ...]
    component_word: str
    components: Rows
    sources: Rows
    units: tuple[UnitRow, ...]
    units_mark: str
    years: Rows
    total: Row
    shared: str
    lines_url: str
    empty: bool


def page_view(page: ProgrammePage) -> PageView:
    programme, when = page.programme, page.when
    lines = [line for line in page.lines if line.year == when.year]
    sums = total(lines)
    agency = local(programme, "agency")
    closing = row(_("Tổng cộng (không tính trùng)"), sums, when)
    units = unit_rows(lines, page.units, page.results, when)
    units_mark = rows_of(one.money for one in units).mark
    return PageView(
        title=name_of(programme),
        short=local(programme, "short"),
        facts=tuple(
            (name, text)
            for name, text in (
                (_("Loại"), str(programme.get_kind_display())),
                (_("Thời gian thực hiện"), term_text(programme.valid_from, programme.valid_to)),
                (_("Cơ quan thường trực"), agency),
            )
            if text
        ),
        note=local(programme, "note"),
        phases=tuple(_phase(one, when.today) for one in programme.phases.all()),
        successions=tuple(_succession(page, one) for one in page.successions),
        legal=tuple(_legal(page, one) for one in (*programme.legal.all(), *page.common_legal)),
        thematic=tuple((name_of(one), one.decision, one.provenance) for one in programme.thematic.all()),
        statements=_statements(page),
        cards=cards(sums, when),
        component_word=local(programme, "component"),
        components=rows_of(_component_rows(page, lines), closing),
        sources=rows_of(source_rows(lines, page.sources, when), closing),
        units=tuple(replace(one, money=replace(one.money, mark="")) for one in units) if units_mark else units,
        units_mark=units_mark,
        years=rows_of(_year_rows(page)),
        total=closing,
        shared=millions(sums.shared) if sums.shared else "",
        lines_url=link("budget_lines", programme=programme.code, **carried(when)),
        empty=not lines,
    )


def _phase(phase: ProgrammePhase, today: date) -> PhaseRow:
    time = elapsed(date(phase.first_year, 1, 1), date(phase.last_year, 12, 31), today)
    return PhaseRow(phase, name_of(phase), f"{phase.first_year}–{phase.last_year}", percent1(time), f"{time:.2f}")


def _succession(page: ProgrammePage, step: ProgrammeSuccession) -> SuccessionRow:
    after = step.predecessor_id == page.programme.pk
    other = step.successor if after else step.predecessor
    words = {"day": date_vi(step.effective_on), "basis": step.legal_basis}
    text = _("Tiếp tục từ %(day)s theo %(basis)s:") if after else _("Kế thừa từ %(day)s theo %(basis)s:")
    return SuccessionRow(step, text % words, local(other, "short"), link("programme", other.code))


def _legal(page: ProgrammePage, basis: LegalBasis) -> LegalRow:
    known = page.titles.get(basis.source)
    return LegalRow(basis, known.title if known else "", known.url if known else "")


def _statements(page: ProgrammePage) -> tuple[StatementGroup, ...]:
    titles = {
        ProgrammeStatement.Kind.GOAL: _("Mục tiêu nêu trong văn bản"),
        ProgrammeStatement.Kind.CAPITAL: _("Vốn nêu trong văn bản"),
        ProgrammeStatement.Kind.FACT: _("Nội dung khác"),
    }
    rows = list(page.programme.statements.all())
    return tuple(
        StatementGroup(title, found)
        for kind, title in titles.items()
        if (found := tuple((local(one, "text"), one, _title(page, one.source)) for one in rows if one.kind == kind))
    )


def _title(page: ProgrammePage, source: str) -> str:
    known = page.titles.get(source)
    return known.title if known else source


def _component_rows(page: ProgrammePage, lines: Sequence[LineSum]) -> tuple[Row, ...]:
    """Own components by number, money of the programme as a whole, then what other programmes' money serves it."""
    own = [line for line in lines if line.serves[0] == page.programme.code]
    sums = grouped(own, lambda line: line.component)
    rows = [
        row(
            f"{one.number}. {name_of(one)}", sums.get(one.pk, Total()), page.when,
            url=link("budget_lines", programme=page.programme.code, component=one.number, **carried(page.when)),
        )
        for one in page.programme.components.all()
    ]  # fmt: skip
    if None in sums:
        rows.append(row(_("Cả chương trình"), sums[None], page.when))
    others = grouped([line for line in lines if line.serves[0] != page.programme.code], lambda line: line.serves[0])
    for code, found in others.items():
        name = local(page.programmes[code], "short")
        rows.append(row(_("Vốn dùng chung của %(name)s") % {"name": name}, found, page.when))
    return tuple(rows)


def unit_rows(
    lines: Iterable[LineSum], units: dict[int, UnitName], results: dict[int, Result], when: MoneyDay
) -> tuple[UnitRow, ...]:
    """Money of each unit beside its criteria and its title; the town's own money comes last."""
    sums = grouped(list(lines), lambda line: line.unit)
    order = sorted(sums, key=lambda pk: (units[pk].kind not in ("commune", "ward"), units[pk].sort_key))
    found = []
    for pk in order:
        unit = units[pk]
        name = unit_title(unit, unit.kind)
        result = results.get(pk)
        url = link("unit", unit.uid, as_of=min(date(when.year, 12, 31), when.day))
        found.append(UnitRow(row(name, sums[pk], when, url=url), result, local(result, "level") if result else ""))
    return tuple(found)


def _year_rows(page: ProgrammePage) -> tuple[Row, ...]:
    """Money by year, the newest first."""
    sums = grouped(page.lines, lambda line: line.year)
    return tuple(
        row(
            str(year), sums[year], page.when, time=year_elapsed(year, page.when.day),
            url=link("programme", page.programme.code, year=year, as_of=carried(page.when)["as_of"]),
        )
        for year in sorted(sums, reverse=True)
    )  # fmt: skip
