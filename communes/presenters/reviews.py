"""How review rounds read: their names, stages, steps, what comes next and by when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.models import ReviewRound, UnitVersion
from communes.presenters.review_decisions import district_step
from communes.rules.reviews import procedure as rules
from communes.rules.reviews import stages
from communes.rules.reviews.procedure import ProcedureSpec, Window
from communes.selectors.reviews.rounds import DistrictState, VillageState, decidable_from
from mongcai_portal.common.numbers import percentage
from mongcai_portal.common.templatetags.portal import date_vi, localname, percent1
from mongcai_portal.common.workflow import APPROVED, DRAFT, EDITABLE, RETURNED, SUBMITTED, VERIFIED

DONE, NOW, LATER = "done", "now", "later"


def unit_title(version: UnitVersion | None) -> str:
    """A unit as a title: `Xã Hải Sơn`."""
    if version is None:
        return ""
    titles = {"commune": _("Xã %(name)s"), "ward": _("Phường %(name)s"), "special_zone": _("Đặc khu %(name)s")}
    return titles.get(version.kind, "%(name)s") % {"name": localname(version)}


def round_title(round_: ReviewRound) -> str:
    """A round as a title: yearly with its year, monthly with its month."""
    if round_.month:
        return _("Rà soát thường xuyên tháng %(month)s/%(year)s") % {
            "month": f"{round_.month:02d}",
            "year": round_.held_in,
        }
    return _("Rà soát định kỳ năm %(year)s") % {"year": round_.held_in}


STATUS_ICONS = {
    DRAFT: "pencil",
    SUBMITTED: "users",
    RETURNED: "arrow-back-up",
    VERIFIED: "send",
    APPROVED: "circle-check",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A status: its word, shape and colour class."""

    code: str
    icon: str
    label: str


def status_chip(round_: ReviewRound) -> Chip:
    return Chip(round_.status, STATUS_ICONS[round_.status], str(round_.get_status_display()))


def stage_words(stage: str, *, surveying: bool = False) -> str:
    """Where a village stands, in words."""
    if surveying and stage == stages.MEETING:
        return _("đã rà soát xong")
    return {
        stages.SURVEY: _("đang rà soát"),
        stages.MEETING: _("chờ họp dân"),
        stages.POSTING: _("chờ niêm yết"),
        stages.POSTED: _("đang niêm yết"),
        stages.COMPLAINTS: _("chờ trả lời khiếu nại"),
        stages.SECOND_POSTING: _("chờ niêm yết lần hai"),
        stages.SECOND_POSTED: _("đang niêm yết lần hai"),
        stages.READY: _("xong"),
    }[stage]


def due_words(day: date | None, today: date) -> tuple[str, str]:
    """How far a deadline is (it ends at 24:00 of its day), and how pressing: "", "part", "unmet"."""
    if day is None:
        return "", ""
    left = (day - today).days
    if left < 0:
        return ngettext("quá hạn %(n)s ngày", "quá hạn %(n)s ngày", -left) % {"n": -left}, "unmet"
    if left == 0:
        return _("hết hạn lúc 24:00 hôm nay"), "part"
    return ngettext("còn %(n)s ngày", "còn %(n)s ngày", left) % {"n": left}, "part" if left <= 7 else ""


# --- A village -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done next: its words, and where."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class VillageView:
    """A village of a round as its row shows it."""

    state: VillageState
    stage: str
    mark: str
    facts: list[str]
    acts: list[Act]


_MARKS = {stages.READY: "met", stages.COMPLAINTS: "unmet"}


def village_view(round_: ReviewRound, state: VillageState, *, may_act: bool) -> VillageView:
    """Return the row of a village."""
    facts = []
    if state.meeting is not None:
        share = percentage(state.meeting.agreeing, state.meeting.present)
        facts.append(
            _("Họp dân %(day)s: %(agreeing)s/%(present)s người đồng ý (%(share)s)")
            % {
                "day": date_vi(state.meeting.held_on),
                "agreeing": state.meeting.agreeing,
                "present": state.meeting.present,
                "share": percent1(share),
            }
        )
    if state.past_meetings:
        n = state.past_meetings
        facts.append(ngettext("%(n)s lần họp trước", "%(n)s lần họp trước", n) % {"n": n})
    for posting in state.postings:
        words = (
            _("Niêm yết lần hai %(day)s, đến hết %(until)s")
            if posting.second
            else _("Niêm yết %(day)s, đến hết %(until)s")
        )
        facts.append(words % {"day": date_vi(posting.posted_on), "until": date_vi(posting.until)})
    if state.facts.complaints:
        n = state.facts.complaints
        words = ngettext("%(n)s khiếu nại chờ trả lời", "%(n)s khiếu nại chờ trả lời", n) % {"n": n}
        due, _pressing = due_words(state.recheck_due, timezone.localdate())
        facts.append(f"{words}: {due}" if due else words)
    return VillageView(
        state=state,
        stage=stage_words(state.stage, surveying=round_.status in EDITABLE),
        mark=_MARKS.get(state.stage, "part"),
        facts=facts,
        acts=_village_acts(round_, state) if may_act else [],
    )


