"""How a household's classification reads: the word, since when, and the reason in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from communes.models import Classification
from communes.models.classifications import Origin
from communes.models.poverty import PovertyStatus, UndeterminedReason
from communes.presenters.households import area_word
from communes.rules.poverty.types import POOR_LINE, UPPER_LINE, StandardSpec
from communes.selectors.household_classes import StandardClass
from mongcai_portal.common.numbers import format_decimal
from mongcai_portal.common.templatetags.portal import date_vi, localname

# Shape and colour of each class; the word stands beside.
_LOOKS = {
    PovertyStatus.POOR: ("chip-unmet", "alert-circle"),
    PovertyStatus.NEAR_POOR: ("chip-part", "alert-triangle"),
    PovertyStatus.NOT_POOR: ("chip-met", "circle-check"),
    PovertyStatus.UNDETERMINED: ("chip-none", "help-circle"),
}


@dataclass(frozen=True, slots=True)
class ClassChip:
    """The class of a household under one standard, in a list."""

    label: str
    look: str
    icon: str
    decree: str
    short: str


@dataclass(frozen=True, slots=True)
class ClassCard:
    """The class of a household under one standard, on its page."""

    name: str
    decree: str
    chip: ClassChip | None
    since: date | None
    counts_for: str
    why: str
    reasons: list[str] = field(repr=False)
    document: str
    unverified: bool
    counts: bool
    earlier: list[tuple[date, str]]


def class_chip(row: Classification) -> ClassChip:
    look, icon = _LOOKS[PovertyStatus(row.status)]
    label = str(PovertyStatus(row.status).label)
    if row.average_living:
        label = _("%(status)s, mức sống trung bình") % {"status": label}
    return ClassChip(label, look, icon, row.standard.decision, short_decree(row.standard.decision))


def short_decree(decision: str) -> str:
    """The number of a decree without its name: 07/2021/NĐ-CP of “Nghị định 07/2021/NĐ-CP”."""
    found = re.search(r"\d+/\d{4}/[\w-]+", decision)
    return found[0] if found else decision


def class_card(one: StandardClass) -> ClassCard:
    """One standard's answer with its reason; without an answer it says so."""
    row = one.answer
    if row is None:
        why = _("Chưa có quyết định hay danh sách nào phân loại hộ này theo chuẩn này.")
        return ClassCard(
            localname(one.standard), one.standard.decision, None, None, "", why, [], "", False, one.counts, []
        )
    why = capfirst(str(UndeterminedReason(row.reason).label)) if row.reason else ""
    return ClassCard(
        name=localname(one.standard),
        decree=one.standard.decision,
        chip=class_chip(row),
        since=row.valid_from,
        counts_for=_counts_for(row),
        why=f"{why}." if why else "",
        reasons=reasons(one, row),
        document=_document(row),
        unverified=row.rests_on_unverified,
        counts=one.counts,
        earlier=[(past.valid_from, str(PovertyStatus(past.status).label)) for past in one.history[1:]],
    )


def _counts_for(row: Classification) -> str:
    if row.round_held is None:
        return _("tính cho năm %(year)s, đợt rà soát không rõ") % {"year": row.effective_year}
    return _("tính cho năm %(year)s, đợt rà soát năm %(held)s") % {"year": row.effective_year, "held": row.round_held}


def _document(row: Classification) -> str:
    told = {"number": row.decision_number, "day": date_vi(row.valid_from), "who": row.decided_by}
    if row.origin == Origin.OPENING_LIST:
        return _("Danh sách đầu kỳ %(number)s ngày %(day)s") % told
    if row.decided_by:
        return _("Quyết định %(number)s ngày %(day)s, %(who)s") % told
    return _("Quyết định %(number)s ngày %(day)s") % told


def reasons(one: StandardClass, row: Classification) -> list[str]:
    """What the answer rests on, sentence by sentence: income, scores, deprivations, and what was open."""
    if row.origin == Origin.OPENING_LIST:
        return [_("Sổ nhận theo danh sách: căn cứ của từng hộ không có trong sổ.")]
    found = _measures(one.spec, row) + _deprived(one, row)
    if row.screened_out:
        found.append(_("Dừng ở bước nhận dạng nhanh."))
    if row.disagrees:
        found.append(_("Thu nhập đã ghi và điểm A cho kết quả khác nhau; kết quả theo điểm trên phiếu."))
    return found


def _measures(spec: StandardSpec, row: Classification) -> list[str]:
    area = area_word(row.area_type or None)
    poor, upper = spec.line(row.area_type, POOR_LINE), spec.line(row.area_type, UPPER_LINE)
    found = []
    if row.income is not None:
        told = {"income": _number(row.income), "area": area, "line": _number(poor.amount) if poor else "–"}
        if poor is None:
            found.append(_("Thu nhập %(income)s đồng/người/tháng; chưa có mức chuẩn khu vực %(area)s.") % told)
        elif row.income <= poor.amount:
            found.append(_("Thu nhập %(income)s đồng/người/tháng, trong mức chuẩn %(line)s (%(area)s).") % told)
        else:
            found.append(_("Thu nhập %(income)s đồng/người/tháng, trên mức chuẩn %(line)s (%(area)s).") % told)
        if upper is not None and poor is not None and row.income > poor.amount:
            told["line"] = _number(upper.amount)
            inside = row.income <= upper.amount
            text = _("Trong mức thứ hai %(line)s.") if inside else _("Trên mức thứ hai %(line)s.")
            found.append(text % told)
    if row.a_score is not None:
        told = {"score": row.a_score, "most": poor.a_most if poor else None, "area": area}
        if told["most"] is None:
            found.append(_("Điểm A %(score)s; chuẩn này không có mức điểm A.") % told)
        elif row.a_score <= told["most"]:
            found.append(_("Điểm A %(score)s, trong mức %(most)s (%(area)s).") % told)
        else:
            found.append(_("Điểm A %(score)s, trên mức %(most)s (%(area)s).") % told)
    if row.b_score is not None:
        least = spec.b_least
        text = _("Điểm B %(score)s, mức thiếu hụt từ %(least)s.") if least else _("Điểm B %(score)s.")
        found.append(text % {"score": row.b_score, "least": least})
    return found


def _deprived(one: StandardClass, row: Classification) -> list[str]:
    found = []
    if row.deprived is not None:
        names = _names(one, row.deprived)
        told = {"n": len(row.deprived), "names": names, "least": one.spec.least}
        if row.deprived:
            found.append(_("Thiếu hụt %(n)s chỉ số (mức từ %(least)s): %(names)s.") % told)
        elif not row.unanswered:
            found.append(_("Không thiếu hụt chỉ số nào."))
    if row.unanswered:
        told = {"n": len(row.unanswered), "names": _names(one, row.unanswered)}
        found.append(_("Chưa trả lời %(n)s chỉ số: %(names)s.") % told)
    return found


def _names(one: StandardClass, codes: list[str]) -> str:
    known = one.deprivations
    return "; ".join(localname(known[code]) if code in known else code for code in codes)


def _number(value: int) -> str:
    return format_decimal(value, (get_language() or "vi").split("-")[0], grouping=True)
