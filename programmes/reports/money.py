"""Section "money": plan, allocation and disbursement of each programme, year by year, as entered by the last day."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mongcai_portal.common.exports import Table
from mongcai_portal.common.templatetags.portal import percent1
from programmes.measures.words import millions
from programmes.models import Programme
from programmes.reports.ground import Ground
from programmes.reports.registry import Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import mark_word, own
from programmes.rules.budget import Total, by_programme, share, total
from programmes.selectors.budget import line_sums, lines_of_years

AMOUNTS = ("planned", "carried_over", "allocated", "disbursed", "mobilised_planned", "mobilised")

_LINE: Group = {
    "year": Text(gettext_lazy("Năm ngân sách")),
    "label": Text(gettext_lazy("Chương trình; ở dòng cộng: cộng, mỗi khoản một lần")),
    "planned": Text(gettext_lazy("Kế hoạch, triệu đồng")),
    "carried_over": Text(gettext_lazy("Kéo dài từ năm trước, triệu đồng")),
    "allocated": Text(gettext_lazy("Đã phân bổ, triệu đồng")),
    "disbursed": Text(gettext_lazy("Đã giải ngân, triệu đồng")),
    "rate": Text(gettext_lazy("Tỷ lệ giải ngân trên kế hoạch và vốn kéo dài")),
    "mobilised": Text(gettext_lazy("Đã huy động ngoài ngân sách, triệu đồng")),
    "mark": Text(gettext_lazy("Dấu tin cậy; trống khi có nguồn")),
}
SHAPE: Group = {
    "rows": Rows(gettext_lazy("Từng chương trình của từng năm"), _LINE),
    "totals": Rows(gettext_lazy("Từng năm, mỗi khoản một lần"), _LINE),
    "note": Text(gettext_lazy("Vốn dùng chung được tính thế nào; trống khi không có vốn dùng chung")),
    "none": Text(gettext_lazy("Câu nói rằng kỳ này chưa ghi vốn; trống khi có")),
}


def build(ground: Ground) -> Data:
    """Return what lines add up to by year and programme, in whole đồng, and each year's total with each line once."""
    inside = None if ground.is_home else {ground.world.area.id}
    rows = lines_of_years(inside, ground.since.year, ground.until.year)
    lines = line_sums(rows, ground.until)
    programmes = list(Programme.objects.order_by("position")) if lines else []
    found: list[Data] = []
    totals: list[Data] = []
    for year in sorted({line.year for line in lines}):
        yearly = [line for line in lines if line.year == year]
        sums = by_programme(yearly)
        for one in programmes:
            if one.code in sums:
                name = {"vi": one.short_vi, "en": one.short_en}
                found.append({"year": year, "code": one.code, "name": name, **_amounts(sums[one.code])})
        totals.append({"year": year, "code": "", "name": None, **_amounts(total(yearly))})
    return {"rows": found, "totals": totals}


def _amounts(sums: Total) -> Data:
    marks = [mark for mark in ("illustrative", "unverified") if mark in sums.marks]
    return {name: getattr(sums, name) for name in AMOUNTS} | {
        "shared": sums.shared,
        "provenance": marks[0] if marks else "sourced",
    }


# --- Words --------------------------------------------------------------------------------------------------------


def _rate(row: Data) -> Decimal | None:
    return share(row["disbursed"], row["planned"] + row["carried_over"])


def _rate_text(row: Data) -> str:
    rate = _rate(row)
    return percent1(rate) if rate is not None else _("chưa có kế hoạch")


def _label(row: Data) -> str:
    return own(row["name"]) if row["name"] else _("Tổng cộng (không tính trùng)")


def _line(row: Data) -> dict[str, str]:
    return {
        "year": str(row["year"]),
        "label": _label(row),
        "planned": millions(row["planned"]),
        "carried_over": millions(row["carried_over"]),
        "allocated": millions(row["allocated"]),
        "disbursed": millions(row["disbursed"]),
        "rate": _rate_text(row),
        "mobilised": millions(row["mobilised"]),
        "mark": mark_word(row["provenance"]),
    }


