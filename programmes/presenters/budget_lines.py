"""Lines of money: in a list, one with its movements, and as a table to be taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.presenters.words import unit_title
from mongcai_portal.common.exports import Cell, Table
from mongcai_portal.common.links import link
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.models import BudgetEntry, BudgetLine, ConversionRule, FundingSource
from programmes.presenters.money import Pace, millions, pace, whole_dong
from programmes.presenters.programme_words import local
from programmes.presenters.text import language, name_of
from programmes.rules.budget import share, year_elapsed
from programmes.selectors.budget_lines import Choices, LineCard, LinePage

HEADINGS = (
    gettext_lazy("Chương trình"),
    gettext_lazy("Thành phần số"),
    gettext_lazy("Nội dung thành phần"),
    gettext_lazy("Dùng chung với"),
    gettext_lazy("Đơn vị"),
    gettext_lazy("Năm"),
    gettext_lazy("Nguồn vốn"),
    gettext_lazy("Kế hoạch giao"),
    gettext_lazy("Kế hoạch năm trước kéo dài"),
    gettext_lazy("Đã phân bổ"),
    gettext_lazy("Đã giải ngân"),
    gettext_lazy("Tỷ lệ giải ngân (%)"),
    gettext_lazy("Mức tin cậy"),
)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line in a list; amounts in million đồng."""

    url: str
    programme: str
    component: str
    serves: str
    unit: str
    year: int
    source: str
    planned: str
    carried_over: str
    allocated: str
    disbursed: str
    pace: Pace
    mark: str
    mobilised: bool


def line_row(card: LineCard, day: date) -> LineRow:
    line = card.line
    return LineRow(
        url=link("budget_line", line.pk),
        programme=local(line.programme, "short"),
        component=component_text(line),
        serves=", ".join(local(one, "short") for one in card.serves),
        unit=unit_title(card.unit, card.unit.kind),
        year=line.year,
        source=name_of(line.source),
        planned=millions(card.planned),
        carried_over=millions(card.carried_over),
        allocated="–" if line.mobilised else millions(card.allocated),
        disbursed=millions(card.disbursed),
        pace=_pace(card, day),
        mark="" if card.provenance == Provenance.SOURCED else card.provenance,
        mobilised=line.mobilised,
    )


def _pace(card: LineCard, day: date) -> Pace:
    rate = share(card.disbursed, card.planned + card.carried_over)
    return pace(rate, year_elapsed(card.line.year, day), mobilised=card.line.mobilised)


def component_text(line: BudgetLine) -> str:
    if line.component is None:
        return _("cả chương trình")
    return f"{line.component.number}. {name_of(line.component)}"


def lines_table(cards: Iterable[LineCard], day: date, title: str) -> Table:
    """The lines as a table, in whole đồng; a file of it can be brought in again."""
    return Table(
        title=title,
        headings=HEADINGS,
        rows=_rows(cards),
        lines=[
            _("Số tiền tính bằng đồng, gồm các khoản ghi đến hết %(day)s.") % {"day": date_vi(day)},
            _("Một khoản dùng chung cho nhiều chương trình chỉ có một dòng: cộng các dòng không tính trùng."),
        ],
        name=_("Vốn"),
    )


def _rows(cards: Iterable[LineCard]) -> Iterator[list[Cell]]:
    for card in cards:
        line = card.line
        rate = share(card.disbursed, card.planned + card.carried_over)
        yield [
            line.programme.code, line.component.number if line.component else None,
            name_of(line.component) if line.component else None, "; ".join(one.code for one in card.serves),
            unit_title(card.unit, card.unit.kind), line.year, name_of(line.source), card.planned, card.carried_over,
            card.allocated, card.disbursed, round(rate, 1) if rate is not None else None,
            Provenance(card.provenance).label,
        ]  # fmt: skip


# --- One line --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A movement, as read."""

    entry: BudgetEntry
    kind: str
    amount: str
    quantity: str
    file: str
    file_url: str


