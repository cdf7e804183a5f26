"""Reminding of reports that are not submitted: by the coordinator, by the day, and the letters themselves."""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from communes.models import Unit
from communes.scope import scope_of
from communes.selectors.directory import names_on
from indicators.models import Period, Reminder
from indicators.rules.reminding import OVERDUE, is_turn, kind_on
from indicators.selectors.layout import Name
from indicators.selectors.reminders import ToRemind, names_of, still_open, to_remind
from indicators.services.guard import require
from mongcai_portal.accounts.models import User
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common import heartbeats, letters
from mongcai_portal.common.errors import Fault, Invalid, step
from mongcai_portal.common.mail import link, send_letter, why_not
from mongcai_portal.common.templatetags.portal import localname

log = logging.getLogger(__name__)

TASK = "indicators.tasks.send_reminders"
# A worker that died with a letter in its hand loses it to the next run after this; a letter takes at most 15 s.
LEASE = timedelta(minutes=5)
TRIES = 6
FIRST_PAUSE = timedelta(minutes=5)  # doubled after each failure: six tries within three hours
NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Reminded:
    """What reminding came to, as names of units."""

    reminded: tuple[Name, ...]
    already: tuple[Name, ...]
    without_officer: tuple[Name, ...]


def remind(*, by: Any, period: Period, units: Iterable[str], day: date | None = None) -> Reminded:
    """Remind the officers of these units (uids) of the period's report, today, whatever day of the plan it is.

    Who was reminded of it today already is not reminded again.

    Raises:
        Forbidden; Invalid: no unit chosen, a unit out of scope, or one whose report is not waiting for it. Every unit
        at fault is named and nobody is reminded.
    """
    scope = scope_of(by)
    require(scope, "reports.remind")
    wanted = list(dict.fromkeys(units))
    waiting = {one.report.unit.uid: one for one in to_remind([period], scope=scope)}
    faults = [] if wanted else [Fault("/units", "required", _("Chọn ít nhất một xã."))]
    wrong = [uid for uid in wanted if uid not in waiting]
    if wrong:
        faults += _unit_faults(wrong, period, scope)
    if faults:
        raise Invalid(faults)
    return _remind([waiting[uid] for uid in wanted], by=by, day=day or timezone.localdate())


def remind_due(*, day: date | None = None) -> int:
    """Remind of every deadline whose turn is today; return how many reminders were made. Again makes none."""
    today = day or timezone.localdate()
    periods = [period for period in Period.objects.all() if is_turn(period.due_on, today)]
    if not periods:
        return 0
    before = Reminder.objects.filter(day=today).count()
    found: dict[int, list[ToRemind]] = defaultdict(list)
    for one in to_remind(periods):
        found[one.report.period_id].append(one)
    for rows in found.values():
        _remind(rows, by=None, day=today)
    return Reminder.objects.filter(day=today).count() - before


def _remind(rows: Sequence[ToRemind], *, by: Any, day: date) -> Reminded:
    """Store the reminders of one period, in sets, with one event; the letters go out after the commit."""
    period = rows[0].report.period
    kind = kind_on(period.due_on, day)
    moment = timezone.now()
    with transaction.atomic():
        there = set(Reminder.objects.filter(period=period, day=day, kind=kind).values_list("unit_id", "recipient_id"))
        new = [
            Reminder(
                period=period,
                unit_id=one.unit_id,
                recipient=officer,
                kind=kind,
                day=day,
                asked_by="" if by is None else str(by),
                created_at=moment,
                address=officer.email,
            )
            for one in rows
            for officer in one.officers
            if (one.unit_id, officer.pk) not in there
        ]
        # Another window or worker may store the same ones at this moment: one of us does.
        Reminder.objects.bulk_create(new, ignore_conflicts=True)
        reminded = {row.unit_id for row in new}
        if new:
            record(
                kind=Kind.PERIOD_REMINDED,
                by=by,
                obj_type="period",
                obj_id=period.pk,
                label=period.code,
                reminder=kind,
                units=[one.report.unit.uid for one in rows if one.unit_id in reminded],
            )
            transaction.on_commit(wake)
    return Reminded(
        tuple(one.name for one in rows if one.unit_id in reminded),
        tuple(one.name for one in rows if one.officers and one.unit_id not in reminded),
        tuple(one.name for one in rows if not one.officers),
    )


def wake() -> None:
    """Tell a worker at once that letters wait."""
    letters.wake(TASK)


def _unit_faults(uids: Sequence[str], period: Period, scope: Any) -> list[Fault]:
    seen = {unit.uid: unit.pk for unit in Unit.objects.visible_to(scope).filter(uid__in=uids)}
    names = names_on(period.ends_on, seen.values())
    faults = []
    for uid in uids:
        if uid in seen:
            message = _("“%(unit)s” không có báo cáo nào đang chờ xã nộp cho kỳ này.")
            fault = Fault(f"/units{step(uid)}", "not_waiting", message % {"unit": localname(names[seen[uid]])})
        else:
            message = _("“%(unit)s” không phải là đơn vị trong phạm vi của tài khoản.")
            fault = Fault(f"/units{step(uid)}", "unknown", message % {"unit": uid})
        faults.append(fault)
    return faults


