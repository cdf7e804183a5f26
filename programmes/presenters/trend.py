"""The trend of a measure as a table, and its projection in words, plainly as a projection."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mongcai_portal.common.links import link
from mongcai_portal.common.templatetags.portal import date_vi
from programmes.measures.explained import Explanation
from programmes.measures.facts import HOME_AREA, World
from programmes.measures.series import NO_PHASE, YEARLY, Trend, year_end
from programmes.measures.values import DONG, PERCENT, MeasureValue
from programmes.measures.words import KNOWN, PLANNED, PROJECTED, amount, kind_words, millions, projected
from programmes.rules.projection import FEW_POINTS, NOT_LATER, POINTS_NEEDED, SHORT_SPAN, TOO_FAR


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A value of the table: its day, what kind it is, and how it is written."""

    day: str
    kind: str
    word: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class TrendView:
    """The card: what is drawn, the table, and what is said of the projection."""

    title: str
    drawn: bool
    unit: str  # what the values of the table count in, for its heading; "" where each says it or needs no word
    rows: tuple[TrendRow, ...]
    projection: str  # the projected value in one sentence, "" when there is none
    refusal: str  # why there is none
    spec_url: str
    svg_url: str
    png_url: str
    csv_url: str


def trend_view(found: Explanation, world: World) -> TrendView | None:
    """Arrange the trend of a measure; None where nothing is known and nothing planned."""
    value, trend = found.value, found.trend
    if trend is None or not (trend.points or trend.plans):
        return None
    asked = {
        "as_of": world.as_of,
        "unit": world.area.uid if world.area.uid != HOME_AREA else "",
        "group": world.group_asked or "",
    }
    sentence, refusal = projection_words(trend, value)
    return TrendView(
        title=_("%(label)s qua các năm") % {"label": value.label},
        drawn=trend.drawn,
        unit=_("triệu đồng") if value.unit == DONG else "",
        rows=_rows(trend, value, asked),
        projection=sentence,
        refusal=refusal,
        spec_url=link("measure_chart", value.code, "json", **asked),
        svg_url=link("measure_chart", value.code, "svg", **asked),
        png_url=link("measure_chart", value.code, "png", **asked),
        csv_url=link("api-measure-series", value.code, **asked, format="csv"),
    )


def _rows(trend: Trend, value: MeasureValue, asked: dict[str, Any]) -> tuple[TrendRow, ...]:
    words, unit = kind_words(), value.unit
    write, ahead = partial(amount, unit), partial(projected, unit)
    if unit == DONG:  # the heading says in what
        write, ahead = millions, lambda dong: "≈ " + millions(dong)
    rows = [(p.as_of, 0, TrendRow(date_vi(p.as_of), KNOWN, words[KNOWN], write(p.value))) for p in trend.points]
    for plan in trend.plans:
        url = link("target", plan.id, as_of=asked["as_of"])
        row = TrendRow(date_vi(year_end(plan.year)), PLANNED, words[PLANNED], write(plan.value), url)
        rows.append((year_end(plan.year), 1, row))
    if trend.projection.ends is not None:
        end = trend.projection.ends
        rows.append((end.day, 2, TrendRow(date_vi(end.day), PROJECTED, words[PROJECTED], ahead(end.value))))
    return tuple(row for _day, _order, row in sorted(rows, key=lambda one: one[:2]))


def projection_words(trend: Trend, value: MeasureValue) -> tuple[str, str]:
    """The projection in one sentence, or why there is none."""
    line = trend.projection
    if line.ends is not None:
        words = {
            "day": date_vi(line.ends.day),
            "value": projected(value.unit, line.ends.value),
            "unit": "" if value.unit in (PERCENT, DONG) else f" {value.unit_label}",
            "n": line.points,
        }
        text = ngettext(
            "Nếu tiếp tục như %(n)s số đã biết, đến %(day)s là %(value)s%(unit)s. Đây là đường thẳng kẻ qua các "
            "số đã biết (bình phương nhỏ nhất), không phải số liệu và không phải kế hoạch.",
            "Nếu tiếp tục như %(n)s số đã biết, đến %(day)s là %(value)s%(unit)s. Đây là đường thẳng kẻ qua các "
            "số đã biết (bình phương nhỏ nhất), không phải số liệu và không phải kế hoạch.",
            line.points,
        )
        return text % words, ""
    return "", {
        FEW_POINTS: ngettext(
            "Chưa dự báo: cần ít nhất %(needed)s số đã biết, mới có %(n)s.",
            "Chưa dự báo: cần ít nhất %(needed)s số đã biết, mới có %(n)s.",
            line.points,
        )
        % {"needed": POINTS_NEEDED, "n": line.points},
        SHORT_SPAN: _("Chưa dự báo: số đầu và số cuối cách nhau chưa đủ một năm."),
        TOO_FAR: _("Không dự báo: ngày cuối giai đoạn xa hơn cả quãng thời gian đã có số liệu."),
        NOT_LATER: _("Không dự báo: đã có số liệu đến cuối giai đoạn."),
        NO_PHASE: _("Không dự báo: ngày xem không thuộc giai đoạn nào."),
        YEARLY: _("Không dự báo: mỗi năm tính lại từ đầu."),
    }.get(line.reason, "")