def _village_acts(round_: ReviewRound, state: VillageState) -> list[Act]:
    to = {"round_id": round_.pk, "village_id": state.village_id}
    if round_.status in EDITABLE and state.stage == stages.SURVEY:
        url = reverse("review_households", args=[round_.pk]) + f"?village={state.village_id}&state=open"
        return [Act(_("Nhập phiếu"), url, "pencil")]
    if round_.status != SUBMITTED:
        return []
    found = {
        stages.MEETING: Act(_("Ghi biên bản họp dân"), reverse("review_meeting", kwargs=to), "users"),
        stages.POSTING: Act(_("Ghi niêm yết"), reverse("review_posting", kwargs=to), "file-text"),
        stages.SECOND_POSTING: Act(_("Ghi niêm yết lần hai"), reverse("review_posting", kwargs=to), "file-text"),
        stages.COMPLAINTS: Act(
            _("Xem khiếu nại"),
            reverse("review_households", args=[round_.pk]) + f"?village={state.village_id}&state=complaint",
            "message",
        ),
    }.get(state.stage)
    return [found] if found else []


# --- The round -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the round: done, now or later; what is to be said of it, and by when it is due."""

    number: int
    name: str
    state: str
    text: str
    unverified: bool = False


def steps_of(
    round_: ReviewRound,
    procedure: ProcedureSpec,
    states: Sequence[VillageState],
    *,
    listed: int,
    district: DistrictState | None,
) -> list[StepView]:
    """Return the steps of a round (QĐ 24/2021), each with where it stands; `district`: None where it is not asked."""
    settled = sum(state.settled for state in states)
    total = sum(state.listed for state in states)
    at = _step_now(round_, states, district)
    met = sum(state.meeting is not None for state in states)
    ready = sum(state.stage == stages.READY for state in states)
    first = decidable_from(states, district)
    decision = getattr(round_, "decision", None)
    told = [
        (_("Lập danh sách hộ"), ngettext("%(n)s hộ", "%(n)s hộ", listed) % {"n": listed}, False),
        (_("Rà soát, phân loại hộ"), _("%(n)s/%(all)s phiếu xong") % {"n": settled, "all": total}, False),
        (
            _("Họp dân thống nhất kết quả"),
            _("%(n)s/%(all)s thôn đồng ý; dưới %(least)s%% số người dự thì rà soát lại")
            % {"n": met, "all": len(states), "least": procedure.number(rules.AGREEMENT)},
            _unsure(procedure, rules.AGREEMENT),
        ),
        (
            _("Niêm yết, giải quyết khiếu nại"),
            _("%(n)s/%(all)s thôn xong; niêm yết %(days)s ngày làm việc, phúc tra trong %(recheck)s ngày làm việc")
            % {
                "n": ready,
                "all": len(states),
                "days": procedure.number(rules.POSTING),
                "recheck": procedure.number(rules.RECHECK),
            },
            _unsure(procedure, rules.POSTING, rules.RECHECK, rules.SECOND_POSTING),
        ),
        (
            _("Trình Chủ tịch UBND xã"),
            _("quyết định sớm nhất từ %(day)s") % {"day": date_vi(first)} if first and not decision else "",
            False,
        ),
        *([district_step(procedure, district, decided=decision is not None)] if district else []),
        (
            _("Quyết định về hộ nghèo, cận nghèo"),
            _("số %(number)s ngày %(day)s") % {"number": decision.number, "day": date_vi(decision.decided_on)}
            if decision
            else "",
            False,
        ),
    ]
    return [
        StepView(n, name, DONE if n < at else NOW if n == at else LATER, text, unsure)
        for n, (name, text, unsure) in enumerate(told, start=1)
    ]


