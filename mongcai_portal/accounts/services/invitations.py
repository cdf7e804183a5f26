"""The letter with a link by which someone sets a password: for a new account, or instead of a forgotten one."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import override

from mongcai_portal.accounts.models import User
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.audit.services import record
from mongcai_portal.common.mail import link, send_letter, why_not

log = logging.getLogger(__name__)

FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Letter:
    """Whether a letter left; if not, why: `no_address`, `reserved_domain` or `failed`."""

    sent: bool
    reason: str = ""


def allow_reset_letter(*, user: User) -> bool:
    """Note that someone asked for a link for this account; return whether a letter may go out.

    Anyone can ask for anyone: more than `RESET_LETTERS_AN_HOUR` would fill the person's mail.
    """
    since = timezone.now() - timedelta(hours=1)
    asked = AuditEvent.objects.filter(
        kind=Kind.PASSWORD_LINK_ASKED, object_type="user", object_id=str(user.pk), at__gt=since
    )
    if asked.count() >= settings.RESET_LETTERS_AN_HOUR:
        return False
    record(kind=Kind.PASSWORD_LINK_ASKED, by=None, obj_type="user", obj_id=user.pk, label=user.username)
    return True


def mail_password_link(*, user: User, by: User | None) -> Letter:
    """Send the link (once, for 24 hours) in the person's language; only a letter that left leaves an event.

    Call it outside a transaction: the letter cannot be taken back.
    """
    reason = why_not(user.email)
    if reason:
        return Letter(False, reason)
    path = reverse(
        "password_reset_confirm",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )
    with override(user.language):
        context = {"user": user, "url": link(path), "login": link(reverse("login"))}
        subject = render_to_string("accounts/mail/invitation_subject.txt", context)
        body = render_to_string("accounts/mail/invitation.txt", context)
    try:
        send_letter(to=user.email, subject=subject, body=body)
    except Exception as error:  # any fault of the mail server: the administrator is told and chooses another way
        # Not the error itself: it may name the recipient.
        log.warning("The letter with a password link could not be sent: %s", type(error).__name__)
        return Letter(False, FAILED)
    record(kind=Kind.PASSWORD_LINK_SENT, by=by, obj_type="user", obj_id=user.pk, label=user.username, email=user.email)
    return Letter(True)
