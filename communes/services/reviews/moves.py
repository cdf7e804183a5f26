"""The round itself: its results go to the villages, to the chairman, or back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communes.models import DistrictReport, ReviewRound
from communes.rules.reviews.stages import COMPLAINTS, MEETING, POSTED, POSTING, READY, SECOND_POSTED, SECOND_POSTING
from communes.selectors.reviews.rounds import VillageState, village_states
from communes.services.reviews.guard import move, round_for, tell
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.workflow import VERIFIED


def submit_round(*, by: Any, round_id: int, lock: int | None = None) -> ReviewRound:
    """Take the results to the villages: every household has a finished sheet, a written refusal, or left the register.

    Raises:
        ReviewRound.DoesNotExist, Forbidden; Stale; Invalid: `/households` required (none listed), unfinished.
    """
    round_ = round_for(by=by, round_id=round_id)
    with transaction.atomic():
        move(round_, "submit", lock=lock, returned_because="")
        # Under the round's row no sheet is opened or finished any more: what is counted here stays so.
        total = round_.reviews.count()
        open_sheets = round_.reviews.with_presence(timezone.localdate()).filter(present=True, finished_at__isnull=True)
        unfinished = open_sheets.filter(refusal__isnull=True).count()
        if not total:
            raise Invalid([Fault("/households", "required", _("Đợt chưa có hộ nào để rà soát."))])
        if unfinished:
            message = ngettext("Còn %(n)s hộ chưa hoàn thành phiếu.", "Còn %(n)s hộ chưa hoàn thành phiếu.", unfinished)
            raise Invalid([Fault("/households", "unfinished", message % {"n": unfinished})])
        tell(round_, kind=Kind.REVIEW_SUBMITTED, by=by, households=total)
    return round_


def complete_round(*, by: Any, round_id: int, lock: int | None = None) -> ReviewRound:
    """Hand the results to the chairman: every village agreed, the postings are over and complaints answered.

    Raises:
        ReviewRound.DoesNotExist, Forbidden; Stale; Invalid: `/villages/<code>` with the stage it is in.
    """
    round_ = round_for(by=by, round_id=round_id)
    with transaction.atomic():
        move(round_, "verify", lock=lock, status=VERIFIED)
        today = timezone.localdate()
        states = village_states(round_, today)
        faults = village_faults(states)
        if faults:
            raise Invalid(faults)
        tell(round_, kind=Kind.REVIEW_COMPLETED, by=by, villages=len(states))
    return round_


def village_faults(states: list[VillageState]) -> list[Fault]:
    """Return what is before a decision, village by village."""
    words = {
        MEETING: _("%(village)s: chưa có biên bản họp dân đồng ý."),
        POSTING: _("%(village)s: chưa niêm yết."),
        POSTED: _("%(village)s: niêm yết đến hết ngày %(day)s."),
        COMPLAINTS: _("%(village)s: còn khiếu nại chưa trả lời."),
        SECOND_POSTING: _("%(village)s: chưa niêm yết lần hai sau khi trả lời khiếu nại."),
        SECOND_POSTED: _("%(village)s: niêm yết lần hai đến hết ngày %(day)s."),
    }
    faults = []
    for state in states:
        if state.stage == READY:
            continue
        hung = state.facts.second or state.facts.first
        told = {"village": state.name, "day": date_vi(hung.until) if hung else ""}
        message = words.get(state.stage, _("%(village)s: còn phiếu chưa hoàn thành.")) % told
        faults.append(Fault(f"/villages/{state.code}", state.stage, message))
    return faults


def return_round(*, by: Any, round_id: int, reason: str, lock: int | None = None) -> ReviewRound:
    """Send a round back to its survey before it is decided; meetings stand where no sheet is opened again.

    What the district was told is void: the result goes to it anew.

    Raises:
        ReviewRound.DoesNotExist, Forbidden; Stale; Invalid: `/reason` required.
    """
    round_ = round_for(by=by, round_id=round_id)
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", _("Ghi lý do trả lại."))])
    with transaction.atomic():
        move(round_, "send_back", lock=lock, returned_because=reason.strip())
        DistrictReport.objects.filter(round=round_, counts=True).update(counts=False)
        tell(round_, kind=Kind.REVIEW_RETURNED, by=by, reason=reason.strip())
    return round_
