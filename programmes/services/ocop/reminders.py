"""Reminding of certificates that end: on the page, and by a letter to each person about all of theirs."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import About, record, record_many
from mongcai_portal.common import heartbeats
from mongcai_portal.common.mail import link, send_letter, why_not
from programmes.models import OcopNotice
from programmes.selectors.ocop_notices import Ending, endings, own_notices

log = logging.getLogger(__name__)

TASK = "programmes.tasks.send_ocop_letters"
# A worker that died with a letter in its hand loses it to the next run after this; doubled after each failure.
FIRST_PAUSE = timedelta(minutes=5)
TRIES = 6
NOT_NEEDED = "not_needed"


def remind_expiring(*, day: date | None = None) -> int:
    """Remind of every certificate whose turn has come; return how many reminders were made. Again makes none."""
    today = day or timezone.localdate()
    found = [one for one in endings(today) if one.people]
    moment = timezone.now()
    with transaction.atomic():
        there = set(
            OcopNotice.objects.filter(recognition__in=[one.recognition.pk for one in found]).values_list(
                "recognition_id", "recipient_id", "turn"
            )
        )
        new = [
            OcopNotice(recognition=one.recognition, recipient=person, turn=one.turn, created_at=moment)
            for one in found
            for person in one.people
            if (one.recognition.pk, person.pk, one.turn) not in there
        ]
        # Another worker may store the same ones at this moment: one of us does.
        OcopNotice.objects.bulk_create(new, ignore_conflicts=True)
        reminded = {row.recognition_id for row in new}
        _tell([one for one in found if one.recognition.pk in reminded])
    return len(new)


def _tell(found: Sequence[Ending]) -> None:
    if not found:
        return
    record_many(
        kind=Kind.OCOP_REMINDED,
        by=None,
        about=[
            About(
                "ocop_product",
                one.recognition.product_id,
                one.recognition.product.name,
                one.recognition.product.unit.uid,
                {"turn": one.turn, "last_day": one.recognition.last_day.isoformat()},
            )
            for one in found
        ],
    )


def dismiss(*, by: Any, notice_id: int) -> None:
    """Put a reminder of one's own aside, with the earlier ones about the same certificate; again changes nothing.

    Raises:
        OcopNotice.DoesNotExist: there is none of this number for the person.
    """
    row = OcopNotice.objects.select_related("recognition__product__unit").get(pk=notice_id, recipient=by)
    with transaction.atomic():
        changed = OcopNotice.objects.filter(
            recipient=by, recognition=row.recognition_id, turn__gte=row.turn, dismissed_at__isnull=True
        ).update(dismissed_at=timezone.now())
        if changed:
            product = row.recognition.product
            record(
                kind=Kind.OCOP_NOTICE_DISMISSED,
                by=by,
                obj_type="ocop_product",
                obj_id=product.pk,
                label=product.name,
                unit_uid=product.unit.uid,
            )


# --- Letters ---------------------------------------------------------------------------------------------------------


def send_letters() -> int:
    """Send the letters that wait; return how many were sent. One that fails is kept with its error and tried again."""
    moment = timezone.now()
    waiting = OcopNotice.objects.filter(
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=moment), mail=OcopNotice.Mail.WAITING
    ).select_related("recipient", "recognition__product")
    letters: dict[int, list[OcopNotice]] = defaultdict(list)
    for row in waiting.order_by("pk"):
        if _claimed(row):
            letters[row.recipient_id].append(row)
    return sum(_send(rows) for rows in letters.values())


def _claimed(row: OcopNotice) -> bool:
    """Take a letter before it is sent: of two workers one gets it, and the other's turn comes when it was not sent."""
    pause = FIRST_PAUSE * 2**row.attempts
    taken = OcopNotice.objects.filter(pk=row.pk, attempts=row.attempts, mail=OcopNotice.Mail.WAITING).update(
        attempts=F("attempts") + 1, next_try_at=timezone.now() + pause
    )
    row.attempts += 1
    return bool(taken)


def _send(rows: Sequence[OcopNotice]) -> int:
    heartbeats.beat(heartbeats.MAIL)  # many letters keep the worker from the messages that ask for its sign
    person = rows[0].recipient
    needed = {row.pk for row in own_notices(person, timezone.localdate())}
    wanted = [row for row in rows if row.pk in needed]
    _close([row for row in rows if row.pk not in needed], OcopNotice.Mail.SKIPPED, NOT_NEEDED)
    if not wanted:
        return 0
    reason = why_not(person.email)
    if reason:
        _close(wanted, OcopNotice.Mail.SKIPPED, reason)
        return 0
    try:
        with override(person.language):
            send_letter(to=person.email, **_letter(wanted))
    except Exception as error:  # any fault of the mail server: the row is tried again
        # Not the error itself: it may name the recipient.
        log.warning("A reminder could not be sent: %s", type(error).__name__)
        text = f"{type(error).__name__}: {error}"[:500]
        _close([row for row in wanted if row.attempts >= TRIES], OcopNotice.Mail.FAILED, text)
        left = [row.pk for row in wanted if row.attempts < TRIES]
        OcopNotice.objects.filter(pk__in=left).update(error=text)
        return 0
    _close(wanted, OcopNotice.Mail.SENT, "")
    return 1


def _letter(rows: Sequence[OcopNotice]) -> dict[str, str]:
    lines = [
        {
            "name": row.recognition.product.name,
            "stars": row.recognition.stars,
            "last_day": row.recognition.last_day,
            "ended": row.turn == 0,
            "url": link(reverse("ocop_product", args=[row.recognition.product_id])),
        }
        for row in sorted(rows, key=lambda row: (row.recognition.expires_on, row.pk))
    ]
    context = {"lines": lines, "url": link(reverse("ocop_list"))}
    return {
        "subject": render_to_string("programmes/mail/ocop_reminder_subject.txt", context).strip(),
        "body": render_to_string("programmes/mail/ocop_reminder.txt", context),
    }


def _close(rows: Sequence[OcopNotice], mail: str, error: str) -> None:
    if rows:
        sent = timezone.now() if mail == OcopNotice.Mail.SENT else None
        OcopNotice.objects.filter(pk__in=[row.pk for row in rows], mail=OcopNotice.Mail.WAITING).update(
            mail=mail, error=error, sent_at=sent, next_try_at=None
        )
