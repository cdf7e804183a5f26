"""The headings of the report tables' columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communes.models.poverty import PovertyStatus
from communes.presenters.flow_words import cause_word, side_word
from communes.rules.poverty import report_tables as rules
from communes.rules.poverty.report_tables import TABLES


def heading_of(number: int, column: str) -> str:
    """The heading of a column of a table; deprivations are named by their form instead."""
    spec = TABLES[number]
    return _BY_KIND[spec.kind](column, spec.status)


def _average(column: str, status: str) -> str:
    return {
        "households": _("Tổng số hộ"),
        "farming": _("Hộ làm nông, lâm, ngư, diêm nghiệp"),
        "farming_open": _("Chưa ghi nghề"),
        "average": _("Hộ có mức sống trung bình"),
        "average_rate": _("Tỷ lệ trên hộ làm nông, lâm, ngư, diêm nghiệp (%)"),
    }[column]


def _changes(column: str, status: str) -> str:
    fixed = {
        "opening": pgettext("balance", "Đầu kỳ"),
        "closing": pgettext("balance", "Cuối kỳ"),
        "left": _("Tổng giảm"),
        "came": _("Tổng tăng"),
    }
    if column in fixed:
        return fixed[column]
    way, _line, what = column.partition("_")
    if way == "to":
        return _("Giảm: sang %(class)s") % {"class": side_word(what)}
    if way == "from":
        return _("Tăng: từ %(class)s") % {"class": side_word(what)}
    told = {"cause": cause_word(what, status, leaves=way == "left")}
    return (_("Giảm: %(cause)s") if way == "left" else _("Tăng: %(cause)s")) % told


def _deprived(column: str, status: str) -> str:
    return {"households": _class_heading(status), "surveyed": _("Trong đó có phiếu")}.get(column, column)


def _class_heading(status: str) -> str:
    word = str(PovertyStatus(status).label)
    return word[:1].upper() + word[1:]


def _of_both(column: str) -> tuple[str, str]:
    """Part the class from what is counted of it."""
    status = "near_poor" if column.startswith("near_poor_") else "poor"
    return status, column.removeprefix(f"{status}_")


def _groups(column: str, _status: str) -> str:
    status, what = _of_both(column)
    told = {
        "minority": _("dân tộc thiểu số"),
        "no_labour": _("không có khả năng lao động"),
        "no_labour_open": _("chưa ghi khả năng lao động"),
        "meritorious": _("có người có công"),
        "meritorious_open": _("chưa ghi người có công"),
    }
    if what == "households":
        return _class_heading(status)
    return _("%(class)s: %(what)s") % {"class": _class_heading(status), "what": told[what]}


def _ethnic(column: str, _status: str) -> str:
    return {
        "households": _("Tổng số hộ"),
        "poor": _class_heading("poor"),
        "poor_rate": _("Tỷ lệ hộ nghèo (%)"),
        "near_poor": _class_heading("near_poor"),
        "near_poor_rate": _("Tỷ lệ hộ cận nghèo (%)"),
    }[column]


def _causes(column: str, _status: str) -> str:
    status, what = _of_both(column)
    if what == "households":
        return _class_heading(status)
    told = {"open": _("chưa ghi nguyên nhân")}
    return _("%(class)s: %(what)s") % {"class": _class_heading(status), "what": told.get(what, what)}


def cause_heading(column: str, names: Mapping[str, str]) -> str | None:
    """The heading of a column that counts one cause of the form; None: it counts something else."""
    status, what = _of_both(column)
    if what not in names:
        return None
    name = names[what]
    return _("%(class)s: %(what)s") % {"class": _class_heading(status), "what": name[:1].lower() + name[1:]}


def _children(column: str, _status: str) -> str:
    status, what = _of_both(column)
    told = {
        "children": _("trẻ em dưới 16 tuổi"),
        "uninsured": _("trẻ không có bảo hiểm y tế"),
        "uninsured_open": _("chưa ghi bảo hiểm y tế"),
        "malnourished": _("trẻ suy dinh dưỡng"),
        "malnourished_open": _("chưa ghi dinh dưỡng"),
        "school": _("trẻ không đi học đúng cấp"),
        "school_open": _("chưa ghi đi học"),
    }
    return _("%(class)s: %(what)s") % {"class": _class_heading(status), "what": told[what]}


def _summary(column: str, status: str) -> str:
    minority = _("%(class)s dân tộc thiểu số") % {"class": _class_heading(status)}
    return {
        "households": _("Tổng số hộ"),
        "of_class": _class_heading(status),
        "rate": _("Tỷ lệ (%)"),
        "people": _("Nhân khẩu của %(class)s") % {"class": str(PovertyStatus(status).label)},
        "minority_households": _("Hộ dân tộc thiểu số"),
        "minority": minority,
        "minority_rate": _("Tỷ lệ trên hộ dân tộc thiểu số (%)"),
    }[column]


_BY_KIND: dict[str, Callable[[str, str], str]] = {
    rules.AVERAGE: _average,
    rules.CHANGES: _changes,
    rules.DEPRIVED: _deprived,
    rules.DEPRIVED_SHARE: _deprived,
    rules.GROUPS: _groups,
    rules.ETHNIC_GROUPS: _ethnic,
    rules.CAUSES: _causes,
    rules.CHILDREN: _children,
    rules.SUMMARY: _summary,
}
