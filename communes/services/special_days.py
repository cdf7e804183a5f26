"""Keeping the days off by which terms are counted: a day is added or taken away, and running terms move with it.

A term that was told to people is never made shorter: a list hangs until the day that stands on it, a complaint is
answered within the time that was promised. What a new day off lengthens is lengthened, and told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from communes.models import Complaint, Posting
from communes.rules.reviews.procedure import posting_term, recheck_term
from communes.scope import scope_of
from communes.selectors.reviews.rounds import procedure_spec
from communes.services.reviews.guard import actor, plain, round_label, tell, tell_review, text_faults
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Forbidden, Invalid, Stale
from mongcai_portal.common.models import Provenance, SpecialDay, SpecialYear
from mongcai_portal.common.special_days import holiday_names, work_calendar
from mongcai_portal.common.templatetags.portal import date_vi
from mongcai_portal.common.workflow import APPROVED, SUBMITTED
from mongcai_portal.common.working_days import holidays

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 30  # days of one holiday
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class MovedTerm:
    """A term that a change of days off made longer (`kept`: would have made shorter). `what`: posting, recheck."""

    what: str
    round: str
    where: str
    before: date
    after: date
    kept: bool = False


@dataclass(frozen=True, slots=True)
class DayOff:
    """What is entered: a day, or the days until another one; `works`: a day of rest that is worked instead."""

    day: date | None
    until: date | None
    name_vi: str
    name_en: str
    basis: str = ""
    works: bool = False


def add_days_off(*, by: Any, asked: DayOff) -> tuple[MovedTerm, ...]:
    """Enter days off, or days of rest that are worked; return the terms that moved.

    Of a span the days that are no working days anyway are left out.

    Raises:
        Forbidden; Invalid: `/day` required, beyond_limits, year_not_begun (its days by law are to be entered first),
        taken, rests_anyway, works_anyway; `/until` before_day, too_long, other_year; `/name_vi` required, too_long;
        `/name_en`, `/basis` too_long.
    """
    _may(by)
    faults = _span_faults(asked)
    name_vi, name_en, basis = plain(asked.name_vi), plain(asked.name_en), plain(asked.basis)
    faults += text_faults(name_vi, "name_vi", most=120, needed=_("Ghi tên ngày nghỉ."))
    faults += text_faults(name_en, "name_en", most=120, needed="")[:1] if name_en else []
    faults += text_faults(basis, "basis", most=200, needed="")[:1] if basis else []
    days = [] if faults or asked.day is None else _days(asked.day, asked.until or asked.day, works=asked.works)
    if not faults and not days:
        faults.append(_idle(asked.works))
    if days and not _begun(days[0].year):
        message = _("Năm %(year)s chưa có lịch: ghi lịch theo Bộ luật Lao động trước.") % {"year": days[0].year}
        faults.append(Fault("/day", "year_not_begun", message))
    taken = list(SpecialDay.objects.filter(day__in=days).values_list("day", flat=True))
    if taken:
        message = _("Đã ghi rồi: %(days)s.") % {"days": ", ".join(date_vi(day) for day in taken)}
        faults.append(Fault("/day", "taken", message))
    if faults:
        raise Invalid(faults)
    mark = Provenance.SOURCED if basis else Provenance.UNVERIFIED
    try:
        with transaction.atomic():
            _keep(by, days[0].year)
            SpecialDay.objects.bulk_create(
                SpecialDay(
                    day=day, works=asked.works, name_vi=name_vi, name_en=name_en or name_vi, basis=basis,
                    provenance=mark,
                )
                for day in days
            )  # fmt: skip
            moved = _move_terms(by)
            _tell(Kind.DAY_OFF_ADDED, by, days, name_vi, works=asked.works, moved=moved, basis=basis)
    except IntegrityError:
        raise Stale(_("Ngày này vừa được ghi ở cửa sổ khác.")) from None
    return moved


def remove_day_off(*, by: Any, day: date | None) -> tuple[MovedTerm, ...]:
    """Take a day out of the calendar; return the terms that moved (a day worked instead, taken away, is a day off).

    Raises:
        Forbidden; Stale: no such day is entered (any more).
    """
    _may(by)
    with transaction.atomic():
        row = SpecialDay.objects.filter(day=day).first() if day else None
        if row is None or not SpecialDay.objects.filter(pk=row.pk).delete()[0]:
            raise Stale(_("Ngày này không còn trong lịch nghỉ."))
        _keep(by, row.day.year)
        moved = _move_terms(by)
        _tell(Kind.DAY_OFF_REMOVED, by, [row.day], row.name_vi, works=row.works, moved=moved, basis=row.basis)
    return moved


def begin_year(*, by: Any, year: int) -> tuple[MovedTerm, ...]:
    """Enter the days off of a year by the Labour Code, to be put right by its announcement. The same again: nothing.

    Raises:
        Forbidden; Invalid: `/year` beyond_limits.
    """
    _may(by)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid([Fault("/year", "beyond_limits", _limits())])
    if _begun(year):
        return ()
    basis = "Bộ luật Lao động 2019, Điều 112"
    days = {day: code for day, code in holidays(year).items() if day.weekday() < _SATURDAY}
    with transaction.atomic():
        _keep(by, year)
        with override("vi"):
            names_vi = holiday_names()
        with override("en"):
            names_en = holiday_names()
        SpecialDay.objects.bulk_create(
            SpecialDay(
                day=day, name_vi=names_vi[code], name_en=names_en[code], basis=basis, provenance=Provenance.UNVERIFIED
            )
            for day, code in days.items()
        )
        moved = _move_terms(by)
        _tell(Kind.DAY_OFF_ADDED, by, list(days), basis, works=False, moved=moved, basis=basis)
    return moved


def _may(by: Any) -> None:
    if by is not None and Permission.WORKDAYS_EDIT not in scope_of(by).permissions:
        raise Forbidden(_("Tài khoản này không có quyền thực hiện thao tác đó."))


def _limits() -> str:
    return _("Năm phải từ %(first)s đến %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}


def _span_faults(asked: DayOff) -> list[Fault]:
    if asked.day is None:
        return [Fault("/day", "required", _("Ghi ngày."))]
    if not FIRST_YEAR <= asked.day.year <= LAST_YEAR:
        return [Fault("/day", "beyond_limits", _limits())]
    if asked.until is None:
        return []
    if asked.until < asked.day:
        return [Fault("/until", "before_day", _("Ngày cuối không được trước ngày đầu."))]
    if asked.until.year != asked.day.year:
        return [Fault("/until", "other_year", _("Ngày cuối phải cùng năm với ngày đầu; năm sau ghi riêng."))]
    if (asked.until - asked.day).days >= LONGEST:
        return [Fault("/until", "too_long", _("Một dịp nghỉ dài nhất %(n)s ngày.") % {"n": LONGEST})]
    return []


def _days(first: date, last: date, *, works: bool) -> list[date]:
    """The days of a span that the entry changes: working days become days off, days of rest are worked."""
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in span if (day.weekday() >= _SATURDAY) == works]


def _idle(works: bool) -> Fault:
    if works:
        return Fault("/day", "works_anyway", _("Ngày này vốn là ngày làm việc."))
    return Fault("/day", "rests_anyway", _("Thứ Bảy, Chủ nhật vốn là ngày nghỉ."))


def _begun(year: int) -> bool:
    return SpecialDay.objects.filter(day__year=year).exists() or SpecialYear.objects.filter(year=year).exists()


def _keep(by: Any, year: int) -> None:
    """Say that people keep the year from now on."""
    SpecialYear.objects.get_or_create(year=year, defaults={"kept_by": actor(by), "kept_at": timezone.now()})


def _tell(
    kind: str, by: Any, days: list[date], name: str, *, works: bool, moved: tuple[MovedTerm, ...], basis: str
) -> None:
    record(
        kind=kind, by=by, obj_type="special_day", obj_id=days[0].isoformat(), label=name, on=days[0], until=days[-1],
        works=works, source=basis, moved=sum(not one.kept for one in moved),
    )  # fmt: skip


def _move_terms(by: Any) -> tuple[MovedTerm, ...]:
    """Count the running terms anew by the calendar as it is now, lengthen what became longer, and tell each of it."""
    calendar, today = work_calendar(), timezone.localdate()
    found = []
    postings = Posting.objects.filter(counts=True, until__gte=today, round__status=SUBMITTED)
    for posting in postings.select_related("round__unit", "round__procedure", "village"):
        procedure = procedure_spec(posting.round.procedure)
        after = posting_term(procedure, calendar, posting.posted_on, second=posting.second).ends_on
        found.append(("posting", posting.round, posting.village.code, posting.until, after))
        if after > posting.until:
            Posting.objects.filter(pk=posting.pk).update(until=after)
            told = {"village": posting.village.code, "before": posting.until, "after": after}
            tell(posting.round, kind=Kind.REVIEW_TERM_MOVED, by=by, second=posting.second, **told)
    complaints = Complaint.objects.filter(answered_on__isnull=True, due_on__gte=today)
    for complaint in complaints.exclude(review__round__status=APPROVED).select_related(
        "review__round__unit", "review__round__procedure", "review__household"
    ):
        review = complaint.review
        after = recheck_term(procedure_spec(review.round.procedure), calendar, complaint.received_on).ends_on
        found.append(("recheck", review.round, review.household.code, complaint.due_on, after))
        if after > complaint.due_on:
            Complaint.objects.filter(pk=complaint.pk).update(due_on=after)
            tell_review(review, kind=Kind.REVIEW_TERM_MOVED, by=by, before=complaint.due_on, after=after)
    return tuple(
        MovedTerm(what, round_label(round_), where, before, after, kept=after < before)
        for what, round_, where, before, after in found
        if before != after
    )