def _unsure(procedure: ProcedureSpec, *codes: str) -> bool:
    return procedure.provenance(*codes) != rules.SOURCED


def _step_now(round_: ReviewRound, states: Sequence[VillageState], district: DistrictState | None) -> int:
    if round_.status == APPROVED:
        return 8
    if round_.status == VERIFIED:
        return 7 if district and district.answered_on else 6
    if round_.status == SUBMITTED:
        if any(state.stage in (stages.SURVEY, stages.MEETING) for state in states):
            return 3
        return 5 if all(state.stage == stages.READY for state in states) else 4
    return 2 if states else 1


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next and by when."""

    title: str
    text: str
    due: date | None
    due_text: str
    pressing: str
    move: str = ""  # the move that a button makes: submit, complete
    url: str = ""
    label: str = ""
    icon: str = ""


def next_of(
    round_: ReviewRound,
    window: Window,
    states: Sequence[VillageState],
    *,
    listed: int,
    today: date,
    district: DistrictState | None,
) -> Next:
    """Return what is to be done next in a round."""
    due = window.last
    words, pressing = due_words(due, today)
    common: dict[str, Any] = {"due": due, "due_text": words, "pressing": pressing}
    if round_.status == APPROVED:
        return Next(_("Đợt đã kết thúc"), _("Kết quả đã ghi vào sổ hộ; giấy chứng nhận in ở từng hộ."), None, "", "")
    if round_.status in EDITABLE:
        left = sum(state.listed - state.settled for state in states)
        if not listed:
            return Next(
                _("Nhận giấy đề nghị của hộ"), _("Đợt chưa có hộ nào."), **common,
                url=reverse("review_request", args=[round_.pk]), label=_("Thêm hộ"), icon="plus",
            )  # fmt: skip
        if left:
            text = ngettext("Còn %(n)s hộ chưa xong phiếu.", "Còn %(n)s hộ chưa xong phiếu.", left) % {"n": left}
            url = reverse("review_households", args=[round_.pk]) + "?state=open"
            return Next(_("Rà soát, nhập phiếu từng hộ"), text, **common, url=url, label=_("Nhập phiếu"), icon="pencil")
        return Next(
            _("Đưa kết quả ra họp dân"), _("Mọi hộ đã có phiếu hoàn thành hoặc văn bản trả lời."), **common,
            move="submit", label=_("Chốt phiếu, đưa ra họp dân"), icon="users",
        )  # fmt: skip
    if round_.status == SUBMITTED:
        waiting = [state for state in states if state.stage != stages.READY]
        if not waiting:
            return Next(
                _("Trình Chủ tịch UBND xã"), _("Mọi thôn đã họp dân, hết hạn niêm yết và không còn khiếu nại."),
                **common, move="complete", label=_("Trình Chủ tịch UBND xã"), icon="send",
            )  # fmt: skip
        return Next(_("Họp dân, niêm yết ở từng thôn"), _waiting_text(waiting), **common)
    if district and not district.report:
        return Next(
            _("Báo cáo, xin ý kiến Chủ tịch UBND cấp huyện"), _("Ghi số, ngày báo cáo đã gửi."), **common,
            url=reverse("review_district", args=[round_.pk]), label=_("Ghi báo cáo cấp huyện"), icon="send",
        )  # fmt: skip
    if district and not district.answered_on:
        words, _pressing = due_words(district.due, today)
        text = _("Hạn trả lời: hết ngày %(day)s (%(left)s).") % {"day": date_vi(district.due), "left": words}
        return Next(
            _("Ghi ý kiến của Chủ tịch UBND cấp huyện"), text, **common,
            url=reverse("review_opinion", args=[round_.pk]), label=_("Ghi ý kiến"), icon="message",
        )  # fmt: skip
    return Next(
        _("Ghi quyết định của Chủ tịch UBND xã"), _("Ghi theo văn bản đã ký, kèm bản quét."), **common,
        url=reverse("review_decision", args=[round_.pk]), label=_("Ghi quyết định"), icon="gavel",
    )  # fmt: skip


def _waiting_text(waiting: Sequence[VillageState]) -> str:
    told = [f"{state.name}: {stage_words(state.stage)}" for state in waiting[:4]]
    if len(waiting) > 4:
        n = len(waiting) - 4
        told.append(ngettext("và %(n)s thôn khác", "và %(n)s thôn khác", n) % {"n": n})
    return "; ".join(told) + "."
