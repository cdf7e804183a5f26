"""Section "figures": every headline measure: fraction, target, change since the period began, mark and source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communes.models import Unit
from indicators.models import Level
from mongcai_portal.common.exports import Table
from mongcai_portal.common.numbers import plain
from programmes.measures.gathered import POPULATION
from programmes.measures.money import FAMILY, MONEY
from programmes.measures.registry import NOT_YET, STATISTICS, UPGRADE, measures_of
from programmes.measures.values import BUDGET, DONG, OCOP_REGISTER, REGISTER, MeasureValue, plain_value
from programmes.presenters.entries import conflict_text
from programmes.presenters.text import poverty_standard_text, printed_beside, short_reason
from programmes.reports import trends
from programmes.reports.ground import Ground
from programmes.reports.measure_words import (
    breakthrough_text,
    change_text,
    count_text,
    figure_text,
    is_unsettled,
    marks_text,
    sentence,
    status_text,
    target_text,
    value_text,
)
from programmes.reports.registry import Data, Figure, PageTable, Section
from programmes.reports.shapes import Group, Rows, Text
from programmes.reports.words import both, day, decimal, late_data, late_words, own
from programmes.rules.gather import MEAN
from programmes.selectors.world import load_world

_LINE: Group = {
    "label": Text(gettext_lazy("Tên con số")),
    "text": Text(gettext_lazy("Con số như viết trong văn bản: 02/05 xã (đạt 40,0%)")),
    "count": Text(gettext_lazy("Tử số trên mẫu số: 02/05")),
    "value": Text(gettext_lazy("Giá trị: 40,0% hoặc 76,611")),
    "unit": Text(gettext_lazy("Đơn vị tính")),
    "change": Text(gettext_lazy("Thay đổi từ đầu kỳ: +9")),
    "target": Text(gettext_lazy("Chỉ tiêu và năm của chỉ tiêu")),
    "status": Text(gettext_lazy("So với chỉ tiêu: đạt, còn hạn, chậm")),
    "day": Text(gettext_lazy("Ngày của con số")),
    "source": Text(gettext_lazy("Nguồn của con số")),
    "mark": Text(gettext_lazy("Dấu tin cậy: chưa đối chiếu, minh họa, nguồn nêu khác nhau; trống khi có nguồn")),
    "breakthrough": Text(gettext_lazy("Khâu đột phá mà con số thuộc về; trống khi không thuộc")),
    "standard": Text(gettext_lazy("Chuẩn nghèo mà con số theo")),
    "note": Text(gettext_lazy("Số của nguồn trong danh sách nguồn")),
    "sentence": Text(gettext_lazy("Cả câu: tên, con số, thay đổi, chỉ tiêu")),
}


def field_name(code: str) -> str:
    """How a template calls a measure: dots are written as underscores."""
    return code.replace(".", "_")


def shape() -> Group:
    """Return the fields: all figures as rows, and each by its own name, whichever phase its level is of."""
    try:
        # Any day will do: the codes of all levels are added.
        known = measures_of(load_world(timezone.localdate()))
    except Unit.DoesNotExist:
        known = (UPGRADE, *STATISTICS, *NOT_YET, *MONEY)  # a portal of which the town is not loaded yet
    labels: dict[str, Any] = {measure.code: measure.label for measure in known}
    for level in Level.objects.order_by("phase", "rank"):
        for side in ("recognised", "attained"):
            labels.setdefault(f"ntm.{side}.{level.code}", level.name_vi)
    one: Group = {field_name(code): dict(_LINE) for code in labels}
    return {
        "rows": Rows(gettext_lazy("Mọi con số chủ yếu có giá trị; số tiền đứng ở phần vốn"), _LINE),
        "unsettled": Rows(gettext_lazy("Con số chưa có giá trị vì các nguồn nêu khác nhau"), _LINE),
        "sources": Rows(
            gettext_lazy("Các nguồn của những con số đó"),
            {"note": Text(gettext_lazy("Số của nguồn")), "title": Text(gettext_lazy("Tên nguồn"))},
        ),
        "one": one,
    }


# --- Data ---------------------------------------------------------------------------------------------------------


def build(ground: Ground) -> Data:
    """Return every measure of the period's last day, and a few of them over the years."""
    return {
        "opening": ground.opening.isoformat(),
        "rows": [_row(ground, value) for value in ground.values.values()],
        "trends": trends.build(ground),
    }


