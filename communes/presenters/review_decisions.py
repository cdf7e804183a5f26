"""How decisions of rounds read: whom they are not about, how late they come, and by which area they judge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.models import HouseholdReview, ReviewDecision, ReviewRound, UnitVersion
from communes.models.survey_forms import AreaType
from communes.rules.places import area_type
from communes.rules.reviews.procedure import DISTRICT, SOURCED, ProcedureSpec, Window
from communes.selectors.reviews.rounds import DistrictState
from mongcai_portal.common.templatetags.portal import date_vi


def left_lines(rows: Iterable[HouseholdReview]) -> list[tuple[HouseholdReview, str]]:
    """Households that left the unit, each with why the decision is not about it; `absence` is read with them."""
    return [(one, str(HouseholdReview.FellOut(one.absence).label)) for one in rows]  # type: ignore[attr-defined]


def late_words(decision: ReviewDecision, window: Window) -> str:
    """How late a decision came; "" within the window. Before its end was kept with the decision, the procedure says."""
    due = decision.due_on or window.last
    days = (decision.decided_on - due).days
    if days <= 0:
        return ""
    told = {"n": days, "day": date_vi(due)}
    return ngettext("muộn %(n)s ngày, hạn hết ngày %(day)s", "muộn %(n)s ngày, hạn hết ngày %(day)s", days) % told


def other_area(round_: ReviewRound, now: UnitVersion | None) -> str:
    """That the round goes by the lines of its opening, where the unit has become of another kind; "" otherwise."""
    kind = area_type(now.kind) or "" if now else round_.area_type
    if kind == round_.area_type:
        return ""
    words = {code: str(label) for code, label in AreaType.choices}
    told = {"then": words.get(round_.area_type, _("chưa xác định")), "now": words.get(kind, _("chưa xác định"))}
    return _("Đợt xét theo khu vực của đơn vị vào ngày mở đợt (%(then)s); khu vực của đơn vị nay là %(now)s.") % told


def district_step(procedure: ProcedureSpec, district: DistrictState, *, decided: bool) -> tuple[str, str, bool]:
    """The step of the district: its name, what was sent and came back, and whether its term is unverified.

    A round that was decided before this was recorded says so.
    """
    name, unsure = _("Báo cáo, xin ý kiến Chủ tịch UBND cấp huyện"), procedure.provenance(DISTRICT) != SOURCED
    report = district.report
    if report is None:
        words = _("trả lời trong %(n)s ngày làm việc") % {"n": procedure.number(DISTRICT)}
        return name, _("không ghi trên cổng") if decided else words, unsure
    told = {"sent": report.number, "day": date_vi(report.sent_on), "due": date_vi(district.due)}
    words = _("báo cáo số %(sent)s gửi ngày %(day)s, hạn trả lời: hết ngày %(due)s") % told
    if report.answered_on is None:
        return name, words, unsure
    told = {"number": report.answer_number, "day": date_vi(report.answered_on)}
    return name, "; ".join((words, _("ý kiến số %(number)s ngày %(day)s") % told)), unsure


def decision_page(
    first: date | None, *, due: date, day: date, today: date, left: Sequence[HouseholdReview]
) -> dict[str, Any]:
    """What the form of a decision says: from when on it may be taken, that it is late, and who left by its `day`."""
    ready = _("Niêm yết và khiếu nại đã kết thúc; quyết định sớm nhất từ %(day)s.")
    return {
        "heading": _("Ghi quyết định về hộ nghèo, cận nghèo"),
        "lead": ready % {"day": date_vi(first)} if first else _("Chưa đủ điều kiện quyết định: xem các bước của đợt."),
        "overdue": due if max(day, today) > due else None,
        "left": left_lines(left),
        "left_on": day,
        "action": _("Ghi quyết định"),
        "act_icon": "gavel",
    }
