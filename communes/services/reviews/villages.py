"""What happens in the villages: the meeting about the results, and their public posting."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Posting, ReviewRound, VillageMeeting
from communes.rules.reviews.procedure import AGREEMENT, agreed, posting_term
from communes.selectors.reviews.rounds import VillageState, procedure_spec, village_states
from communes.services.reviews.files import Paper, checked_paper, store_paper
from communes.services.reviews.finishing import open_again, void_village
from communes.services.reviews.guard import actor, day_faults, hold, move, plain, round_for, tell, text_faults
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.numbers import format_decimal, percentage
from mongcai_portal.common.special_days import work_calendar
from mongcai_portal.common.workflow import SUBMITTED

_MOST_PEOPLE = 32_767


def record_meeting(
    *,
    by: Any,
    round_id: int,
    village_id: int,
    held_on: date | None,
    chaired_by: str,
    present: int | None,
    agreeing: int | None,
    minutes: File[Any] | None,
    review_again: bool = False,
) -> VillageMeeting:
    """Record the meeting of a village and its minutes (Mẫu 02).

    Where fewer than the procedure's share of those present agree, its households are to be reviewed anew: that is
    stored once `review_again` says that it is meant. Their sheets are opened and the round goes back to its survey;
    other villages keep their meetings.

    Raises:
        ReviewRound.DoesNotExist, Forbidden; Stale: the round is not with the villages; Invalid: `/village` unknown, met
        (it has agreed already); `/held_on` required, in_future, too_early (before the last survey); `/chaired_by`;
        `/present`, `/agreeing` required, beyond_limits; `/agreeing` under_agreement; `/minutes` what is wrong with it.
    """
    round_ = round_for(by=by, round_id=round_id)
    state = _village(round_, village_id)
    faults = day_faults(held_on, "held_on", since=state.last_survey, least=_("Hộ của thôn được rà soát đến"))
    chair = plain(chaired_by)
    faults += text_faults(chair, "chaired_by", most=120, needed=_("Ghi tên người chủ trì."))
    faults += _share_faults(present, agreeing)
    checked = checked_paper(minutes, "minutes", _("Chọn bản quét biên bản họp dân (Mẫu 02)."), faults)
    procedure = procedure_spec(round_.procedure)
    accepted = False
    if present and agreeing is not None and 0 <= agreeing <= present:
        accepted = agreed(procedure, present=present, agreeing=agreeing)
        if not accepted and not review_again:
            share, least = percentage(agreeing, present), procedure.number(AGREEMENT)
            told = {"share": format_decimal(share or 0, "vi"), "least": least}
            message = _(
                "Chỉ %(share)s%% người dự họp đồng ý, dưới %(least)s%%: các hộ của thôn phải được rà soát lại. "
                "Đánh dấu xác nhận để ghi biên bản và mở lại phiếu."
            )
            faults.append(Fault("/agreeing", "under_agreement", message % told))
    if state.meeting is not None:
        faults.append(Fault("/village", "met", _("Thôn này đã có biên bản họp dân đồng ý.")))
    if faults or held_on is None or present is None or agreeing is None or minutes is None or checked is None:
        raise Invalid(faults)
    with transaction.atomic():
        hold(round_, {SUBMITTED}, _("Chỉ ghi biên bản họp dân khi kết quả đã đưa ra họp dân."))
        if VillageMeeting.objects.filter(round=round_, village=village_id, counts=True).exists():
            raise Stale(_("Biên bản họp dân của thôn vừa được ghi ở cửa sổ khác."))
        paper = store_paper(round_, Paper.MINUTES, minutes, checked, by=by, village_id=village_id)
        made = VillageMeeting.objects.create(
            round=round_,
            village_id=village_id,
            held_on=held_on,
            chaired_by=chair,
            present=present,
            agreeing=agreeing,
            agreed=accepted,
            counts=accepted,
            minutes=paper,
            recorded_by=actor(by),
            recorded_at=timezone.now(),
        )
        told = {"on": held_on, "village": state.code, "present": present, "agreeing": agreeing, "agreed": accepted}
        tell(round_, kind=Kind.REVIEW_MET, by=by, sha256=checked.sha256, **told)
        if not accepted:
            _review_again(round_, state, made, by)
    return made


def _review_again(round_: ReviewRound, state: VillageState, meeting: VillageMeeting, by: Any) -> None:
    # As a reason that an officer types: in the language of the register, whatever the reader's is.
    reason = (
        f"Họp dân {state.name} ngày {meeting.held_on:%d/%m/%Y}: "
        f"{meeting.agreeing}/{meeting.present} người dự họp đồng ý."
    )
    move(round_, "send_back", returned_because=reason)
    tell(round_, kind=Kind.REVIEW_RETURNED, by=by, reason=reason)
    rows = round_.reviews.filter(village=state.village_id, finished_at__isnull=False)
    open_again(list(rows.select_related("household", "round__unit")), by=by, reason=reason)
    void_village(round_.pk, state.village_id)


def _village(round_: ReviewRound, village_id: int) -> VillageState:
    for state in village_states(round_, timezone.localdate()):
        if state.village_id == village_id:
            return state
    raise Invalid([Fault("/village", "unknown", _("Đợt rà soát không có hộ nào ở thôn, bản, khu này."))])


def _share_faults(present: int | None, agreeing: int | None) -> list[Fault]:
    faults = []
    if present is None:
        faults.append(Fault("/present", "required", _("Ghi số người dự họp.")))
    elif not 1 <= present <= _MOST_PEOPLE:
        faults.append(Fault("/present", "beyond_limits", _("Số người dự họp phải từ 1 trở lên.")))
    if agreeing is None:
        faults.append(Fault("/agreeing", "required", _("Ghi số người đồng ý.")))
    elif agreeing < 0 or (present is not None and agreeing > present):
        message = _("Số người đồng ý phải từ 0 đến số người dự họp.")
        faults.append(Fault("/agreeing", "beyond_limits", message))
    return faults


def post_results(
    *, by: Any, round_id: int, village_id: int, posted_on: date | None, place: str, second: bool = False
) -> Posting:
    """Record that a village's results hang out; until when follows from the procedure. The same again changes nothing.

    The second posting follows the answer to a complaint; a later one takes the place of an earlier second one.

    Raises:
        ReviewRound.DoesNotExist, Forbidden; Stale; Invalid: `/village` unknown, not_agreed, open_complaints,
        nothing_answered, posted (already); `/posted_on` required, in_future, too_early; `/place` required, too_long.
    """
    round_ = round_for(by=by, round_id=round_id)
    state = _village(round_, village_id)
    where = plain(place)
    stored = next((one for one in state.postings if one.second == second), None)
    if stored is not None and (stored.posted_on, stored.place) == (posted_on, where):
        return stored
    faults = text_faults(where, "place", most=300, needed=_("Ghi nơi niêm yết."))
    if state.meeting is None:
        faults += day_faults(posted_on, "posted_on")
        faults.append(Fault("/village", "not_agreed", _("Thôn chưa có biên bản họp dân đồng ý.")))
    elif second:
        faults += _second_faults(state, posted_on)
    else:
        since = state.meeting.held_on
        faults += day_faults(posted_on, "posted_on", since=since, least=_("Thôn họp dân"))
        if stored is not None:
            faults.append(Fault("/village", "posted", _("Kết quả của thôn đã được niêm yết.")))
    if faults or posted_on is None:
        raise Invalid(faults)
    term = posting_term(procedure_spec(round_.procedure), work_calendar(), posted_on, second=second)
    with transaction.atomic():
        hold(round_, {SUBMITTED}, _("Chỉ niêm yết khi kết quả đã đưa ra họp dân."))
        before = Posting.objects.filter(round=round_, village=village_id, second=second, counts=True)
        if before.exists() and stored is None:
            raise Stale(_("Niêm yết của thôn vừa được ghi ở cửa sổ khác."))
        before.update(counts=False)
        made = Posting.objects.create(
            round=round_,
            village_id=village_id,
            second=second,
            posted_on=posted_on,
            until=term.ends_on,
            place=where,
            recorded_by=actor(by),
            recorded_at=timezone.now(),
        )
        ReviewRound.objects.filter(pk=round_.pk).update(lock=F("lock") + 1)
        told = {"on": posted_on, "until": term.ends_on, "village": state.code, "second": second}
        tell(round_, kind=Kind.REVIEW_POSTED, by=by, **told)
    return made


def open_posting_list(*, by: Any, round_id: int, village_id: int) -> tuple[ReviewRound, VillageState, date]:
    """Return a round, its village whose results may hang out, and the day of the list: when it was posted, or today.

    That the list was opened to be printed is noted.

    Raises:
        ReviewRound.DoesNotExist: outside the person's scope. Forbidden: no right to see households of the unit;
        Invalid: `/village` unknown, not_agreed: nothing is posted before the village's meeting agreed.
    """
    round_ = round_for(by=by, round_id=round_id, permission=Permission.HOUSEHOLDS_VIEW)
    state = _village(round_, village_id)
    if state.meeting is None:
        raise Invalid([Fault("/village", "not_agreed", _("Thôn chưa có biên bản họp dân đồng ý."))])
    day = state.postings[-1].posted_on if state.postings else timezone.localdate()
    tell(round_, kind=Kind.REVIEW_LIST_PRINTED, by=by, village=state.code, on=day)
    return round_, state, day


def _second_faults(state: VillageState, posted_on: date | None) -> list[Fault]:
    facts = state.facts
    if facts.complaints:
        return [Fault("/village", "open_complaints", _("Còn khiếu nại chưa trả lời."))]
    if facts.answered_on is None or facts.first is None:
        return [Fault("/village", "nothing_answered", _("Chưa có khiếu nại nào được trả lời sau lần niêm yết đầu."))]
    faults = day_faults(posted_on, "posted_on", since=facts.answered_on, least=_("Khiếu nại được trả lời"))
    if facts.second is not None and facts.second.posted_on >= facts.answered_on:
        faults.append(Fault("/village", "posted", _("Kết quả của thôn đã được niêm yết lần hai.")))
    return faults