def _row(ground: Ground, value: MeasureValue) -> Data:
    known = value.value is not None
    return {
        "code": value.code,
        "label": both(lambda: value.label),
        "unit": value.unit,
        "unit_label": both(lambda: value.unit_label),
        "direction": value.direction,
        "group": value.group,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "counts": _counted(value),
        "value": plain_value(value.unit, value.value),
        "reason": both(lambda: short_reason(value)) if not known else None,
        "status": value.status,
        "target": {
            "year": value.target.year, "value": plain(value.target.value), "provenance": value.target.provenance,
        } if value.target else None,
        "change": _change(ground, value),
        "day": value.own_day.isoformat() if value.own_day and known else None,
        "provenance": value.provenance,
        "marks": {
            "unverified": value.marks.unverified, "judged": value.marks.judged,
            "illustrative": value.marks.illustrative,
        },
        "source": value.source if known else "",
        "source_title": _source_title(value) if known else None,
        "differing": both(lambda: _differing(value)) if value.conflict or (known and value.differs) else None,
        "standard": both(lambda: _standard(value)) if value.poverty_standard and known else None,
        "breakthrough": next((m.breakthrough for m in measures_of(ground.world) if m.code == value.code), ""),
        "late": late_data(value.late),
        # Amounts stand in the section of money; beside the other figures the rates say enough.
        "listed": value.unit != DONG,
    }  # fmt: skip


def _counted(value: MeasureValue) -> str:
    """What the numerator of a ratio counts."""
    if not value.is_ratio:
        return ""
    if value.money is not None:
        return "dong"
    return "commune" if value.population else "household" if value.code.startswith("poverty.") else "other"


def _differing(value: MeasureValue) -> str:
    """What sources say of the same day: several of them, or one beside a register's count."""
    return conflict_text(value) or printed_beside(value)


def _standard(value: MeasureValue) -> str:
    return value.register.standard.decision if value.register else poverty_standard_text(value.poverty_standard)


def _source_title(value: MeasureValue) -> dict[str, str]:
    if value.source == REGISTER:
        return both(lambda: _("Sổ hộ của cổng"))
    if value.source == OCOP_REGISTER:
        return both(lambda: _("Sổ OCOP của cổng"))
    if value.source == BUDGET:
        return both(lambda: _("Các dòng vốn ghi trên cổng"))
    if value.is_gathered:
        return both(lambda: _("Số liệu của các xã"))
    if (fact := value.observed) is not None and not value.population:
        return both(lambda: fact.source_title)
    if value.code.startswith("ntm.recognised."):
        return both(lambda: _("Quyết định công nhận ghi trên cổng"))
    return both(lambda: _("Báo cáo đã phê duyệt trên cổng"))


def _change(ground: Ground, value: MeasureValue) -> Data | None:
    """The change since the period began, in units that count for a ratio of communes; None where it cannot be told."""
    if value.value is None:
        return None
    if value.population:
        return {"amount": plain(value.change.amount), "counts": True} if value.change else None
    if value.money is not None:
        return None  # every year begins anew
    before = ground.values_before.get(value.code)
    if before is None or before.value is None or before.own_day is None or before.own_day == value.own_day:
        return None
    # Counts under two standards, and figures of two groups, are not compared.
    if (before.poverty_standard, before.group) != (value.poverty_standard, value.group):
        return None
    return {"amount": plain(value.value - before.value), "counts": False}


# --- Words --------------------------------------------------------------------------------------------------------


def view(data: Data) -> dict[str, Any]:
    """Return the texts of all figures; rows without a value are not among the rows, but can be named."""
    lines = {row["code"]: _line(row, data["opening"]) for row in data["rows"]}
    known = [row["code"] for row in data["rows"] if row["value"] is not None and row.get("listed", True)]
    titles = list(dict.fromkeys(lines[code]["source"] for code in known))
    notes = {title: str(n) for n, title in enumerate(titles, start=1)}
    for line in lines.values():
        line["note"] = notes.get(line["source"], "")
    return {
        "rows": [lines[code] for code in known],
        "unsettled": [lines[row["code"]] for row in data["rows"] if is_unsettled(row)],
        "sources": [{"note": note, "title": title} for title, note in notes.items()],
        "one": {field_name(code): line for code, line in lines.items()},
    }


def _line(row: Data, opening: str) -> dict[str, str]:
    return {
        "label": own(row["label"]),
        "text": figure_text(row),
        "count": count_text(row),
        "value": value_text(row),
        "unit": own(row["unit_label"]),
        "change": change_text(row),
        "target": target_text(row),
        "status": status_text(row),
        "day": day(row["day"]),
        "source": own(row["source_title"]),
        "mark": marks_text(row),
        "breakthrough": breakthrough_text(row),
        "standard": own(row["standard"]),
        "sentence": sentence(row, opening),
    }


