"""The words of flows: classes of a side, and why a household left a class or came into it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communes.rules.poverty import flows
from communes.rules.poverty.classify import NEAR_POOR, POOR
from communes.rules.poverty.flows import ABSENT
from communes.rules.poverty.report_tables import ESCAPED_TO_NEAR, ESCAPED_TO_NOT, OTHER
from communes.selectors.poverty_published import OTHERS


def side_word(status: str) -> str:
    """A class of one of the two days."""
    return {
        POOR: pgettext("class", "hộ nghèo"),
        NEAR_POOR: pgettext("class", "hộ cận nghèo"),
        OTHERS: _("hộ khác trong sổ"),
        ABSENT: _("ngoài sổ"),
    }[status]


def side_short(status: str) -> str:
    """The same beside a bar of the chart."""
    return {
        POOR: pgettext("chart", "Nghèo"),
        NEAR_POOR: pgettext("chart", "Cận nghèo"),
        OTHERS: pgettext("chart", "Hộ khác"),
        ABSENT: pgettext("chart", "Ngoài sổ"),
    }[status]


def cause_word(cause: str, status: str, *, leaves: bool) -> str:
    """Why a household left a class (`leaves`) or came into it."""
    if leaves and cause in _LEFT:
        return str(_left_words(status)[cause])
    return str(_words(status)[cause])


_LEFT = frozenset({flows.TRANSFER, flows.BOUNDARY, flows.WORSE})


def _left_words(status: str) -> dict[str, str]:
    return {
        flows.TRANSFER: _("chuyển đi nơi khác trong thành phố"),
        flows.BOUNDARY: _("địa bàn sang đơn vị khác"),
        flows.WORSE: _("rơi xuống hộ nghèo") if status == NEAR_POOR else _("rơi xuống"),
    }


def _words(status: str) -> dict[str, str]:
    near = status == NEAR_POOR
    return {
        flows.ESCAPED: _("thoát cận nghèo") if near else _("thoát nghèo"),
        ESCAPED_TO_NEAR: _("thoát nghèo, thành hộ cận nghèo"),
        ESCAPED_TO_NOT: _("thoát nghèo, không còn cận nghèo"),
        flows.MOVED_OUT: _("chuyển khỏi thành phố"),
        flows.DIED: _("không còn ai sống"),
        flows.DISSOLVED: _("giải thể hộ"),
        flows.MERGED: _("nhập hộ"),
        flows.TRANSFER: _("từ nơi khác trong thành phố đến"),
        flows.BOUNDARY: _("địa bàn từ đơn vị khác sang"),
        flows.NEWLY: _("phát sinh mới"),
        flows.FELL_BACK: _("tái cận nghèo") if near else _("tái nghèo"),
        flows.WORSE: _("từ hộ cận nghèo rơi xuống"),
        flows.BETTER: _("thoát nghèo, thành hộ cận nghèo"),
        flows.MOVED_IN: _("chuyển đến thành phố"),
        flows.SPLIT: _("tách hộ"),
        flows.LISTED: _("ghi theo danh sách đầu kỳ"),
        flows.ENTERED: _("ghi vào sổ"),
        flows.DETERMINED: _("xác định lại"),
        flows.NOT_DETERMINED: _("không xác định được"),
        flows.CLASSIFIED: _("được phân loại"),
        OTHER: _("nguyên nhân khác"),
    }
