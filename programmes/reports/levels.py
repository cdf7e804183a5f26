"""Section "levels": the communes by level, what is recognised and what the figures attain side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mongcai_portal.common.charts import AMBER, BRAND, STEP, inked, specification
from mongcai_portal.common.exports import Table
from programmes.measures.facts import LevelFact, Place, World
from programmes.measures.ntm import ASSESSED, UPGRADE, rests_of
from programmes.measures.registry import level_label
from programmes.reports.ground import Ground
from programmes.reports.registry import Chart, Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import both, day, late_data, late_words, named, own, with_late

SHAPE: Group = {
    "levels": Rows(
        gettext_lazy("Từng mức: bao nhiêu xã được công nhận, bao nhiêu xã đạt theo số liệu"),
        {
            "label": Text(gettext_lazy("Tên mức")),
            "recognised": Text(gettext_lazy("Số xã được công nhận trên số xã của nhóm: 02/05")),
            "attained": Text(gettext_lazy("Số xã đạt theo số liệu trên số xã của nhóm")),
        },
    ),
    "communes": Rows(
        gettext_lazy("Từng xã của địa bàn"),
        {
            "name": Text(gettext_lazy("Tên xã")),
            "recognised": Text(gettext_lazy("Mức cao nhất được công nhận")),
            "decision": Text(gettext_lazy("Số và ngày quyết định")),
            "attained": Text(gettext_lazy("Mức cao nhất đạt theo số liệu")),
            "assessed": Text(gettext_lazy("Có thuộc nhóm được tính vào tỷ lệ không")),
            "differs": Text(gettext_lazy("Công nhận và số liệu khác nhau thế nào")),
        },
    ),
    "group": Text(gettext_lazy("Tên nhóm xã là mẫu số, với dấu tin cậy")),
}
PICTURES = {"levels": gettext_lazy("Số xã theo mức: công nhận và đạt theo số liệu")}


def communes_of(world: World) -> tuple[Place, ...]:
    """Return the communes that the report names: members of both groups, by name."""
    found = {p.id: p for code in (UPGRADE, ASSESSED) for p in world.members(world.group_in_place_of(code))}
    return tuple(sorted(found.values(), key=lambda place: place.sort_key))


def build(ground: Ground) -> Data:
    """Return where each commune stands on the last day, and the ratios by level."""
    world = ground.world
    group = world.groups.get(world.group_in_place_of(ASSESSED))
    assessed = {place.id for place in world.members(group.code)} if group else set()
    levels = [
        {
            "code": level.code,
            "label": both(lambda level=level: level_label(level)),
            "short": named(level),
            "recognised": _counts(ground, f"ntm.recognised.{level.code}"),
            "attained": _counts(ground, f"ntm.attained.{level.code}"),
        }
        for level in world.levels
    ]
    return {
        "group": {"name": named(group), "provenance": group.provenance} if group and group.in_force else None,
        "levels": levels,
        "communes": [_commune(world, place, place.id in assessed) for place in communes_of(world)],
    }


def _counts(ground: Ground, code: str) -> Data | None:
    value = ground.values.get(code)
    if value is None or value.value is None:
        return None
    return {"numerator": value.numerator, "denominator": value.denominator, "late": late_data(value.late)}


def _commune(world: World, place: Place, assessed: bool) -> Data:
    standing = world.standing(place.id, world.as_of)
    act = standing.held[0] if standing.held else None
    best = next(
        (level for level, yes in reversed(tuple(zip(world.levels, standing.attains, strict=False))) if yes), None
    )
    return {
        "uid": place.uid,
        "name": named(place),
        "assessed": assessed,
        "recognised": {
            "level": act.level, "rank": act.rank, "name": {"vi": act.level_name_vi, "en": act.level_name_en},
            "decision": act.decision_number, "decided_on": act.decided_on.isoformat(),
            "year_only": act.date_precision == "year", "provenance": act.provenance,
        } if act else None,
        "attained": _attained(world, place, best),
        "known": any(answer is not None for answer in standing.attains),
        "period": standing.last.period if standing.last else None,
        "illustrative": bool(standing.last and standing.last.illustrative),
        "late": late_data(world.late_on([place.id], world.as_of)),
    }  # fmt: skip


def _attained(world: World, place: Place, level: LevelFact | None) -> Data | None:
    if level is None:
        return None
    marks = rests_of(world, level, place.id)
    return {
        "level": level.code, "rank": level.rank, "name": named(level), "unverified": marks.unverified,
        "judged": marks.judged,
    }  # fmt: skip


# --- Words --------------------------------------------------------------------------------------------------------


def _ratio(counts: Data | None) -> str:
    if counts is None:
        return _("chưa tính")
    return with_late(f"{counts['numerator']:02d}/{counts['denominator']:02d}", counts.get("late"))


def _recognised(row: Data) -> str:
    return own(row["recognised"]["name"]) if row["recognised"] else _("chưa được công nhận")


def _attains(row: Data) -> str:
    if row["attained"]:
        return own(row["attained"]["name"])
    return _("chưa đạt mức nào") if row["known"] else _("chưa có số liệu")


def _decision(row: Data) -> str:
    act = row["recognised"]
    if act is None:
        return ""
    number = act["decision"] or _("chưa rõ số")
    when = act["decided_on"][:4] if act["year_only"] else day(act["decided_on"])
    mark = {"unverified": _("chưa đối chiếu"), "illustrative": _("minh họa")}.get(act["provenance"], "")
    return f"{number}, {when}" + (f" ({mark})" if mark else "")


def _differs(row: Data) -> str:
    if not row["known"]:
        return ""
    legal, found = (row[side]["rank"] if row[side] else 0 for side in ("recognised", "attained"))
    if legal > found:
        return _("số liệu chưa đạt mức đã công nhận")
    return _("số liệu đạt cao hơn mức công nhận") if legal < found else ""


def _marks(row: Data) -> str:
    found = [_("số liệu minh họa")] if row["illustrative"] else []
    if row["attained"] and row["attained"]["unverified"]:
        found.append(_("mức đạt chuẩn chưa đối chiếu"))
    if row["attained"] and row["attained"]["judged"]:
        found.append(_("có đánh giá của phòng ban"))
    return ", ".join(found)


def _group(data: Data) -> str:
    group = data["group"]
    if group is None:
        return ""
    mark = {"unverified": _("chưa đối chiếu"), "illustrative": _("minh họa")}.get(group["provenance"], "")
    return own(group["name"]) + (f" ({mark})" if mark else "")


def late_notes(rows: Iterable[tuple[str, Any]]) -> tuple[str, ...]:
    """Return the note that names the rows that are late, for a table whose figures are numbers; none when none is."""
    late = [f"{name}, {words}" for name, one in rows if (words := late_words(one))]
    return (_("Kết quả còn cũ: %(rows)s.") % {"rows": "; ".join(late)},) if late else ()


def view(data: Data) -> dict[str, Any]:
    """Return the texts of levels and communes."""
    return {
        "levels": [
            {
                "label": own(one["label"]), "recognised": _ratio(one["recognised"]),
                "attained": _ratio(one["attained"]),
            }
            for one in data["levels"]
        ],
        "communes": [
            {
                "name": own(row["name"]),
                "recognised": _recognised(row),
                "decision": _decision(row),
                "attained": with_late(_attains(row), row.get("late")),
                "assessed": _("có") if row["assessed"] else _("không"),
                "differs": _differs(row),
            }
            for row in data["communes"]
        ],
        "group": _group(data),
    }  # fmt: skip


def tables(data: Data) -> Iterable[Table]:
    """Return the ratios by level, and the communes."""
    line = _("Tỷ lệ tính trên nhóm: %(group)s. Công nhận là quyết định của tỉnh; đạt là kết quả tính từ số liệu.")
    lines = (line % {"group": _group(data) or _("không có nhóm nào còn hiệu lực")},)
    yield Table(
        _("Số xã theo mức"),
        (_("Mức"), _("Được công nhận"), _("Đạt theo số liệu"), _("Số xã của nhóm")),
        [
            (
                own(one["label"]),
                one["recognised"]["numerator"] if one["recognised"] else None,
                one["attained"]["numerator"] if one["attained"] else None,
                (one["recognised"] or one["attained"] or {}).get("denominator"),
            )
            for one in data["levels"]
        ],
        lines=lines,
        notes=late_notes((own(one["label"]), (one["attained"] or {}).get("late")) for one in data["levels"]),
    )
    yield Table(
        _("Từng xã theo mức"),
        (
            _("Xã"), _("Được công nhận"), _("Quyết định"), _("Đạt theo số liệu"), _("Kỳ báo cáo"),
            _("Tính vào tỷ lệ"), _("Khác nhau"), _("Dấu tin cậy"),
        ),
        [
            (
                own(row["name"]), _recognised(row), _decision(row), _attains(row), row["period"] or "",
                _("có") if row["assessed"] else _("không"), _differs(row),
                ", ".join(filter(None, (_marks(row), late_words(row.get("late"))))),
            )
            for row in data["communes"]
        ],
    )  # fmt: skip


def page(data: Data) -> Iterable[PageTable]:
    """Return the ratios by level, and the communes."""
    shown = view(data)
    group = _("Tỷ lệ tính trên nhóm: %(group)s.") % {"group": shown["group"]} if shown["group"] else ""
    yield PageTable(
        _("Số xã theo mức"),
        (_("Mức"), _("Được công nhận"), _("Đạt theo số liệu")),
        tuple((one["label"], one["recognised"], one["attained"]) for one in shown["levels"]),
        numbers=frozenset({1, 2}),
        notes=(group,) if group else (),
    )
    yield PageTable(
        _("Từng xã theo mức"),
        (_("Xã"), _("Được công nhận"), _("Quyết định"), _("Đạt theo số liệu"), _("Khác nhau"), _("Dấu tin cậy")),
        tuple(
            (one["name"], one["recognised"], one["decision"], one["attained"], one["differs"], _marks(row))
            for one, row in zip(shown["communes"], data["communes"], strict=True)
        ),
    )


def figures(data: Data) -> Iterable[Figure]:
    """Return the standing of every commune."""
    for row in data["communes"]:
        name = {"name": own(row["name"])}
        yield Figure(
            f"recognised/{row['uid']}", _("%(name)s: mức công nhận") % name, _recognised(row), ("recognitions",),
            row["uid"],
        )  # fmt: skip
        yield Figure(
            f"attained/{row['uid']}", _("%(name)s: mức đạt theo số liệu") % name, _attains(row), ("reports", "norms"),
            row["uid"],
        )  # fmt: skip


def late(data: Data) -> Iterable[str]:
    """Return the communes whose results are late; the ratios are told by the section of figures."""
    for row in data["communes"]:
        if late_words(row.get("late")):
            yield _("%(name)s: mức đạt theo số liệu") % {"name": own(row["name"])}


def charts(data: Data, subtitle: str) -> Iterable[Chart]:
    """Return the picture of both ratios by level."""
    sides = (("recognised", _("Được công nhận")), ("attained", _("Đạt theo số liệu")))
    values = [
        {"level": own(one["short"]), "side": word, "communes": one[side]["numerator"]}
        for one in data["levels"]
        for side, word in sides
        if one[side]
    ]
    if not values:
        return
    title, words = str(PICTURES["levels"]), [word for _side, word in sides]
    body = {
        "height": STEP,
        "data": {"values": values},
        "encoding": {
            "y": {
                "field": "level", "type": "nominal", "title": None, "sort": None,
                "axis": {"labelLimit": 260, "ticks": False, "domain": False},
            },
            "yOffset": {"field": "side", "sort": None},
            "x": {
                "field": "communes", "type": "quantitative", "title": _("số xã"),
                "axis": {"tickMinStep": 1, "format": "d"},
            },
        },
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2},
                "encoding": {"color": inked("side", words, (BRAND, AMBER))},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4},
                "encoding": {"text": {"field": "communes", "format": "d"}},
            },
        ],
    }  # fmt: skip
    yield Chart(
        "levels",
        title,
        subtitle,
        specification(body, title=title, subtitle=subtitle),
        (_("Mức"), _("Loại số"), _("Số xã")),
        tuple((one["level"], one["side"], one["communes"]) for one in values),
    )


SECTION = Section(
    code="levels",
    title=gettext_lazy("Xã theo mức đạt chuẩn"),
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
