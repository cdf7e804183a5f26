"""Section "targets": what was planned for the end of each year, and what was reached."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mongcai_portal.common.exports import Table
from mongcai_portal.common.numbers import plain
from programmes.measures.values import DONG, PERCENT, plain_value
from programmes.measures.words import amount
from programmes.presenters.targets import PROGRAMME_NAMES, look
from programmes.reports.ground import Ground
from programmes.reports.registry import Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import both, day, decimal, late_data, late_words, mark_word, named, own, with_late
from programmes.selectors.targets import PlanRow, area_rows

SHAPE: Group = {
    "rows": Rows(
        gettext_lazy("Từng chỉ tiêu kế hoạch"),
        {
            "programme": Text(gettext_lazy("Chương trình của con số")),
            "label": Text(gettext_lazy("Tên con số, kèm nhóm xã nếu chỉ tiêu đặt cho một nhóm")),
            "year": Text(gettext_lazy("Năm của chỉ tiêu")),
            "planned": Text(gettext_lazy("Kế hoạch")),
            "reached": Text(gettext_lazy("Thực hiện; kèm ngày của con số nếu khác ngày cuối kỳ")),
            "status": Text(gettext_lazy("Đạt, đúng tiến độ, chậm hay quá hạn")),
        },
    ),
}


def build(ground: Ground) -> Data:
    """Return every target of the area and its groups, each with what is reached of it and how it stands on the day.

    As the page of targets has them: over the group that a target was set for, and of a measure that begins anew with
    every year in the target's own year (decision 0056).
    """
    return {"until": ground.until.isoformat(), "rows": [_row(row) for row in area_rows(ground.world)]}


def _row(row: PlanRow) -> Data:
    target, value = row.target, row.value
    known = value.value is not None
    return {
        "code": row.measure.code,
        "programme": both(lambda: PROGRAMME_NAMES.get(row.measure.programme, "")),
        "label": both(lambda: value.label),
        "group": target.group or "",
        "group_label": named(row.group) if row.group else None,
        "unit": value.unit,
        "unit_label": both(lambda: value.unit_label),
        "year": target.year,
        "planned": plain(target.value),
        "reached": plain_value(value.unit, value.value),
        "reached_on": (value.own_day or value.as_of).isoformat() if known else None,
        "status": row.status,
        "overdue": row.late,
        "late": late_data(value.late),
        "provenance": target.provenance,
    }


def _amount(row: Data, name: str) -> str:
    number = decimal(row[name])
    if number is None:
        return _("chưa có số liệu")
    text = amount(row["unit"], number)
    return text if row["unit"] in (PERCENT, DONG) else f"{text} {own(row['unit_label'])}"


def _label(row: Data) -> str:
    group = own(row.get("group_label"))
    return f"{own(row['label'])} ({group})" if group else own(row["label"])


def _reached(row: Data, until: str) -> str:
    on = row.get("reached_on")
    text = f"{_amount(row, 'reached')} ({day(on)})" if on and on != until else _amount(row, "reached")
    return with_late(text, row.get("late"))


def _status(row: Data) -> str:
    return look(row["status"], late=bool(row.get("overdue"))).word if row["status"] else ""


def view(data: Data) -> dict[str, Any]:
    """Return the texts of the targets."""
    until = data.get("until", "")
    return {
        "rows": [
            {
                "programme": own(row.get("programme")), "label": _label(row), "year": str(row["year"]),
                "planned": _amount(row, "planned"), "reached": _reached(row, until), "status": _status(row),
            }
            for row in data["rows"]
        ]
    }  # fmt: skip


def tables(data: Data) -> Iterable[Table]:
    """Return one line a target."""
    yield Table(
        _("Chỉ tiêu kế hoạch và kết quả"),
        (
            _("Chương trình"), _("Con số"), _("Năm của chỉ tiêu"), _("Kế hoạch"), _("Thực hiện"), _("Ngày của con số"),
            _("Đơn vị tính"), _("So với chỉ tiêu"), _("Dấu tin cậy"),
        ),
        [
            (
                own(row.get("programme")), _label(row), row["year"], decimal(row["planned"]), decimal(row["reached"]),
                day(row.get("reached_on")), own(row["unit_label"]), _status(row),
                ", ".join(filter(None, (mark_word(row["provenance"]), late_words(row.get("late"))))),
            )
            for row in data["rows"]
        ],
    )  # fmt: skip


def page(data: Data) -> Iterable[PageTable]:
    """Return one line a target."""
    columns = ("programme", "label", "year", "planned", "reached", "status")
    yield PageTable(
        _("Chỉ tiêu kế hoạch và kết quả"),
        (_("Chương trình"), _("Con số"), _("Năm"), _("Kế hoạch"), _("Thực hiện"), _("So với chỉ tiêu")),
        tuple(tuple(one[name] for name in columns) for one in view(data)["rows"]),
        numbers=frozenset({3, 4}),
    )


def figures(data: Data) -> Iterable[Figure]:
    """Return what was planned for each year."""
    for row in data["rows"]:
        label = _("%(label)s: kế hoạch %(year)s") % {"label": _label(row), "year": row["year"]}
        key = "/".join(filter(None, ("plan", row["code"], row.get("group", ""), str(row["year"]))))
        yield Figure(key, label, _amount(row, "planned"), ("targets",), measures=(row["code"],))


def late(data: Data) -> Iterable[str]:
    """Return the targets whose figures are late."""
    for row in data["rows"]:
        if late_words(row.get("late")):
            yield f"{_label(row)} ({row['year']})"


SECTION = Section(
    code="targets",
    title=gettext_lazy("Chỉ tiêu kế hoạch"),
    build=build,
    shape=lambda: SHAPE,
    view=view,
    tables=tables,
    page=page,
    figures=figures,
    late=late,
)
