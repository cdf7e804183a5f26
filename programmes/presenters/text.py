"""Words and numbers of measures in the reader's form."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.presenters.words import listed
from mongcai_portal.common.templatetags.portal import date_vi, padded, percent1
from programmes.measures.values import DONG, Change, MeasureValue, Reason
from programmes.measures.words import amount, language, millions
from programmes.rules.progress import BEHIND, DOWN, NEUTRAL, ON_TRACK, REACHED


def name_of(thing: object) -> str:
    """`name_vi` or `name_en` of a fact."""
    return namer()(thing)


def namer() -> Callable[[object], str]:
    """Return what names facts by the hundred: the reader's language is asked once."""
    first, second = ("name_en", "name_vi") if language() == "en" else ("name_vi", "name_en")
    return lambda thing: str(getattr(thing, first, "") or getattr(thing, second, ""))


def names(things: Collection[object]) -> str:
    """Names one after the other; see `listed`."""
    return listed([*map(namer(), things)])


def figure_text(value: MeasureValue) -> tuple[str, str, str]:
    """The figure in large, of how many, and what stands behind: `02`, `05`, `40,0%`; money in million đồng."""
    unit = "" if value.unit == "percent" else str(value.unit_label)
    if value.value is None:
        return "", "", unit
    if value.money is not None and value.is_ratio:
        spent, available = millions(value.numerator or 0), millions(value.denominator or 0)
        return percent1(value.value), "", _("%(amount)s triệu đồng") % {"amount": f"{spent}/{available}"}
    if value.unit == DONG:
        return millions(value.value), "", _("triệu đồng")
    if value.is_ratio:
        return padded(value.numerator), padded(value.denominator), percent1(value.value)
    return amount(value.unit, value.value), "", unit


def reason_text(value: MeasureValue) -> str:
    """Why a measure has no value, in one sentence."""
    return {
        Reason.NO_GROUP: _("Không có nhóm xã nào còn hiệu lực trong ngày này."),
        Reason.NO_MEMBER: _("Không có xã nào của nhóm thuộc địa bàn này."),
        Reason.NOT_PUBLISHED: _("Bộ tiêu chí của mức này chưa được ban hành trên cổng nên chưa tính từ số liệu."),
        Reason.NO_REPORT: _("Chưa có báo cáo nào được phê duyệt cho kỳ kết thúc đến ngày này."),
        Reason.NOT_ENTERED: _("Chưa có số liệu đến ngày này."),
        Reason.FEW: _("Ít hộ nên không nêu số: chỉ người phụ trách sổ hộ của địa bàn được xem."),
        Reason.NO_OTHERS: _("Sổ hộ mới có các hộ được rà soát nên chưa có tổng số hộ để tính tỷ lệ."),
        Reason.NOBODY_POOR: _("Ngày đầu giai đoạn không có hộ nghèo nào."),
        Reason.CONFLICT: _("Các nguồn của cùng một ngày nêu số khác nhau: cổng không tự chọn một số."),
        Reason.PART: _("Chưa đủ số liệu của mọi xã trong nhóm nên chưa tính cho cả địa bàn."),
        Reason.NO_MONEY: _("Đến ngày này chưa ghi vốn nào của năm cho địa bàn."),
        Reason.NOTHING_TO_SPEND: _("Chưa có vốn được chi trong năm nên chưa có tỷ lệ."),
    }.get(value.reason, "")


def short_reason(value: MeasureValue) -> str:
    """Why a measure has no value, in a few words for a narrow card."""
    return {
        Reason.NO_GROUP: _("không có nhóm xã"),
        Reason.NO_MEMBER: _("không có xã của nhóm"),
        Reason.NOT_PUBLISHED: _("chưa tính: chưa có bộ tiêu chí trên cổng"),
        Reason.NO_REPORT: _("chưa có báo cáo được duyệt"),
        Reason.NOT_ENTERED: _("chưa có số liệu"),
        Reason.FEW: _("ít hộ, không nêu số"),
        Reason.NO_OTHERS: _("chưa có tổng số hộ"),
        Reason.NOBODY_POOR: _("không có hộ nghèo"),
        Reason.CONFLICT: _("nguồn nêu khác nhau"),
        Reason.PART: _("chưa đủ xã"),
        Reason.NO_MONEY: _("chưa ghi vốn"),
        Reason.NOTHING_TO_SPEND: _("chưa có vốn được chi"),
    }.get(value.reason, "")


def change_text(change: Change | None, unit: str, direction: str) -> tuple[str, str]:
    """A change as read, and how it is taken: "up" good, "down" bad, "same"."""
    if change is None:
        return "", ""
    day = date_vi(change.since)
    if change.amount == 0:
        return _("Không đổi so với %(day)s") % {"day": day}, "same"
    arrow = "▲" if change.amount > 0 else "▼"
    if change.counts_units:
        count = abs(int(change.amount))
        text = ngettext("%(n)s xã", "%(n)s xã", count) % {"n": count}
    else:
        text = amount(unit, abs(change.amount))
    words = {"arrow": arrow, "amount": text, "day": day}
    good = "same" if direction == NEUTRAL else "up" if (change.amount > 0) != (direction == DOWN) else "down"
    return _("%(arrow)s %(amount)s so với %(day)s") % words, good


def target_text(value: MeasureValue) -> tuple[str, str]:
    """The target as read, and the chip's kind: met, part, unmet."""
    if value.target is None:
        return "", ""
    words = {"year": value.target.year, "value": amount(value.unit, value.target.value)}
    if value.status == REACHED:
        return _("Đạt chỉ tiêu %(year)s: %(value)s") % words, "met"
    if value.status == ON_TRACK:
        return _("Chỉ tiêu %(year)s: %(value)s, còn hạn") % words, "part"
    if value.status == BEHIND and value.as_of.year > value.target.year:
        return _("Quá hạn chỉ tiêu %(year)s: %(value)s") % words, "unmet"
    if value.status == BEHIND:
        return _("Chậm so với chỉ tiêu %(year)s: %(value)s") % words, "unmet"
    return _("Chỉ tiêu %(year)s: %(value)s") % words, "none"


def standard_text(value: MeasureValue) -> str:
    """Which poverty standard a figure names: of the register's the text it is from, of a printed one what it says."""
    if value.register is not None:
        return _("theo %(decision)s") % {"decision": value.register.standard.decision}
    return poverty_standard_text(value.poverty_standard)


def printed_beside(value: MeasureValue) -> str:
    """What a source printed of the day for which a register counts, or last before it; "" where nothing was."""
    fact = value.observed
    if value.counted_on is None or fact is None:
        return ""
    if fact.as_of != value.counted_on:
        words = {"day": date_vi(fact.as_of), "figure": amount(value.unit, fact.value) if fact.value is not None else ""}
        return _("số công bố ngày %(day)s: %(figure)s") % words
    if not value.differs:
        return _("trùng số công bố")
    ratio = fact.numerator is not None
    figure = f"{padded(fact.numerator)}/{padded(fact.denominator)}" if ratio else amount(value.unit, fact.value)  # type: ignore[arg-type]
    words = {"figure": figure, "standard": poverty_standard_text(fact.poverty_standard)}
    return _("khác số công bố %(figure)s") % words + (f" ({words['standard']})" if words["standard"] else "")


def poverty_standard_text(code: str) -> str:
    """Which poverty standard a count names."""
    if not code:
        return ""
    if code == "not_stated":
        return _("nguồn không nêu chuẩn nghèo")
    return _("chuẩn nghèo: %(code)s") % {"code": code}
