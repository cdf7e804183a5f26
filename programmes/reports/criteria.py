"""Section "criteria": what each commune still lacks at each level that figures are judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Outcome
from mongcai_portal.common.charts import BRAND, PAPER, QUIET, STEP, inked, specification
from mongcai_portal.common.exports import Table
from mongcai_portal.common.templatetags.portal import outcome_label
from programmes.measures.registry import level_label
from programmes.reports.ground import Ground
from programmes.reports.levels import communes_of, late_notes
from programmes.reports.registry import Chart, Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import both, late_data, named, own, with_late
from programmes.selectors.criteria_cells import stored_cells

_ROW: Group = {
    "commune": Text(gettext_lazy("Tên xã")),
    "level": Text(gettext_lazy("Tên mức")),
    "met": Text(gettext_lazy("Số tiêu chí đạt trên số tiêu chí áp dụng: 16/19")),
    "missing": Text(gettext_lazy("Các tiêu chí còn thiếu, mỗi tiêu chí với số và tên")),
}
SHAPE: Group = {
    "rows": Rows(gettext_lazy("Từng xã ở từng mức"), _ROW),
    "lacking": Rows(gettext_lazy("Từng xã ở từng mức mà còn thiếu tiêu chí"), _ROW),
    "level": Text(gettext_lazy("Mức thấp nhất mà số liệu được tính theo")),
    "lowest": Rows(gettext_lazy("Từng xã ở mức thấp nhất"), _ROW),
}
PICTURES = {"criteria": gettext_lazy("Số tiêu chí đạt của từng xã ở mức thấp nhất")}
MOST_BARS = 40  # a bar for each of more communes would be higher than a sheet of paper


def build(ground: Ground) -> Data:
    """Return the criteria that are not met, as stored for each commune's last approved period: one query."""
    world = ground.world
    wanted, found = {}, []
    for level in world.levels:
        if level.published_set is None:
            continue
        for place in communes_of(world):
            report = world.last_report(place.id, world.as_of)
            stored = world.attainment(place.id, level.published_set.id, world.as_of)
            if report is None or stored is None:
                continue
            wanted[place.id, report.period_id, level.published_set.id] = (level, place, report, stored)
    cells = stored_cells((), open_only=wanted.keys())
    for key, (level, place, report, stored) in wanted.items():
        missing = [cell for cell in cells.get(key, ()) if cell.outcome not in (Outcome.MET, Outcome.NOT_APPLICABLE)]
        found.append(
            {
                "uid": place.uid,
                "commune": named(place),
                "level": level.code,
                "level_name": both(lambda level=level: level_label(level)),
                "period": report.period,
                "met": stored.criteria_met,
                "total": stored.criteria_total,
                "late": late_data(world.late_on([place.id], world.as_of)),
                "missing": [
                    {
                        "number": cell.number, "name": named(cell), "outcome": cell.outcome,
                        "unverified": cell.unverified, "judged": cell.judged,
                    }
                    for cell in sorted(missing)
                ],
            }
        )  # fmt: skip
    return {"rows": found}


# --- Words --------------------------------------------------------------------------------------------------------


def _missing(row: Data) -> str:
    """The criteria one after the other, with what they are when they are not simply failed."""
    parts = []
    for one in row["missing"]:
        text = f"{one['number']}. {own(one['name'])}"
        if one["outcome"] != Outcome.NOT_MET:
            text += f" ({outcome_label(one['outcome']).lower()})"
        parts.append(text)
    return "; ".join(parts) if parts else _("không thiếu tiêu chí nào")


def _lowest(data: Data) -> list[Data]:
    code = data["rows"][0]["level"] if data["rows"] else ""
    return [row for row in data["rows"] if row["level"] == code]


def view(data: Data) -> dict[str, Any]:
    """Return the texts of every commune and level."""
    rows = [
        {
            "commune": own(row["commune"]), "level": own(row["level_name"]),
            "met": with_late(f"{row['met']}/{row['total']}", row.get("late")), "missing": _missing(row),
        }
        for row in data["rows"]
    ]  # fmt: skip
    lowest = _lowest(data)
    return {
        "rows": rows,
        "lacking": [text for text, row in zip(rows, data["rows"], strict=True) if row["missing"]],
        "level": own(lowest[0]["level_name"]) if lowest else "",
        "lowest": rows[: len(lowest)],
    }


def tables(data: Data) -> Iterable[Table]:
    """Return one line a commune and level."""
    yield Table(
        _("Tiêu chí còn thiếu"),
        (_("Xã"), _("Mức"), _("Kỳ báo cáo"), _("Tiêu chí đạt"), _("Tiêu chí áp dụng"), _("Còn thiếu")),
        [
            (own(row["commune"]), own(row["level_name"]), row["period"], row["met"], row["total"], _missing(row))
            for row in data["rows"]
        ],
        lines=(_("Theo báo cáo đã phê duyệt gần nhất của từng xã, kết thúc trong kỳ hoặc trước đó."),),
        notes=_late(data),
    )


