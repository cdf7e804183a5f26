"""What is said of a figure in a report, from its plain data: the figure, its change, its target, its marks."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import padded
from programmes.measures.registry import BREAKTHROUGHS, measures_with
from programmes.measures.values import DONG, PERCENT
from programmes.measures.words import amount, language, millions
from programmes.reports.registry import Data
from programmes.reports.words import day, decimal, late_words, mark_word, own, with_late
from programmes.rules.progress import BEHIND, NO_DATA, NO_TARGET, ON_TRACK, REACHED


def value_text(row: Data) -> str:
    """Return a value as read: `40,0%`, `76,611`."""
    number = decimal(row["value"])
    return "" if number is None else amount(row["unit"], number)


def count_text(row: Data) -> str:
    """Return the fraction of a ratio as the city writes it: `02/05`."""
    if row["denominator"] is None:
        return ""
    if row["counts"] == "dong":
        return f"{millions(row['numerator'])}/{millions(row['denominator'])}"
    return f"{padded(row['numerator'])}/{padded(row['denominator'])}"


def figure_text(row: Data) -> str:
    """Return a figure as it stands in a text: `02/05 xã (đạt 40,0%)`, `76,611 triệu đồng/người/năm`, `57 hộ`."""
    value = value_text(row)
    if not value:
        return own(row["reason"])
    if row["denominator"] is not None:
        words = {"count": count_text(row), "value": value}
        if row["counts"] == "commune":
            return _("%(count)s xã (đạt %(value)s)") % words
        if row["counts"] == "household":
            return _("%(count)s hộ (%(value)s)") % words
        if row["counts"] == "dong":
            return _("%(value)s (%(count)s triệu đồng)") % words
        return f"{words['count']} ({value})"
    return value if row["unit"] in (PERCENT, DONG) else f"{value} {own(row['unit_label'])}"


def change_text(row: Data) -> str:
    """Return the change since the period began: `+9`, `không đổi`, or nothing where it cannot be told."""
    change = row["change"]
    number = decimal(change["amount"]) if change else None
    if change is None or number is None:
        return ""
    if number == 0:
        return _("không đổi")
    sign = "+" if number > 0 else "−"
    if change["counts"]:
        return _("%(change)s xã") % {"change": f"{sign}{abs(int(number))}"}
    if row["unit"] == PERCENT:
        points = format_decimal(abs(number), language())
        return _("%(change)s điểm phần trăm") % {"change": f"{sign}{points}"}
    return f"{sign}{format_decimal(abs(number), language(), grouping=True)}"


def target_text(row: Data) -> str:
    """Return the target with its year: `60,0% (2025)`."""
    target = row["target"]
    return f"{amount(row['unit'], Decimal(target['value']))} ({target['year']})" if target else ""


def status_text(row: Data) -> str:
    """Return where a figure stands against its target."""
    return {
        REACHED: _("đạt chỉ tiêu"),
        ON_TRACK: _("còn hạn"),
        BEHIND: _("chậm so với chỉ tiêu"),
        NO_TARGET: "",
        NO_DATA: _("chưa có số liệu"),
    }.get(row["status"], "")


def breakthrough_text(row: Data) -> str:
    """Return the name of the review's breakthrough that a figure belongs to; older snapshots know only that it does."""
    code = row["breakthrough"]
    if code is True:
        code = next((one.breakthrough for one in measures_with(()) if one.code == row["code"]), "")
    return str(BREAKTHROUGHS.get(code, ""))


def is_unsettled(row: Data) -> bool:
    """Whether a figure has no value because its sources differ; snapshots older than that knowledge do not say."""
    return row["value"] is None and bool(row.get("differing"))


def marks_text(row: Data) -> str:
    """Return what is to be said of a figure's firmness, all of it: also its age, and what other sources say."""
    found = [mark_word(row["provenance"])] if row["value"] is not None else []
    if row["marks"]["unverified"]:
        found.append(_("mức đạt chuẩn chưa đối chiếu"))
    if row["marks"]["judged"]:
        found.append(_("có đánh giá của phòng ban"))
    if row["marks"]["illustrative"]:
        found.append(_("số liệu minh họa"))
    if row["value"] is not None:
        found.append(late_words(row.get("late")))
    found.append(own(row.get("differing")))
    return ", ".join(dict.fromkeys(filter(None, found)))


def sentence(row: Data, opening: str) -> str:
    """Return the whole sentence on a figure."""
    differing = own(row.get("differing"))
    told = differing if is_unsettled(row) else with_late(figure_text(row), row.get("late"))
    text = f"{own(row['label'])}: {told}"
    if change := change_text(row):
        text += _("; so với %(day)s: %(change)s") % {"day": day(opening), "change": change}
    if target := target_text(row):
        text += _("; chỉ tiêu %(target)s") % {"target": target}
        if row["status"] in (REACHED, ON_TRACK, BEHIND):
            text += f", {status_text(row)}"
    if differing and not is_unsettled(row):
        text += f"; {differing}"
    return f"{text}."