def dismiss(*, by: Any, reminder_id: int) -> None:
    """Put a reminder of one's own aside, with the older ones about the same report; again changes nothing.

    Raises:
        Reminder.DoesNotExist: there is none of this number for the person.
    """
    row = Reminder.objects.select_related("period", "unit").get(pk=reminder_id, recipient=by)
    with transaction.atomic():
        changed = Reminder.objects.filter(
            recipient=by, period=row.period_id, unit=row.unit_id, day__lte=row.day, dismissed_at__isnull=True
        ).update(dismissed_at=timezone.now())
        if changed:
            record(
                kind=Kind.REMINDER_DISMISSED,
                by=by,
                obj_type="reminder",
                obj_id=row.pk,
                label=row.period.code,
                unit_uid=row.unit.uid,
            )


# --- Letters -----------------------------------------------------------------------------------------------------


def send_waiting() -> int:
    """Take the letters that wait and that nobody holds, and send them; return how many were sent.

    A person gets one letter about all reports. Two workers never hold the same letter, however long the letters before
    it took; a failure is kept with its error and tried again later.
    """
    token, moment = uuid.uuid4().hex, timezone.now()
    free = Reminder.objects.filter(
        Q(taken_at__isnull=True) | Q(taken_at__lt=moment - LEASE),
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=moment),
        mail=Reminder.Mail.WAITING,
    )
    if not free.exists():
        return 0
    free.update(taken_at=moment, taken_by=token, attempts=F("attempts") + 1)
    taken = list(
        Reminder.objects.filter(taken_by=token, mail=Reminder.Mail.WAITING)
        .select_related("period", "recipient")
        .order_by("period__due_on", "pk")
    )
    needed = still_open((row.unit_id, row.period_id) for row in taken)
    names = names_of(timezone.localdate(), [row.unit_id for row in taken])
    by_person: dict[tuple[int, str], list[Reminder]] = defaultdict(list)
    for row in taken:
        if (row.unit_id, row.period_id) in needed:
            by_person[row.recipient_id, row.address].append(row)
    _close([row for row in taken if (row.unit_id, row.period_id) not in needed], Reminder.Mail.SKIPPED, NOT_NEEDED)
    return sum(_send(rows, names) for rows in by_person.values())


def _send(rows: Sequence[Reminder], names: dict[int, Name]) -> int:
    """Send one person's letter and write down what came of it; what another worker took meanwhile is left to it."""
    heartbeats.beat(heartbeats.MAIL)  # many letters keep the worker from the messages that ask for its sign
    rows = _still_held(rows)
    if not rows:
        return 0
    person, address = rows[0].recipient, rows[0].address
    reason = why_not(address)
    if reason:
        _close(rows, Reminder.Mail.SKIPPED, reason)
        return 0
    try:
        with override(person.language):
            send_letter(to=address, **_letter(person, rows, names))
    except Exception as error:  # any fault of the mail server: the row is tried again
        # Not the error itself: it may name the recipient.
        log.warning("A reminder could not be sent: %s", type(error).__name__)
        _put_off(rows, f"{type(error).__name__}: {error}"[:500])
        return 0
    _close(rows, Reminder.Mail.SENT, "")
    return 1


def _still_held(rows: Sequence[Reminder]) -> list[Reminder]:
    """Begin the lease of these rows anew, and return those still ours: the letters before it may have been slow."""
    if not rows:
        return []
    held = _ours(rows).filter(mail=Reminder.Mail.WAITING)
    if held.update(taken_at=timezone.now()) == len(rows):
        return list(rows)
    kept = set(held.values_list("pk", flat=True))
    return [row for row in rows if row.pk in kept]


def _ours(rows: Sequence[Reminder]) -> QuerySet[Reminder]:
    """The rows, as long as nobody else took them: all were taken together."""
    return Reminder.objects.filter(pk__in=[row.pk for row in rows], taken_by=rows[0].taken_by)


def _letter(person: User, rows: Sequence[Reminder], names: dict[int, Name]) -> dict[str, str]:
    lines = [
        {
            "unit": localname(names[row.unit_id]),
            "period": row.period.code,
            "due_on": row.period.due_on,
            "overdue": row.kind == OVERDUE,
        }
        for row in rows
    ]
    context = {"person": person, "lines": lines, "url": link(reverse("report_list"))}
    return {
        "subject": render_to_string("indicators/mail/reminder_subject.txt", context),
        "body": render_to_string("indicators/mail/reminder.txt", context),
    }


def _close(rows: Sequence[Reminder], mail: str, error: str) -> None:
    if rows:
        sent = timezone.now() if mail == Reminder.Mail.SENT else None
        _ours(rows).update(mail=mail, error=error, sent_at=sent, next_try_at=None)


def _put_off(rows: Sequence[Reminder], error: str) -> None:
    """Let the letter wait for its next try, or give it up after the last."""
    for row in rows:
        last = row.attempts >= TRIES
        _ours([row]).update(
            mail=Reminder.Mail.FAILED if last else Reminder.Mail.WAITING,
            error=error,
            taken_at=None,
            taken_by="",
            next_try_at=None if last else timezone.now() + FIRST_PAUSE * 2 ** (row.attempts - 1),
        )
