"""One door per round: who may do what to it, in which status, who was first, and what is told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import HouseholdReview, ReviewRound, UnitVersion
from communes.scope import scope_of
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.services import About, record, record_many
from mongcai_portal.audit.services.record import SYSTEM
from mongcai_portal.common.errors import Fault, Forbidden, Stale
from mongcai_portal.common.models import in_force_q
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.text import nfc
from mongcai_portal.common.workflow import APPROVED, MOVES

Status = ReviewRound.Status
# While a round has no decision, its households and papers may be worked on somewhere.
UNDECIDED = frozenset(Status.values) - {APPROVED}


def may_for_unit(by: Any, unit_id: int, permission: str) -> bool:
    """Whether one of the person's roles has the permission itself for the unit (None: the system)."""
    if by is None:
        return True
    units = scope_of(by).units_with(permission)
    return units is None or unit_id in units


def require_unit(by: Any, unit_id: int, permission: str) -> None:
    """Raise Forbidden unless the person may do this for the unit."""
    if not may_for_unit(by, unit_id, permission):
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))


def round_for(*, by: Any, round_id: int, permission: str = Permission.HOUSEHOLDS_REVIEW) -> ReviewRound:
    """Return a round that the person sees and may act on.

    Raises:
        ReviewRound.DoesNotExist: outside the person's scope.
        Forbidden: visible, but not this action.
    """
    rows = ReviewRound.objects.select_related("unit", "procedure", "form")
    found: ReviewRound = (rows if by is None else rows.visible_to(scope_of(by))).get(pk=round_id)
    require_unit(by, found.unit_id, permission)
    return found


def review_for(*, by: Any, review_id: int, permission: str = Permission.HOUSEHOLDS_REVIEW) -> HouseholdReview:
    """Return a household of a round that the person sees and may act on.

    Raises:
        HouseholdReview.DoesNotExist, Forbidden: as `round_for`.
    """
    rows = HouseholdReview.objects.select_related("round__unit", "round__procedure", "round__form", "household")
    found: HouseholdReview = (rows if by is None else rows.visible_to(scope_of(by))).get(pk=review_id)
    require_unit(by, found.round.unit_id, permission)
    return found


def hold(round_: ReviewRound, statuses: Collection[str], refused: str) -> None:
    """Take the round's row until the transaction ends, if it is in one of the statuses.

    Raises:
        Stale: it is in another one (another window was first); the message is `refused` and the present status.
    """
    if ReviewRound.objects.filter(pk=round_.pk, status__in=statuses).update(lock=F("lock")) != 1:
        current = ReviewRound.objects.get(pk=round_.pk)
        now = _("Trạng thái hiện nay của đợt rà soát: %(status)s.") % {"status": current.get_status_display()}
        raise Stale(f"{refused} {now}")


def move(round_: ReviewRound, name: str, *, lock: int | None = None, status: str | None = None, **changes: Any) -> None:
    """Compare-and-swap the round's status for a named move of the common workflow.

    Raises:
        Stale: another window was first (status or lock differs from what this one saw).
    """
    step = MOVES[name]
    rows = ReviewRound.objects.filter(pk=round_.pk, status__in=step.sources)
    if lock is not None:
        rows = rows.filter(lock=lock)
    if rows.update(lock=F("lock") + 1, status=step.target or status, **changes) != 1:
        current = ReviewRound.objects.get(pk=round_.pk)
        raise Stale(
            _("Đợt rà soát đã được xử lý ở cửa sổ khác; trạng thái hiện nay: %(status)s.")
            % {"status": current.get_status_display()}
        )
    round_.refresh_from_db()


# --- Faults ----------------------------------------------------------------------------------------------------------


def day_faults(day: date | None, field: str, *, since: date | None = None, least: str = "") -> list[Fault]:
    """What is wrong with the day of an act: missing, to come, or before what it rests on (`least` names that)."""
    if day is None:
        return [Fault(f"/{field}", "required", _("Ghi ngày."))]
    if day > timezone.localdate():
        return [Fault(f"/{field}", "in_future", _("Ngày này chưa tới."))]
    if since is not None and day < since:
        message = _("%(what)s ngày %(day)s; ngày này không thể sớm hơn.") % {"what": least, "day": date_vi(since)}
        return [Fault(f"/{field}", "too_early", message)]
    return []


def text_faults(text: str, field: str, *, most: int, needed: str) -> list[Fault]:
    """What is wrong with a text: missing (`needed` says what to write), or longer than its column."""
    if not text:
        return [Fault(f"/{field}", "required", needed)]
    if len(text) > most:
        return [Fault(f"/{field}", "too_long", _("Dài quá %(n)s ký tự.") % {"n": most})]
    return []


def actor(by: Any) -> str:
    """Who did it, as it stays readable in rows."""
    return SYSTEM if by is None else str(by)[:200]


def plain(text: str) -> str:
    """A line of text as it is stored."""
    return " ".join(nfc(text).split())


# --- What is told ----------------------------------------------------------------------------------------------------


def round_label(round_: ReviewRound) -> str:
    """How a round is named in the log: its unit's name on the day it was opened, kind and time."""
    names = UnitVersion.objects.filter(in_force_q(round_.opened_on), unit=round_.unit_id)
    unit = next(iter(names.values_list("name_vi", flat=True)[:1]), round_.unit.uid)
    when = f"{round_.month:02d}/{round_.held_in}" if round_.month else str(round_.held_in)
    return f"{unit} · {round_.get_kind_display()} {when}"


def tell(round_: ReviewRound, *, kind: str, by: Any, **details: Any) -> None:
    """Write the audit event of a round, in the caller's transaction."""
    record(
        kind=kind,
        by=by,
        obj_type="review_round",
        obj_id=round_.pk,
        label=round_label(round_),
        unit_uid=round_.unit.uid,
        **details,
    )


def tell_review(review: HouseholdReview, *, kind: str, by: Any, **details: Any) -> None:
    """Write the audit event of a household in a round, as one of the household: its log tells everything of it.

    No answer, score or income stands in it: what changed is told by the names of the fields.
    """
    record(
        kind=kind,
        by=by,
        obj_type="household",
        obj_id=review.household_id,
        label=review.household.code,
        unit_uid=review.round.unit.uid,
        round=round_label(review.round),
        **details,
    )


def tell_reviews(
    reviews: Collection[HouseholdReview],
    *,
    kind: str,
    by: Any,
    of_each: Mapping[int, Mapping[str, Any]] | None = None,
    **details: Any,
) -> None:
    """Write the event for each of many households of one round: two queries; `of_each`: its own details, by review."""
    own = of_each or {}
    if not reviews:
        return
    first = next(iter(reviews))
    label, uid = round_label(first.round), first.round.unit.uid
    record_many(
        kind=kind,
        by=by,
        about=[
            About(
                "household",
                one.household_id,
                one.household.code,
                uid,
                {"round": label, **details, **own.get(one.pk, {})},
            )
            for one in reviews
        ],
    )