def _late(data: Data) -> tuple[str, ...]:
    """The communes whose results are late, also those that lack nothing by them."""
    return late_notes({own(row["commune"]): row.get("late") for row in data["rows"]}.items())


def page(data: Data) -> Iterable[PageTable]:
    """Return one line a commune and level where something is missing."""
    notes = (_("Xã không nêu ở một mức là xã đã đạt mọi tiêu chí áp dụng của mức đó."),) if data["rows"] else ()
    yield PageTable(
        _("Tiêu chí còn thiếu"),
        (_("Xã"), _("Mức"), _("Tiêu chí đạt"), _("Còn thiếu")),
        tuple((one["commune"], one["level"], one["met"], one["missing"]) for one in view(data)["lacking"]),
        numbers=frozenset({2}),
        notes=(*notes, *_late(data)),
    )


def figures(data: Data) -> Iterable[Figure]:
    """Return how many criteria each commune meets, and which it lacks."""
    for row in data["rows"]:
        key, rests = f"criteria/{row['level']}/{row['uid']}", ("reports", "norms")
        words = {"commune": own(row["commune"]), "level": own(row["level_name"])}
        label = _("%(commune)s, %(level)s: tiêu chí đạt") % words
        yield Figure(key, label, f"{row['met']}/{row['total']}", rests, row["uid"])
        label = _("%(commune)s, %(level)s: còn thiếu") % words
        yield Figure(f"{key}/missing", label, _missing(row), rests, row["uid"])


def charts(data: Data, subtitle: str) -> Iterable[Chart]:
    """Return how far the communes are at the lowest level: each by itself, of very many how many lack how much."""
    rows = _lowest(data)
    if rows:
        yield _many(rows, subtitle) if len(rows) > MOST_BARS else _each(rows, subtitle)


def _each(rows: list[Data], subtitle: str) -> Chart:
    """The criteria met of each commune, the rest in a quiet colour."""
    met, rest = _("đạt"), _("còn thiếu")
    values = []
    for row in rows:
        name = own(row["commune"])
        values.append({"commune": name, "side": met, "order": 0, "criteria": row["met"]})
        values.append({"commune": name, "side": rest, "order": 1, "criteria": row["total"] - row["met"]})
    body = {
        "height": STEP,
        "data": {"values": values},
        "encoding": {
            "y": {
                "field": "commune", "type": "nominal", "title": None, "sort": None,
                "axis": {"ticks": False, "domain": False},
            },
            "x": {
                "field": "criteria", "type": "quantitative", "title": _("số tiêu chí"), "stack": "zero",
                "axis": {"tickMinStep": 1, "format": "d"},
            },
            "order": {"field": "order"},
        },
        "layer": [
            {"mark": {"type": "bar"}, "encoding": {"color": inked("side", (met, rest), (BRAND, QUIET))}},
            {
                "transform": [{"filter": "datum.order == 0"}],
                "mark": {"type": "text", "align": "right", "dx": -5, "color": PAPER},
                "encoding": {"text": {"field": "criteria", "format": "d"}},
            },
        ],
    }  # fmt: skip
    title = _("%(level)s: số tiêu chí đạt của từng xã") % {"level": own(rows[0]["level_name"])}
    return Chart(
        "criteria",
        title,
        subtitle,
        specification(body, title=title, subtitle=subtitle),
        (_("Xã"), _("Tiêu chí đạt"), _("Còn thiếu")),
        tuple((own(row["commune"]), row["met"], row["total"] - row["met"]) for row in rows),
    )


def _many(rows: list[Data], subtitle: str) -> Chart:
    """How many communes lack how many criteria."""
    counted = sorted(Counter(row["total"] - row["met"] for row in rows).items())
    body = {
        "height": STEP,
        "data": {"values": [{"lacking": str(lacking), "communes": communes} for lacking, communes in counted]},
        "encoding": {
            "y": {
                "field": "lacking", "type": "nominal", "title": _("số tiêu chí còn thiếu"), "sort": None,
                "axis": {"ticks": False, "domain": False},
            },
            "x": {
                "field": "communes", "type": "quantitative", "title": _("số xã"),
                "axis": {"tickMinStep": 1, "format": "d"},
            },
        },
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2, "color": BRAND}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4},
                "encoding": {"text": {"field": "communes", "format": "d"}},
            },
        ],
    }  # fmt: skip
    title = _("%(level)s: số xã theo số tiêu chí còn thiếu") % {"level": own(rows[0]["level_name"])}
    return Chart(
        "criteria",
        title,
        subtitle,
        specification(body, title=title, subtitle=subtitle),
        (_("Còn thiếu"), _("Số xã")),
        tuple(counted),
    )


SECTION = Section(
    code="criteria",
    title=gettext_lazy("Tiêu chí còn thiếu của từng xã"),
    build=build,
    shape=lambda: SHAPE,
    view=view,
    tables=tables,
    page=page,
    figures=figures,
    charts=charts,
    pictures=PICTURES,
)
