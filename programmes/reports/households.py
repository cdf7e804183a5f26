"""Section "households": poor and near-poor households from the beginning of the period to its end, as published.

Only published families: the ends of years under the country's standard of each year, small numbers left out, and what
would give them back (0037). Whoever looks after households sees more on other pages; a report goes round.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.flows import ABSENT
from communes.selectors.poverty_area import AreaDay, area_days, published_day
from communes.selectors.poverty_changes import Balance, changes
from communes.selectors.poverty_published import OTHERS
from mongcai_portal.common.charts import AMBER, RED, inked, specification
from mongcai_portal.common.exports import Table
from mongcai_portal.common.numbers import percentage
from mongcai_portal.common.templatetags.portal import number
from programmes.measures.poverty import late as late_by
from programmes.presenters.text import amount
from programmes.reports.ground import Ground
from programmes.reports.levels import late_notes
from programmes.reports.registry import Chart, Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import day, late_data, late_words

SEEN: frozenset[int] = frozenset()  # nobody's households: only what is published
LONGEST = 12  # years that are told one by one

SHAPE: Group = {
    "years": Rows(
        gettext_lazy("Từng ngày cuối năm, theo chuẩn nghèo cả nước của năm đó"),
        {
            "day": Text(gettext_lazy("Ngày")),
            "standard": Text(gettext_lazy("Văn bản quy định chuẩn nghèo")),
            "poor": Text(gettext_lazy("Số hộ nghèo")),
            "near_poor": Text(gettext_lazy("Số hộ cận nghèo")),
            "poor_rate": Text(gettext_lazy("Tỷ lệ hộ nghèo")),
            "near_poor_rate": Text(gettext_lazy("Tỷ lệ hộ cận nghèo")),
        },
    ),
    "flows": Rows(
        gettext_lazy("Từng năm và loại hộ: đầu năm, tăng, giảm, cuối năm, theo chuẩn nghèo của năm đó"),
        {
            "year": Text(gettext_lazy("Năm")),
            "kind": Text(gettext_lazy("Loại hộ: hộ nghèo, hộ cận nghèo")),
            "opening": Text(gettext_lazy("Số hộ đầu năm")),
            "came": Text(gettext_lazy("Số hộ vào loại này trong năm")),
            "left": Text(gettext_lazy("Số hộ ra khỏi loại này trong năm")),
            "closing": Text(gettext_lazy("Số hộ cuối năm")),
            "standard": Text(gettext_lazy("Văn bản quy định chuẩn nghèo")),
        },
    ),
    "cohort": Text(gettext_lazy("Hộ nghèo đầu giai đoạn và số hộ trong đó đã thoát nghèo")),
    "note": Text(gettext_lazy("Vì sao có số không được nêu; trống khi nêu hết")),
}
PICTURES = {"households": gettext_lazy("Hộ nghèo, hộ cận nghèo cuối mỗi năm")}


def build(ground: Ground) -> Data:
    """Return the balances of year ends and the changes of each year in the period: some nine queries a year."""
    last = published_day(ground.until, ground.today)
    first = max(ground.opening.year, last.year - LONGEST)
    ends = [date(year, 12, 31) for year in range(first, last.year)] + [last]
    found = {end: days for end, days in area_days(ground.area, ends, seen=SEEN).items() if days}
    country = {end: next((one for one in days if not one.standard.area), None) for end, days in found.items()}
    shown = {end: one for end, one in country.items() if one is not None and one.whole}
    return {
        "years": [_end(one) for one in shown.values()],
        "flows": [flow for end, one in shown.items() for flow in _flows(ground, end, one)],
        "cohort": _cohort(ground),
        "absent": not shown,
    }


def _end(one: AreaDay) -> Data:
    return {
        "day": one.day.isoformat(),
        "standard": one.standard.code,
        "decision": one.standard.decision,
        "poor": one.number(POOR),
        "near_poor": one.number(NEAR_POOR),
        "households": one.number("total") if one.complete else None,
        "late": late_data(late_by(one)),
    }


def _flows(ground: Ground, end: date, one: AreaDay) -> Iterable[Data]:
    """The changes of the year that ends on the day; only of all units of the register are they published at all."""
    opening = date(end.year - 1, 12, 31)
    if opening < ground.opening or not one.everywhere:
        return
    found = changes(ground.scope, one.standard.code, opening, end, today=ground.today)
    for balance in found.balances if found.published else ():
        yield {
            "year": end.year,
            "kind": balance.status,
            "standard": one.standard.code,
            "decision": one.standard.decision,
            "opening": balance.opening,
            "came": {str(key): value for key, value in balance.came.items()},
            "left": {str(key): value for key, value in balance.left.items()},
            "came_all": _sum(balance, came=True),
            "left_all": _sum(balance, came=False),
            "closing": balance.closing,
        }


def _sum(balance: Balance, *, came: bool) -> int | None:
    """All that came or left; None where a part is not published."""
    parts = list((balance.came if came else balance.left).values())
    return None if None in parts else sum(part for part in parts if part is not None)


def _cohort(ground: Ground) -> Data | None:
    register = ground.world.register
    cohort = register.cohort if register else None
    if cohort is None or not cohort.since.whole:
        return None
    return {
        "since": cohort.since.day.isoformat(), "poor": cohort.poor, "escaped": cohort.escaped, "rest": cohort.rest,
    }  # fmt: skip


# --- Words --------------------------------------------------------------------------------------------------------


def told(value: int | None) -> str:
    """Write a number; one that is not published says so."""
    return _("không nêu") if value is None else str(number(value))


def kind_word(kind: str) -> str:
    """Call a class of households."""
    return _("Hộ nghèo") if kind == POOR else _("Hộ cận nghèo")


def _rate(row: Data, kind: str) -> str:
    if row[kind] is None or not row["households"]:
        return ""
    rate = percentage(row[kind], row["households"])
    return "" if rate is None else amount("percent", rate)


def _cohort_text(data: Data) -> str:
    cohort = data["cohort"]
    if cohort is None or cohort["poor"] is None or cohort["escaped"] is None:
        return ""
    words = {"day": day(cohort["since"]), "poor": number(cohort["poor"]), "escaped": number(cohort["escaped"])}
    return _("Trong %(poor)s hộ nghèo ngày %(day)s, %(escaped)s hộ đã thoát nghèo.") % words


def _note(data: Data) -> str:
    if data["absent"]:
        return _("Sổ hộ của cổng chưa có đủ các xã, phường của địa bàn nên không có số theo sổ hộ.")
    values = [row[name] for row in data["years"] for name in ("poor", "near_poor")]
    values += [row[name] for row in data["flows"] for name in ("came_all", "left_all")]
    if None in values:
        return _("Số từ 1 đến 4 hộ, và những số cho phép tính ngược ra chúng, không nêu trong báo cáo.")
    return ""


def _notes(data: Data) -> tuple[str, ...]:
    """Why numbers are missing, and which are late: those of the year that ends on such a day, too."""
    return (*filter(None, (_note(data),)), *late_notes((day(row["day"]), row.get("late")) for row in data["years"]))


def view(data: Data) -> dict[str, Any]:
    """Return the texts of years and flows."""
    return {
        "years": [
            {
                "day": day(row["day"]), "standard": row["decision"], "poor": told(row["poor"]),
                "near_poor": told(row["near_poor"]), "poor_rate": _rate(row, "poor"),
                "near_poor_rate": _rate(row, "near_poor"),
            }
            for row in data["years"]
        ],
        "flows": [
            {
                "year": str(row["year"]), "kind": kind_word(row["kind"]), "opening": told(row["opening"]),
                "came": told(row["came_all"]), "left": told(row["left_all"]), "closing": told(row["closing"]),
                "standard": row["decision"],
            }
            for row in data["flows"]
        ],
        "cohort": _cohort_text(data),
        "note": " ".join(_notes(data)),
    }  # fmt: skip


def _cell(value: int | None) -> int | str:
    return told(value) if value is None else value


def tables(data: Data) -> Iterable[Table]:
    """Return the year ends and the flows with every class that households came from and went to."""
    notes = _notes(data)
    yield Table(
        _("Hộ nghèo, cận nghèo cuối năm"),
        (_("Ngày"), _("Chuẩn nghèo"), _("Hộ nghèo"), _("Hộ cận nghèo"), _("Tỷ lệ hộ nghèo"), _("Tỷ lệ hộ cận nghèo")),
        [
            (
                day(row["day"]), row["decision"], _cell(row["poor"]), _cell(row["near_poor"]), _rate(row, "poor"),
                _rate(row, "near_poor"),
            )
            for row in data["years"]
        ],
        lines=(_("Đếm từ sổ hộ theo chuẩn nghèo cả nước của từng năm; số của hai chuẩn không so sánh được."),),
        notes=notes,
    )  # fmt: skip
    others = (POOR, NEAR_POOR, OTHERS, ABSENT)
    yield Table(
        _("Biến động hộ nghèo, cận nghèo"),
        (
            _("Năm"), _("Loại hộ"), _("Chuẩn nghèo"), _("Đầu năm"), _("Vào từ hộ nghèo"), _("Vào từ hộ cận nghèo"),
            _("Vào từ hộ khác"), _("Mới vào sổ"), _("Ra thành hộ nghèo"), _("Ra thành hộ cận nghèo"),
            _("Ra thành hộ khác"), _("Ra khỏi sổ"), _("Cuối năm"),
        ),
        [
            (
                row["year"], kind_word(row["kind"]), row["decision"], _cell(row["opening"]),
                *(_cell(row["came"][one]) if one in row["came"] else None for one in others),
                *(_cell(row["left"][one]) if one in row["left"] else None for one in others),
                _cell(row["closing"]),
            )
            for row in data["flows"]
        ],
        notes=notes,
    )  # fmt: skip


def page(data: Data) -> Iterable[PageTable]:
    """Return the year ends, and what came and left in each year."""
    shown = view(data)
    notes = tuple(filter(None, (shown["cohort"], *_notes(data))))
    yield PageTable(
        _("Hộ nghèo, cận nghèo cuối năm"),
        (_("Ngày"), _("Hộ nghèo"), _("Tỷ lệ"), _("Hộ cận nghèo"), _("Tỷ lệ"), _("Chuẩn nghèo")),
        tuple(
            (one["day"], one["poor"], one["poor_rate"], one["near_poor"], one["near_poor_rate"], one["standard"])
            for one in shown["years"]
        ),
        numbers=frozenset({1, 2, 3, 4}),
        notes=notes,
    )
    if shown["flows"]:
        yield PageTable(
            _("Biến động hộ nghèo, cận nghèo"),
            (_("Năm"), _("Loại hộ"), _("Đầu năm"), _("Tăng"), _("Giảm"), _("Cuối năm")),
            tuple(
                (one["year"], one["kind"], one["opening"], one["came"], one["left"], one["closing"])
                for one in shown["flows"]
            ),
            numbers=frozenset({2, 3, 4, 5}),
        )


def figures(data: Data) -> Iterable[Figure]:
    """Return every balance and what moved it."""
    rests = ("households",)
    for row in data["years"]:
        for kind in (POOR, NEAR_POOR):
            label = _("%(kind)s ngày %(day)s") % {"kind": kind_word(kind), "day": day(row["day"])}
            yield Figure(f"households/{row['day']}/{row['standard']}/{kind}", label, told(row[kind]), rests)
    for row in data["flows"]:
        for side, word in (("came_all", _("vào loại này")), ("left_all", _("ra khỏi loại này"))):
            words = {"kind": kind_word(row["kind"]), "year": row["year"], "side": word}
            label = _("%(kind)s, năm %(year)s: %(side)s") % words
            key = f"households/{row['year']}/{row['standard']}/{row['kind']}/{side}"
            yield Figure(key, label, told(row[side]), rests)
    if text := _cohort_text(data):
        yield Figure("households/cohort", _("Hộ nghèo đầu giai đoạn đã thoát nghèo"), text, rests)


def charts(data: Data, subtitle: str) -> Iterable[Chart]:
    """Return the households of each year end; a number that is not published has no bar."""
    kinds = {POOR: kind_word(POOR), NEAR_POOR: kind_word(NEAR_POOR)}
    values = [
        {"day": day(row["day"]), "kind": word, "households": row[kind], "text": str(number(row[kind]))}
        for row in data["years"]
        for kind, word in kinds.items()
        if row[kind] is not None
    ]
    if not values:
        return
    body = {
        "height": 220,
        "data": {"values": values},
        "encoding": {
            "x": {
                "field": "day", "type": "nominal", "sort": None, "title": None,
                "axis": {"labelAngle": 0, "ticks": False},
            },
            "xOffset": {"field": "kind", "sort": None},
            "y": {"field": "households", "type": "quantitative", "title": _("số hộ"), "axis": {"tickMinStep": 1}},
        },
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2},
                "encoding": {"color": inked("kind", list(kinds.values()), (RED, AMBER))},
            },
            {"mark": {"type": "text", "baseline": "bottom", "dy": -3}, "encoding": {"text": {"field": "text"}}},
        ],
    }  # fmt: skip
    title = str(PICTURES["households"])
    yield Chart(
        "households",
        title,
        subtitle,
        specification(body, title=title, subtitle=subtitle),
        (_("Ngày"), _("Loại hộ"), _("Số hộ")),
        tuple((one["day"], one["kind"], one["households"]) for one in values),
    )


def late(data: Data) -> Iterable[str]:
    """Return the days whose counts are late."""
    for row in data["years"]:
        if late_words(row.get("late")):
            yield _("Hộ nghèo, cận nghèo ngày %(day)s") % {"day": day(row["day"])}


SECTION = Section(
    code="households",
    title=gettext_lazy("Hộ nghèo, hộ cận nghèo"),
    build=build,
    shape=lambda: SHAPE,
    view=view,
    tables=tables,
    page=page,
    figures=figures,
    late=late,
    charts=charts,
    pictures=PICTURES,
)