@dataclass(frozen=True, slots=True)
class LineView:
    """Everything on the page of a line; amounts to the đồng."""

    title: str
    facts: tuple[tuple[str, str], ...]
    amounts: tuple[tuple[str, str], ...]
    pace: Pace
    entries: tuple[EntryRow, ...]
    neighbours: tuple[tuple[str, str], ...]
    mark: str
    measure: str


def line_view(page: LinePage, today: date) -> LineView:
    card, line = page.card, page.card.line
    left = card.planned + card.carried_over - card.disbursed
    amounts = [
        (_("Kế hoạch giao"), card.planned), (_("Kéo dài từ năm trước"), card.carried_over),
        (_("Đã phân bổ"), card.allocated), (_("Đã giải ngân"), card.disbursed),
        (_("Đã kéo dài sang năm sau"), page.after.carried_over if page.after else 0),
        (_("Còn lại"), max(left - (page.after.carried_over if page.after else 0), 0)),
    ]  # fmt: skip
    if line.mobilised:
        amounts = [(_("Kế hoạch huy động"), card.planned), (_("Đã huy động"), card.disbursed)]
    return LineView(
        title=component_text(line),
        facts=(
            (_("Chương trình"), local(line.programme, "short")),
            (_("Dùng chung với"), ", ".join(local(one, "short") for one in card.serves) or _("không")),
            (_("Đơn vị"), unit_title(card.unit, card.unit.kind)),
            (_("Năm"), str(line.year)),
            (_("Nguồn vốn"), name_of(line.source)),
        ),
        amounts=tuple((name, whole_dong(amount)) for name, amount in amounts),
        pace=_pace(card, today),
        entries=tuple(_entry(one, line.source) for one in page.entries),
        neighbours=tuple(
            (str(one.year), link("budget_line", one.pk)) for one in (page.before, page.after) if one is not None
        ),
        mark="" if card.provenance == Provenance.SOURCED else card.provenance,
        measure=str(line.source.get_measure_display()) if line.source.measure != "dong" else "",
    )


def _entry(entry: BudgetEntry, source: FundingSource) -> EntryRow:
    quantity = ""
    if entry.quantity is not None and entry.rule is not None:
        quantity = _("%(n)s %(measure)s × %(dong)s đ") % {
            "n": format_decimal(entry.quantity, language(), grouping=True),
            "measure": source.get_measure_display(),
            "dong": whole_dong(entry.rule.dong),
        }
    kind = str(entry.get_kind_display())
    if not source.by_decision and entry.kind == BudgetEntry.Kind.DISBURSED:
        kind = _("huy động được")
    file = entry.imported_from
    return EntryRow(
        entry, kind, whole_dong(entry.amount), quantity, file.name if file else "",
        link("budget_import", file.pk) if file else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule of conversion, as read."""

    rule: ConversionRule
    measure: str
    dong: str
    days: str


def rule_row(rule: ConversionRule) -> RuleRow:
    since = _("từ %(day)s") % {"day": date_vi(rule.valid_from)}
    until = _("chỉ đến hết %(day)s") % {"day": date_vi(rule.valid_to)} if rule.valid_to else ""
    return RuleRow(rule, str(rule.get_measure_display()), whole_dong(rule.dong), f"{since} {until}".strip())


def form_choices(found: Choices) -> dict[str, list[tuple[object, object]]]:
    """What a form of a line can be filled with."""
    components: list[tuple[object, object]] = []
    for programme in found.programmes:
        parts = list(programme.components.all())
        name = local(programme, "short")
        if parts:
            components.append(
                (name, [(f"{programme.code}:{one.number}", f"{one.number}. {name_of(one)}"[:110]) for one in parts])
            )
        else:
            components.append((f"{programme.code}:", name))
    return {
        "components": components,
        "units": [(one.uid, unit_title(one, one.kind)) for one in found.units],
        "sources": [(one.code, name_of(one)) for one in found.sources],
        "programmes": [(one.code, local(one, "short")) for one in found.programmes],
    }
