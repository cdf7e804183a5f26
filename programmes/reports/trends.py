"""The headline measures over time, for section "figures": the same chart as on the page of the measure.

A snapshot keeps what is drawn as plain data, so a published report shows the series as it was known on its day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mongcai_portal.common.exports import Cell, Table
from mongcai_portal.common.numbers import plain, round_half_up
from programmes.measures.series import trend_of
from programmes.measures.trend_chart import Drawn, Mark, drawn_of, marks_of, trend_chart
from programmes.measures.values import MeasureValue
from programmes.measures.words import PROJECTED, kind_words, unit_of
from programmes.reports.ground import Ground
from programmes.reports.registry import Chart, Data
from programmes.reports.words import both, own
from programmes.rules.limits import COUNTED
from programmes.selectors.measures import measure_in

INCOME = "income.rural.per_capita"
# By codes that stay when a phase has other levels; a section has no more pictures than these.
PICTURES = {
    "trend_recognised": gettext_lazy("Tỷ lệ xã được công nhận ở mức thấp nhất qua các năm"),
    "trend_recognised_next": gettext_lazy("Tỷ lệ xã được công nhận ở mức kế tiếp qua các năm"),
    "trend_income": gettext_lazy("Thu nhập bình quân đầu người khu vực nông thôn qua các năm"),
}


def build(ground: Ground) -> list[Data]:
    """Return the series worth drawing, of what is loaded already: no query."""
    levels = [f"ntm.recognised.{level.code}" for level in ground.world.levels[:2]]
    wanted = zip(PICTURES, (*levels, *[""] * (2 - len(levels)), INCOME), strict=True)
    found = ((picture, ground.values.get(code)) for picture, code in wanted)
    return [one for picture, value in found if value is not None and (one := _series(ground, picture, value))]


def _series(ground: Ground, picture: str, value: MeasureValue) -> Data | None:
    """One series; None with fewer than two known values, where nothing happened yet, and of one commune's yes or no."""
    trend = trend_of(ground.world, measure_in(ground.world, value.code), value)
    alone = value.is_ratio and (value.denominator or 0) < 2
    if len(trend.points) < 2 or alone or not any(point.value for point in trend.points):
        return None
    return {
        "picture": picture,
        "code": value.code,
        "label": both(lambda: value.label),
        "unit": value.unit,
        "unit_label": both(lambda: unit_of(value.unit, str(value.unit_label))),
        "points": [
            {"day": one.day.isoformat(), "kind": one.kind, "value": plain(one.value), "written": one.written}
            for one in drawn_of(trend)
        ],
    }


# --- Words --------------------------------------------------------------------------------------------------------


def _marks(one: Data) -> list[Mark]:
    points = (
        Drawn(date.fromisoformat(row["day"]), row["kind"], Decimal(row["value"]), row["written"])
        for row in one["points"]
    )
    return marks_of(points, one["unit"])


def _rows(one: Data) -> list[tuple[Cell, ...]]:
    """Every value that is written, by the day; a projected one as exact as it is told."""
    words, unit, places = kind_words(), own(one["unit_label"]), 0 if one["unit"] in COUNTED else 1
    marks = sorted((mark for mark in _marks(one) if mark.text), key=lambda mark: mark.day)
    return [
        (
            mark.day,
            words[mark.kind],
            round_half_up(mark.value, places) if mark.kind == PROJECTED else mark.value,
            unit,
        )
        for mark in marks
    ]


def _headings() -> tuple[str, ...]:
    return _("Ngày"), _("Loại số"), _("Giá trị"), _("Đơn vị tính")


def charts(data: Data, subtitle: str) -> Iterable[Chart]:
    """Return the chart of each series; a snapshot from before there were any has none."""
    for one in data.get("trends", ()):
        title = own(one["label"])
        spec: dict[str, Any] = trend_chart(_marks(one), title=title, subtitle=subtitle, unit=own(one["unit_label"]))
        yield Chart(one["picture"], title, subtitle, spec, _headings(), tuple(_rows(one)))


def tables(data: Data) -> Iterable[Table]:
    """Return all series as one table."""
    found = data.get("trends", ())
    if found:
        rows = [(one["code"], own(one["label"]), *row) for one in found for row in _rows(one)]
        line = _("Dự báo là đường thẳng kẻ qua các số đã biết, không phải số liệu.")
        yield Table(_("Các con số qua các năm"), (_("Mã"), _("Con số"), *_headings()), rows, lines=(line,))
