"""Written refusals of requests: recorded once, and taken back where the sheet that they rest on is opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import HouseholdReview, Refusal
from communes.rules.reviews.requests import granted
from communes.services.reviews.guard import (
    UNDECIDED,
    actor,
    day_faults,
    hold,
    plain,
    review_for,
    tell_review,
    tell_reviews,
    text_faults,
)
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.common.errors import Fault, Invalid


def refuse(*, by: Any, review_id: int, number: str, refused_on: date | None, signer: str, reasons: str) -> Refusal:
    """Record the written answer that refuses a request, with its reasons; the same again changes nothing.

    A request may be refused unsurveyed (then the household is not classified), or because its sheet does not grant it.

    Raises:
        HouseholdReview.DoesNotExist, Forbidden; Stale: decided meanwhile; Invalid: `/review` no_request, granted,
        refused (already); `/number`, `/signer`, `/reasons` required, too_long; `/refused_on` required, in_future,
        too_early (before the request).
    """
    review = review_for(by=by, review_id=review_id, permission=Permission.HOUSEHOLDS_DECIDE)
    words = (plain(number), plain(signer), reasons.strip())
    stored = Refusal.objects.filter(review=review).first()
    if stored is not None and (stored.number, stored.signer, stored.reasons, stored.refused_on) == (*words, refused_on):
        return stored
    faults = text_faults(words[0], "number", most=60, needed=_("Ghi số văn bản."))
    faults += text_faults(words[1], "signer", most=120, needed=_("Ghi người ký."))
    faults += text_faults(words[2], "reasons", most=4000, needed=_("Ghi rõ lý do từ chối."))
    faults += day_faults(refused_on, "refused_on", since=review.requested_on, least=_("Hộ đề nghị"))
    twice = Fault("/review", "refused", _("Giấy đề nghị này đã có văn bản trả lời."))
    if stored is not None:
        faults.append(twice)
    if review.requested_on is None:
        message = _("Hộ này được rà soát vì đang trong danh sách, không có giấy đề nghị để từ chối.")
        faults.append(Fault("/review", "no_request", message))
    elif review.finished_at is not None:
        results = review.results.select_related("standard")
        statuses = {one.standard.code: one.status for one in results}
        average = {one.standard.code: one.average_living for one in results}
        if granted(review.reason, review.before, statuses, average):
            message = _("Kết quả rà soát chấp thuận đề nghị của hộ, không thể từ chối.")
            faults.append(Fault("/review", "granted", message))
    if faults or refused_on is None:
        raise Invalid(faults)
    try:
        with transaction.atomic():
            hold(review.round, UNDECIDED, _("Đợt rà soát đã có quyết định."))
            made = Refusal.objects.create(
                review=review,
                number=words[0],
                signer=words[1],
                reasons=words[2],
                refused_on=refused_on,
                recorded_by=actor(by),
                recorded_at=timezone.now(),
            )
            tell_review(review, kind=Kind.REVIEW_REFUSED, by=by, decision_number=words[0], decided_on=refused_on)
    except IntegrityError:
        raise Invalid([twice]) from None
    return made


def withdraw_refusals(reviews: list[HouseholdReview], *, by: Any) -> None:
    """Take back what was refused by the sheets of these households, in the caller's transaction."""
    refusals = {row.review_id: row for row in Refusal.objects.filter(review__in=[one.pk for one in reviews])}
    Refusal.objects.filter(pk__in=[row.pk for row in refusals.values()]).delete()
    told = {pk: {"decision_number": row.number, "decided_on": row.refused_on} for pk, row in refusals.items()}
    refused = [one for one in reviews if one.pk in refusals]
    tell_reviews(refused, kind=Kind.REVIEW_UNREFUSED, by=by, of_each=told)
