"""The matrix of communes and criteria as its page reads it: shapes, words, links, what turned between two dates."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indicators.models import Level
from indicators.presenters.criterion import name_of
from indicators.presenters.marks import marks_of
from indicators.presenters.words import listed, period_label
from indicators.rules.freshness import Late
from indicators.rules.marks import NO_MARKS, Marks
from indicators.rules.turning import BETTER, GONE, NEW, OTHER, SAME, WORSE
from indicators.rules.types import MET
from indicators.selectors.attainment_table import Act, Table, TableRow
from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi, outcome_label

ARROWS = {BETTER: "▲", WORSE: "▼", OTHER: "↔", NEW: "＋", GONE: "×"}
TURNED = "turned"  # ?only=turned
NAMED_IN_HEADING = 8  # units whose recognition differs; each has its mark in the table


@dataclass(frozen=True, slots=True)
class Column:
    """A criterion: its number, and the name that the number stands for."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A unit: criteria met of those that apply, recognised or not; `turns` are (number, code) of what turned."""

    uid: str
    name: str
    met: int | None
    total: int | None
    outcome: str
    outcome_word: str
    period: str
    marks: Marks
    act: Act | None
    act_level: str
    differs: str
    source: TableRow
    turns: tuple[tuple[int, str], ...] = ()
    then_met: int | None = None
    then_total: int | None = None
    late: Late | None = None


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The page: columns and rows that are shown, and in words what turned."""

    level: str
    level_code: str
    decision: str
    columns: tuple[Column, ...]
    names: tuple[Column, ...]  # of all criteria, also of those not shown
    rows: tuple[MatrixRow, ...]
    attained: str
    summary: str
    turns: tuple[tuple[str, str, str], ...]  # code, arrow, word: for the legend
    differing: str  # the names of those whose recognition differs, the first of very many
    only_turned: bool
    nothing_turned: bool
    gone: str
    off_map: str
    last_day: str  # the newest day with results before the day shown, when that has none
    last_url: str
    marked: bool
    illustrative: bool
    late: bool


def turn_word(code: str) -> str:
    """The word of a turn."""
    return {
        BETTER: pgettext("turn", "lên"),
        WORSE: pgettext("turn", "xuống"),
        OTHER: pgettext("turn", "đổi khác"),
        NEW: pgettext("turn", "mới có kết quả"),
        GONE: pgettext("turn", "không còn kết quả"),
        SAME: pgettext("turn", "như cũ"),
    }[code]


def short_level(code: str, name: str) -> str:
    """The short word of a level; one without it is called by its name."""
    return {
        "standard": pgettext("level", "Đạt chuẩn"),
        "advanced": pgettext("level", "Nâng cao"),
        "model": pgettext("level", "Kiểu mẫu"),
    }.get(code) or name


def matrix_view(table: Table, *, only: str = "") -> MatrixView:
    """Arrange the matrix; `only="turned"` leaves what turned since the date compared with."""
    names = tuple(Column(c.number, name_of(c)) for c in table.columns)
    every = tuple(_row(row, table, names) for row in table.rows)
    only_turned = only == TURNED and table.compare is not None
    rows, columns = every, names
    if only_turned:
        numbers = {number for row in every for number, _code in row.turns}
        columns = tuple(c for c in names if c.number in numbers)
        rows = tuple(row for row in every if row.turns)
    turned = Counter(code for row in every for _number, code in row.turns)
    chosen = table.chosen
    last = next((day for day in table.days if day < table.day), None) if not table.rows else None
    return MatrixView(
        level=name_of(chosen.level) if chosen else "",
        level_code=chosen.level.code if chosen else "",
        decision=chosen.decision if chosen else "",
        columns=columns,
        names=names,
        rows=rows,
        attained=_attained(table),
        summary=_summary(table, turned) if table.compare else "",
        turns=tuple((code, ARROWS[code], turn_word(code)) for code in ARROWS if turned[code]),
        differing=listed([row.name for row in every if row.differs], NAMED_IN_HEADING),
        only_turned=only_turned,
        nothing_turned=table.compare is not None and not turned,
        gone=_gone(table),
        off_map=_off_map(table),
        last_day=date_vi(last) if last else "",
        last_url=link("attainment", as_of=last, level=chosen.level.code if chosen else "") if last else "",
        marked=any(marks_of(one) for one in {one for row in rows for one in row.source.criteria.values()}),
        illustrative=any(row.marks.illustrative for row in rows),
        late=any(row.late for row in rows),
    )


def _row(row: TableRow, table: Table, columns: tuple[Column, ...]) -> MatrixRow:
    stored, act = row.attainment, row.recognitions[0] if row.recognitions else None
    turns: tuple[tuple[int, str], ...] = ()
    if table.compare is not None:
        every = ((column.number, row.turned(column.number)) for column in columns)
        turns = tuple((number, code) for number, code in every if code != SAME)
    return MatrixRow(
        uid=row.unit.uid,
        name=name_of(row.unit),
        met=stored.criteria_met if stored else None,
        total=stored.criteria_total if stored else None,
        outcome=stored.outcome if stored else "",
        outcome_word=outcome_label(stored.outcome) if stored else "",
        period=period_label(stored.period) if stored else "",
        marks=marks_of(stored) if stored else NO_MARKS,
        act=act,
        act_level=short_level(act.level.code, name_of(act.level)) if act else "",
        differs=_differs(row, table),
        source=row,
        turns=turns,
        then_met=row.attainment_then.criteria_met if row.attainment_then else None,
        then_total=row.attainment_then.criteria_total if row.attainment_then else None,
        late=row.late,
    )


def _differs(row: TableRow, table: Table) -> str:
    """Recognised at the level while the figures do not attain it, or the other way: news, in words."""
    if table.chosen is None or row.attainment is None:
        return ""
    recognised = _recognised(row, table.chosen.level)
    if recognised and row.attainment.outcome != MET:
        return _("đã công nhận, số liệu chưa đủ")
    if not recognised and row.attainment.outcome == MET:
        return _("số liệu đủ, chưa công nhận")
    return ""


def _met(rows: list[TableRow], *, then: bool = False) -> tuple[int, int]:
    found = [r.attainment_then if then else r.attainment for r in rows]
    return sum(a.outcome == MET for a in found if a), sum(a is not None for a in found)


def _attained(table: Table) -> str:
    """How many of the units with a result attain the level, and how many of the same are recognised at it."""
    met, total = _met(list(table.rows))
    if not total or table.chosen is None:
        return ""
    level = table.chosen.level
    held = sum(_recognised(row, level) for row in table.rows if row.attainment)
    return _("%(met)s/%(total)s xã đạt mức này theo số liệu, %(held)s/%(total)s được công nhận") % {
        "met": met, "total": total, "held": held
    }  # fmt: skip


def _recognised(row: TableRow, level: Level) -> bool:
    return any(act.level.phase == level.phase and act.level.rank >= level.rank for act in row.recognitions)


def _summary(table: Table, turned: Counter[str]) -> str:
    """What turned, in one sentence: `So với 31/12/2022: 14 tiêu chí lên, 2 xuống; xã đạt mức này: 2 → 4`."""
    day = date_vi(table.compare)
    better = ngettext("%(n)s tiêu chí lên", "%(n)s tiêu chí lên", turned[BETTER]) % {"n": turned[BETTER]}
    parts = [better, pgettext("turn", "%(n)s xuống") % {"n": turned[WORSE]}]
    if turned[OTHER]:
        parts.append(pgettext("turn", "%(n)s đổi khác") % {"n": turned[OTHER]})
    if turned[NEW]:
        parts.append(pgettext("turn", "%(n)s mới có kết quả") % {"n": turned[NEW]})
    if turned[GONE]:
        parts.append(pgettext("turn", "%(n)s không còn kết quả") % {"n": turned[GONE]})
    before, _known = _met(list(table.rows), then=True)
    now, _known = _met(list(table.rows))
    return _("So với %(day)s: %(turns)s. Xã đạt mức này theo số liệu: %(before)s → %(now)s.") % {
        "day": day, "turns": ", ".join(parts), "before": before, "now": now
    }  # fmt: skip


def _gone(table: Table) -> str:
    if not table.gone:
        return ""
    return ngettext(
        "%(n)s đơn vị có kết quả ngày %(day)s không còn trên bản đồ của ngày xem, nên không có trong bảng.",
        "%(n)s đơn vị có kết quả ngày %(day)s không còn trên bản đồ của ngày xem, nên không có trong bảng.",
        table.gone,
    ) % {"n": table.gone, "day": date_vi(table.compare)}


def _off_map(table: Table) -> str:
    """A day after a merger: what the former units attained stays with them, on the days when they were."""
    if not table.off_map:
        return ""
    return ngettext(
        "%(n)s đơn vị có kết quả trước đó không còn trên bản đồ ngày %(day)s; kết quả của đơn vị cũ xem ở ngày trước.",
        "%(n)s đơn vị có kết quả trước đó không còn trên bản đồ ngày %(day)s; kết quả của đơn vị cũ xem ở ngày trước.",
        table.off_map,
    ) % {"n": table.off_map, "day": date_vi(table.day)}


def title_of(table: Table) -> str:
    """The title of the page and of its files: `Kết quả đạt chuẩn: Nông thôn mới nâng cao`."""
    if table.chosen is None:
        return _("Kết quả đạt chuẩn")
    return _("Kết quả đạt chuẩn: %(level)s") % {"level": name_of(table.chosen.level)}


def day_line(day: date, compare: date | None) -> str:
    """Which day is shown, and what it is compared with."""
    line = _("Kỳ đã duyệt gần nhất, kết thúc đến %(day)s") % {"day": date_vi(day)}
    return f"{line}; {_('so với %(day)s') % {'day': date_vi(compare)}}" if compare else line
