"""Complaints about a household's result: received while it hangs out or after, re-checked, and answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Complaint, Posting, Refusal
from communes.rules.reviews.procedure import recheck_term
from communes.scope import scope_of
from communes.selectors.reviews.rounds import procedure_spec
from communes.services.reviews.guard import actor, day_faults, hold, require_unit, review_for, tell_review
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid, Stale
from mongcai_portal.common.special_days import work_calendar
from mongcai_portal.common.workflow import SUBMITTED

MOST_TEXT = 2000


def record_complaint(*, by: Any, review_id: int, received_on: date | None, text: str) -> Complaint:
    """Record a complaint about a household's result; it is to be re-checked by its `due_on`.

    Raises:
        HouseholdReview.DoesNotExist, Forbidden; Stale: the round is not with the villages; Invalid: `/received_on`
        required, in_future, too_early (before the posting); `/text` required, too_long; `/review` not_posted, open
        (another complaint about it waits).
    """
    review = review_for(by=by, review_id=review_id)
    said = text.strip()
    posting = Posting.objects.filter(
        round=review.round_id, village=review.village_id, second=False, counts=True
    ).first()
    since = posting.posted_on if posting else None
    faults = day_faults(received_on, "received_on", since=since, least=_("Kết quả được niêm yết"))
    faults += _text_faults(said, "text", _("Ghi nội dung khiếu nại."))
    if posting is None:
        faults.append(Fault("/review", "not_posted", _("Kết quả của thôn chưa được niêm yết.")))
    waiting = Fault("/review", "open", _("Hộ này còn khiếu nại chưa trả lời."))
    if review.complaints.filter(answered_on__isnull=True).exists():
        faults.append(waiting)
    if faults or received_on is None:
        raise Invalid(faults)
    due = recheck_term(procedure_spec(review.round.procedure), work_calendar(), received_on)
    try:
        with transaction.atomic():
            hold(review.round, {SUBMITTED}, _("Chỉ nhận khiếu nại khi kết quả đang niêm yết."))
            made = Complaint.objects.create(
                review=review,
                received_on=received_on,
                due_on=due.ends_on,
                text=said,
                recorded_by=actor(by),
                recorded_at=timezone.now(),
            )
            tell_review(review, kind=Kind.REVIEW_COMPLAINED, by=by, on=received_on, due_on=due.ends_on)
    except IntegrityError:
        raise Invalid([waiting]) from None
    return made


def answer_complaint(*, by: Any, complaint_id: int, answered_on: date | None, outcome: str, answer: str) -> Complaint:
    """Answer a complaint after the household was re-checked; the same again changes nothing.

    Raises:
        Complaint.DoesNotExist, Forbidden; Stale; Invalid: `/answered_on` required, in_future, too_early; `/outcome`
        required; `/answer` required, too_long; `/review` unfinished (its sheet was opened for the re-check; a request
        that was refused unsurveyed has none, and the refusal may stand).
    """
    rows = Complaint.objects.select_related("review__round__unit", "review__household")
    if by is not None:
        units = scope_of(by).units_with(Permission.HOUSEHOLDS_VIEW)
        rows = rows if units is None else rows.filter(review__round__unit__in=units)
    row: Complaint = rows.get(pk=complaint_id)
    require_unit(by, row.review.round.unit_id, Permission.HOUSEHOLDS_REVIEW)
    said = answer.strip()
    if (row.answered_on, row.outcome, row.answer) == (answered_on, outcome, said):
        return row
    faults = day_faults(answered_on, "answered_on", since=row.received_on, least=_("Khiếu nại được nhận"))
    if outcome not in Complaint.Outcome.values:
        faults.append(Fault("/outcome", "required", _("Chọn kết quả phúc tra.")))
    faults += _text_faults(said, "answer", _("Ghi nội dung trả lời."))
    refusal_stands = outcome == Complaint.Outcome.KEPT and Refusal.objects.filter(review=row.review_id).exists()
    if row.review.finished_at is None and not refusal_stands:
        faults.append(Fault("/review", "unfinished", _("Phiếu của hộ đang mở: hãy hoàn thành phiếu trước.")))
    if faults:
        raise Invalid(faults)
    with transaction.atomic():
        hold(row.review.round, {SUBMITTED}, _("Chỉ trả lời khiếu nại khi kết quả đang niêm yết."))
        done = Complaint.objects.filter(pk=row.pk, answered_on__isnull=True).update(
            answered_on=answered_on, outcome=outcome, answer=said
        )
        if not done:
            raise Stale(_("Khiếu nại này đã được trả lời ở cửa sổ khác."))
        tell_review(row.review, kind=Kind.REVIEW_ANSWERED, by=by, on=answered_on, outcome=outcome)
    row.refresh_from_db()
    return row


def _text_faults(text: str, field: str, needed: str) -> list[Fault]:
    if not text:
        return [Fault(f"/{field}", "required", needed)]
    if len(text) > MOST_TEXT:
        return [Fault(f"/{field}", "too_long", _("Dài quá %(n)s ký tự.") % {"n": MOST_TEXT})]
    return []
