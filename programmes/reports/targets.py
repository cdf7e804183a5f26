"""Section "targets": what was planned for the end of each year, and what was reached."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mongcai_portal.common.exports import Table
from mongcai_portal.common.numbers import plain
from programmes.measures.words import amount
from programmes.reports.ground import Ground
from programmes.reports.measure_words import status_text
from programmes.reports.registry import Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import both, decimal, mark_word, own

SHAPE: Group = {
    "rows": Rows(
        gettext_lazy("Từng chỉ tiêu kế hoạch"),
        {
            "label": Text(gettext_lazy("Tên con số")),
            "year": Text(gettext_lazy("Năm của chỉ tiêu")),
            "planned": Text(gettext_lazy("Kế hoạch")),
            "reached": Text(gettext_lazy("Thực hiện đến cuối kỳ")),
            "status": Text(gettext_lazy("Đạt, còn hạn hay chậm")),
        },
    ),
}


def build(ground: Ground) -> Data:
    """Return every target of the area, by measure and year; the status is that of the target the day is judged by."""
    rows = []
    for code, value in ground.values.items():
        for target in ground.world.targets.get(code, ()):
            judged = value.target is not None and value.target.year == target.year
            rows.append(
                {
                    "code": code,
                    "label": both(lambda value=value: value.label),
                    "unit": value.unit,
                    "unit_label": both(lambda value=value: value.unit_label),
                    "year": target.year,
                    "planned": plain(target.value),
                    "reached": plain(value.value) if value.value is not None else None,
                    "status": value.status if judged else "",
                    "value": plain(value.value) if value.value is not None else None,
                    "provenance": target.provenance,
                }
            )
    return {"rows": rows}


def _amount(row: Data, name: str) -> str:
    number = decimal(row[name])
    if number is None:
        return _("chưa có số liệu")
    text = amount(row["unit"], number)
    return text if row["unit"] == "percent" else f"{text} {own(row['unit_label'])}"


def view(data: Data) -> dict[str, Any]:
    """Return the texts of the targets."""
    return {
        "rows": [
            {
                "label": own(row["label"]), "year": str(row["year"]), "planned": _amount(row, "planned"),
                "reached": _amount(row, "reached"), "status": status_text(row),
            }
            for row in data["rows"]
        ]
    }  # fmt: skip


def tables(data: Data) -> Iterable[Table]:
    """Return one line a target."""
    yield Table(
        _("Chỉ tiêu kế hoạch và kết quả"),
        (
            _("Con số"), _("Năm của chỉ tiêu"), _("Kế hoạch"), _("Thực hiện"), _("Đơn vị tính"),
            _("So với chỉ tiêu"), _("Dấu tin cậy"),
        ),
        [
            (
                own(row["label"]), row["year"], decimal(row["planned"]), decimal(row["reached"]),
                own(row["unit_label"]), status_text(row), mark_word(row["provenance"]),
            )
            for row in data["rows"]
        ],
    )  # fmt: skip


def page(data: Data) -> Iterable[PageTable]:
    """Return one line a target."""
    yield PageTable(
        _("Chỉ tiêu kế hoạch và kết quả"),
        (_("Con số"), _("Năm"), _("Kế hoạch"), _("Thực hiện"), _("So với chỉ tiêu")),
        tuple((one["label"], one["year"], one["planned"], one["reached"], one["status"]) for one in view(data)["rows"]),
        numbers=frozenset({2, 3}),
    )


def figures(data: Data) -> Iterable[Figure]:
    """Return what was planned for each year."""
    for row in data["rows"]:
        words = {"label": own(row["label"]), "year": row["year"]}
        label = _("%(label)s: kế hoạch %(year)s") % words
        yield Figure(f"plan/{row['code']}/{row['year']}", label, _amount(row, "planned"), ("statistics",))


SECTION = Section(
    code="targets",
    title=gettext_lazy("Chỉ tiêu kế hoạch"),
    build=build,
    shape=lambda: SHAPE,
    view=view,
    tables=tables,
    page=page,
    figures=figures,
)