def tables(data: Data) -> Iterable[Table]:
    """Return the table of all figures, and those that are told over the years."""
    rows = [
        (
            row["code"], own(row["label"]), row["numerator"], row["denominator"], decimal(row["value"]),
            own(row["unit_label"]), change_text(row),
            decimal(row["target"]["value"]) if row["target"] else None,
            row["target"]["year"] if row["target"] else None,
            status_text(row) if row["value"] is not None else own(row["reason"]),
            day(row["day"]), own(row["source_title"]), own(row["standard"]), marks_text(row),
            breakthrough_text(row),
        )
        for row in data["rows"]
    ]  # fmt: skip
    headings = (
        _("Mã"), _("Con số"), _("Tử số"), _("Mẫu số"), _("Giá trị"), _("Đơn vị tính"),
        _("Thay đổi từ đầu kỳ"), _("Chỉ tiêu"), _("Năm của chỉ tiêu"), _("So với chỉ tiêu"),
        _("Ngày của con số"), _("Nguồn"), _("Chuẩn nghèo"), _("Dấu tin cậy"), _("Khâu đột phá"),
    )  # fmt: skip
    line = _("Thay đổi tính từ %(day)s; số đếm xã của tỷ lệ là số xã được tính thêm.") % {"day": day(data["opening"])}
    yield Table(_("Các con số chủ yếu"), headings, rows, lines=(line,))
    yield from trends.tables(data)


def page(data: Data) -> Iterable[PageTable]:
    """Return every figure with a value but amounts of money; below, of which the sources differ and which have none."""
    known = (row for row in data["rows"] if row["value"] is not None and row.get("listed", True))
    # Which programme has no money is said by the section of money.
    unknown = [row for row in data["rows"] if row["value"] is None and not row["code"].startswith(FAMILY)]
    unsettled = tuple(sentence(row, data["opening"]) for row in unknown if is_unsettled(row))
    without = [own(row["label"]) for row in unknown if not is_unsettled(row)]
    missing = _("Chưa có số liệu: %(names)s.") % {"names": "; ".join(without)}
    yield PageTable(
        _("Các con số chủ yếu"),
        (_("Con số"), _("Kết quả"), _("So với đầu kỳ"), _("Chỉ tiêu (năm)"), _("Nguồn")),
        tuple(
            (
                _("%(label)s (khâu đột phá: %(breakthrough)s)") % line if line["breakthrough"] else line["label"],
                line["text"], line["change"],
                ", ".join(filter(None, (line["target"], line["target"] and line["status"]))), _provenance(line),
            )
            for line in (_line(row, data["opening"]) for row in known)
        ),
        numbers=frozenset({1, 2, 3}),
        notes=(*unsettled, missing) if without else unsettled,
    )  # fmt: skip


def _provenance(line: dict[str, str]) -> str:
    """Where a figure is from, of which day, by which standard, and how firm it is."""
    parts = (line["source"], line["day"], line["standard"], line["mark"])
    return " · ".join(part for part in parts if part)


# What a measure comes from, by the beginning of its code; all others are observed statistics.
_RESTS = (
    ("ntm.recognised.", ("recognitions",)),
    ("ntm.attained.", ("reports", "norms")),
    ("ntm.", ("reports",)),
    ("poverty.", ("households", "statistics")),
    ("ocop.", ("ocop", "statistics")),
    # The incomes of approved reports are among those a mean is taken of.
    ("income.", ("statistics", "reports")),
    (FAMILY, ("budget",)),
)
# The measures of which the figures are taken: a measure's own and, of one gathered from communes, theirs.
_TAKEN = {
    measure.code: (
        measure.code, measure.gather.measure or measure.code, POPULATION if measure.gather.how == MEAN else measure.code
    )
    for measure in (*STATISTICS, *NOT_YET)
    if measure.gather is not None
}  # fmt: skip


def figures(data: Data) -> Iterable[Figure]:
    """Return every figure, and every target, by its code."""
    for row in data["rows"]:
        rests = next((rests for start, rests in _RESTS if row["code"].startswith(start)), ("statistics",))
        code = row["code"]
        yield Figure(code, own(row["label"]), figure_text(row), rests, measures=_TAKEN.get(code, (code,)))
        label = _("%(label)s: chỉ tiêu") % {"label": own(row["label"])}
        yield Figure(f"{code}/target", label, target_text(row), ("targets",), measures=(code,))


def late(data: Data) -> Iterable[str]:
    """Return what is late by its label."""
    for row in data["rows"]:
        if row["value"] is not None and late_words(row.get("late")):
            yield own(row["label"])


SECTION = Section(
    code="figures",
    title=gettext_lazy("Các con số chủ yếu"),
    build=build,
    shape=shape,
    view=view,
    tables=tables,
    page=page,
    figures=figures,
    late=late,
    charts=trends.charts,
    pictures=trends.PICTURES,
    charts_follow=True,
)