def _note(data: Data) -> str:
    if not any(row["shared"] for row in data["totals"]):
        return ""
    return _(
        "Khoản vốn dùng chung được nêu ở mọi chương trình mà nó phục vụ, nên cộng các dòng chương trình sẽ thừa; "
        "dòng cộng tính mỗi khoản một lần."
    )


def _none(data: Data) -> str:
    return "" if data["totals"] else _("Trong kỳ chưa ghi vốn của chương trình nào trên cổng.")


def view(data: Data) -> dict[str, Any]:
    """Return the texts; amounts in million đồng."""
    return {
        "rows": [_line(row) for row in data["rows"]],
        "totals": [_line(row) for row in data["totals"]],
        "note": _note(data),
        "none": _none(data),
    }


def _ordered(data: Data) -> Iterable[Data]:
    """Return the programmes of each year, and then the year's total."""
    for closing in data["totals"]:
        yield from (row for row in data["rows"] if row["year"] == closing["year"])
        yield closing


def tables(data: Data) -> Iterable[Table]:
    """Return the programmes of each year and its total, in whole đồng."""
    yield Table(
        _("Vốn các chương trình"),
        (
            _("Năm"), _("Chương trình"), _("Kế hoạch (đồng)"), _("Kéo dài (đồng)"), _("Phân bổ (đồng)"),
            _("Giải ngân (đồng)"), _("Tỷ lệ giải ngân (%)"), _("Kế hoạch huy động (đồng)"), _("Đã huy động (đồng)"),
            _("Dùng chung (đồng)"), _("Dấu tin cậy"),
        ),
        [
            (
                row["year"], _label(row), row["planned"], row["carried_over"], row["allocated"], row["disbursed"],
                rate.quantize(Decimal("0.1"), ROUND_HALF_UP) if (rate := _rate(row)) is not None else None,
                row["mobilised_planned"],
                row["mobilised"], row["shared"], mark_word(row["provenance"]),
            )
            for row in _ordered(data)
        ],
        notes=tuple(filter(None, (_note(data), _none(data)))),
    )  # fmt: skip


def page(data: Data) -> Iterable[PageTable]:
    """Return the programmes of each year and its total, in million đồng."""
    lines = [_line(row) for row in _ordered(data)]
    yield PageTable(
        _("Vốn các chương trình (triệu đồng)"),
        (
            _("Chương trình"), _("Năm"), _("Kế hoạch"), _("Kéo dài"), _("Phân bổ"), _("Giải ngân"), _("Tỷ lệ"),
            _("Huy động"), _("Dấu tin cậy"),
        ),
        tuple(
            (
                one["label"], one["year"], one["planned"], one["carried_over"], one["allocated"], one["disbursed"],
                one["rate"], one["mobilised"], one["mark"],
            )
            for one in lines
        ),
        numbers=frozenset({2, 3, 4, 5, 6, 7}),
        notes=tuple(filter(None, (_note(data), _none(data)))),
    )  # fmt: skip


def figures(data: Data) -> Iterable[Figure]:
    """Return plan, allocation and disbursement of each programme and year, and of each year in all."""
    for row in _ordered(data):
        shown = _line(row)
        label = _("Vốn năm %(year)s: %(name)s") % {"year": row["year"], "name": shown["label"]}
        text = _(
            "kế hoạch %(planned)s, kéo dài %(carried_over)s, phân bổ %(allocated)s, giải ngân %(disbursed)s triệu đồng "
            "(%(rate)s); huy động %(mobilised)s"
        )
        yield Figure(f"money/{row['year']}/{row['code'] or 'total'}", label, text % shown, ("budget",))


SECTION = Section(
    code="money",
    title=gettext_lazy("Vốn các chương trình"),
    build=build,
    shape=lambda: SHAPE,
    view=view,
    tables=tables,
    page=page,
    figures=figures,
)
